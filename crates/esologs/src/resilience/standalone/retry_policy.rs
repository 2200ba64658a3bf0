//! How often a function of the caller's own is tried, and how long is waited between.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;

use super::retry_run::RetryRun;
use crate::clock::Clock;
use crate::config::Backoff;
use crate::error::Error;
use crate::resilience::RetryBudget;

/// How [`retry`](super::retry) repeats an async function whose errors are of type `E`.
///
/// | setting | default |
/// |---|---|
/// | [`attempts`](Self::attempts) | 3, the first included |
/// | [`backoff`](Self::backoff) | a random wait of up to 1 s, then up to 2 s, 4 s, … |
/// | [`cap`](Self::cap) | 30 s |
/// | [`deadline`](Self::deadline) | none |
/// | [`max_wait`](Self::max_wait) | 60 s |
/// | [`retry_if`](Self::retry_if) | every error; [`transient`](Self::transient): what can pass |
/// | [`retry_after`](Self::retry_after) | no hint; [`transient`](Self::transient): [`Error::retry_at`] |
/// | [`budget`](Self::budget) | none |
///
/// ```
/// use std::io;
/// use std::time::Duration;
/// use esologs::RetryPolicy;
///
/// let policy = RetryPolicy::new()
///     .attempts(5)
///     .backoff(Duration::from_millis(200))
///     .deadline(Duration::from_secs(20))
///     .retry_if(|error: &io::Error| error.kind() == io::ErrorKind::TimedOut)
///     .on_retry(|again| eprintln!("attempt {} failed ({}); again in {:?}", again.attempt, again.error, again.delay));
/// ```
pub struct RetryPolicy<E> {
    pub(super) attempts: u32,
    pub(super) backoff: Backoff,
    pub(super) jitter: bool,
    pub(super) deadline: Option<Duration>,
    pub(super) max_wait: Duration,
    pub(super) budget: Option<RetryBudget>,
    pub(super) clock: Clock,
    retry_if: Option<Choice<E>>,
    retry_after: Option<Hint<E>>,
    on_retry: Option<Listener<E>>,
    seed: Option<u64>,
}

type Choice<E> = Arc<dyn Fn(&E) -> bool + Send + Sync>;
type Hint<E> = Arc<dyn Fn(&E, &Clock) -> Option<Duration> + Send + Sync>;
type Listener<E> = Arc<dyn Fn(&Retrying<'_, E>) + Send + Sync>;

/// What [`RetryPolicy::on_retry`] is told before each wait.
#[derive(Debug)]
#[non_exhaustive]
pub struct Retrying<'a, E> {
    /// Number of the attempt that failed; the first is 1.
    pub attempt: u32,
    /// Its error.
    pub error: &'a E,
    /// How long is waited now.
    pub delay: Duration,
    /// Time since the first attempt began.
    pub elapsed: Duration,
}

impl<E> RetryPolicy<E> {
    /// Three attempts, whatever the error, with a random wait of up to 1 s before the second and up to 2 s before the third.
    #[must_use]
    pub fn new() -> Self {
        Self {
            attempts: 3,
            backoff: Backoff { base: Duration::from_secs(1), cap: Duration::from_secs(30) },
            jitter: true,
            deadline: None,
            max_wait: Duration::from_secs(60),
            budget: None,
            clock: Clock::system(),
            retry_if: None,
            retry_after: None,
            on_retry: None,
            seed: None,
        }
    }

    /// Attempts in total, the first included. Default 3; 0 counts as 1.
    #[must_use]
    pub fn attempts(self, attempts: u32) -> Self {
        Self { attempts: attempts.max(1), ..self }
    }

    /// Upper end of the wait before the second attempt, doubled before each further one. The wait is a random part of that,
    /// so that callers who failed together do not come back together. Default 1 s.
    #[must_use]
    pub fn backoff(self, first: Duration) -> Self {
        Self { backoff: Backoff { base: first, ..self.backoff }, jitter: true, ..self }
    }

    /// The wait before the second attempt, doubled before each further one, without a random part: 1 s, 2 s, 4 s. For a single
    /// caller; many of them would come back together.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # let _: esologs::RetryPolicy<std::io::Error> =
    /// esologs::RetryPolicy::new().initial_delay(Duration::from_secs(2)) // 2 s, then 4 s
    /// # ;
    /// ```
    #[must_use]
    pub fn initial_delay(self, first: Duration) -> Self {
        Self { backoff: Backoff { base: first, ..self.backoff }, jitter: false, ..self }
    }

    /// Upper end of every wait that backoff makes. Default 30 s. (A hint of [`retry_after`](Self::retry_after) may be longer.)
    #[must_use]
    pub fn cap(self, longest: Duration) -> Self {
        Self { backoff: Backoff { cap: longest, ..self.backoff }, ..self }
    }

    /// Total time, waits included: no wait is begun that would not end before it. A running attempt is not cut: give the
    /// function a time-out of its own for that. Default none.
    #[must_use]
    pub fn deadline(self, total: Duration) -> Self {
        Self { deadline: Some(total), ..self }
    }

