//! Rows 5, 6 and 7: a breaker whose time is over lets one through, whatever becomes of it; what comes late changes nothing.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use esologs::{BreakerCause, BreakerState, CallPolicy, Client, ErrorKind, Event};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::share::in_parallel;
use super::world::{Answer, Ended, LATENCY, World, call, client_of, in_virtual_time, steady, traffic};
use crate::figures::Table;

const SECOND: Duration = Duration::from_secs(1);
/// The longest time open: 14 s and 20 % more.
const LONGEST_OPEN: Duration = Duration::from_millis(16_800);

type Changes = Arc<Mutex<Vec<(BreakerState, BreakerCause, Duration)>>>;

/// A client of this world that keeps its breaker's changes, with their moments.
fn watched(world: &World, policy: CallPolicy, seed: u64) -> (Client, Changes) {
    let (changes, started) = (Changes::default(), Instant::now());
    let log = Arc::clone(&changes);
    let client = client_of(world, policy, seed).without_request_rate().on_event(move |event| {
        if let Event::BreakerChanged { to, cause, .. } = event {
            log.lock().unwrap().push((*to, *cause, started.elapsed()));
        }
    });
    (client.build().expect("default settings"), changes)
}

/// The policy with places for any number of calls.
fn wide(policy: CallPolicy) -> CallPolicy {
    CallPolicy { concurrency: 1_000_000, ..policy }
}

/// What came of many calls at the moment at which a breaker's time open was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stampede {
    /// Requests on the wire until the first of them was answered.
    before_answer: u64,
    /// Calls that got their answer, and calls that were refused with a time to come back at.
    answered: usize,
    refused: usize,
}

