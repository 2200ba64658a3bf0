//! Faults by chance: calls of a patient client over TCP to the simulator, some share of whose answers is spoilt.

mod calls;
mod weather;

use std::error::Error;

use crate::figures::Table;
use calls::{Outcome, call};

/// Shares of the requests that are hit by faults of every kind.
const RATES: [f64; 3] = [0.05, 0.10, 0.30];
/// Share of the requests that get an answer without use, where all faults are such.
const USELESS_RATE: f64 = 0.30;
/// So many answers without use in a row end a patient call (`content_failures` of the batch policy).
const USELESS_IN_A_ROW: i32 = 5;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Calls at each rate of faults of every kind.
    #[arg(long, default_value_t = 500)]
    calls: u32,
    /// Calls where all faults are answers without use: enough that some meet five in a row.
    #[arg(long, default_value_t = 5_000)]
    useless_calls: u32,
    /// Calls under way at the same time.
    #[arg(long, default_value_t = 16)]
    concurrency: usize,
    /// What faults are drawn from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(crate) fn run(args: &Args) -> Result<Table, Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut table = Table::of_columns(
        format!(
            "`random-faults`: {} calls of the batch policy at each rate over TCP, {} at a time without a pace, seed {}. Faults are those of the weather \
             `storm` but for the closed port.",
            args.calls, args.concurrency, args.seed
        ),
        ["figure", "measured"],
    );
    for rate in RATES {
        let outcome = runtime.block_on(call(args.calls, args.concurrency, weather::storm(rate, args.seed)?))?;
        let what = format!("{:.0} % of requests spoilt in every way", rate * 100.0);
        // A fifth of the storm's faults are answers without use: less than one call in a million meets five in a row.
        table.bounded(&format!("{what}: calls failed"), outcome.failed.to_string(), "none", outcome.failed == 0);
        rows(&mut table, &what, &outcome, rate);
    }
    let faults = weather::useless(USELESS_RATE, args.useless_calls, args.seed);
    let outcome = runtime.block_on(call(args.useless_calls, args.concurrency, faults))?;
    let what = format!("{} calls, {:.0} % of answers without use", args.useless_calls, USELESS_RATE * 100.0);
    failures_by_content(&mut table, &what, &outcome);
    rows(&mut table, &what, &outcome, USELESS_RATE);
    Ok(table)
}

/// As many calls end with a failure as meet five answers without use one after the other.
fn failures_by_content(table: &mut Table, what: &str, outcome: &Outcome) {
    let chance = USELESS_RATE.powi(USELESS_IN_A_ROW);
    let expected = f64::from(outcome.calls) * chance;
    let sigma = (expected * (1.0 - chance)).sqrt();
    let (least, most) = ((expected - 3.0 * sigma).max(0.0), expected + 3.0 * sigma);
    table.bounded(
        &format!("{what}: calls failed"),
        outcome.failed.to_string(),
        format!("{expected:.1}, three sigma around it: {least:.1} to {most:.1}"),
        (least..=most).contains(&f64::from(outcome.failed)),
    );
}

fn rows(table: &mut Table, what: &str, outcome: &Outcome, rate: f64) {
    // The number of attempts is geometric; of its mean over all calls the deviation is this.
    let sigma = rate.sqrt() / (1.0 - rate) / f64::from(outcome.calls).sqrt();
    let most = 1.0 / (1.0 - rate) + 4.0 * sigma;
    let per_call = outcome.attempts as f64 / f64::from(outcome.calls);
    table.bounded(
        &format!("{what}: attempts per call"),
        format!("{per_call:.3}"),
        format!("at most {most:.3}"),
        per_call <= most,
    );
    table.row(&format!("{what}: faults that struck, time"), format!("{}, {:.1} s", outcome.faults, outcome.seconds));
}
