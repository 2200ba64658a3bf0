//! What is known of reports, in a file that all processes add to: a line for each piece of news.
//!
//! Lines are only added, each in one write, and what they say is put together, so nobody's news is lost to another writer. A line that
//! was cut (a full disk, a kill) is passed over; each begins with a line feed, so it spoils no other.

use std::collections::HashMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};

use serde::{Deserialize, Serialize};

use super::{Folder, Trouble, What};
use crate::disk;
use crate::resilience::cache::facts::Facts;
use crate::units::UnixMillis;

/// The file is rewritten when it is swept and longer than this.
const LONG: u64 = 1 << 20;
/// Of so many reports is kept what is known, those looked at last.
pub(crate) const MOST_REPORTS: usize = 20_000;
/// How often is tried to get a lock that a sweeper has for some milliseconds.
const TRIES: usize = 50;

/// A piece of news.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The number of its realm.
    pub(crate) realm: u64,
    pub(crate) code: String,
    pub(crate) facts: Facts,
}

/// How far a process has read the file.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    read: u64,
    /// The file's first bytes: another file begins otherwise.
    head: Vec<u8>,
}

impl Folder {
    /// Adds news.
    pub(crate) fn note_looks(&self, news: &[Record]) -> Result<Option<Trouble>, Trouble> {
        let told = self.open()?;
        let write = || {
            let mut lines = String::new();
            for record in news {
                lines.push('\n');
                lines.push_str(&serde_json::to_string(record)?);
                lines.push('\n');
            }
            self.in_store(|| {
                let _lock = self.shared_lock()?;
                disk::private().append(true).create(true).open(self.place.reports())?.write_all(lines.as_bytes())
            })
        };
        write().map(|()| told).map_err(|error| self.trouble(What::Write, "written", &error))
    }

    /// What was added since it was read last.
    pub(crate) fn new_looks(&self, looks: &mut Looks) -> Vec<Record> {
        // What cannot be read is not known; the answers themselves are checked.
        if matches!(self.place.is_ours(), Ok(true)) { self.read_looks(looks).unwrap_or_default() } else { Vec::new() }
    }

    fn read_looks(&self, looks: &mut Looks) -> io::Result<Vec<Record>> {
        const HEAD: usize = 64;
        let mut file = match File::open(self.place.reports()) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut head = Vec::new();
        (&mut file).take(HEAD as u64).read_to_end(&mut head)?;
        if !head.starts_with(&looks.head) || file.metadata()?.len() < looks.read {
            *looks = Looks::default();
        }
        looks.head = head;
        file.seek(SeekFrom::Start(looks.read))?;
        let mut added = Vec::new();
        file.read_to_end(&mut added)?;
        // What follows the last line feed may be on its way still.
        let whole = added.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        looks.read += whole as u64;
        Ok(records(&added[..whole]))
    }

    /// Writes the file anew where it has grown long: one line for each report. Called with the store's lock.
    pub(super) fn compact_looks(&self, now: UnixMillis) -> io::Result<()> {
        let path = self.place.reports();
        if !fs::metadata(&path).is_ok_and(|metadata| metadata.len() > LONG) {
            return Ok(());
        }
        let mut known = HashMap::new();
        for record in records(&fs::read(&path)?) {
            let Record { realm, code, facts } = record;
            known.entry((realm, code)).and_modify(|before: &mut Facts| *before = before.with(facts)).or_insert(facts);
        }
        let mut known: Vec<_> = known.into_iter().map(|((realm, code), facts)| Record { realm, code, facts }).collect();
        known.sort_unstable_by_key(|record| std::cmp::Reverse(record.facts.last_at()));
        known.truncate(MOST_REPORTS);
        // Another beginning than the file before, so that who has read that one reads this one anew.
        let mut lines = format!("# {} {:016x}\n", now.get(), fastrand::u64(..));
        for record in &known {
            lines.push_str(&serde_json::to_string(record)?);
            lines.push('\n');
        }
        self.write(&path, lines.as_bytes(), now)
    }

    /// Keeps the file from being rewritten meanwhile.
    fn shared_lock(&self) -> io::Result<File> {
        let lock = self.place.lock()?;
        for _ in 0..TRIES {
            match lock.try_lock_shared() {
                Ok(()) => return Ok(lock),
                // Real time on purpose: who has the lock is another process, which knows of no paused clock.
                Err(TryLockError::WouldBlock) => std::thread::park_timeout(std::time::Duration::from_millis(2)),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Err(io::Error::new(ErrorKind::TimedOut, "another process has had its lock for long; is it stopped?"))
    }
}

fn records(lines: &[u8]) -> Vec<Record> {
    lines.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
}
