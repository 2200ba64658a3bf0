//! The events of a report, page by page.

use std::sync::Arc;

use bytes::Bytes;
use tokio::task::JoinSet;

use super::cover::Cover;
use super::journal::{Filed, Page, Record, event_file};
use super::listing::Listed;
use super::outcome::PullEvent;
use super::pages::{Came, Pages};
use super::report::Watch;
use super::run::Shared;
use super::stream::StreamFile;
use crate::api::{EventLines, Events, Lines, PageOf, Report};
use crate::client::Client;
use crate::disk::{blocking, broken_off};
use crate::error::{Error, ErrorKind};
use crate::ids::ReportCode;
use crate::units::ReportTime;

/// Takes a file of the finished report over.
pub(super) async fn keep(shared: &Arc<Shared>, listed: &Listed, kept: &Filed) -> Result<Filed, Error> {
    let (shared, code, kept) = (Arc::clone(shared), listed.code.clone(), kept.clone());
    blocking(move || {
        shared.store.folder.keep_file(&code, &kept.name)?;
        let page = |page: &Page| Record::Page { code: code.to_string(), file: kept.name.clone(), page: *page };
        shared.note(kept.pages.iter().map(page).collect())?;
        Ok(kept)
    })
    .await
}

/// Fetches a file, or what is missing of it.
pub(super) async fn fetch(shared: &Arc<Shared>, cover: &Cover, stream: StreamFile, watch: Watch<'_>) -> Result<Filed, Error> {
    let code = &cover.report.code;
    let mut pages = Pages::taken_up(shared, cover, event_file(stream.name)).await?;
    let fights = cover.report.fights.as_deref().unwrap_or_default();
    let events = events_of(shared.client(), code.clone(), stream, cover.inventory.with_resources)
        .fights(fights.iter().map(|fight| fight.id))
        .between(ReportTime::ZERO, end_of_events(&cover.report));
    let mut next = pages.here().last().map_or(Some(events.first_start()), |page| page.next);
    // No fights, no events: an empty list of fights would ask for all events outside fights.
    if fights.is_empty() && next.take().is_some() {
        pages.add(Came { start: ReportTime::ZERO, next: None, text: Bytes::new(), lines: 0 }).await?;
    }
    while let Some(start) = next {
        let PageOf { list: EventLines(Lines { text, count }), next: cursor } = page_of_lines(&events, start).await?;
        next = events.next_start(start, cursor)?;
        pages.add(Came { start, next, text, lines: count }).await?;
        watch(&PullEvent::PageWritten { code, file: stream.name, events: count });
    }
    Ok(pages.into_filed())
}

/// A page, in a task of its own: reports in work are decoded side by side. Dropping the set stops what is in it.
async fn page_of_lines(events: &Events, start: ReportTime) -> Result<PageOf<EventLines>, Error> {
    let (mut fetching, events) = (JoinSet::new(), events.clone());
    fetching.spawn(async move { events.page_of_lines(start).await });
    match fetching.join_next().await {
        Some(Ok(page)) => page,
        Some(Err(error)) => Err(broken_off("a page of events", error)),
        None => Err(Error::new(ErrorKind::LocalFile, "a page of events was not asked for")),
    }
}

/// What is asked for to fill this file.
pub(super) fn events_of(client: &Client, code: ReportCode, file: StreamFile, with_resources: bool) -> Events {
    let mut events = client.report(code).events(file.data_type);
    if with_resources {
        events = events.include_resources(true);
    }
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
