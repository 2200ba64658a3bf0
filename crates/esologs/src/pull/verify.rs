//! Whether a folder is still what was fetched: every page, every byte, every report of the list.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::folder::{Folder, MANIFEST, Shelf, read_page};
use super::journal::{self, Began, Filed, Found, Inventory, JOURNAL, Known, State, file_of, stream_of};
use super::listing::Listed;
use crate::disk::{blocking, entries};
use crate::error::{Error, ErrorKind};
use crate::ids::ReportCode;

/// What the folder of an export is told by.
pub(crate) const EXPORT: &str = "export.json";

/// What [`verify`] has found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Verified {
    /// Reports that are here, those under `live/` included.
    pub reports: usize,
    /// Their files.
    pub files: u64,
    /// Pages of events in them.
    pub pages: u64,
    /// Events in them.
    pub events: u64,
    /// Bytes that were read.
    pub bytes: u64,
    /// Reports that were found in the folder, not fetched under its journal (an older version brought them home): that they have not
    /// changed since can be told, but not that no page was missing then.
    pub adopted: usize,
    /// Everything that is not as it should be.
    pub gaps: Vec<Gap>,
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gap {
    /// What kind of thing it is.
    pub kind: GapKind,
    /// The report's code, where it is about one.
    pub code: Option<String>,
    /// The file or folder, from the pull's or the export's folder on; empty where it is about none.
    pub path: PathBuf,
    /// What is wrong, in words.
    pub what: String,
}

impl Gap {
    pub(crate) fn new(kind: GapKind, code: Option<&str>, path: &Path, what: impl Into<String>) -> Self {
        Self { kind, code: code.map(str::to_owned), path: path.to_owned(), what: what.into() }
    }

    /// A file that should be there.
    pub(crate) fn unreadable(code: Option<&str>, path: &Path, error: &io::Error) -> Self {
        let what = match error.kind() {
            io::ErrorKind::NotFound => "it is not there".to_owned(),
            _ => format!("it cannot be read: {error}"),
        };
        Self::new(GapKind::Missing, code, path, what)
    }
}

/// What kind of thing is not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum GapKind {
    /// A report of the list, or a stream of it, that can be had and was not fetched.
    NotFetched,
    /// A file or folder that is not there.
    Missing,
    /// A file that is not as it was written: changed, cut, or longer.
    Changed,
    /// Pages that do not join from the start to the end.
    Pages,
    /// A file or folder that does not belong here.
    TooMany,
    /// The journal is damaged, or its last pull did not come to its end.
    Journal,
}

impl GapKind {
    /// A name in lower case with underscores, as in `--json`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotFetched => "not_fetched",
            Self::Missing => "missing",
            Self::Changed => "changed",
            Self::Pages => "pages",
            Self::TooMany => "too_many",
            Self::Journal => "journal",
        }
    }
}

impl Verified {
    /// Whether everything is here, and as it was fetched.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.gaps.is_empty()
    }
}

/// Reads every file of a pull's folder and holds it against the journal: each stream's pages join from the start to the end, every
/// byte is as it was written, every report of the list is here or is known not to be had, and nothing is here that does not belong
/// to it. It asks the service for nothing and changes nothing.
///
/// # Errors
/// [`ErrorKind::LocalFile`] where the folder is not that of a pull, or cannot be read.
pub async fn verify(folder: impl Into<PathBuf>) -> Result<Verified, Error> {
    let root = folder.into();
    blocking(move || {
        let found = read_journal(&root)?;
        let (folder, _) = Folder::look(&root, |_| Ok(()))?;
        let mut check = Check { root, folder, verified: Verified::default() };
        check.journal(&found);
        check.about_and_manifest(&found.state);
        check.listed(&found.state);
        check.reports(&found.state);
        check.strays(&found.state);
        Ok(check.verified)
    })
    .await
}

/// The journal of a folder that holds a pull.
pub(super) fn read_journal(root: &Path) -> Result<Found, Error> {
    let found = journal::read(root)?;
    if !found.is_there && !root.join(MANIFEST).is_file() {
        let message = format!("{} is not the folder of a pull: it has neither manifest.json nor a journal", root.display());
        let hint = if root.join(EXPORT).is_file() {
            "this is an export: name the folder of the pull that it was made from"
        } else {
            "name the folder that was given to `pull` with -o"
        };
        return Err(Error::new(ErrorKind::LocalFile, message).with_hint(hint));
    }
    Ok(found)
}

