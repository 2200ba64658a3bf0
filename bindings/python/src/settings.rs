//! Settings from Python, as those of the client. Times are seconds.

use std::sync::Arc;
use std::time::Duration;

use esologs::transport::{HttpSettings, HttpTransport, Transport};
use esologs::{AccessToken, Cache, CallPolicy, Client, Credentials, Endpoint, Error, Ledger, MaxWait, Priority};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::carrier::{self, Carrier, LastToken, Manner};
use crate::events;
use crate::foreign::{EventLoop, Foreign};
use crate::limits::{OwnBreaker, OwnBudget, OwnRate};
use crate::process::process;

/// Everything that a client is told once.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Settings {
    base_url: String,
    /// Who asks: id and secret, a token, both (the token is theirs and serves until it is refused), or neither (the environment's).
    credentials: Option<(String, String)>,
    token: Option<String>,
    token_is_a_users: bool,
    headers: Vec<(String, String)>,
    attempt_timeout: f64,
    connect_timeout: Option<f64>,
    read_timeout: Option<f64>,
    write_timeout: Option<f64>,
    slot_timeout: Option<f64>,
    idle_timeout: Option<f64>,
    concurrency: Option<usize>,
    max_idle_connections: Option<usize>,
    max_retries: Option<u32>,
    max_wait: Option<f64>,
    /// Who goes first where points are short; without it, who counts his attempts.
    is_batch: Option<bool>,
    /// Where the account of the points is kept: a folder, or an address of Redis; in memory without.
    ledger: Option<String>,
    /// Under which name spending is listed.
    owner: String,
    /// Where answers are kept: a folder, or nothing in it for memory; nowhere without.
    cache: Option<String>,
    joins_equal_calls: bool,
    breaker: Option<OwnBreaker>,
    retry_budget: Option<OwnBudget>,
    request_rate: Option<OwnRate>,
    transport: Option<Py<PyAny>>,
    token_only: bool,
    on_event: Option<Py<PyAny>>,
}

/// What settings come to.
pub(crate) struct Built {
    pub(crate) client: Client,
    /// Where it stands how a token was answered for last.
    pub(crate) last_token: Arc<std::sync::Mutex<LastToken>>,
    /// Where a transport in Python runs; `None` without one.
    pub(crate) event_loop: Option<EventLoop>,
}

/// How long a call that counts its attempts waits for new points or a server's `Retry-After`, where nothing is said.
const WAIT_OF_COUNTED: Duration = Duration::from_secs(60);

impl Settings {
    pub(crate) fn build(self, py: Python<'_>) -> PyResult<Built> {
        let endpoint = Endpoint::new(&self.base_url).map_err(|error| refuse(&error))?;
        let mut policy = self.policy()?;
        if let Some(budget) = &self.retry_budget {
            policy = budget.set(policy);
        }
        let (inner, event_loop) = self.inner(py, &endpoint, policy.attempt_timeout)?;
        let mut builder = Client::builder().endpoint(endpoint.clone());
        if let Some(breaker) = self.breaker {
            builder = breaker.set(builder, &policy)?;
        }
        builder = builder.policy(policy);
        let mut first_token = None;
        match (self.credentials, self.token) {
            (Some((id, secret)), token) => {
                builder = builder.credentials(Credentials::new(id, secret).map_err(|error| refuse(&error))?);
                first_token = token;
            }
            (None, Some(token)) => {
                let token = AccessToken::new(token, "the Authorization header").map_err(|error| refuse(&error))?;
                builder = if self.token_is_a_users { builder.user_token(token) } else { builder.token(token) };
            }
            (None, None) => {}
        }
        let headers = carrier::headers(&self.headers).map_err(PyValueError::new_err)?;
        let manner = Manner { headers, first_token, token_only: self.token_only };
        let carrier = Carrier::new(inner, manner);
        let last_token = Arc::clone(&carrier.last_token);
        builder = builder.ledger(self.ledger.map_or_else(Ledger::in_memory, ledger).owner(self.owner));
        if let Some(cache) = self.cache.map(cache) {
            builder = builder.cache(cache);
        }
        if !self.joins_equal_calls {
            builder = builder.without_single_flight();
        }
        if let Some(tell) = self.on_event {
            builder = builder.on_event(events::teller(tell, &process(py)?.ends));
        }
        // A simulator, or a test's own answers: the real service alone has to be spared bursts.
        let is_a_test = endpoint.is_loopback() || event_loop.is_some();
        builder = match self.request_rate {
            Some(rate) => rate.set(builder),
            None if is_a_test => builder.request_rate_as_told(),
            None => builder,
        };
        let client = builder.transport(carrier).build().map_err(|error| refuse(&error))?;
        Ok(Built { client, last_token, event_loop })
    }

