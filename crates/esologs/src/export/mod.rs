//! The reports of a pull in the formats that people work with: Parquet, CSV, compressed lines. And events straight from the
//! service into Parquet, or as Arrow.
//!
//! An export reads the folder of a pull ([`Pull`](crate::pull::Pull)) and asks nobody: it costs no points. Files appear under their names when
//! they are whole. Another export makes only what is new. `docs/export.md` lists the columns.
//!
//! ```no_run
//! # fn example() -> Result<(), esologs::Error> {
//! use std::ops::ControlFlow;
//!
//! use esologs::export::{Export, Format};
//!
//! let summary = Export::of("logs").to(Format::Parquet).run(|_| ControlFlow::Continue(()))?;
//! println!("{} rows in {}", summary.rows, summary.folder.display());
//! # Ok(())
//! # }
//! ```
//!
//! # How it holds together
//!
//! Lines become rows (`shape.rs`) and go through `columns.rs`, which knows JSON and `tables.rs` but no file, into record batches (`batches.rs`); these go into files by
//! `parquet.rs` or `csv.rs`. `json_lines.rs` passes lines through. `run.rs` decides what has to be made, from `source.rs` (the folder of
//! the pull) into `target.rs` (that of the export), and `verify.rs` looks whether that is as it was left. `writer.rs` does without both, `arrow_pages.rs`
//! without files, too.

mod arrow_pages;
mod batches;
mod cells;
mod columns;
mod csv;
mod extra;
mod files;
mod format;
mod json_lines;
mod parquet;
mod readme;
mod run;
mod shape;
mod sink;
mod source;
mod state;
mod tables;
mod target;
#[cfg(test)]
mod tests;
mod verify;
mod writer;

use std::path::PathBuf;

pub use arrow_pages::{ArrowPages, ArrowPart};
pub use format::Format;
pub use verify::{VerifiedExport, exports_in, is_export, verify};
pub use writer::{EventOrigin, ParquetWriter, Written};

use crate::error::Error;
use crate::pull::EventStream;

/// An export of a pull's folder. Made by [`Export::of`], started by [`run`](Self::run).
#[derive(Debug, Clone)]
pub struct Export {
    folder: PathBuf,
    format: Format,
    output: Option<PathBuf>,
    streams: Option<Vec<EventStream>>,
    with_live: bool,
}

impl Export {
    /// An export of what a pull has left in this folder, to Parquet.
    #[must_use]
    pub fn of(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), format: Format::Parquet, output: None, streams: None, with_live: false }
    }

    /// The format of the files.
    #[must_use]
    pub fn to(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// Where the files go. Default: a folder in the pull's that is named as the format, `logs/parquet`.
    #[must_use]
    pub fn output(mut self, folder: impl Into<PathBuf>) -> Self {
        self.output = Some(folder.into());
        self
    }

    /// Only events of these streams. Default: of all that are here.
    #[must_use]
    pub fn streams(mut self, streams: impl IntoIterator<Item = EventStream>) -> Self {
        self.streams = Some(streams.into_iter().collect());
        self
    }

    /// Also the reports that may still grow. Their files are named `CODE.live.…`, and their column `live` is true; when they are
    /// finished, the next export replaces them.
    #[must_use]
    pub fn with_live(mut self) -> Self {
        self.with_live = true;
        self
    }

    /// Where the files go.
    fn target(&self) -> PathBuf {
        self.output.clone().unwrap_or_else(|| self.format.usual_place(&self.folder))
    }

    fn wants(&self, file: &str) -> bool {
        let of = |stream: &EventStream| source::is_of_stream(file, stream.name());
        self.streams.as_ref().is_none_or(|streams| streams.iter().any(of))
    }
}

/// Something that happened in an export. New events and fields may come; match with `_` and `..`.
#[derive(Debug)]
#[non_exhaustive]
pub enum ExportEvent<'a> {
    /// It is known what there is.
    #[non_exhaustive]
    Found {
        /// Reports in the folder.
        reports: usize,
        /// Bytes of their files.
        bytes: u64,
    },
    /// A piece was read.
    #[non_exhaustive]
    Read {
        /// How many bytes.
        bytes: u64,
    },
    /// A report is done.
    #[non_exhaustive]
    ReportDone {
        /// What became of it.
        result: &'a ExportedReport,
        /// Reports done so far, this one included.
        done: usize,
        /// Reports in all.
        total: usize,
    },
}

/// What became of one report, or of the guild's attendance.
#[derive(Debug)]
#[non_exhaustive]
pub struct ExportedReport {
    /// The name of its folder: the code, with `_` for `:`; of the attendance `guild`.
    pub name: String,
    /// Whether it may still grow.
    pub live: bool,
    /// Rows of all its tables, those of earlier exports included.
    pub rows: u64,
    /// How many of its files were made.
    pub made: usize,
    /// How many were here from an earlier export, made of the same bytes.
    pub already_here: usize,
    /// Why some are missing, where they are: what they are made of is damaged.
    pub failed: Option<Error>,
}

/// What an export has done.
#[derive(Debug)]
#[non_exhaustive]
pub struct ExportSummary {
    /// Where the files are.
    pub folder: PathBuf,
    /// Their format.
    pub format: Format,
    /// Every report, in the order of their names.
    pub reports: Vec<ExportedReport>,
    /// Who was there in the guild's reports, where the pull has that: it is the guild's, not one report's.
    pub attendance: Option<ExportedReport>,
    /// Reports that may still grow and were left out.
    pub live_left_out: usize,
    /// Rows of all tables, those of earlier exports included.
    pub rows: u64,
    /// Events among them.
    pub events: u64,
    /// Bytes of the files, those of earlier exports included.
    pub bytes: u64,
}

impl ExportSummary {
    /// Reports of which files were made.
    #[must_use]
    pub fn made(&self) -> usize {
        self.reports.iter().filter(|report| report.made > 0).count()
    }

    /// Reports of which something is missing, and the attendance where it is.
    pub fn failed(&self) -> impl Iterator<Item = &ExportedReport> {
        self.reports.iter().chain(&self.attendance).filter(|report| report.failed.is_some())
    }
}
