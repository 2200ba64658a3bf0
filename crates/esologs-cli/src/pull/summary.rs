//! The words at the end of a pull.

use esologs::pull::{Outcome, ReportResult, Summary};

use super::tally::Tally;
use super::{Finished, faults};
use crate::args::PullGuildArgs;
use crate::exit::Exit;
use crate::{output, words};

/// Reports of one kind that are listed at most; the manifest has all.
const MAX_LISTED: usize = 40;

/// Tells what became of the reports and what it took.
pub(super) fn tell(finished: &Finished, tally: &Tally) {
    let summary = &finished.summary;
    say("");
    say(&headline(summary));
    tell_reports(summary);
    tell_journey(tally);
    say(&format!("Points: {}", points(finished)));
    let (took, folder) = (words::duration(finished.took), summary.folder.display());
    say(&format!("It took {took}. The files are in {folder}; README.txt there tells what is what."));
}

/// Tells what to do next.
pub(super) fn tell_next(args: &PullGuildArgs, finished: &Finished, exit: Exit) {
    let summary = &finished.summary;
    let live = summary.count(|outcome| matches!(outcome, Outcome::Live));
    let next = if exit != Exit::Done {
        "run the same command again: it fetches what is missing, and nothing twice."
    } else if args.host.demo {
        "the same with your own guild: make an API client at https://www.esologs.com/api/clients/, set ESOLOGS_ID and\n\
         ESOLOGS_SECRET, leave --demo out, and choose another folder."
    } else if live > 0 {
        "run the same command again a day after the raid, to have the live report in full."
    } else {
        "run the same command again after the next raid: what is here is not fetched again."
    };
    say(&format!("Next: {next}"));
    if args.host.demo && exit == Exit::Done && args.since.is_none() && args.until.is_none() {
        say(&format!("To check that nothing is missing: {}", super::demo_words::check_command(args)));
    }
}

/// `k7mfhPdY36RfANY2  2026-03-02  Dreadsail Reef weekly`
pub(super) fn name(result: &ReportResult) -> String {
    let day = result.start_time.map_or_else(|| "????-??-??".to_owned(), words::day);
    format!("{}  {day}  {}", result.code, words::plain(&result.title))
}

fn headline(summary: &Summary) -> String {
    let (guild, total) = (words::plain(&summary.guild_name), words::of(summary.reports.len(), "report", "reports"));
    match summary.reports.len() {
        0 => format!("{guild}: no reports that this key can see in this span of time."),
        _ => format!("{guild}: {} of {total} complete, {} events.", summary.complete(), words::count(summary.event_count())),
    }
}

fn tell_reports(summary: &Summary) {
    let here = summary.count(|outcome| matches!(outcome, Outcome::AlreadyHere));
    if here > 0 {
        say(&format!("  {here} of them were here already and not fetched again."));
    }
    group(summary, "may still grow (what was there is under live/)", false, |outcome| matches!(outcome, Outcome::Live));
    let closed = |outcome: &Outcome| matches!(outcome, Outcome::Archived | Outcome::NotVisible);
    group(summary, "cannot be had", true, closed);
    group(summary, "failed", true, |outcome| matches!(outcome, Outcome::Failed(_)));
    group(summary, "not tried, because the pull ended before", false, |outcome| matches!(outcome, Outcome::NotTried));
}

fn group(summary: &Summary, what: &str, with_reason: bool, wanted: impl Fn(&Outcome) -> bool) {
    let reports: Vec<&ReportResult> = summary.reports.iter().filter(|result| wanted(&result.outcome)).collect();
    if reports.is_empty() {
        return;
    }
    say(&format!("  {} {what}:", reports.len()));
    for result in reports.iter().take(MAX_LISTED) {
        let reason = match &result.outcome {
            Outcome::Failed(error) => Some(error.to_string()),
            outcome => outcome.reason().filter(|_| with_reason),
        };
        let reason = reason.map(|reason| format!(": {}", words::plain(&reason))).unwrap_or_default();
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
    let repeated = match tally.failures() - tally.repeats() {
        0 => "each was repeated".to_owned(),
        final_ones => format!("all but {final_ones} were repeated"),
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

fn points(finished: &Finished) -> String {
    match &finished.points {
        Some(points) => {
            let (spent, limit) = (words::points(points.spent_by_us_about), words::points(points.last.limit_per_hour));
            format!("about {spent} spent, of {limit} an hour.")
        }
        None => "the service did not tell.".to_owned(),
    }
}

fn say(line: &str) {
    output::talk(format_args!("{line}"));
}
