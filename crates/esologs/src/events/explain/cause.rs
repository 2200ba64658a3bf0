//! What time can be spent on.

use serde::{Serialize, Serializer};

use crate::events::WaitReason;

/// What a call's time was spent on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// Requests that brought their answer.
    AnsweredRequests,
    /// Requests that failed.
    FailedRequests,
    /// The answer of an equal call that was on its way already.
    SharedAnswer,
    /// In line for a place among the calls on their way.
    InLine,
    /// Our own pace of requests.
    RequestRate,
    /// For a token.
    Token,
    /// Backoff after a failure.
    Backoff,
    /// The time that the server asked for (`Retry-After`).
    RetryAfter,
    /// Backoff after a refusal that did not say for how long.
    Throttled,
    /// Points: new ones, or those that other calls may need.
    Points,
    /// An open breaker.
    Breaker,
    /// An empty retry budget.
    RetryBudget,
    /// Policies of the caller's own, reading of answers, a busy machine.
    Other,
}

impl Cause {
    /// Every cause, in the order in which they are told.
    pub const ALL: [Self; 13] = [
        Self::AnsweredRequests,
        Self::FailedRequests,
        Self::SharedAnswer,
        Self::InLine,
        Self::RequestRate,
        Self::Token,
        Self::Backoff,
        Self::RetryAfter,
        Self::Throttled,
        Self::Points,
        Self::Breaker,
        Self::RetryBudget,
        Self::Other,
    ];

    /// A name in lower case with underscores, for logs and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AnsweredRequests => "answered_requests",
            Self::FailedRequests => "failed_requests",
            Self::SharedAnswer => "shared_answer",
            Self::InLine => "in_line",
            Self::RequestRate => "request_rate",
            Self::Token => "token",
            Self::Backoff => "backoff",
            Self::RetryAfter => "retry_after",
            Self::Throttled => "throttled",
            Self::Points => "points",
            Self::Breaker => "breaker",
            Self::RetryBudget => "retry_budget",
            Self::Other => "other",
        }
    }

    /// The cause in words, to follow a time: "3.1 s in line".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::AnsweredRequests => "in requests that were answered",
            Self::FailedRequests => "in requests that failed",
            Self::SharedAnswer => "for the answer of an equal call that was on its way",
            Self::InLine => "in line",
            Self::RequestRate => "at the request rate",
            Self::Token => "for a token",
            Self::Backoff => "for the service to recover (backoff)",
            Self::RetryAfter => "for the time the service asked for (Retry-After)",
            Self::Throttled => "for the service to take requests again (throttled)",
            Self::Points => "for points",
            Self::Breaker => "for a sign of life of the service (open breaker)",
            Self::RetryBudget => "for its turn to repeat (retry budget)",
            Self::Other => "beside all that (policies of the caller's own, a busy machine)",
        }
    }

    /// What a wait of this name is for.
    pub(super) fn of_wait(reason: &str) -> Self {
        match WaitReason::ALL.into_iter().find(|known| known.name() == reason) {
            Some(WaitReason::Backoff) => Self::Backoff,
            Some(WaitReason::RetryAfter) => Self::RetryAfter,
            Some(WaitReason::Throttled) => Self::Throttled,
            Some(WaitReason::Points | WaitReason::Settling) => Self::Points,
            Some(WaitReason::Breaker) => Self::Breaker,
            Some(WaitReason::RetryBudget) => Self::RetryBudget,
            Some(WaitReason::RequestRate) => Self::RequestRate,
            Some(WaitReason::Slot) => Self::InLine,
            None => Self::Other,
        }
    }

    /// Whether the attempt has begun: what is left of this wait is part of it.
    pub(super) const fn is_within_an_attempt(self) -> bool {
        matches!(self, Self::InLine | Self::RequestRate | Self::Token)
    }
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
