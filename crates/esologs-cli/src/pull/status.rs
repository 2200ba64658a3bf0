//! `esologs status`, and `pull --offline`: how a folder stands, without a request.

use std::collections::BTreeMap;
use std::path::Path;

use esologs::pull::{ReportExtra, ReportStatus, Status, status};
use esologs::{Clock, UnixMillis};
use serde::Serialize;

use super::ask::Ask;
use super::json;
use crate::args::PullStatusArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, words};

/// Reports that are listed at most; `--json` has all.
const MAX_LISTED: usize = 40;

pub(crate) async fn run(args: &PullStatusArgs) -> Result<Exit, Failure> {
    tell(&status(&args.folder).await?, args.json)
}

/// The same for the folder of a pull, which has to be that target's.
pub(super) async fn of_pull(ask: &Ask) -> Result<Exit, Failure> {
    let status = status(&ask.pull.output).await?;
    if status.target != ask.target {
        let message = format!("the folder {} holds {}, not {}", words::path(&ask.pull.output), status.target, ask.target);
        let hint = format!("name the folder of {}", ask.target);
        return Err(Failure::new(Exit::Local, "local_file", message).with_hint(&hint));
    }
    tell(&status, ask.pull.json)
}

fn tell(status: &Status, as_json: bool) -> Result<Exit, Failure> {
    let exit = if goes_on(status) { Exit::Missing } else { Exit::Done };
    let now = Clock::system().now();
    if as_json {
        output::data(&json::line("status", now, &Fields::of(status, exit))?)?;
    } else {
        output::data(&(lines(status).join("\n") + "\n"))?;
    }
    Ok(exit)
}

/// Whether another pull brings more of what the last one was asked for.
fn goes_on(status: &Status) -> bool {
    status.missing() > 0 || status.lacks_attendance() || !status.is_at_its_end
}

fn lines(status: &Status) -> Vec<String> {
    let (target, total) = (words::target(status.target, &status.target_name), status.reports.len());
    let mut lines = vec![format!("{target}, from {}", words::plain(&status.host))];
    let live = status.count("live");
    let growing = if live > 0 { format!(", {live} that may still grow") } else { String::new() };
    lines.push(format!(
        "  {} of {} complete{growing}; {} on disk",
        status.count("complete"),
        words::of(total, "report", "reports"),
        words::bytes(status.bytes)
    ));
    lines.extend(beside_events(status).map(|beside| format!("  {beside}")));
    lines.extend(who_was_there(status).map(|line| format!("  {line}")));
    let groups: [(&[&str], &str); 3] =
        [(&["archived", "not_visible"], "cannot be had"), (&["failed"], "failed"), (&["not_tried"], "missing")];
    for (of, what) in groups {
        let of: Vec<&ReportStatus> = status.reports.iter().filter(|report| of.contains(&report.status)).collect();
        if of.is_empty() {
            continue;
        }
        lines.push(format!("  {} {what}:", of.len()));
        lines.extend(of.iter().take(MAX_LISTED).map(|report| format!("    {}", line(report))));
        if of.len() > MAX_LISTED {
            lines.push(format!("    … and {} more; --json names them all", of.len() - MAX_LISTED));
        }
    }
    lines.push(format!("  {}", last_pull(status)));
    if goes_on(status) {
        lines.push(format!(
            "Next: pull into {} again: it goes on where it was stopped, and fetches nothing twice.",
            words::path(&status.folder)
        ));
    }
    lines
}

/// `beside events: player-details of 4 reports, rankings of 4`; those that are here, and those that were asked for.
fn beside_events(status: &Status) -> Option<String> {
    let is_told = |extra: &ReportExtra| status.extras.contains(&extra.name()) || status.with_extra(*extra) > 0;
    let of = |extra: ReportExtra| format!("{} of {}", extra.name(), words::of(status.with_extra(extra), "report", "reports"));
    let told: Vec<String> = ReportExtra::EVERY.into_iter().filter(is_told).map(of).collect();
    (!told.is_empty()).then(|| format!("beside events: {}", told.join(", ")))
}

