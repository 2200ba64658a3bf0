//! What the ledger is told once.

use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::units::Points;

/// How the points of a key are shared out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LedgerSettings {
    /// The share of a window's points that is never planned with: 0 to 0.5. Default 0.01.
    pub(crate) safety: f64,
    /// How far the service's counter is behind at most. So long after a call's end its points count as spent, whatever
    /// snapshots say. Default 5 s. Less where windows are short (`Rhythm`).
    pub(crate) settle_lag: Duration,
    /// The share of a window's points that is kept for interactive calls while batch calls wait: 0 to 0.9. It falls to nothing over
    /// the last quarter of the window. Default 0.15.
    pub(crate) reserve_for_interactive: f64,
    /// The most points that this client spends in its life; `None` for no limit but the service's. Default `None`.
    pub(crate) max_points: Option<Points>,
    /// The share of what is left that is planned with while others spend from the same window unseen: above 0, to 1. Set by a
    /// store that has lost sight of the others. Default 1.
    pub(crate) share: f64,
    /// By so much, in milliseconds, moments may seem later than they were, where steps are a while on their way to the store. Default 0.
    pub(crate) on_its_way_ms: i64,
}

impl Default for LedgerSettings {
    fn default() -> Self {
        Self {
            safety: 0.01,
            settle_lag: Duration::from_secs(5),
            reserve_for_interactive: 0.15,
            max_points: None,
            share: 1.0,
            on_its_way_ms: 0,
        }
    }
}

impl LedgerSettings {
    /// Refuses values that cannot be kept to.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let refuse = |why: &str| Err(Error::new(ErrorKind::Usage, format!("points ledger: {why}")));
        if !(0.0..=0.5).contains(&self.safety) {
            return refuse("safety is not between 0 and 0.5");
        }
        if !(0.0..=0.9).contains(&self.reserve_for_interactive) {
            return refuse("reserve_for_interactive is not between 0 and 0.9");
        }
        if self.settle_lag > Duration::from_secs(600) {
            return refuse("settle_lag is longer than 10 minutes; the ledger would hardly ever settle");
        }
        if self.max_points.is_some_and(|most| most.get().is_nan() || most.get() <= 0.0) {
            return refuse("max_points is not above 0; nothing could ever be asked");
        }
        Ok(())
    }

    pub(super) fn lag_ms(&self) -> i64 {
        i64::try_from(self.settle_lag.as_millis()).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_kept_to_is_refused_by_name() {
        let fine = LedgerSettings::default();
        fine.check().unwrap();
        for (settings, name) in [
            (LedgerSettings { safety: 0.6, ..fine }, "safety"),
            (LedgerSettings { safety: f64::NAN, ..fine }, "safety"),
            (LedgerSettings { reserve_for_interactive: 1.0, ..fine }, "reserve_for_interactive"),
            (LedgerSettings { settle_lag: Duration::from_secs(601), ..fine }, "settle_lag"),
            (LedgerSettings { max_points: Some(Points::new(0.0)), ..fine }, "max_points"),
        ] {
            assert!(settings.check().unwrap_err().to_string().contains(name), "{settings:?}");
        }
    }
}
