//! What is the same wherever files are kept: who may read them, names that stand for whole files only, what is moved aside, and how a
//! disk that fails is told.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tokio::task::JoinError;

use crate::error::{Error, ErrorKind as Kind};

/// Unreadable things are moved aside under so many names; then somebody should look what spoils them.
pub(crate) const MOST_ASIDE: u32 = 100;

/// Options for a file that only its owner may read, from the first moment on.
pub(crate) fn private() -> OpenOptions {
    #[cfg_attr(not(unix), allow(unused_mut, reason = "there are no such modes"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a folder that only its owner may look into, and those above it as far as they are missing.
pub(crate) fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Opens a file; makes its private folder first where that is missing.
pub(crate) fn open_in_folder(options: &OpenOptions, path: &Path, folder: &Path) -> io::Result<File> {
    match options.open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            make_private_folder(folder)?;
            options.open(path)
        }
        opened => opened,
    }
}

/// Writes a file so that, also after a loss of power, it is either the old one or the whole new one. `new`, opened by `options`, is what
/// it is called until then.
pub(crate) fn replace(options: &OpenOptions, new: &Path, place: &Path, bytes: &[u8]) -> io::Result<()> {
    let written = options.open(new).and_then(|mut file| {
        file.write_all(bytes)?;
        // After a loss of power the name must not stand for an empty file.
        file.sync_all()
    });
    let replaced = written.and_then(|()| fs::rename(new, place));
    if replaced.is_err() {
        let _ = fs::remove_file(new);
    }
    replaced.and_then(|()| sync_folder_of(place))
}

/// A name is on disk only when the folder that holds it is.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        // The empty path stands for the current folder.
        Some(parent) if cfg!(unix) => {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            File::open(parent)?.sync_all()
        }
        _ => Ok(()),
    }
}

/// What is in a folder, in order; nothing where it cannot be read.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    found.sort();
    found
}

/// Gives something unreadable the first name that is free, of those that `named` makes of 1, 2, 3 and so on; tells which.
pub(crate) fn move_aside(from: &Path, named: impl Fn(u32) -> PathBuf) -> io::Result<PathBuf> {
    for number in 1..=MOST_ASIDE {
        let aside = named(number);
        // A link that leads nowhere has the name, too.
        if fs::symlink_metadata(&aside).is_err() {
            fs::rename(from, &aside)?;
            return Ok(aside);
        }
    }
    let why = format!("{MOST_ASIDE} like it lie beside it already; see what spoils them, and remove them");
    Err(io::Error::new(ErrorKind::AlreadyExists, why))
}

/// The disk has failed. `kept` says what the same command need not do again: "what was fetched is kept".
pub(crate) fn failed(what: &str, kept: &str, error: io::Error) -> Error {
    let hint = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => format!("make room and run the same command again; {kept}"),
        ErrorKind::FileTooLarge => {
            format!("raise the limit on the size of files (ulimit -f) and run the same command again; {kept}")
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "choose a folder that you may write to".to_owned(),
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => "choose another folder: a file is in the way".to_owned(),
        _ => format!("run the same command again once the disk is in order; {kept}"),
    };
    Error::new(Kind::LocalFile, format!("{what}: {error}")).with_hint(hint).with_source(error)
}

/// Runs work of the disk off the tasks of the runtime. Only while there is some: a thread that waits would keep a paused clock from going
/// on.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|error| broken_off("a disk task", error))?
}

/// A task that was given up in the middle.
pub(crate) fn broken_off(what: &str, error: JoinError) -> Error {
    Error::new(Kind::LocalFile, format!("{what} was broken off")).with_source(error)
}
