//! The only place that asks for wall-clock time.
//!
//! Everything that waits uses `tokio::time`, which tests can pause. Wall-clock time is needed where a moment is told to a
//! person (`retry_at`), compared with the API's dates (is a report 24 hours old?) or read from an HTTP date.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use tokio::time::Instant;

use crate::units::UnixMillis;

/// Source of wall-clock time.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    Virtual { base: UnixMillis, started: Instant },
    Custom(Arc<dyn Fn() -> UnixMillis + Send + Sync>),
}

impl Clock {
    /// The clock of this machine.
    #[must_use]
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that shows `base` now and moves with tokio's time, so that it stands still where a test has paused it.
    #[must_use]
    pub fn starting_at(base: UnixMillis) -> Self {
        Self(Source::Virtual { base, started: Instant::now() })
    }

    /// A clock of one's own, for instance one that a test lets jump as the clock of a suspended machine does.
    #[must_use]
    pub fn custom(now: impl Fn() -> UnixMillis + Send + Sync + 'static) -> Self {
        Self(Source::Custom(Arc::new(now)))
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> UnixMillis {
        match &self.0 {
            Source::System => system_now(),
            Source::Virtual { base, started } => base.plus(started.elapsed()),
            Source::Custom(now) => now(),
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where wall-clock time is read")]
fn system_now() -> UnixMillis {
    match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => UnixMillis::new(0).plus(since),
        Err(before) => UnixMillis::new(-i64::try_from(before.duration().as_millis()).unwrap_or(i64::MAX)),
    }
}
