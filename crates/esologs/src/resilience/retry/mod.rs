//! Whether a failed attempt is repeated, and after which wait: a pure decision.

mod backoff;
mod decide;

pub(crate) use backoff::TokenBackoff;
pub(crate) use decide::{Decision, GiveUp, History, Situation, decide};
