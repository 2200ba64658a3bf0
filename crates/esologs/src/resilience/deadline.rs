//! The moment at which a call ends in any case.

use std::time::Duration;

use tokio::time::Instant;

/// The end of a call, as a moment: every wait below reads what is left.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    pub(crate) fn after(start: Instant, total: Option<Duration>) -> Self {
        // A sum beyond the clock's range is no bound.
        Self(total.and_then(|total| start.checked_add(total)))
    }

    /// What is left at `now`; `None` where there is no deadline.
    pub(crate) fn remaining(self, now: Instant) -> Option<Duration> {
        self.0.map(|end| end.saturating_duration_since(now))
    }

    /// Whether a wait of `delay` from `now` ends before it.
    pub(crate) fn allows(self, now: Instant, delay: Duration) -> bool {
        self.remaining(now).is_none_or(|remaining| delay < remaining)
    }

    /// `limit`, or what is left where that is less.
    pub(crate) fn cut(self, now: Instant, limit: Duration) -> Duration {
        self.remaining(now).map_or(limit, |remaining| remaining.min(limit))
    }
}
