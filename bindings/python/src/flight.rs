//! Calls on their way for an event loop. What they bring is laid down, and the loop is woken once for all that lies there: no other
//! thread takes the interpreter's lock, which would cost each call more than the call.

use std::future::Future;
#[cfg(unix)]
use std::io::{Read as _, Write as _};
#[cfg(unix)]
use std::os::{fd::AsRawFd as _, unix::net::UnixStream};
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::{PyNotImplementedError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyAny, PyWeakrefReference};
use pyo3::{IntoPyObjectExt as _, intern};
use tokio::task::AbortHandle;

use crate::process::process;

/// What becomes of a future.
type Outcome = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send>;

/// A call on its way.
#[pyclass(frozen, module = "esologs._core")]
pub(crate) struct Flight {
    /// The event loop's own.
    #[pyo3(get)]
    future: Py<PyAny>,
    task: AbortHandle,
}

#[pymethods]
impl Flight {
    /// Nobody waits for it any more. Nothing happens where it has ended.
    fn abandon(&self) {
        self.task.abort();
    }
}

/// Sends this on its way; what it brings comes to the event loop that is running.
pub(crate) fn depart<T>(py: Python<'_>, work: impl Future<Output = PyResult<T>> + Send + 'static) -> PyResult<Flight>
where
    T: for<'py> IntoPyObject<'py> + Send + 'static,
{
    let runtime = &process(py)?.runtime;
    let (event_loop, arrivals) = Arrivals::of_running_loop(py)?;
    let future = event_loop.call_method0(intern!(py, "create_future"))?.unbind();
    let landing = Landing { arrivals: Arc::clone(&arrivals.get().0), future: Some(future.clone_ref(py)) };
    let task = runtime.spawn(async move {
        let brought = work.await;
        landing.of(Box::new(move |py| brought?.into_py_any(py)));
    });
    Ok(Flight { future, task: task.abort_handle() })
}

/// Where a call comes down, whatever becomes of it.
struct Landing {
    arrivals: Arc<Shared>,
    future: Option<Py<PyAny>>,
}

impl Landing {
    fn of(mut self, outcome: Outcome) {
        if let Some(future) = self.future.take() {
            self.arrivals.lay_down(future, outcome);
        }
    }
}

impl Drop for Landing {
    /// It was abandoned, so nobody looks any more; or it broke off, and who waits must not wait for ever.
    fn drop(&mut self) {
        if let Some(future) = self.future.take() {
            let broke_off = || PyRuntimeError::new_err("the call broke off inside; this is a bug of esologs, please report it");
            self.arrivals.lay_down(future, Box::new(move |_| Err(broke_off())));
        }
    }
}

/// What has come down for an event loop.
#[pyclass(frozen, module = "esologs._core")]
pub(crate) struct Arrivals(Arc<Shared>);

struct Shared {
    arrived: Mutex<Vec<(Py<PyAny>, Outcome)>>,
    bell: Bell,
}

/// How the event loop is told that something lies there.
enum Bell {
    /// It reads the one end, the other is written to.
    #[cfg(unix)]
    Socket { ringing: UnixStream, heard: UnixStream },
    /// It is called, which takes the interpreter's lock: loops that read no sockets of others, as on Windows.
    Call(Py<PyWeakrefReference>),
}

impl Arrivals {
    fn of_running_loop(py: Python<'_>) -> PyResult<(Bound<'_, PyAny>, Bound<'_, Self>)> {
        static RUNNING: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        static KNOWN: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let event_loop = RUNNING.import(py, "asyncio", "get_running_loop")?.call0()?;
        let make_known = || PyResult::Ok(py.import("weakref")?.call_method0("WeakKeyDictionary")?.unbind());
        let known = KNOWN.get_or_try_init(py, make_known)?.bind(py);
        let arrivals = known.call_method1(intern!(py, "get"), (&event_loop,))?;
        if let Ok(arrivals) = arrivals.cast_into::<Self>() {
            return Ok((event_loop, arrivals));
        }
        let arrivals = Self::listening(&event_loop)?;
        known.set_item(&event_loop, &arrivals)?;
        Ok((event_loop, arrivals))
    }

