//! Points of calls that are over, but that no snapshot is sure to hold yet.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// Amounts of one moment are added up; so long is a moment, in milliseconds.
const MOMENT_MS: i64 = 250;
/// The most moments kept; beyond that the two oldest become one, at the later's time.
const MAX_MOMENTS: usize = 64;

/// What was left open at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Moment {
    /// The latest end of a call in it.
    at_ms: i64,
    /// Of calls that have their answer.
    settling: f64,
    /// Of attempts that failed where the service may have charged them all the same.
    ambiguous: f64,
}

/// Amounts that wait for a snapshot that is sure to hold them, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Unsettled {
    moments: VecDeque<Moment>,
    settling: f64,
    ambiguous: f64,
}

impl Unsettled {
    pub(crate) fn settling(&self) -> f64 {
        self.settling
    }

    pub(crate) fn ambiguous(&self) -> f64 {
        self.ambiguous
    }

    pub(crate) fn total(&self) -> f64 {
        self.settling + self.ambiguous
    }

    pub(crate) fn add_settling(&mut self, now_ms: i64, points: f64) {
        self.settling += points;
        self.moment(now_ms).settling += points;
    }

    pub(crate) fn add_ambiguous(&mut self, now_ms: i64, points: f64) {
        self.ambiguous += points;
        self.moment(now_ms).ambiguous += points;
    }

    fn moment(&mut self, now_ms: i64) -> &mut Moment {
        let is_new = self.moments.back().is_none_or(|last| last.at_ms.div_euclid(MOMENT_MS) != now_ms.div_euclid(MOMENT_MS));
        if is_new {
            if self.moments.len() == MAX_MOMENTS
                && let Some(oldest) = self.moments.pop_front()
                && let Some(next) = self.moments.front_mut()
            {
                next.settling += oldest.settling;
                next.ambiguous += oldest.ambiguous;
                // A clock that was set back may have left the order.
                next.at_ms = next.at_ms.max(oldest.at_ms);
            }
            self.moments.push_back(Moment { at_ms: now_ms, settling: 0.0, ambiguous: 0.0 });
        }
        let last = self.moments.len() - 1;
        let moment = &mut self.moments[last];
        moment.at_ms = moment.at_ms.max(now_ms);
        moment
    }

    /// Forgets what ended at this moment or before it: a snapshot holds it.
    pub(crate) fn forget_until(&mut self, until_ms: i64) {
        if self.moments.front().is_none_or(|oldest| oldest.at_ms > until_ms) {
            return;
        }
        self.moments.retain(|moment| moment.at_ms > until_ms);
        // Added up anew, so that rounding does not add up over years.
        self.settling = self.moments.iter().map(|moment| moment.settling).sum();
        self.ambiguous = self.moments.iter().map(|moment| moment.ambiguous).sum();
    }

    /// Moments that lie ahead are now: the clock was set back.
    pub(crate) fn not_after(&mut self, now_ms: i64) {
        if self.moments.back().is_some_and(|last| last.at_ms > now_ms) {
            for moment in &mut self.moments {
                moment.at_ms = moment.at_ms.min(now_ms);
            }
        }
    }

    /// What ended at this moment or after it: settling and ambiguous.
    #[cfg(feature = "redis")]
    pub(crate) fn since(&self, from_ms: i64) -> (f64, f64) {
        let later = self.moments.iter().filter(|moment| moment.at_ms >= from_ms);
        later.fold((0.0, 0.0), |(settling, ambiguous), moment| (settling + moment.settling, ambiguous + moment.ambiguous))
    }

