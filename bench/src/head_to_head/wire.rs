//! The service that every contender asks: in memory, answering by a rule, counting what reaches it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode};
use tokio::time::Instant;

pub(super) const GOOD: &str =
    r#"{"data":{"rateLimitData":{"limitPerHour":18000000000,"pointsSpentThisHour":123.5,"pointsResetIn":1800}}}"#;
const INTERNAL: &str = r#"{"errors":[{"message":"Internal server error","path":["rateLimitData"]}],"data":null}"#;
const PAGE: &str = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body>Back soon.</body></html>";

/// How the service answers one request.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    Good,
    /// The good answer, after so long.
    Slow(Duration),
    Status(u16),
    /// A 503 after so long.
    SlowFailure(Duration),
    /// The connection is reset before the headers.
    Reset,
    /// 200, and the body ends early.
    Cut,
    /// 200 with an error of the API inside.
    Internal,
    /// 200 with a page instead of JSON.
    Page,
    /// 429 with this `Retry-After`.
    Throttled(String),
    /// The token is not accepted.
    Unauthorized,
    /// Nothing, for ever.
    Hang,
}

/// What comes back from the service.
#[derive(Debug)]
pub(super) enum Arrived {
    /// A whole answer.
    Whole(Response<Bytes>),
    /// Status and headers; the body breaks off.
    Broken(Response<Bytes>),
    /// The connection was reset.
    Reset,
}

/// A request that reached the API.
#[derive(Debug, Clone)]
pub(super) struct Request {
    /// Number of the request, from 0.
    pub(super) number: usize,
    /// When, in the scenario's time.
    pub(super) at: Duration,
    /// The token it came with, where the contender has tokens.
    pub(super) token: Option<String>,
}

type Rule = Arc<dyn Fn(&Request) -> Reply + Send + Sync>;

/// The service. Clones are the same one.
#[derive(Clone)]
pub(super) struct Wire(Arc<Inner>);

struct Inner {
    started: Instant,
    /// How many seconds of the scenario pass in one second of tokio's clock.
    scale: u32,
    rule: Mutex<Rule>,
    seen: Mutex<Vec<Duration>>,
    tokens: Mutex<usize>,
}

impl Wire {
    pub(super) fn new(scale: u32, rule: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let inner = Inner {
            started: Instant::now(),
            scale,
            rule: Mutex::new(Arc::new(rule)),
            seen: Mutex::default(),
            tokens: Mutex::default(),
        };
        Self(Arc::new(inner))
    }

    /// Another rule from now on.
    pub(super) fn answer_by(&self, rule: impl Fn(&Request) -> Reply + Send + Sync + 'static) {
        *lock(&self.0.rule) = Arc::new(rule);
    }

    /// The scenario's time.
    pub(super) fn now(&self) -> Duration {
        self.0.started.elapsed() * self.0.scale
    }

    /// Waits for so long in the scenario's time.
    pub(super) async fn sleep(&self, time: Duration) {
        tokio::time::sleep(self.scaled(time)).await;
    }

    /// Waits until this moment of the scenario.
    pub(super) async fn sleep_until(&self, moment: Duration) {
        tokio::time::sleep_until(self.0.started + self.scaled(moment)).await;
    }

    /// A time of the scenario on tokio's clock.
    pub(super) fn scaled(&self, time: Duration) -> Duration {
        time / self.0.scale
    }

    /// Requests that reached the API so far.
    pub(super) fn requests(&self) -> usize {
        lock(&self.0.seen).len()
    }

    /// When they came.
    pub(super) fn moments(&self) -> Vec<Duration> {
        lock(&self.0.seen).clone()
    }

    /// Requests for a token so far.
    pub(super) fn token_requests(&self) -> usize {
        *lock(&self.0.tokens)
    }

    /// A new token: `token-1`, `token-2`, …
    pub(super) async fn token(&self) -> String {
        self.sleep(Duration::from_millis(50)).await;
        let mut tokens = lock(&self.0.tokens);
        *tokens += 1;
        format!("token-{tokens}")
    }

    /// One request to the API.
    pub(super) async fn ask(&self, token: Option<String>) -> Arrived {
        let at = self.now();
        let number = {
            let mut seen = lock(&self.0.seen);
            seen.push(at);
            seen.len() - 1
        };
        let rule = Arc::clone(&lock(&self.0.rule));
        let reply = rule(&Request { number, at, token });
        match reply {
            Reply::Good => Arrived::Whole(response(200, GOOD)),
            Reply::Slow(time) => {
                self.sleep(time).await;
                Arrived::Whole(response(200, GOOD))
            }
            Reply::Status(status) => Arrived::Whole(response(status, PAGE)),
            Reply::SlowFailure(time) => {
                self.sleep(time).await;
                Arrived::Whole(response(503, PAGE))
            }
            Reply::Reset => Arrived::Reset,
            Reply::Cut => Arrived::Broken(response(200, &GOOD[..GOOD.len() / 2])),
            Reply::Internal => Arrived::Whole(response(200, INTERNAL)),
            Reply::Page => Arrived::Whole(response(200, PAGE)),
            Reply::Throttled(after) => {
                let mut response = response(429, r#"{"error":"Too Many Requests"}"#);
                if let Ok(value) = after.parse() {
                    response.headers_mut().insert(http::header::RETRY_AFTER, value);
                }
                Arrived::Whole(response)
            }
            Reply::Unauthorized => Arrived::Whole(response(401, r#"{"error":"Unauthenticated."}"#)),
            Reply::Hang => std::future::pending().await,
        }
    }
}

fn response(status: u16, body: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::copy_from_slice(body.as_bytes()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    response
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
