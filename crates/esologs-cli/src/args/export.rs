//! `esologs export`.

use std::path::PathBuf;

use clap::Args;
use esologs::export::Format;

use super::streams::{Streams, read_streams};

const AFTER_HELP: &str = "\
It reads the files and asks nobody: no network, no points, no key. The same command again makes only
what is new. docs/export.md lists the columns, with lines for DuckDB, Polars and pandas.

Examples:
  esologs export logs                                  Parquet, into logs/parquet
  esologs export logs --to csv --streams deaths        into logs/csv
  esologs export logs --to jsonl.zst -o archive        the lines to the letter, compressed
  duckdb -c \"SELECT stream, count(*) FROM 'logs/parquet/events/**/*.parquet' GROUP BY stream\"";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct ExportArgs {
    /// The folder of a pull: what its -o was
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,

    /// What to make: parquet, csv, jsonl or jsonl.zst
    #[arg(long, value_name = "FORMAT", default_value_t = Format::Parquet)]
    pub(crate) to: Format,

    /// Where the files go [default: FOLDER/FORMAT]
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,

    /// Event streams, separated by commas, or 'none' [default: all that are here]
    #[arg(long, value_name = "LIST", value_parser = read_streams)]
    pub(crate) streams: Option<Streams>,

    /// Also reports that may still grow; their files are named CODE.live, and their column `live` is true
    #[arg(long)]
    pub(crate) include_live: bool,

    /// Prints what happens as one JSON object per line on stdout (docs/cli.md lists them)
    #[arg(long)]
    pub(crate) json: bool,
}
