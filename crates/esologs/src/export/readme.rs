//! `README.txt` of an export, for the person who finds the folder.

use std::path::Path;

use super::format::Format;

/// The lines that read the events, each with the name of its tool.
pub(super) fn first_steps(folder: &Path) -> Vec<(&'static str, String)> {
    let folder = folder.display();
    vec![
        ("DuckDB", format!("SELECT stream, count(*), sum(amount) FROM '{folder}/events/**/*.parquet' GROUP BY stream;")),
        ("Polars", format!("polars.scan_parquet(\"{folder}/events/**/*.parquet\").group_by(\"stream\").len().collect()")),
        ("pandas", format!("pandas.read_parquet(\"{folder}/events\").groupby(\"stream\").size()")),
    ]
}

pub(super) fn text(folder: &Path, format: Format) -> String {
    let ending = format.name();
    let what = match format {
        Format::Parquet => "Typed columns, the same in every file of a table. What has no column is in `extra`, as JSON.",
        Format::Csv => "The columns are the same in every file of a table. What has no column is in `extra`, as JSON.",
        Format::JsonLines => "Each line is one JSON object, just as the service sent it.",
        Format::JsonLinesZstd => "Each line is one JSON object, just as the service sent it; unpack with zstd.",
    };
    let mut text = format!(
        "Combat logs, made by `esologs export` from the folder of a pull.

events/STREAM/CODE.{ending}   events: one row each
fights/CODE.{ending}          fights; events name them by `fight`
actors/CODE.{ending}          players, pets and enemies; events name them by `source_id` and `target_id`
abilities/CODE.{ending}       abilities; events name them by `ability_game_id`
reports/CODE.{ending}         the report itself, one row
export.json               what was made of which bytes; the next export makes only what is new

{what}
CODE.live.{ending} is of a report that may still grow.
"
    );
    if format == Format::Parquet {
        text.push_str("\nTo begin with:\n\n");
        for (tool, line) in first_steps(folder) {
            text.push_str(&format!("  {tool:<7} {line}\n"));
        }
    }
    text
}
