//! One error type for everything that can go wrong.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Response;

use crate::decode::Class;
use crate::units::UnixMillis;

/// What went wrong. New kinds may come; match with a `_` arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument or a setting cannot be used. Nothing was sent.
    Usage,
    /// The service does not accept the credentials, or none were given.
    Auth,
    /// The service refuses this client (HTTP 403).
    Forbidden,
    /// A content network asks for a human check. Repeating does not help.
    CdnBlocked,
    /// The report, guild or other thing is not visible to this key: private, deleted or mistyped (the API does not tell which).
    NotVisible,
    /// The report is archived: the API shows it to a user token with a subscription only.
    Archived,
    /// The key may not see this part.
    PermissionDenied,
    /// The API refused the query itself (syntax, unknown field, bad argument).
    QueryInvalid,
    /// The points of this hour, or the allowed rate of requests, are used up. See [`Error::retry_at`].
    RateLimited,
    /// No complete answer came in time.
    Timeout,
    /// No connection to the host: name not found, refused, network down.
    Unreachable,
    /// The host's TLS certificate is not valid for it.
    Certificate,
    /// The service answered with an error of its own (5xx, internal error) or broke off its answer.
    Upstream,
    /// The answer arrived but cannot be used: no JSON, or not of the shape that was asked for.
    BadAnswer,
    /// The cursor of a paged list does not move forward, so that its end would never be reached.
    CursorStuck,
    /// The local disk or a file on it failed.
    LocalFile,
    /// The caller's own limit (deadline, interruption) ended the work.
    Stopped,
    /// Not asked: the service failed too often lately (open breaker). See [`Error::retry_at`].
    Unavailable,
    /// Not asked: too many calls of this client are on their way or in line.
    Busy,
    /// A policy of the caller's own refused it.
    Refused,
    /// Not asked, as was wanted, and the cache holds no answer to it.
    NotCached,
}

impl ErrorKind {
    /// A name in lower case with underscores, for logs and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Auth => "auth",
            Self::Forbidden => "forbidden",
            Self::CdnBlocked => "cdn_blocked",
            Self::NotVisible => "not_visible",
            Self::Archived => "archived",
            Self::PermissionDenied => "permission_denied",
            Self::QueryInvalid => "query_invalid",
            Self::RateLimited => "rate_limited",
            Self::Timeout => "timeout",
            Self::Unreachable => "unreachable",
            Self::Certificate => "certificate",
            Self::Upstream => "upstream",
            Self::BadAnswer => "bad_answer",
            Self::CursorStuck => "cursor_stuck",
            Self::LocalFile => "local_file",
            Self::Stopped => "stopped",
            Self::Unavailable => "unavailable",
            Self::Busy => "busy",
            Self::Refused => "refused",
            Self::NotCached => "not_cached",
        }
    }
}

/// What went wrong, after how many attempts, and whether trying again can help.
///
/// `Display` is one sentence for the person at the terminal, without secrets. Causes are in [`source`](StdError::source). Cheap
/// to clone: equal calls that shared one attempt share its error.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    operation: Option<String>,
    retryable: bool,
    attempts: u32,
    elapsed: Duration,
    retry_at: Option<UnixMillis>,
    outage: bool,
    budget_exhausted: bool,
    hit_deadline: bool,
    class: Option<Class>,
    hint: Option<String>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
    answer: Option<Arc<Response<Bytes>>>,
}

