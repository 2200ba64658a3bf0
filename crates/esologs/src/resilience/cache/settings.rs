//! What a client is told of its cache: where answers are kept, and how many.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::facts::Facts;
use super::folder::{Folder, Looks, Record};
use super::lifetime::{Standing, standing};
use crate::error::{Error, ErrorKind};
use crate::units::UnixMillis;

const MIB: u64 = 1 << 20;
/// The least that a bound can be.
const LEAST_BYTES: u64 = MIB;

/// The cache of a client: answers that the service gave before, for as long as they are good, and after that where the service
/// fails. Which answers are good for how long: `docs/policies/cache.md`.
///
/// ```
/// use esologs::{Cache, Client};
///
/// # fn main() -> Result<(), esologs::Error> {
/// # let credentials = esologs::Credentials::new("id", "secret")?;
/// # let folder = std::env::temp_dir();
/// let client = Client::builder()
///     .credentials(credentials)
///     .cache(Cache::in_folder(folder).max_disk_bytes(200 << 20))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Cache {
    pub(super) folder: Option<PathBuf>,
    pub(super) memory_bytes: u64,
    pub(super) disk_bytes: u64,
    pub(super) revalidates: bool,
}

/// What a cache on disk holds; from [`Cache::status`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CacheStatus {
    /// How many answers.
    pub answers: u64,
    /// How much room they take, in whole blocks of 4 KiB.
    pub bytes: u64,
    /// The bound.
    pub max_bytes: u64,
    /// When the oldest was kept; `None` where there is none.
    pub oldest: Option<UnixMillis>,
    /// When the newest was.
    pub newest: Option<UnixMillis>,
    /// Reports of which it is known when they ended and whether they changed.
    pub reports: u64,
    /// Files that hold no answer, as far as their beginning tells ([`Cache::verify`] reads them whole).
    pub damaged: u64,
    /// By operation.
    pub rows: Vec<CacheRow>,
    /// Stores that could not be read, or are of another version, and were moved out of the way.
    pub aside: Vec<PathBuf>,
}

/// Answers to one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheRow {
    /// The operation.
    pub operation: String,
    /// What decides how long they are good: `live`, `report`, `list`, `world`.
    pub kind: &'static str,
    /// How many.
    pub answers: u64,
    /// How much room they take.
    pub bytes: u64,
}

/// What [`Cache::verify`] has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheVerified {
    /// Answers that are as they were written.
    pub whole: u64,
    /// Files that were not; they are removed.
    pub damaged: u64,
}

impl Cache {
    /// The most memory that answers take, where nothing else is said: 64 MiB.
    pub const MEMORY_BYTES: u64 = 64 * MIB;
    /// The most room that they take on disk: 1 GiB.
    pub const DISK_BYTES: u64 = 1024 * MIB;

    /// Answers are kept in this process, and forgotten with it.
    #[must_use]
    pub const fn in_memory() -> Self {
        Self { folder: None, memory_bytes: Self::MEMORY_BYTES, disk_bytes: Self::DISK_BYTES, revalidates: true }
    }