    /// `max_retries` is kept exactly; without it a call is patient.
    fn policy(&self) -> PyResult<CallPolicy> {
        let max_wait = self.max_wait.map(|wait| seconds("max_wait", wait)).transpose()?;
        let policy = match self.max_retries {
            Some(retries) => {
                let policy = CallPolicy::interactive().attempts(retries.saturating_add(1));
                let wait = max_wait.unwrap_or(WAIT_OF_COUNTED);
                CallPolicy { deadline: None, max_wait: MaxWait { points: wait, ..policy.max_wait }, ..policy }
            }
            None => max_wait.map_or_else(CallPolicy::batch, |wait| CallPolicy::batch().patient(wait)),
        };
        let priority = match self.is_batch {
            Some(true) => Priority::Batch,
            Some(false) => Priority::Interactive,
            None => policy.priority,
        };
        let attempt_timeout = seconds("timeout", self.attempt_timeout)?;
        let slot_timeout = self.slot_timeout.map(|time| seconds("pool", time)).transpose()?;
        Ok(CallPolicy { priority, attempt_timeout, slot_timeout, concurrency: self.concurrency.unwrap_or(CONCURRENCY), ..policy })
    }

    fn inner(
        &self,
        py: Python<'_>,
        endpoint: &Endpoint,
        attempt_timeout: Duration,
    ) -> PyResult<(Arc<dyn Transport>, Option<EventLoop>)> {
        if let Some(transport) = &self.transport {
            let event_loop = EventLoop::default();
            return Ok((Arc::new(Foreign::new(transport.clone_ref(py), event_loop.clone())), Some(event_loop)));
        }
        let time = |name: &str, time: Option<f64>| time.map(|time| seconds(name, time)).transpose();
        let default = HttpSettings::default();
        let settings = HttpSettings {
            connect_timeout: time("connect", self.connect_timeout)?.unwrap_or(default.connect_timeout),
            // The attempt's time-out comes first where these are longer.
            read_timeout: time("read", self.read_timeout)?.filter(|time| *time < attempt_timeout),
            write_timeout: time("write", self.write_timeout)?.filter(|time| *time < attempt_timeout),
            idle_timeout: time("keepalive_expiry", self.idle_timeout)?.unwrap_or(default.idle_timeout),
            max_idle_connections: self.max_idle_connections.unwrap_or(default.max_idle_connections),
            use_system_proxy: default.use_system_proxy && !endpoint.is_loopback(),
            ..default
        };
        let transport = HttpTransport::new(&settings).map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok((Arc::new(transport), None))
    }
}

/// The most calls of a client on their way at once, where nothing is said.
const CONCURRENCY: usize = 16;

/// The account at this place.
fn ledger(place: String) -> Ledger {
    if place.starts_with("redis://") { Ledger::in_redis(place) } else { Ledger::in_folder(place) }
}

fn cache(place: String) -> Cache {
    if place.is_empty() { Cache::in_memory() } else { Cache::in_folder(place) }
}

pub(crate) fn seconds(name: &str, seconds: f64) -> PyResult<Duration> {
    let refuse = |_| PyValueError::new_err(format!("{name}: {seconds} is no time in seconds"));
    Duration::try_from_secs_f64(seconds).map_err(refuse)
}

pub(crate) fn refuse(error: &Error) -> PyErr {
    let hint = error.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
    PyValueError::new_err(format!("{error}{hint}"))
}
