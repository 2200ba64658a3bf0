//! What others spend on the same key without this ledger: what the counter has grown by that no known call explains.

use std::collections::VecDeque;

use super::HOUR_MS;

/// So far back it is looked, in milliseconds: long enough to see lumps as a rate, and soon enough to see that it has changed.
const LOOKED_AT_MS: f64 = 600_000.0;
/// Of less than this nothing is said.
const LEAST_MS: f64 = 60_000.0;

/// What was left unexplained, over the last minutes that were watched.
#[derive(Debug, Default)]
pub(super) struct Unexplained {
    spans: VecDeque<(f64, f64)>,
    all_ms: f64,
}

impl Unexplained {
    /// In so many milliseconds the counter grew by so much more than the calls in them cost.
    pub(super) fn note(&mut self, ms: f64, points: f64) {
        if !(ms > 0.0 && points.is_finite()) {
            return;
        }
        self.spans.push_back((ms, points));
        self.all_ms += ms;
        while let Some((oldest_ms, _)) = self.spans.front().filter(|(oldest_ms, _)| self.all_ms - oldest_ms >= LOOKED_AT_MS) {
            self.all_ms -= oldest_ms;
            self.spans.pop_front();
        }
    }

    /// Points per hour; `None` where too little was watched.
    pub(super) fn per_hour(&self) -> Option<f64> {
        let points: f64 = self.spans.iter().map(|(_, points)| points).sum();
        (self.all_ms >= LEAST_MS).then(|| (points / self.all_ms * HOUR_MS).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_rate_over_the_last_ten_minutes() {
        let mut unexplained = Unexplained::default();
        unexplained.note(59_000.0, 1.0);
        assert_eq!(unexplained.per_hour(), None);
        for _ in 0..20 {
            unexplained.note(60_000.0, 5.0);
        }
        assert_eq!(unexplained.per_hour(), Some(300.0));
        for _ in 0..10 {
            unexplained.note(60_000.0, -0.5);
        }
        assert_eq!(unexplained.per_hour(), Some(0.0), "nobody pays points back");
    }
}
