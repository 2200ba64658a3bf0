//! The folder of a pull, read through its files as `docs/data-layout.md` describes them.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crc32fast::Hasher;
use serde::{Deserialize, Serialize};

use super::sink::Trouble;
use super::tables::{ABILITIES, ACTORS, ATTENDANCE, EVENTS, FIGHTS, PLAYER_DETAILS, RANKINGS, REPORTS, SUMMARIES, Table};
use crate::api::Report;
use crate::error::{Error, ErrorKind};

/// What is read of a file at a time.
const PIECE_BYTES: u64 = 4 << 20;
/// The longest line that is read. Events have some hundred bytes; a report, which is one line, some thousand.
const MAX_LINE_BYTES: usize = 64 << 20;
/// The layouts that are read, but for their version.
const LAYOUT: &str = "esologs-pull/";
/// What a pull may have brought of a report beside fights, actors and events.
const EXTRAS: [(&str, &Table); 3] =
    [("player-details.json", &PLAYER_DETAILS), ("rankings.json", &RANKINGS), ("tables.jsonl", &SUMMARIES)];
const FETCH_AGAIN: &str = "delete this report's folder and run the same pull again: it fetches what is missing";

/// A report in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SourceReport {
    pub(super) folder: PathBuf,
    /// The name of its folder.
    pub(super) name: String,
    pub(super) live: bool,
}

/// A file of a report.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SourceFile {
    pub(super) path: PathBuf,
    pub(super) table: &'static Table,
    /// Of events: the name of the file, `buffs.enemies`.
    pub(super) events: Option<String>,
}

/// By what a file is known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    pub(super) bytes: u64,
    /// Since 1970; 0 where the system does not tell.
    modified_ns: u64,
    pub(super) crc32: u32,
}

impl Mark {
    /// Whether it is a mark of the same bytes.
    pub(super) fn is_equal(&self, other: &Self) -> bool {
        (self.bytes, self.crc32) == (other.bytes, other.crc32)
    }
}

/// The reports that are here, in the order of their names; those that may still grow only where they are asked for.
pub(super) fn reports(root: &Path, with_live: bool) -> Result<Vec<SourceReport>, Error> {
    check_layout(root)?;
    let mut reports = folders(&root.join("data").join("reports"), false)?;
    if with_live {
        for live in folders(&root.join("live"), true)? {
            if reports.iter().all(|report| report.name != live.name) {
                reports.push(live);
            }
        }
    }
    reports.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(reports)
}

/// Refuses what is no folder of a pull.
fn check_layout(root: &Path) -> Result<(), Error> {
    #[derive(Deserialize)]
    struct Manifest {
        format: String,
    }
    let refuse = |why: &str| {
        let message = format!("the folder {} {why}", root.display());
        let hint = "name the folder that `esologs pull` has written, as its -o does";
        Err(Error::new(ErrorKind::LocalFile, message).with_hint(hint))
    };
    match fs::read(root.join("manifest.json")) {
        Ok(manifest) => match serde_json::from_slice::<Manifest>(&manifest) {
            Ok(Manifest { format }) if format.starts_with(LAYOUT) => Ok(()),
            Ok(Manifest { format }) => refuse(&format!("is of the format '{format}', not one of {LAYOUT}…")),
            Err(_) => refuse("holds something else than a pull (its manifest.json is not one of a pull, or is damaged)"),
        },
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unreadable(root, error)),
        // What the simulator writes as the truth has no manifest.
        Err(_) if root.join("data").join("reports").is_dir() => Ok(()),
        Err(_) if root.is_dir() => refuse("holds something else than a pull (it has no manifest.json)"),
        Err(_) => refuse("is not there"),
    }
}

fn folders(place: &Path, live: bool) -> Result<Vec<SourceReport>, Error> {
    let entries = match fs::read_dir(place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|error| unreadable(place, error))?,
    };
    let mut reports = Vec::new();
    for entry in entries {
        let folder = entry.map_err(|error| unreadable(place, error))?.path();
        let name = folder.file_name().and_then(|name| name.to_str()).filter(|name| !name.starts_with('.')).map(str::to_owned);
        if let Some(name) = name.filter(|_| folder.is_dir()) {
            reports.push(SourceReport { folder, name, live });
        }
    }
    Ok(reports)
}

impl SourceReport {
    /// What `report.json` says.
    pub(super) fn head(&self) -> Result<Report, Error> {
        let path = self.folder.join("report.json");
        let json = fs::read(&path).map_err(|error| unreadable(&path, error))?;
        serde_json::from_slice(&json).map_err(|error| {
            let message = format!("{} is damaged: {error}", path.display());
            Error::new(ErrorKind::LocalFile, message).with_hint(FETCH_AGAIN).with_source(error)
        })
    }

