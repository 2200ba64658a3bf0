//! The folder of a pull: what is where, and how it gets there without ever looking whole before it is.

mod line_file;
mod reports;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

pub(super) use self::line_file::{LineFile, write_lines};
use self::reports::aside_name;
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
    /// Held while a pull works in the folder; `None` for whoever only looks.
    lock: Option<File>,
}

impl Folder {
    /// Opens the folder, or makes it. `read` takes the manifest of an earlier pull, or refuses it.
    ///
    /// A folder that holds something else than this pull is refused before anything in it is changed.
    pub(super) fn open<M>(root: &Path, read: impl FnOnce(&str) -> Result<M, Error>) -> Result<(Self, Option<M>), Error> {
        let failed = |what: &str, error: io::Error| local(&format!("cannot {what} the folder {}", root.display()), error);
        fs::create_dir_all(root).map_err(|error| failed("make", error))?;
        let earlier = read_manifest(root, read)?;
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
        let folder = Self { root: root.to_owned(), lock: Some(lock) };
        folder.clear_work().map_err(|error| failed("write to", error))?;
        Ok((folder, earlier))
    }

    /// The same for looking only: changes nothing, makes no folder, and does not mind a pull that works in it.
    pub(super) fn look<M>(root: &Path, read: impl FnOnce(&str) -> Result<M, Error>) -> Result<(Self, Option<M>), Error> {
        let folder = Self { root: root.to_owned(), lock: None };
        match fs::metadata(root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok((folder, None)),
            _ => read_manifest(root, read).map(|earlier| (folder, earlier)),
        }
    }

    /// What an interrupted pull left unfinished is fetched again, whole.
    fn clear_work(&self) -> io::Result<()> {
        self.bring_back()?;
        let work = self.root.join(WORK);
        remove_if_there(&work)?;
        fs::create_dir_all(&work)
    }

