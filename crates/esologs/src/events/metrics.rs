//! Counters, gauges and histograms through the `metrics` facade: whatever exporter the program has installed gets them.

use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};

use super::Event;
use super::open_calls::OpenCalls;
use crate::decode::Class;
use crate::resilience::BreakerState;

/// A subscriber that keeps the numbers of docs/telemetry.md, for [`ClientBuilder::on_event`](crate::ClientBuilder::on_event).
///
/// Labels take few values: names of operations, classes of failure, reasons. Attempts from the fourth on are one label.
pub fn metrics_subscriber() -> impl Fn(&Event<'_>) + Send + Sync + 'static {
    describe();
    let numbers = Numbers { calls: OpenCalls::new() };
    move |event| numbers.hear(event)
}

fn describe() {
    describe_histogram!("esologs.client.request.duration", Unit::Seconds, "A call from question to end, waits included.");
    describe_histogram!("esologs.client.attempt.duration", Unit::Seconds, "One request, from sending to its end.");
    describe_histogram!(
        "esologs.client.queue.duration",
        Unit::Seconds,
        "In line, for points, at the request rate and for a token."
    );
    describe_histogram!("esologs.client.wait.duration", Unit::Seconds, "Waits as they were decided, by reason.");
    describe_counter!("esologs.client.retry.total", "Decisions after failed attempts.");
    describe_counter!("esologs.client.answer.repaired.total", "Answers that were read after they were mended.");
    describe_counter!("esologs.client.singleflight.shared.total", "Calls that shared the answer of an equal one.");
    describe_counter!("esologs.client.token.refresh.total", "Fetches of a token.");
    describe_counter!("esologs.client.breaker.transitions.total", "Changes of state of the breaker.");
    describe_counter!("esologs.client.breaker.rejected.total", "Attempts that an open breaker did not let through.");
    describe_counter!("esologs.client.cache.total", "What the cache had for calls.");
    describe_gauge!("esologs.client.breaker.state", "0 closed, 1 half open, 2 open, 3 opened by hand.");
    describe_gauge!("esologs.client.points.limit", "Points of a window.");
    describe_gauge!("esologs.client.points.spent", "Points spent in the running window.");
    describe_gauge!("esologs.client.points.reserved", "Points set aside for requests on their way.");
    describe_gauge!("esologs.client.points.unsettled", "Points set aside for requests that are over and not settled yet.");
    describe_gauge!("esologs.client.bulkhead.in_use", "Requests on their way.");
    describe_gauge!("esologs.client.bulkhead.queued", "Calls in line.");
}

/// Of a call that brought nothing.
const NOT_SERVED: &str = "none";

struct Numbers {
    calls: OpenCalls<Place>,
}

/// Where a call is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Between,
    InLine,
    /// A request is on its way; before it, the attempt had waited so long.
    OnItsWay(Duration),
}

