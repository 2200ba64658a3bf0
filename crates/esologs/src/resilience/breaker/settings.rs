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

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn each_setting_is_taken_up_to_its_bound_and_refused_by_its_name_beyond_it() {
        let usual = BreakerSettings::interactive();
        let day = Duration::from_secs(86_400);
        let attempt = 10 * SECOND;
        for (name, taken, refused) in [
            (
                "failure_rate must be above 0 and at most 1",
                vec![BreakerSettings { failure_rate: 1e-9, ..usual }, BreakerSettings { failure_rate: 1.0, ..usual }],
                vec![
                    BreakerSettings { failure_rate: 0.0, ..usual },
                    BreakerSettings { failure_rate: -0.1, ..usual },
                    BreakerSettings { failure_rate: 1.1, ..usual },
                    BreakerSettings { failure_rate: f64::NAN, ..usual },
                ],
            ),
            (
                "min_attempts and consecutive_failures must be at least 1",
                vec![BreakerSettings { min_attempts: 1, consecutive_failures: 1, ..usual }],
                vec![BreakerSettings { min_attempts: 0, ..usual }, BreakerSettings { consecutive_failures: 0, ..usual }],
            ),
            (
                "open_for must be above zero, and open_cap at least as long",
                vec![BreakerSettings { open_cap: usual.open_for, ..usual }],
                vec![
                    BreakerSettings { open_for: Duration::ZERO, ..usual },
                    BreakerSettings { open_cap: usual.open_for - Duration::from_nanos(1), ..usual },
                ],
            ),
            (
                "open_growth must be 1 or more",
                vec![BreakerSettings { open_growth: 1.0, ..usual }],
                vec![
                    BreakerSettings { open_growth: 0.99, ..usual },
                    BreakerSettings { open_growth: f64::INFINITY, ..usual },
                    BreakerSettings { open_growth: f64::NAN, ..usual },
                ],
            ),
            (
                "open_jitter must be at least 0 and below 1",
                vec![BreakerSettings { open_jitter: 0.0, ..usual }, BreakerSettings { open_jitter: 0.99, ..usual }],
                vec![BreakerSettings { open_jitter: -0.1, ..usual }, BreakerSettings { open_jitter: 1.0, ..usual }],
            ),
            (
                "open_cap must be below 24 h",
                vec![BreakerSettings { open_cap: day - SECOND, ..usual }],
                vec![BreakerSettings { open_cap: day, ..usual }, BreakerSettings { open_cap: 2 * day, ..usual }],
            ),
            (
                "window must be at least twice attempt_timeout",
                vec![BreakerSettings { window: 2 * attempt, ..usual }],
                vec![BreakerSettings { window: 2 * attempt - SECOND, ..usual }, BreakerSettings { window: SECOND, ..usual }],
            ),
            (
                "lease must be at least attempt_timeout",
                vec![BreakerSettings { lease: attempt, ..usual }],
                vec![BreakerSettings { lease: attempt - SECOND, ..usual }],
            ),
        ] {
            for settings in taken {
                assert!(settings.check(attempt).is_ok(), "{name}: {settings:?}");
            }
            for settings in refused {
                let error = settings.check(attempt).expect_err(name);
                assert!(error.to_string().starts_with(&format!("breaker: {name}")), "{name}: {error}");
            }
        }
    }

    #[test]
    fn batch_looks_farther_back_probes_more_rarely_and_gives_a_probe_longer() {
        let batch = BreakerSettings::batch();

        assert_eq!((batch.window, batch.open_cap, batch.lease), (120 * SECOND, 60 * SECOND, 60 * SECOND));
        let rest = BreakerSettings { window: 30 * SECOND, open_cap: 14 * SECOND, lease: 10 * SECOND, ..batch };
        assert_eq!(rest, BreakerSettings::interactive());
    }

    #[test]
    fn the_plain_kind_counts_failures_in_a_row_and_nothing_else() {
        let plain = BreakerSettings::after(3, 7 * SECOND);

        assert_eq!((plain.consecutive_failures, plain.min_attempts, plain.lease), (3, u32::MAX, 60 * SECOND));
        assert_eq!([0, 1, 9].map(|probes| plain.open_time_after(probes)), [7 * SECOND; 3], "always the same time");
        assert_eq!((plain.open_growth, plain.open_jitter), (1.0, 0.0));
        assert_eq!(BreakerSettings::after(3, 20 * SECOND).open_time_after(0), 20 * SECOND, "also beyond the usual cap");
        assert!(plain.check(10 * SECOND).is_ok());
    }

    #[test]
    fn longer_attempts_lengthen_window_and_lease_and_shorter_ones_change_nothing() {
        let usual = BreakerSettings::interactive();

        let fitted = usual.for_attempts_of(40 * SECOND);
        assert_eq!(fitted, BreakerSettings { window: 80 * SECOND, lease: 40 * SECOND, ..usual });
        assert_eq!(usual.for_attempts_of(SECOND), usual);
    }

    #[test]
    fn the_time_open_grows_by_half_with_each_failed_probe_up_to_its_cap() {
        let usual = BreakerSettings::interactive();

        let times = [0, 1, 2, 3, u32::MAX].map(|probes| usual.open_time_after(probes).as_secs_f64());

        assert_eq!(times, [5.0, 7.5, 11.25, 14.0, 14.0]);
    }
}
