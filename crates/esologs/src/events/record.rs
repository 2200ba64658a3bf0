//! An event as a line of the decision log: a closed schema, without variables, texts of the service or secrets.

use std::borrow::Cow;
use std::io::{self, BufRead};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Event;
use crate::units::{Points, UnixMillis};

/// The schema of the lines. Raised when a field changes its meaning; new events and fields may come without that.
pub(super) const SCHEMA: u32 = 1;

/// A name from a closed set, as `name()` of its type gives it.
type Name = Cow<'static, str>;

/// An event with its time, kept: one line of a [`DecisionLog`](super::DecisionLog). docs/telemetry.md has the fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Milliseconds since the log's start.
    pub(super) at_ms: u64,
    #[serde(flatten)]
    pub(super) what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum What {
    LogStarted {
        schema: u32,
        started_unix_ms: UnixMillis,
    },
    CallStarted {
        call: u64,
        operation: String,
    },
    Joined {
        call: u64,
    },
    InLine {
        call: u64,
    },
    AttemptStarted {
        call: u64,
        attempt: u32,
        queued_ms: u64,
        for_token_ms: u64,
    },
    AttemptSucceeded {
        call: u64,
        attempt: u32,
        elapsed_ms: u64,
    },
    AttemptFailed {
        call: u64,
        attempt: u32,
        class: Name,
        elapsed_ms: u64,
    },
    Decided {
        call: u64,
        attempt: u32,
        class: Name,
        verdict: Name,
    },
    Waiting {
        call: u64,
        reason: Name,
        delay_ms: u64,
    },
    CacheAsked {
        call: u64,
        result: Name,
        age_ms: Option<u64>,
    },
    CacheTrouble,
    SignInTrouble,
    AnswerRepaired {
        call: u64,
    },
    TokenRequested {
        call: u64,
        attempt: u32,
    },
    TokenFetched,
    TokenFailed {
        class: Name,
    },
    /// In thousandths of a point.
    PointsSettled {
        limit: u64,
        spent: u64,
        reserved: u64,
        unsettled: u64,
    },
    BreakerChanged {
        from: Name,
        to: Name,
        cause: Name,
    },
    Answered {
        call: u64,
        attempts: u32,
        elapsed_ms: u64,
    },
    GaveUp {
        call: u64,
        attempts: u32,
        kind: Name,
        class: Option<Name>,
        elapsed_ms: u64,
    },
    Cancelled {
        call: u64,
        elapsed_ms: u64,
    },
    /// Of a later version.
    #[serde(other)]
    Unknown,
}

impl Record {
    /// The event, at a time since the log's start.
    pub(super) fn of(event: &Event<'_>, at: Duration) -> Self {
        Self { at_ms: millis(at), what: What::of(event) }
    }

    /// When it happened, since the log's start.
    #[must_use]
    pub fn at(&self) -> Duration {
        Duration::from_millis(self.at_ms)
    }

    /// The number of the call that it is about; `None` where it is about the client as a whole.
    #[must_use]
    pub fn call(&self) -> Option<u64> {
        self.what.call()
    }
}

impl What {
    fn of(event: &Event<'_>) -> Self {
        match *event {
            Event::CallStarted { call, operation } => Self::CallStarted { call, operation: operation.to_owned() },
            Event::Joined { call, .. } => Self::Joined { call },
            Event::InLine { call, .. } => Self::InLine { call },
            Event::AttemptStarted { call, attempt, queued, for_token, .. } => {
                Self::AttemptStarted { call, attempt, queued_ms: millis(queued), for_token_ms: millis(for_token) }
            }
            Event::AttemptSucceeded { call, attempt, elapsed, .. } => {
                Self::AttemptSucceeded { call, attempt, elapsed_ms: millis(elapsed) }
            }
            Event::AttemptFailed { call, attempt, class, elapsed, .. } => {
                Self::AttemptFailed { call, attempt, class: class.name().into(), elapsed_ms: millis(elapsed) }
            }
            Event::Decided { call, attempt, class, verdict, .. } => {
                Self::Decided { call, attempt, class: class.name().into(), verdict: verdict.name().into() }
            }
            Event::Waiting { call, reason, delay, .. } => {
                Self::Waiting { call, reason: reason.name().into(), delay_ms: millis(delay) }
            }
            Event::CacheAsked { call, result, age, .. } => {
                Self::CacheAsked { call, result: result.name().into(), age_ms: age.map(millis) }
            }
            Event::CacheTrouble { .. } => Self::CacheTrouble,
            Event::SignInTrouble { .. } => Self::SignInTrouble,
            Event::AnswerRepaired { call, .. } => Self::AnswerRepaired { call },
            Event::TokenRequested { call, attempt } => Self::TokenRequested { call, attempt },
            Event::TokenFetched => Self::TokenFetched,
            Event::TokenFailed { class, .. } => Self::TokenFailed { class: class.name().into() },
            Event::PointsSettled { limit, spent, reserved, unsettled, .. } => Self::PointsSettled {
                limit: thousandths(limit),
                spent: thousandths(spent),
                reserved: thousandths(reserved),
                unsettled: thousandths(unsettled),
            },
            Event::BreakerChanged { from, to, cause } => {
                Self::BreakerChanged { from: from.name().into(), to: to.name().into(), cause: cause.name().into() }
            }
            Event::Answered { call, attempts, elapsed, .. } => Self::Answered { call, attempts, elapsed_ms: millis(elapsed) },
            Event::GaveUp { call, attempts, error, elapsed, .. } => Self::GaveUp {
                call,
                attempts,
                kind: error.kind().name().into(),
                class: error.class().map(|class| class.name().into()),
                elapsed_ms: millis(elapsed),
            },
            Event::Cancelled { call, elapsed, .. } => Self::Cancelled { call, elapsed_ms: millis(elapsed) },
        }
    }

    fn call(&self) -> Option<u64> {
        match *self {
            Self::CallStarted { call, .. }
            | Self::Joined { call }
            | Self::InLine { call }
            | Self::AttemptStarted { call, .. }
            | Self::AttemptSucceeded { call, .. }
            | Self::AttemptFailed { call, .. }
            | Self::Decided { call, .. }
            | Self::Waiting { call, .. }
            | Self::CacheAsked { call, .. }
            | Self::AnswerRepaired { call }
            | Self::TokenRequested { call, .. }
            | Self::Answered { call, .. }
            | Self::GaveUp { call, .. }
            | Self::Cancelled { call, .. } => Some(call),
            Self::LogStarted { .. }
            | Self::CacheTrouble
            | Self::SignInTrouble
            | Self::TokenFetched
            | Self::TokenFailed { .. }
            | Self::PointsSettled { .. }
            | Self::BreakerChanged { .. }
            | Self::Unknown => None,
        }
    }
}

/// The lines of a decision log. Events of a later version are kept as unknown ones.
///
/// # Errors
/// Where it cannot be read, or a line is not one of a decision log (the last may be cut short: the error names its number).
pub fn read_records(log: impl BufRead) -> io::Result<Vec<Record>> {
    let read = |(at, line): (usize, io::Result<String>)| {
        serde_json::from_str(&line?)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("line {} of the decision log: {error}", at + 1)))
    };
    log.lines().enumerate().map(read).collect()
}

fn thousandths(points: Points) -> u64 {
    (points.get() * 1_000.0).round().max(0.0) as u64
}

/// To the nearest millisecond.
fn millis(time: Duration) -> u64 {
    u64::try_from((time.as_micros() + 500) / 1000).unwrap_or(u64::MAX)
}
