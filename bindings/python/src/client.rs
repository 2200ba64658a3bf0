//! The client handle.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use esologs::{Client, Error, PointsView, QueryAnswer};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::foreign::EventLoop;
use crate::points;
use crate::settings::{Built, Settings};

/// A client. Calls that are on their way at once share its connections, token, breaker and points.
#[pyclass(frozen, module = "esologs._core")]
pub(crate) struct Core {
    client: Client,
    last_token: Arc<Mutex<Option<String>>>,
    /// Where a transport in Python runs.
    event_loop: Option<EventLoop>,
}

#[pymethods]
impl Core {
    #[new]
    fn new(settings: Settings) -> PyResult<Self> {
        let Built { client, last_token, event_loop } = settings.build()?;
        Ok(Self { client, last_token, event_loop })
    }

    /// Sends a query; an awaitable of its `Answer`. Cancelling the awaitable abandons the call. Where it has to be `whole`, an answer
    /// that lacks a field has failed.
    fn execute<'py>(&self, py: Python<'py>, document: String, variables: &[u8], whole: bool) -> PyResult<Bound<'py, PyAny>> {
        if let Some(event_loop) = &self.event_loop {
            event_loop.remember(py)?;
        }
        let (client, variables) = (self.client.clone(), read(variables)?);
        pyo3_async_runtimes::tokio::future_into_py(py, async move {
            Ok(Answer::from(ask(&client, &document, variables, whole).await))
        })
    }

    /// Sends a query and waits for its `Answer`; other Python threads run meanwhile.
    fn execute_blocking(&self, py: Python<'_>, document: &str, variables: &[u8], whole: bool) -> PyResult<Answer> {
        let variables = read(variables)?;
        wait(py, ask(&self.client, document, variables, whole)).map(Answer::from)
    }

    /// How the points stand, as JSON; an awaitable of it. `None` where nothing plans with them.
    fn points<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let client = self.client.clone();
        pyo3_async_runtimes::tokio::future_into_py(py, async move { Ok(told(client.points().await)) })
    }

    /// The same, waited for.
    fn points_blocking(&self, py: Python<'_>) -> PyResult<Option<String>> {
        wait(py, self.client.points()).map(told)
    }

    /// Fetches a token and waits for it. The client has to be made with `token_only`.
    fn fetch_token(&self, py: Python<'_>) -> PyResult<(Option<String>, Answer)> {
        let answer = self.execute_blocking(py, "query Token { rateLimitData { limitPerHour } }", b"{}", false)?;
        Ok((self.last_token.lock().unwrap_or_else(PoisonError::into_inner).clone(), answer))
    }
}

/// How long a call that is waited for does not look whether somebody pressed Ctrl-C.
const BETWEEN_SIGNALS: Duration = Duration::from_millis(100);

async fn ask(client: &Client, document: &str, variables: Map<String, Value>, whole: bool) -> Result<QueryAnswer, Error> {
    if whole { client.query_whole(document, variables).await } else { client.query(document, variables).await }
}

/// Waits for what a call brings; other Python threads run meanwhile.
fn wait<T: Send>(py: Python<'_>, call: impl Future<Output = T> + Send) -> PyResult<T> {
    let runtime = pyo3_async_runtimes::tokio::get_runtime();
    let mut call = Box::pin(call);
    loop {
        match py.detach(|| runtime.block_on(async { tokio::time::timeout(BETWEEN_SIGNALS, &mut call).await })) {
            Ok(brought) => return Ok(brought),
            // A patient call can wait for an hour; Ctrl-C abandons it.
            Err(_) => py.check_signals()?,
        }
    }
}

fn told(view: Option<PointsView>) -> Option<String> {
    view.map(|view| points::view(&view).to_string())
}

fn read(variables: &[u8]) -> PyResult<Map<String, Value>> {
    serde_json::from_slice(variables).map_err(|error| PyValueError::new_err(format!("the variables are no JSON object: {error}")))
}
