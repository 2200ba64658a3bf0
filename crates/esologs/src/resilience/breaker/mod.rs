//! A circuit breaker: stops asking a service that only fails, and finds out by itself when it is well again.

#[cfg(test)]
mod interleavings;
mod machine;
mod settings;
#[cfg(test)]
mod tests;
mod window;

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use tokio::sync::Notify;
use tokio::time::Instant;

use self::machine::{Admission, Machine};
pub use self::machine::{BreakerCause, BreakerState};
pub(crate) use self::machine::{Transition, Verdict};
pub use self::settings::BreakerSettings;
use crate::error::Error;

/// A circuit breaker around anything that can fail. Clones share their state.
///
/// - Closed, it lets everything through and counts. A window of ten buckets is looked at, so a million old successes do not
///   hide an outage.
/// - Open, it refuses at once and says when to come back.
/// - Then exactly one call is let through as a probe. An answer closes it, a failure opens it for longer; a probe that is
///   never heard of counts as failed when its lease ends, one that is cancelled gives its place back.
/// - What comes back late, from before a change of state, changes nothing.
///
/// ```
/// use std::time::Duration;
/// use esologs::{BreakerError, CircuitBreaker};
///
/// # async fn download() -> Result<u32, std::io::Error> { Ok(7) }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let breaker = CircuitBreaker::new(5, Duration::from_secs(60)); // open after 5 failures in a row, for 60 s
/// match breaker.call(|| download()).await {
///     Ok(bytes) => println!("{bytes}"),
///     Err(BreakerError::Open { retry_in }) => println!("not asked; again in {retry_in:?}"),
///     Err(BreakerError::Failed(error)) => println!("{error}"),
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct CircuitBreaker(Arc<Inner>);

struct Inner {
    machine: Mutex<(Machine, Rng)>,
    /// The generation while the state is closed, [`NOT_CLOSED`] otherwise: a closed breaker admits without the lock.
    closed: AtomicU64,
    /// Beside the machine, so that a listener may ask for it.
    state: Mutex<BreakerState>,
    /// Wakes in the order of arrival. (A `watch` channel wakes in random order, and no run could be repeated exactly.)
    changes: Notify,
    listener: Option<Listener>,
}

/// No generation: there are not that many changes of state.
const NOT_CLOSED: u64 = u64::MAX;

/// Who is told of changes of state, while the breaker is locked: it must not use the breaker.
pub(crate) type Listener = Box<dyn Fn(Transition) + Send + Sync>;

impl CircuitBreaker {
    /// A breaker that opens after `failures` in a row (at least 1) and stays open for `open_for`. A probe may take a minute;
    /// [`with_settings`](Self::with_settings) sets another time.
    #[must_use]
    pub fn new(failures: u32, open_for: Duration) -> Self {
        let open_for = open_for.max(Duration::from_millis(1));
        Self::build(BreakerSettings::after(failures.max(1), open_for), Rng::new(), None)
    }

    /// A breaker with all settings.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) where one is out of its range; the message names it.
    pub fn with_settings(settings: BreakerSettings) -> Result<Self, Error> {
        settings.check(Duration::ZERO)?;
        Ok(Self::build(settings, Rng::new(), None))
    }

    pub(crate) fn build(settings: BreakerSettings, rng: Rng, listener: Option<Listener>) -> Self {
        let machine = Mutex::new((Machine::new(settings, Instant::now()), rng));
        let state = Mutex::new(BreakerState::Closed);
        Self(Arc::new(Inner { machine, closed: AtomicU64::new(0), state, changes: Notify::new(), listener }))
    }

    /// Runs `work` unless the breaker is open. Every `Err` counts as a failure; [`acquire`](Self::acquire) leaves that to the
    /// caller.
    ///
    /// # Errors
    /// [`BreakerError::Open`] where it was not run, [`BreakerError::Failed`] with its own error.
    pub async fn call<T, E, F: Future<Output = Result<T, E>>>(&self, work: impl FnOnce() -> F) -> Result<T, BreakerError<E>> {
        let permit = self.acquire().map_err(|BreakerOpen { retry_in }| BreakerError::Open { retry_in })?;
        let result = work().await;
        match &result {
            Ok(_) => permit.succeeded(),
            Err(_) => permit.failed(),
        }
        result.map_err(BreakerError::Failed)
    }

