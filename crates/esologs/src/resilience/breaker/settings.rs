//! When a breaker opens, and for how long.

use std::time::Duration;

use crate::error::{Error, ErrorKind};

/// Settings of a [`CircuitBreaker`](super::CircuitBreaker). It opens when either bound is reached: the share of failures in
/// the window, or failures in a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreakerSettings {
    /// Share of failures in the window that opens it, 0 to 1. Default 0.6.
    pub failure_rate: f64,
    /// Attempts that the share is reckoned of at least: of fewer, as many have to fail as of so many. Default 60.
    pub min_attempts: u32,
    /// The stretch of time that is looked at, in ten steps. Default 30 s, batch 2 min.
    pub window: Duration,
    /// Failures in a row that open it. Default 20.
    pub consecutive_failures: u32,
    /// How long it stays open the first time. Default 5 s.
    pub open_for: Duration,
    /// By how much that grows with each failed probe. Default 1.5.
    pub open_growth: f64,
    /// The longest it stays open between two probes. Default 14 s, batch 60 s.
    pub open_cap: Duration,
    /// By which share the time open varies, so that many clients do not probe together. Default 0.2: 20 % up or down.
    pub open_jitter: f64,
    /// How long a probe may take before it counts as failed; never less than the attempt's own time-out. Default 10 s, batch 60 s.
    pub lease: Duration,
    /// How long it must have been closed for the time open to start anew at `open_for`. Default 60 s.
    pub healthy_after: Duration,
}

impl BreakerSettings {
    /// For somebody who waits.
    #[must_use]
    pub const fn interactive() -> Self {
        Self {
            failure_rate: 0.6,
            // Of 40 attempts at 30 % errors 24 fail often enough to open it twice in 100 hours; 36 of 60 hardly ever.
            min_attempts: 60,
            window: Duration::from_secs(30),
            consecutive_failures: 20,
            open_for: Duration::from_secs(5),
            open_growth: 1.5,
            // With the jitter at most 16.8 s: an outage's end is noticed within 15 s in 95 of 100 cases.
            open_cap: Duration::from_secs(14),
            open_jitter: 0.2,
            lease: Duration::from_secs(10),
            healthy_after: Duration::from_secs(60),
        }
    }

    /// For work that waits an outage out: attempts are longer and rarer, and so are probes.
    #[must_use]
    pub const fn batch() -> Self {
        Self {
            window: Duration::from_secs(120),
            open_cap: Duration::from_secs(60),
            lease: Duration::from_secs(60),
            ..Self::interactive()
        }
    }

    /// The same for attempts that may take longer than usual: a window that holds two of them, a lease for one.
    pub(crate) fn for_attempts_of(self, attempt_timeout: Duration) -> Self {
        Self { window: self.window.max(2 * attempt_timeout), lease: self.lease.max(attempt_timeout), ..self }
    }

    /// The plain kind: open after `failures` in a row, for `open_for`, always the same time.
    #[must_use]
    pub const fn after(failures: u32, open_for: Duration) -> Self {
        Self {
            min_attempts: u32::MAX,
            consecutive_failures: failures,
            open_for,
            lease: Duration::from_secs(60),
            open_growth: 1.0,
            open_cap: open_for,
            open_jitter: 0.0,
            ..Self::interactive()
        }
    }

    /// How long it stays open after so many failed probes, before jitter.
    pub(crate) fn open_time_after(&self, failed_probes: u32) -> Duration {
        let growth = self.open_growth.powi(i32::try_from(failed_probes).unwrap_or(i32::MAX));
        Duration::try_from_secs_f64(self.open_for.as_secs_f64() * growth).unwrap_or(Duration::MAX).min(self.open_cap)
    }

    /// Refuses values that contradict each other, or the time-out of an attempt.
    pub(crate) fn check(&self, attempt_timeout: Duration) -> Result<(), Error> {
        let refuse = |why: &str| Err(Error::new(ErrorKind::Usage, format!("breaker: {why}")));
        if !(self.failure_rate > 0.0 && self.failure_rate <= 1.0) {
            return refuse("failure_rate must be above 0 and at most 1");
        }
        if self.min_attempts == 0 || self.consecutive_failures == 0 {
            return refuse("min_attempts and consecutive_failures must be at least 1; 0 would open it without a failure");
        }
        if self.open_for.is_zero() || self.open_cap < self.open_for {
            return refuse("open_for must be above zero, and open_cap at least as long");
        }
        if !(self.open_growth >= 1.0 && self.open_growth.is_finite()) {
            return refuse("open_growth must be 1 or more");
        }
        if !(0.0..1.0).contains(&self.open_jitter) {
            return refuse("open_jitter must be at least 0 and below 1");
        }
        if self.open_cap >= Duration::from_secs(24 * 3600) {
            return refuse("open_cap must be below 24 h: older answers are not served for longer than that");
        }
        if self.window < 2 * attempt_timeout {
            return refuse("window must be at least twice attempt_timeout, or slow failures leave it before they can count");
        }
        if self.lease < attempt_timeout {
            return refuse("lease must be at least attempt_timeout, or a slow probe counts as failed while it still runs");
        }
        Ok(())
    }
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self::interactive()
    }
}
