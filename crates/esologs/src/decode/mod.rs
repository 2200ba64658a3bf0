//! From bytes to a typed value, or to the reason why there is none.

mod class;
mod classify;
mod envelope;
mod excerpt;
mod message;
mod redact;
mod repair;
mod retry_after;

pub use class::Class;
pub(crate) use class::Retry;
pub(crate) use classify::{Answer, Answerable, Failure, Stage, classify, classify_token_answer, reread};
pub use envelope::{GraphqlError, Location};
pub(crate) use excerpt::excerpt;