impl Numbers {
    fn hear(&self, event: &Event<'_>) {
        match event {
            Event::CallStarted { call, .. } => self.calls.open(*call, Place::Between),
            Event::Joined { .. } => counter!("esologs.client.singleflight.shared.total").increment(1),
            Event::InLine { call, .. } => {
                self.go_to(*call, Place::InLine);
            }
            Event::AttemptStarted { call, queued, .. } => {
                histogram!("esologs.client.queue.duration").record(*queued);
                self.go_to(*call, Place::OnItsWay(*queued));
            }
            Event::AttemptSucceeded { call, operation, attempt, elapsed } => {
                self.go_to(*call, Place::Between);
                attempt_ended(operation, *attempt, "none", *elapsed);
            }
            Event::AttemptFailed { call, operation, attempt, class, elapsed, .. } => {
                if let Some(Place::OnItsWay(queued)) = self.go_to(*call, Place::Between) {
                    attempt_ended(operation, *attempt, class.name(), elapsed.saturating_sub(queued));
                }
                if *class == Class::BreakerOpen {
                    counter!("esologs.client.breaker.rejected.total").increment(1);
                }
            }
            Event::Decided { class, verdict, .. } => {
                counter!("esologs.client.retry.total", "class" => class.name(), "decision" => verdict.name()).increment(1);
            }
            Event::Waiting { reason, delay, .. } => {
                histogram!("esologs.client.wait.duration", "reason" => reason.name()).record(*delay);
            }
            Event::CacheAsked { result, .. } => counter!("esologs.client.cache.total", "result" => result.name()).increment(1),
            // It is said in words; there is nothing to count.
            Event::CacheTrouble { .. } | Event::SignInTrouble { .. } => {}
            Event::AnswerRepaired { .. } => counter!("esologs.client.answer.repaired.total").increment(1),
            // Its end is counted.
            Event::TokenRequested { .. } => {}
            Event::TokenFetched => counter!("esologs.client.token.refresh.total", "result" => "ok").increment(1),
            Event::TokenFailed { class, .. } => {
                counter!("esologs.client.token.refresh.total", "result" => class.name()).increment(1);
            }
            Event::PointsSettled { limit, spent, reserved, unsettled, .. } => {
                gauge!("esologs.client.points.limit").set(limit.get());
                gauge!("esologs.client.points.spent").set(spent.get());
                gauge!("esologs.client.points.reserved").set(reserved.get());
                gauge!("esologs.client.points.unsettled").set(unsettled.get());
            }
            Event::BreakerChanged { from, to, cause } => {
                let labels = [("from", from.name()), ("to", to.name()), ("cause", cause.name())];
                counter!("esologs.client.breaker.transitions.total", &labels).increment(1);
                gauge!("esologs.client.breaker.state").set(level(*to));
            }
            Event::Answered { call, operation, served, elapsed, .. } => {
                self.end(*call, operation, "ok", served.name(), *elapsed);
            }
            Event::GaveUp { call, operation, error, elapsed, .. } => {
                self.end(*call, operation, error.kind().name(), NOT_SERVED, *elapsed);
            }
            Event::Cancelled { call, operation, elapsed } => self.end(*call, operation, "cancelled", NOT_SERVED, *elapsed),
        }
    }

    /// The call is somewhere else now; tells where it was.
    fn go_to(&self, call: u64, place: Place) -> Option<Place> {
        let before = self.calls.with(call, |now| std::mem::replace(now, place))?;
        moved(before, place);
        Some(before)
    }

    fn end(&self, call: u64, operation: &str, outcome: &'static str, served: &'static str, elapsed: Duration) {
        if let Some(before) = self.calls.close(call) {
            moved(before, Place::Between);
        }
        let labels = [("op", operation.to_owned()), ("outcome", outcome.to_owned()), ("served", served.to_owned())];
        histogram!("esologs.client.request.duration", &labels).record(elapsed);
    }
}

/// Both gauges follow the calls.
fn moved(before: Place, now: Place) {
    let (in_use, queued) = (gauge!("esologs.client.bulkhead.in_use"), gauge!("esologs.client.bulkhead.queued"));
    match before {
        Place::OnItsWay(_) => in_use.decrement(1.0),
        Place::InLine => queued.decrement(1.0),
        Place::Between => {}
    }
    match now {
        Place::OnItsWay(_) => in_use.increment(1.0),
        Place::InLine => queued.increment(1.0),
        Place::Between => {}
    }
}

fn attempt_ended(operation: &str, attempt: u32, class: &'static str, elapsed: Duration) {
    let number = match attempt {
        0 | 1 => "1",
        2 => "2",
        3 => "3",
        _ => "4+",
    };
    let labels = [("op", operation.to_owned()), ("attempt", number.to_owned()), ("class", class.to_owned())];
    histogram!("esologs.client.attempt.duration", &labels).record(elapsed);
}

const fn level(state: BreakerState) -> f64 {
    match state {
        BreakerState::Closed => 0.0,
        BreakerState::HalfOpen => 1.0,
        BreakerState::Open => 2.0,
        BreakerState::Isolated => 3.0,
    }
}
