//! The reports in the folder: fetched into a place of their own, and moved to where they belong when they are whole.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::super::extra::ReportExtra;
use super::super::journal::{BASE_FILES, Filed, Inventory, event_file, stream_of};
use super::part_file::read_whole;
use super::{Folder, Shelf, local, remove_if_there};
use crate::api::{Fight, Report};
use crate::disk;
use crate::error::Error;
use crate::ids::ReportCode;

/// Where reports lie while new ones take their place.
pub(super) const fn aside_name(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::Data => ".replaced-data",
        Shelf::Live => ".replaced-live",
    }
}

impl Folder {
    /// Where a report lies while it is being fetched.
    pub(in crate::pull) fn work_of(&self, code: &ReportCode) -> PathBuf {
        self.work().join(code.to_folder_name())
    }

    /// An empty folder for a report that is being fetched.
    pub(in crate::pull) fn start_report(&self, code: &ReportCode) -> Result<PathBuf, Error> {
        let path = self.work_of(code);
        let make = || {
            remove_if_there(&path)?;
            fs::create_dir_all(path.join("events"))?;
            disk::sync_folder_of(&path)
        };
        make().map_err(|error| local(&format!("cannot make {}", path.display()), error))?;
        Ok(path)
    }

    /// Throws away what was fetched of a report.
    pub(in crate::pull) fn drop_work(&self, code: &ReportCode) {
        // What is left behind is cleared by the next pull.
        let _ = fs::remove_dir_all(self.work_of(code));
    }

    /// Puts a fetched report, whole, where it belongs: these files of it, and no other.
    pub(in crate::pull) fn finish_report(&self, code: &ReportCode, shelf: Shelf, files: &[Filed]) -> Result<(), Error> {
        let (from, to) = (self.work_of(code), self.place(code, shelf));
        let put = || {
            fs::create_dir_all(self.shelf(shelf))?;
            for path in files_below(&from)? {
                if !files.iter().any(|file| path == from.join(&file.name)) {
                    fs::remove_file(path)?;
                }
            }
            File::open(from.join("events"))?.sync_all()?;
            File::open(&from)?.sync_all()?;
            self.set_aside(code, shelf)?;
            fs::rename(&from, &to)?;
            disk::sync_folder_of(&to)?;
            if shelf == Shelf::Data {
                self.set_aside(code, Shelf::Live)?;
            }
            // Only now, when the new one has its name, may the old one go.
            remove_if_there(&self.work().join(aside_name(shelf)).join(code.to_folder_name()))?;
            remove_if_there(&self.work().join(aside_name(Shelf::Live)).join(code.to_folder_name()))
        };
        put().map_err(|error| local(&format!("cannot put the report in its place {}", to.display()), error))
    }

    /// Moves a report from `live/` to `data/`: it is final as it lies there.
    pub(in crate::pull) fn settle_report(&self, code: &ReportCode) -> Result<(), Error> {
        let (from, to) = (self.place(code, Shelf::Live), self.place(code, Shelf::Data));
        let put = || {
            fs::create_dir_all(self.shelf(Shelf::Data))?;
            self.set_aside(code, Shelf::Data)?;
            fs::rename(&from, &to)?;
            disk::sync_folder_of(&to)?;
            disk::sync_folder_of(&from)?;
            remove_if_there(&self.work().join(aside_name(Shelf::Data)).join(code.to_folder_name()))
        };
        put().map_err(|error| local(&format!("cannot put the report in its place {}", to.display()), error))
    }

    /// Moves a report that is to be replaced out of the way, in one step.
    pub(super) fn set_aside(&self, code: &ReportCode, shelf: Shelf) -> io::Result<()> {
        let place = self.place(code, shelf);
        if !place.exists() {
            return Ok(());
        }
        let aside = self.work().join(aside_name(shelf));
        fs::create_dir_all(&aside)?;
        let aside = aside.join(code.to_folder_name());
        remove_if_there(&aside)?;
        fs::rename(place, aside)
    }

