//! What a call brought: how its last attempt was answered, and why it is none where it failed.

use esologs::{Error, Fallback, GraphqlError, QueryAnswer};
use pyo3::prelude::*;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::recording::Recorded;

/// The answer to the last attempt, and the failure of the call where it failed.
#[pyclass(frozen, module = "esologs._core")]
#[derive(Debug)]
pub(crate) struct Answer {
    /// `None` where no answer came, or the call was not sent.
    #[pyo3(get)]
    status: Option<u16>,
    #[pyo3(get)]
    headers: Vec<(String, String)>,
    #[pyo3(get)]
    body: Vec<u8>,
    #[pyo3(get)]
    failure: Option<Py<Failure>>,
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

/// `data` to the letter, and what is missing in it.
#[derive(Serialize)]
struct Envelope<'a> {
    data: &'a RawValue,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [GraphqlError],
}

impl Answer {
    pub(crate) fn of(py: Python<'_>, result: Result<QueryAnswer, Error>, recorded: Recorded) -> PyResult<Self> {
        let headers = recorded.headers();
        match result {
            Ok(QueryAnswer { data, errors, .. }) => {
                let body = serde_json::to_vec(&Envelope { data: &data, errors: &errors });
                let body = body.map_err(|error| pyo3::exceptions::PyValueError::new_err(error.to_string()))?;
                Ok(Self { status: Some(200), headers, body, failure: None })
            }
            Err(error) => {
                let failure = Failure::of(&error, recorded.timed_out_connecting);
                let (status, body) = recorded
                    .answer
                    .map_or((None, Vec::new()), |answer| (Some(answer.status().as_u16()), answer.into_body().into()));
                Ok(Self { status, headers, body, failure: Some(Py::new(py, failure)?) })
            }
        }
    }
}

impl Failure {
    fn of(error: &Error, timed_out_connecting: bool) -> Self {
        Self {
            message: error.to_string(),
            hint: error.hint().map(str::to_owned),
            failure_class: error.class().map(|class| class.name()),
            kind: error.kind().name(),
            timed_out_connecting,
            attempts: error.attempts(),
            elapsed: error.elapsed().as_secs_f64(),
            retry_at: error.retry_at().map(|at| at.get() as f64 / 1000.0),
            is_retryable: error.is_retryable(),
            is_trouble: Fallback::in_trouble().stands_in_for(error),
        }
    }
}
