//! What takes lines and makes a file of them, in one of the formats.

use std::io;

use arrow_array::RecordBatch;

use super::batches::{BadLine, Batches};
use super::files::Part;
use crate::error::{Error, ErrorKind};

/// Why a file could not be made.
#[derive(Debug)]
pub(super) enum Trouble {
    /// What it is made of cannot be used; other files can be made.
    Source(Error),
    /// It cannot be written, and neither could others.
    Target(Error),
}

impl Trouble {
    pub(super) fn into_error(self) -> Error {
        match self {
            Self::Source(error) | Self::Target(error) => error,
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Target(error)
    }
}

/// A file that is being made.
pub(super) trait Sink: Send {
    /// Takes whole lines.
    fn append(&mut self, lines: &str) -> Result<(), Trouble>;

    /// Puts the file under its name, synced, and tells its parts and how many rows there are.
    fn finish(self: Box<Self>) -> Result<(Vec<Part>, u64), Error>;
}

/// What writes record batches into files.
pub(super) trait BatchWriter: Send {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), Error>;

    /// An error, in terms of the file that was to be.
    fn failed(&self, error: io::Error) -> Error;

    /// Puts the files under their names, synced.
    fn finish(self) -> Result<Vec<Part>, Error>;
}

/// Makes batches of lines, and hands them on.
pub(super) struct TableSink<W> {
    batches: Batches,
    writer: W,
    /// Where the lines come from, for the error that names one.
    subject: String,
}

impl<W: BatchWriter> TableSink<W> {
    pub(super) fn new(batches: Batches, writer: W, subject: impl Into<String>) -> Self {
        Self { batches, writer, subject: subject.into() }
    }

    fn write_batch(&mut self) -> Result<(), Error> {
        match self.batches.take() {
            Ok(Some(batch)) => self.writer.write(&batch),
            Ok(None) => Ok(()),
            Err(error) => Err(self.writer.failed(io::Error::other(error))),
        }
    }

    fn bad_line(&self, BadLine { number, why }: &BadLine) -> Trouble {
        let message = format!("{}: line {number} cannot be used, {why}", self.subject);
        Trouble::Source(Error::new(ErrorKind::LocalFile, message))
    }
}

impl<W: BatchWriter> Sink for TableSink<W> {
    fn append(&mut self, lines: &str) -> Result<(), Trouble> {
        let mut start = 0;
        while start < lines.len() {
            start += self.batches.append(&lines[start..]).map_err(|bad| self.bad_line(&bad))?;
            if self.batches.is_full() {
                self.write_batch()?;
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(Vec<Part>, u64), Error> {
        self.write_batch()?;
        let rows = self.batches.row_count();
        Ok((self.writer.finish()?, rows))
    }
}
