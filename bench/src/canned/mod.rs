//! A server with ready-made answers, and how fast it is.

mod load;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

pub(crate) use esologs_canned::{Answers, GUILD, World, serve};

use crate::figures::{Table, median};

/// Answers a second that the server has to reach, so that it bounds no figure of the client.
const ANSWERS_BOUND: f64 = 50_000.0;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// Connections, all kept alive.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Measurements of which the median counts.
    #[arg(long, default_value_t = 5)]
    repeats: usize,
}

pub(crate) fn run(args: &Args) -> Result<Table, Box<dyn Error>> {
    let address = serve(Arc::new(Answers::of(World::SMALL)))?;
    let seconds = Duration::from_secs_f64(args.seconds);
    let mut rates = [Vec::new(), Vec::new()];
    for _ in 0..args.repeats.max(1) {
        for (rates, pipelined) in rates.iter_mut().zip([1, PIPELINED]) {
            rates.push(load::answers_a_second(address, args.connections, pipelined, seconds)?);
        }
    }
    let [one, many] = rates.map(median);
    let mut table = Table::new(format!(
        "`canned`: small answers (`RateLimit`), server and load generator in one process, {} connections kept alive, {} s, {} times.",
        args.connections, args.seconds, args.repeats
    ));
    let bound = format!("at least {ANSWERS_BOUND}");
    table.bounded("answers/s, one request at a time on a connection", format!("{one:.0}"), bound, one >= ANSWERS_BOUND);
    table.row(&format!("answers/s, {PIPELINED} requests pipelined"), format!("{many:.0}"));
    Ok(table)
}

/// Requests under way on a connection in the pipelined measurement.
const PIPELINED: usize = 16;