    /// Leave for one attempt. Tell the permit how it went; dropped without a word it counts as nothing.
    ///
    /// # Errors
    /// [`BreakerOpen`] with the time after which asking again makes sense.
    pub fn acquire(&self) -> Result<BreakerPermit<'_>, BreakerOpen> {
        self.acquire_for(Duration::ZERO, Instant::now())
    }

    /// The same, for where the permit outlives the borrow: in another task, in another language.
    ///
    /// # Errors
    /// Those of [`acquire`](Self::acquire).
    pub fn acquire_owned(&self) -> Result<BreakerPermit<'static>, BreakerOpen> {
        let mut permit = self.acquire()?;
        Ok(BreakerPermit { admission: permit.admission.take(), breaker: Cow::Owned(self.clone()) })
    }

    /// What it does with calls now. An open breaker whose time is over says so until a call comes.
    #[must_use]
    pub fn state(&self) -> BreakerState {
        *self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the next change of state.
    pub async fn changed(&self) {
        self.0.changes.notified().await;
    }

    /// Waits until it is closed.
    pub async fn closed(&self) {
        loop {
            // Before the look, so that no change between the two is missed.
            let change = self.0.changes.notified();
            if self.state() == BreakerState::Closed {
                return;
            }
            change.await;
        }
    }

    /// Opens it until [`close`](Self::close): nothing is asked meanwhile, and nothing probed.
    pub fn isolate(&self) {
        self.with_machine(|machine, _, told| machine.isolate(told));
    }

    /// Closes it, whatever it was, with nothing counted.
    pub fn close(&self) {
        self.with_machine(|machine, _, told| machine.close(Instant::now(), told));
    }

    /// How many results came from before a change of state and were dropped.
    #[must_use]
    pub fn late_results(&self) -> u64 {
        self.lock().0.late_results()
    }

    pub(crate) fn settings(&self) -> BreakerSettings {
        *self.lock().0.settings()
    }

    /// Whether a call would be admitted; changes nothing, so that nobody queues for a service that is not asked.
    pub(crate) fn peek(&self, now: Instant) -> Result<(), BreakerOpen> {
        if self.is_closed() {
            return Ok(());
        }
        self.lock().0.peek(now).map_err(|until| BreakerOpen::new(until, now))
    }

    /// The same as asking for the state, at a fraction of its price.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed_generation().is_some()
    }

    fn closed_generation(&self) -> Option<u64> {
        Some(self.0.closed.load(Ordering::Acquire)).filter(|generation| *generation != NOT_CLOSED)
    }

    pub(crate) fn acquire_for(&self, lease: Duration, now: Instant) -> Result<BreakerPermit<'_>, BreakerOpen> {
        let admission = match self.closed_generation() {
            // As the machine does. Should it open in this moment, the result comes too late and is dropped.
            Some(generation) => Ok(Admission { generation }),
            None => self.with_machine(|machine, rng, told| machine.admit(lease, now, rng, told)),
        };
        match admission {
            Ok(admission) => Ok(BreakerPermit { breaker: Cow::Borrowed(self), admission: Some(admission) }),
            Err(until) => Err(BreakerOpen::new(until, now)),
        }
    }

    fn with_machine<R>(&self, change: impl FnOnce(&mut Machine, &mut Rng, &mut dyn FnMut(Transition)) -> R) -> R {
        // Dropped after the lock.
        let changed = Changed { changes: &self.0.changes, any: Cell::new(false) };
        let mut locked = self.lock();
        let (machine, rng) = &mut *locked;
        change(machine, rng, &mut |transition| {
            changed.any.set(true);
            *self.0.state.lock().unwrap_or_else(PoisonError::into_inner) = transition.to;
            // In the lock, so that changes are told in their order.
            let closed = if transition.to == BreakerState::Closed { transition.generation } else { NOT_CLOSED };
            self.0.closed.store(closed, Ordering::Release);
            if let Some(listener) = &self.0.listener {
                listener(transition);
            }
        })
    }

    /// The machine is plain data; a listener that panicked leaves it whole.
    fn lock(&self) -> MutexGuard<'_, (Machine, Rng)> {
        self.0.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Wakes those who wait for a change, also where a listener panics.
struct Changed<'a> {
    changes: &'a Notify,
    any: Cell<bool>,
}

impl Drop for Changed<'_> {
    fn drop(&mut self) {
        if self.any.get() {
            self.changes.notify_waiters();
        }
    }
}

impl fmt::Debug for CircuitBreaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CircuitBreaker").field("state", &self.state()).finish_non_exhaustive()
    }
}

/// Leave for one attempt, from [`CircuitBreaker::acquire`]. Dropped without a result (a cancelled call, a panic) it counts
/// as nothing and gives its place back.
#[derive(Debug)]
#[must_use = "a permit that is dropped counts as nothing"]
pub struct BreakerPermit<'a> {
    breaker: Cow<'a, CircuitBreaker>,
    admission: Option<Admission>,
}

impl BreakerPermit<'_> {
    /// The attempt succeeded.
    pub fn succeeded(self) {
        self.record(Verdict::Healthy, Instant::now());
    }

    /// The attempt failed in a way that says something about the service.
    pub fn failed(self) {
        self.record(Verdict::Unhealthy, Instant::now());
    }

    pub(crate) fn record(mut self, verdict: Verdict, now: Instant) {
        self.tell(verdict, now);
    }

    fn tell(&mut self, verdict: Verdict, now: Instant) {
        if let Some(admission) = self.admission.take() {
            self.breaker.with_machine(|machine, rng, told| machine.record(admission, verdict, now, rng, told));
        }
    }
}

impl Drop for BreakerPermit<'_> {
    fn drop(&mut self) {
        // Mostly all has been said, and the clock need not be asked.
        if self.admission.is_some() {
            self.tell(Verdict::Neutral, Instant::now());
        }
    }
}

/// The breaker does not let a call through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct BreakerOpen {
    /// After which time asking again makes sense; `None` while it is isolated by hand.
    pub retry_in: Option<Duration>,
}

impl BreakerOpen {
    fn new(until: Option<Instant>, now: Instant) -> Self {
        Self { retry_in: until.map(|until| until.saturating_duration_since(now)) }
    }
}

/// Why [`CircuitBreaker::call`] brought no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BreakerError<E> {
    /// Not run: the breaker is open.
    Open {
        /// After which time asking again makes sense; `None` while it is isolated by hand.
        retry_in: Option<Duration>,
    },
    /// Run, and failed.
    Failed(E),
}

impl fmt::Display for BreakerOpen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.retry_in {
            Some(time) => write!(f, "not asked: it failed too often lately; again in {:.1} s", time.as_secs_f64()),
            None => f.write_str("not asked: the breaker was opened by hand"),
        }
    }
}

impl std::error::Error for BreakerOpen {}

impl<E: fmt::Display> fmt::Display for BreakerError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open { retry_in } => BreakerOpen { retry_in: *retry_in }.fmt(f),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for BreakerError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Open { .. } => None,
            Self::Failed(error) => error.source(),
        }
    }
}
