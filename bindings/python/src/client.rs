//! The client handle.

use std::sync::{Arc, Mutex, PoisonError};

use esologs::export::EventOrigin;
use esologs::{AnyCall, Client, Error, EventDataType, PointsView, QueryAnswer, ReportCode, UnixMillis};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::arrow::ArrowEvents;
use crate::carrier::LastToken;
use crate::event_pages::EventPages;
use crate::flight::{Flight, depart};
use crate::foreign::EventLoop;
use crate::points;
use crate::process::{Process, process};
use crate::settings::{Built, Settings, refuse};
use crate::waiting::wait;

/// A client. Calls that are on their way at once share its connections, token, breaker and points.
#[pyclass(frozen, module = "esologs._core")]
pub(crate) struct Core {
    client: Client,
    last_token: Arc<Mutex<LastToken>>,
    /// Where a transport in Python runs.
    event_loop: Option<EventLoop>,
    _presence: Arc<Presence>,
}

#[pymethods]
impl Core {
    #[new]
    fn new(py: Python<'_>, settings: Settings) -> PyResult<Self> {
        let Built { client, last_token, event_loop } = settings.build(py)?;
        if let Some(event_loop) = &event_loop {
            // Whoever waits for his calls makes the client on the loop that is to run its transport; others name theirs with each call.
            let _ = event_loop.remember(py);
        }
        let presence = Arc::new(Presence { client: client.clone(), process: process(py)? });
        Ok(Self { client, last_token, event_loop, _presence: presence })
    }

    /// Sends a query; on its way is its `Answer`. Where it has to be `whole`, an answer that lacks a field has failed; where it will be
    /// loaded `as_objects`, it is read for that before it comes.
    fn execute(&self, py: Python<'_>, document: String, variables: &[u8], whole: bool, as_objects: bool) -> PyResult<Flight> {
        if let Some(event_loop) = &self.event_loop {
            event_loop.remember(py)?;
        }
        let (client, variables) = (self.client.clone(), read(variables)?);
        depart(py, async move {
            let answer = Answer::from(ask(&client, &document, variables, whole).await);
            Ok(if as_objects { answer.read().await } else { answer })
        })
    }

    /// Sends a query and waits for its `Answer`; other Python threads run meanwhile.
    fn execute_blocking(&self, py: Python<'_>, document: &str, variables: &[u8], whole: bool) -> PyResult<Answer> {
        let variables = read(variables)?;
        wait(py, ask(&self.client, document, variables, whole)).map(Answer::from)
    }

    /// The same client, whose calls use what is kept in another way.
    fn using_cache(&self, how: &str) -> PyResult<Self> {
        let client = match how {
            "without_cache" => self.client.without_cache(),
            "refreshing" => self.client.refreshing(),
            "never_stale" => self.client.never_stale(),
            "only_cached" => self.client.only_cached(),
            _ => return Err(PyValueError::new_err(format!("there is no way {how:?} to use a cache"))),
        };
        let (last_token, event_loop) = (Arc::clone(&self.last_token), self.event_loop.clone());
        Ok(Self { client, last_token, event_loop, _presence: Arc::clone(&self._presence) })
    }

    /// How the points stand, as JSON: it is on its way. `None` where nothing plans with them.
    fn points(&self, py: Python<'_>) -> PyResult<Flight> {
        let client = self.client.clone();
        depart(py, async move { Ok(told(client.points().await)) })
    }

    /// The same, waited for.
    fn points_blocking(&self, py: Python<'_>) -> PyResult<Option<String>> {
        wait(py, self.client.points()).map(told)
    }

    /// Events of a report as Arrow. `stream` names what is asked for, `start` is the report's, in milliseconds since 1970.
    #[pyo3(signature = (code, variables, stream, start))]
    fn events(&self, code: &str, variables: &[u8], stream: &str, start: Option<f64>) -> PyResult<ArrowEvents> {
        let code: ReportCode = code.parse().map_err(|error: Error| refuse(&error))?;
        let mut origin = EventOrigin::new(&code, stream);
        if let Some(start) = start {
            origin = origin.started_at(UnixMillis::new(start as i64));
        }
        let mut events = self.client.report(code).events(EventDataType::All);
        for (variable, value) in read(variables)? {
            if let ("hostilityType", Value::String(side)) = (variable.as_str(), &value) {
                origin = origin.hostility(&side.to_lowercase());
            }
            let method =
                AnyCall::info(&events).parameters.iter().find(|known| known.variable == variable).map(|known| known.method);
            events.set(method.unwrap_or(&variable), &value).map_err(|error| refuse(&error))?;
        }
        let pages = EventPages::new(events, &origin).map_err(PyValueError::new_err)?;
        Ok(ArrowEvents::new(pages, self.event_loop.clone()))
    }

    /// How the breaker stands; `None` without one.
    #[getter]
    fn breaker_state(&self) -> Option<&'static str> {
        self.client.breaker().map(|breaker| breaker.state().name())
    }

    /// Fetches a token and waits for it; says how the token endpoint answered last, and why the call failed, where it did. The
    /// client has to be made with `token_only`.
    fn fetch_token(&self, py: Python<'_>) -> PyResult<(Option<String>, Option<u16>, Answer)> {
        let answer = self.execute_blocking(py, "query Token { rateLimitData { limitPerHour } }", b"{}", false)?;
        let LastToken { token, status } = self.last_token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok((token, status, answer))
    }
}

/// That a client is there. Handles that use the cache in another way are the same client, which goes with the last of them.
struct Presence {
    client: Client,
    /// Where it was made: a process that is forked later does not end it.
    process: &'static Process,
}

impl Drop for Presence {
    /// Who shares the ledger is told at once that this client is not there any more, and what it has learned of costs is kept.
    fn drop(&mut self) {
        let client = self.client.clone();
        self.process.runtime.spawn(async move { client.leave().await });
    }
}

async fn ask(client: &Client, document: &str, variables: Map<String, Value>, whole: bool) -> Result<QueryAnswer, Error> {
    if whole { client.query_whole(document, variables).await } else { client.query(document, variables).await }
}

fn told(view: Option<PointsView>) -> Option<String> {
    view.map(|view| points::view(&view).to_string())
}

fn read(variables: &[u8]) -> PyResult<Map<String, Value>> {
    serde_json::from_slice(variables).map_err(|error| PyValueError::new_err(format!("the variables are no JSON object: {error}")))
}