struct Check {
    root: PathBuf,
    folder: Folder,
    verified: Verified,
}

impl Check {
    fn gap(&mut self, kind: GapKind, code: Option<&str>, path: &Path, what: impl Into<String>) {
        self.verified.gaps.push(Gap::new(kind, code, path.strip_prefix(&self.root).unwrap_or(path), what));
    }

    fn journal(&mut self, found: &Found) {
        let path = self.root.join(JOURNAL);
        let is_at_its_end = found.state.ended.as_ref().is_some_and(|ended| ended.is_last);
        let what = match (found.is_there, found.damaged_line, found.torn_line) {
            (false, ..) => {
                "it is not there: an older version has fetched the folder, or it was deleted; the next pull makes one".to_owned()
            }
            (_, Some(line), _) => format!("line {line} is damaged; what it and the lines after it tell of is not known"),
            (_, _, Some(line)) => {
                format!("line {line}, the last one, is not whole: a pull was stopped while it wrote, or it was damaged")
            }
            _ if !is_at_its_end => "the last pull did not come to its end".to_owned(),
            _ => return,
        };
        self.gap(GapKind::Journal, None, &path, what);
    }

    fn about_and_manifest(&mut self, state: &State) {
        let path = state.of.as_ref().and_then(|of| self.folder.about_file(of.target));
        if let Some(((_, page), path)) = state.about.as_ref().zip(path) {
            self.file(None, &path, &Filed::whole("", *page));
        }
        let path = self.folder.attendance_file();
        match &state.attendance {
            Some((page, _)) => self.file(None, &path, &Filed::whole("", *page)),
            None if state.began.as_ref().is_some_and(|began| began.attendance) => {
                self.gap(GapKind::NotFetched, None, &path, "who was there was not fetched");
            }
            None => {}
        }
        let path = self.root.join(MANIFEST);
        match &state.ended {
            // While a pull works, the manifest is written anew with each report.
            Some(ended) if ended.is_last => self.file(None, &path, &Filed::whole("", ended.manifest)),
            _ if path.is_file() || state.ended.is_none() => {}
            _ => self.gap(GapKind::Missing, None, &path, "it is not there"),
        }
    }

    /// Every report that was asked for is here, or is known not to be had.
    fn listed(&mut self, state: &State) {
        let Some(asked) = &state.began else { return };
        for listed in asked.span.of(&state.list.reports) {
            let known = state.reports.get(listed.code.as_str()).cloned().unwrap_or_default();
            for what in missing(listed, &known, asked) {
                self.gap(GapKind::NotFetched, Some(listed.code.as_str()), Path::new(""), what);
            }
        }
    }

    fn reports(&mut self, state: &State) {
        for (name, known) in &state.reports {
            let Some(code) = ReportCode::bare(name) else { continue };
            for (here, shelf) in [(&known.data, Shelf::Data), (&known.live, Shelf::Live)] {
                if let Some(inventory) = here {
                    self.report(&code, &self.folder.place(&code, shelf), inventory);
                }
            }
        }
    }

    fn report(&mut self, code: &ReportCode, place: &Path, inventory: &Inventory) {
        let code = Some(code.as_str());
        self.verified.reports += 1;
        self.verified.adopted += usize::from(inventory.adopted);
        self.verified.events += inventory.events().iter().map(|(_, count)| count).sum::<u64>();
        if !place.is_dir() {
            return self.gap(GapKind::Missing, code, place, "the report is not there");
        }
        for file in &inventory.files {
            self.file(code, &place.join(&file.name), file);
        }
        let is_known = |path: &Path| {
            let name = path.strip_prefix(place).ok().and_then(Path::to_str);
            name.is_some_and(|name| name == "events" || inventory.file(name).is_some())
        };
        let strays = entries(place).into_iter().chain(entries(&place.join("events"))).filter(|path| !is_known(path));
        for path in strays.collect::<Vec<_>>() {
            self.gap(GapKind::TooMany, code, &path, "it does not belong to the report");
        }
    }

