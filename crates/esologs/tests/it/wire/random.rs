//! Faults at random: every call of a patient client gets its answer, but for those that met five useless answers in a row, and
//! needs no more attempts than the rate of faults makes unavoidable.
//!
//! Over TCP at 5, 10 and 30 %, 500 calls, 50 at a time, with the batch profile and pauses of a tenth. The simulator has no more
//! than three useless answers in a row for one request, so there every call succeeds. In virtual time at 50 %, 20,000 calls,
//! each fault drawn by itself, with the batch profile as it is.
//!
//! Left out: a page instead of data (which is an outage or this call's affair, depending on others: `classification`), stalls
//! (slow; `faults`), and what is not repeated at all.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use esologs::transport::{SendFuture, Transport, TransportErrorKind};
use esologs::{CallPolicy, Class};
use esologs_sim::Faults;
use futures_util::StreamExt as _;
use http::Request;
use serde_json::{Map, json as value};

use crate::support::served::Served;
use crate::support::{Reply, Rig, Told, brisk, broken, graphql_error, hangs, json, rate_limit, status, token};

/// The mean of attempts per call where each fails with this probability, and four sigma of it over so many calls.
fn attempts_at(rate: f64, calls: usize) -> (f64, f64) {
    (1.0 / (1.0 - rate), 4.0 * rate.sqrt() / (1.0 - rate) / (calls as f64).sqrt())
}

fn assert_mean_of_attempts(attempts: u64, calls: usize, rate: f64) {
    let (mean, (expected, four_sigma)) = (attempts as f64 / calls as f64, attempts_at(rate, calls));
    assert!((mean - expected).abs() <= four_sigma, "{mean:.4} attempts per call, expected {expected:.4} ± {four_sigma:.4}");
}

// Over sockets.

const CALLS: usize = 500;

fn faults(rate: f64) -> Faults {
    let mix = "bad_gateway = 3\nunavailable = 2\nserver_error_json = 1\ngateway_timeout = 1\ncloudflare = 2\nrequest_timeout = 1\n\
        reset_before_headers = 2\nclose_before_headers = 2\nreset_in_body = 2\nclose_in_body = 2\nlength_too_large = 1\n\
        length_too_small = 1\ntruncated_json = 2\nempty_body = 1\ndata_null = 1\nno_data = 1\ninternal_error = 2\n";
    Faults::from_toml(&format!("seed = 3\nrate = {rate}\n[mix]\n{mix}")).unwrap()
}

async fn every_call_succeeds_over_tcp(rate: f64) {
    let served = Served::with(faults(rate), brisk(CallPolicy::batch())).await;

    let calls = futures_util::stream::iter(0..CALLS).map(|number| {
        let client = served.rig.client.clone();
        // Each under a name of its own: its faults are its own, too, whatever the order.
        let document = format!("query Call{number} {{ rateLimitData {{ limitPerHour pointsSpentThisHour pointsResetIn }} }}");
        async move { client.query(&document, Map::new()).await }
    });
    let failed: Vec<_> = calls.buffer_unordered(50).filter_map(|outcome| async { outcome.err() }).collect().await;

    assert!(failed.is_empty(), "{} of {CALLS} calls failed at {rate}: {failed:?}", failed.len());
    let attempts: u64 = served.rig.attempts().iter().map(|attempts| u64::from(*attempts)).sum();
    assert_eq!(served.requests().0, attempts, "each attempt is one request");
    assert_eq!(served.rig.classes().len() as u64, attempts - CALLS as u64);
    assert_mean_of_attempts(attempts, CALLS, rate);
    let stats = served.stats();
    let (price, useful) = (stats.points_spent / stats.executed as f64, stats.points_spent - stats.points_spent_on_broken_answers);
    assert!((useful - CALLS as f64 * price).abs() < 1.0, "each answer was paid for once: {stats:?}");
}

#[tokio::test]
async fn every_call_succeeds_at_5_percent_of_faults_over_tcp() {
    every_call_succeeds_over_tcp(0.05).await;
}

