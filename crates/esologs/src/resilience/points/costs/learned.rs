//! What one shape of call costs, as far as it is learned.

use super::prior::Prior;

/// Prices change: so much of a single call's variance is added to that of the mean with each call, so that the last dozen or two
/// count.
const DRIFT_OF_SPREAD: f64 = 0.003;
/// The same as a share of the price, for those that always cost the same.
const DRIFT_OF_MEAN: f64 = 0.0015;
/// Calls of one shape are taken to differ by so much of their price until they have shown how much it is.
const FIRST_SPREAD: f64 = 0.05;
/// The service tells hundredths: no spread is known to be less than this, in points.
const ROUNDING: f64 = 0.01;
/// A price counts as learned where its deviation is less than this share of it and so many points.
const KNOWN_SHARE: f64 = 0.25;
const KNOWN_POINTS: f64 = 0.25;
/// And where so many calls were seen.
pub(super) const KNOWN_CALLS: u64 = 2;
/// 95 % of calls that scatter as a bell cost less than the mean and so many deviations.
const P95_DEVIATIONS: f64 = 1.645;
/// So much is added for what the past has not shown.
const MARGIN: f64 = 1.2;

/// Mean and scatter of a price, in points and points².
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Learned {
    pub(super) mean: f64,
    /// Variance of the mean: how far off it may be.
    pub(super) uncertainty: f64,
    /// Variance of single calls around it.
    pub(super) spread: f64,
}

impl Learned {
    pub(super) fn guessed(prior: Prior) -> Self {
        Self {
            mean: prior.expected,
            uncertainty: prior.at_most.powi(2),
            spread: (FIRST_SPREAD * prior.expected).powi(2).max(ROUNDING.powi(2)),
        }
    }

    pub(super) fn is_known(&self, calls: u64) -> bool {
        calls >= KNOWN_CALLS && self.is_sure()
    }

    /// Whether the mean may be off by a small share of it only.
    pub(super) fn is_sure(&self) -> bool {
        self.uncertainty.sqrt() <= KNOWN_SHARE * self.mean + KNOWN_POINTS
    }

    /// What is added to the uncertainty with so many calls.
    pub(super) fn drift(&self, calls: f64) -> f64 {
        calls * (DRIFT_OF_SPREAD * self.spread + (DRIFT_OF_MEAN * self.mean).powi(2))
    }

    /// Nobody has asked for so many days.
    pub(super) fn fade(&mut self, days: f64) {
        const A_DAY: f64 = 0.02;
        self.uncertainty += days * (A_DAY * self.mean).powi(2);
    }

    pub(super) fn set_spread(&mut self, spread: f64) {
        self.spread = spread.max(ROUNDING.powi(2));
    }

    /// 95 of 100 calls cost no more.
    pub(super) fn p95(&self) -> f64 {
        self.mean + P95_DEVIATIONS * (self.spread + self.uncertainty).sqrt()
    }

    /// What is set aside for a call.
    pub(super) fn at_most(&self) -> f64 {
        MARGIN * self.p95()
    }
}
