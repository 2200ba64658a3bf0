//! Several programs behind one address, and the service's throttle of 800 requests a minute, which they share and none of them owns.

use std::time::Duration;

use bytes::Bytes;
use esologs::transport::{SendFuture, Transport};
use esologs::{CallPolicy, Client, ErrorKind};
use esologs_sim::{CostModel, Simulator};
use http::Request;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::support::in_process::{InProcess, builder_of};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// The simulator, some way off.
struct Far(InProcess);

impl Transport for Far {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        Box::pin(async move {
            sleep(Duration::from_millis(fastrand::u64(20..150))).await;
            let answer = self.0.send(request).await;
            sleep(Duration::from_millis(fastrand::u64(20..150))).await;
            answer
        })
    }
}

fn service() -> Simulator {
    fastrand::seed(7);
    Simulator::builder().cost_model(CostModel::Flat).limit(1_000_000_000).start_unix_ms(1_790_000_000_000).build().unwrap()
}

/// A program of its own: nothing is shared with the others but the address.
fn program(sim: &Simulator, policy: CallPolicy) -> Client {
    builder_of(sim)
        .transport(Far(InProcess(sim.clone())))
        .policy(policy)
        .without_ledger()
        .without_single_flight()
        .build()
        .unwrap()
}

/// Calls without a pause, eight at once; when each was answered.
async fn backfill(client: Client, until: Instant) -> Vec<Instant> {
    let mut working = JoinSet::new();
    for _ in 0..8 {
        let client = client.clone();
        working.spawn(async move {
            let mut answered = Vec::new();
            while Instant::now() < until {
                client.rate_limit().await.unwrap();
                answered.push(Instant::now());
            }
            answered
        });
    }
    working.join_all().await.into_iter().flatten().collect()
}

/// A program that is started for each question.
async fn one_by_one(sim: Simulator, per_second: u32, until: Instant) -> Vec<Duration> {
    let mut took = Vec::new();
    while Instant::now() < until {
        let began = Instant::now();
        program(&sim, CallPolicy::interactive()).rate_limit().await.unwrap();
        took.push(began.elapsed());
        sleep((SECOND / per_second).saturating_sub(began.elapsed())).await;
    }
    took
}

/// A call as somebody clicks, `per_second` of them; how long each took.
async fn people(client: Client, per_second: u32, until: Instant) -> Vec<Duration> {
    let mut took = Vec::new();
    while Instant::now() < until {
        let began = Instant::now();
        client.rate_limit().await.unwrap();
        took.push(began.elapsed());
        sleep((SECOND / per_second).saturating_sub(began.elapsed())).await;
    }
    took
}

#[tokio::test(start_paused = true)]
async fn four_programs_behind_one_address_are_never_refused_and_people_do_not_wait_for_backfills() {
    let sim = service();
    let until = Instant::now() + 10 * MINUTE;
    for _ in 0..2 {
        tokio::spawn(backfill(program(&sim, CallPolicy::batch()), until));
    }
    let mut people_at_work = JoinSet::new();
    people_at_work.spawn(people(program(&sim, CallPolicy::interactive()), 5, until));
    people_at_work.spawn(one_by_one(sim.clone(), 2, until));

    let took = sorted(people_at_work.join_all().await);

    let stats = sim.stats();
    assert_eq!(stats.refused_by_throttle, 0, "{stats:?}");
    assert!(took.len() > 3_000, "{} calls of people", took.len());
    let (most, longest) = (took[took.len() * 99 / 100], took[took.len() - 1]);
    assert!(most < SECOND && longest < 3 * SECOND, "99 of 100 calls took up to {most:?}, one {longest:?}");
    assert!(stats.executed > 7_200, "only {} of 8,000 requests were made use of", stats.executed);
}

