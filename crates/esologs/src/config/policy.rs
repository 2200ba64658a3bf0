//! How patient a call is: deadline, attempts, waits.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::resilience::{AttemptError, Priority, RetryBudgetSettings};

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
    /// For a service that is not asked at present because it failed too often lately (open breaker).
    pub breaker: Duration,
    /// How long one call goes on while every attempt fails; `None` where its deadline or its attempts bound it.
    pub outage: Option<Duration>,
    /// The same while the host has not answered anything in this process: an unreachable host is an error, not a wait.
    pub never_answered: Duration,
}

/// How patient a call is. [`interactive`](Self::interactive), [`batch`](Self::batch) and [`plain`](Self::plain) are ready
/// made; change single values with the methods of the same name, or with struct update syntax. Figures: the table of defaults
/// in `docs/policies/README.md`.
///
/// ```
/// use std::time::Duration;
/// use esologs::CallPolicy;
///
/// let quick = CallPolicy::interactive().timeout(Duration::from_secs(3)).attempts(2);
/// let by_noon = CallPolicy::batch().deadline(Duration::from_secs(3600));
/// ```
#[derive(Debug, Clone, PartialEq)]
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
    /// The budget that repeats are paid from: one for all calls of the client that name the same settings; `None` for none.
    pub retry_budget: Option<RetryBudgetSettings>,
    /// Who goes first where calls wait in line.
    pub priority: Priority,
    /// The most calls of this priority on their way at once; at least 1.
    pub concurrency: usize,
    /// The longest time in line for one of these places (what other clients call the pool time-out); `None` for no bound but
    /// the deadline.
    pub slot_timeout: Option<Duration>,
    /// Which failures are repeated, of those that can be; `None` for all of them.
    pub retry_if: Option<RetryIf>,
}

/// A choice of the failures that are repeated: see [`CallPolicy::retry_if`].
#[derive(Clone)]
pub struct RetryIf(Arc<dyn Fn(&AttemptError) -> bool + Send + Sync>);

impl RetryIf {
    /// Repeats what `choose` says yes to.
    #[must_use]
    pub fn new(choose: impl Fn(&AttemptError) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(choose))
    }

    pub(crate) fn chooses(&self, error: &AttemptError) -> bool {
        (self.0)(error)
    }
}

/// The same choice, not one that would say the same.
impl PartialEq for RetryIf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for RetryIf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RetryIf(..)")
    }
}

impl CallPolicy {
    /// For somebody who waits: 30 s in total, 4 attempts; new points are waited for where they come within 25 s.
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
                // What the deadline leaves, but for some time for an attempt.
                points: Duration::from_secs(25),
                breaker: Duration::ZERO,
                outage: None,
                never_answered: Duration::from_secs(20),
            },
            content_failures: None,
            retry_budget: Some(RetryBudgetSettings::interactive()),
            priority: Priority::Interactive,
            concurrency: 4,
            slot_timeout: None,
            retry_if: None,
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
                breaker: Duration::from_secs(10 * 60),
                outage: Some(Duration::from_secs(10 * 60)),
                never_answered: Duration::from_secs(20),
            },
            content_failures: Some(5),
            retry_budget: Some(RetryBudgetSettings::batch()),
            priority: Priority::Batch,
            concurrency: 2,
            slot_timeout: None,
            retry_if: None,
        }
    }

    /// One attempt, 10 s. A rejected token is still renewed once.
    #[must_use]
    pub fn plain() -> Self {
        let interactive = Self::interactive();
        let max_wait = MaxWait { points: Duration::ZERO, ..interactive.max_wait };
        Self { deadline: Some(Duration::from_secs(10)), attempts: Some(1), retry_budget: None, max_wait, ..interactive }
    }

    /// Time for one attempt. Where the deadline is shorter than that, it is moved to it: an attempt has its whole time.
    #[must_use]
    pub fn timeout(self, attempt: Duration) -> Self {
        let deadline = self.deadline.map(|deadline| deadline.max(attempt));
        Self { attempt_timeout: attempt, deadline, ..self }
    }

    /// Total time for a call, waits included. An attempt is cut at it, so its time-out is shortened to it.
    #[must_use]
    pub fn deadline(self, total: Duration) -> Self {
        Self { deadline: Some(total), attempt_timeout: self.attempt_timeout.min(total), ..self }
    }

    /// Exactly so many attempts, the first included, whatever the kind of failure, where repeating can help. The retry budget
    /// does not cut them down.
    #[must_use]
    pub fn attempts(self, attempts: u32) -> Self {
        Self { attempts: Some(attempts), retry_budget: None, ..self }
    }

    /// Waits instead of failing, as [`batch`](Self::batch) does, for at most `max_wait` for each cause: spent points, an open
    /// breaker, an outage. No deadline, no count of attempts.
    #[must_use]
    pub fn patient(self, max_wait: Duration) -> Self {
        let batch = Self::batch();
        let never_answered = batch.max_wait.never_answered.min(max_wait);
        Self {
            deadline: None,
            attempts: None,
            max_wait: MaxWait { points: max_wait, breaker: max_wait, outage: Some(max_wait), never_answered },
            content_failures: batch.content_failures,
            retry_budget: batch.retry_budget,
            ..self
        }
    }

    /// Repeats only what `choose` says yes to, of the failures that can be repeated at all.
    ///
    /// ```
    /// use esologs::{CallPolicy, Class};
    ///
    /// let only_timeouts = CallPolicy::interactive().retry_if(|error| error.class() == Class::AttemptTimeout);
    /// ```
    #[must_use]
    pub fn retry_if(self, choose: impl Fn(&AttemptError) -> bool + Send + Sync + 'static) -> Self {
        Self { retry_if: Some(RetryIf::new(choose)), ..self }
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
        if self.deadline.is_none() && self.attempts.is_none() && self.max_wait.outage.is_none() {
            return refuse(
                "neither deadline nor attempts nor max_wait.outage is set; in an outage nothing would ever end a call",
            );
        }
        if self.concurrency == 0 {
            return refuse("concurrency is 0; no call could ever begin");
        }
        if self.slot_timeout.is_some_and(|timeout| timeout.is_zero()) {
            return refuse("slot_timeout is zero; a call that finds all places taken could never wait for one");
        }
        if let Some(budget) = &self.retry_budget {
            budget.check()?;
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
