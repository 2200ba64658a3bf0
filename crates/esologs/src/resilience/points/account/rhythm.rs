//! What the windows before tell: how long they are at most, and how soon the service's counter shows a charge. It bounds how long calls
//! stay unsettled where windows are short.

use serde::{Deserialize, Serialize};

use super::{Snapshot, WindowEnd};

/// Calls stay unsettled for no more than this part of a window, or as long as the counter was seen to take.
const PART_OF_A_WINDOW: i64 = 20;
/// Windows that are surely shorter than this, in milliseconds, are those of a test. A counter that is behind by seconds would tell of
/// hardly anything there, so it is not waited for.
const TINY_MS: i64 = 8_000;

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Rhythm {
    /// The running window began at this moment or later; unknown where nobody saw the one before it end.
    since_ms: i64,
    /// No window is longer, by the ends of two that followed each other or lay further apart.
    no_longer_ms: i64,
    /// A charge has shown so soon after a window's beginning that the counter cannot be further behind. Whoever was charged.
    shows_within_ms: i64,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self { since_ms: i64::MIN, no_longer_ms: i64::MAX, shows_within_ms: i64::MAX }
    }
}

impl Rhythm {
    /// A window is over, by the clock.
    pub(super) fn window_over(&mut self, old: WindowEnd) {
        self.since_ms = old.earliest_ms;
    }

    /// It was over before the clock said so; nobody knows since when.
    pub(super) fn window_cut_short(&mut self) {
        self.since_ms = i64::MIN;
    }

    /// A snapshot of the running window, which ends then.
    pub(super) fn hear(&mut self, snapshot: &Snapshot, end: WindowEnd, left_ms: i64) {
        if left_ms > self.no_longer_ms {
            // Another service, or other settings of it.
            self.no_longer_ms = i64::MAX;
        }
        if self.since_ms == i64::MIN {
            return;
        }
        self.no_longer_ms = self.no_longer_ms.min(end.latest_ms.saturating_sub(self.since_ms).max(1));
        if snapshot.spent > 0.0 {
            let shown_ms = snapshot.received_ms.saturating_sub(self.since_ms).max(0);
            self.shows_within_ms = self.shows_within_ms.min(shown_ms);
        }
    }

    /// The longest time to a window's end that was told, as far as windows are not known to be shorter.
    pub(super) fn length_ms(&self, longest_told_ms: i64) -> i64 {
        longest_told_ms.min(self.no_longer_ms)
    }

    /// How far the counter is taken to be behind, where it is so far at most.
    pub(super) fn lag_ms(&self, most_ms: i64) -> i64 {
        let part_ms = self.no_longer_ms / PART_OF_A_WINDOW;
        let is_tiny = self.no_longer_ms < TINY_MS;
        most_ms.min(if is_tiny { part_ms } else { part_ms.max(self.shows_within_ms) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_790_000_000_000;
    const MOST_MS: i64 = 5_000;

    /// After a window that ended just now, a window of this length is told of, with so much spent, so long after its beginning.
    fn heard(length_ms: i64, spent: f64, after_ms: i64) -> Rhythm {
        let mut rhythm = Rhythm::default();
        rhythm.window_over(WindowEnd { earliest_ms: NOW_MS, latest_ms: NOW_MS + 1_000 });
        let end = WindowEnd { earliest_ms: NOW_MS + length_ms, latest_ms: NOW_MS + length_ms + 1_000 };
        let left_ms = length_ms - after_ms;
        let at_ms = NOW_MS + after_ms;
        let snapshot =
            Snapshot { limit: 100.0, spent, reset_in_s: left_ms as f64 / 1e3, sent_ms: at_ms - 100, received_ms: at_ms };
        rhythm.hear(&snapshot, end, left_ms);
        rhythm
    }

    #[test]
    fn the_counter_may_be_as_far_behind_as_is_set_until_the_ends_of_two_windows_are_known() {
        let mut rhythm = Rhythm::default();
        assert_eq!(rhythm.lag_ms(MOST_MS), MOST_MS);

        let end = WindowEnd { earliest_ms: NOW_MS + 2_000, latest_ms: NOW_MS + 3_000 };
        let snapshot = Snapshot { limit: 100.0, spent: 5.0, reset_in_s: 2.0, sent_ms: NOW_MS, received_ms: NOW_MS };
        rhythm.hear(&snapshot, end, 2_000);

        assert_eq!(rhythm.lag_ms(MOST_MS), MOST_MS, "the first window was joined somewhere in its middle");
    }

    #[test]
    fn in_windows_of_an_hour_what_is_set_holds_however_soon_a_charge_shows() {
        assert_eq!(heard(3_600_000, 5.0, 100).lag_ms(MOST_MS), MOST_MS);
    }

    #[test]
    fn in_short_windows_the_counter_is_no_further_behind_than_a_charge_took_to_show() {
        assert_eq!(heard(10_000, 5.0, 1_500).lag_ms(MOST_MS), 1_500);
        assert_eq!(heard(10_000, 5.0, 200).lag_ms(MOST_MS), 550, "but by a twentieth of the window, for all that is known");
        assert_eq!(heard(10_000, 0.0, 1_500).lag_ms(MOST_MS), MOST_MS, "nothing has shown");
        assert_eq!(heard(10_000, 5.0, 7_000).lag_ms(MOST_MS), MOST_MS);
    }

    #[test]
    fn in_tiny_windows_it_is_not_waited_for() {
        assert_eq!(heard(3_000, 0.0, 100).lag_ms(MOST_MS), 200);
        assert_eq!(heard(3_000, 0.0, 100).lag_ms(50), 50, "nor longer than is set");
        assert_eq!(heard(6_999, 5.0, 1_500).lag_ms(MOST_MS), 399, "of 7,999 ms at most");
        assert_eq!(heard(7_000, 5.0, 1_500).lag_ms(MOST_MS), 1_500, "of 8,000 ms it is");
    }

    #[test]
    fn longer_windows_than_were_known_are_believed() {
        let mut rhythm = heard(3_000, 5.0, 100);
        rhythm.window_cut_short();

        let end = WindowEnd { earliest_ms: NOW_MS + 60_000, latest_ms: NOW_MS + 61_000 };
        let snapshot = Snapshot { limit: 100.0, spent: 5.0, reset_in_s: 60.0, sent_ms: NOW_MS, received_ms: NOW_MS };
        rhythm.hear(&snapshot, end, 60_000);

        assert_eq!(rhythm.length_ms(60_000), 60_000);
        assert_eq!(rhythm.lag_ms(MOST_MS), MOST_MS);
    }

    #[test]
    fn a_length_that_was_told_of_longer_windows_is_forgotten() {
        assert_eq!(heard(10_000, 5.0, 100).length_ms(3_600_000), 11_000);
    }
}
