//! What surrounds a call so that it ends well. `pipeline` shows the order.

mod admission;
mod attempt_error;
mod breaker;
mod call;
mod deadline;
mod decisions;
mod final_error;
mod parts;
mod pipeline;
mod points;
mod probe;
mod ready;
mod retry;
mod single_flight;
mod standalone;
mod wait;

pub use admission::{Priority, RateSettings};
pub(crate) use admission::{RequestRate, Slots};
pub use attempt_error::AttemptError;
pub(crate) use breaker::Transition;
pub use breaker::{BreakerCause, BreakerError, BreakerOpen, BreakerPermit, BreakerSettings, BreakerState, CircuitBreaker};
pub(crate) use call::Flights;
pub(crate) use deadline::Deadline;
pub use decisions::Decisions;
pub(crate) use final_error::describe_failure;
pub(crate) use points::{Errand, Foresight, Gate, Manner, PointsMeter, Range, Short, Want, Why};
pub use points::{Ledger, PointsCost, PointsSeen, PointsSpender, PointsView};
pub(crate) use probe::Probing;
pub(crate) use retry::TokenBackoff;
pub use retry::{Payment, RetryBudget, RetryBudgetSettings, WhenEmpty};
pub(crate) use standalone::time_until_retry_at;
pub use standalone::{Fallback, OrFallback, RetryPolicy, Retrying, retry};
