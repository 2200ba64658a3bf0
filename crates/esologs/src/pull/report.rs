//! One report of a pull: fetched, taken apart and written.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::value::RawValue;
use tokio::task::{JoinError, JoinSet};

use super::folder::{Folder, LineFile, Shelf, write_lines};
use super::outcome::{Outcome, PullEvent, ReportResult};
use super::raw_object::RawObject;
use super::stream::{EventStream, StreamFile};
use crate::api::{EventLines, Events, Lines, PageOf, Report, Verbatim};
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::ids::ReportCode;
use crate::units::{ReportTime, UnixMillis};

/// A report counts as final only when its end is so long past.
const FINAL_AFTER: Duration = Duration::from_secs(24 * 3600);

/// Fetches the report and puts it in its place. The outcome is for the report; an error is for the caller to weigh.
pub(super) async fn pull(
    client: &Client,
    folder: &Folder,
    listed: &Report,
    files: &[StreamFile],
    watch: &(dyn Fn(&PullEvent<'_>) + Send + Sync),
) -> Result<ReportResult, Error> {
    let mut result = ReportResult::untried(listed);
    if let Some(outcome) = known_to_be_closed(listed) {
        result.outcome = outcome;
        return Ok(result);
    }
    watch(&PullEvent::ReportStarted { code: &listed.code, title: &result.title });
    let report = match client.report(listed.code.clone()).get().await {
        Ok(report) => report,
        Err(error) => {
            result.outcome = closed(&error).ok_or(error)?;
            return Ok(result);
        }
    };
    let work = folder.start_report(&listed.code)?;
    result.fights = write_report(&work, &report)?;
    let here = folder.event_files(&listed.code);
    let unchanged = folder.is_unchanged(&listed.code, &work);
    for file in with_those_here(files, &here) {
        let count = if unchanged && here.iter().any(|name| name == file.name) {
            folder.keep_events(&listed.code, &work, file.name)
        } else {
            write_stream(client, &work, report.value(), file, watch).await
        };
        match count {
            Ok(count) => result.events.push((file.name.to_owned(), count)),
            // It was visible a moment ago: made private, archived or deleted meanwhile. What is here from earlier stays.
            Err(error) => {
                result.outcome = closed(&error).ok_or(error)?;
                (result.fights, result.events) = (0, Vec::new());
                return Ok(result);
            }
        }
    }
    let shelf = if is_final(listed, report.value(), client.clock().now()) { Shelf::Data } else { Shelf::Live };
    folder.finish_report(&listed.code, shelf)?;
    result.outcome = if shelf == Shelf::Data { Outcome::Complete } else { Outcome::Live };
    Ok(result)
}

/// The files that were asked for, and those that an earlier pull brought home: a report is replaced as a whole.
fn with_those_here(asked: &[StreamFile], here: &[String]) -> Vec<StreamFile> {
    let mut files = asked.to_vec();
    let known = EventStream::EVERY.iter().flat_map(|stream| stream.files());
    files.extend(known.filter(|file| here.iter().any(|name| name == file.name) && !asked.contains(file)));
    files
}

/// What the list already says cannot be had: asking would only cost points.
pub(super) fn known_to_be_closed(listed: &Report) -> Option<Outcome> {
    let archive = listed.archive_status.as_ref()?;
    (archive.is_archived == Some(true) && archive.is_accessible == Some(false)).then_some(Outcome::Archived)
}

/// The outcome for a report that the service does not show.
fn closed(error: &Error) -> Option<Outcome> {
    match error.kind() {
        ErrorKind::Archived => Some(Outcome::Archived),
        ErrorKind::NotVisible | ErrorKind::PermissionDenied => Some(Outcome::NotVisible),
        _ => None,
    }
}

/// Final is a report whose end is 24 hours past and that did not change between the list and now.
fn is_final(listed: &Report, report: &Report, now: UnixMillis) -> bool {
    let unchanged = listed.revision == report.revision && listed.end_time == report.end_time;
    unchanged && is_long_past(report, now)
}

pub(super) fn is_long_past(report: &Report, now: UnixMillis) -> bool {
    report.end_time.is_some_and(|end| now.since(end) >= FINAL_AFTER)
}

fn write_report(work: &Path, report: &Verbatim<Report>) -> Result<u64, Error> {
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

    write_lines(work.join("report.json"), format!("{line}\n").as_bytes(), 1)?;
    write_list(work.join("actors.jsonl"), actors)?;
    write_list(work.join("abilities.jsonl"), abilities)?;
    write_list(work.join("fights.jsonl"), fights)
}

/// A list of the report, an entry on a line. Null is an empty list: there is nothing.
fn write_list(path: PathBuf, list: Option<&RawValue>) -> Result<u64, Error> {
    let lines = match list.filter(|list| list.get() != "null") {
        Some(list) => serde_json::from_str(list.get()).map_err(unusable)?,
        None => Lines::default(),
    };
    write_lines(path, &lines.text, lines.count)
}

fn unusable(error: serde_json::Error) -> Error {
    Error::new(ErrorKind::BadAnswer, "the report cannot be taken apart").with_source(error)
}

async fn write_stream(
    client: &Client,
    work: &Path,
    report: &Report,
    file: StreamFile,
    watch: &(dyn Fn(&PullEvent<'_>) + Send + Sync),
) -> Result<u64, Error> {
    let path = work.join("events").join(format!("{}.jsonl", file.name));
    let mut lines = blocking(move || LineFile::create(path)).await?;
    let fights = report.fights.as_deref().unwrap_or_default();
    // No fights, no events: an empty list of fights would ask for all events outside fights.
    if !fights.is_empty() {
        let events = events_of(client, report.code.clone(), file)
            .fights(fights.iter().map(|fight| fight.id))
            .between(ReportTime::ZERO, end_of_events(report));
        // Each page in a task of its own: reports in work are decoded side by side, and the next page is on its way while
        // this one is written. Dropping the set stops what is in it.
        let (mut fetching, mut start) = (JoinSet::new(), events.first_start());
        fetching.spawn(page_of_lines(events.clone(), start));
        while let Some(page) = fetching.join_next().await {
            let page = page.map_err(|error| broken_off("a page of events", error))??;
            if let Some(next) = events.next_start(start, page.next)? {
                fetching.spawn(page_of_lines(events.clone(), next));
                start = next;
            }
            let Lines { text, count } = page.list.0;
            lines = blocking(move || lines.append(&text, count).map(|()| lines)).await?;
            watch(&PullEvent::PageWritten { code: &report.code, file: file.name, events: count });
        }
    }
    blocking(move || lines.finish()).await
}

/// What is asked for to fill this file.
pub(super) fn events_of(client: &Client, code: ReportCode, file: StreamFile) -> Events {
    let events = client.report(code).events(file.data_type);
    match file.hostility {
        Some(hostility) => events.hostility(hostility),
        None => events,
    }
}

/// A time after the last event: the end of the report or of its last fight, whichever is later, rounded up. Both are Floats, and
/// the report's times have lost their fractions by now.
fn end_of_events(report: &Report) -> ReportTime {
    let length = match (report.start_time, report.end_time) {
        (Some(start), Some(end)) => end.since(start).as_millis() as f64,
        _ => 0.0,
    };
    let fights = report.fights.iter().flatten().filter_map(|fight| fight.end_time);
    let last = fights.map(ReportTime::get).fold(length, f64::max);
    ReportTime::new(last.ceil() + 1.0)
}

async fn page_of_lines(events: Events, start: ReportTime) -> Result<PageOf<EventLines>, Error> {
    events.page_of_lines(start).await
}

fn broken_off(what: &str, error: JoinError) -> Error {
    Error::new(ErrorKind::LocalFile, format!("{what} was broken off")).with_source(error)
}

/// Runs disk work off the tasks of the runtime.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(broken_off("a disk task", error)),
    }
}

/// The event files that a choice of streams makes.
pub(super) fn files_of(streams: &[EventStream]) -> Vec<StreamFile> {
    streams.iter().flat_map(|stream| stream.files()).collect()
}
