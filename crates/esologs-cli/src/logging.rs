//! The log for whoever looks for a fault: `-v`, or the variable `ESOLOGS_LOG`.

use std::io::{self, IsTerminal as _};

use esologs::Event;
use tracing_subscriber::EnvFilter;

const VARIABLE: &str = "ESOLOGS_LOG";

/// Starts the log on stderr, where one is wanted.
pub(crate) fn start(verbose: bool) {
    let wanted = std::env::var(VARIABLE).ok().filter(|filter| !filter.trim().is_empty());
    if !verbose && wanted.is_none() {
        return;
    }
    let filter = EnvFilter::new(wanted.as_deref().unwrap_or("esologs=debug"));
    let colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(colour).init();
}

/// Writes what happens inside a call to the log.
pub(crate) fn call_event(event: &Event<'_>) {
    match event {
        Event::AttemptStarted { operation, attempt, .. } => tracing::debug!(operation, attempt, "request"),
        Event::AttemptFailed { operation, attempt, class, detail, .. } => {
            tracing::debug!(operation, attempt, class = class.name(), detail, "request failed");
        }
        Event::Waiting { operation, reason, delay, .. } => {
            tracing::debug!(operation, reason = reason.name(), delay_ms = delay.as_millis() as u64, "waiting");
        }
        Event::Answered { operation, attempts, elapsed, .. } => {
            tracing::debug!(operation, attempts, elapsed_ms = elapsed.as_millis() as u64, "answered");
        }
        Event::GaveUp { operation, attempts, error, .. } => {
            tracing::debug!(operation, attempts, kind = error.kind().name(), "gave up");
        }
        Event::TokenFetched { .. } => tracing::debug!("new token"),
        _ => {}
    }
}
