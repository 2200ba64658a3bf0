//! Exponential backoff with full jitter.

use std::time::Duration;

use fastrand::Rng;

use crate::config::Backoff;

/// A wait between zero and `min(cap, base * 2^step)`, never below `floor`. Full jitter spreads clients that failed together
/// better than a jitter of some percent around a fixed wait.
pub(crate) fn full_jitter(backoff: Backoff, step: u32, floor: Duration, rng: &mut Rng) -> Duration {
    ceiling(backoff, step).mul_f64(rng.f64()).max(floor)
}

/// The upper end of the wait before repeat `step` (from 0), which doubles up to the cap.
pub(crate) fn ceiling(backoff: Backoff, step: u32) -> Duration {
    backoff.base.saturating_mul(2_u32.saturating_pow(step)).min(backoff.cap)
}

/// The least wait after failed connect number `step` (from 0): 300, 600, then 1200 ms, and up to a quarter more by chance. A
/// program that is being restarted refuses connections for about a second, which no number of quick tries gets through.
pub(crate) fn after_failed_connect(step: u32, rng: &mut Rng) -> Duration {
    Duration::from_millis(300 << step.min(2)).mul_f64(1.0 + 0.25 * rng.f64())
}

/// The waits of the token task: two short ones, so that it tries three times in a row.
#[derive(Debug)]
pub(crate) struct TokenBackoff {
    step: u32,
    tries: u32,
}

impl TokenBackoff {
    const BACKOFF: Backoff = Backoff { base: Duration::from_millis(500), cap: Duration::from_secs(5) };

    pub(crate) fn new(tries: u32) -> Self {
        Self { step: 0, tries }
    }

    /// The wait before the next try; `None` where there is none left.
    pub(crate) fn next(&mut self, rng: &mut Rng) -> Option<Duration> {
        self.step += 1;
        (self.step < self.tries).then(|| {
            let floor = after_failed_connect(self.step - 1, rng);
            full_jitter(Self::BACKOFF, self.step - 1, floor, rng)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff { base: Duration::from_millis(200), cap: Duration::from_secs(20) };

    #[test]
    fn a_wait_lies_between_the_floor_and_the_doubling_ceiling() {
        let mut rng = Rng::with_seed(7);
        for step in 0..40 {
            let ceiling = Duration::from_millis(200).saturating_mul(2_u32.saturating_pow(step)).min(BACKOFF.cap);
            for _ in 0..200 {
                let wait = full_jitter(BACKOFF, step, Duration::from_millis(50), &mut rng);
                assert!((Duration::from_millis(50)..=ceiling).contains(&wait), "step {step}: {wait:?}");
            }
        }
    }

    #[test]
    fn waits_spread_over_the_whole_range() {
        let mut rng = Rng::with_seed(7);
        let waits: Vec<f64> = (0..1000).map(|_| full_jitter(BACKOFF, 3, Duration::ZERO, &mut rng).as_secs_f64()).collect();
        let mean = waits.iter().sum::<f64>() / 1000.0;
        assert!((mean - 0.8).abs() < 0.05, "mean of U(0, 1.6 s) is 0.8 s, got {mean}");
    }

    #[test]
    fn four_attempts_get_through_a_second_without_a_listener() {
        for seed in 0..1000 {
            let mut rng = Rng::with_seed(seed);
            let waits: Duration = (0..3).map(|step| after_failed_connect(step, &mut rng)).sum();
            assert!(waits >= Duration::from_millis(2_100), "seed {seed}: {waits:?}");
            assert!(after_failed_connect(40, &mut rng) <= Duration::from_millis(1_500));
        }
    }

    #[test]
    fn the_token_task_tries_as_often_as_it_is_told() {
        let mut rng = Rng::with_seed(1);
        let mut three = TokenBackoff::new(3);
        assert!(three.next(&mut rng).is_some() && three.next(&mut rng).is_some() && three.next(&mut rng).is_none());
        assert!(TokenBackoff::new(1).next(&mut rng).is_none());
    }

    #[test]
    fn the_token_task_waits_up_to_half_a_second_and_then_up_to_a_whole() {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for seed in 0..500 {
            let (mut rng, mut backoff) = (Rng::with_seed(seed), TokenBackoff::new(3));
            first.extend(backoff.next(&mut rng));
            second.extend(backoff.next(&mut rng));
        }
        first.sort();
        second.sort();
        let ms = Duration::from_millis;
        assert!(
            (ms(300)..ms(310)).contains(&first[0]) && (ms(490)..=ms(500)).contains(&first[499]),
            "{:?} {:?}",
            first[0],
            first[499]
        );
        assert!(
            (ms(600)..ms(620)).contains(&second[0]) && (ms(980)..=ms(1_000)).contains(&second[499]),
            "{:?} {:?}",
            second[0],
            second[499]
        );
    }
}
