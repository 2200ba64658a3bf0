//! The window that the service counts points in: when it ends, as far as that can be known.

use serde::{Deserialize, Serialize};

use super::Snapshot;

/// `pointsResetIn` is in whole seconds, rounded we do not know which way.
pub(super) const ROUNDING_MS: i64 = 1_000;
/// A snapshot that took longer than this to arrive does not sharpen what is known of the end.
const PROMPT_MS: i64 = 5_000;

/// The window ends between these two moments, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct WindowEnd {
    pub(crate) earliest_ms: i64,
    pub(crate) latest_ms: i64,
}

/// How a snapshot stands to the window that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    /// It tells of this window.
    Same,
    /// It tells of a later one.
    Later,
    /// It tells of one that is over; it was long on its way.
    Earlier,
}

impl WindowEnd {
    /// What one snapshot says: it was taken at some moment between sending and receiving.
    pub(crate) fn told_by(snapshot: &Snapshot) -> Self {
        // Years are far beyond any window and far from the end of the range.
        const LONGEST_MS: f64 = 1e12;
        let left_ms = (snapshot.reset_in_s * 1_000.0).clamp(0.0, LONGEST_MS) as i64;
        Self { earliest_ms: snapshot.sent_ms + left_ms - ROUNDING_MS, latest_ms: snapshot.received_ms + left_ms + ROUNDING_MS }
    }

    pub(crate) fn relation(&self, told: &Self) -> Relation {
        if told.earliest_ms > self.latest_ms {
            Relation::Later
        } else if told.latest_ms < self.earliest_ms {
            Relation::Earlier
        } else {
            Relation::Same
        }
    }

    /// What both know together. Two that were rounded differently narrow the end down to less than a second.
    pub(crate) fn sharpened_by(&self, told: &Self) -> Self {
        if told.latest_ms - told.earliest_ms > PROMPT_MS + 2 * ROUNDING_MS {
            return *self;
        }
        Self { earliest_ms: self.earliest_ms.max(told.earliest_ms), latest_ms: self.latest_ms.min(told.latest_ms) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(sent_ms: i64, received_ms: i64, reset_in_s: f64) -> Snapshot {
        Snapshot { limit: 100.0, spent: 0.0, reset_in_s, sent_ms, received_ms }
    }

    #[test]
    fn the_end_lies_within_what_sending_receiving_and_rounding_allow() {
        let end = WindowEnd::told_by(&snapshot(10_000, 10_200, 60.0));
        assert_eq!(end, WindowEnd { earliest_ms: 69_000, latest_ms: 71_200 });
    }

    #[test]
    fn snapshots_of_one_window_narrow_its_end_down_and_a_slow_one_does_not() {
        let first = WindowEnd::told_by(&snapshot(0, 100, 60.0));
        let second = WindowEnd::told_by(&snapshot(900, 1_000, 59.0));
        assert_eq!(first.relation(&second), Relation::Same);
        assert_eq!(first.sharpened_by(&second), WindowEnd { earliest_ms: 59_000, latest_ms: 61_000 }.sharpened_by(&first));

        let slow = WindowEnd::told_by(&snapshot(0, 30_000, 60.0));
        assert_eq!(first.sharpened_by(&slow), first);
    }

    #[test]
    fn a_moved_end_is_another_window() {
        let known = WindowEnd::told_by(&snapshot(0, 100, 10.0));
        assert_eq!(known.relation(&WindowEnd::told_by(&snapshot(11_000, 11_100, 9.0))), Relation::Later);
        assert_eq!(known.relation(&WindowEnd::told_by(&snapshot(-20_000, -19_900, 5.0))), Relation::Earlier);
    }

    #[test]
    fn nonsense_in_a_snapshot_does_not_overflow() {
        for reset_in_s in [f64::NAN, f64::INFINITY, -5.0, 1e300] {
            let end = WindowEnd::told_by(&snapshot(1_790_000_000_000, 1_790_000_000_100, reset_in_s));
            assert!(end.earliest_ms <= end.latest_ms);
        }
    }

    #[test]
    fn an_end_within_what_is_known_is_of_the_same_window_and_one_beyond_it_by_a_millisecond_is_not() {
        let known = WindowEnd { earliest_ms: 10_000, latest_ms: 12_000 };
        let relation = |earliest_ms, latest_ms| known.relation(&WindowEnd { earliest_ms, latest_ms });

        assert_eq!((relation(12_000, 14_000), relation(12_001, 14_000)), (Relation::Same, Relation::Later));
        assert_eq!((relation(8_000, 10_000), relation(8_000, 9_999)), (Relation::Same, Relation::Earlier));
    }

    #[test]
    fn an_answer_of_five_seconds_narrows_the_end_down_and_a_slower_one_does_not() {
        let known = WindowEnd { earliest_ms: 0, latest_ms: 20_000 };

        let prompt = WindowEnd::told_by(&snapshot(0, 5_000, 10.0));
        let slow = WindowEnd::told_by(&snapshot(0, 5_001, 10.0));

        assert_eq!(known.sharpened_by(&prompt), WindowEnd { earliest_ms: 9_000, latest_ms: 16_000 });
        assert_eq!(known.sharpened_by(&slow), known);
    }
}
