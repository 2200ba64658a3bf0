//! What takes lines and makes a file of them, in one of the formats.

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

    /// Puts the files under their names, synced.
    fn finish(self) -> Result<Vec<Part>, Error>;
}

/// Makes batches of lines.
pub(super) struct Decoder {
    batches: Batches,
    /// Where the lines come from, for the error that names one.
    subject: String,
}

impl Decoder {
    pub(super) fn new(batches: Batches, subject: impl Into<String>) -> Self {
        Self { batches, subject: subject.into() }
    }

    /// Takes whole lines, and hands on each batch that is full.
    pub(super) fn append(
        &mut self,
        lines: &str,
        mut hand_on: impl FnMut(RecordBatch) -> Result<(), Error>,
    ) -> Result<(), Trouble> {
        let (rows, mut start) = (self.batches.shape().rows(lines), 0);
        while start < rows.len() {
            start += self.batches.append(&rows[start..]).map_err(|bad| self.bad_line(&bad))?;
            if self.batches.is_full() {
                self.rest(&mut hand_on)?;
            }
        }
        Ok(())
    }

    /// One batch of whole lines, each of which is a row, from this place in them; and where the next one begins.
    pub(super) fn one(&mut self, lines: &str, start: usize) -> Result<(Option<RecordBatch>, usize), Trouble> {
        let read = self.batches.append(lines.get(start..).unwrap_or_default()).map_err(|bad| self.bad_line(&bad))?;
        let mut one = None;
        self.rest(|batch| {
            one = Some(batch);
            Ok(())
        })?;
        Ok((one, start + read))
    }

    /// Hands on what is left.
    pub(super) fn rest(&mut self, mut hand_on: impl FnMut(RecordBatch) -> Result<(), Error>) -> Result<(), Trouble> {
        match self.batches.take() {
            Ok(Some(batch)) => Ok(hand_on(batch)?),
            Ok(None) => Ok(()),
            Err(error) => {
                let message = format!("{}: its columns make no table", self.subject);
                Err(Trouble::Source(Error::new(ErrorKind::LocalFile, message).with_source(error)))
            }
        }
    }

    pub(super) fn row_count(&self) -> u64 {
        self.batches.row_count()
    }

    fn bad_line(&self, BadLine { number, why }: &BadLine) -> Trouble {
        let message = format!("{}: line {number} cannot be used, {why}", self.subject);
        Trouble::Source(Error::new(ErrorKind::LocalFile, message))
    }
}

/// Makes batches of lines, and writes them.
pub(super) struct TableSink<W> {
    pub(super) decoder: Decoder,
    pub(super) writer: W,
}

impl<W: BatchWriter> Sink for TableSink<W> {
    fn append(&mut self, lines: &str) -> Result<(), Trouble> {
        self.decoder.append(lines, |batch| self.writer.write(&batch))
    }

    fn finish(mut self: Box<Self>) -> Result<(Vec<Part>, u64), Error> {
        self.decoder.rest(|batch| self.writer.write(&batch)).map_err(Trouble::into_error)?;
        Ok((self.writer.finish()?, self.decoder.row_count()))
    }
}
