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
    watch: Watch,
}

/// Where calls come fast and their prices are known, they are watched now and then only: what is learned from each call takes
/// longer than the rest of what happens around it.
#[derive(Debug, Default)]
struct Watch {
    since_ms: i64,
    calls: u32,
    rests_until_ms: i64,
}

impl Watch {
    /// So many calls of known prices within a rest's time are enough.
    const CALLS: u32 = 200;
    const REST_MS: i64 = 10_000;

    /// Whether this call is watched; and whether it is the first after a rest.
    fn call(&mut self, is_known: bool, now_ms: i64) -> Watched {
        let rests = now_ms < self.rests_until_ms && self.rests_until_ms <= now_ms + Self::REST_MS;
        if rests && is_known {
            return Watched::No;
        }
        let begins = self.rests_until_ms != 0;
        if begins || now_ms - self.since_ms > Self::REST_MS || now_ms < self.since_ms {
            *self = Self { since_ms: now_ms, calls: 0, rests_until_ms: 0 };
        }
        self.calls += u32::from(is_known);
        if self.calls >= Self::CALLS {
            self.rests_until_ms = now_ms + Self::REST_MS;
        }
        if begins { Watched::Anew } else { Watched::Yes }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Watched {
    Yes,
    /// What came before it was not seen.
    Anew,
    No,
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
    pub(super) fn sent(&self, shape: &Shape<'_>, others: Option<f64>, now_ms: i64) -> Option<Sent> {
        let mut state = lock(&self.0);
        let State { costs, watch, .. } = &mut *state;
        match watch.call(costs.estimate(shape).is_learned, now_ms) {
            Watched::No => return None,
            Watched::Anew => costs.let_go(),
            Watched::Yes => {}
        }
        Some(costs.sent(shape, others, now_ms))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_that_come_at_a_human_pace_are_all_watched() {
        let mut watch = Watch::default();
        for call in 0..1_000 {
            assert_eq!(watch.call(true, call * 200), Watched::Yes, "five a second");
        }
    }

    #[test]
    fn of_calls_that_come_fast_a_few_are_watched_and_those_of_unknown_price_always() {
        let mut watch = Watch::default();
        let watched = (0..100_000).filter(|call| watch.call(true, call / 10) != Watched::No).count();
        assert_eq!(watched, Watch::CALLS as usize, "in ten seconds");
        assert_eq!(watch.call(false, 10_000), Watched::Anew);
        let mut watch = Watch { rests_until_ms: 10_000, ..Watch::default() };
        assert_eq!(watch.call(true, 9_999), Watched::No);
        assert_eq!(watch.call(true, 10_000), Watched::Anew);
        assert_eq!(watch.call(true, 10_001), Watched::Yes);
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_make_the_rest_last() {
        let mut watch = Watch { rests_until_ms: 1_000_000, ..Watch::default() };
        assert_eq!(watch.call(true, 5_000), Watched::Anew);
    }
}
