//! A transport written in Python, as a transport.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use esologs::transport::{SendFuture, Transport, TransportError, TransportErrorKind};
use http::{Request, Response};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3_async_runtimes::{TaskLocals, into_future_with_locals};

/// A Python function `(method, url, headers, body)` whose awaitable brings `(status, headers, body)`, or in place of the
/// status the name of what went wrong, and the words in place of the body.
pub(crate) struct Foreign {
    send: Py<PyAny>,
    event_loop: EventLoop,
}

/// The event loop of the last call. What the client asks behind its calls, a token for instance, runs on that.
#[derive(Clone, Default)]
pub(crate) struct EventLoop(Arc<Mutex<Option<TaskLocals>>>);

impl EventLoop {
    /// The one that is running now.
    pub(crate) fn remember(&self, py: Python<'_>) -> PyResult<()> {
        let running = TaskLocals::with_running_loop(py)?.copy_context(py)?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
        Ok(())
    }

    fn last(&self) -> Option<TaskLocals> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[derive(FromPyObject)]
enum Outcome {
    Answered(u16, Vec<(String, String)>, Vec<u8>),
    Failed(String, String),
}

impl Foreign {
    pub(crate) fn new(send: Py<PyAny>, event_loop: EventLoop) -> Self {
        Self { send, event_loop }
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let (parts, body) = request.into_parts();
        let headers: Vec<(String, String)> = parts
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect();
        let answer = Python::attach(|py| {
            let arguments = (parts.method.as_str(), parts.uri.to_string(), headers, PyBytes::new(py, &body));
            let event_loop = self.event_loop.last().ok_or_else(|| PyRuntimeError::new_err("it needs an event loop"))?;
            into_future_with_locals(&event_loop, self.send.bind(py).call1(arguments)?)
        });
        let brought = answer.map_err(|error| broken(&error))?.await.map_err(|error| broken(&error))?;
        match Python::attach(|py| brought.extract::<Outcome>(py)).map_err(|error| broken(&error))? {
            Outcome::Failed(what, words) => Err(TransportError::new(kind(&what), words)),
            Outcome::Answered(status, headers, body) => {
                let mut answer = Response::builder().status(status);
                for (name, value) in headers {
                    answer = answer.header(name, value);
                }
                answer.body(body.into()).map_err(|error| {
                    TransportError::new(TransportErrorKind::BodyBroken, "the transport brought an answer that is no HTTP")
                        .with_source(error)
                })
            }
        }
    }
}

impl Transport for Foreign {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        Box::pin(self.exchange(request))
    }
}

fn kind(what: &str) -> TransportErrorKind {
    match what {
        "connect" => TransportErrorKind::Connect,
        "timed_out" => TransportErrorKind::TimedOut,
        "closed" => TransportErrorKind::ClosedBeforeHeaders,
        _ => TransportErrorKind::InvalidRequest,
    }
}

/// An exception that the Python side did not foresee: a mistake, not trouble of the network.
fn broken(error: &PyErr) -> TransportError {
    TransportError::new(TransportErrorKind::InvalidRequest, format!("the transport in Python failed: {error}"))
}
