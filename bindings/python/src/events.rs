//! What goes wrong inside calls, told to a function of Python. What goes right is not told from here: each telling takes
//! the interpreter's lock.

use std::sync::{PoisonError, RwLock};

use esologs::Event;
use pyo3::prelude::*;

/// Tells a function `(event, operation, attempt, seconds, why, words)` of failed attempts, waits, and calls that gave up.
pub(crate) fn teller(tell: Py<PyAny>) -> impl Fn(&Event<'_>) + Send + Sync + 'static {
    move |event| match event {
        Event::AttemptFailed { operation, attempt, class, detail, elapsed, .. } => {
            call(&tell, ("attempt_failed", operation, *attempt, elapsed.as_secs_f64(), class.name(), Some(*detail)));
        }
        Event::Waiting { operation, reason, delay, .. } => {
            call(&tell, ("waiting", operation, 0, delay.as_secs_f64(), reason.name(), None));
        }
        Event::GaveUp { operation, attempts, error, elapsed, .. } => {
            let class = error.class().map_or(error.kind().name(), |class| class.name());
            call(&tell, ("gave_up", operation, *attempts, elapsed.as_secs_f64(), class, Some(error.to_string().as_str())));
        }
        _ => {}
    }
}

type Told<'a> = (&'a str, &'a str, u32, f64, &'a str, Option<&'a str>);

/// Whether the interpreter ends. Whoever tells holds it for reading: a thread that is inside when the interpreter goes would take
/// the process down.
static ENDS: RwLock<bool> = RwLock::new(false);

/// From now on nobody is told anything. Waits for those who are just telling; called when the interpreter begins to end.
#[pyfunction]
pub(crate) fn end_telling(py: Python<'_>) {
    py.detach(|| *ENDS.write().unwrap_or_else(PoisonError::into_inner) = true);
}

fn call(tell: &Py<PyAny>, told: Told<'_>) {
    let ends = ENDS.read().unwrap_or_else(PoisonError::into_inner);
    if *ends {
        return;
    }
    let _ = Python::try_attach(|py| {
        if let Err(error) = tell.bind(py).call1(told) {
            // A handler of logging that raises must not end the call that it was told of.
            error.write_unraisable(py, None);
        }
    });
}
