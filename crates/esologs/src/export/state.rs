//! `export.json`: what was made of which bytes, so that the next export makes only what is new.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::format::Format;
use super::source::Mark;
use crate::error::{Error, ErrorKind};
use crate::units::UnixMillis;

/// The version of this file.
const FORMAT: &str = "esologs-export/1";

/// What an export has made so far.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    format: String,
    to: String,
    /// By report (the name of its folder) and table (`events/damage`).
    reports: BTreeMap<String, BTreeMap<String, Made>>,
}

/// What was made of one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Made {
    pub(super) by: Recipe,
    pub(super) from: Mark,
    pub(super) rows: u64,
    pub(super) files: Vec<MadeFile>,
}

/// What else decides how a file comes out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Recipe {
    /// The version of the columns.
    pub(super) schema: u32,
    pub(super) code: String,
    pub(super) start_unix_ms: Option<UnixMillis>,
    pub(super) live: bool,
}

/// A file that was made: its path below the folder, with `/` between the names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MadeFile {
    pub(super) path: String,
    pub(super) bytes: u64,
    /// Older versions did not keep it.
    #[serde(default)]
    pub(super) crc32: Option<u32>,
}

impl State {
    pub(super) fn new(to: Format) -> Self {
        Self { format: FORMAT.to_owned(), to: to.name().to_owned(), reports: BTreeMap::new() }
    }

    /// Reads what an earlier export has left, and refuses what is none.
    pub(super) fn read(json: &[u8]) -> Result<Self, Error> {
        match serde_json::from_slice::<Self>(json) {
            Err(error) => Err(refused(&format!("is not one of an export, or is damaged ({error})"))),
            Ok(state) if state.format != FORMAT => {
                Err(refused(&format!("is of the format '{}'; this program writes {FORMAT}", state.format)))
            }
            Ok(state) => Ok(state),
        }
    }

    /// Refuses what is of another format: a reader would find both.
    pub(super) fn read_of(json: &[u8], to: Format) -> Result<Self, Error> {
        match Self::read(json)? {
            state if state.to != to.name() => Err(refused(&format!("is of an export to {}, not to {to}", state.to))),
            state => Ok(state),
        }
    }

    /// The format of the files.
    ///
    /// # Errors
    /// Where it is none that this version knows.
    pub(super) fn to(&self) -> Result<Format, Error> {
        self.to.parse().map_err(|_| refused(&format!("is of an export to '{}', which this program does not know", self.to)))
    }

    /// All that was made, with the report that it is of.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &Made)> {
        self.reports.iter().flat_map(|(report, tables)| tables.values().map(|made| (report.as_str(), made)))
    }

    pub(super) fn made(&self, report: &str, table: &str) -> Option<&Made> {
        self.reports.get(report)?.get(table)
    }

    pub(super) fn note(&mut self, report: &str, table: &str, made: Made) {
        self.reports.entry(report.to_owned()).or_default().insert(table.to_owned(), made);
    }

    pub(super) fn to_json(&self) -> Result<Vec<u8>, Error> {
        let mut json = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::new(ErrorKind::LocalFile, "export.json cannot be written as JSON").with_source(error))?;
        json.push(b'\n');
        Ok(json)
    }
}

fn refused(why: &str) -> Error {
    Error::new(ErrorKind::LocalFile, format!("the folder's export.json {why}")).with_hint("choose another folder with -o")
}