    /// The longest single wait: for a hint of [`retry_after`](Self::retry_after), or for an empty budget that is waited for. What
    /// needs longer ends with its error now. Default 60 s.
    #[must_use]
    pub fn max_wait(self, longest: Duration) -> Self {
        Self { max_wait: longest, ..self }
    }

    /// Repeats only after errors that `choose` says yes to. Default: after every error.
    #[must_use]
    pub fn retry_if(self, choose: impl Fn(&E) -> bool + Send + Sync + 'static) -> Self {
        Self { retry_if: Some(Arc::new(choose)), ..self }
    }

    /// How long the other side asked to be left alone, where the error says. It is never asked again earlier.
    #[must_use]
    pub fn retry_after(self, hint: impl Fn(&E) -> Option<Duration> + Send + Sync + 'static) -> Self {
        Self { retry_after: Some(Arc::new(move |error, _| hint(error))), ..self }
    }

    /// Pays each repeat from this budget, at a price of 1, and pays in for each success. An empty one ends the loop with the last
    /// error, or is waited for, as its [`when_empty`](crate::RetryBudgetSettings::when_empty) says.
    #[must_use]
    pub fn budget(self, budget: RetryBudget) -> Self {
        Self { budget: Some(budget), ..self }
    }

    /// Called before each wait, for logs. It must not block.
    #[must_use]
    pub fn on_retry(self, tell: impl Fn(&Retrying<'_, E>) + Send + Sync + 'static) -> Self {
        Self { on_retry: Some(Arc::new(tell)), ..self }
    }

    /// A seed for the random part of waits, for tests: every run with this policy waits alike. Default: random.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed: Some(seed), ..self }
    }

    /// The clock that moments such as [`Error::retry_at`] are on. Default: this machine's.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The decisions of one run, for a loop of one's own. [`retry`](super::retry) is the loop for async functions.
    #[must_use]
    pub fn run(&self) -> RetryRun<E> {
        RetryRun::new(self.clone())
    }

    pub(super) fn repeats(&self, error: &E) -> bool {
        self.retry_if.as_ref().is_none_or(|choose| choose(error))
    }

    pub(super) fn hint(&self, error: &E) -> Option<Duration> {
        self.retry_after.as_ref().and_then(|hint| hint(error, &self.clock))
    }

    pub(super) fn tell(&self, again: &Retrying<'_, E>) {
        if let Some(tell) = &self.on_retry {
            tell(again);
        }
    }

    pub(super) fn rng(&self) -> Rng {
        self.seed.map_or_else(Rng::new, Rng::with_seed)
    }

    /// A hint that is a moment on the policy's clock.
    pub(crate) fn retry_after_on_clock(self, hint: impl Fn(&E, &Clock) -> Option<Duration> + Send + Sync + 'static) -> Self {
        Self { retry_after: Some(Arc::new(hint)), ..self }
    }
}

impl RetryPolicy<Error> {
    /// For errors of this library: repeats what [`is_retryable`](Error::is_retryable), never before
    /// [`retry_at`](Error::retry_at), and not at all where that is further off than [`max_wait`](Self::max_wait).
    ///
    /// A client repeats its own calls: around one call, change its [`CallPolicy`](crate::CallPolicy) instead, or the attempts
    /// of both multiply. This is for a larger step of several calls, or around calls under
    /// [`CallPolicy::plain`](crate::CallPolicy::plain).
    ///
    /// ```
    /// # async fn example(client: esologs::Client) -> Result<(), esologs::Error> {
    /// use esologs::{CallPolicy, RetryPolicy, retry};
    ///
    /// let once = client.with_policy(CallPolicy::plain());
    /// let budget = retry(&RetryPolicy::transient(), || once.rate_limit()).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn transient() -> Self {
        Self::new().retry_if(Error::is_retryable).retry_after_on_clock(time_until_retry_at)
    }
}

/// How long until the moment at which trying again makes sense.
pub(crate) fn time_until_retry_at(error: &Error, clock: &Clock) -> Option<Duration> {
    error.retry_at().map(|at| at.since(clock.now()))
}

impl<E> Default for RetryPolicy<E> {
    fn default() -> Self {
        Self::new()
    }
}

/// By hand: an `E` that cannot be cloned does not matter.
impl<E> Clone for RetryPolicy<E> {
    fn clone(&self) -> Self {
        Self {
            attempts: self.attempts,
            backoff: self.backoff,
            jitter: self.jitter,
            deadline: self.deadline,
            max_wait: self.max_wait,
            budget: self.budget.clone(),
            clock: self.clock.clone(),
            retry_if: self.retry_if.clone(),
            retry_after: self.retry_after.clone(),
            on_retry: self.on_retry.clone(),
            seed: self.seed,
        }
    }
}

impl<E> fmt::Debug for RetryPolicy<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("attempts", &self.attempts)
            .field("backoff", &self.backoff)
            .field("jitter", &self.jitter)
            .field("deadline", &self.deadline)
            .field("max_wait", &self.max_wait)
            .finish_non_exhaustive()
    }
}
