//! The words at the end of a pull.

use std::path::Path;

use esologs::pull::{Outcome, ReportExtra, ReportResult, Summary};

use super::ask::Ask;
use super::tally::Tally;
use super::told::Told;
use super::{Finished, faults};
use crate::exit::Exit;
use crate::{output, words};

/// Reports of one kind that are listed at most; the manifest has all.
const MAX_LISTED: usize = 40;

/// Tells what became of the reports and what it took.
pub(super) fn tell(finished: &Finished, tally: &Tally, mut told: Told) {
    let summary = &finished.summary;
    say("");
    say(&headline(summary));
    if let Some(line) = not_listed(summary.reports.len() as u64, summary.list_total) {
        say(&line);
    }
    tell_reports(summary, &mut told);
    if let Some(line) = beside_events(summary) {
        say(&format!("  {line}"));
    }
    tell_journey(tally);
    say(&format!("Points: {}", points(finished, tally)));
    let (took, folder) = (words::duration(finished.took), words::path(&summary.folder));
    say(&format!("It took {took}. The files are in {folder}; README.txt there tells what is what."));
    if summary.complete() > 0 && summary.event_count() > 0 {
        say(&format!("Into DuckDB: {}", first_look(&summary.folder)));
    }
}

/// A line of SQL that reads the folder as it is. The one column is named, so that no file's other fields matter.
fn first_look(folder: &Path) -> String {
    let files = words::path(&folder.join("data/reports/*/events/*.jsonl")).replace('\'', "''");
    format!(
        "SELECT type, count(*) AS events FROM read_json('{files}', columns = {{type: 'VARCHAR'}}) GROUP BY type ORDER BY events;"
    )
}

/// Tells what to do next.
pub(super) fn tell_next(ask: &Ask, finished: &Finished, exit: Exit) {
    let summary = &finished.summary;
    let live = summary.count(|outcome| matches!(outcome, Outcome::Live));
    let next = if exit == Exit::NotFound {
        "check the codes; for private and archived reports sign in as a user who may see them (`esologs auth login --user`)."
    } else if exit != Exit::Done {
        missing_words(summary)
    } else if ask.pull.service.host.demo {
        "the same with your own guild: make an API client at https://www.esologs.com/api/clients/, set ESOLOGS_ID and\n\
         ESOLOGS_SECRET, leave --demo out, and choose another folder."
    } else if live > 0 {
        "run the same command again a day after the raid, to have the live report in full."
    } else {
        "run the same command again after the next raid: what is here is not fetched again."
    };
    say(&format!("Next: {next}"));
    if ask.pull.service.host.demo && exit == Exit::Done && ask.is_all_of_a_guild() {
        say(&format!("To check that nothing is missing: {}", super::demo_words::check_command(ask)));
    }
}

/// What the same command can do about the missing reports.
fn missing_words(summary: &Summary) -> &'static str {
    let incurable = summary.count(|outcome| matches!(outcome, Outcome::Failed(error) if !error.is_retryable()));
    if incurable == 0 {
        "run the same command again: it fetches what is missing, and nothing twice."
    } else if incurable < summary.missing() {
        "run the same command again: it fetches what is missing, and nothing twice. Some of the failures above are not\n\
         of the passing kind and may stay."
    } else {
        "these failures are not of the passing kind: the same command now would meet them again. What is here is kept."
    }
}

/// `k7mfhPdY36RfANY2  2026-03-02  Dreadsail Reef weekly`
pub(super) fn name(result: &ReportResult) -> String {
    words::report(result.code.as_str(), result.start_time, &result.title)
}

fn headline(summary: &Summary) -> String {
    let total = words::of(summary.reports.len(), "report", "reports");
    let name = match (summary.target_name.as_str(), summary.target.id()) {
        ("", Some(_)) => summary.target.to_string(),
        ("", None) => "Named reports".to_owned(),
        (name, _) => words::title(name),
    };
    match summary.reports.len() {
        0 => format!("{name}: no reports that this key can see in this span of time."),
        _ => {
            let fights = summary.reports.iter().map(|result| result.fights).sum::<u64>();
            let (fights, events) = (words::of(fights as usize, "fight", "fights"), words::count(summary.event_count()));
            format!("{name}: {} of {total} complete, {fights}, {events} events.", summary.complete())
        }
    }
}