#[tokio::test(start_paused = true)]
async fn a_backfill_that_begins_beside_another_comes_to_a_fair_share() {
    let sim = service();
    let started = Instant::now();
    let until = started + 10 * MINUTE;
    let first = tokio::spawn(backfill(program(&sim, CallPolicy::batch()), until));
    sleep(MINUTE + MINUTE / 2).await;
    let second = tokio::spawn(backfill(program(&sim, CallPolicy::batch()), until));

    let (first, second) = (first.await.unwrap(), second.await.unwrap());

    assert_eq!(sim.stats().refused_by_throttle, 0);
    let late = |answered: &[Instant]| answered.iter().filter(|at| **at > started + 5 * MINUTE).count() as f64;
    let (first, second) = (late(&first), late(&second));
    assert!(second > 0.5 * first, "the first had {first} calls answered in the second half, the second {second}");
    assert!(first + second > 3_500.0, "both together {} of 4,000", first + second);
}

#[tokio::test(start_paused = true)]
async fn more_people_than_the_throttle_admits_wait_and_are_not_refused() {
    let sim = service();
    let until = Instant::now() + 5 * MINUTE;
    let mut people_at_work = JoinSet::new();
    for _ in 0..5 {
        people_at_work.spawn(people(program(&sim, CallPolicy::interactive()), 4, until));
    }

    let took = sorted(people_at_work.join_all().await);

    let stats = sim.stats();
    assert_eq!(stats.refused_by_throttle, 0, "{stats:?}");
    let (half, most) = (took[took.len() / 2], took[took.len() * 98 / 100]);
    assert!(half < SECOND && most < 5 * SECOND, "half of the calls took up to {half:?}, 98 of 100 up to {most:?}");
    assert!(stats.executed > 3_800, "only {} of 4,000 requests were made use of", stats.executed);
}

#[tokio::test(start_paused = true)]
async fn a_program_alone_makes_use_of_nine_tenths_of_the_throttle() {
    let sim = service();

    backfill(program(&sim, CallPolicy::batch()), Instant::now() + 5 * MINUTE).await;

    let stats = sim.stats();
    assert_eq!(stats.refused_by_throttle, 0, "{stats:?}");
    assert!((3_450..=3_620).contains(&stats.executed), "{} requests in five minutes of 800 each", stats.executed);
}

#[tokio::test(start_paused = true)]
async fn who_heeds_only_what_is_left_goes_at_once_and_is_not_refused_when_it_is_used_up() {
    let sim = service();
    let client =
        builder_of(&sim).transport(Far(InProcess(sim.clone()))).policy(CallPolicy { concurrency: 32, ..CallPolicy::batch() });
    let client = client.request_rate_as_told().without_ledger().without_single_flight().build().unwrap();
    let started = Instant::now();
    let mut working = JoinSet::new();
    for _ in 0..1_000 {
        let client = client.clone();
        working.spawn(async move {
            client.rate_limit().await.unwrap();
            started.elapsed()
        });
    }

    let ended = sorted(vec![working.join_all().await]);

    assert_eq!(sim.stats().refused_by_throttle, 0);
    assert!(ended[600] < 6 * SECOND, "the first 600 took {:?}", ended[600]);
    assert!((MINUTE..MINUTE + MINUTE / 2).contains(&ended[999]), "all took {:?}", ended[999]);
}

#[tokio::test(start_paused = true)]
async fn who_cannot_wait_for_the_next_minute_is_told_that_this_one_is_used_up_and_nothing_is_sent() {
    let sim = service();
    let client = program(&sim, CallPolicy::interactive());
    client.rate_limit().await.unwrap();
    let greedy = builder_of(&sim).without_request_rate().without_ledger().without_single_flight().build().unwrap();
    for _ in 0..799 {
        greedy.rate_limit().await.unwrap();
    }
    // It cannot know yet.
    assert_eq!(client.rate_limit().await.unwrap_err().kind(), ErrorKind::RateLimited);
    let asked = sim.stats().requests;

    let error = client.rate_limit().await.unwrap_err();

    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Busy, 0), "{error}");
    let expected = "RateLimit: the requests that the service admits from this address in a minute are nearly used up, \
                    by this and other programs; its turn would come in ";
    assert!(error.to_string().starts_with(expected), "{error}");
    assert!(error.retry_at().is_some() && error.is_retryable());
    assert_eq!(sim.stats().requests, asked);
    sleep(MINUTE).await;
    client.rate_limit().await.unwrap();
}

fn sorted(took: Vec<Vec<Duration>>) -> Vec<Duration> {
    let mut took: Vec<Duration> = took.into_iter().flatten().collect();
    took.sort();
    took
}
