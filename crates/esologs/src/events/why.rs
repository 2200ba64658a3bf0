//! Why a call goes on, waits or ends: small closed sets with names for logs and words for people.

/// What was decided after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryVerdict {
    /// Another attempt after a wait.
    Retried,
    /// Another attempt at once, with a new token.
    NewToken,
    /// Another attempt at once, in the name of the signed-in user, who may see more than the key.
    AsUser,
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
            Self::AsUser => "as_user",
            Self::NotRetryable => "not_retryable",
            Self::NotWanted => "not_wanted",
            Self::MaxAttempts => "max_attempts",
            Self::Content => "content",
            Self::NoBudget => "no_budget",
            Self::NoTime => "no_time",
        }
    }
}

/// What the cache had for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CacheResult {
    /// An answer as good as a new one.
    Hit,
    /// Nothing that could be shown at once; the service is asked.
    Miss,
    /// After a miss: the service failed, and an older answer stands in.
    StaleError,
    /// An older answer, which is shown while a newer one is fetched.
    StaleRevalidate,
    /// An older answer, and the service was not to be asked.
    StaleNotAsked,
}

impl CacheResult {
    /// A name in lower case with underscores, for logs and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Miss => "miss",
            Self::StaleError => "stale_error",
            Self::StaleRevalidate => "stale_revalidate",
            Self::StaleNotAsked => "stale_not_asked",
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
    /// Calls on their way, or just over, may need the points that are left.
    Settling,
}

impl WaitReason {
    /// Every reason, for tables and tests.
    pub const ALL: [Self; 9] = [
        Self::Backoff,
        Self::RetryAfter,
        Self::Throttled,
        Self::Points,
        Self::Breaker,
        Self::RetryBudget,
        Self::RequestRate,
        Self::Slot,
        Self::Settling,
    ];

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
            Self::Settling => "the points that other calls may need",
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
            Self::Settling => "settling",
        }
    }
}
