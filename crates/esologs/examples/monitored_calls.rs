//! Monitored calls: one structured line for each attempt and each end of a call, with method, attempt and duration.
//!
//! Run it with `cargo run -p esologs --example monitored_calls`: JSON lines of two failed attempts, a good one, and the answer.

mod support;

use std::time::Duration;

use esologs::{ClientBuilder, Error, Event, GuildId};
use esologs_sim::FaultKind;
use serde_json::{Value, json};

/// The client tells what happens inside its calls; `write` gets a line for each. It is called on the task of the call, so it
/// must not block: hand the line to a logger.
pub(crate) fn monitored(builder: ClientBuilder, write: impl Fn(Value) + Send + Sync + 'static) -> ClientBuilder {
    builder.on_event(move |event| write_line(event, &write))
}

fn write_line(event: &Event<'_>, write: impl Fn(Value)) {
    let millis = |duration: &Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    match event {
        Event::AttemptFailed { call, operation, attempt, class, detail, elapsed, .. } => write(json!({
            "level": "warn", "message": "attempt failed", "call": call, "method": operation, "attempt": attempt,
            "duration_ms": millis(elapsed), "class": class.name(), "error": detail,
        })),
        Event::Waiting { call, operation, reason, delay, .. } => write(json!({
            "level": "info", "message": "waiting", "call": call, "method": operation, "for": reason.name(),
            "duration_ms": millis(delay),
        })),
        Event::Answered { call, operation, attempts, elapsed, .. } => write(json!({
            "level": "info", "message": "call succeeded", "call": call, "method": operation, "attempt": attempts,
            "duration_ms": millis(elapsed),
        })),
        Event::GaveUp { call, operation, attempts, error, elapsed, .. } => write(json!({
            "level": "error", "message": "call failed", "call": call, "method": operation, "attempt": attempts,
            "duration_ms": millis(elapsed), "error": error.to_string(),
        })),
        _ => {}
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let builder = support::service("Guild", FaultKind::ServerErrorJson, 2)?;
    let client = monitored(builder, |line| println!("{line}")).build()?;
    client.guild(GuildId::new(3468)).get().await?;
    Ok(())
}
