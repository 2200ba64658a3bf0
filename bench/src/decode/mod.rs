//! What reading an answer costs: our client, on a transport that answers from memory, beside the JSON crate alone.

mod bodies;
mod plain;
mod readers;

use std::error::Error;

use tokio::runtime::Builder;

use crate::figures::{Table, median};
use bodies::Bodies;
use readers::{OURS, RAW_EVENTS, Reader, SMALL_CALL, TO_DISK, TYPED};

/// Our page with its events, of the time that the JSON crate takes to cut out the same events.
const BOUND: f64 = 1.0;

/// Speed of typed events, which keep everything, to that of the plainest struct, which keeps eight fields.
const TYPED_SPEED: f64 = 0.7;
/// Speed of passing a page through to a file, to the same.
const TO_DISK_SPEED: f64 = 2.0 * TYPED_SPEED;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Rounds of which the medians count; the readers take turns in each.
    #[arg(long, default_value_t = 51)]
    rounds: usize,
    /// Milliseconds of each reader in a round; it reads at least once.
    #[arg(long, default_value_t = 20.0)]
    millis: f64,
    /// Events on the page.
    #[arg(long, default_value_t = 10_000)]
    events: usize,
}

pub(crate) fn run(args: &Args) -> Result<Table, Box<dyn Error>> {
    let bodies = Bodies::new(args.events)?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut readers = readers::all(&bodies, &runtime, args.events)?;
    for reader in &mut readers {
        reader.calibrate(args.millis)?;
    }
    for _ in 0..args.rounds.max(1) {
        for reader in &mut readers {
            reader.measure()?;
        }
    }
    Ok(table(args, &bodies, &readers))
}

fn table(args: &Args, Bodies { small, report, page, .. }: &Bodies, readers: &[Reader<'_>]) -> Table {
    let title = format!(
        "`decode`: a page of {} events ({} bytes), the rate limit ({}), a report ({}); one thread, its CPU time, {} rounds of {} ms in turns.",
        args.events,
        page.len(),
        small.len(),
        report.len(),
        args.rounds,
        args.millis
    );
    let mut table = Table::of_columns(title, ["reader", "median", "MB/s", "of its base, pairs of a round"]);
    for (number, reader) in readers.iter().enumerate() {
        let seconds = median(reader.seconds.iter().copied());
        let ratio = ratio(&reader.seconds, &readers[reader.base].seconds);
        let figures = [time(seconds), rate(reader.bytes, seconds), format!("{ratio:.2}")];
        let most = match number {
            OURS => Some(BOUND),
            TYPED => Some(1.0 / TYPED_SPEED),
            TO_DISK => Some(1.0 / TO_DISK_SPEED),
            _ => None,
        };
        match most {
            Some(most) => table.bounded_figures(&reader.name, figures, format!("at most {most:.2}"), ratio <= most),
            None => table.figures(&reader.name, figures),
        }
        if number == SMALL_CALL {
            small_call_left_out(&mut table, readers);
        }
    }
    table
}

/// The page without what a call costs whatever its answer.
fn small_call_left_out(table: &mut Table, readers: &[Reader<'_>]) {
    let (ours, small) = (&readers[OURS], &readers[SMALL_CALL]);
    let less: Vec<f64> = ours.seconds.iter().zip(&small.seconds).map(|(ours, small)| ours - small).collect();
    let (seconds, ratio) = (median(less.iter().copied()), ratio(&less, &readers[RAW_EVENTS].seconds));
    let name = format!("{}, less this call", ours.name);
    table.figures(&name, [time(seconds), rate(ours.bytes, seconds), format!("{ratio:.2}")]);
}

fn ratio(seconds: &[f64], base: &[f64]) -> f64 {
    median(seconds.iter().zip(base).map(|(seconds, base)| seconds / base))
}

fn time(seconds: f64) -> String {
    if seconds < 1e-4 { format!("{:.2} µs", seconds * 1e6) } else { format!("{:.3} ms", seconds * 1e3) }
}

fn rate(bytes: usize, seconds: f64) -> String {
    format!("{:.0}", bytes as f64 / 1e6 / seconds)
}
