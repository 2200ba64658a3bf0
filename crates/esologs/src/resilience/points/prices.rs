//! What calls are expected to cost, learned from what they did: the costs of this process, and those that are kept.

use std::sync::Mutex;

use super::account::PROBE_POINTS;
use super::costs::{Costs, Ended, Sent, Shape};
use super::store::lock;
use super::{Charge, Standing};

/// What a call is expected to cost, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Price {
    /// In the mean.
    pub(crate) expected: f64,
    /// At most, as far as is known: this much is set aside.
    pub(crate) at_most: f64,
}

impl Price {
    /// Of the question for a snapshot alone.
    pub(crate) const PROBE: Self = Self { expected: PROBE_POINTS, at_most: PROBE_POINTS };
}

/// The prices that a client knows.
#[derive(Debug, Default)]
pub(crate) struct Prices(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    costs: Costs,
    /// What this client has set aside and not given back, at the price expected in the mean, since it began.
    booked: f64,
}

impl Prices {
    pub(super) fn of(&self, shape: &Shape<'_>) -> Price {
        let estimate = lock(&self.0).costs.estimate(shape);
        Price { expected: estimate.expected, at_most: estimate.at_most }
    }

    /// So much was set aside at the price expected; what others on the ledger have set aside is the rest.
    pub(super) fn book(&self, expected: f64) {
        lock(&self.0).booked += expected;
    }

    /// A request goes out.
    pub(super) fn sent(&self, shape: &Shape<'_>, others: Option<f64>, now_ms: i64) -> Sent {
        lock(&self.0).costs.sent(shape, others, now_ms)
    }

    /// A request is over.
    pub(super) fn ended(&self, sent: Option<Sent>, expected: f64, ended: &Ended, others: Option<f64>) {
        let mut state = lock(&self.0);
        if ended.charge == Charge::No {
            state.booked -= expected;
        }
        if let Some(sent) = sent {
            state.costs.ended(sent, ended, others);
        }
    }

    /// What others on the same ledger have set aside in all.
    pub(super) fn others(&self, standing: &Standing) -> f64 {
        standing.booked - lock(&self.0).booked
    }

    pub(super) fn with<R>(&self, ask: impl FnOnce(&mut Costs) -> R) -> R {
        ask(&mut lock(&self.0).costs)
    }
}
