//! A Kalman filter over prices and the level that the counter starts from.

use super::learned::Learned;

/// The most prices that are fitted at once, the burn included.
pub(super) const MOST_FITTED: usize = 32;
pub(super) const SIZE: usize = MOST_FITTED + 1;
/// The level that the counter starts from is not known at all: a variance, in points².
pub(super) const UNKNOWN: f64 = 1e8;
/// Readings are exact to about so much: a variance.
pub(super) const ROUNDING: f64 = 1e-4;
/// A reading that is off by more than this, in squared deviations, tells of a charge that nobody knows of: the level has moved.
const MOVED: f64 = 64.0;
/// That counts against whoever assumes it, in squared deviations.
const UNLIKELY: f64 = 20.0;

/// Prices and, as the last, a level, with their covariances.
pub(super) struct Filter {
    pub(super) size: usize,
    pub(super) state: [f64; SIZE],
    pub(super) covariance: [[f64; SIZE]; SIZE],
}

impl Filter {
    pub(super) fn new(guesses: &[Learned], level: f64) -> Self {
        let mut filter = Self { size: guesses.len() + 1, state: [0.0; SIZE], covariance: [[0.0; SIZE]; SIZE] };
        for (at, learned) in guesses.iter().enumerate() {
            filter.state[at] = learned.mean;
            filter.covariance[at][at] = learned.uncertainty;
        }
        filter.state[guesses.len()] = level;
        filter.covariance[guesses.len()][guesses.len()] = UNKNOWN;
        filter
    }

    /// Lets one of them become less certain.
    pub(super) fn loosen(&mut self, at: usize, variance: f64) {
        self.covariance[at][at] += variance;
    }

    /// Takes a reading in: so much of each makes up what was seen. How badly it fits.
    pub(super) fn observe(&mut self, row: &[f64; SIZE], seen: f64, variance: f64) -> f64 {
        let size = self.size;
        let level = size - 1;
        let off_by = seen - (0..size).map(|i| row[i] * self.state[i]).sum::<f64>();
        let mut gain = [0.0; SIZE];
        for (i, gain) in gain.iter_mut().enumerate().take(size) {
            *gain = (0..size).map(|j| self.covariance[i][j] * row[j]).sum();
        }
        let mut total: f64 = (0..size).map(|i| row[i] * gain[i]).sum::<f64>() + variance;
        let mut badness = 0.0;
        if off_by * off_by > MOVED * total {
            badness = UNLIKELY;
            let moved = off_by * off_by - total;
            self.covariance[level][level] += moved;
            gain[level] += moved;
            total += moved;
        }
        for i in 0..size {
            self.state[i] += gain[i] / total * off_by;
            for j in 0..=i {
                let covariance = self.covariance[i][j] - gain[i] * gain[j] / total;
                (self.covariance[i][j], self.covariance[j][i]) = (covariance, covariance);
            }
        }
        badness + off_by * off_by / total + total.ln()
    }
}
