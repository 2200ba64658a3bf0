//! What a pull, or the rest of one, will take.

use std::ops::RangeInclusive;

use super::Pull;
use super::events::events_of;
use super::extra::ReportExtra;
use super::report::files_of;
use super::sizes::{Guess, Sizes};
use super::stream::StreamFile;
use crate::client::Client;
use crate::error::Error;
use crate::ids::ReportCode;
use crate::query::{Operation, documents};
use crate::resilience::{Errand, Foresight, Manner, Range};
use crate::units::{Points, UnixMillis};

/// So many standard deviations on each side make a range that holds 95 times of 100.
const RANGE: f64 = 2.0;

/// What a pull, or what is left of one, will take. Each range is meant to hold the truth 95 times of 100.
///
/// Sizes of reports are judged by those that are in the folder, prices by what such calls have cost before; where there is neither,
/// both are guesses, and the ranges wide. What the service charges for answers that it breaks is not in it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Forecast {
    /// Requests.
    pub requests: RangeInclusive<u64>,
    /// Points.
    pub points: RangeInclusive<Points>,
    /// Hours of budget that are spent from, the running one included. `None` where the client plans with no points
    /// ([`without_ledger`](crate::ClientBuilder::without_ledger)), or the service has told of none.
    pub windows: Option<RangeInclusive<u64>>,
    /// When it is done, with the waits for new points. `None` as for `windows`, and where that is not within any time that one waits.
    pub done_at: Option<RangeInclusive<UnixMillis>>,
    /// Bytes on disk.
    pub bytes: RangeInclusive<u64>,
    /// How much of the points is at prices that this client has learned, not guessed: 0 to 1.
    pub learned_share: f64,
    /// By how many reports that are here the sizes are judged.
    pub sizes_of: usize,
}

/// What is to be fetched.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// The question for what the pull is about, where it is to be asked.
    pub(super) about: Option<Operation>,
    /// The question for a page of the list.
    pub(super) list: Option<Operation>,
    /// Entries on each page of the list that is to be read.
    pub(super) list_pages: Vec<usize>,
    /// How much the service's counter has grown when it was read last.
    pub(super) list_seen: Option<f64>,
    /// Pages of the guild's list of who was there.
    pub(super) attendance_pages: usize,
    /// Reports of which only the refusal will come.
    pub(super) refused: usize,
    /// The lengths of all others, in hours.
    pub(super) hours: Vec<f64>,
}

impl Forecast {
    /// Asks the service for nothing.
    pub(super) async fn of(wanted: &Wanted, sizes: &Sizes, pull: &Pull) -> Result<Self, Error> {
        let files = files_of(&pull.streams);
        let mut errands = errands(wanted, sizes, &files, pull)?;
        errands.extend(extras(wanted, sizes, &pull.extras, &pull.client)?);
        errands.retain(|errand| errand.count > 0.0);
        let fetched: f64 = errands.iter().map(|errand| errand.count).sum();
        // The largest report may come last, when there is nothing to be done beside it.
        let longest = wanted.hours.iter().copied().fold(0.0, f64::max);
        let share = longest / wanted.hours.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        let manner = Manner { at_once: pull.concurrency.min(wanted.hours.len().max(1)), tail: share * fetched };
        let names: Vec<&str> = files.iter().map(|file| file.name).collect();
        let bytes = sizes.bytes(&names, &wanted.hours, pull.include_resources);
        Ok(Self::told_by(pull.client.foresee(&errands, manner).await).with(bytes, sizes.known()))
    }

    fn told_by(foresight: Foresight) -> Self {
        let Foresight { requests, points, learned_share, course } = foresight;
        Self {
            requests: requests.low..=requests.high,
            points: Points::new(points.low)..=Points::new(points.high),
            windows: course.map(|course| course.windows.low..=course.windows.high),
            done_at: course.map(|course| {
                let Range { low, high } = course.done_ms;
                UnixMillis::new(low)..=UnixMillis::new(high.max(low))
            }),
            bytes: 0..=0,
            learned_share,
            sizes_of: 0,
        }
    }

    fn with(self, bytes: Guess, sizes_of: usize) -> Self {
        let Guess { mean, off_by, least } = bytes;
        let bytes = (mean - RANGE * off_by).max(least) as u64..=(mean + RANGE * off_by) as u64;
        Self { bytes, sizes_of, ..self }
    }
}

/// The calls that a pull makes.
fn errands(wanted: &Wanted, sizes: &Sizes, files: &[StreamFile], pull: &Pull) -> Result<Vec<Errand>, Error> {
    let sure = |operation, count: usize| Errand { operation, count: count as f64, off_by: 0.0, least: count as f64, seen: None };
    let mut errands = Vec::new();
    errands.extend(wanted.about.clone().map(|operation| sure(operation, 1)));
    let listed = wanted.list_pages.iter().sum::<usize>().max(1) as f64;
    for entries in &wanted.list_pages {
        // A list is paid for by what is on it.
        let Some(operation) = wanted.list.clone().map(|list| list.with("limit", *entries)) else { continue };
        let seen = wanted.list_seen.map(|all| all * *entries as f64 / listed);
        errands.push(Errand { seen, ..sure(operation, 1) });
    }
    errands.push(sure(Operation::new("GuildAttendance", &documents::GUILD_ATTENDANCE), wanted.attendance_pages));
    errands.push(sure(Operation::new("Report", &documents::REPORT), wanted.hours.len() + wanted.refused));
    // Whose events they are is all the same.
    let code: ReportCode = "0000000000000000".parse()?;
    for file in files {
        let Guess { mean, off_by, least } = sizes.pages(file.name, &wanted.hours);
        errands.push(Errand {
            operation: events_of(&pull.client, code.clone(), *file, pull.include_resources).operation()?,
            count: mean,
            off_by,
            least,
            seen: None,
        });
    }
    Ok(errands)
}

/// The calls for extras: one for each report, or one for each of its fights.
fn extras(wanted: &Wanted, sizes: &Sizes, extras: &[ReportExtra], client: &Client) -> Result<Vec<Errand>, Error> {
    let report = client.report("0000000000000000".parse::<ReportCode>()?);
    let errand = |extra: &ReportExtra| {
        let each = wanted.hours.len() as f64;
        let Guess { mean, off_by, least } = match extra.is_by_fight() {
            true => sizes.fights(&wanted.hours),
            false => Guess { mean: each, off_by: 0.0, least: each },
        };
        Ok(Errand { operation: extra.operation(&report)?, count: mean, off_by, least, seen: None })
    };
    extras.iter().map(errand).collect()
}
