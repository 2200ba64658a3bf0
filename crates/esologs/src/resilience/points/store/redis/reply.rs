//! What the script answers, read.

use std::str::FromStr;

use super::request::Life;
use crate::resilience::points::account::away::Known;
use crate::resilience::points::costs::Told;
use crate::resilience::points::spenders::Spender;
use crate::resilience::points::window::WindowEnd;
use crate::resilience::points::{Outcome, Refusal, Standing, Stepped, Why};

/// What came of a step in Redis.
#[derive(Debug, PartialEq)]
pub(super) enum Reply {
    /// It was taken.
    Taken(Box<Taken>),
    /// It was not: the account is not the one that this process knows. Redis has lost its memory.
    Lost,
}

#[derive(Debug, PartialEq)]
pub(super) struct Taken {
    pub(super) stepped: Stepped,
    pub(super) life: Life,
    pub(super) known: Known,
    pub(super) promise: Promise,
    pub(super) spenders: Vec<Spender>,
    pub(super) hearsay: Hearsay,
}

/// What is told of the calls of others.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Hearsay {
    /// How many calls were told of in all.
    pub(super) in_all: u64,
    /// The last of them, each with whose it was.
    pub(super) last: Vec<(String, Told)>,
    /// Since when the oldest of others is on its way.
    pub(super) since_ms: Option<i64>,
}

/// What this process may spend without Redis, and what the others may.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Promise {
    /// Points of the running window.
    pub(super) points: f64,
    /// The share of each window that begins without Redis.
    pub(super) fraction: f64,
    pub(super) points_of_others: f64,
    pub(super) fraction_of_others: f64,
}

/// When a question was asked and when its answer came. What is to come "in so long" is reckoned from the later one, so that
/// nothing is over too early; what was "so long ago" from the earlier one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exchanged {
    pub(super) asked_ms: i64,
    pub(super) answered_ms: i64,
}

/// Reads an answer; `None` where it is none of the script's. `id` is the number of the reservation that was asked for.
pub(super) fn read(rows: &[String], id: u64, exchanged: Exchanged) -> Option<Reply> {
    let Exchanged { asked_ms, answered_ms: now_ms } = exchanged;
    let mut words = rows.first()?.split(' ');
    let outcome = match words.next()? {
        "lost" => return Some(Reply::Lost),
        outcome => outcome,
    };
    let words = &mut words;
    let outcome = read_outcome(outcome, value(words)?, id)?;
    let life = Life { born: value(words)?, steps: value(words)? };
    let (window, limit, spent) = (value(words)?, maybe::<f64>(words)?, value(words)?);
    let mut moment = |from_ms: i64| maybe::<i64>(words).map(|within| within.map(|within| from_ms + within));
    let (earliest, latest) = (moment(asked_ms)?, moment(now_ms)?);
    let (begun, heard) = (moment(asked_ms)?, moment(asked_ms)?);
    let length_ms: i64 = value(words)?;
    let closed = maybe::<i64>(words)?.map(|within| now_ms + within);
    let is_passive = value::<u8>(words)? == 1;
    let grown = value(words)?;
    let known = Known {
        window,
        limit,
        spent,
        end: earliest.zip(latest).map(|(earliest_ms, latest_ms)| WindowEnd { earliest_ms, latest_ms }),
        begun_ms: begun.unwrap_or(i64::MIN),
        heard_ms: heard.unwrap_or(i64::MIN),
        length_ms,
        closed_until_ms: closed.unwrap_or(i64::MIN),
        is_passive,
        grown,
    };
    let standing = Standing {
        window,
        limit,
        spent,
        reserved: value(words)?,
        settling: value(words)?,
        ambiguous: value(words)?,
        calls_on_their_way: value(words)?,
        settles_ms: maybe::<i64>(words)?.map(|within| now_ms + within),
        kept_for_interactive: value(words)?,
        end_ms: latest,
        length_ms: (length_ms > 0).then_some(length_ms),
        closed_until_ms: closed.filter(|until| *until > now_ms),
        is_passive,
        grown,
    };
    let promise = Promise {
        points: value(words)?,
        fraction: value(words)?,
        points_of_others: value(words)?,
        fraction_of_others: value(words)?,
    };
    let (in_all, there_ms, since_ms) = (value(words)?, value::<i64>(words)?, maybe::<i64>(words)?.map(|within| now_ms + within));
    let (told, spenders) = rows[1..].split_at_checked(value(words)?)?;
    let last = told.iter().map(|row| read_told(row, now_ms - there_ms)).collect::<Option<_>>()?;
    let hearsay = Hearsay { in_all, last, since_ms };
    let spenders = spenders.chunks_exact(4).map(read_spender).collect::<Option<_>>()?;
    let taken = Taken { stepped: Stepped { outcome, standing }, life, known, promise, spenders, hearsay };
    Some(Reply::Taken(Box::new(taken)))
}

fn read_outcome(word: &str, number: i64, id: u64) -> Option<Outcome> {
    let held = |why| Some(Outcome::Held(Refusal { why, retry_in_ms: number }));
    match word {
        "reserved" => Some(Outcome::Reserved(id)),
        "may_probe" => Some(Outcome::MayProbe(number == 1)),
        "done" => Some(Outcome::Done),
        "spent" => held(Why::Spent),
        "on_their_way" => held(Why::OnTheirWay),
        "unsettled" => held(Why::Unsettled),
        "first_answer" => held(Why::FirstAnswer),
        _ => None,
    }
}

fn read_spender(cells: &[String]) -> Option<Spender> {
    let [owner, operation, calls, points] = cells else { return None };
    Some(Spender::new(owner.clone(), operation.clone(), calls.parse().ok()?, points.parse().ok()?))
}

/// One call, on this process's clock, which is so much ahead of Redis'.
fn read_told(row: &str, ahead_ms: i64) -> Option<(String, Told)> {
    let mut words = row.split(' ');
    let words = &mut words;
    let (whose, shape) = (words.next()?.to_owned(), u64::from_str_radix(words.next()?, 16).ok()?);
    let told = Told {
        shape,
        expected: value(words)?,
        sent_ms: value::<i64>(words)? + ahead_ms,
        ended_ms: value::<i64>(words)? + ahead_ms,
        is_sure: value::<u8>(words)? == 1,
        spent: maybe(words)?,
        window: value(words)?,
    };
    Some((whose, told))
}

fn value<'a, T: FromStr>(words: &mut impl Iterator<Item = &'a str>) -> Option<T> {
    words.next()?.parse().ok()
}

/// A value that may be absent.
fn maybe<'a, T: FromStr>(words: &mut impl Iterator<Item = &'a str>) -> Option<Option<T>> {
    match words.next()? {
        "-" => Some(None),
        word => word.parse().ok().map(Some),
    }
}
