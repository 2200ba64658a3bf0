//! Whether the files of an export are still what was made.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::Format;
use super::files::failed;
use super::state::{MadeFile, State};
use super::target::{LOCK, WORK, in_use};
use crate::disk::{blocking, entries};
use crate::error::{Error, ErrorKind};
use crate::pull::{EXPORT as STATE, Gap, GapKind, length_and_sum};

/// What [`verify`] has found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifiedExport {
    /// The format of the files; `None` where `export.json` cannot be read as what it was.
    pub format: Option<Format>,
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
        let json = read(&root)?;
        let verified = VerifiedExport { format: None, reports: 0, files: 0, rows: 0, bytes: 0, gaps: Vec::new() };
        let mut check = Check { root, verified, known: BTreeSet::new() };
        match State::read(&json).and_then(|state| Ok((state.to()?, state))) {
            Ok((format, state)) => {
                check.verified.format = Some(format);
                check.made(&state);
                check.strays(format);
            }
            Err(error) => check.verified.gaps.push(Gap::new(GapKind::Changed, None, Path::new(STATE), error.to_string())),
        }
        Ok(check.verified)
    })
    .await
}

/// Exports of a pull's folder that lie where [`Export`](super::Export) puts them where nothing is said.
#[must_use]
pub fn exports_in(folder: &Path) -> Vec<PathBuf> {
    Format::EVERY.into_iter().map(|format| format.usual_place(folder)).filter(|place| is_export(place)).collect()
}

/// Whether an export has been made in this folder.
#[must_use]
pub fn is_export(folder: &Path) -> bool {
    folder.join(STATE).is_file()
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

fn read(root: &Path) -> Result<Vec<u8>, Error> {
    match fs::read(root.join(STATE)) {
        Ok(json) => Ok(json),
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
                    Ok(Some(what)) => {
                        self.verified.gaps.push(Gap::new(GapKind::Changed, Some(report), Path::new(&file.path), what))
                    }
                    Err(error) => self.verified.gaps.push(Gap::unreadable(Some(report), Path::new(&file.path), &error)),
                }
                self.known.insert(path);
            }
        }
        self.verified.reports = reports.len();
    }

    /// What readers of all files of the format would find beside those that were made.
    fn strays(&mut self, format: Format) {
        let ending = format!(".{format}");
        let mut open = folders(&self.root);
        while let Some(folder) = open.pop() {
            open.extend(folders(&folder));
            for path in entries(&folder) {
                let is_read = path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(&ending)) && path.is_file();
                if is_read && !self.known.contains(&path) {
                    let what = "no export has made it, and whoever reads all files reads it, too";
                    let path = path.strip_prefix(&self.root).unwrap_or(&path);
                    self.verified.gaps.push(Gap::new(GapKind::TooMany, None, path, what));
                }
            }
        }
    }
}

/// How a file is not as it was made, in words.
fn first_change(path: &Path, made: &MadeFile) -> io::Result<Option<String>> {
    let (bytes, sum) = length_and_sum(path)?;
    if bytes != made.bytes {
        return Ok(Some(format!("it has {bytes} bytes, and {} were written", made.bytes)));
    }
    let is_same = made.crc32.is_none_or(|crc32| crc32 == sum);
    Ok((!is_same).then(|| "its bytes are not those that were written".to_owned()))
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let is_work = |path: &PathBuf| path.file_name().is_some_and(|name| name == WORK);
    entries(folder).into_iter().filter(|path| path.is_dir() && !path.is_symlink() && !is_work(path)).collect()
}