    #[cfg(unix)]
    fn listening<'py>(event_loop: &Bound<'py, PyAny>) -> PyResult<Bound<'py, Self>> {
        let (ringing, heard) = UnixStream::pair()?;
        ringing.set_nonblocking(true)?;
        heard.set_nonblocking(true)?;
        let file = heard.as_raw_fd();
        let arrivals = Self::with(event_loop.py(), Bell::Socket { ringing, heard })?;
        let take = arrivals.getattr("take")?;
        match event_loop.call_method1("add_reader", (file, take)) {
            Ok(_) => Ok(arrivals),
            Err(error) if error.is_instance_of::<PyNotImplementedError>(event_loop.py()) => Self::called(event_loop),
            Err(error) => Err(error),
        }
    }

    #[cfg(not(unix))]
    fn listening<'py>(event_loop: &Bound<'py, PyAny>) -> PyResult<Bound<'py, Self>> {
        Self::called(event_loop)
    }

    fn called<'py>(event_loop: &Bound<'py, PyAny>) -> PyResult<Bound<'py, Self>> {
        Self::with(event_loop.py(), Bell::Call(PyWeakrefReference::new(event_loop)?.unbind()))
    }

    fn with(py: Python<'_>, bell: Bell) -> PyResult<Bound<'_, Self>> {
        Bound::new(py, Self(Arc::new(Shared { arrived: Mutex::default(), bell })))
    }
}

#[pymethods]
impl Arrivals {
    /// Gives what has come down to those who wait for it. Called by the event loop.
    fn take(&self, py: Python<'_>) {
        for (future, outcome) in self.0.take() {
            if let Err(error) = hand_over(future.bind(py), outcome) {
                error.write_unraisable(py, None);
            }
        }
    }
}

fn hand_over(future: &Bound<'_, PyAny>, outcome: Outcome) -> PyResult<()> {
    let py = future.py();
    if future.call_method0(intern!(py, "done"))?.is_truthy()? {
        return Ok(());
    }
    match outcome(py) {
        Ok(result) => future.call_method1(intern!(py, "set_result"), (result,)).map(drop),
        Err(error) => future.call_method1(intern!(py, "set_exception"), (error.into_value(py),)).map(drop),
    }
}

impl Shared {
    fn lay_down(self: &Arc<Self>, future: Py<PyAny>, outcome: Outcome) {
        let mut arrived = self.arrived.lock().unwrap_or_else(PoisonError::into_inner);
        arrived.push((future, outcome));
        let is_first = arrived.len() == 1;
        drop(arrived);
        if is_first {
            self.ring();
        }
    }

    fn take(&self) -> Vec<(Py<PyAny>, Outcome)> {
        #[cfg(unix)]
        if let Bell::Socket { heard, .. } = &self.bell {
            // There is nothing to learn from it: rung once too often, nothing lies there.
            let _ = (&mut &*heard).read(&mut [0; 64]);
        }
        std::mem::take(&mut self.arrived.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn ring(self: &Arc<Self>) {
        match &self.bell {
            #[cfg(unix)]
            Bell::Socket { ringing, .. } => {
                // Where it is full, it has been rung already.
                let _ = (&mut &*ringing).write(&[1]);
            }
            Bell::Call(_) => {
                let shared = Arc::clone(self);
                let call = move || Python::try_attach(|py| shared.call(py));
                if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                    runtime.spawn_blocking(call);
                }
            }
        }
    }

    /// Asks the event loop to take what lies there. One that was closed has nobody waiting.
    fn call(self: &Arc<Self>, py: Python<'_>) {
        #[cfg_attr(not(unix), expect(irrefutable_let_patterns, reason = "there is no other bell"))]
        let Bell::Call(event_loop) = &self.bell else { return };
        let arrivals = Bound::new(py, Arrivals(Arc::clone(self)));
        let take = arrivals.and_then(|arrivals| arrivals.getattr("take"));
        let event_loop = event_loop.bind(py).call0();
        if let (Ok(event_loop), Ok(take)) = (event_loop, take) {
            let _ = event_loop.call_method1("call_soon_threadsafe", (take,));
        }
    }
}