    /// Answers are kept in this folder, for all processes that name it, and in memory in front of it. It is made where it is not
    /// there, readable by its owner only. Where it cannot be used (a full disk, a folder that may not be written), everything
    /// goes on without it, and [`Event::CacheTrouble`](crate::Event::CacheTrouble) says so once.
    #[must_use]
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: Some(folder.into()), ..Self::in_memory() }
    }

    /// The most memory that answers take. Default [`MEMORY_BYTES`](Self::MEMORY_BYTES), at least 1 MiB. The longest unused go first.
    #[must_use]
    pub const fn max_memory_bytes(mut self, bytes: u64) -> Self {
        self.memory_bytes = bytes;
        self
    }

    /// The most room that answers take on disk. Default [`DISK_BYTES`](Self::DISK_BYTES), at least 1 MiB. The longest unused go first.
    #[must_use]
    pub const fn max_disk_bytes(mut self, bytes: u64) -> Self {
        self.disk_bytes = bytes;
        self
    }

    /// An older answer is shown only where the service fails, and never while a newer one is fetched behind it. For programs that end
    /// with their answer: what they fetch behind it would come for nobody.
    #[must_use]
    pub const fn without_revalidation(mut self) -> Self {
        self.revalidates = false;
        self
    }

    /// What the folder holds. Reads the disk on this thread.
    ///
    /// # Errors
    /// [`ErrorKind::LocalFile`] where it cannot be read; [`ErrorKind::Usage`] where there is none.
    pub fn status(&self) -> Result<CacheStatus, Error> {
        let (path, folder) = self.on_disk()?;
        let survey = folder.survey().map_err(|error| failed(path, "looked through", error))?;
        let rows = survey.rows.into_iter().map(|(operation, row)| CacheRow {
            operation,
            kind: row.header.kind.name(),
            answers: row.answers,
            bytes: row.bytes,
        });
        Ok(CacheStatus {
            answers: survey.answers,
            bytes: survey.bytes,
            max_bytes: self.disk_bytes,
            oldest: survey.oldest,
            newest: survey.newest,
            reports: known_reports(&folder).len() as u64,
            damaged: survey.damaged,
            rows: rows.collect(),
            aside: folder.place.aside(),
        })
    }

    /// Reads every answer in the folder to its end and checks it; what is damaged is removed. Reads the disk on this thread.
    ///
    /// # Errors
    /// [`ErrorKind::LocalFile`] where it cannot be read; [`ErrorKind::Usage`] where there is no folder.
    pub fn verify(&self) -> Result<CacheVerified, Error> {
        let (path, folder) = self.on_disk()?;
        let verified = folder.verify().map_err(|error| failed(path, "verified", error))?;
        Ok(CacheVerified { whole: verified.whole, damaged: verified.damaged })
    }

    /// Removes from the folder what is too old to be shown for any reason, and, beyond the bound, the longest unused. How many
    /// answers are removed. Works on the disk on this thread.
    ///
    /// # Errors
    /// [`ErrorKind::LocalFile`] where it cannot be read or written; [`ErrorKind::Usage`] where there is no folder.
    pub fn prune(&self, now: UnixMillis) -> Result<u64, Error> {
        let (path, folder) = self.on_disk()?;
        let known = known_reports(&folder);
        let is_gone = |header: &super::entry::Header| {
            let facts = header.code().and_then(|code| known.get(&(header.realm, code.to_owned())));
            standing(header.kept(), facts, now) == Standing::Gone
        };
        folder.prune(now, is_gone).map(|removed| removed as u64).map_err(|error| failed(path, "pruned", error))
    }

    /// Removes everything from the folder that this library keeps there. Stores that were moved aside stay. Works on the disk on this
    /// thread.
    ///
    /// # Errors
    /// [`ErrorKind::LocalFile`] where it cannot be removed; [`ErrorKind::Usage`] where there is no folder.
    pub fn clear(&self) -> Result<(), Error> {
        let (path, folder) = self.on_disk()?;
        folder.place.clear().map_err(|error| failed(path, "cleared", error))
    }

    fn on_disk(&self) -> Result<(&Path, Folder), Error> {
        let none =
            || Error::new(ErrorKind::Usage, "a cache in memory ends with its client; only one in a folder can be looked at");
        let path = self.folder.as_deref().ok_or_else(none)?;
        Ok((path, Folder::new(path, self.disk_bytes)))
    }

    /// Refuses values that cannot be kept to.
    pub(crate) fn check(&self) -> Result<(), Error> {
        for (name, bytes) in [("max_memory_bytes", self.memory_bytes), ("max_disk_bytes", self.disk_bytes)] {
            if bytes < LEAST_BYTES {
                let message = format!("cache: {name} is {bytes}, less than 1 MiB, which holds hardly an answer");
                return Err(Error::new(ErrorKind::Usage, message).with_hint("raise it, or build the client without a cache"));
            }
        }
        Ok(())
    }
}

/// All that is known of reports.
fn known_reports(folder: &Folder) -> HashMap<(u64, String), Facts> {
    let mut known = HashMap::new();
    for Record { realm, code, facts } in folder.new_looks(&mut Looks::default()) {
        known.entry((realm, code)).and_modify(|before: &mut Facts| *before = before.with(facts)).or_insert(facts);
    }
    known
}

fn failed(path: &Path, done: &str, error: std::io::Error) -> Error {
    let hint = "see who owns the folder and what is in it; removing it costs nothing but points";
    Error::new(ErrorKind::LocalFile, format!("the cache in {} cannot be {done}: {error}", path.display()))
        .with_source(error)
        .with_hint(hint)
}
