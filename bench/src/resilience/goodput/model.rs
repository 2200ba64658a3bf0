//! What interactive calls can reach: a model of its own, without a line of the client, from the rules as they are written
//! (attempts, the most repeats of a class, deadline, retry budget). Faults are given, so only the jitter is chance.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Fault, fails};
use crate::resilience::world::LATENCY;

const DEADLINE: f64 = 30.0;
const ATTEMPT: f64 = 10.0;
const ATTEMPTS: u32 = 4;
const BUDGET: f64 = 20.0;
const PER_SUCCESS: f64 = 0.3;
const PER_SECOND: f64 = 1.0 / 30.0;

/// What all calls together came to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Reached {
    pub(crate) successes: f64,
    pub(crate) attempts: f64,
}

struct Call {
    began: f64,
    attempts: u32,
}

struct Budget {
    tokens: f64,
    at: f64,
}

impl Budget {
    fn add(&mut self, amount: f64, now: f64) {
        self.tokens = (self.tokens + (now - self.at) * PER_SECOND).min(BUDGET);
        self.tokens = (self.tokens + amount).min(BUDGET);
        self.at = now;
    }

    fn take(&mut self, price: f64, now: f64) -> bool {
        self.add(0.0, now);
        let enough = self.tokens >= price;
        if enough {
            self.tokens -= price;
        }
        enough
    }
}

/// Moments in nanoseconds, so that they have an order; then what happens: an attempt of a call begins or ends.
type Next = BinaryHeap<Reverse<(u64, bool, u32)>>;

/// Lets all calls run, each begun at its moment.
pub(crate) fn interactive(moments: &[f64], fault: Fault, share: f64, faults: u64, jitter: u64) -> Reached {
    let mut rng = fastrand::Rng::with_seed(jitter);
    let mut calls: Vec<Call> = moments.iter().map(|began| Call { began: *began, attempts: 0 }).collect();
    let mut next: Next = (0..).zip(moments).map(|(call, began)| Reverse((nanos(*began), BEGINS, call))).collect();
    let (mut reached, mut budget) = (Reached::default(), Budget { tokens: BUDGET, at: 0.0 });
    while let Some(Reverse((at, what, number))) = next.pop() {
        let (now, call) = (at as f64 / 1e9, &mut calls[number as usize]);
        let left = call.began + DEADLINE - now;
        if what == BEGINS {
            call.attempts += 1;
            reached.attempts += 1.0;
            let hangs = fault == Fault::Hang && fails(faults, number, call.attempts, share);
            let takes = if hangs { ATTEMPT.min(left) } else { LATENCY.as_secs_f64() };
            next.push(Reverse((nanos(now + takes), ENDS, number)));
            continue;
        }
        if !fails(faults, number, call.attempts, share) {
            reached.successes += 1.0;
            budget.add(PER_SUCCESS, now);
            continue;
        }
        let most = ATTEMPTS.min(fault.most_repeats() + 1);
        let ceiling = 0.2 * 2_f64.powi(call.attempts as i32 - 1);
        let wait = (ceiling * rng.f64()).max(0.05);
        let price = if fault == Fault::Hang { 2.0 } else { 1.0 };
        if call.attempts < most && wait < left && budget.take(price, now) {
            next.push(Reverse((nanos(now + wait), BEGINS, number)));
        }
    }
    reached
}

const BEGINS: bool = true;
const ENDS: bool = false;

fn nanos(seconds: f64) -> u64 {
    (seconds * 1e9) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_faults_every_call_takes_one_attempt_and_without_a_service_the_budget_is_all_there_is() {
        let moments: Vec<f64> = (0..10_000).map(f64::from).collect();
        let well = interactive(&moments, Fault::Status, 0.0, 1, 1);
        assert_eq!(well, Reached { successes: 10_000.0, attempts: 10_000.0 });

        let away = interactive(&moments, Fault::Status, 1.0, 1, 1);
        assert_eq!(away.successes, 0.0);
        let budget = 20.0 + 10_000.0 / 30.0;
        assert!((away.attempts - 10_000.0 - budget).abs() <= 1.0, "{away:?}, budget {budget}");
    }

    #[test]
    fn while_the_budget_is_rich_success_is_one_less_the_share_to_the_power_of_attempts() {
        // One call in 100 s: time alone pays for three repeats each.
        let moments: Vec<f64> = (0..100_000).map(|call| f64::from(call) * 100.0).collect();
        for (fault, attempts) in [(Fault::Status, 4), (Fault::BadJson, 3), (Fault::Hang, 3)] {
            let reached = interactive(&moments, fault, 0.3, 1, 1);
            let expected = 1.0 - 0.3_f64.powi(attempts);
            let sigma = (expected * (1.0 - expected) / 100_000.0).sqrt();
            let share = reached.successes / 100_000.0;
            assert!((share - expected).abs() < 3.0 * sigma, "{fault:?}: {share}, expected {expected}");
        }
    }
}
