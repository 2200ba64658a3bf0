//! A service in memory that fails as it is told, and clients on it. Time is virtual: a day takes seconds.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use esologs::transport::{SendFuture, Transport, TransportError, TransportErrorKind};
use esologs::{CallPolicy, Client, ClientBuilder, Clock, Credentials, Endpoint, Error, UnixMillis};
use http::{HeaderName, HeaderValue, Request, Response};
use serde_json::{Map, Value};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How long a healthy service takes to answer.
pub(crate) const LATENCY: Duration = Duration::from_millis(80);

/// The virtual clock's start: Tue, 22 Sep 2026 13:33:20 GMT.
pub(crate) const BASE: UnixMillis = UnixMillis::new(1_790_084_000_000);

/// Runs a scenario in virtual time.
///
/// # Panics
/// Where the machine gives no runtime.
pub(crate) fn in_virtual_time<T>(scenario: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime without threads or sockets").block_on(scenario)
}

/// A request that reached the service.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask {
    /// The number that the call carries; `None` for the client's own probe.
    pub(crate) call: Option<u32>,
    /// How often this call has come, from 1. Of a probe always 1.
    pub(crate) attempt: u32,
    /// When, counted from the start of the world.
    pub(crate) at: Duration,
}

/// What the service does with a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    Good,
    /// This status, with these headers.
    Status(u16, Vec<(&'static str, String)>),
    /// The connection ends before the headers.
    Reset,
    /// The body ends early.
    Cut,
    /// 200 with something that begins like JSON.
    BadJson,
    /// 200 with the API's words for an internal error.
    GraphqlInternal,
    /// Nothing, ever.
    Hang,
    /// The transport itself has a bug.
    Panic,
}

impl Answer {
    pub(crate) const fn status(code: u16) -> Self {
        Self::Status(code, Vec::new())
    }

    pub(crate) fn retry_after(code: u16, value: impl Into<String>) -> Self {
        Self::Status(code, vec![("retry-after", value.into())])
    }
}

type Rule = Box<dyn FnMut(Ask) -> (Answer, Duration) + Send>;

/// The service. A clone is the same one.
#[derive(Clone)]
pub(crate) struct World(Arc<Mutex<State>>);

struct State {
    started: Instant,
    rule: Rule,
    /// How often each call has come, by its number.
    attempts: Vec<u32>,
    calls: u64,
    probes: u64,
}

impl World {
    /// A service that does with each request what `rule` says, after the time it says.
    pub(crate) fn new(rule: impl FnMut(Ask) -> (Answer, Duration) + Send + 'static) -> Self {
        let state = State { started: Instant::now(), rule: Box::new(rule), attempts: Vec::new(), calls: 0, probes: 0 };
        Self(Arc::new(Mutex::new(state)))
    }

    /// Requests of calls that reached the service.
    pub(crate) fn requests(&self) -> u64 {
        self.state().calls
    }

    /// Probes that reached it.
    pub(crate) fn probes(&self) -> u64 {
        self.state().probes
    }

    /// Everything that reached it.
    pub(crate) fn on_the_wire(&self) -> u64 {
        let state = self.state();
        state.calls + state.probes
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, body: &[u8]) -> (Answer, Duration) {
        let mut state = self.state();
        let (call, at) = (number_of(body), state.started.elapsed());
        let attempt = match call {
            None => {
                state.probes += 1;
                1
            }
            Some(call) => {
                state.calls += 1;
                let index = call as usize;
                if state.attempts.len() <= index {
                    state.attempts.resize(index + 1, 0);
                }
                state.attempts[index] += 1;
                state.attempts[index]
            }
        };
        (state.rule)(Ask { call, attempt, at })
    }
}

/// The number in `…"variables":{"n":7}}`.
fn number_of(body: &[u8]) -> Option<u32> {
    let start = body.len().saturating_sub(20);
    let tail = std::str::from_utf8(&body[start..]).ok()?;
    let (_, number) = tail.rsplit_once("{\"n\":")?;
    number.strip_suffix("}}")?.parse().ok()
}

impl Transport for World {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        Box::pin(async move {
            if request.uri().path() == "/oauth/token" {
                return Ok(ok(r#"{"token_type":"Bearer","expires_in":31536000,"access_token":"token"}"#));
            }
            let (answer, latency) = self.note(request.body());
            if !latency.is_zero() {
                tokio::time::sleep(latency).await;
            }
            let broken = |kind, words| Err(TransportError::new(kind, words));
            match answer {
                Answer::Good if number_of(request.body()).is_some() => Ok(ok(r#"{"data":{"a":1}}"#)),
                Answer::Good => Ok(ok(SNAPSHOT)),
                Answer::Status(code, headers) => Ok(with_status(code, &headers)),
                Answer::Reset => broken(TransportErrorKind::ClosedBeforeHeaders, "the connection was reset"),
                Answer::Cut => broken(TransportErrorKind::BodyBroken, "the body ended early"),
                Answer::BadJson => Ok(ok(r#"{"data":{"a":nothing}}"#)),
                Answer::GraphqlInternal => Ok(ok(r#"{"errors":[{"message":"Internal server error"}],"data":null}"#)),
                Answer::Hang => std::future::pending().await,
                Answer::Panic => std::panic::resume_unwind(Box::new("a bug of the transport")),
            }
        })
    }
}

const SNAPSHOT: &str = r#"{"data":{"rateLimitData":{"limitPerHour":3600,"pointsSpentThisHour":10,"pointsResetIn":1800}}}"#;

fn ok(body: &'static str) -> Response<Bytes> {
    Response::new(Bytes::from_static(body.as_bytes()))
}

fn with_status(code: u16, headers: &[(&'static str, String)]) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(b"no"));
    *response.status_mut() = http::StatusCode::from_u16(code).expect("a status");
    for (name, value) in headers {
        // What no header can carry is left out, as a server would.
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
    }
    response
}

/// A client of this world: default settings, a seed, a virtual clock. It tells of no points, and their rows have figures of their own.
pub(crate) fn client_of(world: &World, policy: CallPolicy, seed: u64) -> ClientBuilder {
    Client::builder()
        .credentials(Credentials::new("wayrest-client", "s3cret-of-wayrest").expect("credentials"))
        .endpoint(Endpoint::new("https://logs.test").expect("an address"))
        .clock(Clock::starting_at(BASE))
        .transport(world.clone())
        .policy(policy)
        .seed(seed)
        .without_ledger()
}

/// The call with this number.
pub(crate) async fn call(client: &Client, number: u32) -> Result<(), Error> {
    let variables = Map::from_iter([("n".to_owned(), Value::from(number))]);
    client.query("{a}", variables).await.map(|_| ())
}

/// How one call ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// When it began and ended, counted from the start of the traffic.
    pub(crate) began: Duration,
    pub(crate) ended: Duration,
    pub(crate) result: Result<(), Error>,
}

/// Calls the client at these moments, counted from now, whatever becomes of earlier calls; tells of each when it has ended.
pub(crate) async fn traffic(client: &Client, moments: impl Iterator<Item = Duration>, mut tell: impl FnMut(Ended)) {
    let started = Instant::now();
    let (sender, mut ended) = mpsc::unbounded_channel();
    for (number, moment) in (0..).zip(moments) {
        tokio::time::sleep_until(started + moment).await;
        let (client, sender) = (client.clone(), sender.clone());
        tokio::spawn(async move {
            let began = started.elapsed();
            let result = call(&client, number).await;
            // Nobody listens any more: the scenario is over.
            let _ = sender.send(Ended { began, ended: started.elapsed(), result });
        });
        while let Ok(one) = ended.try_recv() {
            tell(one);
        }
    }
    drop(sender);
    while let Some(one) = ended.recv().await {
        tell(one);
    }
}

/// Moments at a steady rate.
pub(crate) fn steady(per_second: f64, duration: Duration) -> impl Iterator<Item = Duration> {
    let count = (per_second * duration.as_secs_f64()).round() as u64;
    (0..count).map(move |index| Duration::from_secs_f64(index as f64 / per_second))
}

/// So many moments at a rate, at random: the pauses between are exponential.
pub(crate) fn at_random(per_second: f64, count: u32, seed: u64) -> impl Iterator<Item = Duration> {
    let (mut rng, mut at) = (fastrand::Rng::with_seed(seed), 0.0);
    (0..count).map(move |_| {
        at += -(1.0 - rng.f64()).ln() / per_second;
        Duration::from_secs_f64(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_known_by_its_number_and_a_probe_by_having_none() {
        assert_eq!(number_of(br#"{"query":"{a}","variables":{"n":4294967295}}"#), Some(u32::MAX));
        assert_eq!(number_of(br#"{"query":"query RateLimit { rateLimitData { limitPerHour } }","variables":{}}"#), None);
    }
}
