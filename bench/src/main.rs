//! Comparisons and figures: `cargo run --release -p esologs-bench -- NAME` prints a table and exits with 1 where a bound is
//! missed, with 2 where nothing could be measured. `RESULTS.md` holds what was printed, each table with its command.

mod cache;
mod canned;
mod decode;
mod export;
mod figures;
mod head_to_head;
mod overhead;
mod process;
mod program;
mod pull;
mod random_faults;
mod resilience;
mod single_faults;
mod throughput;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use figures::Table;

/// Figures of the client, measured against a server whose answers are ready made, or against the simulator and its faults.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    comparison: Comparison,
}

#[derive(Debug, Subcommand)]
enum Comparison {
    /// What finding an answer in the cache takes, in memory and on disk, and with reading it.
    Cache(cache::Args),
    /// How many small answers a second the server gives, so that no figure of the client is bounded by it.
    Canned(canned::Args),
    /// What reading a page of events, a small answer and a report costs, beside the JSON crate alone.
    Decode(decode::Args),
    /// The same scenarios for our client and for what people would take instead (with `--features head-to-head`).
    HeadToHead(head_to_head::Args),
    /// What a call costs where nothing goes wrong and there is no network: time and allocations, stage by stage.
    Overhead(overhead::Args),
    /// A guild's events to JSON Lines on disk: CPU time, memory, and time against plain download and write.
    Pull(pull::Args),
    /// A guild's events straight into Parquet: memory, and time against plain download, and decoding and writing alone.
    Export(export::Args),
    /// `esologs query` through one fault after the other, each many times: whether it gets its answer, and how soon.
    SingleFaults(single_faults::Args),
    /// Calls of a patient client with 5, 10 and 30 % of the requests spoilt: how many get their answer, and at how many attempts.
    RandomFaults(random_faults::Args),
    /// What the client promises of outages, retries and waits, in virtual time.
    Figures(resilience::Args),
    /// Calls a second with 32 on their way, beside the HTTP crate alone doing the same calls.
    Throughput(throughput::Args),
    /// One measured process of a comparison; started by the comparison itself.
    #[command(hide = true)]
    Child(pull::child::Args),
    /// The same of `export`.
    #[command(hide = true)]
    ExportChild(export::child::Args),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().comparison {
        Comparison::Cache(args) => cache::run(&args),
        Comparison::Canned(args) => canned::run(&args),
        Comparison::Decode(args) => decode::run(&args),
        Comparison::Export(args) => export::run(&args),
        Comparison::Overhead(args) => overhead::run(&args),
        Comparison::Pull(args) => pull::run(&args),
        Comparison::SingleFaults(args) => single_faults::run(&args),
        Comparison::RandomFaults(args) => random_faults::run(&args),
        Comparison::Figures(args) => resilience::run(&args),
        Comparison::Throughput(args) => throughput::run(&args),
        Comparison::HeadToHead(args) => return done(head_to_head::run(&args)),
        Comparison::ExportChild(args) => return done(export::child::run(&args).map(|()| true)),
        Comparison::Child(args) => return done(pull::child::run(&args).map(|()| true)),
    };
    done(outcome.map(|table| told(&table)))
}

/// Prints the table; whether all its bounds are held.
fn told(table: &Table) -> bool {
    println!("{table}");
    for missed in table.missed() {
        eprintln!("missed: {missed}");
    }
    table.missed().next().is_none()
}

fn done(outcome: Result<bool, Box<dyn Error>>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("nothing measured: {error}");
            ExitCode::from(2)
        }
    }
}
