//! What an account is asked, what it is told, and what it answers.

use super::window::{ROUNDING_MS, WindowEnd};
use crate::resilience::Priority;

/// One attempt asks for points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    /// What it costs at most, as far as is known: this much is set aside.
    pub(crate) estimate: f64,
    /// What such a call costs in the mean.
    pub(crate) expected: f64,
    /// That is a guess: no such call has told yet.
    pub(crate) is_guess: bool,
    pub(crate) priority: Priority,
    /// Who asks, for the account of who spent what.
    pub(crate) owner: &'a str,
    pub(crate) operation: &'a str,
    /// Stands for what it costs, where others on the account learn from it.
    pub(crate) shape: u64,
    /// After so long its owner must be taken for dead.
    pub(crate) lease_ms: i64,
    /// It is the question that settles the account itself, so it is let through.
    pub(crate) is_probe: bool,
}

/// Whether the service has charged for an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charge {
    /// Nothing was sent, or the service does not charge for such an answer.
    No,
    /// The answer is there.
    Yes,
    /// It failed where the service may have charged for it all the same.
    Maybe,
}

/// Why nothing was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// What is left of the window is too little, whatever becomes of calls on their way.
    Spent,
    /// Calls on their way may need what is left.
    OnTheirWay,
    /// Calls that are over may have cost what is left: a snapshot tells.
    Unsettled,
    /// Nothing is known before the first answer.
    FirstAnswer,
    /// This client's own limit of points is reached.
    OwnLimit,
    /// Such a call costs more than a whole window has.
    NeverFits,
}

/// Nothing was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) why: Why,
    /// When it makes sense to ask again, if nothing happens before.
    pub(crate) retry_in_ms: i64,
}

/// What one answer said of the budget, and when it was asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Snapshot {
    pub(crate) limit: f64,
    pub(crate) spent: f64,
    pub(crate) reset_in_s: f64,
    pub(crate) sent_ms: i64,
    pub(crate) received_ms: i64,
}

/// How an account stands at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Standing {
    pub(crate) window: u64,
    pub(crate) limit: Option<f64>,
    pub(crate) spent: f64,
    pub(crate) reserved: f64,
    pub(crate) settling: f64,
    pub(crate) ambiguous: f64,
    pub(crate) kept_for_interactive: f64,
    pub(crate) calls_on_their_way: usize,
    pub(crate) end_ms: Option<i64>,
    pub(crate) length_ms: Option<i64>,
    /// From when on a snapshot holds all that is over.
    pub(crate) settles_ms: Option<i64>,
    pub(crate) closed_until_ms: Option<i64>,
    pub(crate) is_passive: bool,
    pub(crate) grown: f64,
}

impl Standing {
    /// Set aside for calls that are over, but whose charge no snapshot is sure to hold yet.
    pub(crate) fn unsettled(&self) -> f64 {
        self.settling + self.ambiguous
    }

    /// All that may be charged yet.
    pub(crate) fn open(&self) -> f64 {
        self.reserved + self.unsettled()
    }
}

/// How an account stands after an attempt, as far as it is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Settled {
    pub(crate) window: u64,
    pub(crate) limit: Option<f64>,
    pub(crate) spent: f64,
    pub(crate) reserved: f64,
    pub(crate) unsettled: f64,
    pub(crate) end_ms: Option<i64>,
}

impl Settled {
    /// The number of the window that the attempt's answer told of. Where that was long on its way, it is the one before.
    pub(crate) fn window_of(&self, snapshot: Option<&Snapshot>) -> u64 {
        // Of all that was told of the running window its end is the earliest; clocks of others may be off by a little.
        let is_running =
            |snapshot| self.end_ms.is_some_and(|end_ms| WindowEnd::told_by(snapshot).latest_ms + ROUNDING_MS >= end_ms);
        let is_over = snapshot.is_some_and(|snapshot| !is_running(snapshot));
        self.window.saturating_sub(u64::from(is_over))
    }
}

impl From<Standing> for Settled {
    fn from(standing: Standing) -> Self {
        let Standing { window, limit, spent, reserved, end_ms, .. } = standing;
        Self { window, limit, spent, reserved, unsettled: standing.unsettled(), end_ms }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_was_long_on_its_way_tells_of_the_window_before() {
        let now_ms = 1_790_000_000_000;
        let settled = |end_ms| Settled { window: 3, limit: Some(100.0), spent: 5.0, reserved: 0.0, unsettled: 0.0, end_ms };
        let told = |reset_in_s| Snapshot { limit: 100.0, spent: 90.0, reset_in_s, sent_ms: now_ms - 300, received_ms: now_ms };
        let running = settled(Some(now_ms + 20_000));

        let windows = [19.0, 20.0, 18.0, 1.0].map(|reset_in_s| running.window_of(Some(&told(reset_in_s))));

        assert_eq!(windows, [3, 3, 3, 2]);
        assert_eq!(running.window_of(None), 3);
        assert_eq!(settled(None).window_of(Some(&told(1.0))), 2, "of the running one nothing was told yet");
    }
}
