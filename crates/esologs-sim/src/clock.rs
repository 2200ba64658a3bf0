//! The simulator's time: tokio's clock, told as wall-clock time.
//!
//! Windows, token lives and live reports all move with [`tokio::time::Instant`], so a test that pauses tokio's clock moves
//! the whole service with it. Nothing else in the server asks for the time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// A wall clock that starts at a chosen moment and runs at the speed of tokio's clock.
#[derive(Debug)]
pub(crate) struct Clock {
    started: Instant,
    start_unix_ms: i64,
    /// By how much it was put on.
    ahead_ms: AtomicU64,
}

impl Clock {
    /// Starts now, calling this moment `start_unix_ms`.
    pub(crate) fn starting_at(start_unix_ms: i64) -> Self {
        Self { started: Instant::now(), start_unix_ms, ahead_ms: AtomicU64::new(0) }
    }

    /// Puts the clock on, while tokio's stands still.
    pub(crate) fn put_on(&self, time: Duration) {
        self.ahead_ms.fetch_add(u64::try_from(time.as_millis()).unwrap_or(0), Ordering::Relaxed);
    }

    /// Time since the simulator was built; what windows are counted in.
    pub(crate) fn elapsed(&self) -> Duration {
        let ahead = Duration::from_millis(self.ahead_ms.load(Ordering::Relaxed));
        Instant::now().saturating_duration_since(self.started) + ahead
    }

    /// The simulated wall clock, milliseconds since 1970.
    pub(crate) fn now_unix_ms(&self) -> i64 {
        let elapsed_ms = i64::try_from(self.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.start_unix_ms.saturating_add(elapsed_ms)
    }
}

/// The machine's wall clock, milliseconds since 1970: where the simulated one starts if nothing else was asked for.
#[expect(clippy::disallowed_methods, reason = "the one place of this crate that asks the machine for wall-clock time")]
pub(crate) fn machine_unix_ms() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}
