//! What an attempt needs to pass the gate, and why it may not.

use std::time::Duration;

use tokio::time::Instant;

use super::SETTLING;
use crate::resilience::points::{Ask, Price, Refusal, Standing, Why};
use crate::resilience::{Deadline, Priority};

/// What an attempt needs to pass.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Want<'a> {
    pub(crate) operation: &'a str,
    /// Stands for what it costs.
    pub(crate) shape: u64,
    pub(crate) price: Price,
    pub(crate) priority: Priority,
    /// How long it holds what is set aside, at most.
    pub(crate) lease: Duration,
    pub(crate) deadline: Deadline,
    /// The time that an attempt may take once it has its points.
    pub(crate) attempt_timeout: Duration,
    /// The longest wait for new points.
    pub(crate) max_wait: Duration,
    /// It only asks how the account stands, so that others can go on.
    pub(crate) is_probe: bool,
}

impl Want<'_> {
    pub(super) fn ask<'a>(&'a self, owner: &'a str) -> Ask<'a> {
        Ask {
            estimate: self.price.at_most,
            expected: self.price.expected,
            is_guess: !self.price.is_known && !self.is_probe,
            priority: self.priority,
            owner,
            operation: self.operation,
            shape: self.shape,
            lease_ms: i64::try_from(self.lease.as_millis()).unwrap_or(i64::MAX),
            is_probe: self.is_probe,
        }
    }

    /// Whether a whole window has less than it costs, as was learned from such calls. (A guess may be too dear: it goes, with half a window
    /// set aside for it, and shows what it costs.)
    pub(super) fn never_fits(&self, limit: Option<f64>) -> bool {
        self.price.is_known && limit.is_some_and(|limit| self.price.expected > limit)
    }

    /// Whether it waits for this, after it has waited for so long.
    pub(super) fn puts_up_with(&self, short: &Short, waited: Duration) -> bool {
        match (short.why, short.retry_in) {
            (Why::OwnLimit | Why::NeverFits, _) | (_, None) => false,
            // It is worth nothing where no time is left for the attempt, which hardly ever takes all of its own.
            (Why::Spent, Some(retry_in)) => {
                waited + retry_in <= self.max_wait && self.deadline.allows(Instant::now(), retry_in + self.attempt_timeout / 2)
            }
            (Why::OnTheirWay | Why::Unsettled | Why::FirstAnswer, _) => true,
        }
    }

    /// How long it may still stand in line.
    pub(super) fn time_left(&self, entered: Instant) -> Duration {
        let most = self.max_wait.max(SETTLING).saturating_sub(entered.elapsed());
        self.deadline.cut(Instant::now(), most)
    }
}

/// Why an attempt may not pass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Short {
    pub(crate) why: Why,
    /// When it makes sense to come back; `None` where it never does.
    pub(crate) retry_in: Option<Duration>,
    pub(crate) standing: Standing,
}

impl Short {
    pub(super) fn by(refusal: Refusal, standing: Standing) -> Self {
        let retry_in = Duration::from_millis(u64::try_from(refusal.retry_in_ms).unwrap_or(1));
        Self { why: refusal.why, retry_in: Some(retry_in), standing }
    }

    /// The reason, in words for people.
    pub(crate) fn words(&self, want: &Want<'_>) -> String {
        let Standing { limit, spent, kept_for_interactive: kept, .. } = self.standing;
        let (held, at_most) = (self.standing.open(), want.price.at_most);
        match (self.why, limit) {
            (Why::OwnLimit, _) => {
                format!("this client's own limit of points is reached; the call may take {at_most:.0}")
            }
            (Why::NeverFits, _) => {
                let (costs, limit) = (want.price.expected, limit.unwrap_or_default());
                format!("such a call costs about {costs:.0} points, more than the {limit:.0} of a whole hour")
            }
            (Why::Spent, Some(limit)) => {
                let kept = if kept >= 0.5 && want.priority == Priority::Batch {
                    format!(", {kept:.0} of them kept for interactive calls")
                } else {
                    String::new()
                };
                let left = (limit - spent).max(0.0);
                format!("too few points are left: {left:.0} of {limit:.0}{kept}; the call may take {at_most:.0}")
            }
            (Why::Spent, None) => "the points are spent, as the service said a moment ago".to_owned(),
            (Why::FirstAnswer, _) => "the first answer, which tells how many points there are, did not come in time".to_owned(),
            (Why::OnTheirWay | Why::Unsettled, _) => {
                format!("the points that are left are held for other calls ({held:.0}), and none were settled in time")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::Gate;
    use super::*;
    use crate::clock::Clock;
    use crate::resilience::points::{Charge, Finish, Ledger, Snapshot, Step};

    #[tokio::test(start_paused = true)]
    async fn a_call_that_costs_more_than_a_whole_window_ends_at_once_and_one_that_may_is_let_through() {
        let gate = Arc::new(Gate::new(&Ledger::in_memory(), "key", Clock::system(), 1).unwrap());
        let now_ms = gate.now_ms();
        let snapshot = Snapshot { limit: 40.0, spent: 0.0, reset_in_s: 3_000.0, sent_ms: now_ms, received_ms: now_ms };
        let told = Finish { id: 0, charge: Charge::No, snapshot: Some(snapshot), refused: None };
        gate.store.step(Step::Finish(told), &gate.settings, now_ms).await;
        let mut price = Price::PROBE;
        (price.expected, price.at_most, price.is_known) = (60.0, 72.0, true);
        let mut want = Want {
            operation: "Test",
            shape: 0,
            price,
            priority: Priority::Interactive,
            lease: Duration::from_secs(120),
            deadline: Deadline::after(Instant::now(), None),
            attempt_timeout: Duration::from_secs(10),
            max_wait: Duration::ZERO,
            is_probe: false,
        };

        let short = gate.pass(&want).await.unwrap_err();

        assert_eq!(short.why, Why::NeverFits);
        assert_eq!(short.words(&want), "such a call costs about 60 points, more than the 40 of a whole hour");
        assert!(gate.at_once(&want).is_none());
        assert_eq!(gate.look().await.reserved, 0.0, "nothing stays set aside");
        want.price.expected = 40.0;
        assert!(gate.at_once(&want).is_some(), "all that a window has is not more than that");
        want.price.is_known = false;
        assert!(gate.pass(&want).await.unwrap().is_some());
    }
}
