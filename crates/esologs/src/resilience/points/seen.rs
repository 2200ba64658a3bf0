//! What the answers say of the points budget. (It is only watched here; nothing waits for it yet.)

use std::time::Duration;

use tokio::time::Instant;

use crate::api::RateLimitData;
use crate::units::Points;

/// What the answers so far have said of the points budget.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PointsSeen {
    /// Growth of the service's counter between this client's first and last answer. The cost of the first answer, and what
    /// other programs on the same key spent, cannot be told apart from the outside.
    pub spent_by_us_about: Points,
    /// The last snapshot.
    pub last: RateLimitData,
}

/// Adds up the snapshots. They can lag, and come out of order: a delayed answer brings an old one.
#[derive(Debug, Default)]
pub(crate) struct PointsMeter {
    seen: Option<(PointsSeen, Instant)>,
}

/// A window's end, reckoned from a delayed answer, seems later by the delay. So an end that moved is a new window only where
/// the old one is over, or where it moved by more than any answer takes.
const LONGEST_DELAY_S: f64 = 65.0;
/// `pointsResetIn` is in whole seconds; each end is exact to one.
const ROUNDING_S: f64 = 2.0;

impl PointsMeter {
    pub(crate) fn record(&mut self, snapshot: &RateLimitData, now: Instant) {
        let total = match &self.seen {
            None => 0.0,
            Some((seen, at)) => {
                let (before, after) = (seen.last.points_spent_this_hour.get(), snapshot.points_spent_this_hour.get());
                let left = seen.last.points_reset_in - now.duration_since(*at).as_secs_f64();
                let moved = snapshot.points_reset_in - left;
                let is_new_window = moved > LONGEST_DELAY_S || (moved > ROUNDING_S && left < ROUNDING_S);
                if !is_new_window && after < before {
                    return;
                }
                seen.spent_by_us_about.get() + if is_new_window { after } else { after - before }
            }
        };
        self.seen = Some((PointsSeen { spent_by_us_about: Points::new(total), last: *snapshot }, now));
    }

    pub(crate) fn seen(&self) -> Option<PointsSeen> {
        self.seen.map(|(seen, _)| seen)
    }

    /// How long until new points come, where the last snapshot is of a window that still runs.
    pub(crate) fn window_left(&self, now: Instant) -> Option<Duration> {
        let (seen, at) = self.seen.as_ref()?;
        let left = seen.last.points_reset_in - now.duration_since(*at).as_secs_f64();
        (left > 0.0).then(|| Duration::from_secs_f64(left))
    }

    /// The same, where that snapshot says that the points are spent.
    pub(crate) fn spent_until(&self, now: Instant) -> Option<Duration> {
        let (seen, _) = self.seen.as_ref()?;
        self.window_left(now).filter(|_| seen.last.points_left().get() <= 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(spent: f64, reset_in: f64) -> RateLimitData {
        serde_json::from_value(serde_json::json!({
            "limitPerHour": 100, "pointsSpentThisHour": spent, "pointsResetIn": reset_in
        }))
        .unwrap()
    }

    fn total(snapshots: &[(f64, f64, u64)]) -> f64 {
        let (start, mut meter) = (Instant::now(), PointsMeter::default());
        for (spent, reset_in, at) in snapshots {
            meter.record(&snapshot(*spent, *reset_in), start + Duration::from_secs(*at));
        }
        meter.seen().unwrap().spent_by_us_about.get()
    }

    #[test]
    fn spending_is_the_growth_between_snapshots() {
        assert_eq!(total(&[(10.0, 600.0, 0), (15.5, 590.0, 10), (20.0, 580.0, 20)]), 10.0);
    }

    #[test]
    fn a_new_window_starts_from_zero_and_a_late_snapshot_changes_nothing() {
        assert_eq!(total(&[(90.0, 10.0, 0), (3.0, 3590.0, 20)]), 3.0);
        assert_eq!(total(&[(10.0, 600.0, 0), (20.0, 590.0, 10), (15.0, 591.0, 11), (21.0, 588.0, 12)]), 11.0);
        assert_eq!(total(&[(9.0, 2.0, 0), (4.0, 9.0, 3), (5.0, 8.0, 4)]), 5.0, "a window of 10 s");
    }

    #[test]
    fn spent_points_are_known_until_the_window_ends() {
        let (start, mut meter) = (Instant::now(), PointsMeter::default());
        meter.record(&snapshot(100.0, 60.0), start);
        assert_eq!(meter.spent_until(start + Duration::from_secs(20)), Some(Duration::from_secs(40)));
        assert_eq!(meter.spent_until(start + Duration::from_secs(61)), None);
    }
}
