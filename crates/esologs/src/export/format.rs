//! The formats of an export.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::batches::{Batches, Origin};
use super::csv::CsvFile;
use super::json_lines::LinesSink;
use super::parquet::ParquetFiles;
use super::sink::{Decoder, Sink, TableSink};
use super::tables::Table;
use crate::error::{Error, ErrorKind};

/// What the files of an export are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Format {
    /// Parquet: typed columns, compressed. For DuckDB, Polars, pandas, Spark and the like.
    #[default]
    Parquet,
    /// CSV with the same columns. For spreadsheets.
    Csv,
    /// JSON Lines, to the letter as the pull has them.
    JsonLines,
    /// The same, compressed with zstd.
    JsonLinesZstd,
}

impl Format {
    /// Every format.
    pub const EVERY: [Self; 4] = [Self::Parquet, Self::Csv, Self::JsonLines, Self::JsonLinesZstd];

    /// The name on the command line, which is the ending of the files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
            Self::JsonLinesZstd => "jsonl.zst",
        }
    }

    /// Where an export of a pull's folder goes where nothing is said.
    pub(super) fn usual_place(self, folder: &Path) -> PathBuf {
        folder.join(self.name())
    }

    /// Begins a file of this format; `subject` names what it is made of.
    pub(super) fn begin(
        self,
        table: &'static Table,
        origin: &Origin,
        subject: &str,
        (work, place): (&Path, &Path),
    ) -> Result<Box<dyn Sink>, Error> {
        let decoder = || Decoder::new(Batches::new(table, origin), subject);
        Ok(match self {
            Self::Parquet => Box::new(TableSink { decoder: decoder(), writer: ParquetFiles::create(table, work, place)? }),
            Self::Csv => Box::new(TableSink { decoder: decoder(), writer: CsvFile::create(table, work, place)? }),
            Self::JsonLines => Box::new(LinesSink::create(false, work, place)?),
            Self::JsonLinesZstd => Box::new(LinesSink::create(true, work, place)?),
        })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = Error;

    /// # Errors
    /// [`ErrorKind::Usage`] with the list of names.
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::EVERY.into_iter().find(|format| format.name() == text.trim()).ok_or_else(|| {
            let names = Self::EVERY.map(Self::name).join(", ");
            Error::new(ErrorKind::Usage, format!("'{text}' is not a format: choose from {names}"))
        })
    }
}
