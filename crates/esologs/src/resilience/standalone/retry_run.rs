//! The decisions of one run, for a loop of the caller's own.

use std::fmt;
use std::time::Duration;

use fastrand::Rng;
use tokio::time::Instant;

use super::retry_policy::{RetryPolicy, Retrying};
use super::retry_step::Tried;
use crate::resilience::{Deadline, Payment};

/// The decisions of [`retry`](super::retry) for a loop of one's own: on another runtime, or in another language. Made by
/// [`RetryPolicy::run`], one for each run.
///
/// ```
/// use esologs::RetryPolicy;
///
/// # fn download() -> Result<u32, std::io::Error> { Ok(7) }
/// # fn main() -> Result<(), std::io::Error> {
/// let mut run = RetryPolicy::new().attempts(5).run();
/// let bytes = loop {
///     match download() {
///         Ok(bytes) => {
///             run.succeeded();
///             break bytes;
///         }
///         Err(error) => {
///             let Some(again) = run.failed(&error) else { return Err(error) };
///             std::thread::sleep(again.delay);
///             again.begin();
///         }
///     }
/// };
/// # assert_eq!(bytes, 7);
/// # Ok(())
/// # }
/// ```
pub struct RetryRun<E> {
    policy: RetryPolicy<E>,
    tried: Tried,
    rng: Rng,
    started: Instant,
}

/// Leave for one more attempt after a wait, from [`RetryRun::failed`]. Dropped before it is [begun](Self::begin), what the
/// [budget](RetryPolicy::budget) paid goes back.
#[derive(Debug)]
#[must_use = "what was paid for an attempt that is not begun goes back"]
pub struct RetryAgain {
    /// How long to wait first.
    pub delay: Duration,
    payment: Option<Payment>,
}

impl RetryAgain {
    /// The attempt begins.
    pub fn begin(self) {
        if let Some(payment) = self.payment {
            payment.keep();
        }
    }
}

impl<E> RetryRun<E> {
    pub(super) fn new(policy: RetryPolicy<E>) -> Self {
        let started = Instant::now();
        let (tried, rng) = (Tried::new(Deadline::after(started, policy.deadline)), policy.rng());
        Self { policy, tried, rng, started }
    }

    /// An attempt failed. `None` where no other is made: the error is the caller's. An empty [budget](RetryPolicy::budget) ends it, too;
    /// only [`retry`](super::retry) can wait for one.
    #[must_use]
    pub fn failed(&mut self, error: &E) -> Option<RetryAgain> {
        const PRICE: f64 = 1.0;
        self.tried.attempts = self.tried.attempts.saturating_add(1);
        let delay = self.tried.pause_after(error, &self.policy, Instant::now(), &mut self.rng)?;
        let payment = match &self.policy.budget {
            Some(budget) => Some(budget.withdraw(PRICE)?),
            None => None,
        };
        self.policy.tell(&Retrying { attempt: self.tried.attempts, error, delay, elapsed: self.started.elapsed() });
        Some(RetryAgain { delay, payment })
    }

    /// An attempt succeeded.
    pub fn succeeded(&self) {
        if let Some(budget) = &self.policy.budget {
            budget.deposit();
        }
    }
}

impl<E> fmt::Debug for RetryRun<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryRun").field("policy", &self.policy).field("tried", &self.tried).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resilience::{RetryBudget, RetryBudgetSettings, WhenEmpty};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_run_by_hand_makes_as_many_attempts_pays_for_each_and_takes_back_what_is_not_begun() {
        let settings = RetryBudgetSettings { cap: 2.0, per_success: 1.0, per_second: 0.0, when_empty: WhenEmpty::Refuse };
        let budget = RetryBudget::new(settings).unwrap();
        let policy = RetryPolicy::new().attempts(9).initial_delay(SECOND).budget(budget.clone());

        let mut run = policy.run();
        let first = run.failed(&0).unwrap();
        assert_eq!((first.delay, budget.tokens()), (SECOND, 1.0));
        first.begin();
        drop(run.failed(&0).unwrap());
        assert_eq!(budget.tokens(), 1.0, "cancelled in the wait");
        run.failed(&0).unwrap().begin();
        assert!(run.failed(&0).is_none(), "the budget is empty");
        run.succeeded();
        assert_eq!(budget.tokens(), 1.0);

        let mut short = RetryPolicy::new().attempts(2).run();
        short.failed(&0).unwrap().begin();
        assert!(short.failed(&0).is_none(), "two attempts, and no third");
    }
}
