//! The reports in the folder: fetched into a place of their own, and moved to where they belong when they are whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::line_file::count_lines;
use super::{Folder, Shelf, WORK, local, remove_if_there, sync_folder};
use crate::api::Report;
use crate::error::Error;
use crate::ids::ReportCode;

/// The files of a report beside its events.
pub(super) const BASE_FILES: [&str; 4] = ["report.json", "fights.jsonl", "actors.jsonl", "abilities.jsonl"];

/// Where reports lie while new ones take their place.
pub(super) const fn aside_name(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::Data => ".replaced-data",
        Shelf::Live => ".replaced-live",
    }
}

fn event_file(name: &str) -> PathBuf {
    Path::new("events").join(format!("{name}.jsonl"))
}

impl Folder {
    /// An empty folder for a report that is being fetched.
    pub(in crate::pull) fn start_report(&self, code: &ReportCode) -> Result<PathBuf, Error> {
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
    pub(in crate::pull) fn finish_report(&self, code: &ReportCode, shelf: Shelf) -> Result<(), Error> {
        let from = self.root.join(WORK).join(code.to_folder_name());
        let to = self.place(code, shelf);
        let put = || {
            fs::create_dir_all(self.shelf(shelf))?;
            File::open(from.join("events"))?.sync_all()?;
            File::open(&from)?.sync_all()?;
            self.set_aside(code, shelf)?;
            fs::rename(&from, &to)?;
            sync_folder(&to)?;
            if shelf == Shelf::Data {
                self.set_aside(code, Shelf::Live)?;
            }
            // Only now, when the new one has its name, may the old one go.
            remove_if_there(&self.root.join(WORK).join(aside_name(shelf)).join(code.to_folder_name()))?;
            remove_if_there(&self.root.join(WORK).join(aside_name(Shelf::Live)).join(code.to_folder_name()))
        };
        put().map_err(|error| local(&format!("cannot put the report in its place {}", to.display()), error))
    }

    /// Moves a report that is to be replaced out of the way, in one step.
    pub(super) fn set_aside(&self, code: &ReportCode, shelf: Shelf) -> io::Result<()> {
        let place = self.place(code, shelf);
        if !place.exists() {
            return Ok(());
        }
        let aside = self.root.join(WORK).join(aside_name(shelf));
        fs::create_dir_all(&aside)?;
        let aside = aside.join(code.to_folder_name());
        remove_if_there(&aside)?;
        fs::rename(place, aside)
    }

    /// Whether a finished report is here with all these event files.
    pub(in crate::pull) fn has_report(&self, code: &ReportCode, files: &[&str]) -> bool {
        let report = self.place(code, Shelf::Data);
        BASE_FILES.iter().all(|name| report.join(name).is_file())
            && files.iter().all(|name| report.join(event_file(name)).is_file())
    }

    /// Whether something of the report lies under `live/`.
    pub(in crate::pull) fn has_live(&self, code: &ReportCode) -> bool {
        self.place(code, Shelf::Live).is_dir()
    }

    /// The event files of the finished report, by name; none where it is not here.
    pub(in crate::pull) fn event_files(&self, code: &ReportCode) -> Vec<String> {
        let events = fs::read_dir(self.place(code, Shelf::Data).join("events"));
        let names = events.into_iter().flatten().flatten().map(|entry| entry.file_name());
        names.filter_map(|name| Some(name.to_str()?.strip_suffix(".jsonl")?.to_owned())).collect()
    }

    /// Whether the report in work is the finished one that is here, to the letter: then its event files are still good.
    pub(in crate::pull) fn is_unchanged(&self, code: &ReportCode, work: &Path) -> bool {
        let here = self.place(code, Shelf::Data);
        BASE_FILES.iter().all(|name| match (fs::read(here.join(name)), fs::read(work.join(name))) {
            (Ok(here), Ok(new)) => here == new,
            _ => false,
        })
    }

    /// Takes an event file of the finished report over into the one in work; tells how many lines it has.
    pub(in crate::pull) fn keep_events(&self, code: &ReportCode, work: &Path, name: &str) -> Result<u64, Error> {
        let (from, to) = (self.place(code, Shelf::Data).join(event_file(name)), work.join(event_file(name)));
        // A second name for the same file where the disk can, else a copy.
        let keep = || fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).map(drop));
        keep().map_err(|error| local(&format!("cannot keep {}", from.display()), error))?;
        count_lines(&to).map_err(|error| local(&format!("cannot read {}", to.display()), error))
    }

    /// Fights and events (by file) of the finished report, counted in its files.
    pub(in crate::pull) fn count(&self, code: &ReportCode) -> (u64, BTreeMap<String, u64>) {
        let report = self.place(code, Shelf::Data);
        let lines = |path: PathBuf| count_lines(&path).unwrap_or(0);
        let events =
            self.event_files(code).into_iter().map(|name| (name.clone(), lines(report.join(event_file(&name))))).collect();
        (lines(report.join("fights.jsonl")), events)
    }

    /// From the start to the end of the finished report, as its file says.
    pub(in crate::pull) fn length(&self, code: &ReportCode) -> Option<Duration> {
        let report = fs::read(self.place(code, Shelf::Data).join("report.json")).ok()?;
        let report: Report = serde_json::from_slice(&report).ok()?;
        Some(report.end_time?.since(report.start_time?))
    }

    /// Bytes of a file of the finished report's events.
    pub(in crate::pull) fn bytes_of_events(&self, code: &ReportCode, name: &str) -> u64 {
        bytes(&self.place(code, Shelf::Data).join(event_file(name)))
    }

    /// Bytes of its files beside the events.
    pub(in crate::pull) fn bytes_beside_events(&self, code: &ReportCode) -> u64 {
        let report = self.place(code, Shelf::Data);
        BASE_FILES.iter().map(|name| bytes(&report.join(name))).sum()
    }
}

fn bytes(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}