    /// Its files, those of events only where they are wanted.
    pub(super) fn files(&self, wants: impl Fn(&str) -> bool) -> Result<Vec<SourceFile>, Error> {
        let base: [(&str, &'static Table); 4] =
            [("report.json", &REPORTS), ("fights.jsonl", &FIGHTS), ("actors.jsonl", &ACTORS), ("abilities.jsonl", &ABILITIES)];
        let mut files: Vec<SourceFile> =
            base.map(|(name, table)| SourceFile { path: self.folder.join(name), table, events: None }).into();
        let events = self.folder.join("events");
        for entry in fs::read_dir(&events).map_err(|error| unreadable(&events, error))? {
            let path = entry.map_err(|error| unreadable(&events, error))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".jsonl"));
            if let Some(name) = name.filter(|name| wants(name)).map(str::to_owned) {
                files.push(SourceFile { path, table: &EVENTS, events: Some(name) });
            }
        }
        files[base.len()..].sort_by(|a, b| a.events.cmp(&b.events));
        let extras = EXTRAS.map(|(name, table)| SourceFile { path: self.folder.join(name), table, events: None });
        files.extend(extras.into_iter().filter(|file| file.path.is_file()));
        Ok(files)
    }
}

/// Who was there, where the pull has that: it stands beside the reports, as one of the name `guild`.
pub(super) fn attendance(root: &Path) -> Option<(SourceReport, SourceFile)> {
    let folder = root.join("data");
    let file = SourceFile { path: folder.join("attendance.jsonl"), table: &ATTENDANCE, events: None };
    file.path.is_file().then(|| (SourceReport { folder, name: "guild".to_owned(), live: false }, file))
}

/// Whether a file of events, `buffs.enemies`, is of this stream.
pub(super) fn is_of_stream(file: &str, stream: &str) -> bool {
    file.split('.').next() == Some(stream)
}

impl SourceFile {
    /// Its length, and when it was written last: whether it is still the marked one, without reading it.
    pub(super) fn is_as(&self, mark: &Mark) -> bool {
        fs::metadata(&self.path).is_ok_and(|now| now.len() == mark.bytes && modified_ns(&now) == mark.modified_ns)
    }

    pub(super) fn bytes(&self) -> u64 {
        fs::metadata(&self.path).map_or(0, |file| file.len())
    }

    /// Hands all lines on, some at a time.
    pub(super) fn read(&self, mut take: impl FnMut(&str) -> Result<(), Trouble>) -> Result<Mark, Trouble> {
        let failed = |error| Trouble::Source(unreadable(&self.path, error));
        let damaged = |why: &str| {
            let error = Error::new(ErrorKind::LocalFile, format!("{} is damaged: {why}", self.path.display()));
            Trouble::Source(error.with_hint(FETCH_AGAIN))
        };
        let mut file = File::open(&self.path).map_err(failed)?;
        let about = file.metadata().map_err(failed)?;
        let (mut crc, mut length, mut bytes) = (Hasher::new(), 0, Vec::new());
        loop {
            let before = bytes.len();
            let read = file.by_ref().take(PIECE_BYTES).read_to_end(&mut bytes).map_err(failed)?;
            if read == 0 {
                break;
            }
            length += read as u64;
            crc.update(&bytes[before..]);
            match bytes[before..].iter().rposition(|byte| *byte == b'\n') {
                Some(last) => {
                    let end = before + last + 1;
                    take(std::str::from_utf8(&bytes[..end]).map_err(|_| damaged("it is not UTF-8"))?)?;
                    bytes.drain(..end);
                }
                None if bytes.len() > MAX_LINE_BYTES => return Err(damaged("a line has no end")),
                None => {}
            }
        }
        if !bytes.is_empty() {
            return Err(damaged("it ends in the middle of a line"));
        }
        Ok(Mark { bytes: length, modified_ns: modified_ns(&about), crc32: crc.finalize() })
    }
}

fn modified_ns(about: &fs::Metadata) -> u64 {
    let since_1970 = about.modified().ok().and_then(|modified| modified.duration_since(UNIX_EPOCH).ok());
    since_1970.map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
}

fn unreadable(path: &Path, error: io::Error) -> Error {
    let message = format!("cannot read {}: {error}", path.display());
    Error::new(ErrorKind::LocalFile, message).with_hint(FETCH_AGAIN).with_source(error)
}
