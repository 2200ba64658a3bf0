//! The folder of a pull: what is where, and how it gets there without ever looking whole before it is.

mod part_file;
mod reports;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub(super) use self::part_file::{PartFile, read_page, read_whole, write_lines};
use self::reports::aside_name;
use super::journal::{JOURNAL, Page};
use super::target::Target;
use crate::disk;
use crate::error::{Error, ErrorKind};
use crate::ids::ReportCode;

pub(super) const MANIFEST: &str = "manifest.json";
const README: &str = "README.txt";
/// Where reports are while they are being fetched.
const WORK: &str = ".unfinished";
const LOCK: &str = ".lock";
/// What an export makes beside it, one for each format (`docs/export.md`).
const EXPORTS: [&str; 4] = ["parquet", "csv", "jsonl", "jsonl.zst"];

/// Which of the two places a report goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Shelf {
    /// `data/reports/`: finished reports.
    Data,
    /// `live/`: reports that may still grow.
    Live,
}

/// An open folder. While it is open, no other pull can work in it.
#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
    /// Held while a pull works in the folder; `None` for whoever only looks.
    lock: Option<File>,
}

impl Folder {
    /// Makes the folder, where it is not there.
    pub(super) fn make(root: &Path) -> Result<(), Error> {
        fs::create_dir_all(root).map_err(|error| local(&format!("cannot make the folder {}", root.display()), error))
    }

