//! How patient a call is: deadline, attempts, waits.

use std::time::Duration;

use crate::error::{Error, ErrorKind};

/// Exponential backoff with full jitter: before retry `n` (from 0) a wait between 0 and `min(cap, base * 2^n)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Upper end of the first wait.
    pub base: Duration,
    /// Upper end of every wait.
    pub cap: Duration,
}

/// The longest waits a call puts up with; zero means: fail at once, with `retry_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxWait {
    /// For new points of the hourly budget, and for a server's `Retry-After`, where no deadline bounds them.
    pub points: Duration,
    /// How long one call goes on while every attempt fails.
    pub outage: Duration,
    /// The same while the host has not answered anything in this process: an unreachable host is an error, not a wait.
    pub never_answered: Duration,
}

/// How patient a call is. [`interactive`](Self::interactive), [`batch`](Self::batch) and [`plain`](Self::plain) are ready
/// made; change single values with struct update syntax. Figures: the table of defaults in `docs/policies.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallPolicy {
    /// Total time for a call, waits included; `None` for no bound but `max_wait`.
    pub deadline: Option<Duration>,
    /// Time for one attempt: connect, headers, whole body and decoding.
    pub attempt_timeout: Duration,
    /// A body that brings less than one byte a second for so long stands still, and the attempt has failed.
    pub body_stall: Duration,
    /// Attempts in total, the first included; `None` for as many as time allows.
    pub attempts: Option<u32>,
    /// Waits after a failure of the service or the network.
    pub backoff: Backoff,
    /// Waits after a 429 that does not say for how long.
    pub throttle_backoff: Backoff,
    /// The longest waits.
    pub max_wait: MaxWait,
    /// After how many content failures in a row (bad JSON, HTML, an internal error) the call gives up; `None` leaves it to
    /// the limits of each class of failure.
    pub content_failures: Option<u32>,
}

impl CallPolicy {
    /// For somebody who waits: 30 s in total, 4 attempts, no wait for points.
    #[must_use]
    pub const fn interactive() -> Self {
        Self {
            deadline: Some(Duration::from_secs(30)),
            attempt_timeout: Duration::from_secs(10),
            body_stall: Duration::from_secs(5),
            attempts: Some(4),
            backoff: Backoff { base: Duration::from_millis(200), cap: Duration::from_secs(20) },
            throttle_backoff: Backoff { base: Duration::from_secs(1), cap: Duration::from_secs(60) },
            max_wait: MaxWait {
                points: Duration::ZERO,
                outage: Duration::from_secs(30),
                never_answered: Duration::from_secs(20),
            },
            content_failures: None,
        }
    }

    /// For work that must get done: no deadline and no count of attempts; waits up to 70 minutes for points, 10 minutes
    /// through an outage, 20 s for a host that never answered.
    #[must_use]
    pub const fn batch() -> Self {
        Self {
            deadline: None,
            attempt_timeout: Duration::from_secs(60),
            body_stall: Duration::from_secs(10),
            attempts: None,
            backoff: Backoff { base: Duration::from_millis(500), cap: Duration::from_secs(60) },
            throttle_backoff: Backoff { base: Duration::from_secs(1), cap: Duration::from_secs(60) },
            max_wait: MaxWait {
                points: Duration::from_secs(70 * 60),
                outage: Duration::from_secs(10 * 60),
                never_answered: Duration::from_secs(20),
            },
            content_failures: Some(5),
        }
    }

    /// One attempt, 10 s. A rejected token is still renewed once.
    #[must_use]
    pub const fn plain() -> Self {
        Self { deadline: Some(Duration::from_secs(10)), attempts: Some(1), ..Self::interactive() }
    }

    /// Refuses values that contradict each other.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let refuse = |why: &str| Err(Error::new(ErrorKind::Usage, format!("call policy: {why}")));
        if self.attempt_timeout.is_zero() {
            return refuse("attempt_timeout is zero; nothing could ever succeed");
        }
        if self.body_stall.is_zero() {
            return refuse("body_stall is zero; every body would count as standing still");
        }
        if self.attempts == Some(0) {
            return refuse("attempts is 0; the first try counts as one");
        }
        if self.deadline.is_some_and(|deadline| deadline < self.attempt_timeout) {
            return refuse("attempt_timeout is longer than deadline");
        }
        if self.backoff.cap < self.backoff.base || self.throttle_backoff.cap < self.throttle_backoff.base {
            return refuse("a backoff's cap is below its base");
        }
        Ok(())
    }
}

impl Default for CallPolicy {
    fn default() -> Self {
        Self::interactive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ready_made_policies_are_consistent() {
        for policy in [CallPolicy::interactive(), CallPolicy::batch(), CallPolicy::plain()] {
            policy.check().unwrap();
        }
    }

    #[test]
    fn an_attempt_longer_than_the_deadline_is_refused() {
        let policy = CallPolicy { attempt_timeout: Duration::from_secs(31), ..CallPolicy::interactive() };
        assert_eq!(policy.check().unwrap_err().to_string(), "call policy: attempt_timeout is longer than deadline");
    }
}
