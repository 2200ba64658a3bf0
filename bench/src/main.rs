//! Comparisons and figures: `cargo run --release -p esologs-bench -- NAME` prints a table and exits with 1 where a bound is
//! missed. No comparison is there yet; `RESULTS.md` holds the figures measured by hand, each with its command.

use std::process::ExitCode;

fn main() -> ExitCode {
    eprintln!("no comparison is there yet; see bench/RESULTS.md for the figures so far");
    ExitCode::from(2)
}
