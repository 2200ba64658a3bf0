//! Why an attempt failed, for callers' own policies.

use std::fmt;
use std::time::Duration;

use crate::decode::{Class, Failure};

/// Why an attempt failed. Given to [`CallPolicy::retry_if`](crate::CallPolicy::retry_if) and to
/// [`AroundAttempt`](crate::hooks::AroundAttempt).
#[derive(Debug, Clone)]
pub struct AttemptError(pub(crate) Failure);

impl AttemptError {
    /// Refuses an attempt, in words for the person who made the call. Such a call ends with
    /// [`ErrorKind::Refused`](crate::ErrorKind::Refused).
    #[must_use]
    pub fn refused(why: impl Into<String>) -> Self {
        Self(Failure::new(Class::Refused, why))
    }

    /// What kind of failure.
    #[must_use]
    pub fn class(&self) -> Class {
        self.0.class
    }

    /// What happened, in words, without secrets.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.detail
    }

    /// How long the service asked to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether no complete answer came in time.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.class, Class::AttemptTimeout | Class::RequestTimeout)
    }
}

impl fmt::Display for AttemptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.detail)
    }
}

impl std::error::Error for AttemptError {}
