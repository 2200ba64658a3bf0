//! What `--json` writes: one object per line, described in `docs/cli.md`. Names of events and fields are a promise.

use std::borrow::Cow;
use std::collections::BTreeMap;

use esologs::pull::{Attendance, Outcome, PullEvent, ReportResult, Target};
use esologs::{Client, Event, Points, UnixMillis, ZoneId};
use esologs_sim::Stats;
use serde::Serialize;
use serde_json::json;

use super::Finished;
use super::ask::Ask;
use super::dry_run::ForecastFields;
use super::tally::Tally;
use crate::exit::Exit;
use crate::failure::{Failure, FailureFields};
use crate::waits::Wait;

/// One line: the event's name, the time, and its own fields.
#[derive(Serialize)]
struct Line<'a, T: ?Sized> {
    event: &'static str,
    at_unix_ms: UnixMillis,
    #[serde(flatten)]
    fields: &'a T,
}

pub(super) fn line<T: Serialize + ?Sized>(event: &'static str, at_unix_ms: UnixMillis, fields: &T) -> Result<String, Failure> {
    let line = serde_json::to_string(&Line { event, at_unix_ms, fields })
        .map_err(|error| Failure::new(Exit::Local, "local_file", format!("cannot write an event as JSON: {error}")))?;
    Ok(line + "\n")
}

/// What a pull is about.
#[derive(Debug, Serialize)]
pub(super) struct TargetFields<'a> {
    target: &'static str,
    target_id: Option<i64>,
    target_name: &'a str,
}

impl<'a> TargetFields<'a> {
    pub(super) fn of(target: Target, name: &'a str) -> Self {
        Self { target: target.kind(), target_id: target.id(), target_name: name }
    }
}

/// Who was there, as far as that is kept.
#[derive(Debug, Serialize)]
pub(super) struct AttendanceFields {
    reports: u64,
    is_current: bool,
}

impl From<Attendance> for AttendanceFields {
    fn from(Attendance { reports, is_current, .. }: Attendance) -> Self {
        Self { reports, is_current }
    }
}

/// The pull begins.
#[derive(Debug, Serialize)]
pub(super) struct Started<'a> {
    target: &'static str,
    target_id: Option<i64>,
    host: String,
    demo: bool,
    folder: Cow<'a, str>,
    since_unix_ms: Option<UnixMillis>,
    until_unix_ms: Option<UnixMillis>,
    zone: Option<i64>,
    last: Option<u32>,
    streams: Vec<&'static str>,
    extras: Vec<&'static str>,
}

pub(super) fn started<'a>(ask: &'a Ask, client: &Client) -> Started<'a> {
    Started {
        target: ask.target.kind(),
        target_id: ask.target.id(),
        host: client.endpoint().host(),
        demo: ask.pull.service.host.demo,
        folder: ask.pull.output.to_string_lossy(),
        since_unix_ms: ask.which.since.map(|date| date.0),
        until_unix_ms: ask.which.until.map(|date| date.0),
        zone: ask.which.zone.map(ZoneId::get),
        last: ask.which.last,
        streams: super::streams(ask).iter().map(|stream| stream.name()).collect(),
        extras: ask.pull.extras.names(),
    }
}

/// Ctrl-C, SIGTERM or SIGHUP; or the time that was allowed is over.
#[derive(Debug, Serialize)]
pub(super) struct Interrupted {
    pub(super) done: usize,
    pub(super) total: Option<usize>,
    /// `signal` or `max_duration`.
    pub(super) by: &'static str,
    pub(super) exit_code: u8,
}

/// What became of a report.
#[derive(Debug, Serialize)]
struct ReportFields<'a> {
    code: &'a str,
    title: &'a str,
    start_unix_ms: Option<UnixMillis>,
    status: &'static str,
    already_here: bool,
    reason: Option<String>,
    fights: u64,
    events: BTreeMap<&'a str, u64>,
    extras: Vec<&'static str>,
}

impl<'a> From<&'a ReportResult> for ReportFields<'a> {
    fn from(result: &'a ReportResult) -> Self {
        Self {
            code: result.code.as_str(),
            title: &result.title,
            start_unix_ms: result.start_time,
            status: result.outcome.name(),
            already_here: matches!(result.outcome, Outcome::AlreadyHere),
            reason: result.outcome.reason(),
            fights: result.fights,
            events: result.events.iter().map(|(name, count)| (name.as_str(), *count)).collect(),
            extras: result.extras.iter().map(|extra| extra.name()).collect(),
        }
    }
}

#[derive(Serialize)]
struct ReportDone<'a> {
    done: usize,
    total: usize,
    #[serde(flatten)]
    report: ReportFields<'a>,
}

