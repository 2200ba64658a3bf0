//! What the script is sent: a step, and who asks. Moments are sent as "so long ago", since Redis has a clock of its own.

use std::time::Duration;

use serde::Serialize;

use crate::resilience::Priority;
use crate::resilience::points::account::away::{Known, OnItsWay};
use crate::resilience::points::spenders::Spender;
use crate::resilience::points::{Charge, Finish, LedgerSettings, Snapshot, Step};

#[derive(Debug, Serialize)]
pub(super) struct Request<'a> {
    /// The process that asks.
    pub(super) me: &'a str,
    /// What it has seen of the account; `None` where it asks for the first time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) life: Option<Life>,
    /// Reservations that may be there, but that nothing is on its way for.
    pub(super) gone: Vec<String>,
    pub(super) settings: Rules,
    /// How many calls were told of when it asked last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) heard: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) home: Option<Home>,
    pub(super) step: Sent<'a>,
    /// The time, where a test sets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) now_ms: Option<i64>,
}

/// One life of the account in Redis, from when it was made to when it is lost, and how many steps it has seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Life {
    pub(super) born: u64,
    pub(super) steps: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct Rules {
    safety: f64,
    lag_ms: i64,
    on_its_way_ms: i64,
    reserve_for_interactive: f64,
}

impl Rules {
    /// A step may be on its way for so long; by this, moments that are sent as "so long ago" seem later than they were.
    pub(super) fn new(settings: &LedgerSettings, on_its_way: Duration) -> Self {
        Self {
            safety: settings.safety,
            lag_ms: settings.lag_ms(),
            on_its_way_ms: i64::try_from(on_its_way.as_millis()).unwrap_or(i64::MAX),
            reserve_for_interactive: settings.reserve_for_interactive,
        }
    }
}

/// A step, as it is sent.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sent<'a> {
    Reserve(SentAsk<'a>),
    Finish(SentFinish),
    Probe(()),
    Look(()),
    Spenders(()),
    Leave(()),
}

#[derive(Debug, Serialize)]
pub(super) struct SentAsk<'a> {
    id: String,
    estimate: f64,
    expected: f64,
    is_guess: bool,
    is_batch: bool,
    owner: &'a str,
    operation: &'a str,
    /// In hexadecimal digits: Lua's numbers would round it.
    shape: String,
    lease_ms: i64,
    is_probe: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct SentFinish {
    id: String,
    charge: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot: Option<SentSnapshot>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<SentRefused>,
}

#[derive(Debug, Serialize)]
struct SentSnapshot {
    limit: f64,
    spent: f64,
    reset_in_s: f64,
    sent_ago_ms: i64,
    received_ago_ms: i64,
}

#[derive(Debug, Serialize)]
struct SentRefused {
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<i64>,
    sent_ago_ms: i64,
}

impl<'a> Sent<'a> {
    /// `id`: the number that a new reservation gets.
    pub(super) fn new(step: &Step<'a>, me: &str, id: u64, now_ms: i64) -> Self {
        match step {
            Step::Reserve(ask) => Self::Reserve(SentAsk {
                id: name(me, id),
                estimate: finite(ask.estimate),
                expected: finite(ask.expected),
                is_guess: ask.is_guess,
                is_batch: ask.priority == Priority::Batch,
                owner: ask.owner,
                operation: ask.operation,
                shape: format!("{:x}", ask.shape),
                lease_ms: ask.lease_ms,
                is_probe: ask.is_probe,
            }),
            Step::Finish(finish) => Self::Finish(SentFinish::new(finish, me, now_ms)),
            Step::Probe => Self::Probe(()),
            Step::Look => Self::Look(()),
        }
    }
}

