//! Row 16: a day with weather, fast, and the same for the same seed.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hasher as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use esologs::CallPolicy;
use tokio::time::Instant;

use super::world::{Answer, LATENCY, World, at_random, client_of, in_virtual_time, traffic};
use crate::figures::Table;

/// Everything that a client told on a day: how many events, and a hash of their words and moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) events: u64,
    pub(crate) hash: u64,
    pub(crate) requests: u64,
    pub(crate) failed: u64,
}

/// So many hours of calls, people's and a job's, under weather that changes every ten minutes.
pub(crate) fn day(hours: f64, seed: u64) -> Day {
    in_virtual_time(async {
        let mut chance = fastrand::Rng::with_seed(seed);
        let world = World::new(move |ask| {
            let latency = LATENCY.mul_f64(0.5 + chance.f64());
            (weather(ask.at, &mut chance), latency)
        });
        let log = Arc::new(Mutex::new((0_u64, DefaultHasher::new(), String::new())));
        let (writer, started) = (Arc::clone(&log), Instant::now());
        let client = client_of(&world, CallPolicy::interactive(), seed).on_event(move |event| {
            let mut log = writer.lock().unwrap();
            let (events, hash, line) = &mut *log;
            line.clear();
            let _ = write!(line, "{:?} {event:?}", started.elapsed());
            *events += 1;
            hash.write(line.as_bytes());
        });
        let client = client.build().expect("default settings");
        let job = client.with_policy(CallPolicy::batch());
        let calls = |per_second: f64| (hours * 3600.0 * per_second) as u32;
        let (mut failed, mut left) = (0, 0);
        tokio::join!(
            traffic(&client, at_random(1.0, calls(1.0), seed), |ended| failed += u64::from(ended.result.is_err())),
            traffic(&job, at_random(0.25, calls(0.25), seed + 1), |ended| left += u64::from(ended.result.is_err())),
        );
        let log = log.lock().unwrap();
        Day { events: log.0, hash: log.1.finish(), requests: world.on_the_wire(), failed: failed + left }
    })
}

/// Ten minutes each of calm, drizzle, a storm, and an outage, round and round.
fn weather(at: Duration, chance: &mut fastrand::Rng) -> Answer {
    let faults = match at.as_secs() / 600 % 4 {
        0 => 0.0,
        1 => 0.05,
        2 => 0.4,
        _ => 1.0,
    };
    if chance.f64() >= faults {
        return Answer::Good;
    }
    match chance.u32(..8) {
        0 => Answer::Reset,
        1 => Answer::Cut,
        2 => Answer::BadJson,
        3 => Answer::Hang,
        4 => Answer::GraphqlInternal,
        5 => Answer::retry_after(429, "7"),
        6 => Answer::retry_after(503, "3"),
        _ => Answer::status(502),
    }
}

const LONGEST: Duration = Duration::from_secs(10);

#[expect(clippy::disallowed_methods, reason = "the figure is the time on the wall")]
fn wall() -> std::time::Instant {
    std::time::Instant::now()
}

pub(crate) fn rows(table: &mut Table) {
    let began = wall();
    let first = day(24.0, 1);
    let took = began.elapsed();
    let name = format!("16: 24 hours, {} requests, {} calls failed: wall time", first.requests, first.failed);
    table.bounded(&name, format!("{:.2} s", took.as_secs_f64()), "under 10 s", took < LONGEST);
    let (second, other) = (day(24.0, 1), day(24.0, 2));
    let name = format!("16: the same seed once more, {} events", first.events);
    let figure = if second == first { "the same to the letter" } else { "differs" };
    table.bounded(&name, figure, "the same; another seed differs", second == first && other != first);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_tells_the_same_events_at_the_same_moments_and_another_does_not() {
        let first = day(0.7, 1);
        assert!(first.events > 5_000 && first.failed > 0, "{first:?}");
        assert_eq!(day(0.7, 1), first);
        assert_ne!(day(0.7, 2).hash, first.hash);
    }
}
