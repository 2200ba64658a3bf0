//! The files of one account, and who may read them.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::disk;

/// Where the account of one key lies.
#[derive(Debug, Clone)]
pub(super) struct Place {
    folder: PathBuf,
    bucket: String,
}

impl Place {
    pub(super) fn new(folder: &Path, bucket: &str) -> Self {
        Self { folder: folder.to_owned(), bucket: bucket.to_owned() }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn ledger(&self) -> PathBuf {
        self.folder.join(format!("{}.points", self.bucket))
    }

    pub(super) fn costs(&self) -> PathBuf {
        self.folder.join(format!("{}.costs", self.bucket))
    }

    /// The file that this member keeps locked while it lives.
    pub(super) fn alive(&self, member: u64) -> PathBuf {
        self.folder.join(format!("{}.{member:016x}.alive", self.bucket))
    }

    /// The member whose file has this name.
    pub(super) fn member(&self, name: &str) -> Option<u64> {
        let number = name.strip_prefix(&self.bucket)?.strip_prefix('.')?.strip_suffix(".alive")?;
        u64::from_str_radix(number, 16).ok().filter(|_| number.len() == 16)
    }

    /// Opens the ledger; makes folder and file where they are missing.
    pub(super) fn open_ledger(&self) -> io::Result<File> {
        let file = self.open(&self.ledger(), false)?;
        keep_to_owner(&file);
        Ok(file)
    }

    /// Opens a file to read and write that only its owner may.
    pub(super) fn open(&self, path: &Path, is_new: bool) -> io::Result<File> {
        let mut options = disk::private();
        options.read(true).write(true).create(true).create_new(is_new).truncate(false);
        disk::open_in_folder(&options, path, &self.folder)
    }

    /// Whether the ledger is this file still: it may have been removed or replaced while it was waited for.
    pub(super) fn is_ledger(&self, file: &File) -> io::Result<bool> {
        match fs::metadata(self.ledger()) {
            Ok(there) => is_same(&there, file),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Gives the ledger another name and makes room for a new one. Only who holds its lock may.
    pub(super) fn move_ledger_aside(&self) -> io::Result<PathBuf> {
        disk::move_aside(&self.ledger(), |number| self.folder.join(format!("{}.points.bad-{number}", self.bucket)))
    }
}

/// A file that was made with a wider mode is narrowed. One of another user is left as it is: nothing in it is secret.
#[cfg(unix)]
fn keep_to_owner(file: &File) {
    use std::os::unix::fs::PermissionsExt as _;
    if let Ok(metadata) = file.metadata()
        && metadata.permissions().mode() & 0o077 != 0
        && let Err(error) = file.set_permissions(fs::Permissions::from_mode(0o600))
    {
        tracing::debug!(%error, "the mode of the points ledger was not changed");
    }
}

#[cfg(not(unix))]
fn keep_to_owner(_: &File) {}

#[cfg(unix)]
fn is_same(there: &fs::Metadata, file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let own = file.metadata()?;
    Ok((there.dev(), there.ino()) == (own.dev(), own.ino()))
}

/// Elsewhere a file that somebody has open keeps its name.
#[cfg(not(unix))]
fn is_same(_: &fs::Metadata, _: &File) -> io::Result<bool> {
    Ok(true)
}
