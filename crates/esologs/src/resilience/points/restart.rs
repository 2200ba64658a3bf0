//! The start of a window: batch calls that waited for it do not all come in its first second. Interactive ones do.

use std::time::Duration;

use fastrand::Rng;
use tokio::time::Instant;

/// Those who waited are let through over a time between these, in seconds; spec/resilience 1.4.
const SHORTEST_S: f64 = 2.0;
const LONGEST_S: f64 = 5.0;
/// Where windows are short, over no more than this share of one.
const LARGEST_SHARE: f64 = 0.05;

/// Paces those who were held back until new points came.
#[derive(Debug)]
pub(crate) struct Restart {
    rng: Rng,
    /// How many were held back, and over how long they are let through.
    held: Option<(usize, Duration)>,
    /// When the next may pass, and until when that matters.
    next: Option<(Instant, Duration, Instant)>,
}

impl Restart {
    pub(crate) fn new(seed: u64) -> Self {
        Self { rng: Rng::with_seed(seed), held: None, next: None }
    }

    /// So many wait for new points, in a window of this length.
    pub(crate) fn hold(&mut self, waiting: usize, length_ms: Option<i64>) {
        let most_s = length_ms.map_or(LONGEST_S, |length_ms| LARGEST_SHARE * length_ms as f64 / 1_000.0);
        let spread_s = (SHORTEST_S + (LONGEST_S - SHORTEST_S) * self.rng.f64()).min(most_s);
        self.held = Some((waiting.max(1), Duration::from_secs_f64(spread_s)));
    }

    /// How long the next in line waits for the one before it.
    pub(crate) fn gap(&mut self, now: Instant) -> Duration {
        match self.next {
            Some((at, _, until)) if now < until => at.saturating_duration_since(now),
            _ => Duration::ZERO,
        }
    }

    /// Somebody has passed: the first after a hold begins the pace.
    pub(crate) fn passed(&mut self, now: Instant) {
        if let Some((waiting, spread)) = self.held.take() {
            let gap = spread / u32::try_from(waiting).unwrap_or(u32::MAX);
            self.next = Some((now + gap, gap, now + spread));
        } else if let Some((at, gap, until)) = self.next {
            self.next = (now < until).then_some((at.max(now) + gap, gap, until));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn those_who_waited_are_let_through_over_2_to_5_seconds() {
        let mut longest = 0.0_f64;
        for seed in 0..50 {
            let (mut restart, start) = (Restart::new(seed), Instant::now());
            restart.hold(20, Some(3_600_000));

            let mut now = start;
            for _ in 0..20 {
                now += restart.gap(now);
                restart.passed(now);
            }

            let took = (now - start).as_secs_f64();
            assert!((SHORTEST_S * 0.95 - 0.01..=LONGEST_S).contains(&took), "{took}");
            longest = longest.max(took);
            assert_eq!(restart.gap(start + Duration::from_secs(6)), Duration::ZERO, "and then as they come");
        }
        assert!(longest > 4.4, "{longest}");
    }

    #[tokio::test(start_paused = true)]
    async fn in_a_short_window_they_are_let_through_sooner_and_nobody_waits_where_nobody_was_held_back() {
        let (mut restart, now) = (Restart::new(1), Instant::now());
        restart.passed(now);
        assert_eq!(restart.gap(now), Duration::ZERO);

        restart.hold(2, Some(10_000));
        restart.passed(now);

        assert_eq!(restart.gap(now), Duration::from_millis(250));
    }

    #[tokio::test(start_paused = true)]
    async fn when_the_time_for_it_is_over_nobody_waits_for_the_one_before() {
        let (mut restart, start) = (Restart::new(1), Instant::now());
        restart.hold(1, Some(20_000));
        restart.passed(start);
        let spread = restart.gap(start);
        restart.passed(start + spread / 2);

        assert_eq!(restart.gap(start + spread / 2), spread + spread / 2);
        assert_eq!(restart.gap(start + spread), Duration::ZERO);
    }
}
