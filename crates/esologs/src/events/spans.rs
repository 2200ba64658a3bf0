//! Spans for `tracing`: one for each call, in it one for each attempt, with names and fields of OpenTelemetry.
//!
//! Always on. Where nobody collects them, an event costs a look at an atomic number.

use tracing::field::Empty;
use tracing::{Span, debug, debug_span, info, info_span, trace, warn};

use super::Event;
use super::open_calls::OpenCalls;
use crate::config::Endpoint;
use crate::error::Error;
use crate::resilience::BreakerState;

/// Filters name this: `ESOLOGS_LOG=esologs=debug`.
const TARGET: &str = "esologs";

/// The subscriber that makes spans of events.
pub(crate) fn spans(endpoint: &Endpoint) -> impl Fn(&Event<'_>) + Send + Sync + 'static {
    let (host, port) = endpoint.address();
    let spans = Spans { host, port, calls: OpenCalls::new() };
    move |event| spans.hear(event)
}

struct Spans {
    host: String,
    port: u16,
    calls: OpenCalls<CallSpans>,
}

/// The span of a call, and that of its attempt while there is one.
struct CallSpans {
    call: Span,
    attempt: Option<Span>,
}

impl CallSpans {
    /// Where an event belongs that is told now.
    fn innermost(&self) -> &Span {
        self.attempt.as_ref().unwrap_or(&self.call)
    }
}

impl Spans {
    fn hear(&self, event: &Event<'_>) {
        match event {
            Event::CallStarted { call, operation } => self.open(*call, operation),
            Event::Answered { call, .. } | Event::GaveUp { call, .. } | Event::Cancelled { call, .. } => self.close(*call, event),
            Event::CacheTrouble { why } => warn!(target: TARGET, why, "the cache is not used as it should be"),
            Event::SignInTrouble { why } => warn!(target: TARGET, why, "a sign-in is not kept as it should be"),
            Event::TokenFetched => debug!(target: TARGET, "new token"),
            Event::TokenFailed { class, detail } => warn!(target: TARGET, class = class.name(), detail, "no new token"),
            Event::BreakerChanged { from, to, cause } => {
                let (is_open, from, to, cause) = (*to == BreakerState::Open, from.name(), to.name(), cause.name());
                if is_open {
                    warn!(target: TARGET, from, to, cause, "breaker");
                } else {
                    info!(target: TARGET, from, to, cause, "breaker");
                }
            }
            _ => self.note(event),
        }
    }

    /// Told on the caller's task, so its current span becomes the parent.
    fn open(&self, call: u64, operation: &str) {
        let span = info_span!(
            target: TARGET,
            "call",
            otel.name = %format_args!("query {operation}"),
            otel.kind = "client",
            otel.status_code = Empty,
            graphql.operation.name = operation,
            graphql.operation.type = "query",
            server.address = &*self.host,
            server.port = self.port,
            error.type = Empty,
            esologs.call = call,
            esologs.attempts = Empty,
            esologs.cache.outcome = Empty,
        );
        if !span.is_disabled() {
            self.calls.open(call, CallSpans { call: span, attempt: None });
        }
    }

    fn attempt(&self, call: &Span, operation: &str, attempt: u32) -> Span {
        let span = debug_span!(
            target: TARGET,
            parent: call,
            "attempt",
            otel.name = "POST",
            otel.kind = "client",
            otel.status_code = Empty,
            graphql.operation.name = operation,
            graphql.operation.type = "query",
            http.request.method = "POST",
            http.request.resend_count = Empty,
            server.address = &*self.host,
            server.port = self.port,
            error.type = Empty,
        );
        if attempt > 1 {
            span.record("http.request.resend_count", attempt - 1);
        }
        span
    }

    /// Something inside of a call.
    fn note(&self, event: &Event<'_>) {
        let Some(call) = call_of(event) else { return };
        self.calls.with(call, |spans| {
            if let Event::AttemptStarted { operation, attempt, .. } = event {
                spans.attempt = Some(self.attempt(&spans.call, operation, *attempt));
            }
            tell(event, spans.innermost());
            match event {
                Event::AttemptSucceeded { .. } => spans.attempt = None,
                Event::AttemptFailed { class, .. } => {
                    if let Some(span) = spans.attempt.take() {
                        fail(&span, class.name());
                    }
                }
                _ => {}
            }
        });
    }

    fn close(&self, call: u64, event: &Event<'_>) {
        let Some(spans) = self.calls.close(call) else { return };
        tell(event, spans.innermost());
        match event {
            Event::Answered { attempts, served, .. } => {
                spans.call.record("esologs.attempts", attempts);
                spans.call.record("esologs.cache.outcome", served.name());
            }
            Event::GaveUp { attempts, error, .. } => {
                spans.call.record("esologs.attempts", attempts);
                fail(&spans.call, error_type(error));
            }
            _ => {
                spans.call.record("error.type", "cancelled");
            }
        }
    }
}

fn fail(span: &Span, error_type: &str) {
    span.record("otel.status_code", "ERROR");
    span.record("error.type", error_type);
}

/// The class of the last failure, or the kind of the error where it did not come to an attempt.
fn error_type(error: &Error) -> &'static str {
    error.class().map_or_else(|| error.kind().name(), |class| class.name())
}