impl SentFinish {
    fn new(finish: &Finish, me: &str, now_ms: i64) -> Self {
        let snapshot = finish.snapshot.map(|Snapshot { limit, spent, reset_in_s, sent_ms, received_ms }| SentSnapshot {
            limit,
            spent,
            reset_in_s,
            sent_ago_ms: now_ms - sent_ms,
            received_ago_ms: now_ms - received_ms,
        });
        Self {
            id: name(me, finish.id),
            charge: match finish.charge {
                Charge::No => "no",
                Charge::Yes => "yes",
                Charge::Maybe => "maybe",
            },
            snapshot,
            refused: finish
                .refused
                .map(|refused| SentRefused { retry_after_ms: refused.retry_after_ms, sent_ago_ms: now_ms - refused.sent_ms }),
        }
    }
}

/// What a process tells that was without Redis, or that Redis does not know any more.
#[derive(Debug, Serialize)]
pub(super) struct Home {
    window: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<f64>,
    spent: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_in_ms: Option<EndsIn>,
    begun_ago_ms: i64,
    heard_ago_ms: i64,
    length_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_for_ms: Option<i64>,
    grown: f64,
    on_their_way: Vec<SentOnItsWay>,
    /// What ended since Redis was lost.
    pub(super) meanwhile: Open,
    /// What ended before that, too, and is not settled.
    pub(super) all: Open,
    pub(super) spenders: Vec<Spender>,
    /// What was promised to this process: points, and a share of each new window.
    pub(super) promised: f64,
    pub(super) fraction: f64,
    pub(super) promised_to_others: f64,
    pub(super) fraction_of_others: f64,
    /// The window that this was promised in.
    pub(super) promised_in: u64,
}

#[derive(Debug, Serialize)]
struct EndsIn {
    earliest: i64,
    latest: i64,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Open {
    settling: f64,
    ambiguous: f64,
}

impl From<(f64, f64)> for Open {
    fn from((settling, ambiguous): (f64, f64)) -> Self {
        Self { settling, ambiguous }
    }
}

#[derive(Debug, Serialize)]
struct SentOnItsWay {
    id: String,
    amount: f64,
    expected: f64,
    is_guess: bool,
    owner: String,
    operation: String,
    since_ago_ms: i64,
    lease_ms: i64,
}

impl Home {
    pub(super) fn new(known: &Known, on_their_way: Vec<OnItsWay>, me: &str, now_ms: i64) -> Self {
        // What never was, was long ago.
        let ago = |moment_ms: i64| now_ms.saturating_sub(moment_ms).min(1 << 52);
        let sent = |flight: OnItsWay| SentOnItsWay {
            id: name(me, flight.id),
            amount: flight.amount,
            expected: flight.expected,
            is_guess: flight.is_guess,
            owner: flight.owner,
            operation: flight.operation,
            since_ago_ms: now_ms - flight.since_ms,
            lease_ms: flight.lease_until_ms - now_ms,
        };
        Self {
            window: known.window,
            limit: known.limit,
            spent: known.spent,
            ends_in_ms: known.end.map(|end| EndsIn { earliest: end.earliest_ms - now_ms, latest: end.latest_ms - now_ms }),
            begun_ago_ms: ago(known.begun_ms),
            heard_ago_ms: ago(known.heard_ms),
            length_ms: known.length_ms,
            closed_for_ms: (known.closed_until_ms > now_ms).then(|| known.closed_until_ms - now_ms),
            grown: known.grown,
            on_their_way: on_their_way.into_iter().map(sent).collect(),
            meanwhile: Open::default(),
            all: Open::default(),
            spenders: Vec::new(),
            promised: 0.0,
            fraction: 0.0,
            promised_to_others: 0.0,
            fraction_of_others: 0.0,
            promised_in: 0,
        }
    }
}

/// A reservation's name among those of all processes.
pub(super) fn name(me: &str, id: u64) -> String {
    format!("{me}:{id}")
}

/// JSON has no other numbers.
fn finite(points: f64) -> f64 {
    if points.is_finite() { points } else { f64::MAX }
}
