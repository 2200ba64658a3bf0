//! What happens inside a call, told while it happens.

use std::sync::Arc;
use std::time::Duration;

use crate::decode::Class;
use crate::units::UnixMillis;

/// Something that happened inside a call. New events and fields may come; match with `_` and `..`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A request is about to be sent.
    #[non_exhaustive]
    AttemptStarted {
        /// Name of the operation.
        operation: &'a str,
        /// Number of the attempt; the first is 1.
        attempt: u32,
    },
    /// An attempt brought nothing.
    #[non_exhaustive]
    AttemptFailed {
        /// Name of the operation.
        operation: &'a str,
        /// Number of the attempt; the first is 1.
        attempt: u32,
        /// What kind of failure.
        class: Class,
        /// What happened, in words, without secrets.
        detail: &'a str,
    },
    /// The call waits before it tries again.
    #[non_exhaustive]
    Waiting {
        /// Name of the operation.
        operation: &'a str,
        /// For what.
        reason: WaitReason,
        /// For how long.
        delay: Duration,
        /// Until when.
        until: UnixMillis,
    },
    /// An answer held control characters or bad escapes inside strings, and was read after they were mended.
    #[non_exhaustive]
    AnswerRepaired {
        /// Name of the operation.
        operation: &'a str,
    },
    /// A new token was fetched.
    TokenFetched,
    /// The call has its answer.
    #[non_exhaustive]
    Answered {
        /// Name of the operation.
        operation: &'a str,
        /// Attempts it took.
        attempts: u32,
        /// Time it took, waits included.
        elapsed: Duration,
    },
    /// The call failed.
    #[non_exhaustive]
    GaveUp {
        /// Name of the operation.
        operation: &'a str,
        /// Attempts it took; 0 where nothing was sent.
        attempts: u32,
        /// What kind of failure the last one was.
        class: Class,
    },
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
        }
    }
}

/// Who is told. Called on the task of the call: be quick, do not block.
pub(crate) type Subscriber = Arc<dyn Fn(&Event<'_>) + Send + Sync>;