/// The call that an event inside of one is about.
fn call_of(event: &Event<'_>) -> Option<u64> {
    match event {
        Event::Joined { call, .. }
        | Event::InLine { call, .. }
        | Event::AttemptStarted { call, .. }
        | Event::AttemptSucceeded { call, .. }
        | Event::AttemptFailed { call, .. }
        | Event::Decided { call, .. }
        | Event::Waiting { call, .. }
        | Event::CacheAsked { call, .. }
        | Event::AnswerRepaired { call, .. }
        | Event::TokenRequested { call, .. } => Some(*call),
        _ => None,
    }
}

/// The event itself, inside the span. It names call and operation again, so that it can be read in a log without spans.
fn tell(event: &Event<'_>, span: &Span) {
    match event {
        Event::Joined { call, operation } => {
            debug!(target: TARGET, parent: span, call, operation, "shares the answer of an equal call");
        }
        Event::InLine { call, operation } => debug!(target: TARGET, parent: span, call, operation, "in line"),
        Event::AttemptStarted { call, operation, attempt, queued, .. } => {
            let queued_ms = queued.as_millis() as u64;
            debug!(target: TARGET, parent: span, call, operation, attempt, queued_ms, "request");
        }
        Event::AttemptFailed { call, operation, attempt, class, detail, elapsed } => {
            let (class, elapsed_ms) = (class.name(), elapsed.as_millis() as u64);
            debug!(target: TARGET, parent: span, call, operation, attempt, class, elapsed_ms, detail, "request failed");
        }
        Event::Decided { call, operation, attempt, verdict, .. } => {
            debug!(target: TARGET, parent: span, call, operation, attempt, verdict = verdict.name(), "decided");
        }
        Event::Waiting { call, operation, reason, delay, .. } => {
            let (reason, delay_ms) = (reason.name(), delay.as_millis() as u64);
            debug!(target: TARGET, parent: span, call, operation, reason, delay_ms, "waiting");
        }
        Event::PointsSettled { limit, spent, reserved, unsettled, .. } => {
            let (limit, spent, reserved, unsettled) = (limit.get(), spent.get(), reserved.get(), unsettled.get());
            trace!(target: TARGET, parent: span, limit, spent, reserved, unsettled, "points");
        }
        Event::TokenRequested { call, attempt } => debug!(target: TARGET, parent: span, call, attempt, "request for a token"),
        Event::AnswerRepaired { call, operation } => {
            debug!(target: TARGET, parent: span, call, operation, "the answer was read after control characters were mended");
        }
        Event::CacheAsked { call, operation, result, age } => {
            let (result, age_ms) = (result.name(), age.map(|age| age.as_millis() as u64));
            debug!(target: TARGET, parent: span, call, operation, result, age_ms, "cache");
        }
        Event::Answered { call, operation, attempts, served, elapsed } => {
            let (served, elapsed_ms) = (served.name(), elapsed.as_millis() as u64);
            debug!(target: TARGET, parent: span, call, operation, attempts, served, elapsed_ms, "answered");
        }
        Event::GaveUp { call, operation, attempts, error, elapsed } => {
            let (kind, elapsed_ms) = (error.kind().name(), elapsed.as_millis() as u64);
            debug!(target: TARGET, parent: span, call, operation, attempts, kind, elapsed_ms, "gave up");
        }
        Event::Cancelled { call, operation, elapsed } => {
            let elapsed_ms = elapsed.as_millis() as u64;
            debug!(target: TARGET, parent: span, call, operation, elapsed_ms, "dropped before its end");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::*;

    /// `cargo test --release -p esologs --lib -- --ignored --nocapture telling`; the figure is in docs/telemetry.md.
    #[test]
    #[ignore = "a measurement"]
    fn telling_the_events_of_a_call_to_nobody() {
        const CALLS: u64 = 5_000_000;
        let (hear, operation, elapsed) = (spans(&Endpoint::default()), "ReportEvents", Duration::from_millis(80));
        let began = Instant::now();
        for call in 1..=CALLS {
            for event in [
                Event::CallStarted { call, operation },
                Event::AttemptStarted { call, operation, attempt: 1, queued: Duration::ZERO, for_token: Duration::ZERO },
                Event::AttemptSucceeded { call, operation, attempt: 1, elapsed },
                Event::Answered { call, operation, attempts: 1, served: &crate::Served::Fresh, elapsed },
            ] {
                hear(std::hint::black_box(&event));
            }
        }
        println!("{:.2} ns for an event", began.elapsed().as_secs_f64() * 1e9 / (4 * CALLS) as f64);
    }
}
