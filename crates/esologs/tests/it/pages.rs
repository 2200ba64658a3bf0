//! What callers are told in the unhappy paths of `docs/policies/`: every message quoted there is one that the code prints.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use bytes::Bytes;
use esologs::hooks::{AroundAttempt, AroundCall, AttemptInfo, CallInfo, Work};
use esologs::transport::{SendFuture, Transport, TransportError, TransportErrorKind};
use esologs::{AttemptError, BreakerState, Cache, CallPolicy, ClientBuilder, Error, Ledger, Points, RateSettings};
use futures_util::future::join_all;
use serde_json::json as value;

use crate::support::{Rig, Script, graphql_error, hangs, rate_limit, snapshot, sources, status};

const SECOND: Duration = Duration::from_secs(1);

/// The messages that a page quotes.
fn quoted(page: &str) -> BTreeSet<String> {
    let path = sources::workspace().join("docs/policies").join(page);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().filter(|line| line.starts_with("RateLimit: ")).map(without_figures).collect()
}

/// The words alone: figures depend on the jitter, and the host is another one here.
fn without_figures(text: &str) -> String {
    let figures = |c: char| c.is_ascii_digit() || c == '.';
    let words = text.replace("logs.test", "www.esologs.com").replace("www.esologs.com", "HOST");
    words.split(' ').map(|word| word.trim_matches(figures)).collect::<Vec<_>>().join(" ")
}

fn hold(page: &str, errors: &[Error]) {
    let told: BTreeSet<String> = errors.iter().map(|error| without_figures(&error.to_string())).collect();
    assert_eq!(quoted(page), told, "left: docs/policies/{page}; right: what the code prints");
}

