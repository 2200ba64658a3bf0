//! Record batches into Parquet files.

use std::io;
use std::path::Path;

use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::batches::schema;
use super::files::{Part, Parts, Unfinished};
use super::sink::BatchWriter;
use super::tables::Table;
use crate::error::Error;

/// Rows of a row group at most: what is buffered until a group is written, and what a reader skips or reads at once.
pub(super) const MAX_GROUP_ROWS: usize = 131_072;
/// A row group ends after so many bytes, encoded, whatever its rows.
const MAX_GROUP_BYTES: usize = 32 << 20;
/// After so many bytes a file ends, and a second part begins.
const MAX_FILE_BYTES: usize = 256 << 20;
/// Of zstd.
const LEVEL: i32 = 1;

/// Writes a table's batches into one Parquet file, or several where it grows too large.
pub(super) struct ParquetFiles {
    table: &'static Table,
    parts: Parts,
    writer: Option<ArrowWriter<Unfinished>>,
    max_file_bytes: usize,
}

impl ParquetFiles {
    pub(super) fn create(table: &'static Table, work: &Path, place: &Path) -> Result<Self, Error> {
        Self::bounded(MAX_FILE_BYTES, table, work, place)
    }

    pub(super) fn bounded(max_file_bytes: usize, table: &'static Table, work: &Path, place: &Path) -> Result<Self, Error> {
        let mut files = Self { table, parts: Parts::new(work, place), writer: None, max_file_bytes };
        // A table without rows is a file with columns only.
        files.writer = Some(files.begin_part()?);
        Ok(files)
    }

    fn begin_part(&mut self) -> Result<ArrowWriter<Unfinished>, Error> {
        let file = self.parts.next()?;
        open(file, self.table).map_err(|error| self.parquet_failed(error))
    }

    fn parquet_failed(&self, error: ParquetError) -> Error {
        self.parts.failed(match error {
            ParquetError::External(error) => match error.downcast::<io::Error>() {
                Ok(error) => *error,
                Err(error) => io::Error::other(error),
            },
            error => io::Error::other(error),
        })
    }
}

impl BatchWriter for ParquetFiles {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let mut writer = match self.writer.take() {
            Some(writer) => writer,
            None => self.begin_part()?,
        };
        writer.write(batch).map_err(|error| self.parquet_failed(error))?;
        let is_full = writer.bytes_written() + writer.in_progress_size() >= self.max_file_bytes;
        self.writer = Some(writer);
        if is_full { self.end_part() } else { Ok(()) }
    }

    fn finish(mut self) -> Result<Vec<Part>, Error> {
        self.end_part()?;
        self.parts.finish()
    }
}

impl ParquetFiles {
    fn end_part(&mut self) -> Result<(), Error> {
        let Some(writer) = self.writer.take() else { return Ok(()) };
        let file = writer.into_inner().map_err(|error| self.parquet_failed(error))?;
        self.parts.end(file)
    }
}

fn open(file: Unfinished, table: &Table) -> Result<ArrowWriter<Unfinished>, ParquetError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(LEVEL)?))
        .set_max_row_group_row_count(Some(MAX_GROUP_ROWS))
        .set_max_row_group_bytes(Some(MAX_GROUP_BYTES))
        // Readers skip whole row groups by these; of pages nobody asks that much.
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_created_by(concat!("esologs ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    // Without Arrow's own description of the columns, readers see plain Parquet types.
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    ArrowWriter::try_new_with_options(file, schema(table), options)
}
