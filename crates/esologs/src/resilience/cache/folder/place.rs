//! Where the files of the store lie, and whether what lies there is ours.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::disk::{MOST_ASIDE, make_private_folder, move_aside, private};

/// The store's folder within the folder that was named.
const STORE: &str = "answers";
/// The file that says what the store is.
const FORMAT: &str = "format";
/// What it says.
const THIS_FORMAT: &str = "esologs answers 1\n";

/// The files of a store:
///
/// ```text
/// FOLDER/answers/format            what this is, in which version
/// FOLDER/answers/entries/ab/ab…    an answer
/// FOLDER/answers/reports           what is known of reports, a line for each piece of news
/// FOLDER/answers/grown             a byte for each 4 KiB written since the store was swept
/// FOLDER/answers/lock              held by who sweeps it
/// FOLDER/answers/temporary/        files that are being written
/// FOLDER/answers.aside-N           a store of another version, or one that could not be read
/// ```
#[derive(Debug, Clone)]
pub(crate) struct Place {
    folder: PathBuf,
}

/// What opening has found.
#[derive(Debug)]
pub(crate) enum Opened {
    Ready,
    /// What was there is somewhere else now.
    Aside {
        moved_to: PathBuf,
        why: String,
    },
}

impl Place {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.folder.join(STORE)
    }

    pub(super) fn entries(&self) -> PathBuf {
        self.store().join("entries")
    }

    pub(super) fn entry(&self, name: &str) -> PathBuf {
        self.entries().join(name.get(..2).unwrap_or_default()).join(name)
    }

    pub(super) fn temporaries(&self) -> PathBuf {
        self.store().join("temporary")
    }

    pub(super) fn reports(&self) -> PathBuf {
        self.store().join("reports")
    }

    pub(super) fn grown(&self) -> PathBuf {
        self.store().join("grown")
    }

    /// The store's lock, not taken yet.
    pub(super) fn lock(&self) -> io::Result<File> {
        private().read(true).write(true).create(true).truncate(false).open(self.store().join("lock"))
    }

    /// Whether there is a store of this version.
    pub(crate) fn is_ours(&self) -> io::Result<bool> {
        match fs::read_to_string(self.store().join(FORMAT)) {
            Ok(format) => Ok(format == THIS_FORMAT),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Makes the store where there is none; moves what is none of ours aside first.
    pub(super) fn open(&self) -> io::Result<Opened> {
        let why = match self.is_ours() {
            Ok(true) => return Ok(Opened::Ready),
            Ok(false) => "it is no store of this version".to_owned(),
            Err(error) => format!("it cannot be read ({error})"),
        };
        make_private_folder(&self.folder)?;
        if self.make()? {
            return Ok(Opened::Ready);
        }
        let moved_to = move_aside(&self.store(), |number| self.aside_name(number))?;
        if self.make()? || self.is_ours()? {
            return Ok(Opened::Aside { moved_to, why });
        }
        Err(io::Error::other("others keep replacing it"))
    }

    /// Makes an empty store at once, with its format in it. `false` where something is there already.
    fn make(&self) -> io::Result<bool> {
        let new = self.folder.join(format!("{STORE}.new-{}-{:016x}", std::process::id(), fastrand::u64(..)));
        make_private_folder(&new)?;
        let made = (|| {
            io::Write::write_all(&mut private().write(true).create_new(true).open(new.join(FORMAT))?, THIS_FORMAT.as_bytes())?;
            fs::rename(&new, self.store())
        })();
        if made.is_err() {
            _ = fs::remove_dir_all(&new);
        }
        match made {
            Ok(()) => Ok(true),
            // Another process was faster.
            Err(_) if matches!(self.is_ours(), Ok(true)) => Ok(true),
            Err(_) if fs::symlink_metadata(self.store()).is_ok() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Makes the folder of a file inside of the store, if there is a store.
    pub(super) fn make_inside(&self, file: &Path) -> io::Result<()> {
        if !self.store().join(FORMAT).is_file() {
            return Err(io::Error::new(ErrorKind::NotFound, "the store is gone"));
        }
        file.parent().map_or(Ok(()), make_private_folder)
    }

    fn aside_name(&self, number: u32) -> PathBuf {
        self.folder.join(format!("{STORE}.aside-{number}"))
    }

    /// Stores that were moved aside.
    pub(crate) fn aside(&self) -> Vec<PathBuf> {
        let names = (1..=MOST_ASIDE).map(|number| self.aside_name(number));
        names.filter(|aside| fs::symlink_metadata(aside).is_ok()).collect()
    }

    /// Removes the store and all that is in it, from one moment to the next for whoever uses it.
    pub(crate) fn clear(&self) -> io::Result<()> {
        let gone = self.folder.join(format!("{STORE}.gone-{}-{:016x}", std::process::id(), fastrand::u64(..)));
        match fs::rename(self.store(), &gone) {
            Ok(()) => fs::remove_dir_all(&gone),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }
}
