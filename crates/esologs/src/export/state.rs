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
}

impl State {
    pub(super) fn new(to: Format) -> Self {
        Self { format: FORMAT.to_owned(), to: to.name().to_owned(), reports: BTreeMap::new() }
    }

    /// Reads what an earlier export has left, and refuses what is none, or one of another format: a reader would find both.
    pub(super) fn read(json: &[u8], to: Format) -> Result<Self, Error> {
        let refuse = |why: String| {
            let error = Error::new(ErrorKind::LocalFile, format!("the folder's export.json {why}"));
            Err(error.with_hint("choose another folder with -o"))
        };
        match serde_json::from_slice::<Self>(json) {
            Err(error) => refuse(format!("is not one of an export, or is damaged ({error})")),
            Ok(state) if state.format != FORMAT => {
                refuse(format!("is of the format '{}'; this program writes {FORMAT}", state.format))
            }
            Ok(state) if state.to != to.name() => refuse(format!("is of an export to {}, not to {to}", state.to)),
            Ok(state) => Ok(state),
        }
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
