//! Rows 2 and 3: what an outage of ten minutes costs, and how soon its end is noticed.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use esologs::{BreakerState, CallPolicy, Event};
use tokio::time::Instant;

use super::share::in_parallel;
use super::world::{Answer, Ended, LATENCY, World, client_of, in_virtual_time, steady, traffic};
use crate::figures::Table;

const SECOND: Duration = Duration::from_secs(1);
/// The service is well for so long first.
const BEFORE: Duration = Duration::from_secs(60);
const END: Duration = Duration::from_secs(660);
const CALLS_PER_SECOND: f64 = 5.0;

/// Requests on the wire while the outage lasts, probes included.
const MOST_REQUESTS: u64 = 70;
/// Of these, before the breaker is open.
const MOST_BEFORE_OPEN: u64 = 30;
const RECOVERY_P95: Duration = Duration::from_secs(15);
const RECOVERY_MAX: Duration = Duration::from_secs(20);

/// Who wants something of the service while it is away.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Users {
    /// Five calls a second, from before the outage to after its end.
    Throughout,
    /// They leave after the first 20 seconds of it, and come back for its last minute.
    Return,
    /// They leave after the first 20 seconds of it.
    Leave,
}

/// What one outage came to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Outage {
    requests: u64,
    before_open: Option<u64>,
    /// From its end to a closed breaker.
    closed_after: Option<Duration>,
    /// From its end to a user's first answer.
    answered_after: Option<Duration>,
}

/// Ten minutes in which every request ends like this.
pub(crate) fn outage(how: Answer, users: Users, seed: u64) -> Outage {
    in_virtual_time(async {
        let seen = Arc::<Mutex<Outage>>::default();
        let (of_world, of_breaker) = (Arc::clone(&seen), Arc::clone(&seen));
        let world = World::new(move |ask| {
            if (BEFORE..END).contains(&ask.at) {
                of_world.lock().unwrap().requests += 1;
                (how.clone(), LATENCY)
            } else {
                (Answer::Good, LATENCY)
            }
        });
        let started = Instant::now();
        let client = client_of(&world, CallPolicy::interactive(), seed).on_event(move |event| {
            let Event::BreakerChanged { to, .. } = event else { return };
            let mut seen = of_breaker.lock().unwrap();
            match to {
                BreakerState::Open => {
                    let requests = seen.requests;
                    seen.before_open.get_or_insert(requests);
                }
                BreakerState::Closed => {
                    seen.closed_after.get_or_insert(started.elapsed().saturating_sub(END));
                }
                _ => {}
            }
        });
        let client = client.build().expect("default settings");
        let (gone, back) = match users {
            Users::Throughout => (END, END),
            Users::Return => (BEFORE + 20 * SECOND, END - 60 * SECOND),
            Users::Leave => (BEFORE + 20 * SECOND, Duration::MAX),
        };
        let moments = steady(CALLS_PER_SECOND, END + 40 * SECOND).filter(|at| *at < gone || *at >= back);
        traffic(&client, moments, |Ended { ended, result, .. }| {
            if ended >= END && result.is_ok() {
                seen.lock().unwrap().answered_after.get_or_insert(ended - END);
            }
        })
        .await;
        tokio::time::sleep_until(started + END + 60 * SECOND).await;
        *seen.lock().unwrap()
    })
}

/// So many outages, each with another seed.
fn outages(how: &Answer, users: Users, seeds: u64) -> Vec<Outage> {
    in_parallel(0..seeds, |seed| outage(how.clone(), users, seed))
}

/// The value that the share's quantile lies below with 3 sigma of certainty, and the quantile itself.
fn quantile(times: &mut [Duration], share: f64) -> (Duration, Duration) {
    times.sort();
    let count = times.len() as f64;
    let at = |rank: f64| times[(rank.ceil() as usize).clamp(1, times.len()) - 1];
    let three_sigma = 3.0 * (count * share * (1.0 - share)).sqrt();
    (at(count * share), at(count * share + three_sigma))
}

