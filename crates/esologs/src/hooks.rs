//! Two places for policies of one's own: around the call, and around each attempt.
//!
//! A policy gets the work as a future. It can run it at once, later, or not at all; look at how it ended; or replace the error.
//!
//! ```
//! use std::time::Duration;
//! use esologs::hooks::{AroundAttempt, AttemptInfo, Work};
//! use esologs::AttemptError;
//!
//! /// Lets nothing through between two and four in the morning.
//! struct NightWatch;
//!
//! impl AroundAttempt for NightWatch {
//!     fn around<'a>(&'a self, attempt: AttemptInfo<'a>, work: Work<'a, AttemptError>) -> Work<'a, AttemptError> {
//!         Box::pin(async move {
//!             if is_night() {
//!                 return Err(AttemptError::refused(format!("{} has time until morning", attempt.operation)));
//!             }
//!             work.await
//!         })
//!     }
//! }
//! # fn is_night() -> bool { false }
//! # let _ = esologs::Client::builder().around_attempt(NightWatch);
//! ```

use std::future::Future;
use std::pin::Pin;

use crate::error::Error;
use crate::resilience::AttemptError;

/// A call or an attempt, ready to run. What it brings stays with the client; a policy sees whether it came.
pub type Work<'a, E> = Pin<Box<dyn Future<Output = Result<(), E>> + Send + 'a>>;

/// Which call.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct CallInfo<'a> {
    /// Number of the call within its client, from 1.
    pub call: u64,
    /// Name of the operation.
    pub operation: &'a str,
}

/// Which attempt.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AttemptInfo<'a> {
    /// Number of the call within its client, from 1.
    pub call: u64,
    /// Name of the operation.
    pub operation: &'a str,
    /// Number of the attempt, from 1.
    pub attempt: u32,
}

/// A policy around each call: outside of single-flight and of the retry loop, so it sees a call's final outcome once.
pub trait AroundCall: Send + Sync + 'static {
    /// Runs `work`, or not. `Ok` where `work` was not run, or failed, is an error of the policy and is told as one.
    fn around<'a>(&'a self, call: CallInfo<'a>, work: Work<'a, Error>) -> Work<'a, Error>;
}

/// A policy around each attempt: inside of the retry loop, after all waiting and with a token at hand, under no time-out but
/// its own; the attempt's time-out is inside of `work`.
pub trait AroundAttempt: Send + Sync + 'static {
    /// Runs `work`, or not. `Ok` where `work` was not run, or failed, is an error of the policy and is told as one.
    fn around<'a>(&'a self, attempt: AttemptInfo<'a>, work: Work<'a, AttemptError>) -> Work<'a, AttemptError>;
}
