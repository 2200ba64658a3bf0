//! A service that answers by script, in memory.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use esologs::transport::{SendFuture, Transport};
use http::{HeaderMap, Method, Request, Uri};
use serde_json::Value;
use tokio::time::Instant;

use super::reply::{Reply, token};

/// Which endpoint a request went to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum To {
    Token,
    Api,
}

/// A request that reached the service.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// When, counted from the start of the script.
    pub(crate) at: Duration,
    pub(crate) to: To,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Whether it was asked in the name of a user.
    pub(crate) fn is_users(&self) -> bool {
        self.uri.path() == "/api/v2/user"
    }

    /// The body of a request to the API.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn variable(&self, name: &str) -> Value {
        self.json()["variables"][name].clone()
    }
}

/// More than any test needs. Without it a client that never gives up would hang the test, as virtual time costs nothing.
const MOST_REQUESTS: usize = 2_000;

type Rule = Arc<dyn Fn(&Seen) -> Reply + Send + Sync>;

/// What the service answers, in order, and what it saw. A clone is the same service.
///
/// An endpoint whose answers are used up falls back on its rule; the token endpoint's hands out `token-1`, `token-2`, …
/// Without a rule, one request more than the script knows fails the test.
#[derive(Clone)]
pub(crate) struct Script(Arc<Mutex<State>>);

struct State {
    started: Instant,
    token: VecDeque<Reply>,
    api: VecDeque<Reply>,
    token_rule: Option<Rule>,
    api_rule: Option<Rule>,
    seen: Vec<Seen>,
    most: usize,
}

impl Script {
    pub(crate) fn new() -> Self {
        let (token, api) = Default::default();
        let state = State {
            started: Instant::now(),
            token,
            api,
            token_rule: None,
            api_rule: None,
            seen: Vec::new(),
            most: MOST_REQUESTS,
        };
        Self(Arc::new(Mutex::new(state)))
    }

    /// Not more than so many requests, where a test makes many.
    pub(crate) fn expecting(self, most: usize) -> Self {
        self.state().most = most;
        self
    }

    /// The next answer of the token endpoint.
    pub(crate) fn token(self, reply: Reply) -> Self {
        self.state().token.push_back(reply);
        self
    }

    /// The next answer of the API.
    pub(crate) fn api(self, reply: Reply) -> Self {
        self.api_times(1, reply)
    }

    /// The next so many answers of the API.
    pub(crate) fn api_times(self, times: usize, reply: Reply) -> Self {
        self.state().api.extend(std::iter::repeat_n(reply, times));
        self
    }

    /// Every answer of the API from here on.
    pub(crate) fn api_always(self, reply: Reply) -> Self {
        self.api_by(move |_| reply.clone())
    }

    /// Answers of the API that depend on the request.
    pub(crate) fn api_by(self, rule: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        self.state().api_rule = Some(Arc::new(rule));
        self
    }

    /// Every answer of the token endpoint from here on.
    pub(crate) fn token_always(self, reply: Reply) -> Self {
        self.token_by(move |_| reply.clone())
    }

    /// Answers of the token endpoint that depend on the request.
    pub(crate) fn token_by(self, rule: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        self.state().token_rule = Some(Arc::new(rule));
        self
    }

    /// Every request so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state().seen.clone()
    }

    /// Requests that reached an endpoint.
    pub(crate) fn seen_by(&self, to: To) -> Vec<Seen> {
        self.seen().into_iter().filter(|seen| seen.to == to).collect()
    }

    /// Number of requests that reached the API: the attempts that cost something.
    pub(crate) fn api_requests(&self) -> usize {
        self.seen_by(To::Api).len()
    }

    pub(crate) fn token_requests(&self) -> usize {
        self.seen_by(To::Token).len()
    }

    /// The pauses between one request to the API and the next.
    pub(crate) fn api_pauses(&self) -> Vec<Duration> {
        let moments: Vec<Duration> = self.seen_by(To::Api).iter().map(|seen| seen.at).collect();
        moments.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    fn note(&self, request: Request<Bytes>) -> Reply {
        let (parts, body) = request.into_parts();
        let to = match parts.uri.path() {
            "/oauth/token" => To::Token,
            "/api/v2/client" | "/api/v2/user" => To::Api,
            other => panic!("a request to {other}, which is no path of the API"),
        };
        let (reply, rule, seen) = {
            let mut state = self.state();
            let at = state.started.elapsed();
            let seen = Seen { at, to, method: parts.method, uri: parts.uri, headers: parts.headers, body };
            state.seen.push(seen.clone());
            assert!(
                state.seen.len() <= state.most,
                "the client asks without end: {} requests, the last at {at:?}",
                state.seen.len()
            );
            match to {
                To::Token => {
                    let number = state.seen.iter().filter(|seen| seen.to == To::Token).count();
                    let next = state.token.pop_front();
                    let rule = state.token_rule.clone();
                    (next.or_else(|| rule.is_none().then(|| token(&format!("token-{number}")))), rule, seen)
                }
                To::Api => (state.api.pop_front(), state.api_rule.clone(), seen),
            }
        };
        match (reply, rule) {
            (Some(reply), _) => reply,
            (None, Some(rule)) => rule(&seen),
            (None, None) => panic!("one request to the API more than the script knows: {}", String::from_utf8_lossy(&seen.body)),
        }
    }
}

impl Transport for Script {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        Box::pin(async move { self.note(request).play().await })
    }
}
