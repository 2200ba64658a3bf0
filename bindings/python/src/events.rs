//! What goes wrong inside calls, told to a function of Python. What goes right is not told from here: each telling takes
//! the interpreter's lock.

use std::sync::{PoisonError, RwLock};

use esologs::Event;
use pyo3::prelude::*;

/// Tells a function `(event, operation, attempt, seconds, why, words)` of failed attempts, waits, and calls that gave up, until the
/// interpreter ends.
pub(crate) fn teller(tell: Py<PyAny>, ends: &'static RwLock<bool>) -> impl Fn(&Event<'_>) + Send + Sync + 'static {
    let call = move |told: Told<'_>| call(&tell, ends, told);
    move |event| match event {
        Event::AttemptFailed { operation, attempt, class, detail, elapsed, .. } => {
            call(("attempt_failed", operation, *attempt, elapsed.as_secs_f64(), class.name(), Some(*detail)));
        }
        Event::Waiting { operation, reason, delay, .. } => {
            call(("waiting", operation, 0, delay.as_secs_f64(), reason.name(), None));
        }
        Event::GaveUp { operation, attempts, error, elapsed, .. } => {
            let class = error.class().map_or(error.kind().name(), |class| class.name());
            call(("gave_up", operation, *attempts, elapsed.as_secs_f64(), class, Some(error.to_string().as_str())));
        }
        _ => {}
    }
}

type Told<'a> = (&'a str, &'a str, u32, f64, &'a str, Option<&'a str>);

fn call(tell: &Py<PyAny>, ends: &RwLock<bool>, told: Told<'_>) {
    let ends = ends.read().unwrap_or_else(PoisonError::into_inner);
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