/// `calls` at once when the time open is over, with the client's own probe in the race or not.
fn stampede(policy: CallPolicy, calls: u32, seed: u64, probe_races: bool) -> Stampede {
    in_virtual_time(async {
        let world = World::new(move |ask| match ask.at {
            at if at < SECOND => (Answer::status(503), LATENCY),
            _ => (Answer::Good, 2 * SECOND),
        });
        let (client, _) = watched(&world, wide(policy), seed);
        // It opens after 20 failures, mostly of calls that are then refused or wait.
        let mut first = JoinSet::new();
        for number in 0..25 {
            let client = client.clone();
            first.spawn(async move { call(&client, number).await });
        }
        let breaker = client.breaker().expect("a breaker").clone();
        while breaker.state() != BreakerState::Open {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        first.abort_all();
        let before = world.on_the_wire();
        if probe_races {
            // The probe comes by itself at the very millisecond, so the stampede does, too.
            while breaker.state() == BreakerState::Open {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        } else {
            // Our own 1,000 come first: at the end of the time open, in the same poll as the probe's timer.
            let Err(open) = breaker.acquire() else { unreachable!("it is open") };
            tokio::time::sleep(open.retry_in.unwrap_or_default()).await;
        }
        let came = Instant::now();
        let mut stampede = JoinSet::new();
        for number in 0..calls {
            let client = client.clone();
            stampede.spawn(async move { call(&client, 1_000 + number).await });
        }
        tokio::time::sleep_until(came + Duration::from_millis(1_900)).await;
        let before_answer = world.on_the_wire() - before;
        let (mut answered, mut refused) = (0, 0);
        while let Some(result) = stampede.join_next().await {
            match result.expect("no panic") {
                Ok(()) => answered += 1,
                Err(error) if error.kind() == ErrorKind::Unavailable && error.retry_at().is_some() => refused += 1,
                Err(_) => {}
            }
        }
        Stampede { before_answer, answered, refused }
    })
}

/// What becomes of the first probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Probe {
    Hangs,
    Panics,
    /// A user's call is the probe and is dropped.
    Cancelled,
    /// It brings an answer that says nothing about the service's health.
    SaysNothing,
}

/// How long after the first probe was sent the second one came, and how many there were in the ten minutes after that, with
/// or without users.
fn after_a_lost_probe(fate: Probe, users: bool, seed: u64) -> (Option<Duration>, u64) {
    let probes = Arc::<Mutex<Vec<Duration>>>::default();
    let seen = Arc::clone(&probes);
    in_virtual_time(async move {
        let world = World::new(move |ask| {
            if ask.at < SECOND {
                return (Answer::status(503), LATENCY);
            }
            seen.lock().unwrap().push(ask.at);
            let answer = match fate {
                Probe::Hangs | Probe::Cancelled => Answer::Hang,
                Probe::Panics => Answer::Panic,
                Probe::SaysNothing => Answer::status(403),
            };
            (answer, LATENCY)
        });
        let (client, _) = watched(&world, wide(CallPolicy::interactive()), seed);
        let opens = async {
            let mut first = JoinSet::new();
            for number in 0..25 {
                let client = client.clone();
                first.spawn(async move { call(&client, number).await });
            }
            while client.breaker().expect("a breaker").state() != BreakerState::Open {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        opens.await;
        if users {
            // Each user has less patience than a probe has time, so that probes are cancelled all the time.
            for number in 0..600 {
                let client = client.clone();
                tokio::spawn(async move { tokio::time::timeout(SECOND, call(&client, 100 + number)).await });
                tokio::time::sleep(SECOND).await;
            }
        } else {
            tokio::time::sleep(600 * SECOND).await;
        }
    });
    let probes = probes.lock().unwrap();
    let second = probes.get(1).map(|second| *second - probes[0]);
    (second, probes.len() as u64)
}

/// Slow answers to calls of before an outage come while the breaker is open or half open: how many changes of state had
/// another cause than a probe, a time that was over, or failures; and how many results came late.
fn late_results(late: bool, seed: u64) -> (usize, u64) {
    in_virtual_time(async {
        let mut rng = fastrand::Rng::with_seed(seed);
        let world = World::new(move |ask| match ask.call {
            // Every other call of the first two seconds is answered late, well or badly.
            Some(call) if call % 2 == 0 && call < 200 => {
                (if late { Answer::Good } else { Answer::status(503) }, Duration::from_millis(rng.u64(1_000..9_900)))
            }
            // The others are answered at once, and from the first second on badly: no probe is answered well.
            _ if ask.at < SECOND => (Answer::Good, LATENCY),
            _ => (Answer::status(503), LATENCY),
        });
        let (client, changes) = watched(&world, wide(CallPolicy { attempts: Some(1), ..CallPolicy::interactive() }), seed);
        let breaker = client.breaker().expect("a breaker").clone();
        traffic(&client, steady(100.0, 20 * SECOND), |_: Ended| ()).await;
        let changes = changes.lock().unwrap();
        let by_an_old_one = changes.iter().filter(|(to, cause, _)| {
            !matches!(
                (to, cause),
                (BreakerState::Open, BreakerCause::ConsecutiveFailures | BreakerCause::FailureRate | BreakerCause::ProbeFailed)
                    | (BreakerState::HalfOpen, BreakerCause::TimeOver)
            )
        });
        let opened =
            changes.iter().filter(|(to, cause, _)| *to == BreakerState::Open && *cause != BreakerCause::ProbeFailed).count();
        (by_an_old_one.count() + opened.saturating_sub(1), breaker.late_results())
    })
}

/// The rows of the table.
pub(crate) fn rows(table: &mut Table, seeds: u64) {
    for (who, policy) in [("interactive", CallPolicy::interactive()), ("batch", CallPolicy::batch())] {
        for races in [false, true] {
            let seen = in_parallel(0..seeds, |seed| stampede(policy.clone(), 1_000, seed, races));
            let most = seen.iter().map(|stampede| stampede.before_answer).max().unwrap_or(0);
            let least = seen.iter().map(|stampede| stampede.before_answer).min().unwrap_or(0);
            let ended = seen.iter().all(|stampede| stampede.answered + stampede.refused == 1_000);
            let how = if races { "just after the probe" } else { "in the same moment" };
            let name = format!("5: 1,000 {who} calls at a half-open breaker, {how}, {seeds} seeds: on the wire");
            table.bounded(&name, format!("{least} to {most}"), "exactly 1", (least, most) == (1, 1) && ended);
        }
    }
    for (fate, users, bound) in FATES {
        let seen = in_parallel(0..seeds, |seed| after_a_lost_probe(fate, users, seed));
        let longest = seen.iter().map(|(second, _)| second.unwrap_or(Duration::MAX)).max().unwrap_or(Duration::MAX);
        let fewest = seen.iter().map(|(_, probes)| *probes).min().unwrap_or(0);
        let most = seen.iter().map(|(_, probes)| *probes).max().unwrap_or(0);
        let there = if users { "users there" } else { "nobody there" };
        let name = format!("6: the probe {}, {there}, {seeds} seeds: the next one comes after", fate.words());
        let figure = format!("{:.2} s at most; {fewest} to {most} in 10 min", longest.as_secs_f64());
        let (held, bound) = (longest <= bound, format!("at most {:.1} s", bound.as_secs_f64()));
        table.bounded(&name, figure, bound, held && fewest >= 20 && most <= 700);
    }
    for late in [true, false] {
        let seen = in_parallel(0..seeds, |seed| late_results(late, seed));
        let (changes, results) = seen.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let what = if late { "successes" } else { "failures" };
        let name = format!("7: late {what}, {seeds} seeds: changes of state by them");
        table.bounded(&name, format!("{changes}, of {results} late results"), "0", changes == 0 && results > 0);
    }
}

/// The time-out of an attempt, and the second time open with its jitter: 5 s x 1.5 x 1.2.
const LEASE_AND_OPEN: Duration = Duration::from_secs(10 + 9);

/// Each fate, whether users are there, and within which time the next probe has to come: lease and time open.
const FATES: [(Probe, bool, Duration); 5] = [
    (Probe::Hangs, false, LEASE_AND_OPEN),
    (Probe::Panics, false, LONGEST_OPEN),
    (Probe::SaysNothing, false, LONGEST_OPEN),
    (Probe::Panics, true, LONGEST_OPEN),
    (Probe::Cancelled, true, LEASE_AND_OPEN),
];

impl Probe {
    const fn words(self) -> &'static str {
        match self {
            Self::Hangs => "hangs",
            Self::Panics => "panics",
            Self::Cancelled => "is a user's call, mostly cancelled",
            Self::SaysNothing => "says nothing (403)",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_thousand_calls_at_a_half_open_breaker_exactly_one_is_on_the_wire() {
        for races in [false, true] {
            let seen = stampede(CallPolicy::interactive(), 1_000, 3, races);
            assert_eq!(seen.before_answer, 1, "{seen:?}");
            assert_eq!(seen.answered + seen.refused, 1_000, "{seen:?}");

            let patient = stampede(CallPolicy::batch(), 1_000, 3, races);
            assert_eq!(patient, Stampede { before_answer: 1, answered: 1_000, refused: 0 });
        }
    }

    #[test]
    fn after_a_lost_probe_the_next_one_comes_within_lease_and_time_open_and_no_sooner_than_it_should() {
        for (fate, users, bound) in FATES {
            let (second, probes) = after_a_lost_probe(fate, users, 5);
            assert!(second.is_some_and(|second| second <= bound), "{fate:?}: {second:?}");
            assert!((20..=700).contains(&probes), "{fate:?}: {probes} probes in ten minutes");
        }
    }

    #[test]
    fn results_from_before_a_change_of_state_change_nothing() {
        for late in [true, false] {
            let (changes, results) = late_results(late, 9);
            assert_eq!(changes, 0);
            assert!(results >= 50, "only {results} came late");
        }
    }
}