    fn file(&mut self, code: Option<&str>, path: &Path, file: &Filed) {
        self.verified.files += 1;
        self.verified.pages += file.pages.len() as u64;
        if let Some(gap) = file.gap() {
            self.gap(GapKind::Pages, code, path, gap);
        }
        match first_change(path, file) {
            Ok(None) => self.verified.bytes += file.bytes(),
            Ok(Some(what)) => self.gap(GapKind::Changed, code, path, what),
            Err(error) => {
                let path = path.strip_prefix(&self.root).unwrap_or(path);
                self.verified.gaps.push(Gap::unreadable(code, path, &error));
            }
        }
    }

    /// What lies beside the reports and is none.
    fn strays(&mut self, state: &State) {
        let here = |of: fn(&Known) -> bool| -> BTreeSet<String> {
            let codes = state.reports.iter().filter(|(_, known)| of(known)).filter_map(|(code, _)| ReportCode::bare(code));
            codes.map(|code| code.to_folder_name()).collect()
        };
        let about = state.of.as_ref().map_or(Some("guild.json"), |of| of.target.file());
        let attendance = state.attendance.as_ref().map(|_| "attendance.jsonl");
        let data = about.into_iter().chain(["reports"]).chain(attendance).map(str::to_owned).collect();
        let places = [
            (self.root.join("data"), data),
            (self.root.join("data").join("reports"), here(|known| known.data.is_some())),
            (self.root.join("live"), here(|known| known.live.is_some())),
        ];
        for (place, known) in places {
            let is_known =
                |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).is_some_and(|name| known.contains(name));
            for path in entries(&place).into_iter().filter(|path| !is_known(path)) {
                self.gap(GapKind::TooMany, None, &path, "the journal tells of no such thing");
            }
        }
    }
}

/// What can be had of a report and is not here.
fn missing(listed: &Listed, known: &Known, asked: &Began) -> Vec<String> {
    let is_closed = listed.is_archived || known.closed.is_some() || ReportCode::bare(listed.code.as_str()).is_none();
    match known.data.as_ref().or(known.live.as_ref()) {
        None if is_closed => Vec::new(),
        None => vec![not_here(known)],
        Some(_) if is_closed => Vec::new(),
        Some(here) => {
            let missing = asked.events.iter().filter(|name| here.file(&file_of(name)).is_none());
            let what = |name: &str| if stream_of(&file_of(name)).is_some() { "the stream" } else { "the extra" };
            let mut missing: Vec<String> = missing.map(|name| format!("{} {name} was not fetched", what(name))).collect();
            if asked.with_resources && !here.with_resources && !here.events().is_empty() {
                missing.push("its events were fetched without resources".to_owned());
            }
            missing
        }
    }
}

/// Why nothing of a report is here, in words.
pub(super) fn not_here(known: &Known) -> String {
    let pages = known.work.as_ref().map_or(0, |work| work.inventory.files.iter().map(|file| file.pages.len()).sum());
    match (&known.failed, pages) {
        (Some(failed), _) => format!("failed: {}", failed.reason),
        (None, 0) => "not tried: the pull ended before".to_owned(),
        (None, pages) => {
            format!("not finished: the pull was stopped, with {pages} pages here; the same pull again goes on behind them")
        }
    }
}

/// The first place where a file is not as it was written, in words.
fn first_change(path: &Path, file: &Filed) -> io::Result<Option<String>> {
    let length = fs::metadata(path)?.len();
    let mut opened = File::open(path)?;
    let mut at = 0;
    for page in &file.pages {
        if length < at + page.bytes {
            return Ok(Some(format!("it ends after {length} bytes, and {} were written", file.bytes())));
        }
        if read_page(&mut opened, page)? != page.crc {
            return Ok(Some(format!("the {} bytes from byte {at} on are not those that were written", page.bytes)));
        }
        at += page.bytes;
    }
    Ok((length > at).then(|| format!("it has {length} bytes, and {at} were written")))
}

/// Length and checksum of a file as it is found.
#[cfg(feature = "export")]
pub(crate) fn length_and_sum(path: &Path) -> io::Result<(u64, u32)> {
    super::folder::read_whole(path).map(|page| (page.bytes, page.crc))
}
