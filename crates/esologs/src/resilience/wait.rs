//! Waiting, on a machine that may be suspended meanwhile.

use std::time::Duration;

use crate::clock::Clock;

/// How often a long wait looks at the wall clock.
const LOOK: Duration = Duration::from_secs(30);
/// A difference between the two clocks above this is a suspension, not an adjustment of the time.
const JUMP: Duration = Duration::from_secs(30);

/// How a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waited {
    /// Its time has passed.
    Through,
    /// The wall clock jumped ahead: the machine was suspended. The wait is over as soon as its moment is.
    Suspended,
}

/// Waits until `delay` has passed on the wall clock or on the running clock, whichever is first.
///
/// The running clock stands still while the machine is suspended. A wait for a moment ("points come back at 14:00") would
/// last too long by just that, so waits over 30 s look at the wall clock every 30 s.
pub(crate) async fn wait(delay: Duration, clock: &Clock) -> Waited {
    let mut left = delay;
    let mut waited = Waited::Through;
    while left > LOOK {
        let before = clock.now();
        tokio::time::sleep(LOOK).await;
        let passed = clock.now().since(before);
        if passed > LOOK + JUMP {
            waited = Waited::Suspended;
        }
        left = left.saturating_sub(passed.max(LOOK));
    }
    let before = clock.now();
    tokio::time::sleep(left).await;
    if clock.now().since(before) > left + JUMP { Waited::Suspended } else { waited }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use tokio::time::Instant;

    use super::*;
    use crate::units::UnixMillis;

    /// A wall clock that runs with tokio's and can jump ahead by itself.
    fn jumping() -> (Clock, Arc<AtomicI64>) {
        let (started, jumped) = (Instant::now(), Arc::new(AtomicI64::new(0)));
        let ahead = Arc::clone(&jumped);
        let clock =
            Clock::custom(move || UnixMillis::new(1_700_000_000_000 + ahead.load(Ordering::Relaxed)).plus(started.elapsed()));
        (clock, jumped)
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_lasts_as_long_as_it_was_told() {
        let (clock, _) = jumping();
        for seconds in [0, 1, 30, 31, 3600] {
            let started = Instant::now();
            assert_eq!(wait(Duration::from_secs(seconds), &clock).await, Waited::Through);
            assert_eq!(started.elapsed(), Duration::from_secs(seconds));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_machine_that_was_suspended_does_not_wait_the_lost_time_again() {
        let (clock, jumped) = jumping();
        let started = Instant::now();

        let lid = async {
            tokio::time::sleep(Duration::from_secs(100)).await;
            jumped.store(3_600_000, Ordering::Relaxed);
        };
        let (waited, ()) = tokio::join!(wait(Duration::from_secs(1800), &clock), lid);

        assert_eq!(waited, Waited::Suspended);
        assert!(started.elapsed() <= Duration::from_secs(130), "{:?}", started.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_is_set_back_makes_no_wait_longer() {
        let (clock, jumped) = jumping();
        let started = Instant::now();
        jumped.store(-7_200_000, Ordering::Relaxed);

        assert_eq!(wait(Duration::from_secs(300), &clock).await, Waited::Through);

        assert_eq!(started.elapsed(), Duration::from_secs(300));
    }
}
