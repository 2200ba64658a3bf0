//! The folder and its journal together: opened for a pull, brought to agree with each other, shared by its tasks.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::attendance;
use super::folder::{Folder, Shelf, local, read_whole};
use super::journal::{self, Found, Inventory, Journal, Known, Page, Record, State, Work};
use super::manifest::{Earlier, FORMAT};
use super::target::Target;
use crate::disk::blocking;
use crate::error::{Error, ErrorKind};
use crate::ids::ReportCode;

/// A pull that was stopped lets go of its folder within this time: what it was writing is written.
const LETTING_GO: Duration = Duration::from_secs(1);
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Where another pull is waited for: how often the folder is looked at, and for how long at most.
const WAIT_EVERY: Duration = Duration::from_secs(1);
pub(super) const MAX_WAIT: Duration = Duration::from_secs(24 * 3600);

/// Whose folder it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) host: String,
    pub(super) target: Target,
}

/// An open folder with its journal. The folder is let go of when the last task of the pull has.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) folder: Folder,
    journal: Mutex<Journal>,
    state: Arc<Mutex<State>>,
    /// Nothing was here before.
    pub(super) is_new: bool,
    /// The line of the journal that was found damaged, from which on it was not trusted.
    pub(super) damaged_line: Option<u64>,
}

impl Store {
    /// Opens the folder. `waits`: where another pull works in it, that is waited for; `tell` is told so once.
    pub(super) async fn open(root: &Path, owner: &Owner, waits: bool, tell: impl Fn()) -> Result<Arc<Self>, Error> {
        let began = tokio::time::Instant::now();
        let mut was_told = false;
        loop {
            let (root, owner) = (root.to_owned(), owner.clone());
            let shown = root.clone();
            if let Some(store) = blocking(move || Self::try_open(&root, &owner)).await? {
                return Ok(Arc::new(store));
            }
            let waited = began.elapsed();
            if waited >= if waits { MAX_WAIT } else { LETTING_GO } {
                let message = format!("another pull is working in the folder {}", shown.display());
                return Err(Error::new(ErrorKind::LocalFile, message)
                    .with_hint("wait for it to end (--wait does that), or choose another folder"));
            }
            if waited >= LETTING_GO && !was_told {
                was_told = true;
                tell();
            }
            tokio::time::sleep(if waited < LETTING_GO { LOOK_EVERY } else { WAIT_EVERY }).await;
        }
    }

    /// `None` where another pull works in it.
    fn try_open(root: &Path, owner: &Owner) -> Result<Option<Self>, Error> {
        Folder::make(root)?;
        // A look first: the folder of something else is left as it is.
        inspect(root, owner)?;
        let Some(folder) = Folder::take(root)? else { return Ok(None) };
        let (found, is_known) = inspect(root, owner)?;
        let (is_new, damaged_line) = (!is_known && !found.is_there, found.damaged_line);
        let mut journal = Journal::open(root, found)?;
        let mut news = settle(&folder, &journal.state());
        forget_what_is_gone(&folder, &mut journal.state());
        news.extend(adopt(&folder, &journal.state()));
        if !news.is_empty() {
            if journal.state().of.is_none() {
                news.insert(0, begin(owner));
            }
            journal.append(news)?;
        }
        folder.clear_work(&names_in_work(&journal.state()))?;
        journal.shorten()?;
        Ok(Some(Self { folder, state: journal.shared_state(), journal: Mutex::new(journal), is_new, damaged_line }))
    }

    /// Notes what has happened. When this returns, it stands, whatever happens to the machine.
    pub(super) fn note(&self, mut records: Vec<Record>, owner: &Owner) -> Result<(), Error> {
        self.with(|journal| {
            if journal.state().of.is_none() {
                records.insert(0, begin(owner));
            }
            journal.append(records)
        })
    }

    /// Notes what has happened. It stands for whoever is killed, and for a loss of power once [`sync`](Self::sync) has returned.
    pub(super) fn note_unsynced(&self, record: Record) -> Result<(), Error> {
        self.with(|journal| journal.append_unsynced(vec![record]))
    }

    /// What was noted stands, whatever happens to the machine. Others may note more meanwhile.
    pub(super) fn sync(&self) -> Result<(), Error> {
        let file = self.with(|journal| journal.file())?;
        let synced = file.map_or(Ok(()), |file| file.sync_data());
        synced.map_err(|error| local("cannot write the journal", error))
    }

