//! What calls are expected to cost, learned from what they did: the costs of this process, and those that are kept.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use super::Standing;
use super::account::PROBE_POINTS;
use super::costs::{Costs, Ended, Sent, Shape};
use super::store::lock;

/// What a call is expected to cost, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Price {
    /// In the mean.
    pub(crate) expected: f64,
    /// At most, as far as is known: this much is set aside.
    pub(crate) at_most: f64,
    /// It was learned from such calls, not guessed.
    pub(super) is_known: bool,
}

impl Price {
    /// Of the question for a snapshot alone.
    pub(crate) const PROBE: Self = Self { expected: PROBE_POINTS, at_most: PROBE_POINTS, is_known: false };
}

/// The prices that a client knows.
#[derive(Debug, Default)]
pub(crate) struct Prices {
    state: Mutex<State>,
    /// Until then calls of known prices are not watched.
    rests_until_ms: AtomicI64,
}

#[derive(Debug, Default)]
struct State {
    costs: Costs,
    /// What this client has set aside and not given back, at the price expected in the mean, since it began; where others use the
    /// same ledger.
    booked: f64,
    watch: Watch,
}

/// Where calls come fast, they are watched now and then only: what is learned from each call takes longer than the rest of what
/// happens around it.
#[derive(Debug, Default)]
struct Watch {
    since_ms: i64,
    /// Calls watched since then, and those of known prices among them since the last rest.
    all: u32,
    known: u32,
    rests_until_ms: i64,
}

impl Watch {
    /// So many calls of known prices within a rest's time are enough, and so many of whatever price.
    const KNOWN: u32 = 200;
    const ALL: u32 = 400;
    const REST_MS: i64 = 10_000;

    /// Whether it is still the time to rest; it is not where the clock was set back.
    fn rests(until_ms: i64, now_ms: i64) -> bool {
        now_ms < until_ms && until_ms <= now_ms + Self::REST_MS
    }

    /// Whether this call is watched; and whether it is the first after a rest. One of unknown price ends a rest.
    fn call(&mut self, is_known: bool, now_ms: i64) -> Watched {
        if now_ms - self.since_ms > Self::REST_MS || now_ms < self.since_ms {
            (self.since_ms, self.all, self.known) = (now_ms, 0, 0);
        }
        if Self::rests(self.rests_until_ms, now_ms) && (is_known || self.all >= Self::ALL) {
            return Watched::No;
        }
        let begins = self.rests_until_ms != 0;
        if begins {
            (self.known, self.rests_until_ms) = (0, 0);
        }
        self.all += 1;
        self.known += u32::from(is_known);
        if self.known >= Self::KNOWN || self.all >= Self::ALL {
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
        let estimate = lock(&self.state).costs.estimate(shape);
        Price { expected: estimate.expected, at_most: estimate.at_most, is_known: estimate.is_learned }
    }

    /// So much was set aside, or given back, at the price expected; what the ledger knows of beyond that is of others: how much
    /// that is in all.
    pub(super) fn book(&self, expected: f64, standing: &Standing) -> f64 {
        let mut state = lock(&self.state);
        state.booked += expected;
        standing.booked - state.booked
    }

    /// A request of this price goes out.
    pub(super) fn sent(&self, shape: &Shape<'_>, price: &Price, others: Option<f64>, now_ms: i64) -> Option<Sent> {
        if price.is_known && Watch::rests(self.rests_until_ms.load(Ordering::Relaxed), now_ms) {
            return None;
        }
        let mut state = lock(&self.state);
        let State { costs, watch, .. } = &mut *state;
        let watched = watch.call(price.is_known, now_ms);
        self.rests_until_ms.store(watch.rests_until_ms, Ordering::Relaxed);
        match watched {
            Watched::No => return None,
            Watched::Anew => costs.let_go(),
            Watched::Yes => {}
        }
        Some(costs.sent(shape, others, now_ms))
    }

    /// A request that is watched is over.
    pub(super) fn ended(&self, sent: Sent, ended: &Ended, others: Option<f64>) {
        lock(&self.state).costs.ended(sent, ended, others);
    }

    pub(super) fn with<R>(&self, ask: impl FnOnce(&mut Costs) -> R) -> R {
        ask(&mut lock(&self.state).costs)
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
        assert_eq!(watched, Watch::KNOWN as usize, "in ten seconds");
        assert_eq!(watch.call(false, 10_000), Watched::Anew);
        let mut watch = Watch { rests_until_ms: 10_000, ..Watch::default() };
        assert_eq!(watch.call(true, 9_999), Watched::No);
        assert_eq!(watch.call(true, 10_000), Watched::Anew);
        assert_eq!(watch.call(true, 10_001), Watched::Yes);
    }

    #[test]
    fn prices_that_never_come_to_be_known_do_not_keep_it_at_work() {
        let mut watch = Watch::default();
        let watched = (0..100_000).filter(|call| watch.call(call % 50 != 0, call / 10) != Watched::No).count();
        assert_eq!(watched, Watch::ALL as usize, "in ten seconds");
        assert_eq!(watch.call(false, 20_000), Watched::Anew, "and then again");
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_make_the_rest_last() {
        let mut watch = Watch { rests_until_ms: 1_000_000, ..Watch::default() };
        assert_eq!(watch.call(true, 5_000), Watched::Anew);
    }
}