#[tokio::test]
async fn every_call_succeeds_at_10_percent_of_faults_over_tcp() {
    every_call_succeeds_over_tcp(0.1).await;
}

#[tokio::test]
async fn every_call_succeeds_at_30_percent_of_faults_over_tcp() {
    every_call_succeeds_over_tcp(0.3).await;
}

// In virtual time.

/// A service that throws dice for each request: good, a failure of service or network, or useless content.
#[derive(Clone)]
struct Dice {
    random: Arc<Mutex<fastrand::Rng>>,
    other: f64,
    content: f64,
}

impl Dice {
    fn throw(&self) -> Reply {
        let mut random = self.random.lock().unwrap();
        let thrown = random.f64();
        if thrown < self.content {
            return match random.u8(0..6) {
                0 => status(200).body(""),
                1 => status(200).body(r#"{"data":{"rateLimitData":{"limitPerHour":36"#),
                2 => json(value!({"data": null})),
                3 => json(value!({"data": {"rateLimitData": {"limitPerHour": 3600}}})),
                4 => graphql_error("Internal server error"),
                _ => graphql_error("The request timed out"),
            };
        }
        if thrown < self.content + self.other {
            return match random.u8(0..10) {
                0 => status(500).html(),
                1 => status(502).html(),
                2 => status(503).html(),
                3 => status(504).html(),
                4 => status(520).html(),
                5 => status(408).html(),
                6 => broken(TransportErrorKind::Connect),
                7 => broken(TransportErrorKind::ClosedBeforeHeaders),
                8 => broken(TransportErrorKind::BodyBroken),
                _ => hangs(),
            };
        }
        rate_limit()
    }
}

impl Transport for Dice {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        let reply = if request.uri().path() == "/oauth/token" { token("token") } else { self.throw() };
        Box::pin(reply.play())
    }
}

const CONTENT: [Class; 4] = [Class::EmptyBody, Class::InvalidJson, Class::Incomplete, Class::GraphqlInternal];

/// How many of the last failures were useless content.
fn useless_at_the_end(told: &[Told]) -> usize {
    let classes = told.iter().filter_map(|told| if let Told::Failed(class, _) = told { Some(class) } else { None });
    classes.rev().take_while(|class| CONTENT.contains(class)).count()
}

#[tokio::test(start_paused = true)]
async fn at_50_percent_every_one_of_20_000_calls_succeeds_but_those_that_met_five_useless_answers_in_a_row() {
    const CALLS: usize = 20_000;
    let (q, b) = (0.25_f64, 0.25);
    let dice = Dice { random: Arc::new(Mutex::new(fastrand::Rng::with_seed(3))), other: b, content: q };
    let rig = Rig::new(dice, CallPolicy::batch());
    let (mut failed, mut attempts, mut longest) = (0_usize, 0, Duration::ZERO);

    for number in 0..CALLS {
        let started = tokio::time::Instant::now();
        let outcome = rig.call().await;
        let told = rig.told_since();
        longest = longest.max(started.elapsed());
        attempts += told.iter().filter(|told| matches!(told, Told::Started(_))).count() as u64;
        assert_eq!(outcome.is_err(), useless_at_the_end(&told) == 5, "call {number}: {outcome:?}\n{told:?}");
        failed += usize::from(outcome.is_err());
    }

    // q^5 is the chance that the first five attempts are useless; a row of five can also begin after another failure.
    let chance = q.powi(5) / (1.0 - b * (1.0 - q.powi(5)) / (1.0 - q));
    let (expected, sigma) = (CALLS as f64 * chance, (CALLS as f64 * chance * (1.0 - chance)).sqrt());
    assert!(
        (failed as f64 - expected).abs() <= 3.0 * sigma,
        "{failed} calls failed, expected {expected:.1} ± {:.1}",
        3.0 * sigma
    );
    assert_mean_of_attempts(attempts, CALLS, q + b);
    let patience = CallPolicy::batch().max_wait.outage.unwrap() + CallPolicy::batch().attempt_timeout;
    assert!(longest <= patience, "a call took {longest:?}");
}
