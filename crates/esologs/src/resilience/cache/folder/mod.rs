//! Answers in a folder: a file for each, for all processes of a user.
//!
//! A file appears under its name when it is whole, and is checked when it is read, so a process that is killed, a full disk and two
//! writers at once cost a miss at most. Nothing is synced: what a loss of power leaves behind fails its check. Time of use is the
//! file's time of change; the longest unused go first.

mod looks;
mod place;
mod survey;
mod sweep;

#[cfg(test)]
mod kills;
#[cfg(test)]
mod tests;

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::entry::Entry;
use super::key::Key;
use crate::disk;
use crate::units::UnixMillis;

pub(crate) use looks::{Looks, MOST_REPORTS, Record};
pub(crate) use place::{Opened, Place};

/// A use is noted at most this often: noting costs a system call.
const USE_NOTED: Duration = Duration::from_secs(3600);

/// Answers in a folder.
#[derive(Debug)]
pub(crate) struct Folder {
    pub(crate) place: Place,
    max_bytes: u64,
    is_open: Mutex<bool>,
    temporary: AtomicU64,
}

/// Something about the folder that its owner should know. The first word of its kind is said once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) what: What,
    pub(crate) why: String,
}

/// What cannot be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum What {
    Read,
    Write,
    /// What was there is kept aside, and a new store begun.
    Aside,
}

impl Folder {
    pub(crate) fn new(folder: &Path, max_bytes: u64) -> Self {
        Self { place: Place::new(folder), max_bytes, is_open: Mutex::new(false), temporary: AtomicU64::new(fastrand::u64(..)) }
    }

    /// Makes the store where there is none. One that cannot be read is moved aside, which is told.
    ///
    /// # Errors
    /// Where it cannot be made, or what is there not be moved.
    fn open(&self) -> Result<Option<Trouble>, Trouble> {
        let mut is_open = lock(&self.is_open);
        if *is_open {
            return Ok(None);
        }
        let opened = self.place.open().map_err(|error| self.trouble(What::Write, "made", &error))?;
        *is_open = true;
        Ok(match opened {
            Opened::Ready => None,
            Opened::Aside { moved_to, why } => Some(Trouble {
                what: What::Aside,
                why: format!(
                    "{} is not used: {why}. It was moved to {}, and a new one is begun",
                    self.place.store().display(),
                    moved_to.display()
                ),
            }),
        })
    }

    /// The answer to this question; a damaged file is removed.
    pub(crate) fn get(&self, key: &Key, now: UnixMillis) -> Found {
        let path = self.place.entry(&key.name());
        // Somebody else's store is not looked into.
        if !*lock(&self.is_open) {
            match self.place.is_ours() {
                Ok(true) => {}
                Ok(false) => return Found::Nothing,
                Err(error) => return Found::Unreadable(self.trouble(What::Read, "read", &error)),
            }
        }
        let file = match fs::read(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Found::Nothing,
            Err(error) => return Found::Unreadable(self.trouble(What::Read, "read", &error)),
        };
        match Entry::from_file(&file) {
            Ok(entry) if entry.answers(key) => {
                note_use(&path, now);
                Found::Entry(entry)
            }
            // The name of another question by chance.
            Ok(_) => Found::Nothing,
            Err(_) => {
                _ = fs::remove_file(&path);
                Found::Damaged
            }
        }
    }

    /// Writes an answer in place of what was there.
    ///
    /// # Errors
    /// Where it cannot be written; what was there is there still.
    pub(crate) fn put(&self, name: &str, entry: &Entry, now: UnixMillis) -> Result<Option<Trouble>, Trouble> {
        let news = self.open()?;
        let write = || {
            let file = entry.to_file()?;
            self.in_store(|| {
                self.write(&self.place.entry(name), &file, now)?;
                self.grow(file.len() as u64, now)
            })
        };
        write().map(|()| news).map_err(|error| self.trouble(What::Write, "written", &error))
    }

    /// Works in the store; makes a new one where somebody has removed it meanwhile.
    fn in_store<T>(&self, work: impl Fn() -> io::Result<T>) -> io::Result<T> {
        match work() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.place.open()?;
                work()
            }
            done => done,
        }
    }

    pub(crate) fn remove(&self, key: &Key) {
        if matches!(self.place.is_ours(), Ok(true)) {
            _ = fs::remove_file(self.place.entry(&key.name()));
        }
    }

    /// A file under its name when it is whole.
    fn write(&self, path: &Path, contents: &[u8], now: UnixMillis) -> io::Result<()> {
        let temporary = self.temporary(now);
        let written = self.create(&temporary).and_then(|mut file| {
            file.write_all(contents)?;
            file.set_modified(time(now))
        });
        let renamed = written.and_then(|()| match fs::rename(&temporary, path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.place.make_inside(path)?;
                fs::rename(&temporary, path)
            }
            renamed => renamed,
        });
        if renamed.is_err() {
            _ = fs::remove_file(&temporary);
        }
        renamed
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        let mut options = disk::private();
        options.write(true).create_new(true);
        match options.open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.place.make_inside(path)?;
                options.open(path)
            }
            opened => opened,
        }
    }

    /// Its name says when it was begun.
    fn temporary(&self, now: UnixMillis) -> PathBuf {
        let number = self.temporary.fetch_add(1, Ordering::Relaxed);
        self.place.temporaries().join(format!("{now}-{}-{number:016x}", std::process::id()))
    }

    fn trouble(&self, what: What, done: &str, error: &io::Error) -> Trouble {
        let folder = self.place.folder().display();
        Trouble { what, why: format!("the cache in {folder} cannot be {done}: {error}; this goes on without it") }
    }
}

/// What was found.
#[derive(Debug)]
pub(crate) enum Found {
    Entry(Entry),
    Nothing,
    /// It was removed.
    Damaged,
    Unreadable(Trouble),
}

/// Where the folder may not be written, nobody clears it up either.
fn note_use(path: &Path, now: UnixMillis) {
    let noted = fs::metadata(path).and_then(|metadata| metadata.modified()).map_or(now, moment);
    if now.since(noted) > USE_NOTED {
        _ = OpenOptions::new().write(true).open(path).and_then(|file| file.set_modified(time(now)));
    }
}

fn time(moment: UnixMillis) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(moment.get()).unwrap_or(0))
}

fn moment(time: SystemTime) -> UnixMillis {
    UnixMillis::new(0).plus(time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
}

/// Plain data: a panic leaves it whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