fn who_was_there(status: &Status) -> Option<String> {
    Some(match status.attendance {
        _ if status.lacks_attendance() && status.attendance.is_none() => "attendance: missing".to_owned(),
        Some(kept) => {
            let is_older = if kept.is_current { "" } else { ", from before reports came or changed" };
            format!("attendance: {} in data/attendance.jsonl{is_older}", words::of(kept.reports as usize, "report", "reports"))
        }
        None => return None,
    })
}

/// `k7mfhPdY36RfANY2  2026-03-02  Dreadsail Reef weekly: not visible to this key`
fn line(report: &ReportStatus) -> String {
    let reason = report.reason.as_deref().map(words::plain).unwrap_or_default();
    let name = words::report(report.code.as_str(), report.start_time, &report.title);
    format!("{name}: {}", words::cut(&reason, 160))
}

fn last_pull(status: &Status) -> String {
    let moment = |at: Option<UnixMillis>| at.map(|at| format!("{} {}", words::day(at), words::time_of_day(at)));
    match (status.is_at_its_end, moment(status.began_at), moment(status.ended_at)) {
        (true, _, Some(ended)) => format!("the last pull came to its end on {ended}"),
        (_, Some(began), _) => format!("the last pull, begun on {began}, is at work or was stopped"),
        _ => "no pull has come so far as to read the list of reports".to_owned(),
    }
}

#[derive(Serialize)]
struct Fields<'a> {
    folder: std::borrow::Cow<'a, str>,
    host: &'a str,
    #[serde(flatten)]
    target: json::TargetFields<'a>,
    began_at_unix_ms: Option<UnixMillis>,
    ended_at_unix_ms: Option<UnixMillis>,
    is_at_its_end: bool,
    streams: &'a [String],
    extras: &'a [&'static str],
    include_resources: bool,
    attendance: Option<json::AttendanceFields>,
    complete: usize,
    live: usize,
    cannot_be_had: usize,
    missing: usize,
    bytes: u64,
    reports: Vec<ReportFields<'a>>,
    exit_code: u8,
}

#[derive(Serialize)]
struct ReportFields<'a> {
    code: &'a str,
    title: &'a str,
    start_unix_ms: Option<UnixMillis>,
    status: &'static str,
    reason: Option<&'a str>,
    fights: u64,
    events: BTreeMap<&'a str, u64>,
    extras: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    fn of(status: &'a Status, exit: Exit) -> Self {
        Self {
            folder: Path::to_string_lossy(&status.folder),
            host: &status.host,
            target: json::TargetFields::of(status.target, &status.target_name),
            began_at_unix_ms: status.began_at,
            ended_at_unix_ms: status.ended_at,
            is_at_its_end: status.is_at_its_end,
            streams: &status.streams,
            extras: &status.extras,
            include_resources: status.include_resources,
            attendance: status.attendance.map(json::AttendanceFields::from),
            complete: status.count("complete"),
            live: status.count("live"),
            cannot_be_had: status.count("archived") + status.count("not_visible"),
            missing: status.missing(),
            bytes: status.bytes,
            reports: status.reports.iter().map(ReportFields::from).collect(),
            exit_code: exit.code(),
        }
    }
}

impl<'a> From<&'a ReportStatus> for ReportFields<'a> {
    fn from(report: &'a ReportStatus) -> Self {
        Self {
            code: report.code.as_str(),
            title: &report.title,
            start_unix_ms: report.start_time,
            status: report.status,
            reason: report.reason.as_deref(),
            fights: report.fights,
            events: report.events.iter().map(|(name, count)| (name.as_str(), *count)).collect(),
            extras: report.extras.iter().map(|extra| extra.name()).collect(),
        }
    }
}