/// The rows of the table: so many outages of each kind for the requests, ten times as many for the times, of which a quantile is
/// told.
pub(crate) fn rows(table: &mut Table, seeds: u64) {
    for (name, how) in [("503", Answer::status(503)), ("reset", Answer::Reset), ("hang", Answer::Hang)] {
        let seen = outages(&how, Users::Throughout, seeds);
        let most = seen.iter().map(|outage| outage.requests).max().unwrap_or(u64::MAX);
        let first = seen.iter().map(|outage| outage.before_open.unwrap_or(u64::MAX)).max().unwrap_or(u64::MAX);
        let what = format!("2: 10 min of {name}, 5 calls/s, {seeds} seeds");
        let mean = seen.iter().map(|outage| outage.requests).sum::<u64>() as f64 / seen.len() as f64;
        let figure = format!("{most} at most, {mean:.1} in the mean");
        table.bounded(&format!("{what}: requests"), figure, format!("at most {MOST_REQUESTS}"), most <= MOST_REQUESTS);
        let bound = format!("at most {MOST_BEFORE_OPEN}");
        table.bounded(&format!("{what}: before it opens"), format!("{first} at most"), bound, first <= MOST_BEFORE_OPEN);
        let (many, back) = (10 * seeds, outages(&how, Users::Return, 10 * seeds));
        recovery(table, &format!("3: after {name}, users there, {many} seeds: their first answer"), &how, &back, |outage| {
            outage.answered_after
        });
        let alone = outages(&how, Users::Leave, many);
        recovery(table, &format!("3: after {name}, nobody there, {many} seeds: closed"), &how, &alone, |outage| {
            outage.closed_after
        });
    }
}

fn recovery(table: &mut Table, name: &str, how: &Answer, seen: &[Outage], time: impl Fn(&Outage) -> Option<Duration>) {
    let mut times: Vec<Duration> = seen.iter().map(|outage| time(outage).unwrap_or(Duration::MAX)).collect();
    let (p95, upper) = quantile(&mut times, 0.95);
    let max = times[times.len() - 1];
    let (p95_bound, max_bound) = bounds(how);
    let show = |time: Duration| format!("{:.2} s", time.as_secs_f64());
    let figure = format!("{} ({} with 3 sigma)", show(p95), show(upper));
    table.bounded(&format!("{name}, p95"), figure, format!("at most {}", show(p95_bound)), upper <= p95_bound);
    table.bounded(&format!("{name}, max"), show(max), format!("at most {}", show(max_bound)), max <= max_bound);
}

/// A probe that was sent into the silence has to run into its time-out before the next can be sent: 10 s more.
fn bounds(how: &Answer) -> (Duration, Duration) {
    let hung = if *how == Answer::Hang { 10 * SECOND } else { Duration::ZERO };
    (RECOVERY_P95 + hung, RECOVERY_MAX + hung)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_minutes_of_outage_cost_at_most_70_requests_and_at_most_30_before_it_opens() {
        for how in [Answer::status(503), Answer::Reset, Answer::Hang] {
            for outage in outages(&how, Users::Throughout, 2) {
                assert!(outage.before_open.is_some_and(|before| before <= MOST_BEFORE_OPEN), "{how:?}: {outage:?}");
                assert!((20..=MOST_REQUESTS).contains(&outage.requests), "{how:?}: {outage:?}");
                assert!(outage.answered_after.unwrap() <= bounds(&how).1, "{how:?}: {outage:?}");
            }
        }
    }

    #[test]
    fn its_end_is_noticed_within_15_s_mostly_and_20_s_always_with_nobody_there() {
        for (how, seeds) in [(Answer::status(503), 150), (Answer::Hang, 50)] {
            let seen = outages(&how, Users::Leave, seeds);
            let times: Vec<Duration> = seen.iter().map(|outage| outage.closed_after.unwrap()).collect();
            let late = times.iter().filter(|time| **time > bounds(&how).0).count() as f64;
            let (expected, seeds) = (0.05 * seeds as f64, seeds as f64);
            assert!(late <= expected + 3.0 * (seeds * 0.05 * 0.95).sqrt(), "{how:?}: {late} of {seeds} later than that");
            assert!(times.iter().all(|time| *time <= bounds(&how).1), "{how:?}: {times:?}");
        }
    }

    #[test]
    fn a_quantile_is_told_with_what_it_may_be_off_by() {
        let mut times: Vec<Duration> = (1..=1000).rev().map(Duration::from_millis).collect();
        assert_eq!(quantile(&mut times, 0.95), (Duration::from_millis(950), Duration::from_millis(971)));
    }
}
