//! Rows 4 and 8: the breaker opens for outages, at once even after a million successes, and not for mere bad weather.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use esologs::{BreakerState, CallPolicy, Event};

use super::share::in_parallel;
use super::world::{Answer, LATENCY, World, at_random, call, client_of, in_virtual_time, traffic};
use crate::figures::Table;

/// Share of the requests that fail, each by chance.
const FAULTS: f64 = 0.3;
/// Calls a second, and how many runs of 100 hours: most of them where the window holds about as many attempts as it needs.
const RATES: [(f64, u64); 6] = [(0.5, 3), (1.0, 10), (1.5, 10), (2.0, 5), (5.0, 1), (20.0, 1)];
/// Openings in 100 hours.
const MOST_TRIPS: u64 = 1;
/// Failures until it opens.
const MOST_FAILURES: u64 = 30;

/// How often the breaker opened, and how many requests there were.
fn false_trips(per_second: f64, hours: f64, seed: u64) -> (u64, u64) {
    in_virtual_time(async {
        let mut chance = fastrand::Rng::with_seed(seed ^ 0xC0FFEE);
        let world = World::new(move |_| (if chance.f64() < FAULTS { Answer::status(503) } else { Answer::Good }, LATENCY));
        let trips = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&trips);
        let policy = CallPolicy { concurrency: 1_000_000, ..CallPolicy::interactive() };
        let client = client_of(&world, policy, seed).without_request_rate().on_event(move |event| {
            if matches!(event, Event::BreakerChanged { to: BreakerState::Open, .. }) {
                counted.fetch_add(1, Ordering::Relaxed);
            }
        });
        let client = client.build().expect("default settings");
        let calls = (hours * 3600.0 * per_second) as u32;
        traffic(&client, at_random(per_second, calls, seed), |_| ()).await;
        (trips.load(Ordering::Relaxed), world.on_the_wire())
    })
}

/// So many calls that succeed, then an outage: how many requests failed before the breaker was open.
fn failures_after(successes: u32) -> u64 {
    in_virtual_time(async {
        let world = World::new(move |ask| match ask.call {
            // At once, so that a million take no time.
            Some(call) if call < successes => (Answer::Good, Duration::ZERO),
            _ => (Answer::status(503), LATENCY),
        });
        let client = client_of(&world, CallPolicy::interactive(), 1).without_request_rate().build().expect("default settings");
        let breaker = client.breaker().expect("a breaker").clone();
        for number in 0..successes {
            call(&client, number).await.expect("the service is well");
        }
        let before = world.on_the_wire();
        for number in successes..successes + 1_000 {
            if breaker.state() == BreakerState::Open {
                break;
            }
            let _ = call(&client, number).await;
        }
        world.on_the_wire() - before
    })
}

pub(crate) fn false_trip_rows(table: &mut Table) {
    // The longest first.
    let cells: Vec<(f64, u64)> = RATES.iter().rev().flat_map(|(rate, runs)| (0..*runs).map(|seed| (*rate, seed))).collect();
    let seen = in_parallel(cells.clone(), |(rate, seed)| false_trips(rate, 100.0, seed));
    for (rate, runs) in RATES {
        let of_rate = cells.iter().zip(&seen).filter(|((other, _), _)| *other == rate).map(|(_, seen)| seen);
        let trips: Vec<u64> = of_rate.clone().map(|(trips, _)| *trips).collect();
        let (most, sum) = (trips.iter().max().copied().unwrap_or(0), trips.iter().sum::<u64>());
        let requests: u64 = of_rate.map(|(_, requests)| requests).sum();
        let name = format!("4: openings in 100 h at 30 % errors, {rate} calls/s, {runs} runs");
        let figure = format!("{most} at most, {sum} in all; {requests} requests");
        table.bounded(&name, figure, format!("at most {MOST_TRIPS}"), most <= MOST_TRIPS);
    }
}

pub(crate) fn warm_row(table: &mut Table, successes: u32) {
    let failures = failures_after(successes);
    let name = format!("8: {successes} successes, then an outage: failures until it opens");
    table.bounded(&name, failures.to_string(), format!("at most {MOST_FAILURES}"), failures <= MOST_FAILURES);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_errors_in_ten_do_not_open_the_breaker_at_any_rate() {
        let trips: u64 = in_parallel(RATES, |(rate, _)| false_trips(rate, 2.0 / rate.max(1.0), 7).0).into_iter().sum();
        assert!(trips <= MOST_TRIPS, "{trips} openings");
    }

    #[test]
    fn a_breaker_that_has_seen_many_successes_opens_within_30_failures() {
        let failures = failures_after(10_000);
        assert!((1..=MOST_FAILURES).contains(&failures), "{failures} failures");
    }
}