impl Error {
    /// An error of this kind; the message says what happened, in a sentence without a full stop.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            kind,
            message: message.into(),
            operation: None,
            retryable: false,
            attempts: 0,
            elapsed: Duration::ZERO,
            retry_at: None,
            outage: false,
            budget_exhausted: false,
            hit_deadline: false,
            class: None,
            hint: None,
            source: None,
            answer: None,
        }))
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.inner().source = Some(Arc::from(source.into()));
        self
    }

    /// A cause that others have as well.
    pub(crate) fn with_shared_source(mut self, source: Arc<dyn StdError + Send + Sync>) -> Self {
        self.inner().source = Some(source);
        self
    }

    pub(crate) fn with_answer(mut self, answer: Option<Arc<Response<Bytes>>>) -> Self {
        self.inner().answer = answer;
        self
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.inner().hint = Some(hint.into());
        self
    }

    pub(crate) fn with_retryable(mut self, retryable: bool) -> Self {
        self.inner().retryable = retryable;
        self
    }

    pub(crate) fn with_retry_at(mut self, retry_at: Option<UnixMillis>) -> Self {
        self.inner().retry_at = retry_at;
        self
    }

    pub(crate) fn with_outage(mut self, outage: bool) -> Self {
        self.inner().outage = outage;
        self
    }

    pub(crate) fn with_budget_exhausted(mut self, exhausted: bool) -> Self {
        self.inner().budget_exhausted = exhausted;
        self
    }

    pub(crate) fn with_class(mut self, class: Class) -> Self {
        self.inner().class = Some(class);
        self
    }

    pub(crate) fn with_deadline_hit(mut self, hit: bool) -> Self {
        self.inner().hit_deadline = hit;
        self
    }

    fn inner(&mut self) -> &mut Inner {
        Arc::make_mut(&mut self.0)
    }

    /// Whether the call's own deadline ended it: another call with more time may succeed.
    pub(crate) fn hit_deadline(&self) -> bool {
        self.0.hit_deadline
    }

    pub(crate) fn with_call(mut self, operation: &str, attempts: u32, elapsed: Duration) -> Self {
        self.inner().operation = Some(operation.to_owned());
        self.inner().attempts = attempts;
        self.inner().elapsed = elapsed;
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// How the last attempt failed; `None` where it did not come to an attempt.
    #[must_use]
    pub fn class(&self) -> Option<Class> {
        self.0.class
    }

    /// Whether the same call can succeed later. A call that has used up its attempts says so as well: the cause was passing.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// Whether the call ended because the service failed for longer than the policy puts up with: other calls would fare no
    /// better.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        self.0.outage
    }

    /// Whether it would befall every other call now as well: it is about the key, the host or the budget, not about what was asked
    /// for.
    pub(crate) fn befalls_every_call(&self) -> bool {
        match self.kind() {
            ErrorKind::Auth
            | ErrorKind::Forbidden
            | ErrorKind::CdnBlocked
            | ErrorKind::Certificate
            | ErrorKind::Unreachable
            | ErrorKind::RateLimited
            | ErrorKind::Stopped => true,
            // After minutes of failing attempts the service is down; after a few unusable answers this one thing is broken.
            ErrorKind::Timeout | ErrorKind::Upstream | ErrorKind::Unavailable | ErrorKind::BadAnswer => self.is_outage(),
            _ => false,
        }
    }

    /// Whether the call was not repeated because too many calls failed lately (empty retry budget).
    #[must_use]
    pub fn is_budget_exhausted(&self) -> bool {
        self.0.budget_exhausted
    }

    /// The name of the operation that failed, where it got as far as that.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }

    /// How many attempts were made; 0 where nothing was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the call took, waits included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// When the service said, or our own reckoning says, that trying again makes sense.
    #[must_use]
    pub fn retry_at(&self) -> Option<UnixMillis> {
        self.0.retry_at
    }

    /// What to do now, in a sentence, where there is something to do.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// How the service answered the last attempt: status, headers and the whole body, as they came; `None` where no whole answer
    /// came, where nothing was sent, and where no token could be had. For whoever hands it on or looks for what no class tells. It
    /// is not redacted: a server may repeat in it what it was sent.
    #[must_use]
    pub fn answer(&self) -> Option<&Response<Bytes>> {
        self.0.answer.as_deref()
    }

    /// What happened, without operation and attempts.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        if let Some(operation) = &inner.operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&inner.message)?;
        if inner.attempts > 1 {
            write!(f, " (after {} attempts in {:.1} s)", inner.attempts, inner.elapsed.as_secs_f64())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("message", &inner.message)
            .field("operation", &inner.operation)
            .field("retryable", &inner.retryable)
            .field("attempts", &inner.attempts)
            .field("elapsed", &inner.elapsed)
            .field("retry_at", &inner.retry_at)
            .field("hint", &inner.hint)
            .field("source", &inner.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