    /// Takes the folder for a pull; `None` where another pull works in it. Whoever calls has looked into it
    /// ([`look`](Self::look)): a folder that holds something else is refused before anything in it is changed.
    pub(super) fn take(root: &Path) -> Result<Option<Self>, Error> {
        let failed = |what: &str, error: io::Error| local(&format!("cannot {what} the folder {}", root.display()), error);
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(root.join(LOCK))
            .map_err(|error| failed("write to", error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { root: root.to_owned(), lock: Some(lock) })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed("lock", error)),
        }
    }

    /// The folder for looking only: changes nothing, makes no folder, and does not mind a pull that works in it. `read` takes the
    /// manifest of an earlier pull, or refuses it.
    pub(super) fn look<M>(root: &Path, read: impl FnOnce(&str) -> Result<M, Error>) -> Result<(Self, Option<M>), Error> {
        let folder = Self { root: root.to_owned(), lock: None };
        match fs::metadata(root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok((folder, None)),
            Err(error) => Err(local(&format!("cannot read the folder {}", root.display()), error)),
            Ok(_) => read_manifest(root, read).map(|earlier| (folder, earlier)),
        }
    }

    fn work(&self) -> PathBuf {
        self.root.join(WORK)
    }

    /// Clears what an earlier pull has left unfinished, but for these reports, with which this one goes on.
    pub(super) fn clear_work(&self, keep: &[String]) -> Result<(), Error> {
        let clear = || {
            self.bring_back()?;
            fs::create_dir_all(self.work())?;
            for entry in fs::read_dir(self.work())? {
                let entry = entry?;
                if keep.iter().any(|name| entry.file_name() == **name) {
                    continue;
                }
                if entry.file_type()?.is_dir() { fs::remove_dir_all(entry.path())? } else { fs::remove_file(entry.path())? }
            }
            disk::sync_folder_of(&self.work())
        };
        clear().map_err(|error| local(&format!("cannot write to the folder {}", self.root.display()), error))
    }

    /// A report that was being replaced, and whose new form never got its name, takes its place again.
    fn bring_back(&self) -> io::Result<()> {
        let work = self.work();
        for shelf in [Shelf::Data, Shelf::Live] {
            let aside = work.join(aside_name(shelf));
            for entry in fs::read_dir(&aside).into_iter().flatten().flatten() {
                let place = self.shelf(shelf).join(entry.file_name());
                if !place.exists() {
                    fs::rename(entry.path(), place)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn write_manifest(&self, json: &str) -> Result<(), Error> {
        self.replace(&self.root.join(MANIFEST), json.as_bytes())
    }

    pub(super) fn write_readme(&self, text: &str) -> Result<(), Error> {
        self.replace(&self.root.join(README), text.as_bytes())
    }

    /// Makes the place of finished reports.
    pub(super) fn make_data(&self) -> Result<(), Error> {
        let reports = self.shelf(Shelf::Data);
        let make = || {
            fs::create_dir_all(&reports)
                .and_then(|()| disk::sync_folder_of(&reports))
                .and_then(|()| disk::sync_folder_of(&self.root.join("data")))
        };
        make().map_err(|error| local(&format!("cannot make {}", reports.display()), error))
    }

    /// Writes down what the service tells of the pull's target.
    pub(super) fn write_about(&self, target: Target, line: &str) -> Result<Page, Error> {
        self.make_data()?;
        let text = format!("{line}\n");
        if let Some(path) = self.about_file(target) {
            self.replace(&path, text.as_bytes())?;
        }
        Ok(Page::whole(text.as_bytes(), 1))
    }

    /// Where that is; `None` where the service tells nothing.
    pub(super) fn about_file(&self, target: Target) -> Option<PathBuf> {
        target.file().map(|name| self.root.join("data").join(name))
    }

    pub(super) fn write_attendance(&self, text: &str) -> Result<(), Error> {
        self.replace(&self.attendance_file(), text.as_bytes())
    }

    pub(super) fn attendance_file(&self) -> PathBuf {
        self.root.join("data").join("attendance.jsonl")
    }

    /// Takes away what a pull has written that never learned of a report.
    pub(super) fn forget_data(&self, target: Option<Target>) -> io::Result<()> {
        if let Some(path) = target.and_then(|target| self.about_file(target)) {
            fs::remove_file(path)?;
        }
        fs::remove_dir(self.shelf(Shelf::Data))?;
        fs::remove_dir(self.root.join("data"))
    }

    /// Writes a file so that it is either the old one or the whole new one.
    fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        let name = path.file_name().unwrap_or_default();
        let part = self.work().join(name);
        let options = File::options().write(true).create(true).truncate(true).to_owned();
        disk::replace(&options, &part, path, bytes).map_err(|error| local(&format!("cannot write {}", path.display()), error))
    }

    /// Takes the folder of unfinished things away, where there is nothing in it.
    fn tidy(&self) {
        // What is left behind is harmless: the next pull clears it.
        if self.bring_back().is_ok() {
            for shelf in [Shelf::Data, Shelf::Live] {
                let _ = fs::remove_dir_all(self.work().join(aside_name(shelf)));
            }
            let _ = fs::remove_dir(self.work());
        }
    }

    pub(super) fn place(&self, code: &ReportCode, shelf: Shelf) -> PathBuf {
        self.shelf(shelf).join(code.to_folder_name())
    }

    fn shelf(&self, shelf: Shelf) -> PathBuf {
        match shelf {
            Shelf::Data => self.root.join("data").join("reports"),
            Shelf::Live => self.root.join("live"),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.lock.is_some() {
            self.tidy();
        }
    }
}

/// What the manifest of an earlier pull says; `None` where there was none.
fn read_manifest<M>(root: &Path, read: impl FnOnce(&str) -> Result<M, Error>) -> Result<Option<M>, Error> {
    let manifest = root.join(MANIFEST);
    match fs::read_to_string(&manifest) {
        Ok(text) => return read(&text).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(local(&format!("cannot read {}", manifest.display()), error)),
    }
    if is_free(root).map_err(|error| local(&format!("cannot read the folder {}", root.display()), error))? {
        return Ok(None);
    }
    let message = format!("the folder {} holds something else than a pull (it has no {MANIFEST})", root.display());
    Err(Error::new(ErrorKind::LocalFile, message).with_hint("choose a new or an empty folder"))
}

/// Whether a folder without a manifest may be used: it is empty, or holds just what a pull leaves that lost its manifest or
/// never came so far as to write one.
fn is_free(root: &Path) -> io::Result<bool> {
    let names = fs::read_dir(root)?.map(|entry| entry.map(|entry| entry.file_name())).collect::<io::Result<Vec<_>>>()?;
    let lock = fs::symlink_metadata(root.join(LOCK));
    let is_ours = lock.is_ok_and(|lock| lock.is_file() && lock.len() == 0);
    let has_reports = root.join("data").join("reports").is_dir();
    let known = |name: &std::ffi::OsString| match name.to_str() {
        Some(LOCK | WORK) => is_ours,
        Some(name) if name.starts_with(JOURNAL) => is_ours,
        Some(README | "data" | "live") => is_ours && has_reports,
        Some(name) if EXPORTS.contains(&name) => is_ours && has_reports,
        _ => false,
    };
    Ok(names.iter().all(known))
}

pub(super) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// The disk has failed.
pub(super) fn local(what: &str, error: io::Error) -> Error {
    disk::failed(what, "what was fetched is kept", error)
}

#[cfg(test)]
mod tests;