    /// When the last of these calls ended.
    pub(crate) fn newest_ms(&self) -> Option<i64> {
        self.moments.back().map(|last| last.at_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_wait_until_they_are_forgotten_the_oldest_first() {
        let mut unsettled = Unsettled::default();
        unsettled.add_settling(1_000, 3.0);
        unsettled.add_ambiguous(2_000, 4.0);
        unsettled.add_settling(3_000, 5.0);
        assert_eq!((unsettled.settling(), unsettled.ambiguous()), (8.0, 4.0));
        assert_eq!(unsettled.newest_ms(), Some(3_000));

        unsettled.forget_until(2_000);

        assert_eq!((unsettled.settling(), unsettled.ambiguous()), (5.0, 0.0));
        unsettled.forget_until(2_999);
        assert_eq!(unsettled.total(), 5.0);
    }

    #[test]
    fn amounts_of_one_moment_wait_for_its_last() {
        let mut unsettled = Unsettled::default();
        unsettled.add_settling(1_000, 1.0);
        unsettled.add_settling(1_200, 1.0);
        unsettled.forget_until(1_100);
        assert_eq!(unsettled.total(), 2.0);
        unsettled.forget_until(1_200);
        assert_eq!(unsettled.total(), 0.0);
    }

    #[test]
    fn nothing_is_lost_where_there_are_more_moments_than_are_kept() {
        let mut unsettled = Unsettled::default();
        for moment in 0..1_000 {
            unsettled.add_settling(moment * 1_000, 1.0);
        }
        assert_eq!(unsettled.moments.len(), MAX_MOMENTS);
        assert_eq!(unsettled.total(), 1_000.0);
        unsettled.forget_until(999_000);
        assert_eq!(unsettled.total(), 0.0);
    }

    #[test]
    fn a_moment_is_a_quarter_of_a_second_and_lasts_until_its_last_call() {
        let mut unsettled = Unsettled::default();
        unsettled.add_ambiguous(1_249, 1.0);
        unsettled.add_ambiguous(1_250, 2.0);

        unsettled.forget_until(1_248);
        assert_eq!(unsettled.total(), 3.0);
        unsettled.forget_until(1_249);

        assert_eq!((unsettled.settling(), unsettled.ambiguous()), (0.0, 2.0));
        assert_eq!(unsettled.newest_ms(), Some(1_250));
    }

    #[test]
    fn where_there_are_too_many_moments_the_two_oldest_wait_for_the_later_of_them() {
        let mut unsettled = Unsettled::default();
        for moment in 0..=MAX_MOMENTS as i64 {
            unsettled.add_settling(moment * 1_000, 1.0);
            unsettled.add_ambiguous(moment * 1_000, 1.0);
        }

        unsettled.forget_until(999);
        assert_eq!(unsettled.settling(), MAX_MOMENTS as f64 + 1.0);
        unsettled.forget_until(1_000);

        assert_eq!((unsettled.settling(), unsettled.ambiguous()), (MAX_MOMENTS as f64 - 1.0, MAX_MOMENTS as f64 - 1.0));
    }

    #[test]
    fn what_lies_ahead_of_a_clock_that_was_set_back_is_now_and_the_rest_stays() {
        let mut unsettled = Unsettled::default();
        unsettled.add_settling(1_000, 1.0);
        unsettled.add_settling(9_000, 2.0);

        unsettled.not_after(9_000);
        assert_eq!(unsettled.newest_ms(), Some(9_000));
        unsettled.not_after(5_000);

        assert_eq!(unsettled.newest_ms(), Some(5_000));
        unsettled.forget_until(1_000);
        assert_eq!(unsettled.total(), 2.0);
    }

    #[cfg(feature = "redis")]
    #[test]
    fn what_ended_at_a_moment_or_after_it_is_told_apart() {
        let mut unsettled = Unsettled::default();
        unsettled.add_settling(1_000, 1.0);
        unsettled.add_ambiguous(2_000, 2.0);
        unsettled.add_settling(3_000, 4.0);

        assert_eq!(unsettled.since(0), (5.0, 2.0));
        assert_eq!(unsettled.since(2_000), (4.0, 2.0));
        assert_eq!(unsettled.since(2_001), (4.0, 0.0));
        for moment in 4..=MAX_MOMENTS as i64 + 3 {
            unsettled.add_ambiguous(moment * 1_000, 1.0);
            assert_eq!(unsettled.since(0), (5.0, moment as f64 - 1.0), "also where the oldest are one");
        }
    }
}
