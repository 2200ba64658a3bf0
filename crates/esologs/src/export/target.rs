//! The folder of an export: what is where, and that only one works in it at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::files::{failed, replace};
use super::format::Format;
use super::source::{SourceFile, SourceReport};
use super::state::{Made, MadeFile, Recipe, State};
use crate::error::{Error, ErrorKind};
use crate::pull::EXPORT as STATE;

const README: &str = "README.txt";
pub(super) const LOCK: &str = ".lock";
/// Where files are while they are being made.
pub(super) const WORK: &str = ".unfinished";

/// An open folder. While it is open, no other export can work in it.
#[derive(Debug)]
pub(super) struct Target {
    root: PathBuf,
    format: Format,
    state: Mutex<State>,
    /// Held as long as the folder is open.
    _lock: File,
}

impl Target {
    /// Opens the folder, or makes it. One that holds something else is refused before anything in it is changed.
    pub(super) fn open(root: &Path, format: Format) -> Result<Self, Error> {
        let cannot = |what: &str, error| failed(&format!("cannot {what} the folder {}", root.display()), error);
        fs::create_dir_all(root).map_err(|error| cannot("make", error))?;
        read_state(root, format)?;
        let options = OpenOptions::new().create(true).truncate(false).write(true).open(root.join(LOCK));
        let lock = options.map_err(|error| cannot("write to", error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(in_use(root)),
            Err(TryLockError::Error(error)) => return Err(cannot("lock", error)),
        }
        let work = root.join(WORK);
        remove_if_there(&work).and_then(|()| fs::create_dir_all(&work)).map_err(|error| cannot("write to", error))?;
        // Again: it may have been written until the other one ended.
        let earlier = read_state(root, format)?;
        let is_new = earlier.is_none();
        let state = Mutex::new(earlier.unwrap_or_else(|| State::new(format)));
        let target = Self { root: root.to_owned(), format, state, _lock: lock };
        if is_new {
            // From now on the folder can be told from one that holds something else.
            target.save()?;
        }
        Ok(target)
    }

    /// A folder for the unfinished files of one report.
    pub(super) fn work(&self, report: &SourceReport) -> Result<PathBuf, Error> {
        let work = self.root.join(WORK).join(&report.name);
        fs::create_dir_all(&work).map_err(|error| failed(&format!("cannot make {}", work.display()), error))?;
        Ok(work)
    }

    /// Where the file goes that is made of this one: `events/damage/CODE.parquet`, of a report that may still grow
    /// `CODE.live.parquet`. The folder for it is made.
    pub(super) fn place(&self, report: &SourceReport, file: &SourceFile) -> Result<PathBuf, Error> {
        let folder = self.root.join(table_of(file));
        fs::create_dir_all(&folder).map_err(|error| failed(&format!("cannot make {}", folder.display()), error))?;
        let live = if report.live { ".live" } else { "" };
        Ok(folder.join(format!("{}{live}.{}", report.name, self.format)))
    }

    /// What was made of this file earlier, if it is all still there.
    pub(super) fn earlier(&self, report: &SourceReport, file: &SourceFile, by: &Recipe) -> Option<Made> {
        let made = self.state().made(&report.name, &table_of(file)).filter(|made| made.by == *by).cloned()?;
        let is_there = |file: &MadeFile| fs::metadata(self.root.join(&file.path)).is_ok_and(|found| found.len() == file.bytes);
        made.files.iter().all(is_there).then_some(made)
    }

    /// Notes what was made of this file, and removes what an earlier export made of it under other names.
    pub(super) fn note(&self, report: &SourceReport, file: &SourceFile, made: Made) -> Result<(), Error> {
        let table = table_of(file);
        let mut state = self.state();
        let before = state.made(&report.name, &table).map(|made| made.files.clone()).unwrap_or_default();
        for old in before.iter().filter(|old| made.files.iter().all(|new| new.path != old.path)) {
            let path = self.root.join(&old.path);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(failed(&format!("cannot remove {}", path.display()), error));
                }
                _ => {}
            }
        }
        state.note(&report.name, &table, made);
        Ok(())
    }

    /// The path below the folder, as the state has it.
    pub(super) fn below(&self, path: &Path) -> String {
        let names = path.strip_prefix(&self.root).unwrap_or(path).components();
        names.map(|name| name.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/")
    }

    /// Writes down what is done.
    pub(super) fn save(&self) -> Result<(), Error> {
        let state = self.state();
        replace(&self.root.join(WORK), &self.root.join(STATE), &state.to_json()?)
    }

    pub(super) fn write_readme(&self, text: &str) -> Result<(), Error> {
        replace(&self.root.join(WORK), &self.root.join(README), text.as_bytes())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // What is left behind is harmless: the next export clears it.
        let _ = fs::remove_dir_all(self.root.join(WORK));
    }
}

/// The table that is made of a file: `fights`, `events/damage`.
fn table_of(file: &SourceFile) -> String {
    match &file.events {
        Some(events) => format!("{}/{events}", file.table.name),
        None => file.table.name.to_owned(),
    }
}

/// What an earlier export has left; `None` where there was none.
fn read_state(root: &Path, format: Format) -> Result<Option<State>, Error> {
    let path = root.join(STATE);
    match fs::read(&path) {
        Ok(json) => return State::read_of(&json, format).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(&format!("cannot read {}", path.display()), error)),
    }
    let entries = fs::read_dir(root).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
    let entries = entries.map_err(|error| failed(&format!("cannot read the folder {}", root.display()), error))?;
    if entries.iter().all(|entry| entry.file_name() == LOCK || entry.file_name() == WORK) {
        return Ok(None);
    }
    let message = format!("the folder {} holds something else than an export (it has no {STATE})", root.display());
    Err(Error::new(ErrorKind::LocalFile, message).with_hint("choose a new or an empty folder with -o"))
}

/// Another works in the folder.
pub(super) fn in_use(root: &Path) -> Error {
    let message = format!("another export is working in the folder {}", root.display());
    Error::new(ErrorKind::LocalFile, message).with_hint("wait for it to end, or choose another folder")
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
