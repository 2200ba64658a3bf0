//! The figures of `docs/policies.md`'s promises: scenarios in virtual time against the real client. Each prints rows; a smaller
//! size of each is a test beside it.

mod day;
mod goodput;
mod half_open;
mod herd;
mod hints;
mod outage;
mod points;
mod share;
mod trips;
mod world;

use std::error::Error;

use crate::figures::Table;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only rows whose number this is.
    #[arg(long)]
    row: Option<u32>,
    /// Calls in each cell of row 1.
    #[arg(long, default_value_t = 100_000)]
    calls: u32,
    /// Days in each cell of row 9.
    #[arg(long, default_value_t = 5)]
    days: u64,
}

pub(crate) fn run(args: &Args) -> Result<Table, Box<dyn Error>> {
    let wanted = |row: u32| args.row.is_none_or(|only| only == row);
    let mut table = Table::of_single_figures("`figures`: virtual time, a service in memory, the real client.");
    if wanted(1) {
        goodput::rows(&mut table, args.calls);
    }
    if wanted(2) || wanted(3) {
        outage::rows(&mut table, 400);
    }
    if wanted(4) {
        trips::false_trip_rows(&mut table);
    }
    if wanted(5) || wanted(6) || wanted(7) {
        half_open::rows(&mut table, 100);
    }
    if wanted(8) {
        trips::warm_row(&mut table, 1_000_000);
    }
    if wanted(9) {
        points::rows(&mut table, args.days);
    }
    if wanted(12) {
        herd::rows(&mut table, 10);
    }
    if wanted(13) {
        hints::rows(&mut table, 100_000);
    }
    if wanted(16) {
        day::rows(&mut table);
    }
    Ok(table)
}
