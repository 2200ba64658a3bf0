//! Whether the files of an export are still what was made.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crc32fast::Hasher;

use super::Format;
use super::files::failed;
use super::state::{MadeFile, State};
use super::target::{LOCK, STATE, WORK, in_use};
use crate::disk::blocking;
use crate::error::{Error, ErrorKind};
use crate::pull::{Gap, GapKind};

/// What is read of a file at a time.
const PIECE_BYTES: usize = 1 << 20;

/// What [`verify`] has found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifiedExport {
    /// The format of the files.
    pub format: Format,
    /// Reports of which files were made.
    pub reports: usize,
    /// The files that were made.
    pub files: u64,
    /// Rows in them.
    pub rows: u64,
    /// Bytes that were read and are as they were made.
    pub bytes: u64,
    /// Everything that is not as it should be; `path` is within the export's folder, `code` the name of the report's.
    pub gaps: Vec<Gap>,
}

impl VerifiedExport {
    /// Whether everything is as it was made.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.gaps.is_empty()
    }
}

/// Reads every file of an export and holds it against what was written of it when it was made; and looks for files that no export has
/// made, which whoever reads `events/**/*.parquet` would read. It changes nothing. Whether the pull has more by now, it does not tell: another
/// [export](super::Export::run) makes that.
///
/// # Errors
/// [`ErrorKind::LocalFile`] where the folder is not that of an export, another export is working in it, or it cannot be read.
pub async fn verify(folder: impl Into<PathBuf>) -> Result<VerifiedExport, Error> {
    let root = folder.into();
    blocking(move || {
        let _lock = shared_lock(&root)?;
        let state = read(&root)?;
        let mut check = Check {
            verified: VerifiedExport { format: state.to()?, reports: 0, files: 0, rows: 0, bytes: 0, gaps: Vec::new() },
            root,
            known: BTreeSet::new(),
        };
        check.made(&state);
        check.strays();
        Ok(check.verified)
    })
    .await
}

/// No export works in the folder while it is held.
fn shared_lock(root: &Path) -> Result<Option<File>, Error> {
    let Ok(lock) = File::open(root.join(LOCK)) else { return Ok(None) };
    match lock.try_lock_shared() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => Err(in_use(root)),
        Err(TryLockError::Error(error)) => Err(failed(&format!("cannot lock the folder {}", root.display()), error)),
    }
}

fn read(root: &Path) -> Result<State, Error> {
    match fs::read(root.join(STATE)) {
        Ok(json) => State::read(&json),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let message = format!("{} is not the folder of an export: it has no {STATE}", root.display());
            Err(Error::new(ErrorKind::LocalFile, message).with_hint("name the folder that was given to `export` with -o"))
        }
        Err(error) => Err(failed(&format!("cannot read {}", root.join(STATE).display()), error)),
    }
}

struct Check {
    root: PathBuf,
    verified: VerifiedExport,
    /// What was made, from the root on.
    known: BTreeSet<PathBuf>,
}

impl Check {
    fn gap(&mut self, kind: GapKind, code: Option<&str>, path: &Path, what: impl Into<String>) {
        self.verified.gaps.push(Gap::new(kind, code, path.strip_prefix(&self.root).unwrap_or(path), what));
    }

    fn made(&mut self, state: &State) {
        let mut reports = BTreeSet::new();
        for (report, made) in state.all() {
            reports.insert(report);
            self.verified.rows += made.rows;
            for file in &made.files {
                self.verified.files += 1;
                let path = self.root.join(&file.path);
                match first_change(&path, file) {
                    Ok(None) => self.verified.bytes += file.bytes,
                    Ok(Some(what)) => self.gap(GapKind::Changed, Some(report), &path, what),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {
                        self.gap(GapKind::Missing, Some(report), &path, "it is not there");
                    }
                    Err(error) => self.gap(GapKind::Missing, Some(report), &path, format!("it cannot be read: {error}")),
                }
                self.known.insert(path);
            }
        }
        self.verified.reports = reports.len();
    }

    /// What readers of all files of the format would find beside those that were made.
    fn strays(&mut self) {
        let ending = format!(".{}", self.verified.format);
        let mut open = folders(&self.root);
        while let Some(folder) = open.pop() {
            open.extend(folders(&folder));
            for path in entries(&folder) {
                let is_read = path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(&ending)) && path.is_file();
                if is_read && !self.known.contains(&path) {
                    self.gap(GapKind::TooMany, None, &path, "no export has made it, and whoever reads all files reads it, too");
                }
            }
        }
    }
}

/// How a file is not as it was made, in words.
fn first_change(path: &Path, made: &MadeFile) -> io::Result<Option<String>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    if length != made.bytes {
        return Ok(Some(format!("it has {length} bytes, and {} were written", made.bytes)));
    }
    let (mut sum, mut piece) = (Hasher::new(), vec![0; PIECE_BYTES]);
    loop {
        match file.read(&mut piece)? {
            0 => break,
            read => sum.update(piece.get(..read).unwrap_or_default()),
        }
    }
    let is_same = made.crc32.is_none_or(|crc32| crc32 == sum.finalize());
    Ok((!is_same).then(|| "its bytes are not those that were written".to_owned()))
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let is_work = |path: &PathBuf| path.file_name().is_some_and(|name| name == WORK);
    entries(folder).into_iter().filter(|path| path.is_dir() && !path.is_symlink() && !is_work(path)).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    found.sort();
    found
}
