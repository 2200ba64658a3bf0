//! The ground truth of a world: what a complete pull must have brought home.
//!
//! Written straight from the world's data, neither through the paging code nor through the GraphQL executor, so that it is a
//! second opinion on both. The layout is that of `docs/data-layout.md`, the `data/` part: `diff -r truth logs/data` is the
//! whole comparison.

mod records;
mod stream;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde::Serialize;

use crate::world::World;
use crate::world::model::{Access, Guild, Report};

pub use stream::{Stream, UnknownStream};

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TruthSummary {
    /// Reports with a folder of their own.
    pub reports: u64,
    /// Lines in all `fights.jsonl`.
    pub fights: u64,
    /// Lines in all files under `events/`; an event of two streams counts twice.
    pub events: u64,
    /// Files.
    pub files: u64,
    /// Bytes in all files.
    pub bytes: u64,
}

/// Writes the truth about a guild: itself, and its finished public reports with the streams asked for.
///
/// # Errors
///
/// When the world has no such guild, when `folder` is there and not empty, and when it cannot be written.
pub fn write(world: &World, guild_id: i64, streams: &[Stream], folder: &Path) -> io::Result<TruthSummary> {
    let guild = world.guild(guild_id).ok_or_else(|| unknown_guild(world, guild_id))?;
    claim(folder)?;
    let mut truth = Truth { world, summary: TruthSummary::default() };
    truth.guild(guild, folder)?;
    for report in world.reports_of_guild(guild_id) {
        if report.access == Access::Public {
            truth.report(report, guild, streams, &folder.join("reports").join(report.code.replace(':', "_")))?;
        }
    }
    Ok(truth.summary)
}

fn unknown_guild(world: &World, guild_id: i64) -> io::Error {
    let known: Vec<String> = world.guilds.iter().map(|guild| guild.id.to_string()).collect();
    io::Error::new(io::ErrorKind::NotFound, format!("the world has no guild {guild_id}; there are {}", known.join(", ")))
}

/// Makes the folder, or takes an empty one: old files among new ones would make the comparison a lie.
fn claim(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    if fs::read_dir(folder)?.next().is_none() {
        return Ok(());
    }
    let message = format!("{} is not empty; name a new folder for the truth, or empty this one", folder.display());
    Err(io::Error::new(io::ErrorKind::AlreadyExists, message))
}

/// The writing of one truth.
struct Truth<'a> {
    world: &'a World,
    summary: TruthSummary,
}

impl Truth<'_> {
    fn guild(&mut self, guild: &Guild, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder.join("reports"))?;
        let record = records::guild(self.world, guild);
        self.lines(&folder.join("guild.json"), [record])?;
        Ok(())
    }

    fn report(&mut self, report: &Report, guild: &Guild, streams: &[Stream], folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder.join("events"))?;
        let world = self.world;
        self.lines(&folder.join("report.json"), [records::report(world, report, guild)])?;
        self.summary.fights += self.lines(&folder.join("fights.jsonl"), records::fights(world, report))?;
        self.lines(&folder.join("actors.jsonl"), report.actors.iter().map(records::actor))?;
        self.lines(&folder.join("abilities.jsonl"), report.abilities.iter().map(records::ability))?;
        for &stream in streams {
            for &(side, name) in stream.files() {
                let events = report.events().iter().filter(|event| stream.holds(event, side)).map(|event| event.json);
                self.summary.events += self.raw_lines(&folder.join("events").join(name), events)?;
            }
        }
        self.summary.reports += 1;
        Ok(())
    }

    /// Writes one compact JSON object per line, and tells how many.
    fn lines<T: Serialize>(&mut self, path: &Path, records: impl IntoIterator<Item = T>) -> io::Result<u64> {
        let mut lines = Vec::new();
        for record in records {
            lines.push(serde_json::to_vec(&record)?);
        }
        self.raw_lines(path, lines.iter().map(Vec::as_slice))
    }

    fn raw_lines<'b>(&mut self, path: &Path, lines: impl Iterator<Item = &'b [u8]>) -> io::Result<u64> {
        let mut file = BufWriter::new(File::create_new(path)?);
        let mut count = 0;
        for line in lines {
            file.write_all(line)?;
            file.write_all(b"\n")?;
            self.summary.bytes += line.len() as u64 + 1;
            count += 1;
        }
        self.summary.files += 1;
        file.flush()?;
        Ok(count)
    }
}
