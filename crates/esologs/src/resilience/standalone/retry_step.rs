//! The decision after a failed attempt of a caller's own function.

use std::time::Duration;

use fastrand::Rng;
use tokio::time::Instant;

use super::retry_policy::RetryPolicy;
use crate::resilience::Deadline;
use crate::resilience::retry::{ceiling, full_jitter};

/// The attempts of one run so far.
#[derive(Debug)]
pub(super) struct Tried {
    pub(super) attempts: u32,
    /// Step of the exponential backoff; starts anew after a wait that was asked for.
    step: u32,
    deadline: Deadline,
}

impl Tried {
    pub(super) fn new(deadline: Deadline) -> Self {
        Self { attempts: 0, step: 0, deadline }
    }

    /// How long to wait before the next attempt; `None` where there is none.
    pub(super) fn pause_after<E>(&mut self, error: &E, policy: &RetryPolicy<E>, now: Instant, rng: &mut Rng) -> Option<Duration> {
        if self.attempts >= policy.attempts || !policy.repeats(error) {
            return None;
        }
        let computed = if policy.jitter {
            full_jitter(policy.backoff, self.step, Duration::ZERO, rng)
        } else {
            ceiling(policy.backoff, self.step)
        };
        self.step += 1;
        let pause = match policy.hint(error) {
            Some(asked) if asked > policy.max_wait => return None,
            Some(asked) => {
                self.step = 0;
                asked.max(computed).saturating_add(spread(asked, policy.jitter, rng))
            }
            None => computed,
        };
        self.deadline.allows(now, pause).then_some(pause)
    }

    /// The longest wait for an empty budget.
    pub(super) fn most_in_line<E>(&self, policy: &RetryPolicy<E>, now: Instant) -> Duration {
        self.deadline.cut(now, policy.max_wait)
    }
}

/// Up to a fifth more, so that those who were told the same moment do not come in it together.
fn spread(asked: Duration, jitter: bool, rng: &mut Rng) -> Duration {
    if jitter { asked.mul_f64(0.2 * rng.f64()) } else { Duration::ZERO }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// The waits of a function that always fails at once, with no time passing but the waits.
    fn pauses(policy: &RetryPolicy<u32>, errors: impl IntoIterator<Item = u32>) -> Vec<Duration> {
        let (mut now, mut rng) = (Instant::now(), policy.rng());
        let mut tried = Tried::new(Deadline::after(now, policy.deadline));
        let mut pauses = Vec::new();
        for error in errors {
            tried.attempts += 1;
            let Some(pause) = tried.pause_after(&error, policy, now, &mut rng) else { break };
            pauses.push(pause);
            let Some(later) = now.checked_add(pause) else { break };
            now = later;
        }
        pauses
    }

    #[test]
    fn waits_without_jitter_double_up_to_the_cap() {
        let policy = RetryPolicy::new().attempts(6).initial_delay(SECOND).cap(5 * SECOND);
        assert_eq!(pauses(&policy, [0; 9]), [1, 2, 4, 5, 5].map(Duration::from_secs));
    }

    #[test]
    fn waits_with_jitter_spread_between_zero_and_the_doubled_first() {
        for step in 0..3 {
            let waits: Vec<Duration> =
                (0..2000).map(|seed| pauses(&RetryPolicy::new().attempts(9).seed(seed), [0; 9])[step]).collect();
            let ceiling = SECOND * 2_u32.pow(u32::try_from(step).unwrap());
            let mean = waits.iter().sum::<Duration>() / 2000;
            assert!(waits.iter().all(|wait| *wait <= ceiling), "step {step}");
            assert!(mean.abs_diff(ceiling / 2) < ceiling / 20, "step {step}: mean {mean:?} of U(0, {ceiling:?})");
        }
    }

    #[test]
    fn what_is_not_chosen_is_not_repeated() {
        let policy = RetryPolicy::new().attempts(9).initial_delay(SECOND).retry_if(|error| *error < 500);
        assert_eq!(pauses(&policy, [408, 408, 501, 408]).len(), 2);
    }

    #[test]
    fn a_hint_is_never_undercut_and_starts_the_backoff_anew() {
        let hint = |error: &u32| (*error > 0).then(|| Duration::from_secs(u64::from(*error)));
        let exact = RetryPolicy::new().attempts(9).initial_delay(SECOND).retry_after(hint);
        assert_eq!(pauses(&exact, [0, 0, 7, 0, 0]), [1, 2, 7, 1, 2].map(Duration::from_secs));

        let spread: Vec<Duration> =
            (0..200).map(|seed| pauses(&RetryPolicy::new().seed(seed).retry_after(hint), [10])[0]).collect();
        assert!(spread.iter().all(|wait| (10 * SECOND..=12 * SECOND).contains(wait)), "{spread:?}");
        assert!(
            spread.iter().max() > spread.iter().min().map(|least| *least + SECOND).as_ref(),
            "all at the same moment: {spread:?}"
        );
    }

    #[test]
    fn a_hint_beyond_the_longest_wait_ends_it() {
        let policy =
            RetryPolicy::new().retry_after(|error: &u32| Some(Duration::from_secs(u64::from(*error)))).initial_delay(SECOND);
        assert_eq!(pauses(&policy, [60]).len(), 1);
        assert_eq!(pauses(&policy, [61]).len(), 0);
        assert_eq!(pauses(&policy.max_wait(3600 * SECOND), [61]).len(), 1);
    }

    #[test]
    fn no_wait_ends_at_or_after_the_deadline() {
        for (deadline, waits) in [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (7, 2), (8, 3)] {
            let policy = RetryPolicy::new().attempts(9).initial_delay(SECOND).deadline(deadline * SECOND);
            assert_eq!(pauses(&policy, [0; 9]).len(), waits, "deadline of {deadline} s");
        }
    }

    #[test]
    fn settings_at_the_end_of_their_range_do_not_overflow() {
        let endless = RetryPolicy::new().attempts(u32::MAX).cap(Duration::MAX).max_wait(Duration::MAX).deadline(Duration::MAX);
        let asked = endless.clone().retry_after(|_| Some(Duration::MAX));
        for policy in [endless.backoff(Duration::MAX), asked.clone().backoff(SECOND), asked.initial_delay(Duration::MAX)] {
            assert_eq!(pauses(&policy, [0]).len(), 1);
        }
    }
}
