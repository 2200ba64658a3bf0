//! What is here, what is missing, and why: told without a request.

use std::path::PathBuf;

use super::attendance::{self, ATTENDANCE, Attendance};
use super::extra::ReportExtra;
use super::folder::Folder;
use super::journal::{Began, Inventory, Known, Why};
use super::listing::Listed;
use super::outcome::Outcome;
use super::store::forget_what_is_gone;
use super::target::Target;
use super::verify::{not_here, read_journal};
use crate::disk::blocking;
use crate::error::{Error, ErrorKind};
use crate::ids::ReportCode;
use crate::units::UnixMillis;

/// How a folder stands. Made by [`status`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// The folder.
    pub folder: PathBuf,
    /// Where it is from.
    pub host: String,
    /// Whose reports it holds.
    pub target: Target,
    /// Its name; empty where nothing was fetched yet, and where the service tells none: of users and of named reports.
    pub target_name: String,
    /// When the last pull began, as far as it came to read the list.
    pub began_at: Option<UnixMillis>,
    /// When a pull came to its end for the last time.
    pub ended_at: Option<UnixMillis>,
    /// Whether the last pull came to its end; one that is at work has not.
    pub is_at_its_end: bool,
    /// The event files that it was to fetch.
    pub streams: Vec<String>,
    /// What it was to fetch beside events, by name: [`ReportExtra::name`], and `attendance`.
    pub extras: Vec<&'static str>,
    /// Whether events were to have health, magicka and place of source and target.
    pub include_resources: bool,
    /// Who was there, as far as that is kept, whether the last pull was to fetch it or an earlier one.
    pub attendance: Option<Attendance>,
    /// Every report that it was to fetch, newest first, as far as the list is known.
    pub reports: Vec<ReportStatus>,
    /// Bytes of all reports that are here.
    pub bytes: u64,
}

/// How a report stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportStatus {
    /// Its code.
    pub code: ReportCode,
    /// Its title.
    pub title: String,
    /// Its start.
    pub start_time: Option<UnixMillis>,
    /// As in the manifest: `complete`, `live`, `archived`, `not_visible`, `failed` or `not_tried`.
    pub status: &'static str,
    /// Why it is not complete, in words.
    pub reason: Option<String>,
    /// Fights that are here.
    pub fights: u64,
    /// Events that are here, by file.
    pub events: Vec<(String, u64)>,
    /// What is here beside events.
    pub extras: Vec<ReportExtra>,
}

impl ReportStatus {
    /// Whether another pull can get more of it.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self.status, "failed" | "not_tried")
    }
}

impl Status {
    /// How many reports have this status.
    #[must_use]
    pub fn count(&self, status: &str) -> usize {
        self.reports.iter().filter(|report| report.status == status).count()
    }

    /// How many reports another pull can still get.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.reports.iter().filter(|report| report.is_missing()).count()
    }

    /// Whether who was there was to be fetched, and is not here as of the list that is known.
    #[must_use]
    pub fn lacks_attendance(&self) -> bool {
        self.extras.contains(&ATTENDANCE) && !self.attendance.is_some_and(|kept| kept.is_current)
    }

    /// Of how many reports this extra is here.
    #[must_use]
    pub fn with_extra(&self, extra: ReportExtra) -> usize {
        self.reports.iter().filter(|report| report.extras.contains(&extra)).count()
    }
}

/// Tells how a pull's folder stands. It asks the service for nothing, changes nothing, and reads no events
/// ([`verify`](super::verify) does).
///
/// # Errors
/// [`ErrorKind::LocalFile`] where the folder is not that of a pull, has no journal, or cannot be read.
pub async fn status(folder: impl Into<PathBuf>) -> Result<Status, Error> {
    let root = folder.into();
    blocking(move || {
        let mut state = read_journal(&root)?.state;
        let Some(of) = state.of.clone() else {
            let message = format!("the folder {} has no journal that can be read", root.display());
            return Err(Error::new(ErrorKind::LocalFile, message)
                .with_hint("pull into it once: that makes one, and fetches nothing twice"));
        };
        let target_name = state.about.clone().map(|(name, _)| name).unwrap_or_default();
        forget_what_is_gone(&Folder::look(&root, |_| Ok(()))?.0, &mut state);
        let asked = state.began.as_ref();
        let (span, wanted) = asked.map(|began| (began.span, began.events.clone())).unwrap_or_default();
        let with_resources = asked.is_some_and(|began| began.with_resources);
        let listed = span.of(&state.list.reports);
        let known = |listed: &Listed| state.reports.get(listed.code.as_str());
        let reports = listed.map(|listed| report(listed, known(listed), &wanted, with_resources)).collect();
        let here = state.reports.values().flat_map(|known| [&known.data, &known.live]).flatten();
        Ok(Status {
            folder: root,
            host: of.host,
            target: of.target,
            target_name,
            began_at: state.began.as_ref().map(|began| began.at),
            ended_at: state.ended.as_ref().map(|ended| ended.at),
            is_at_its_end: state.ended.as_ref().is_some_and(|ended| ended.is_last),
            streams: wanted.iter().filter(|name| ReportExtra::named(name).is_none()).cloned().collect(),
            extras: asked.map(extras).unwrap_or_default(),
            include_resources: with_resources,
            attendance: attendance::kept(&state),
            bytes: here.flat_map(|inventory| &inventory.files).map(|file| file.bytes()).sum(),
            reports,
        })
    })
    .await
}

/// What a pull was to fetch beside events.
fn extras(began: &Began) -> Vec<&'static str> {
    let of_reports = began.events.iter().filter_map(|name| ReportExtra::named(name)).map(ReportExtra::name);
    of_reports.chain(began.attendance.then_some(ATTENDANCE)).collect()
}

fn report(listed: &Listed, known: Option<&Known>, events: &[String], with_resources: bool) -> ReportStatus {
    let nothing = Known::default();
    let known = known.unwrap_or(&nothing);
    let wanted: Vec<&str> = events.iter().map(String::as_str).collect();
    let whole = |here: &&Inventory| here.serves(&wanted, with_resources);
    let closed = if listed.is_archived { Some(Why::Archived) } else { known.closed.as_ref().map(|closed| closed.why) };
    let (status, reason) = if known.data.as_ref().filter(whole).is_some() {
        ("complete", None)
    } else if known.live.as_ref().filter(whole).is_some() {
        ("live", Outcome::Live.reason())
    } else if let Some(why) = closed {
        let outcome = Outcome::from(why);
        (outcome.name(), outcome.reason())
    } else {
        (if known.failed.is_some() { "failed" } else { "not_tried" }, Some(not_here(known)))
    };
    let here = known.data.as_ref().or(known.live.as_ref());
    let told = here.filter(|_| listed.is_only_named());
    ReportStatus {
        code: listed.code.clone(),
        title: told.map_or(&listed.title, |here| &here.title).clone(),
        start_time: told.map_or(listed.start, |here| here.start),
        status,
        reason,
        fights: here.map_or(0, Inventory::fights),
        events: here.map(Inventory::events).unwrap_or_default(),
        extras: here.map(Inventory::extras).unwrap_or_default(),
    }
}
