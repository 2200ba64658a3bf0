//! From bytes to a typed value, or to the reason why there is none.

mod answer;
#[cfg(test)]
pub(crate) mod any_json;
mod class;
mod class_words;
mod classify;
mod envelope;
mod excerpt;
mod long_list;
mod message;
mod part;
mod redact;
mod repair;
mod retry_after;
pub(crate) mod scan;

pub(crate) use answer::{Answer, Answerable, AnyForm, As, Form};
pub use class::Class;
pub(crate) use class::Retry;
pub(crate) use classify::{Asked, Failure, Stage, classify, classify_token_answer, reread};
pub use envelope::{GraphqlError, Location};
pub(crate) use excerpt::excerpt;
pub(crate) use part::{PartState, failure_of_part, failure_of_parts, may_come_again};
#[cfg(feature = "fuzzing")]
pub(crate) use {repair::repair, retry_after::retry_after};
