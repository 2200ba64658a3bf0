//! What happens inside a call, told while it happens.

use std::sync::Arc;
use std::time::Duration;

use crate::decode::Class;
use crate::error::Error;
use crate::resilience::{BreakerCause, BreakerState};
use crate::units::UnixMillis;

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
        /// Time spent in line, at the request rate and for a token before it.
        queued: Duration,
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
        /// Attempts it took; of a call that joined another, that one's.
        attempts: u32,
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

/// What was decided after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryVerdict {
    /// Another attempt after a wait.
    Retried,
    /// Another attempt at once, with a new token.
    NewToken,
    /// No more: repeating cannot help.
    NotRetryable,
    /// No more: the caller's [`retry_if`](crate::CallPolicy::retry_if) does not want it.
    NotWanted,
    /// No more: the attempts of the call, or of this class of failure, are used up.
    MaxAttempts,
    /// No more: the same useless answer several times in a row.
    Content,
    /// No more: the retry budget is empty.
    NoBudget,
    /// No more: the wait would not end before the deadline, or is longer than the policy allows.
    NoTime,
}

impl RetryVerdict {
    /// A name in lower case with underscores, for logs and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Retried => "retried",
            Self::NewToken => "new_token",
            Self::NotRetryable => "not_retryable",
            Self::NotWanted => "not_wanted",
            Self::MaxAttempts => "max_attempts",
            Self::Content => "content",
            Self::NoBudget => "no_budget",
            Self::NoTime => "no_time",
        }
    }
}

/// What a call waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitReason {
    /// The backoff after a failure.
    Backoff,
    /// The server said how long (`Retry-After`).
    RetryAfter,
    /// Too many requests; the server did not say for how long.
    Throttled,
    /// The points of this hour are spent; they come back when the hour ends.
    Points,
    /// The service failed too often lately and is not asked until a probe finds it well.
    Breaker,
    /// Too many calls failed lately: repeats are paid from a budget that fills with successes and time.
    RetryBudget,
    /// Our own pace of requests.
    RequestRate,
    /// Too many calls are in line.
    Slot,
}

impl WaitReason {
    /// The reason in words, to follow "waiting for".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Backoff => "the service to recover",
            Self::RetryAfter => "the time the service asked for",
            Self::Throttled => "the service to take requests again",
            Self::Points => "new points",
            Self::Breaker => "a sign of life of the service",
            Self::RetryBudget => "its turn to repeat",
            Self::RequestRate => "its turn to ask",
            Self::Slot => "a place among the calls on their way",
        }
    }

    /// A name in lower case with underscores, for logs and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Backoff => "backoff",
            Self::RetryAfter => "retry_after",
            Self::Throttled => "throttled",
            Self::Points => "points",
            Self::Breaker => "breaker",
            Self::RetryBudget => "retry_budget",
            Self::RequestRate => "request_rate",
            Self::Slot => "slot",
        }
    }
}

/// Who is told. Called on the task of the call: be quick, do not block.
pub(crate) type Subscriber = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

/// Everybody who is told, in the order in which they came.
#[derive(Clone, Default)]
pub(crate) struct Subscribers(Vec<Subscriber>);

impl Subscribers {
    pub(crate) fn add(&mut self, subscriber: Subscriber) {
        self.0.push(subscriber);
    }

    pub(crate) fn tell(&self, event: &Event<'_>) {
        for subscriber in &self.0 {
            subscriber(event);
        }
    }
}
