//! Answers that nobody waits for.

use crate::Simulator;

/// Counts the points of an answer as spent for nothing if it is dropped before it was handed over: the client gave up while the
/// answer was delayed.
#[derive(Debug)]
pub(crate) struct Undelivered {
    sim: Simulator,
    cost: f64,
}

impl Undelivered {
    pub(crate) fn new(sim: &Simulator, cost: f64) -> Self {
        Self { sim: sim.clone(), cost }
    }

    /// The answer is on its way.
    pub(crate) fn delivered(mut self) {
        self.cost = 0.0;
    }
}

impl Drop for Undelivered {
    fn drop(&mut self) {
        if self.cost > 0.0 {
            self.sim.state().stats.count_broken(self.cost);
        }
    }
}
