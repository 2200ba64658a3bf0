//! The pieces of the pipeline for callers' own functions. Nothing inside of a client's call uses them.

mod fallback;
mod retry_loop;
mod retry_policy;
mod retry_run;
mod retry_step;

pub use fallback::{Fallback, OrFallback};
pub use retry_loop::retry;
pub(crate) use retry_policy::time_until_retry_at;
pub use retry_policy::{RetryPolicy, Retrying};
pub use retry_run::{RetryAgain, RetryRun};
