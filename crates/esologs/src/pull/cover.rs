//! The report itself, without its events: fetched, taken apart and written, or taken up where an earlier pull was stopped.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::value::RawValue;

use super::folder::{Folder, read_whole, write_lines};
use super::journal::{BASE_FILES, Filed, Inventory, Page, Record, Work};
use super::listing::{Listed, is_long_past};
use super::raw_object::RawObject;
use super::run::Shared;
use crate::api::{Lines, Report, Verbatim};
use crate::disk::blocking;
use crate::error::{Error, ErrorKind};
use crate::units::UnixMillis;

/// A report whose events are to be fetched.
#[derive(Debug)]
pub(super) struct Cover {
    pub(super) report: Report,
    pub(super) is_final: bool,
    /// What is here of it: the report itself, and the pages of events that an earlier pull has brought.
    pub(super) inventory: Inventory,
}

impl Cover {
    /// The one that an earlier pull has brought, where the report cannot have changed since.
    pub(super) async fn taken_up(shared: &Arc<Shared>, listed: &Listed) -> Result<Option<Self>, Error> {
        let known = shared.store.known(&listed.code);
        let with_resources = shared.takes_resources(&known);
        let goes_on = |work: &Work| is_still_so(work, listed) && work.inventory.with_resources == with_resources;
        let Some(work) = known.work.filter(goes_on) else { return Ok(None) };
        let place = shared.store.folder.work_of(&listed.code);
        blocking(move || {
            let as_written = |name: &str| {
                let file = work.inventory.file(name).and_then(|file| file.pages.first());
                file.is_some_and(|page| read_whole(&place.join(name)).is_ok_and(|found| found == *page))
            };
            let report = BASE_FILES.iter().all(|name| as_written(name)).then(|| Folder::read_report(&place)).flatten();
            Ok(report.map(|report| Self { report, is_final: work.is_final, inventory: work.inventory }))
        })
        .await
    }

    /// Fetches it.
    pub(super) async fn fetch(shared: &Arc<Shared>, listed: &Listed) -> Result<Self, Error> {
        let report = shared.client().report(listed.code.clone()).get().await?;
        let is_final = is_final(listed, report.value(), shared.client().clock().now());
        let (shared, listed) = (Arc::clone(shared), listed.clone());
        blocking(move || {
            let work = shared.store.folder.start_report(&listed.code)?;
            let files = write_report(&work, &report)?;
            let report = report.into_value();
            let (end, revision) = (report.end_time, report.revision);
            let with_resources = shared.takes_resources(&shared.store.known(&listed.code));
            let (title, start) = if listed.is_only_named() {
                (report.title.clone().unwrap_or_default(), report.start_time)
            } else {
                (listed.title, listed.start)
            };
            let inventory = Inventory { title, start, end, revision, files, with_resources, adopted: false };
            shared.note(vec![Record::Cover { code: listed.code.to_string(), is_final, inventory: inventory.clone() }])?;
            Ok(Self { report, is_final, inventory })
        })
        .await
    }
}

/// Whether what was fetched of a report is still what there is.
fn is_still_so(work: &Work, listed: &Listed) -> bool {
    work.is_final && listed.agrees_with(work.inventory.end, work.inventory.revision)
}

/// Final is a report whose end is 24 hours past and that did not change between the list and now.
fn is_final(listed: &Listed, report: &Report, now: UnixMillis) -> bool {
    listed.agrees_with(report.end_time, report.revision) && is_long_past(report.end_time, now)
}

/// Writes the report and its lists, each to a file.
fn write_report(work: &Path, report: &Verbatim<Report>) -> Result<Vec<Filed>, Error> {
    let mut object = RawObject::parse(report.json()).map_err(unusable)?;
    let fights = object.take("fights");
    let master = match object.get("masterData").filter(|master| master.get() != "null") {
        Some(master) => Some(RawObject::parse(master).map_err(unusable)?),
        None => None,
    };
    let (mut actors, mut abilities, mut rest) = (None, None, None);
    if let Some(mut master) = master {
        (actors, abilities) = (master.take("actors"), master.take("abilities"));
        rest = Some(master.to_line(None).map_err(unusable)?);
    }
    let line = object.to_line(rest.as_deref().map(|rest| ("masterData", rest))).map_err(unusable)?;

    let report = write_lines(work.join("report.json"), format!("{line}\n").as_bytes(), 1)?;
    let list = |name: &str, list| write_list(work.join(name), list).map(|page| Filed::whole(name, page));
    Ok(vec![
        Filed::whole("report.json", report),
        list("fights.jsonl", fights)?,
        list("actors.jsonl", actors)?,
        list("abilities.jsonl", abilities)?,
    ])
}

/// A list of the report, an entry on a line. Null is an empty list: there is nothing.
fn write_list(path: PathBuf, list: Option<&RawValue>) -> Result<Page, Error> {
    let lines = match list.filter(|list| list.get() != "null") {
        Some(list) => serde_json::from_str(list.get()).map_err(unusable)?,
        None => Lines::default(),
    };
    write_lines(path, &lines.text, lines.count)
}

fn unusable(error: serde_json::Error) -> Error {
    Error::new(ErrorKind::BadAnswer, "the report cannot be taken apart").with_source(error)
}
