//! The journal of a folder: what was done, line by line, each synced before it counts; those of pages in the middle of a file are synced
//! while the next page is asked for, so they are believed where the page is found as they tell of it.
//!
//! `.journal` is only written to at its end. A line is there whole, or it is cut off by the next pull: whoever was killed while
//! it was written had not been told that it stands. A damaged line before the last one is another matter: it and what follows is
//! not trusted, and told.

mod cursor;
mod inventory;
mod line;
mod record;
mod state;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(super) use self::inventory::{BASE_FILES, Filed, Inventory, Page, event_file, file_of, stream_of};
pub(super) use self::line::checksum;
pub(super) use self::record::{Began, Closed, Failed, Record, Why};
pub(super) use self::state::{Known, State, Work};
use super::folder::local;
use crate::disk;
use crate::error::{Error, ErrorKind};

/// The journal's name in the folder.
pub(super) const JOURNAL: &str = ".journal";
/// Where one is kept of which a line in the middle is damaged.
const DAMAGED: &str = ".journal.damaged";
/// A journal is made shorter when it is so much larger than what it amounts to.
const SPARE_BYTES: u64 = 256 * 1024;

/// An open journal, to which lines are added.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    /// `None` before the first line.
    file: Option<File>,
    lines: u64,
    bytes: u64,
    /// Apart, so that whoever looks at it does not wait for the disk.
    state: Arc<Mutex<State>>,
    /// A line may be there in part: nothing may follow it.
    is_torn: bool,
}

/// What was found where a journal was read.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) state: State,
    lines: u64,
    /// Bytes of the lines that count.
    bytes: u64,
    /// The journal is there.
    pub(super) is_there: bool,
    /// The number of a last line that is not whole.
    pub(super) torn_line: Option<u64>,
    /// The number of a line before the last that is damaged.
    pub(super) damaged_line: Option<u64>,
}

