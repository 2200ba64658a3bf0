//! The ground truth of a world: what a complete pull must have brought home.
//!
//! Written straight from the world's data, neither through the paging code nor through the GraphQL executor, so that it is a
//! second opinion on both. The layout is that of `docs/data-layout.md`, the `data/` part: `diff -r truth logs/data` is the
//! whole comparison.

mod extra;
mod records;
mod stream;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::world::World;
use crate::world::model::{Access, Guild, Report};

pub use extra::Extra;
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

/// What a truth is to hold beside fights, actors and abilities.
#[derive(Debug, Clone, Copy, Default)]
pub struct Contents<'a> {
    /// Streams of events.
    pub streams: &'a [Stream],
    /// Whether events have health, magicka and place of source and target.
    pub with_resources: bool,
    /// What the site makes of each report.
    pub extras: &'a [Extra],
}

/// Why there is no truth, or only a part of it.
#[derive(Debug, thiserror::Error)]
pub enum TruthError {
    /// The world has no such guild. Nothing was written.
    #[error("the world has no guild {guild}; there are {known}")]
    UnknownGuild {
        /// The number that was asked for.
        guild: i64,
        /// The numbers that there are, separated by commas.
        known: String,
    },
    /// The folder holds something: old files among new ones would make the comparison a lie. Nothing was written.
    #[error("{} is not empty; name a new folder for the truth, or empty this one", .0.display())]
    NotEmpty(PathBuf),
    /// The folder cannot be made or looked into. Nothing was written.
    #[error("cannot {what} the folder {}: {source}", folder.display())]
    Folder {
        /// The verb.
        what: &'static str,
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file, or a folder below, cannot be written. What was written before is there.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Writes the truth about a guild: itself, and its finished public reports with the streams asked for.
///
/// # Errors
///
/// When the world has no such guild, when `folder` is there and not empty, and when it cannot be written.
pub fn write(world: &World, guild_id: i64, streams: &[Stream], folder: &Path) -> Result<TruthSummary, TruthError> {
    write_with(world, guild_id, Contents { streams, ..Contents::default() }, folder)
}

/// The same with what the site makes of each report beside its events. (That is summed up by the code that also answers queries: the
/// truth is about what came home of it, not about the sums.)
///
/// # Errors
///
/// Those of [`write()`].
pub fn write_with(world: &World, guild_id: i64, contents: Contents<'_>, folder: &Path) -> Result<TruthSummary, TruthError> {
    let guild = world.guild(guild_id).ok_or_else(|| unknown_guild(world, guild_id))?;
    claim(folder)?;
    let mut truth = Truth { world, summary: TruthSummary::default() };
    truth.guild(guild, folder)?;
    if contents.extras.contains(&Extra::Attendance) {
        let shown = world.reports_of_guild(guild_id).into_iter().filter(|report| report.access != Access::Private);
        truth.lines(&folder.join(Extra::Attendance.file()), shown.map(|report| records::attendance(world, report)))?;
    }
    for report in world.reports_of_guild(guild_id) {
        if report.access == Access::Public {
            let folder = folder.join("reports").join(report.code.replace(':', "_"));
            truth.report(report, guild, contents, &folder)?;
            for extra in contents.extras.iter().filter(|extra| **extra != Extra::Attendance) {
                let lines = extra.lines(world, report);
                truth.raw_lines(&folder.join(extra.file()), lines.iter().map(Vec::as_slice))?;
            }
        }
    }
    Ok(truth.summary)
}

fn unknown_guild(world: &World, guild: i64) -> TruthError {
    let known: Vec<String> = world.guilds.iter().map(|guild| guild.id.to_string()).collect();
    TruthError::UnknownGuild { guild, known: known.join(", ") }
}

/// Makes the folder, or takes an empty one.
fn claim(folder: &Path) -> Result<(), TruthError> {
    let failed = |what, source| TruthError::Folder { what, folder: folder.to_owned(), source };
    fs::create_dir_all(folder).map_err(|source| failed("make", source))?;
    match fs::read_dir(folder).map_err(|source| failed("read", source))?.next() {
        None => Ok(()),
        Some(_) => Err(TruthError::NotEmpty(folder.to_owned())),
    }
}

fn make(folder: &Path) -> Result<(), TruthError> {
    fs::create_dir_all(folder).map_err(|source| TruthError::Write { path: folder.to_owned(), source })
}

/// The writing of one truth.
struct Truth<'a> {
    world: &'a World,
    summary: TruthSummary,
}

impl Truth<'_> {
    fn guild(&mut self, guild: &Guild, folder: &Path) -> Result<(), TruthError> {
        make(&folder.join("reports"))?;
        let record = records::guild(self.world, guild);
        self.lines(&folder.join("guild.json"), [record])?;
        Ok(())
    }

    fn report(&mut self, report: &Report, guild: &Guild, contents: Contents<'_>, folder: &Path) -> Result<(), TruthError> {
        make(&folder.join("events"))?;
        let world = self.world;
        self.lines(&folder.join("report.json"), [records::report(world, report, guild)])?;
        self.summary.fights += self.lines(&folder.join("fights.jsonl"), records::fights(world, report))?;
        self.lines(&folder.join("actors.jsonl"), report.actors.iter().map(records::actor))?;
        self.lines(&folder.join("abilities.jsonl"), report.abilities.iter().map(records::ability))?;
        for &stream in contents.streams {
            for &(side, name) in stream.files() {
                let path = folder.join("events").join(name);
                let events = report.events().iter().enumerate().filter(|(_, event)| stream.holds(event, side));
                self.summary.events += if contents.with_resources {
                    let lines: Vec<Vec<u8>> = events.map(|(index, _)| report.events().json_with_resources(index)).collect();
                    self.raw_lines(&path, lines.iter().map(Vec::as_slice))?
                } else {
                    self.raw_lines(&path, events.map(|(_, event)| event.json))?
                };
            }
        }
        self.summary.reports += 1;
        Ok(())
    }

    /// Writes one compact JSON object per line, and tells how many.
    fn lines<T: Serialize>(&mut self, path: &Path, records: impl IntoIterator<Item = T>) -> Result<u64, TruthError> {
        let lines: Result<Vec<Vec<u8>>, _> = records.into_iter().map(|record| serde_json::to_vec(&record)).collect();
        let lines = lines.map_err(|error| TruthError::Write { path: path.to_owned(), source: error.into() })?;
        self.raw_lines(path, lines.iter().map(Vec::as_slice))
    }

    fn raw_lines<'b>(&mut self, path: &Path, lines: impl Iterator<Item = &'b [u8]>) -> Result<u64, TruthError> {
        let (count, bytes) = write_file(path, lines).map_err(|source| TruthError::Write { path: path.to_owned(), source })?;
        self.summary.files += 1;
        self.summary.bytes += bytes;
        Ok(count)
    }
}

/// Tells how many lines and bytes there are now.
fn write_file<'b>(path: &Path, lines: impl Iterator<Item = &'b [u8]>) -> io::Result<(u64, u64)> {
    let mut file = BufWriter::new(File::create_new(path)?);
    let (mut count, mut bytes) = (0, 0);
    for line in lines {
        file.write_all(line)?;
        file.write_all(b"\n")?;
        count += 1;
        bytes += line.len() as u64 + 1;
    }
    file.flush()?;
    Ok((count, bytes))
}