/// `Beside events: player-details of 4 reports, who was there in 6 reports (data/attendance.jsonl).`
fn beside_events(summary: &Summary) -> Option<String> {
    let count = |extra| summary.reports.iter().filter(|result| result.extras.contains(&extra)).count();
    let of = |(extra, count): (ReportExtra, usize)| format!("{} of {}", extra.name(), words::of(count, "report", "reports"));
    let kept = ReportExtra::EVERY.into_iter().map(|extra| (extra, count(extra))).filter(|(_, count)| *count > 0);
    let mut told: Vec<String> = kept.map(of).collect();
    told.extend(summary.attendance.map(|kept| {
        format!("who was there in {} (data/attendance.jsonl)", words::of(kept.reports as usize, "report", "reports"))
    }));
    (!told.is_empty()).then(|| format!("Beside events: {}.", told.join(", ")))
}

/// The service counts more reports than it shows: what is hidden is named at least with its number.
fn not_listed(listed: u64, total: Option<u64>) -> Option<String> {
    let total = total.filter(|total| *total > listed)?;
    let (counted, listed) = (words::of(total as usize, "report", "reports"), words::count(listed));
    Some(format!(
        "  the service counts {counted} but listed {listed}: the rest is hidden from this key, or was deleted in the meantime."
    ))
}

fn tell_reports(summary: &Summary, told: &mut Told) {
    let here = summary.count(|outcome| matches!(outcome, Outcome::AlreadyHere));
    if here > 0 {
        say(&format!("  {here} of them were here already and not fetched again."));
    }
    let is_live = |outcome: &Outcome| matches!(outcome, Outcome::Live);
    let is_closed = |outcome: &Outcome| matches!(outcome, Outcome::Archived | Outcome::NotVisible);
    let has_failed = |outcome: &Outcome| matches!(outcome, Outcome::Failed(_));
    let is_open = |outcome: &Outcome| matches!(outcome, Outcome::NotTried);
    group(summary, "may still grow (what was there is under live/)", is_live, |_| None);
    group(summary, "cannot be had", is_closed, |result| result.outcome.reason());
    group(summary, "failed", has_failed, |result| told.of_result(result));
    group(summary, "not tried, because the pull ended before", is_open, |_| None);
}

/// The reports of one kind, each with its reason where there is one to tell.
fn group(
    summary: &Summary,
    what: &str,
    wanted: impl Fn(&Outcome) -> bool,
    mut reason: impl FnMut(&ReportResult) -> Option<String>,
) {
    let reports: Vec<&ReportResult> = summary.reports.iter().filter(|result| wanted(&result.outcome)).collect();
    if reports.is_empty() {
        return;
    }
    say(&format!("  {} {what}:", reports.len()));
    for result in reports.iter().take(MAX_LISTED) {
        let reason = reason(result).map(|reason| format!(": {reason}")).unwrap_or_default();
        say(&format!("    {}{reason}", name(result)));
    }
    if reports.len() > MAX_LISTED {
        say(&format!("    … and {} more; manifest.json names them all", reports.len() - MAX_LISTED));
    }
}

fn tell_journey(tally: &Tally) {
    let requests = words::of(tally.requests as usize, "request", "requests");
    if tally.failures() == 0 {
        say(&format!("On the way: {requests}, none failed."));
        return;
    }
    let repeated = match tally.repeats() {
        0 => "none was repeated".to_owned(),
        repeats if repeats == tally.failures() => "each was repeated".to_owned(),
        1 => "one of them was repeated".to_owned(),
        repeats => format!("{} of them were repeated", words::count(repeats)),
    };
    say(&format!("On the way: {requests}, {} of them failed; {repeated}:", words::count(tally.failures())));
    for (count, what) in faults::in_words(&tally.failed) {
        say(&format!("  {:>5} × {what}", words::count(count)));
    }
    if tally.waits > 0 {
        let (all, longest) = (words::duration(tally.waited), words::duration(tally.longest_wait));
        say(&format!("Waits: {}, the longest {longest}, added up {all}.", words::count(tally.waits)));
    }
}

fn points(finished: &Finished, tally: &Tally) -> String {
    match &finished.points {
        Some(points) => {
            let (spent, limit) = (words::points(points.spent_by_us_about), words::points(points.last.limit_per_hour));
            format!("about {spent} spent, of {limit} an hour.")
        }
        None if tally.requests == 0 => "none spent.".to_owned(),
        None => "the service did not tell.".to_owned(),
    }
}

fn say(line: &str) {
    output::talk(format_args!("{line}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_in_the_name_of_the_folder_does_not_end_the_line_for_duckdb() {
        assert!(first_look(Path::new("Ann's logs")).contains("read_json('Ann''s logs/data/reports/"));
    }

    #[test]
    fn reports_that_are_counted_but_not_listed_are_told() {
        let expected =
            "  the service counts 7 reports but listed 4: the rest is hidden from this key, or was deleted in the meantime.";
        assert_eq!(not_listed(4, Some(7)).as_deref(), Some(expected));
        for total in [None, Some(4), Some(3)] {
            assert_eq!(not_listed(4, total), None);
        }
    }
}
