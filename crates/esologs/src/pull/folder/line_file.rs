//! Files of lines: written page by page, counted.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

use super::local;
use crate::error::Error;

/// A file of lines that grows page by page and is synced at its end.
#[derive(Debug)]
pub(in crate::pull) struct LineFile {
    file: File,
    path: PathBuf,
    lines: u64,
}

impl LineFile {
    pub(in crate::pull) fn create(path: PathBuf) -> Result<Self, Error> {
        let file = File::create(&path).map_err(|error| local(&format!("cannot write {}", path.display()), error))?;
        Ok(Self { file, path, lines: 0 })
    }

    pub(in crate::pull) fn append(&mut self, text: &[u8], lines: u64) -> Result<(), Error> {
        self.file.write_all(text).map_err(|error| local(&format!("cannot write {}", self.path.display()), error))?;
        self.lines += lines;
        Ok(())
    }

    /// Syncs the file and tells how many lines it has.
    pub(in crate::pull) fn finish(self) -> Result<u64, Error> {
        self.file.sync_all().map_err(|error| local(&format!("cannot write {}", self.path.display()), error))?;
        Ok(self.lines)
    }
}

/// Writes a whole file of lines.
pub(in crate::pull) fn write_lines(path: PathBuf, text: &[u8], lines: u64) -> Result<u64, Error> {
    let mut file = LineFile::create(path)?;
    file.append(text, lines)?;
    file.finish()
}

/// How many lines a file has.
pub(super) fn count_lines(path: &Path) -> io::Result<u64> {
    let mut reader = BufReader::with_capacity(256 * 1024, File::open(path)?);
    let mut lines = 0;
    loop {
        let piece = reader.fill_buf()?;
        if piece.is_empty() {
            return Ok(lines);
        }
        lines += piece.iter().filter(|byte| **byte == b'\n').count() as u64;
        let read = piece.len();
        reader.consume(read);
    }
}