async fn failed(script: Script, policy: CallPolicy) -> Error {
    Rig::new(script, policy).call().await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn deadline() {
    let silent = failed(Script::new().api_always(hangs()), CallPolicy::interactive()).await;
    let busy = failed(Script::new().api_always(status(503).retry_after(40)), CallPolicy::interactive()).await;
    hold("deadline.md", &[silent, busy]);
}

#[tokio::test(start_paused = true)]
async fn retry() {
    let down = failed(Script::new().api_always(status(503)), CallPolicy::interactive()).await;
    let useless = failed(Script::new().api_always(graphql_error("Internal server error")), CallPolicy::batch()).await;
    hold("retry.md", &[down, useless]);
}

#[tokio::test(start_paused = true)]
async fn retry_budget() {
    let script = Script::new().api_always(status(502));
    let rig = Rig::with(script, CallPolicy::interactive(), ClientBuilder::without_breaker);
    let mut attempts = Vec::new();
    for _ in 0..8 {
        attempts.push(rig.call().await.unwrap_err().attempts());
    }
    assert_eq!(attempts, [4, 4, 4, 4, 4, 4, 3, 1], "as the page counts them");
    hold("retry-budget.md", &[rig.call().await.unwrap_err()]);
}

#[tokio::test(start_paused = true)]
async fn cache() {
    let rig = Rig::with(Script::new(), CallPolicy::interactive(), |builder| builder.cache(Cache::in_memory()));
    hold("cache.md", &[rig.client.only_cached().rate_limit().await.unwrap_err()]);
}

#[tokio::test(start_paused = true)]
async fn circuit_breaker() {
    let rig = Rig::new(Script::new().api_always(status(503)), CallPolicy::interactive());
    let breaker = rig.client.breaker().unwrap();
    while breaker.state() == BreakerState::Closed {
        rig.call().await.unwrap_err();
    }
    let open = rig.call().await.unwrap_err();
    breaker.isolate();
    hold("circuit-breaker.md", &[open, rig.call().await.unwrap_err()]);
}

#[tokio::test(start_paused = true)]
async fn concurrency() {
    let slow = Script::new().api_always(rate_limit().after(9 * SECOND));
    let policy = CallPolicy { concurrency: 1, slot_timeout: Some(2 * SECOND), ..CallPolicy::interactive() };
    let rig = Rig::new(slow, policy);
    let answers = join_all((0..1_100).map(|_| rig.call())).await;
    let errors: Vec<Error> = answers.into_iter().filter_map(Result::err).collect();
    hold("concurrency.md", &errors);
}

#[tokio::test(start_paused = true)]
async fn points() {
    let spent = Script::new().api_always(snapshot(3600.0, 3598.0, 2400));
    let rig = Rig::with(spent, CallPolicy::interactive(), |builder| builder.ledger(Ledger::in_memory()));
    rig.call().await.unwrap();
    let short = rig.call().await.unwrap_err();

    let plenty = Script::new().api_always(snapshot(3600.0, 0.0, 2400));
    let modest = Ledger::in_memory().max_points(Points::new(1.0));
    let rig = Rig::with(plenty, CallPolicy::interactive(), |builder| builder.ledger(modest));
    hold("points.md", &[short, rig.call().await.unwrap_err()]);
}

#[tokio::test(start_paused = true)]
async fn request_rate() {
    let rig = Rig::with(Script::new().api_always(rate_limit()), CallPolicy::interactive(), |builder| {
        builder.request_rate(RateSettings { per_second: 0.01, burst: 1 })
    });
    rig.call().await.unwrap();
    let slow = rig.call().await.unwrap_err();
    let used_up = rate_limit().header("x-ratelimit-limit", "800").header("x-ratelimit-remaining", "0");
    let rig = Rig::with(Script::new().api_always(used_up), CallPolicy::interactive(), |builder| {
        builder.request_rate(RateSettings::default())
    });
    rig.call().await.unwrap();
    hold("request-rate.md", &[slow, rig.call().await.unwrap_err()]);
}

#[tokio::test(start_paused = true)]
async fn single_flight() {
    hold("single-flight.md", &[failed(Script::new().api_always(status(502)), CallPolicy::interactive()).await]);
}

#[tokio::test(start_paused = true)]
async fn token() {
    let wrong = Script::new().token_always(status(401).json(value!({"error": "invalid_client"})));
    let down = Script::new().token_always(status(503));
    let refused = Script::new().api_always(status(401).json(value!({"error": "Unauthenticated."})));
    let policy = CallPolicy::interactive;
    hold("token.md", &[failed(wrong, policy()).await, failed(down, policy()).await, failed(refused, policy()).await]);
}

/// A transport whose exchanges break in this way. (That the real one says so, `http.rs` and `settings.rs` hold.)
struct Breaking(TransportErrorKind, &'static str, Script);

impl Transport for Breaking {
    fn send(&self, request: http::Request<Bytes>) -> SendFuture<'_> {
        let signs_in = request.uri().path() == "/oauth/token" && self.0 == TransportErrorKind::TimedOut;
        if signs_in { self.2.send(request) } else { Box::pin(async { Err(TransportError::new(self.0, self.1)) }) }
    }
}

#[tokio::test(start_paused = true)]
async fn connections() {
    let mut errors = Vec::new();
    for (kind, words) in [
        (TransportErrorKind::Connect, "the connection was refused"),
        (TransportErrorKind::TimedOut, "no answer began within 6.0 s (read_timeout)"),
    ] {
        let rig = Rig::new(Breaking(kind, words, Script::new()), CallPolicy::interactive());
        errors.push(rig.call().await.unwrap_err());
    }
    hold("connections.md", &errors);
}

struct QuietHours;

impl AroundAttempt for QuietHours {
    fn around<'a>(&'a self, _: AttemptInfo<'a>, _: Work<'a, AttemptError>) -> Work<'a, AttemptError> {
        Box::pin(async { Err(AttemptError::refused("not between two and four")) })
    }
}

struct Idle;

impl AroundCall for Idle {
    fn around<'a>(&'a self, _: CallInfo<'a>, _: Work<'a, Error>) -> Work<'a, Error> {
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test(start_paused = true)]
async fn hooks() {
    let quiet = Rig::with(Script::new(), CallPolicy::interactive(), |builder| builder.around_attempt(QuietHours));
    let idle = Rig::with(Script::new(), CallPolicy::interactive(), |builder| builder.around_call(Idle));
    hold("hooks.md", &[quiet.call().await.unwrap_err(), idle.call().await.unwrap_err()]);
}