    /// Looks at what is known.
    pub(super) fn look<R>(&self, look: impl FnOnce(&State) -> R) -> R {
        look(&self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What is known of a report.
    pub(super) fn known(&self, code: &ReportCode) -> Known {
        self.look(|state| state.reports.get(code.as_str()).cloned().unwrap_or_default())
    }

    /// Ends a pull: what nobody will go on with is thrown away, and the journal made shorter.
    pub(super) fn close(&self) -> Result<(), Error> {
        self.with(|journal| {
            self.folder.clear_work(&names_in_work(&journal.state()))?;
            journal.shorten()
        })
    }

    /// Takes everything back that a pull has written that never learned of a report.
    pub(super) fn forget(&self) {
        self.with(|journal| {
            // What is left behind is taken up by the next pull.
            let target = journal.state().of.as_ref().map(|of| of.target);
            if journal.remove().is_ok() {
                let _ = self.folder.forget_data(target);
            }
        });
    }

    /// Nothing panics while the journal is held, and it is never held across a wait.
    fn with<R>(&self, work: impl FnOnce(&mut Journal) -> R) -> R {
        work(&mut self.journal.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn begin(owner: &Owner) -> Record {
    Record::Folder { format: FORMAT.to_owned(), host: owner.host.clone(), target: owner.target }
}

/// The journal, and whether there is a manifest. Refuses the folder of somebody else.
pub(super) fn inspect(root: &Path, owner: &Owner) -> Result<(Found, bool), Error> {
    let (_, earlier) = Folder::look(root, |text| Earlier::read(text, &owner.host, owner.target))?;
    let found = journal::read(root)?;
    if let Some(of) = &found.state.of {
        Earlier::check(&of.format, &of.host, of.target, (&owner.host, owner.target))?;
    }
    Ok((found, earlier.is_some()))
}

/// What was done and not noted any more: reports that were moved when the program was killed.
fn settle(folder: &Folder, state: &State) -> Vec<Record> {
    let mut records = Vec::new();
    for (name, known) in &state.reports {
        let Some(code) = ReportCode::bare(name) else { continue };
        let moved = |inventory: &Inventory, shelf| {
            let is_whole = inventory.files.iter().all(|file| file.is_complete());
            is_whole && Folder::intact(&folder.place(&code, shelf), &inventory.files).len() == inventory.files.len()
        };
        let done = |inventory: &Inventory, shelf| Record::Done { code: name.clone(), shelf, inventory: inventory.clone() };
        if let Some(Work { is_final, inventory }) = &known.work {
            let shelf = if *is_final { Shelf::Data } else { Shelf::Live };
            if !folder.work_of(&code).exists() && moved(inventory, shelf) {
                records.push(done(inventory, shelf));
            }
        } else if let Some(live) = known.live.as_ref().filter(|_| !folder.place(&code, Shelf::Live).exists())
            && moved(live, Shelf::Data)
        {
            records.push(done(live, Shelf::Data));
        }
    }
    records
}

/// What the journal tells of and is not there any more is fetched again: files that were deleted or cut.
pub(super) fn forget_what_is_gone(folder: &Folder, state: &mut State) {
    for (name, known) in &mut state.reports {
        let Some(code) = ReportCode::bare(name) else { continue };
        for (here, shelf) in [(&mut known.data, Shelf::Data), (&mut known.live, Shelf::Live)] {
            let place = folder.place(&code, shelf);
            if let Some(inventory) = here {
                inventory.files = Folder::intact(&place, &inventory.files);
            }
            if !place.is_dir() {
                *here = None;
            }
        }
        // Of a report that may still change, a part is of no use.
        let goes_on = |work: &Work| work.is_final && folder.work_of(&code).is_dir();
        known.work = known.work.take().filter(goes_on);
    }
    let is_there = |path: &Path, file: &Page| std::fs::metadata(path).is_ok_and(|it| it.len() == file.bytes);
    let about = state.of.as_ref().and_then(|of| folder.about_file(of.target));
    state.about = state.about.take().filter(|(_, file)| about.as_ref().is_some_and(|path| is_there(path, file)));
    state.attendance = state.attendance.take().filter(|(file, _)| is_there(&folder.attendance_file(), file));
}

/// What is here and of which no journal tells: an older version has brought it home, or the journal was lost.
pub(super) fn adopt(folder: &Folder, state: &State) -> Vec<Record> {
    let mut records = Vec::new();
    for shelf in [Shelf::Data, Shelf::Live] {
        let of_shelf = |known: &Known| if shelf == Shelf::Data { known.data.is_some() } else { known.live.is_some() };
        let known = state.reports.iter().filter(|(_, known)| of_shelf(known));
        let known: BTreeSet<String> = known.filter_map(|(code, _)| Some(ReportCode::bare(code)?.to_folder_name())).collect();
        for name in folder.names_on(shelf).into_iter().filter(|name| !known.contains(name)) {
            let adopted = folder.adopt(&name, shelf);
            records.extend(adopted.map(|(code, inventory)| Record::Done { code: code.to_string(), shelf, inventory }));
        }
    }
    if state.attendance.is_none()
        && let Ok(file) = read_whole(&folder.attendance_file())
    {
        // Nobody knows of which list it is so: of another one. Where it is asked for, it is fetched anew.
        records.push(Record::Attendance { of: !attendance::of_list(state), file });
    }
    records
}

fn names_in_work(state: &State) -> Vec<String> {
    let in_work = state.reports.iter().filter(|(_, known)| known.work.as_ref().is_some_and(|work| work.is_final));
    in_work.filter_map(|(code, _)| Some(ReportCode::bare(code)?.to_folder_name())).collect()
}
