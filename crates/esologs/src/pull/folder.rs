//! The folder of a pull: what is where, and how it gets there without ever looking whole before it is.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind};
use crate::ids::ReportCode;

const MANIFEST: &str = "manifest.json";
const README: &str = "README.txt";
/// Where reports are while they are being fetched.
const WORK: &str = ".unfinished";
const LOCK: &str = ".lock";

/// Which of the two places a report goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shelf {
    /// `data/reports/`: finished reports.
    Data,
    /// `live/`: reports that may still grow.
    Live,
}

/// An open folder. While it is open, no other pull can work in it.
#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
    /// Held for its lock.
    _lock: File,
}

impl Folder {
    /// Opens the folder, or makes it.
    ///
    /// A folder that holds something else than a pull is refused, so that nothing in it is lost.
    pub(super) fn open(root: &Path) -> Result<Self, Error> {
        let failed = |what: &str, error: io::Error| local(&format!("cannot {what} the folder {}", root.display()), error);
        fs::create_dir_all(root).map_err(|error| failed("make", error))?;
        let is_ours = root.join(MANIFEST).exists() || root.join(LOCK).exists();
        if !is_ours && fs::read_dir(root).map_err(|error| failed("read", error))?.next().is_some() {
            let message = format!("the folder {} holds something else than a pull (it has no {MANIFEST})", root.display());
            return Err(Error::new(ErrorKind::LocalFile, message).with_hint("choose a new or an empty folder"));
        }
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(root.join(LOCK))
            .map_err(|error| failed("write to", error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let message = format!("another pull is working in the folder {}", root.display());
                return Err(Error::new(ErrorKind::LocalFile, message).with_hint("wait for it to end, or choose another folder"));
            }
            Err(TryLockError::Error(error)) => return Err(failed("lock", error)),
        }
        let folder = Self { root: root.to_owned(), _lock: lock };
        folder.clear_work().map_err(|error| failed("write to", error))?;
        Ok(folder)
    }

    /// What an interrupted pull left unfinished is fetched again, whole.
    fn clear_work(&self) -> io::Result<()> {
        let work = self.root.join(WORK);
        match fs::remove_dir_all(&work) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        fs::create_dir_all(&work)?;
        fs::create_dir_all(self.root.join("data").join("reports"))
    }

    /// The manifest of an earlier pull; `None` where there is none.
    pub(super) fn read_manifest(&self) -> Result<Option<String>, Error> {
        match fs::read_to_string(self.root.join(MANIFEST)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(local(&format!("cannot read {}", self.root.join(MANIFEST).display()), error)),
        }
    }

    pub(super) fn write_manifest(&self, json: &str) -> Result<(), Error> {
        self.replace(&self.root.join(MANIFEST), json.as_bytes())
    }

    pub(super) fn write_readme(&self, text: &str) -> Result<(), Error> {
        self.replace(&self.root.join(README), text.as_bytes())
    }

    pub(super) fn write_guild(&self, line: &str) -> Result<(), Error> {
        self.replace(&self.root.join("data").join("guild.json"), format!("{line}\n").as_bytes())
    }

