//! `--dry-run`: what the pull would find and take, as a table or as one object. Nothing is written but that.

use std::ops::RangeInclusive;
use std::sync::Arc;

use esologs::pull::{DryRun, Forecast, Target};
use esologs::{Clock, Points, UnixMillis};
use serde::Serialize;

use super::ask::Ask;
use super::watch::Watch;
use super::{client_of, json, pull, with_target_hint};
use crate::budget::Budget;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupts;
use crate::listening::{self, Listening};
use crate::{output, words};

pub(super) async fn run(ask: &Ask) -> Result<Exit, Failure> {
    let listening = Listening::start(&ask.pull.service.listen).inspect_err(|failure| tell_failure(ask, failure))?;
    let dry_run = reckon(ask, &listening).await;
    if let Some(explanation) = listening.finish() {
        listening::tell(&explanation.lines());
    }
    match dry_run.inspect_err(|failure| tell_failure(ask, failure))? {
        Some(dry_run) => tell(ask, &dry_run).map(|()| Exit::Done),
        None => Ok(Exit::Interrupted),
    }
}

/// `None` where it was interrupted.
async fn reckon(ask: &Ask, listening: &Listening) -> Result<Option<DryRun>, Failure> {
    super::check_dates(ask)?;
    let mut interrupts = Interrupts::listen().map_err(|error| Failure::local("cannot listen for Ctrl-C", &error))?;
    // Waits are told on stderr; stdout is for the result alone.
    let watch = Arc::new(Watch::new(false));
    let budget = Budget::begin(&ask.pull.service, "esologs pull --dry-run")?;
    let (client, demo) = client_of(ask, &budget, &watch, listening).await?;
    budget.tell_alone(&client).await;
    let pull = pull(ask, client.clone());
    let mut dry_run = std::pin::pin!(pull.dry_run());
    let mut ticks = tokio::time::interval(super::TICK);
    let dry_run = loop {
        tokio::select! {
            dry_run = &mut dry_run => break Some(dry_run),
            _ = interrupts.next() => break None,
            _ = ticks.tick() => watch.tick(client.points_seen()),
        }
    };
    watch.close();
    // For the next run, what the list has cost.
    client.leave().await;
    dry_run.transpose().map_err(|error| with_target_hint(&error, ask, &budget, demo.is_some()))
}

fn tell_failure(ask: &Ask, failure: &Failure) {
    if ask.pull.json
        && let Ok(line) = json::line("error", Clock::system().now(), &failure.fields())
    {
        // The failure itself is told on stderr, too, and ends the run.
        _ = output::data(&line);
    }
}

fn tell(ask: &Ask, dry_run: &DryRun) -> Result<(), Failure> {
    let now = Clock::system().now();
    if ask.pull.json {
        return output::data(&json::line("dry_run", now, &Fields::from(dry_run))?);
    }
    output::data(&table(dry_run, now))
}

fn table(dry_run: &DryRun, now: UnixMillis) -> String {
    let forecast = &dry_run.forecast;
    let count = |number: usize| words::count(number as u64);
    let mut rows = vec![
        ("reports", found(dry_run)),
        ("here already", count(dry_run.already_here)),
        ("not to be had", count(dry_run.cannot_be_had)),
        ("to fetch", to_fetch(dry_run)),
        ("requests", range(&forecast.requests, |requests| words::count(*requests))),
        ("points", range(&forecast.points, |points| words::points(*points))),
    ];
    if let Some(windows) = &forecast.windows {
        rows.push(("hours of budget", range(windows, |windows| words::count(*windows))));
    }
    rows.push(("done", forecast.done_at.as_ref().map_or_else(|| "not known".to_owned(), |done| when(done, now))));
    rows.push(("disk", range(&forecast.bytes, |bytes| words::bytes(*bytes))));
    let mut text = format!("{}: what a pull would take\n", words::target(dry_run.target, &dry_run.target_name));
    for (name, value) in rows {
        text.push_str(&format!("  {name:<17}{value}\n"));
    }
    text.push_str(&format!("{} {}\n", basis(forecast), asked(dry_run.target)));
    text
}

