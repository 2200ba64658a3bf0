//! Whether a failed attempt is repeated, and after which wait: a pure decision; and the budget that repeats are paid from.

mod backoff;
mod budget;
mod decide;

pub(crate) use backoff::{TokenBackoff, ceiling, full_jitter};
pub use budget::{Payment, RetryBudget, RetryBudgetSettings, WhenEmpty};
pub(crate) use decide::{Decision, GiveUp, History, Situation, decide};