    /// Those of the files that are there in this place, as long as they should be.
    pub(in crate::pull) fn intact(place: &Path, files: &[Filed]) -> Vec<Filed> {
        let is_intact =
            |file: &&Filed| fs::metadata(place.join(&file.name)).is_ok_and(|it| it.is_file() && it.len() == file.bytes());
        files.iter().filter(is_intact).cloned().collect()
    }

    /// Takes an event file of the finished report over into the one in work.
    pub(in crate::pull) fn keep_file(&self, code: &ReportCode, name: &str) -> Result<(), Error> {
        let (from, to) = (self.place(code, Shelf::Data).join(name), self.work_of(code).join(name));
        let keep = || {
            if to.exists() {
                fs::remove_file(&to)?;
            }
            // A second name for the same file where the disk can, else a copy.
            fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).and_then(|_| File::open(&to)?.sync_all()))?;
            disk::sync_folder_of(&to)
        };
        keep().map_err(|error| local(&format!("cannot keep {}", from.display()), error))
    }

    /// The report whose files lie in this place: without its fights' insides being looked into, but with all of them.
    pub(in crate::pull) fn read_report(place: &Path) -> Option<Report> {
        let mut report: Report = serde_json::from_slice(&fs::read(place.join("report.json")).ok()?).ok()?;
        let fights = fs::read_to_string(place.join("fights.jsonl")).ok()?;
        let fights: Result<Vec<Fight>, _> = fights.lines().map(serde_json::from_str).collect();
        report.fights = Some(fights.ok()?);
        Some(report)
    }

    /// From the start to the end of the finished report, as its file says.
    pub(in crate::pull) fn length(&self, code: &ReportCode) -> Option<Duration> {
        let report = fs::read(self.place(code, Shelf::Data).join("report.json")).ok()?;
        let report: Report = serde_json::from_slice(&report).ok()?;
        Some(report.end_time?.since(report.start_time?))
    }

    /// The names of what lies on a shelf.
    pub(in crate::pull) fn names_on(&self, shelf: Shelf) -> Vec<String> {
        let entries = fs::read_dir(self.shelf(shelf)).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
    }

    /// What lies under this name, where it is a report that no journal tells of: as it is found.
    pub(in crate::pull) fn adopt(&self, name: &str, shelf: Shelf) -> Option<(ReportCode, Inventory)> {
        let place = self.shelf(shelf).join(name);
        let report: Report = serde_json::from_slice(&fs::read(place.join("report.json")).ok()?).ok()?;
        let code = ReportCode::bare(report.code.as_str()).filter(|code| code.to_folder_name() == name)?;
        let mut names: Vec<String> = BASE_FILES.iter().map(|name| (*name).to_owned()).collect();
        let events = fs::read_dir(place.join("events")).into_iter().flatten().flatten();
        let streams = events.filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".jsonl")?.to_owned()));
        names.extend(streams.map(|stream| event_file(&stream)).filter(|name| stream_of(name).is_some()));
        names[BASE_FILES.len()..].sort();
        let has = |extra: &ReportExtra| place.join(extra.file()).is_file();
        names.extend(ReportExtra::EVERY.into_iter().filter(has).map(|extra| extra.file().to_owned()));
        let file = |name: String| read_whole(&place.join(&name)).ok().map(|page| Filed::whole(name, page));
        let files: Vec<Filed> = names.into_iter().filter_map(file).collect();
        let (title, start) = (report.title.clone().unwrap_or_default(), report.start_time);
        let found = Inventory {
            title,
            start,
            end: report.end_time,
            revision: report.revision,
            files,
            with_resources: false,
            adopted: true,
        };
        // Without one of the others it is no report.
        found.has(&[]).then_some((code, found))
    }
}

/// The files of a report's folder, those of its events included.
fn files_below(place: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in [place.to_owned(), place.join("events")] {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if !entry.file_type()?.is_dir() {
                files.push(entry.path());
            }
        }
    }
    Ok(files)
}
