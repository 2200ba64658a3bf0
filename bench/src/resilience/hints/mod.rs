//! Row 13: what the service says about waiting is kept to, and no call sleeps past its deadline for it.

mod case;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use esologs::{CallPolicy, Client, Error};
use tokio::time::Instant;

use self::case::{Asked, Case};
use super::share::in_parallel;
use super::world::{Answer, BASE, World, call, client_of, in_virtual_time};
use crate::figures::Table;

/// What came of many cases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    cases: u32,
    /// Repeated, and refused at once.
    repeated: u32,
    refused: u32,
    /// Second requests before the moment that the service named.
    early: Vec<String>,
    /// Calls that slept although they had to end, or that ended after their deadline.
    overslept: Vec<String>,
    /// Refused although there was time, without a moment to come back at, or with one too early.
    wrong: Vec<String>,
}

/// Plays so many cases, one after the other, with one client.
pub(crate) fn play(cases: u32, seed: u64) -> Kept {
    in_virtual_time(async {
        let mut rng = fastrand::Rng::with_seed(seed);
        // The answer to give next, and when requests came.
        let scene = Arc::<Mutex<(Option<Answer>, Vec<Duration>)>>::default();
        let of_world = Arc::clone(&scene);
        let world = World::new(move |ask| {
            let (answer, came) = &mut *of_world.lock().unwrap();
            came.push(ask.at);
            (answer.take().unwrap_or(Answer::Good), Duration::ZERO)
        });
        let client = client_of(&world, CallPolicy::interactive(), seed).without_request_rate().without_breaker();
        let client = client.build().expect("default settings");
        let (started, mut kept) = (Instant::now(), Kept::default());
        for number in 0..cases {
            // Not always at a whole second.
            tokio::time::sleep(Duration::from_millis(rng.u64(..3_000))).await;
            let now = BASE.plus(started.elapsed()).get().div_euclid(1000);
            let case = Case::number(number, now, &mut rng);
            *scene.lock().unwrap() = (Some(Answer::Status(case.status, case.headers.clone())), Vec::new());
            let began = started.elapsed();
            let result = call(&with_time(&client, case.deadline), number).await;
            let ended = started.elapsed();
            let came = std::mem::take(&mut scene.lock().unwrap().1);
            kept.judge(&case, began, ended, &came, &result);
        }
        kept
    })
}

fn with_time(client: &Client, deadline: Option<Duration>) -> Client {
    let policy = match deadline {
        Some(deadline) => CallPolicy::interactive().deadline(deadline),
        None => CallPolicy::batch(),
    };
    client.with_policy(CallPolicy { retry_budget: None, ..policy })
}

impl Kept {
    fn judge(&mut self, case: &Case, began: Duration, ended: Duration, came: &[Duration], result: &Result<(), Error>) {
        self.cases += 1;
        let asked = match case.asked {
            Asked::Wait(asked) => asked,
            Asked::Until(unix) => Duration::from_millis(u64::try_from(unix * 1000 - BASE.plus(began).get()).unwrap_or(0)),
            Asked::Nothing | Asked::Anything => Duration::ZERO,
        };
        let told = |what: &str| {
            format!("{what}: {case:?}, asked for {asked:?}, began {began:?}, came {came:?}, ended {ended:?}, {result:?}")
        };
        if case.deadline.is_some_and(|deadline| ended - began > deadline) {
            self.overslept.push(told("after the deadline"));
        }
        match came {
            [first, second] => {
                self.repeated += 1;
                if *second - *first < asked {
                    self.early.push(told("early"));
                }
                if result.is_err() || second != &ended {
                    self.wrong.push(told("the second request is answered"));
                }
            }
            [_] => {
                self.refused += 1;
                if ended != began {
                    self.overslept.push(told("slept for nothing"));
                }
                let back_in = result.as_ref().err().and_then(Error::retry_at).map(|at| at.since(BASE.plus(began)));
                let has_time = longest(asked) < patience(case) && case.asked != Asked::Anything;
                if has_time || back_in.is_none_or(|back_in| back_in < asked) {
                    self.wrong.push(told("refused"));
                }
            }
            _ => self.wrong.push(told("one repeat at most")),
        }
    }
}

/// The longest wait that what was asked for can become: the larger of it and the first backoff, and the spread.
fn longest(asked: Duration) -> Duration {
    let second = Duration::from_secs(1);
    asked.max(second) + asked.mul_f64(0.2).max(2 * second) + second
}

/// The longest wait that the call puts up with.
fn patience(case: &Case) -> Duration {
    let (minute, batch) = (Duration::from_secs(60), case.deadline.is_none());
    let outage = if batch { 10 * minute } else { minute / 2 };
    let most = if case.status == 503 { outage } else { 70 * minute };
    case.deadline.map_or(most, |deadline| deadline.min(most))
}

/// So many cases in parts, each with its own client and seed.
fn all(cases: u32, parts: u32) -> Kept {
    let seen = in_parallel(0..parts, |part| play(cases / parts, 0x0D17 + u64::from(part)));
    seen.into_iter().fold(Kept::default(), |mut sum, part| {
        (sum.cases, sum.repeated, sum.refused) =
            (sum.cases + part.cases, sum.repeated + part.repeated, sum.refused + part.refused);
        sum.early.extend(part.early);
        sum.overslept.extend(part.overslept);
        sum.wrong.extend(part.wrong);
        sum
    })
}

pub(crate) fn rows(table: &mut Table, cases: u32) {
    let kept = all(cases, 20);
    let what = format!("13: {} answers with Retry-After, {} repeated, {} refused", kept.cases, kept.repeated, kept.refused);
    let found = BTreeMap::from([
        ("sent early", &kept.early),
        ("slept past a deadline, or in vain", &kept.overslept),
        ("refused without need or without a time to come back at", &kept.wrong),
    ]);
    for (name, found) in found {
        table.bounded(&format!("{what}: {name}"), found.len().to_string(), "0", found.is_empty());
        found.iter().take(3).for_each(|one| eprintln!("{one}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_request_comes_before_its_time_and_no_call_sleeps_past_its_deadline() {
        let kept = all(4_000, 2);
        assert_eq!((kept.early, kept.overslept, kept.wrong), Default::default());
        assert!(kept.repeated > 1_000 && kept.refused > 1_000, "{} repeated, {} refused", kept.repeated, kept.refused);
    }
}
