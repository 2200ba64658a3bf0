//! One report of a pull: from its cover to its place in the folder.

use std::sync::Arc;

use super::cover::Cover;
use super::events;
use super::extra::{self, ReportExtra};
use super::folder::Shelf;
use super::journal::{BASE_FILES, Closed, Inventory, Record, Why, event_file};
use super::listing::Listed;
use super::outcome::{Outcome, PullEvent, ReportResult};
use super::run::Shared;
use super::stream::{EventStream, StreamFile};
use crate::disk::blocking;
use crate::error::{Error, ErrorKind};

/// Who is told what happens.
pub(super) type Watch<'a> = &'a (dyn Fn(&PullEvent<'_>) + Send + Sync);

/// Fetches the report and puts it in its place. The outcome is for the report; an error is for the caller to weigh.
pub(super) async fn pull(shared: &Arc<Shared>, listed: &Listed, watch: Watch<'_>) -> Result<ReportResult, Error> {
    watch(&PullEvent::ReportStarted { code: &listed.code, title: &listed.title });
    let shown = match bring(shared, listed, watch).await {
        Ok(result) => return Ok(result),
        // Never visible, or made private, archived or deleted meanwhile. What is here from earlier stays.
        Err(error) => why_closed(&error).ok_or(error)?,
    };
    let (at, by_user) = (shared.client().clock().now(), shared.client().has_user());
    let closed = Closed { why: shown, at, by_user, listed: listed.clone() };
    let (shared, code) = (Arc::clone(shared), listed.code.clone());
    blocking(move || {
        shared.store.folder.drop_work(&code);
        shared.note(vec![Record::Closed { code: code.to_string(), closed }])
    })
    .await?;
    Ok(ReportResult { outcome: shown.into(), ..ReportResult::untried(listed) })
}

async fn bring(shared: &Arc<Shared>, listed: &Listed, watch: Watch<'_>) -> Result<ReportResult, Error> {
    let cover = match Cover::taken_up(shared, listed).await? {
        Some(cover) => {
            let others = cover.inventory.files.iter().filter(|file| !BASE_FILES.contains(&file.name.as_str()));
            let pages = others.map(|file| file.pages.len()).sum();
            watch(&PullEvent::ReportResumed { code: &listed.code, pages });
            cover
        }
        None => Cover::fetch(shared, listed).await?,
    };
    let here = shared.store.known(&listed.code).data.unwrap_or_default();
    let mut whole = Inventory { files: cover.inventory.base(), ..cover.inventory.clone() };
    let is_unchanged = whole.files == here.base();
    let are_alike = whole.with_resources == here.with_resources;
    for file in with_those_here(&shared.files, &here) {
        let kept = here.file(&event_file(file.name)).filter(|kept| is_unchanged && are_alike && kept.is_complete());
        let file = match kept {
            Some(kept) => events::keep(shared, listed, kept).await?,
            None => events::fetch(shared, &cover, file, watch).await?,
        };
        whole.files.push(file);
    }
    for extra in extras_with_those_here(&shared.pull.extras, &here) {
        let kept = here.file(extra.file()).filter(|kept| is_unchanged && kept.is_complete());
        let file = match kept {
            Some(kept) => events::keep(shared, listed, kept).await?,
            None => extra::fetch(shared, &cover, extra).await?,
        };
        whole.files.push(file);
    }
    let shelf = if cover.is_final { Shelf::Data } else { Shelf::Live };
    finish(shared, listed, shelf, whole).await
}

/// Puts all of it in its place, and notes that.
async fn finish(shared: &Arc<Shared>, listed: &Listed, shelf: Shelf, whole: Inventory) -> Result<ReportResult, Error> {
    let outcome = if shelf == Shelf::Data { Outcome::Complete } else { Outcome::Live };
    let result = ReportResult { outcome, ..ReportResult::with(listed, &whole) };
    let (shared, code) = (Arc::clone(shared), listed.code.clone());
    blocking(move || {
        shared.store.folder.finish_report(&code, shelf, &whole.files)?;
        shared.note(vec![Record::Done { code: code.to_string(), shelf, inventory: whole }])
    })
    .await?;
    Ok(result)
}

/// A live report that has become final unchanged moves to its place.
pub(super) async fn settle(shared: &Arc<Shared>, listed: &Listed) -> Result<ReportResult, Error> {
    let inventory = shared.store.known(&listed.code).live.unwrap_or_default();
    let result = ReportResult { outcome: Outcome::Complete, ..ReportResult::with(listed, &inventory) };
    let (shared, code) = (Arc::clone(shared), listed.code.clone());
    blocking(move || {
        shared.store.folder.settle_report(&code)?;
        shared.note(vec![Record::Done { code: code.to_string(), shelf: Shelf::Data, inventory }])
    })
    .await?;
    Ok(result)
}

/// The files that were asked for, and those that an earlier pull brought home: a report is replaced as a whole.
fn with_those_here(asked: &[StreamFile], here: &Inventory) -> Vec<StreamFile> {
    let mut files = asked.to_vec();
    let known = EventStream::EVERY.iter().flat_map(|stream| stream.files());
    files.extend(known.filter(|file| here.file(&event_file(file.name)).is_some() && !asked.contains(file)));
    files
}

/// The same of extras.
fn extras_with_those_here(asked: &[ReportExtra], here: &Inventory) -> Vec<ReportExtra> {
    let is_wanted = |extra: &ReportExtra| asked.contains(extra) || here.file(extra.file()).is_some();
    ReportExtra::EVERY.into_iter().filter(is_wanted).collect()
}

/// Why the service does not show a report.
fn why_closed(error: &Error) -> Option<Why> {
    match error.kind() {
        ErrorKind::Archived => Some(Why::Archived),
        ErrorKind::NotVisible | ErrorKind::PermissionDenied => Some(Why::NotVisible),
        _ => None,
    }
}

impl From<Why> for Outcome {
    fn from(why: Why) -> Self {
        match why {
            Why::Archived => Self::Archived,
            Why::NotVisible => Self::NotVisible,
        }
    }
}

/// The event files that a choice of streams makes.
pub(super) fn files_of(streams: &[EventStream]) -> Vec<StreamFile> {
    streams.iter().flat_map(|stream| stream.files()).collect()
}