    /// Writes a file so that it is either the old one or the whole new one.
    fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        let name = path.file_name().unwrap_or_default();
        let part = self.root.join(WORK).join(name);
        let write = || {
            let mut file = File::create(&part)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&part, path)?;
            sync_folder(path)
        };
        write().map_err(|error| local(&format!("cannot write {}", path.display()), error))
    }

    /// An empty folder for a report that is being fetched.
    pub(super) fn start_report(&self, code: &ReportCode) -> Result<PathBuf, Error> {
        let path = self.root.join(WORK).join(code.to_folder_name());
        let make = || {
            if path.exists() {
                fs::remove_dir_all(&path)?;
            }
            fs::create_dir_all(path.join("events"))
        };
        make().map_err(|error| local(&format!("cannot make {}", path.display()), error))?;
        Ok(path)
    }

    /// Puts a fetched report, whole, where it belongs.
    pub(super) fn finish_report(&self, code: &ReportCode, shelf: Shelf) -> Result<(), Error> {
        let from = self.root.join(WORK).join(code.to_folder_name());
        let to = self.place(code, shelf);
        let put = || {
            fs::create_dir_all(to.parent().unwrap_or(&self.root))?;
            sync_folder(&from.join("events"))?;
            sync_folder(&from.join("x"))?;
            remove_if_there(&to)?;
            fs::rename(&from, &to)?;
            sync_folder(&to)?;
            if shelf == Shelf::Data {
                remove_if_there(&self.place(code, Shelf::Live))?;
            }
            Ok(())
        };
        put().map_err(|error| local(&format!("cannot put the report in its place {}", to.display()), error))
    }

    /// Whether a finished report is here with all these event files.
    pub(super) fn has_report(&self, code: &ReportCode, files: &[&str]) -> bool {
        let report = self.place(code, Shelf::Data);
        report.join("report.json").is_file()
            && files.iter().all(|name| report.join("events").join(format!("{name}.jsonl")).is_file())
    }

    /// Takes the folder of unfinished things away, where nothing is in it.
    pub(super) fn tidy(&self) {
        // What is left behind is harmless: the next pull clears it.
        let _ = fs::remove_dir_all(self.root.join(WORK));
    }

    fn place(&self, code: &ReportCode, shelf: Shelf) -> PathBuf {
        let name = code.to_folder_name();
        match shelf {
            Shelf::Data => self.root.join("data").join("reports").join(name),
            Shelf::Live => self.root.join("live").join(name),
        }
    }
}

/// A file of lines that grows page by page and is synced at its end.
#[derive(Debug)]
pub(super) struct LineFile {
    file: File,
    path: PathBuf,
    lines: u64,
}

impl LineFile {
    pub(super) fn create(path: PathBuf) -> Result<Self, Error> {
        let file = File::create(&path).map_err(|error| local(&format!("cannot write {}", path.display()), error))?;
        Ok(Self { file, path, lines: 0 })
    }

    pub(super) fn append(&mut self, text: &str, lines: u64) -> Result<(), Error> {
        self.file.write_all(text.as_bytes()).map_err(|error| local(&format!("cannot write {}", self.path.display()), error))?;
        self.lines += lines;
        Ok(())
    }

    /// Syncs the file and tells how many lines it has.
    pub(super) fn finish(self) -> Result<u64, Error> {
        self.file.sync_all().map_err(|error| local(&format!("cannot write {}", self.path.display()), error))?;
        Ok(self.lines)
    }
}

/// Writes a whole file of lines.
pub(super) fn write_lines(path: PathBuf, text: &str, lines: u64) -> Result<u64, Error> {
    let mut file = LineFile::create(path)?;
    file.append(text, lines)?;
    file.finish()
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// A rename is on disk only when the folder that holds the name is.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if cfg!(unix) => File::open(parent)?.sync_all(),
        _ => Ok(()),
    }
}

fn local(what: &str, error: io::Error) -> Error {
    let hint = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "make room and run the same command again; finished reports are kept"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "choose a folder that you may write to",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "choose another folder: a file is in the way",
        _ => "run the same command again once the disk is in order; finished reports are kept",
    };
    Error::new(ErrorKind::LocalFile, format!("{what}: {error}")).with_hint(hint).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_other_things_in_it_is_refused_and_left_alone() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("thesis.txt"), "mine").unwrap();

        let error = Folder::open(root.path()).unwrap_err();

        assert!(error.to_string().contains("holds something else than a pull"), "{error}");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1, "nothing was added");
    }

    #[test]
    fn a_second_pull_in_the_same_folder_is_told_so() {
        let root = tempfile::tempdir().unwrap();
        let _first = Folder::open(root.path()).unwrap();
        let error = Folder::open(root.path()).unwrap_err();
        assert!(error.to_string().contains("another pull is working"), "{error}");
    }

    #[test]
    fn a_report_is_under_its_name_only_when_it_is_finished() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path()).unwrap();
        let code: ReportCode = "xb7TKHXR8DJByp4Q".parse().unwrap();

        let work = folder.start_report(&code).unwrap();
        write_lines(work.join("report.json"), "{}\n", 1).unwrap();
        write_lines(work.join("events").join("deaths.jsonl"), "", 0).unwrap();
        assert!(!folder.has_report(&code, &["deaths"]));

        folder.finish_report(&code, Shelf::Data).unwrap();
        assert!(folder.has_report(&code, &["deaths"]));
        assert!(!folder.has_report(&code, &["deaths", "damage"]), "a stream that was not fetched is missing");
    }
}
