//! A guild's events from loopback straight into Parquet files, beside the larger of what it cannot do without: plain download, and
//! decoding and writing alone, from memory, on one thread.
//!
//! As in `pull`, each runs in a process of its own that reports on itself, and they take turns.

pub(crate) mod child;

use std::error::Error;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use crate::canned::{Answers, World, serve};
use crate::figures::{Table, median};
use crate::process::Usage;
use child::Job;

const MEMORY_BOUND_MB: f64 = 200.0;
const TIME_BOUND: f64 = 1.15;
const WAYS: [&str; 2] = ["one report after the other", "both reports at a time"];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Rounds of which the medians count.
    #[arg(long, default_value_t = 5)]
    repeats: usize,
    /// Reports of the guild; a long evening makes half a million events.
    #[arg(long, default_value_t = 2)]
    reports: usize,
    /// Pages of each report, with 10,000 events each.
    #[arg(long, default_value_t = 50)]
    pages: usize,
}

/// What the processes of one round used.
struct Round {
    download: Usage,
    memory: Usage,
    export: Usage,
    side_by_side: Usage,
}

impl Round {
    /// The export's time in units of the larger of its parts.
    fn ratio(&self, export: Usage) -> f64 {
        export.wall_s / self.download.wall_s.max(self.memory.wall_s)
    }
}

pub(crate) fn run(args: &Args) -> Result<Table, Box<dyn Error>> {
    let world = World { reports: args.reports, pages_per_report: args.pages, events_per_page: 10_000 };
    let address = serve(Arc::new(Answers::of(world)))?;
    let rounds = (0..args.repeats.max(1)).map(|_| round(address, world)).collect::<Result<Vec<_>, _>>()?;
    Ok(table(world, &rounds))
}

fn round(address: SocketAddr, world: World) -> Result<Round, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let measure = |job, name: &str| {
        let place = folder.path().join(name);
        fs::create_dir(&place)?;
        child::measure(job, address, world, &place)
    };
    let download = measure(Job::Download, "unused")?;
    let memory = measure(Job::Memory, "memory")?;
    let export = measure(Job::Export, "export")?;
    let side_by_side = measure(Job::SideBySide, "side-by-side")?;
    for name in ["export", "side-by-side"] {
        compare(&folder.path().join(name), &folder.path().join("memory"), world)?;
    }
    Ok(Round { download, memory, export, side_by_side })
}

/// A figure for wrong files would be worth nothing. The same events make the same bytes, whichever way they came.
fn compare(found: &Path, expected: &Path, world: World) -> Result<(), Box<dyn Error>> {
    for code in world.codes() {
        let name = format!("{code}.parquet");
        if fs::read(found.join(&name))? != fs::read(expected.join(&name))? {
            return Err(format!("{} is not what was served", found.join(&name).display()).into());
        }
    }
    Ok(())
}

fn table(world: World, rounds: &[Round]) -> Table {
    let of = |figure: fn(&Round) -> f64| median(rounds.iter().map(figure));
    let mut table = Table::new(format!(
        "`export`: {} events in {} reports straight into Parquet, {} rounds. CPU and memory are those of the client's process alone.",
        world.events(),
        world.reports,
        rounds.len()
    ));
    let memory = [of(|round| round.export.memory_mb), of(|round| round.side_by_side.memory_mb)];
    for (name, memory) in WAYS.into_iter().zip(memory) {
        table.bounded(
            &format!("{name}: peak memory"),
            format!("{memory:.0} MB"),
            format!("under {MEMORY_BOUND_MB} MB"),
            memory < MEMORY_BOUND_MB,
        );
    }
    table.row("plain download, time", format!("{:.3} s", of(|round| round.download.wall_s)));
    table.row("decoding and writing from memory on one thread, time", format!("{:.3} s", of(|round| round.memory.wall_s)));
    table.row("decoding and writing from memory on one thread, CPU", format!("{:.2} s", of(|round| round.memory.cpu_s)));
    table.row("one report after the other, time", format!("{:.3} s", of(|round| round.export.wall_s)));
    table.row("one report after the other, CPU", format!("{:.2} s", of(|round| round.export.cpu_s)));
    table.row("both reports at a time, time", format!("{:.3} s", of(|round| round.side_by_side.wall_s)));
    table.row("both reports at a time, CPU", format!("{:.2} s", of(|round| round.side_by_side.cpu_s)));
    let ratios = [of(|round| round.ratio(round.export)), of(|round| round.ratio(round.side_by_side))];
    for (name, ratio) in WAYS.into_iter().zip(ratios) {
        table.bounded(
            &format!("{name}: time / larger of download and decoding with writing, pairs of a round"),
            format!("{ratio:.2}"),
            format!("at most {TIME_BOUND}"),
            ratio <= TIME_BOUND,
        );
    }
    table
}
