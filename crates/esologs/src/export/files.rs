//! Files that appear under their names when they are whole, and how it is told that the disk fails.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crc32fast::Hasher;

use crate::disk;
use crate::error::Error;

/// The parts of one file that is being written: one, or several where it grows too large.
///
/// Until the end they lie in another place. What is not finished is removed.
#[derive(Debug)]
pub(super) struct Parts {
    /// Where they are written.
    work: PathBuf,
    /// The file, as it is called at the end; a second part gets a number before the extension.
    place: PathBuf,
    written: u32,
    /// Of those that are whole.
    sums: Vec<u32>,
}

/// A part that has got its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    pub(super) crc32: u32,
}

/// A part that is being written, with the sum of what was written.
#[derive(Debug)]
pub(super) struct Unfinished {
    file: File,
    sum: Hasher,
}

impl Write for Unfinished {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.sum.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Parts {
    pub(super) fn new(work: &Path, place: &Path) -> Self {
        Self { work: work.to_owned(), place: place.to_owned(), written: 0, sums: Vec::new() }
    }

    /// The next part, empty.
    pub(super) fn next(&mut self) -> Result<Unfinished, Error> {
        self.written += 1;
        let path = self.unfinished(self.written);
        let file = File::create(&path).map_err(|error| self.failed(error))?;
        Ok(Unfinished { file, sum: Hasher::new() })
    }

    /// The part is whole.
    pub(super) fn end(&mut self, part: Unfinished) -> Result<(), Error> {
        part.file.sync_all().map_err(|error| self.failed(error))?;
        self.sums.push(part.sum.finalize());
        Ok(())
    }

    /// An error of the disk, in terms of the file that was to be.
    pub(super) fn failed(&self, error: io::Error) -> Error {
        failed(&format!("cannot write {}", self.place.display()), error)
    }

    /// Gives all parts their names. Each has been [ended](Self::end).
    pub(super) fn finish(mut self) -> Result<Vec<Part>, Error> {
        let put = |(number, crc32)| {
            let (from, to) = (self.unfinished(number), self.name(number));
            let bytes = fs::metadata(&from)?.len();
            fs::rename(from, &to)?;
            Ok(Part { path: to, bytes, crc32 })
        };
        let parts = (1..=self.written)
            .zip(self.sums.iter().copied())
            .map(put)
            .collect::<io::Result<Vec<_>>>()
            .map_err(|error| self.failed(error))?;
        disk::sync_folder_of(&self.place).map_err(|error| self.failed(error))?;
        self.written = 0;
        Ok(parts)
    }

    fn unfinished(&self, number: u32) -> PathBuf {
        let name = self.name(number);
        self.work.join(format!(".{}.unfinished", name.file_name().unwrap_or_default().to_string_lossy()))
    }

    /// `events/damage/CODE.parquet`, `events/damage/CODE.part2.parquet`
    fn name(&self, number: u32) -> PathBuf {
        if number == 1 {
            return self.place.clone();
        }
        let name = self.place.file_name().unwrap_or_default().to_string_lossy();
        let (stem, extension) = name.split_once('.').unwrap_or((&name, ""));
        self.place.with_file_name(format!("{stem}.part{number}.{extension}"))
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        for number in 1..=self.written {
            // Where that fails, the next export clears it away.
            let _ = fs::remove_file(self.unfinished(number));
        }
    }
}

/// Writes a file so that it is either the old one or the whole new one.
pub(super) fn replace(work: &Path, place: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut parts = Parts::new(work, place);
    let mut file = parts.next()?;
    file.write_all(bytes).map_err(|error| parts.failed(error))?;
    parts.end(file)?;
    parts.finish().map(drop)
}

/// The disk has failed.
pub(super) fn failed(what: &str, error: io::Error) -> Error {
    disk::failed(what, "files that are done are kept", error)
}
