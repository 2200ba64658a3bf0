//! Waiting for a future on the caller's thread.

use std::future::Future;
use std::time::Duration;

use pyo3::prelude::*;

use crate::process::process;

/// How long one that waits does not look whether somebody pressed Ctrl-C.
const BETWEEN_SIGNALS: Duration = Duration::from_millis(100);

/// What the future brings; other Python threads run meanwhile. Ctrl-C abandons it: a patient call can wait for an hour.
pub(crate) fn wait<T: Send>(py: Python<'_>, future: impl Future<Output = T> + Send) -> PyResult<T> {
    let runtime = &process(py)?.runtime;
    let mut future = Box::pin(future);
    loop {
        match py.detach(|| runtime.block_on(async { tokio::time::timeout(BETWEEN_SIGNALS, &mut future).await })) {
            Ok(result) => return Ok(result),
            Err(_) => py.check_signals()?,
        }
    }
}