    /// A report that was being replaced, and whose new form never got its name, takes its place again.
    fn bring_back(&self) -> io::Result<()> {
        let work = self.root.join(WORK);
        for shelf in [Shelf::Data, Shelf::Live] {
            let aside = work.join(aside_name(shelf));
            for entry in fs::read_dir(&aside).into_iter().flatten().flatten() {
                let place = self.shelf(shelf).join(entry.file_name());
                if !place.exists() {
                    fs::rename(entry.path(), place)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn write_manifest(&self, json: &str) -> Result<(), Error> {
        self.replace(&self.root.join(MANIFEST), json.as_bytes())
    }

    pub(super) fn write_readme(&self, text: &str) -> Result<(), Error> {
        self.replace(&self.root.join(README), text.as_bytes())
    }

    pub(super) fn write_guild(&self, line: &str) -> Result<(), Error> {
        let reports = self.shelf(Shelf::Data);
        fs::create_dir_all(&reports).map_err(|error| local(&format!("cannot make {}", reports.display()), error))?;
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

    /// Takes the folder of unfinished things away.
    fn tidy(&self) {
        // What is left behind is harmless: the next pull clears it.
        if self.bring_back().is_ok() {
            let _ = fs::remove_dir_all(self.root.join(WORK));
        }
    }

    pub(super) fn place(&self, code: &ReportCode, shelf: Shelf) -> PathBuf {
        self.shelf(shelf).join(code.to_folder_name())
    }

    fn shelf(&self, shelf: Shelf) -> PathBuf {
        match shelf {
            Shelf::Data => self.root.join("data").join("reports"),
            Shelf::Live => self.root.join("live"),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.lock.is_some() {
            self.tidy();
        }
    }
}

/// What the manifest of an earlier pull says; `None` where there was none.
fn read_manifest<M>(root: &Path, read: impl FnOnce(&str) -> Result<M, Error>) -> Result<Option<M>, Error> {
    let manifest = root.join(MANIFEST);
    match fs::read_to_string(&manifest) {
        Ok(text) => return read(&text).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(local(&format!("cannot read {}", manifest.display()), error)),
    }
    if is_free(root).map_err(|error| local(&format!("cannot read the folder {}", root.display()), error))? {
        return Ok(None);
    }
    let message = format!("the folder {} holds something else than a pull (it has no {MANIFEST})", root.display());
    Err(Error::new(ErrorKind::LocalFile, message).with_hint("choose a new or an empty folder"))
}

/// Whether a folder without a manifest may be used: it is empty, or holds just what a pull leaves that lost its manifest or
/// never came so far as to write one.
fn is_free(root: &Path) -> io::Result<bool> {
    let names = fs::read_dir(root)?.map(|entry| entry.map(|entry| entry.file_name())).collect::<io::Result<Vec<_>>>()?;
    let lock = fs::symlink_metadata(root.join(LOCK));
    let is_ours = lock.is_ok_and(|lock| lock.is_file() && lock.len() == 0);
    let has_reports = root.join("data").join("reports").is_dir();
    let known = |name: &std::ffi::OsString| match name.to_str() {
        Some(LOCK | WORK) => is_ours,
        Some(README | "data" | "live") => is_ours && has_reports,
        _ => false,
    };
    Ok(names.iter().all(known))
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
    use super::reports::BASE_FILES;
    use super::*;

    fn open(root: &Path) -> Result<Folder, Error> {
        Folder::open(root, |text| Ok(text.to_owned())).map(|(folder, _)| folder)
    }

    /// A fetched report with one event file.
    fn fetch(folder: &Folder, code: &ReportCode, events: &str) {
        let work = folder.start_report(code).unwrap();
        for name in BASE_FILES {
            write_lines(work.join(name), b"{}\n", 1).unwrap();
        }
        write_lines(work.join("events").join("deaths.jsonl"), events.as_bytes(), 1).unwrap();
    }

    #[test]
    fn a_folder_with_a_foreign_manifest_is_left_as_it_is() {
        let root = tempfile::tempdir().unwrap();
        for (name, text) in [("manifest.json", "{}"), (".lock", "mine"), ("README.txt", "mine")] {
            fs::write(root.path().join(name), text).unwrap();
        }
        fs::create_dir(root.path().join(WORK)).unwrap();
        fs::write(root.path().join(WORK).join("novel.txt"), "mine").unwrap();

        let refuse = |_: &str| Err::<(), _>(Error::new(ErrorKind::LocalFile, "not ours"));
        assert_eq!(Folder::open(root.path(), refuse).unwrap_err().to_string(), "not ours");
        fs::remove_file(root.path().join("manifest.json")).unwrap();
        assert!(open(root.path()).is_err());

        assert!(root.path().join(WORK).join("novel.txt").exists());
        assert_eq!(fs::read_to_string(root.path().join(".lock")).unwrap(), "mine");
    }

    #[test]
    fn a_report_that_was_being_replaced_when_the_program_was_killed_comes_back() {
        let root = tempfile::tempdir().unwrap();
        let code: ReportCode = "xb7TKHXR8DJByp4Q".parse().unwrap();
        let folder = open(root.path()).unwrap();
        fetch(&folder, &code, "{}\n");
        folder.finish_report(&code, Shelf::Data).unwrap();

        folder.set_aside(&code, Shelf::Data).unwrap();
        assert!(!folder.has_report(&code, &["deaths"]));
        // A kill runs no destructors.
        let Folder { root: path, lock } = &folder;
        lock.as_ref().unwrap().unlock().unwrap();
        let again = open(path).unwrap();

        assert!(again.has_report(&code, &["deaths"]));
        std::mem::forget(folder);
    }

    #[test]
    fn a_folder_with_other_things_in_it_is_refused_and_left_alone() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("thesis.txt"), "mine").unwrap();

        let error = open(root.path()).unwrap_err();

        assert!(error.to_string().contains("holds something else than a pull"), "{error}");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1, "nothing was added");
    }

    #[test]
    fn a_look_makes_no_folder_changes_nothing_in_one_and_sees_what_is_there_while_a_pull_works_in_it() {
        let root = tempfile::tempdir().unwrap();
        let look = |root: &Path| Folder::look(root, |text| Ok(text.to_owned()));
        let code: ReportCode = "xb7TKHXR8DJByp4Q".parse().unwrap();

        let (nothing, manifest) = look(&root.path().join("new")).unwrap();
        assert!(!nothing.has_report(&code, &[]) && manifest.is_none());
        drop(nothing);
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);

        let folder = open(root.path()).unwrap();
        fetch(&folder, &code, "{}\n");
        folder.finish_report(&code, Shelf::Data).unwrap();
        folder.write_manifest("{}").unwrap();
        let (seen, manifest) = look(root.path()).unwrap();
        assert!(seen.has_report(&code, &["deaths"]) && manifest.as_deref() == Some("{}"));
        drop(seen);
        assert!(root.path().join(WORK).is_dir(), "the work of the pull is left alone");
    }

    #[test]
    fn a_second_pull_in_the_same_folder_is_told_so() {
        let root = tempfile::tempdir().unwrap();
        let _first = open(root.path()).unwrap();
        let error = open(root.path()).unwrap_err();
        assert!(error.to_string().contains("another pull is working"), "{error}");
    }

    #[test]
    fn a_report_is_under_its_name_only_when_it_is_finished() {
        let root = tempfile::tempdir().unwrap();
        let folder = open(root.path()).unwrap();
        let code: ReportCode = "xb7TKHXR8DJByp4Q".parse().unwrap();

        fetch(&folder, &code, "");
        assert!(!folder.has_report(&code, &["deaths"]));

        folder.finish_report(&code, Shelf::Data).unwrap();
        assert!(folder.has_report(&code, &["deaths"]));
        assert!(!folder.has_report(&code, &["deaths", "damage"]), "a stream that was not fetched is missing");
    }
}
