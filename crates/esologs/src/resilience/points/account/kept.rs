//! What batch calls leave to interactive ones, and when it is so little that a batch call fits.
//!
//! Batch calls may spend a window's points within a minute, so what interactive calls may want in the rest of it has to be kept. People come
//! by chance: in the time that is left they take their part of what they take in a window in the mean, some deviations more, and one call. What
//! is kept falls with that time, so that the last of it is no more than one slow worker can spend at the end.

use super::{Account, HELD_MS, LedgerSettings};

/// Interactive calls find too little where people want more than so many standard deviations above the mean. Of 100,000 of their calls beside
/// eight workers 3 lose 4 to 8, 4 one, 5 none; one slow worker uses 95.8, 95.4 and 95.0 % of a window at least (decision 0036).
const DEVIATIONS: f64 = 4.0;
/// Never more than so many times what is set.
const LARGEST_RESERVE: f64 = 2.0;
/// When a window's end is so near, in milliseconds, interactive calls can wait for the next.
pub(super) const NEARLY_OVER_MS: i64 = 22_000;
/// So many times as long is needed to look how the account stands and to spend what that brings, where many call at once.
const TIME_TO_LOOK: i64 = 3;

impl Account {
    /// What is set, which falls to nothing over the last quarter of the window; or what interactive calls may want in the time that is left,
    /// where that is more.
    pub(super) fn kept_for_interactive(&self, limit: f64, settings: &LedgerSettings, now_ms: i64) -> f64 {
        let set = limit * settings.reserve_for_interactive;
        let Some(end) = self.end.filter(|_| self.length_ms > 0) else {
            return self.may_be_wanted(1.0).clamp(set, LARGEST_RESERVE * set);
        };
        let (quarter_ms, nearly_over_ms) = self.falls_between_ms();
        let left_ms = (end.latest_ms - now_ms).saturating_sub(nearly_over_ms);
        if left_ms <= 0 {
            return 0.0;
        }
        let fallen = set * (left_ms as f64 / (quarter_ms - nearly_over_ms) as f64).min(1.0);
        let wanted = self.may_be_wanted((left_ms as f64 / self.length_ms as f64).min(1.0));
        wanted.clamp(fallen, LARGEST_RESERVE * set)
    }

    /// What interactive calls take at most, but for chance, in this part of a window. The variance of what comes by chance is the mean times
    /// the size of a call, at most that of the largest.
    fn may_be_wanted(&self, part: f64) -> f64 {
        let mean = self.wanted_before.max(self.wanted) * part;
        mean + DEVIATIONS * (mean * self.interactive).sqrt() + self.interactive
    }

    /// In what part of a window they take so little.
    fn wanted_within(&self, points: f64) -> f64 {
        let (largest, wanted) = (self.interactive, self.wanted_before.max(self.wanted));
        if points < largest {
            return 0.0;
        }
        // Solved for the root of the mean.
        let half = DEVIATIONS * largest.sqrt() / 2.0;
        let root = (half * half + points - largest).sqrt() - half;
        if wanted > 0.0 { (root * root / wanted).min(1.0) } else { 1.0 }
    }

    /// When there is room for so much again: at the end of the window, or earlier where what is kept for interactive calls falls far enough.
    pub(super) fn room_again_ms(&self, amount: f64, limit: f64, whole: f64, settings: &LedgerSettings, now_ms: i64) -> i64 {
        let Some(end) = self.end else { return now_ms + HELD_MS };
        let over_ms = end.latest_ms + 1;
        let room = whole - self.spent - amount;
        let set = limit * settings.reserve_for_interactive;
        if room < 0.0 || set <= 0.0 {
            return over_ms;
        }
        let (quarter_ms, nearly_over_ms) = self.falls_between_ms();
        let fallen_ms = if room < set { (quarter_ms - nearly_over_ms) as f64 * (room / set) } else { self.length_ms as f64 };
        let wanted_ms = self.length_ms as f64 * self.wanted_within(room);
        let again_ms = end.latest_ms - nearly_over_ms - fallen_ms.min(wanted_ms) as i64;
        again_ms.clamp(now_ms + 1, over_ms.max(now_ms + 1))
    }

    /// So long before the end what is set begins to fall, and so long before it nothing is kept.
    fn falls_between_ms(&self) -> (i64, i64) {
        let quarter_ms = (self.length_ms / 4).max(2);
        (quarter_ms, NEARLY_OVER_MS.min(quarter_ms / 2))
    }

    /// Whether what is kept falls now, in the last quarter, and still does at that moment: what it leaves by then is had for nothing. Not so
    /// near the end that no time would be left to look, and to spend what that brings.
    pub(super) fn falls_until(&self, at_ms: i64, now_ms: i64) -> bool {
        let (quarter_ms, nearly_over_ms) = self.falls_between_ms();
        let in_time_ms = TIME_TO_LOOK * nearly_over_ms;
        self.end.is_some_and(|end| end.latest_ms - now_ms <= quarter_ms && end.latest_ms - at_ms > in_time_ms)
    }
}

#[cfg(test)]
mod tests;
