//! What a call brought: how its last attempt was answered, and why it is none where it failed. Made into Python's objects when it is
//! looked at, and only what is looked at.

use esologs::transport::{Obstacle, TransportError};
use esologs::{Error, Fallback, GraphqlError, QueryAnswer, Served, StaleCause, UnixMillis};
use http::HeaderMap;
use http::header::{AGE, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, TRANSFER_ENCODING};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::json::{self, Tape};

/// The answer to the last attempt, and the failure of the call where it failed.
#[pyclass(frozen, module = "esologs._core")]
#[derive(Debug)]
pub(crate) struct Answer {
    result: Result<QueryAnswer, Error>,
    /// `data` as it was read, where objects will be made of it.
    tape: Option<Tape>,
}

/// Why a call failed.
#[pyclass(frozen, get_all, module = "esologs._core")]
#[derive(Debug)]
pub(crate) struct Failure {
    /// What happened, after how many attempts, in words.
    message: String,
    /// What to do now.
    hint: Option<String>,
    /// How the last attempt failed: a row of the classification table.
    failure_class: Option<&'static str>,
    kind: &'static str,
    /// Where the connection was not made in time.
    timed_out_connecting: bool,
    attempts: u32,
    elapsed: f64,
    /// Seconds since 1970.
    retry_at: Option<f64>,
    is_retryable: bool,
    /// Whether something older may stand in for what was asked: the service or the way to it is in trouble.
    is_trouble: bool,
}

/// Where an answer comes from.
#[pyclass(frozen, get_all, module = "esologs._core", name = "Served")]
#[derive(Debug)]
pub(crate) struct ServedFrom {
    /// `fresh`, `cached` or `stale`.
    state: &'static str,
    /// Seconds since the service gave it.
    age: f64,
    /// Why it is shown although it is stale: `refreshing`, or the kind of the failure.
    cause: Option<&'static str>,
    /// The failure that it stands in for.
    failure: Option<Py<Failure>>,
    /// When it makes sense to ask for a newer one, in seconds since 1970.
    retry_at: Option<f64>,
}

/// `data` to the letter, and what is missing in it.
#[derive(Serialize)]
struct Envelope<'a> {
    data: &'a RawValue,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [GraphqlError],
}

impl From<Result<QueryAnswer, Error>> for Answer {
    fn from(result: Result<QueryAnswer, Error>) -> Self {
        Self { result, tape: None }
    }
}

impl Answer {
    /// The same, read for [`load`](Self::load), which then has to make the objects only.
    pub(crate) async fn read(self) -> Self {
        match self.whole().map(str::len) {
            None => self,
            Some(..json::SHORT) => self.with_tape(),
            // Other calls go on meanwhile.
            Some(_) => match tokio::task::spawn_blocking(move || self.with_tape()).await {
                Ok(read) => read,
                Err(broken) => std::panic::resume_unwind(broken.into_panic()),
            },
        }
    }

    fn with_tape(self) -> Self {
        // It is JSON, or it would be no answer.
        let tape = self.whole().and_then(|data| Tape::read(data).ok());
        Self { tape, ..self }
    }

    /// `data`, where the call succeeded and nothing is missing in it.
    fn whole(&self) -> Option<&str> {
        self.result.as_ref().ok().filter(|answer| answer.errors.is_empty()).map(|answer| answer.data.get())
    }
}

#[pymethods]
impl Answer {
    /// `None` where no answer came, or the call was not sent.
    #[getter]
    fn status(&self) -> Option<u16> {
        match &self.result {
            Ok(_) => Some(200),
            Err(error) => error.answer().map(|answer| answer.status().as_u16()),
        }
    }

    #[getter]
    fn headers(&self) -> Vec<(String, String)> {
        match &self.result {
            // An equal call may have brought it, or an earlier one, so what else it came with is not told.
            Ok(QueryAnswer { served, .. }) => vec![
                (CONTENT_TYPE.as_str().to_owned(), "application/json".to_owned()),
                (AGE.as_str().to_owned(), served.age().as_secs().to_string()),
            ],
            Err(error) => error.answer().map_or_else(Vec::new, |answer| plain(answer.headers())),
        }
    }

    #[getter]
    fn body<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        match &self.result {
            Ok(QueryAnswer { data, errors, .. }) => {
                let body = py.detach(|| serde_json::to_vec(&Envelope { data, errors }));
                body.map(|body| PyBytes::new(py, &body)).map_err(|error| PyValueError::new_err(error.to_string()))
            }
            Err(error) => Ok(PyBytes::new(py, error.answer().map_or(&[], |answer| answer.body()))),
        }
    }

    #[getter]
    fn failure(&self) -> Option<Failure> {
        self.result.as_ref().err().map(Failure::of)
    }

    #[getter]
    fn served(&self, py: Python<'_>) -> PyResult<Option<ServedFrom>> {
        self.result.as_ref().ok().map(|answer| ServedFrom::of(py, &answer.served)).transpose()
    }

    /// The JSON of `data` to the letter, where the call succeeded and nothing is missing in it.
    #[getter]
    fn data<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.whole().map(|data| PyBytes::new(py, data.as_bytes()))
    }

    /// The same as objects.
    fn load(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let Some(data) = self.whole() else { return Ok(None) };
        match &self.tape {
            Some(tape) => json::objects(py, tape, data),
            None => json::loads(py, data.as_bytes()),
        }
        .map(Some)
    }
}

impl Failure {
    fn of(error: &Error) -> Self {
        Self {
            message: error.to_string(),
            hint: error.hint().map(str::to_owned),
            failure_class: error.class().map(|class| class.name()),
            kind: error.kind().name(),
            timed_out_connecting: obstacle(error) == Some(Obstacle::NoAnswer),
            attempts: error.attempts(),
            elapsed: error.elapsed().as_secs_f64(),
            retry_at: error.retry_at().map(seconds),
            is_retryable: error.is_retryable(),
            is_trouble: Fallback::in_trouble().stands_in_for(error),
        }
    }
}

impl ServedFrom {
    fn of(py: Python<'_>, served: &Served) -> PyResult<Self> {
        let (cause, retry_at) = match served {
            Served::Stale { cause, retry_at, .. } => (Some(cause), *retry_at),
            _ => (None, None),
        };
        let failure = match cause {
            Some(StaleCause::Failed(error)) => Some(Py::new(py, Failure::of(error))?),
            _ => None,
        };
        let age = served.age().as_secs_f64();
        Ok(Self { state: served.name(), age, cause: cause.map(StaleCause::name), failure, retry_at: retry_at.map(seconds) })
    }
}

fn obstacle(error: &Error) -> Option<Obstacle> {
    std::error::Error::source(error)?.downcast_ref::<TransportError>()?.obstacle()
}

/// Seconds since 1970.
pub(crate) fn seconds(moment: UnixMillis) -> f64 {
    moment.get() as f64 / 1000.0
}

/// Headers as text; those that tell of the bytes on the wire are not true any more.
fn plain(headers: &HeaderMap) -> Vec<(String, String)> {
    const OF_THE_WIRE: [HeaderName; 3] = [CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING];
    let headers = headers.iter().filter(|(name, _)| !OF_THE_WIRE.contains(name));
    headers.filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))).collect()
}
