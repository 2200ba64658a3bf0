//! Points per window: a fixed window counted down by `pointsResetIn`, fractional costs, refusal once all are spent.

use std::collections::VecDeque;
use std::time::Duration;

use super::CostModel;

/// How the service counts points.
#[derive(Debug, Clone, PartialEq)]
pub struct PointsSettings {
    /// Points of one window, told as `limitPerHour`. Default 18,000 (seen with ESO keys).
    pub limit: u32,
    /// Length of the window. Default one hour; over TCP a shorter one makes waiting observable.
    pub window: Duration,
    /// What a request costs. Default [`CostModel::Complexity`].
    pub cost_model: CostModel,
    /// How far `pointsSpentThisHour` is behind: charges younger than this are not told yet. Default zero.
    pub snapshot_lag: Duration,
    /// Whether `rateLimitData` already holds the cost of the query that asks for it. Default `true`.
    pub snapshot_includes_own_query: bool,
}

impl Default for PointsSettings {
    fn default() -> Self {
        Self {
            limit: 18_000,
            window: Duration::from_secs(3_600),
            cost_model: CostModel::default(),
            snapshot_lag: Duration::ZERO,
            snapshot_includes_own_query: true,
        }
    }
}

/// What `rateLimitData` tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PointsSnapshot {
    pub(crate) limit: u32,
    pub(crate) spent: f64,
    /// Seconds until the window ends, rounded up, so that nobody comes back early.
    pub(crate) reset_in_s: u64,
}

/// The account of one API key.
#[derive(Debug)]
pub(crate) struct PointsLedger {
    settings: PointsSettings,
    window_index: u128,
    spent: f64,
    /// Charges of this window that a lagging snapshot does not show yet, oldest first.
    unseen: VecDeque<(Duration, f64)>,
}

impl PointsLedger {
    pub(crate) fn new(settings: PointsSettings) -> Self {
        Self { settings, window_index: 0, spent: 0.0, unseen: VecDeque::new() }
    }

    /// Changes the limit at once, as the service did for a key in use (9,000 to 18,000 within one session).
    pub(crate) fn set_limit(&mut self, limit: u32) {
        self.settings.limit = limit;
    }

    pub(crate) fn snapshot(&mut self, now: Duration) -> PointsSnapshot {
        self.roll(now);
        let unseen: f64 = self.unseen.iter().map(|(_, cost)| cost).sum();
        PointsSnapshot {
            limit: self.settings.limit,
            spent: round_to_cents((self.spent - unseen).max(0.0)),
            reset_in_s: self.reset_in_s(now),
        }
    }

    /// Whether a request may run: yes while anything is left, however much it will cost, so that spent points can pass the
    /// limit. Otherwise the seconds until the window ends.
    pub(crate) fn admit(&mut self, now: Duration) -> Result<(), u64> {
        self.roll(now);
        if self.spent < f64::from(self.settings.limit) { Ok(()) } else { Err(self.reset_in_s(now)) }
    }

    pub(crate) fn charge(&mut self, now: Duration, cost: f64) {
        self.roll(now);
        self.spent += cost;
        if !self.settings.snapshot_lag.is_zero() {
            self.unseen.push_back((now, cost));
        }
    }

    /// Starts a new window when the old one is over, and forgets charges that snapshots show by now.
    fn roll(&mut self, now: Duration) {
        let index = now.as_millis() / self.window_ms();
        if index != self.window_index {
            self.window_index = index;
            self.spent = 0.0;
            self.unseen.clear();
        }
        while let Some((at, _)) = self.unseen.front() {
            if now.saturating_sub(*at) < self.settings.snapshot_lag {
                break;
            }
            self.unseen.pop_front();
        }
    }

    fn reset_in_s(&self, now: Duration) -> u64 {
        let left_ms = self.window_ms() - now.as_millis() % self.window_ms();
        u64::try_from(left_ms.div_ceil(1_000)).unwrap_or(u64::MAX)
    }

    fn window_ms(&self) -> u128 {
        self.settings.window.as_millis().max(1)
    }
}

/// The service tells hundredths ("9058.65").
fn round_to_cents(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(limit: u32, lag_s: u64) -> PointsLedger {
        PointsLedger::new(PointsSettings {
            limit,
            window: Duration::from_secs(10),
            snapshot_lag: Duration::from_secs(lag_s),
            ..PointsSettings::default()
        })
    }

    #[test]
    fn the_last_request_may_pass_the_limit_and_the_next_is_refused_until_the_window_ends() {
        let mut ledger = ledger(5, 0);
        ledger.charge(Duration::from_secs(1), 4.9);
        assert_eq!(ledger.admit(Duration::from_secs(1)), Ok(()));
        ledger.charge(Duration::from_secs(1), 4.25);

        assert_eq!(ledger.admit(Duration::from_millis(2_500)), Err(8));
        assert_eq!(ledger.snapshot(Duration::from_secs(2)).spent, 9.15);
        assert_eq!(ledger.admit(Duration::from_secs(10)), Ok(()));
        assert_eq!(ledger.snapshot(Duration::from_secs(10)).spent, 0.0);
    }

    #[test]
    fn a_lagging_snapshot_leaves_out_young_charges_but_the_gate_does_not() {
        let mut ledger = ledger(5, 2);
        ledger.charge(Duration::from_secs(1), 6.0);
        assert_eq!(ledger.snapshot(Duration::from_secs(2)).spent, 0.0);
        assert!(ledger.admit(Duration::from_secs(2)).is_err());
        assert_eq!(ledger.snapshot(Duration::from_secs(3)).spent, 6.0);
    }
}
