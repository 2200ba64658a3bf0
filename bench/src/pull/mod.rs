//! A guild's events from loopback to JSON Lines on disk, beside what it cannot do without: plain download, plain write
//! of the same bytes, and the check that they are JSON; and beside all three of them put together without the library.
//!
//! Each of them runs in a process of its own that reports on itself; the server is in the parent. They take turns, so
//! that what the machine does meanwhile befalls all of them.

mod by_hand;
pub(crate) mod child;
mod download;

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use crate::canned::{Answers, World, serve};
use crate::figures::{Table, median};
use crate::process::Usage;
use child::Job;
pub(crate) use download::{client as plain_client, download};

const CPU_BOUND_S: f64 = 0.7;
const MEMORY_BOUND_MB: f64 = 150.0;
const TIME_BOUND: f64 = 1.15;

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
    write: Usage,
    validate: Usage,
    by_hand: Usage,
    pull: Usage,
}

impl Round {
    /// The pull's time in units of the larger of download and write.
    fn ratio(&self) -> f64 {
        self.pull.wall_s / self.download.wall_s.max(self.write.wall_s)
    }

    /// The pull's time in units of the same work by hand.
    fn ratio_by_hand(&self) -> f64 {
        self.pull.wall_s / self.by_hand.wall_s
    }
}

pub(crate) fn run(args: &Args) -> Result<Table, Box<dyn Error>> {
    let world = World { reports: args.reports, pages_per_report: args.pages, events_per_page: 10_000 };
    let address = serve(Arc::new(Answers::of(world)))?;
    let truth: Vec<String> = (0..world.reports).map(|report| world.lines(report)).collect();
    let bytes = truth.iter().map(String::len).sum();
    let rounds = (0..args.repeats.max(1)).map(|_| round(address, world, &truth, bytes)).collect::<Result<Vec<_>, _>>()?;
    Ok(table(world, bytes, &rounds))
}

fn round(address: SocketAddr, world: World, truth: &[String], bytes: usize) -> Result<Round, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let measure = |job, name: &str| {
        warm_up(folder.path(), truth)?;
        child::measure(job, address, world, bytes, &folder.path().join(name))
    };
    let download = measure(Job::Download, "unused")?;
    let write = measure(Job::Write, "written")?;
    let validate = measure(Job::Validate, "unused")?;
    let by_hand = measure(Job::ByHand, "by-hand")?;
    let pull = measure(Job::Pull, "pulled")?;
    compare(&folder.path().join("pulled"), world, truth)?;
    Ok(Round { download, write, validate, by_hand, pull })
}

/// Leaves as much free memory behind as the files will fill, memory that was in use a moment ago. A virtual machine gives free
/// memory back to its host, and has to fetch it again page by page when a file fills it: 0.25 CPU seconds for these files, which
/// would befall whoever writes first after a pause.
fn warm_up(folder: &Path, truth: &[String]) -> io::Result<()> {
    let path = folder.join("warm-up");
    let mut file = File::create(&path)?;
    for text in truth {
        file.write_all(text.as_bytes())?;
    }
    drop(file);
    fs::remove_file(path)
}

/// A figure for wrong files would be worth nothing.
fn compare(folder: &Path, world: World, truth: &[String]) -> Result<(), Box<dyn Error>> {
    for (code, truth) in world.codes().zip(truth) {
        let path = folder.join("data").join("reports").join(code).join("events").join("damage.jsonl");
        if fs::read(&path)? != truth.as_bytes() {
            return Err(format!("{} is not what was served", path.display()).into());
        }
    }
    Ok(())
}

fn table(world: World, bytes: usize, rounds: &[Round]) -> Table {
    let of = |figure: fn(&Round) -> f64| median(rounds.iter().map(figure));
    let mut table = Table::new(format!(
        "`pull`: {} events in {} reports, {:.0} MB of JSON lines, {} rounds. CPU and memory are those of the client's process alone.",
        world.events(),
        world.reports,
        bytes as f64 / 1e6,
        rounds.len()
    ));
    let (cpu, memory) = (of(|round| round.pull.cpu_s), of(|round| round.pull.memory_mb));
    let (ratio, ratio_by_hand) = (of(Round::ratio), of(Round::ratio_by_hand));
    table.bounded("pull, CPU", format!("{cpu:.2} s"), format!("at most {CPU_BOUND_S} s"), cpu <= CPU_BOUND_S);
    table.bounded(
        "pull, peak memory",
        format!("{memory:.0} MB"),
        format!("under {MEMORY_BOUND_MB} MB"),
        memory < MEMORY_BOUND_MB,
    );
    table.row("pull, time", format!("{:.3} s", of(|round| round.pull.wall_s)));
    table.row("plain download, time", format!("{:.3} s", of(|round| round.download.wall_s)));
    table.row("plain download, CPU", format!("{:.2} s", of(|round| round.download.cpu_s)));
    table.row("plain write and sync, time", format!("{:.3} s", of(|round| round.write.wall_s)));
    table.row("plain write and sync, CPU", format!("{:.2} s", of(|round| round.write.cpu_s)));
    table.row("checking as much JSON from memory (serde_json), CPU", format!("{:.2} s", of(|round| round.validate.cpu_s)));
    table.row("download, check and write by hand, time", format!("{:.3} s", of(|round| round.by_hand.wall_s)));
    table.row("download, check and write by hand, CPU", format!("{:.2} s", of(|round| round.by_hand.cpu_s)));
    table.row(
        "pull, CPU / sum of download, write and check, pairs of a round",
        format!("{:.2}", of(|round| round.pull.cpu_s / (round.download.cpu_s + round.write.cpu_s + round.validate.cpu_s))),
    );
    table.bounded(
        "time of the pull / larger of download and write, pairs of a round",
        format!("{ratio:.2}"),
        format!("at most {TIME_BOUND}"),
        ratio <= TIME_BOUND,
    );
    table.bounded(
        "time of the pull / time by hand, pairs of a round",
        format!("{ratio_by_hand:.2}"),
        format!("at most {TIME_BOUND}"),
        ratio_by_hand <= TIME_BOUND,
    );
    table
}