pub(super) fn pull_event(event: &PullEvent<'_>, emit: impl Fn(&'static str, &serde_json::Value)) {
    match event {
        PullEvent::TargetFound { target, name, .. } => {
            emit("target_found", &json!({"target": target.kind(), "target_id": target.id(), "target_name": name}));
        }
        PullEvent::Listed { reports, already_here, .. } => {
            emit("listed", &json!({"reports": reports, "already_here": already_here}));
        }
        PullEvent::ReportStarted { code, title, .. } => emit("report_started", &json!({"code": code, "title": title})),
        PullEvent::WaitingForFolder { folder, .. } => emit("waiting_for_folder", &json!({"folder": folder.to_string_lossy()})),
        PullEvent::JournalDamaged { line, .. } => emit("journal_damaged", &json!({"line": line})),
        PullEvent::ReportResumed { code, pages, .. } => emit("report_resumed", &json!({"code": code, "pages": pages})),
        PullEvent::PageWritten { code, file, events, .. } => {
            emit("page_written", &json!({"code": code, "file": file, "events": events}));
        }
        PullEvent::ReportPutBack { code, error, .. } => {
            emit("report_put_back", &json!({"code": code, "kind": error.kind().name(), "message": error.to_string()}));
        }
        PullEvent::ReportDone { result, done, total, .. } => {
            let fields = ReportDone { done: *done, total: *total, report: (*result).into() };
            emit("report_done", &json!(fields));
        }
        PullEvent::Forecast { left, .. } => emit("forecast", &json!(ForecastFields::from(*left))),
        _ => {}
    }
}

pub(super) fn call_event(event: &Event<'_>, emit: impl Fn(&'static str, &serde_json::Value)) {
    if let Event::AttemptFailed { operation, attempt, class, detail, .. } = event {
        emit("attempt_failed", &json!({"operation": operation, "attempt": attempt, "class": class.name(), "detail": detail}));
    }
}

/// A call waits.
#[derive(Debug, Serialize)]
pub(super) struct Waiting<'a> {
    operation: &'a str,
    reason: &'static str,
    delay_ms: u64,
    until_unix_ms: UnixMillis,
    queued: usize,
}

pub(super) fn waiting(wait: &Wait) -> Waiting<'_> {
    Waiting {
        operation: &wait.operation,
        reason: wait.reason.name(),
        delay_ms: wait.delay.as_millis() as u64,
        until_unix_ms: wait.until,
        queued: wait.queued,
    }
}

/// The whole pull, at its end.
#[derive(Debug, Serialize)]
pub(super) struct SummaryFields<'a> {
    #[serde(flatten)]
    target: TargetFields<'a>,
    folder: Cow<'a, str>,
    reports: usize,
    listed: usize,
    list_total: Option<u64>,
    complete: usize,
    already_here: usize,
    live: usize,
    cannot_be_had: usize,
    missing: usize,
    fights: u64,
    events: u64,
    attendance: Option<AttendanceFields>,
    /// All that are not complete.
    not_complete: Vec<ReportFields<'a>>,
    requests: u64,
    attempts_failed: BTreeMap<&'static str, u64>,
    refusals: u64,
    repeats: u64,
    waits: u64,
    waited_ms: u64,
    longest_wait_ms: u64,
    points_spent_about: Option<Points>,
    points_limit_per_hour: Option<Points>,
    duration_ms: u64,
    ended_early: Option<FailureFields<'a>>,
    /// What the simulator of a demo counted itself.
    simulator: Option<Stats>,
    exit_code: u8,
}

pub(super) fn summary<'a>(finished: &'a Finished, tally: &Tally, failure: Option<&'a Failure>, exit: Exit) -> SummaryFields<'a> {
    let summary = &finished.summary;
    let is_complete = |result: &ReportResult| matches!(result.outcome, Outcome::Complete | Outcome::AlreadyHere);
    SummaryFields {
        target: TargetFields::of(summary.target, &summary.target_name),
        folder: summary.folder.to_string_lossy(),
        reports: summary.reports.len(),
        listed: summary.reports.len(),
        list_total: summary.list_total,
        complete: summary.complete(),
        already_here: summary.count(|outcome| matches!(outcome, Outcome::AlreadyHere)),
        live: summary.count(|outcome| matches!(outcome, Outcome::Live)),
        cannot_be_had: summary.count(|outcome| matches!(outcome, Outcome::Archived | Outcome::NotVisible)),
        missing: summary.missing(),
        fights: summary.reports.iter().map(|result| result.fights).sum(),
        events: summary.event_count(),
        attendance: summary.attendance.map(AttendanceFields::from),
        not_complete: summary.reports.iter().filter(|result| !is_complete(result)).map(ReportFields::from).collect(),
        requests: tally.requests,
        attempts_failed: tally.failed.iter().map(|(class, count)| (class.name(), *count)).collect(),
        refusals: tally.refusals,
        repeats: tally.repeats(),
        waits: tally.waits,
        waited_ms: tally.waited.as_millis() as u64,
        longest_wait_ms: tally.longest_wait.as_millis() as u64,
        points_spent_about: finished.points.map(|points| points.spent_by_us_about),
        points_limit_per_hour: finished.points.map(|points| points.last.limit_per_hour),
        duration_ms: finished.took.as_millis() as u64,
        ended_early: failure.map(Failure::fields),
        simulator: finished.demo.as_ref().map(crate::demo::Demo::stats),
        exit_code: exit.code(),
    }
}
