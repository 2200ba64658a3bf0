//! What there is once in a process: the threads that calls run on. A process that was forked has none of its parent's threads, and gets
//! its own.

use std::sync::{Mutex, PoisonError, RwLock};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use tokio::runtime::Runtime;

/// Never given back: threads may be inside when the interpreter ends.
pub(crate) struct Process {
    pub(crate) runtime: Runtime,
    /// Whether the interpreter ends. Whoever tells Python something from another thread holds it for reading: a thread that is
    /// inside when the interpreter goes would take the process down.
    pub(crate) ends: RwLock<bool>,
}

/// Locked by who has the interpreter's lock, and never while that is given away. So it is free in every fork.
static PROCESS: Mutex<Option<&'static Process>> = Mutex::new(None);

/// This process'.
pub(crate) fn process(_: Python<'_>) -> PyResult<&'static Process> {
    let mut process = PROCESS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(process) = *process {
        return Ok(process);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("esologs").build();
    let runtime = runtime.map_err(|error| PyRuntimeError::new_err(format!("no threads can be started: {error}")))?;
    Ok(process.insert(Box::leak(Box::new(Process { runtime, ends: RwLock::new(false) }))))
}

/// Called in a process that was just forked.
#[pyfunction]
fn begin_anew() {
    *PROCESS.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

/// From now on nobody is told anything. Waits for those who are just telling; called when the interpreter begins to end.
#[pyfunction]
fn end_telling(py: Python<'_>) {
    let process = *PROCESS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(process) = process {
        py.detach(|| *process.ends.write().unwrap_or_else(PoisonError::into_inner) = true);
    }
}

/// Makes both happen when it is time.
pub(crate) fn watch(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    py.import("atexit")?.call_method1("register", (wrap_pyfunction!(end_telling, module)?,))?;
    let register_at_fork = py.import("os")?.getattr_opt("register_at_fork")?;
    if let Some(register_at_fork) = register_at_fork {
        let hooks = pyo3::types::PyDict::new(py);
        hooks.set_item("after_in_child", wrap_pyfunction!(begin_anew, module)?)?;
        register_at_fork.call((), Some(&hooks))?;
    }
    Ok(())
}