/// Reads a journal and changes nothing.
pub(super) fn read(root: &Path) -> Result<Found, Error> {
    let path = root.join(JOURNAL);
    let mut bytes = Vec::new();
    match File::open(&path).and_then(|mut file| file.read_to_end(&mut bytes)) {
        Ok(_) => Ok(understood(&bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::default()),
        Err(error) => Err(local(&format!("cannot read {}", path.display()), error)),
    }
}

fn understood(bytes: &[u8]) -> Found {
    let mut found = Found { is_there: true, ..Found::default() };
    let mut rest = bytes;
    while !rest.is_empty() {
        let number = found.lines + 1;
        let end = rest.iter().position(|byte| *byte == b'\n');
        let (line, after) = end.map_or((rest, &rest[..0]), |end| (&rest[..end], &rest[end + 1..]));
        let json = end.and_then(|_| line::read(line, number));
        let Some(record) = json.and_then(|json| serde_json::from_str(json).ok()) else {
            *if after.is_empty() { &mut found.torn_line } else { &mut found.damaged_line } = Some(number);
            break;
        };
        found.state.take(record);
        found.lines = number;
        found.bytes += line.len() as u64 + 1;
        rest = after;
    }
    found
}

impl Journal {
    /// Opens what was read for more lines. A torn last line is cut off; a journal that is damaged before it is put aside, and
    /// what stood before the damage begins a new one.
    pub(super) fn open(root: &Path, found: Found) -> Result<Self, Error> {
        let path = root.join(JOURNAL);
        let Found { state, lines, bytes, is_there, torn_line, damaged_line } = found;
        let mut journal = Self { path, file: None, lines, bytes, state: Arc::new(Mutex::new(state)), is_torn: false };
        if damaged_line.is_some() {
            fs::copy(&journal.path, root.join(DAMAGED)).map_err(|error| journal.failed(error))?;
            journal.rewrite()?;
        } else if is_there {
            let cut = torn_line.map(|_| bytes);
            journal.file = Some(reopened(&journal.path, cut).map_err(|error| journal.failed(error))?);
        }
        Ok(journal)
    }

    /// What it amounts to, for those who look.
    pub(super) fn shared_state(&self) -> Arc<Mutex<State>> {
        Arc::clone(&self.state)
    }

    /// What it amounts to. What is found not to be so in the folder can be changed in it; that is forgotten when the journal is read again.
    /// (Nothing panics while it is held.)
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what has happened. When this returns, it stands, whatever happens to the machine.
    pub(super) fn append(&mut self, records: Vec<Record>) -> Result<(), Error> {
        self.add(records, File::sync_data)
    }

    /// The same, but for a loss of power: that may cost what was noted since the last sync.
    pub(super) fn append_unsynced(&mut self, records: Vec<Record>) -> Result<(), Error> {
        self.add(records, |_| Ok(()))
    }

    /// The file, to be synced while other lines are added.
    pub(super) fn file(&self) -> Result<Option<File>, Error> {
        self.file.as_ref().map(File::try_clone).transpose().map_err(|error| self.failed(error))
    }

    fn add(&mut self, records: Vec<Record>, sync: fn(&File) -> io::Result<()>) -> Result<(), Error> {
        if self.is_torn {
            let message = format!("{} could not be written to before, and nothing can follow", self.path.display());
            return Err(
                Error::new(ErrorKind::LocalFile, message).with_hint("run the same command again once the disk is in order")
            );
        }
        let (text, lines) = lines_of(&records, self.lines)?;
        self.write(&text, sync).map_err(|error| {
            self.is_torn = true;
            self.failed(error)
        })?;
        (self.lines, self.bytes) = (lines, self.bytes + text.len() as u64);
        let mut state = self.state();
        records.into_iter().for_each(|record| state.take(record));
        Ok(())
    }

    fn write(&mut self, text: &str, sync: fn(&File) -> io::Result<()>) -> io::Result<()> {
        let is_new = self.file.is_none();
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(OpenOptions::new().create(true).append(true).open(&self.path)?),
        };
        file.write_all(text.as_bytes())?;
        if is_new {
            file.sync_all()?;
            return disk::sync_folder_of(&self.path);
        }
        sync(file)
    }

    /// Makes the journal shorter where much of it is overtaken: it stays within a bound, however often the folder is pulled.
    pub(super) fn shorten(&mut self) -> Result<(), Error> {
        let (text, _) = lines_of(&self.state().in_short(), 0)?;
        if self.file.is_some() && !self.is_torn && self.bytes > 2 * text.len() as u64 + SPARE_BYTES {
            self.rewrite()?;
        }
        Ok(())
    }

    /// The same in the fewest lines, under the journal's name when it is whole.
    fn rewrite(&mut self) -> Result<(), Error> {
        let (text, lines) = lines_of(&self.state().in_short(), 0)?;
        let part = self.path.with_extension("new");
        let options = OpenOptions::new().write(true).create(true).truncate(true).to_owned();
        let write = || {
            disk::replace(&options, &part, &self.path, text.as_bytes())?;
            OpenOptions::new().append(true).open(&self.path)
        };
        self.file = Some(write().map_err(|error| self.failed(error))?);
        (self.lines, self.bytes) = (lines, text.len() as u64);
        Ok(())
    }

    /// Lines as they would be appended, without a sync of each: thousands of them are a matter of a moment.
    #[cfg(test)]
    fn lines_only_for_tests(&mut self, records: Vec<Record>) {
        let (text, lines) = lines_of(&records, self.lines).unwrap();
        self.file.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
        (self.lines, self.bytes) = (lines, self.bytes + text.len() as u64);
        let mut state = self.state();
        records.into_iter().for_each(|record| state.take(record));
    }

    /// Takes it away, as if nothing had been done.
    pub(super) fn remove(&mut self) -> io::Result<()> {
        self.file = None;
        fs::remove_file(&self.path)
    }

    fn failed(&self, error: io::Error) -> Error {
        local(&format!("cannot write {}", self.path.display()), error)
    }
}

/// The file, to be added to behind its first `cut` bytes.
fn reopened(path: &Path, cut: Option<u64>) -> io::Result<File> {
    let file = OpenOptions::new().append(true).open(path)?;
    if let Some(bytes) = cut {
        file.set_len(bytes)?;
        file.sync_all()?;
    }
    Ok(file)
}

/// The lines after so many, and how many there are then.
fn lines_of(records: &[Record], mut number: u64) -> Result<(String, u64), Error> {
    let mut text = String::new();
    for record in records {
        number += 1;
        let json = serde_json::to_string(record).map_err(|error| {
            Error::new(ErrorKind::LocalFile, "a line of the journal cannot be written as JSON").with_source(error)
        })?;
        text.push_str(&line::written(number, &json));
    }
    Ok((text, number))
}

#[cfg(test)]
mod tests;
