//! What happens inside a call, told while it happens, and who listens.
//!
//! Whoever wants to know gives a closure to [`ClientBuilder::on_event`](crate::ClientBuilder::on_event). Ready made are spans
//! for `tracing` (always on, free where nobody collects them), `metrics_subscriber` (feature `metrics`), the [`DecisionLog`]
//! (one line of JSON for each event) and the [`Explainer`] (where the time went, in plain words).

mod decision_log;
mod explain;
#[cfg(feature = "metrics")]
mod metrics;
mod open_calls;
mod record;
mod spans;
mod subscribers;
mod why;

use std::time::Duration;

pub use self::decision_log::DecisionLog;
pub use self::explain::{Cause, Ending, Explainer, Explanation, Part, Spent, Story, explain};
#[cfg(feature = "metrics")]
pub use self::metrics::metrics_subscriber;
pub use self::record::{Record, read_records};
pub(crate) use self::spans::spans;
pub(crate) use self::subscribers::Subscribers;
pub use self::why::{CacheResult, RetryVerdict, WaitReason};
use crate::decode::Class;
use crate::error::Error;
use crate::resilience::{BreakerCause, BreakerState, Served};
use crate::units::{Points, UnixMillis};

/// Something that happened inside a call. New events and fields may come; match with `_` and `..`.
///
/// `call` is the number of the call within its client, from 1: events of calls that run at the same time come mixed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A call begins.
    #[non_exhaustive]
    CallStarted {
        /// Number of the call.
        call: u64,
        /// Name of the operation.
        operation: &'a str,
    },
    /// An equal call is on its way already; this one shares its answer.
    #[non_exhaustive]
    Joined {
        /// Number of the call.
        call: u64,
        /// Name of the operation.
        operation: &'a str,
    },
    /// All places among the calls on their way are taken; the call stands in line.
    #[non_exhaustive]
    InLine {
        /// Number of the call.
        call: u64,
        /// Name of the operation.
        operation: &'a str,
    },
    /// A request is about to be sent.
    #[non_exhaustive]
    AttemptStarted {
        /// Number of the call.
        call: u64,
        /// Name of the operation.
        operation: &'a str,
        /// Number of the attempt; the first is 1.
        attempt: u32,
        /// Time spent in line, for points, at the request rate and for a token before it.
        queued: Duration,
        /// The part of it that was spent for a token.
        for_token: Duration,
    },
    /// An attempt brought its answer.
    #[non_exhaustive]
    AttemptSucceeded {
        /// Number of the call.
        call: u64,
        /// Name of the operation.
        operation: &'a str,
        /// Number of the attempt; the first is 1.
        attempt: u32,
        /// Time from sending to the decoded answer.
        elapsed: Duration,
    },
    /// An attempt brought nothing, or was not made at all (an open breaker, no place).
    #[non_exhaustive]
    AttemptFailed {
        /// Number of the call.
        call: u64,
        /// Name of the operation.
        operation: &'a str,
        /// Number of the attempt; the first is 1.
        attempt: u32,
        /// What kind of failure.
        class: Class,
        /// What happened, in words, without secrets.
        detail: &'a str,
        /// Time since the attempt began, waits for a place and a token included.
        elapsed: Duration,
    },
    /// What was decided after a failed attempt.
    #[non_exhaustive]
    Decided {
        /// Number of the call.
        call: u64,
        /// Name of the operation.
        operation: &'a str,
        /// Number of the attempt that failed.
        attempt: u32,
        /// What kind of failure it was.
        class: Class,
        /// What was decided.
        verdict: RetryVerdict,
    },
    /// The call waits before it tries again.
    #[non_exhaustive]
    Waiting {
        /// Number of the call.
        call: u64,
        /// Name of the operation; `token` where the wait is before another try for a token.
        operation: &'a str,
        /// For what.
        reason: WaitReason,
        /// For how long, at most.
        delay: Duration,
        /// Until when, at the latest.
        until: UnixMillis,
        /// How many calls of this client wait in the same line, this one included; 1 where there is no line.
        queued: usize,
    },
    /// The cache was asked for an answer.
    #[non_exhaustive]
    CacheAsked {
        /// Number of the call.
        call: u64,
        /// Name of the operation.
        operation: &'a str,
        /// What it had.
        result: CacheResult,
        /// How old the answer is that is shown; `None` where none is.
        age: Option<Duration>,
    },
    /// The cache cannot do what it should, and calls go on without it. Told once of each kind of trouble.
    #[non_exhaustive]
    CacheTrouble {
        /// What, where and why, in words.
        why: &'a str,
    },
    /// What is kept of a sign-in cannot be read, or a token cannot be kept, and calls go on without. Told once of each kind of trouble.
    #[non_exhaustive]
    SignInTrouble {
        /// What, where and why, in words, without secrets.
        why: &'a str,
    },
    /// An answer held control characters or bad escapes inside strings, and was read after they were mended.
    #[non_exhaustive]
    AnswerRepaired {
        /// Number of the call.
        call: u64,
        /// Name of the operation.
        operation: &'a str,
    },
    /// A token is asked for, for all calls that wait for one. It takes 10 s at most.
    #[non_exhaustive]
    TokenRequested {
        /// Number of the call that was the first to need it.
        call: u64,
        /// Number of the try; the first is 1.
        attempt: u32,
    },
    /// A new token was fetched.
    TokenFetched,
    /// No token could be fetched.
    #[non_exhaustive]
    TokenFailed {
        /// What kind of failure.
        class: Class,
        /// What happened, in words, without secrets.
        detail: &'a str,
    },
    /// A request is over, and this is how the points of the key stand now.
    #[non_exhaustive]
    PointsSettled {
        /// Points of a window.
        limit: Points,
        /// Spent in the running window, as the service told it last.
        spent: Points,
        /// Set aside for requests on their way.
        reserved: Points,
        /// Set aside for requests that are over, but whose charge no snapshot is sure to hold yet.
        unsettled: Points,
        /// When the window ends, at the latest; `None` where no answer told of the running one.
        resets_at: Option<UnixMillis>,
    },
    /// The breaker changed its state.
    #[non_exhaustive]
    BreakerChanged {
        /// What it was.
        from: BreakerState,
        /// What it is.
        to: BreakerState,
        /// Why.
        cause: BreakerCause,
    },
    /// The call has its answer.
    #[non_exhaustive]
    Answered {
        /// Number of the call.
        call: u64,
        /// Name of the operation.
        operation: &'a str,
        /// Attempts it took; of a call that joined another, that one's; 0 where the cache had it.
        attempts: u32,
        /// Where it comes from.
        served: &'a Served,
        /// Time it took, waits included.
        elapsed: Duration,
    },
    /// The call failed.
    #[non_exhaustive]
    GaveUp {
        /// Number of the call.
        call: u64,
        /// Name of the operation.
        operation: &'a str,
        /// Attempts it took; 0 where nothing was sent.
        attempts: u32,
        /// The error that the caller gets.
        error: &'a Error,
        /// Time it took, waits included.
        elapsed: Duration,
    },
    /// The call was dropped before its end.
    #[non_exhaustive]
    Cancelled {
        /// Number of the call.
        call: u64,
        /// Name of the operation.
        operation: &'a str,
        /// Time it had taken.
        elapsed: Duration,
    },
}