fn found(dry_run: &DryRun) -> String {
    let found = words::count(dry_run.reports as u64);
    match dry_run.list_total.filter(|total| *total > dry_run.reports as u64) {
        Some(total) => format!("{found} of {} that the service counts; the rest is hidden from this key", words::count(total)),
        None => found,
    }
}

fn to_fetch(dry_run: &DryRun) -> String {
    let count = words::count(dry_run.to_fetch as u64);
    match dry_run.live {
        0 => count,
        live => format!("{count}, {} of them may still grow", words::count(live as u64)),
    }
}

/// What the figures stand on.
fn basis(forecast: &Forecast) -> String {
    let sizes = match forecast.sizes_of {
        0 => "Sizes are guessed: no report is here to judge by".to_owned(),
        known => format!("Sizes are judged by {} here", words::of(known, "report", "reports")),
    };
    let prices = match (100.0 * forecast.learned_share).round() {
        0.0 => "prices are guessed".to_owned(),
        100.0 => "prices are learned".to_owned(),
        share => format!("{share} % of the points are at learned prices"),
    };
    format!("{sizes}; {prices}.")
}

/// What the look itself has asked for.
fn asked(target: Target) -> String {
    match target.id() {
        Some(_) => format!("This look has asked for the {} and its list, as the pull will again.", target.kind()),
        None => "This look has asked for nothing: how long the reports are is guessed, too.".to_owned(),
    }
}

/// `1,200 to 1,500`, or one number where both are the same.
fn range<T>(range: &RangeInclusive<T>, word: impl Fn(&T) -> String) -> String {
    let (low, high) = (word(range.start()), word(range.end()));
    if low == high { low } else { format!("{low} to {high}") }
}

fn when(done: &RangeInclusive<UnixMillis>, now: UnixMillis) -> String {
    let (low, high) = (done.start().since(now), done.end().since(now));
    format!("in {} to {}, by {}", words::about(low), words::about(high), words::clock(*done.end(), now))
}

/// A range of `--json`.
#[derive(Debug, Serialize)]
struct Ends<T> {
    low: T,
    high: T,
}

impl<T: Copy> From<&RangeInclusive<T>> for Ends<T> {
    fn from(range: &RangeInclusive<T>) -> Self {
        Self { low: *range.start(), high: *range.end() }
    }
}

/// The fields of a forecast, in `dry_run` and `forecast`.
#[derive(Debug, Serialize)]
pub(super) struct ForecastFields {
    requests: Ends<u64>,
    points: Ends<Points>,
    windows: Option<Ends<u64>>,
    done_at_unix_ms: Option<Ends<UnixMillis>>,
    bytes: Ends<u64>,
    learned_share: f64,
    sizes_of: usize,
}

impl From<&Forecast> for ForecastFields {
    fn from(forecast: &Forecast) -> Self {
        Self {
            requests: (&forecast.requests).into(),
            points: (&forecast.points).into(),
            windows: forecast.windows.as_ref().map(Ends::from),
            done_at_unix_ms: forecast.done_at.as_ref().map(Ends::from),
            bytes: (&forecast.bytes).into(),
            learned_share: forecast.learned_share,
            sizes_of: forecast.sizes_of,
        }
    }
}

#[derive(Debug, Serialize)]
struct Fields<'a> {
    #[serde(flatten)]
    target: json::TargetFields<'a>,
    reports: usize,
    list_total: Option<u64>,
    already_here: usize,
    live: usize,
    cannot_be_had: usize,
    to_fetch: usize,
    #[serde(flatten)]
    forecast: ForecastFields,
}

impl<'a> From<&'a DryRun> for Fields<'a> {
    fn from(dry_run: &'a DryRun) -> Self {
        Self {
            target: json::TargetFields::of(dry_run.target, &dry_run.target_name),
            reports: dry_run.reports,
            list_total: dry_run.list_total,
            already_here: dry_run.already_here,
            live: dry_run.live,
            cannot_be_had: dry_run.cannot_be_had,
            to_fetch: dry_run.to_fetch,
            forecast: (&dry_run.forecast).into(),
        }
    }
}
