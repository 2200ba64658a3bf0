//! Counts of the last seconds: a ring of ten buckets whose sum is kept, so that reading and writing cost the same however
//! much happened.

use std::time::Duration;

use tokio::time::Instant;

const BUCKETS: usize = 10;

/// Attempts of a stretch of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) successes: u32,
    pub(crate) failures: u32,
}

impl Counts {
    pub(crate) fn attempts(self) -> u32 {
        self.successes.saturating_add(self.failures)
    }

    fn minus(self, other: Self) -> Self {
        Self { successes: self.successes.saturating_sub(other.successes), failures: self.failures.saturating_sub(other.failures) }
    }
}

/// The attempts of the last `window`, to a tenth of it.
#[derive(Debug)]
pub(crate) struct Window {
    origin: Instant,
    bucket_nanos: u64,
    /// Number of the newest bucket, counted from the origin.
    newest: u64,
    /// When the next one begins: until then nothing has to be reckoned.
    next_begins: Instant,
    buckets: [Counts; BUCKETS],
    total: Counts,
}

impl Window {
    pub(crate) fn new(window: Duration, now: Instant) -> Self {
        let nanos = u64::try_from(window.as_nanos()).unwrap_or(u64::MAX);
        let bucket_nanos = (nanos / BUCKETS as u64).max(1);
        Self {
            origin: now,
            bucket_nanos,
            newest: 0,
            next_begins: now + Duration::from_nanos(bucket_nanos),
            buckets: [Counts::default(); BUCKETS],
            total: Counts::default(),
        }
    }

    /// Counts an attempt that ended now, and tells the sum.
    pub(crate) fn record(&mut self, succeeded: bool, now: Instant) -> Counts {
        self.advance(now);
        let bucket = &mut self.buckets[(self.newest % BUCKETS as u64) as usize];
        for counts in [bucket, &mut self.total] {
            let count = if succeeded { &mut counts.successes } else { &mut counts.failures };
            *count = count.saturating_add(1);
        }
        self.total
    }

    pub(crate) fn clear(&mut self) {
        self.buckets = [Counts::default(); BUCKETS];
        self.total = Counts::default();
    }

    /// Empties the buckets between the newest and that of `now`: at most ten, however long nothing happened.
    fn advance(&mut self, now: Instant) {
        if now < self.next_begins {
            return;
        }
        let since = now.saturating_duration_since(self.origin);
        let tick = u64::try_from(since.as_nanos()).unwrap_or(u64::MAX) / self.bucket_nanos;
        if tick <= self.newest {
            return;
        }
        if tick - self.newest >= BUCKETS as u64 {
            self.clear();
        } else {
            for passed in self.newest + 1..=tick {
                let bucket = &mut self.buckets[(passed % BUCKETS as u64) as usize];
                self.total = self.total.minus(std::mem::take(bucket));
            }
        }
        self.newest = tick;
        self.next_begins = self.origin + Duration::from_nanos(self.bucket_nanos.saturating_mul(tick + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_holds_what_happened_within_the_window_and_nothing_older() {
        let start = Instant::now();
        let mut window = Window::new(Duration::from_secs(30), start);
        let mut rng = fastrand::Rng::with_seed(5);
        let mut happened: Vec<(u64, bool)> = Vec::new();
        let mut at_ms = 0;
        for _ in 0..20_000 {
            // Mostly close together, now and then a long pause.
            at_ms += if rng.u32(..200) == 0 { rng.u64(..100_000) } else { rng.u64(..900) };
            let succeeded = rng.bool();
            happened.push((at_ms, succeeded));

            let counts = window.record(succeeded, start + Duration::from_millis(at_ms));

            let oldest_bucket = (at_ms / 3_000).saturating_sub(9) * 3_000;
            let inside = happened.iter().rev().take_while(|(at, _)| *at >= oldest_bucket);
            let (mut successes, mut failures) = (0, 0);
            inside.for_each(|(_, succeeded)| if *succeeded { successes += 1 } else { failures += 1 });
            assert_eq!(counts, Counts { successes, failures });
        }
    }

    #[test]
    fn an_attempt_at_the_first_moment_of_a_tenth_belongs_to_it() {
        let start = Instant::now();
        let mut window = Window::new(Duration::from_secs(10), start);
        let at = |ms| start + Duration::from_millis(ms);

        window.record(false, at(999));
        window.record(false, at(1_000));

        assert_eq!(window.record(true, at(9_999)).failures, 2);
        assert_eq!(window.record(true, at(10_000)).failures, 1, "the first tenth is over");
        assert_eq!(window.record(true, at(10_999)).failures, 1);
        assert_eq!(window.record(true, at(11_000)), Counts { successes: 4, failures: 0 });
    }

    #[test]
    fn after_any_pause_of_a_whole_window_nothing_is_left_and_counting_goes_on() {
        let start = Instant::now();
        for pause in [10_000, 10_001, 25_000, 1_000_000_000] {
            let mut window = Window::new(Duration::from_secs(10), start);
            window.record(false, start);

            assert_eq!(window.record(true, start + Duration::from_millis(pause)).failures, 0, "after {pause} ms");
            let sum = window.record(true, start + Duration::from_millis(pause + 1_000));
            assert_eq!(sum, Counts { successes: 2, failures: 0 });
        }
    }
}
