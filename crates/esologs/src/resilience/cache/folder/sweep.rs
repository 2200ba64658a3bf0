//! The store's bound on disk: what was written since it was swept is counted, and the longest unused go first.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use super::{Folder, moment};
use crate::disk;
use crate::units::UnixMillis;

/// Files take whole blocks.
pub(super) const BLOCK: u64 = 4096;
/// The store is swept when a sixteenth of its bound was written since…
const SHARE_WRITTEN: u64 = 16;
/// …and down to seven eighths, so that it never reaches its bound.
const SWEEP_TO: (u64, u64) = (7, 8);
/// A file that has been written for longer belongs to a process that was killed.
const LONGEST_WRITE: Duration = Duration::from_secs(3600);

/// A file of the store.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) path: PathBuf,
    pub(super) used_at: UnixMillis,
    pub(super) bytes: u64,
}

impl Folder {
    /// So many bytes were written; sweeps the store where it is time to.
    pub(super) fn grow(&self, bytes: u64, now: UnixMillis) -> io::Result<()> {
        let blocks = bytes.div_ceil(BLOCK);
        let mut grown = disk::private().append(true).create(true).open(self.place.grown())?;
        grown.write_all(&vec![b'.'; usize::try_from(blocks).unwrap_or(0)])?;
        if grown.metadata()?.len() * BLOCK > self.max_bytes / SHARE_WRITTEN {
            self.sweep(now)?;
        }
        Ok(())
    }

    /// Removes the longest unused answers until the store is well within its bound, and what killed processes left behind. One process
    /// at a time; the number of answers removed.
    pub(crate) fn sweep(&self, now: UnixMillis) -> io::Result<usize> {
        let lock = self.place.lock()?;
        if lock.try_lock().is_err() {
            // Somebody else is at it.
            return Ok(0);
        }
        // First: what is written meanwhile counts for the next time.
        disk::private().write(true).create(true).truncate(true).open(self.place.grown())?;
        for left in list(&self.place.temporaries())? {
            if begun_at(&left.path).is_none_or(|begun| now.since(begun).max(begun.since(now)) > LONGEST_WRITE) {
                _ = fs::remove_file(&left.path);
            }
        }
        self.compact_looks(now)?;
        let mut entries = self.listed()?;
        let mut total: u64 = entries.iter().map(|entry| entry.bytes).sum();
        let goal = self.max_bytes / SWEEP_TO.1 * SWEEP_TO.0;
        entries.sort_unstable_by_key(|entry| entry.used_at);
        let mut removed = 0;
        for entry in entries {
            if total <= goal {
                break;
            }
            if fs::remove_file(&entry.path).is_ok() {
                removed += 1;
            }
            total = total.saturating_sub(entry.bytes);
        }
        Ok(removed)
    }

    /// The files of all answers.
    pub(super) fn listed(&self) -> io::Result<Vec<Listed>> {
        let mut entries = Vec::new();
        for shelf in folders(&self.place.entries())? {
            entries.extend(list(&shelf)?);
        }
        Ok(entries)
    }
}

/// When a file was begun that is being written, by its name.
fn begun_at(temporary: &std::path::Path) -> Option<UnixMillis> {
    temporary.file_name()?.to_str()?.split('-').next()?.parse().ok().map(UnixMillis::new)
}

fn folders(folder: &std::path::Path) -> io::Result<Vec<PathBuf>> {
    Ok(read_dir(folder)?.into_iter().map(|entry| entry.path()).collect())
}

/// The files in a folder. One that disappears meanwhile is none.
fn list(folder: &std::path::Path) -> io::Result<Vec<Listed>> {
    let files = read_dir(folder)?.into_iter().filter_map(|entry| {
        let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        let used_at = metadata.modified().map_or(UnixMillis::new(0), moment);
        Some(Listed { path: entry.path(), used_at, bytes: metadata.len().div_ceil(BLOCK) * BLOCK })
    });
    Ok(files.collect())
}

fn read_dir(folder: &std::path::Path) -> io::Result<Vec<fs::DirEntry>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.collect(),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
