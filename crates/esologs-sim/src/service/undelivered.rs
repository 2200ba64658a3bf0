//! Answers that nobody waits for.

use crate::Simulator;

/// Counts the points of an answer as spent for nothing if it is dropped before it was handed over: the client gave up while the
/// answer was delayed.
pub(super) struct Undelivered<'s> {
    sim: &'s Simulator,
    cost: f64,
}

impl<'s> Undelivered<'s> {
    pub(super) fn new(sim: &'s Simulator, cost: f64) -> Self {
        Self { sim, cost }
    }

    /// The answer is on its way.
    pub(super) fn delivered(mut self) {
        self.cost = 0.0;
    }
}

impl Drop for Undelivered<'_> {
    fn drop(&mut self) {
        if self.cost > 0.0 {
            self.sim.state().stats.count_broken(self.cost);
        }
    }
}
