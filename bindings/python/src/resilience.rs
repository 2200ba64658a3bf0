//! The library's `RetryPolicy`, `RetryBudget`, `CircuitBreaker` and `Fallback` for functions of one's own. They decide; calling, sleeping
//! and raising are Python's, so that a function runs in the thread, task and context of its caller.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use esologs::{
    BreakerPermit, BreakerSettings, CircuitBreaker, RetryAgain, RetryBudget, RetryBudgetSettings, RetryPolicy, RetryRun,
};
use pyo3::prelude::*;

use crate::settings::{refuse, seconds};

/// What is seen of an exception: whether it is repeated, and how long the other side asked to be left alone.
struct Seen {
    repeats: bool,
    retry_after: Option<Duration>,
}

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct RetrySettings {
    max_attempts: u32,
    initial_delay: f64,
    max_delay: f64,
    jitter: bool,
    deadline: Option<f64>,
    max_wait: f64,
    budget: Option<Py<Budget>>,
    seed: Option<u64>,
}

/// How often, and after which waits.
#[pyclass(frozen, module = "esologs._core")]
pub(crate) struct Retries(RetryPolicy<Seen>);

#[pymethods]
impl Retries {
    #[new]
    fn new(settings: RetrySettings) -> PyResult<Self> {
        let first = seconds("initial_delay", settings.initial_delay)?;
        let policy = RetryPolicy::new()
            .attempts(settings.max_attempts)
            .cap(seconds("max_delay", settings.max_delay)?)
            .max_wait(seconds("max_wait", settings.max_wait)?)
            .retry_if(|seen: &Seen| seen.repeats)
            .retry_after(|seen: &Seen| seen.retry_after);
        let mut policy = if settings.jitter { policy.backoff(first) } else { policy.initial_delay(first) };
        if let Some(deadline) = settings.deadline {
            policy = policy.deadline(seconds("deadline", deadline)?);
        }
        if let Some(budget) = settings.budget {
            policy = policy.budget(budget.get().0.clone());
        }
        if let Some(seed) = settings.seed {
            policy = policy.seed(seed);
        }
        Ok(Self(policy))
    }

    /// One run of a function.
    fn run(&self) -> Run {
        Run(Mutex::new(self.0.run()))
    }
}

/// The attempts of one run.
#[pyclass(frozen, module = "esologs._core")]
pub(crate) struct Run(Mutex<RetryRun<Seen>>);

#[pymethods]
impl Run {
    /// An attempt failed: the next one, or `None`. `retry_after` is in seconds.
    fn failed(&self, repeats: bool, retry_after: Option<f64>) -> PyResult<Option<Again>> {
        let retry_after = retry_after.map(|time| seconds("retry_after", time.max(0.0))).transpose()?;
        let again = locked(&self.0).failed(&Seen { repeats, retry_after });
        Ok(again.map(|again| Again { delay: again.delay.as_secs_f64(), leave: Mutex::new(Some(again)) }))
    }

    fn succeeded(&self) {
        locked(&self.0).succeeded();
    }
}

/// Leave for one more attempt.
#[pyclass(frozen, module = "esologs._core")]
pub(crate) struct Again {
    /// How long to wait first, in seconds.
    #[pyo3(get)]
    delay: f64,
    leave: Mutex<Option<RetryAgain>>,
}

#[pymethods]
impl Again {
    fn begin(&self) {
        if let Some(leave) = locked(&self.leave).take() {
            leave.begin();
        }
    }

    /// The wait was cancelled: what the attempt would have cost goes back.
    fn take_back(&self) {
        drop(locked(&self.leave).take());
    }
}

/// What repeats are paid from: each costs one, and each success and each second pays some of it in. When it is empty, nothing is
/// repeated: what fails for everybody is not made worse by asking again and again.
///
/// One budget is shared by all policies that are given it.
#[pyclass(frozen, name = "RetryBudget", module = "esologs")]
pub(crate) struct Budget(RetryBudget);

#[pymethods]
impl Budget {
    /// It begins full, with `cap`; a success pays in `per_success`, a second `per_second`.
    #[new]
    #[pyo3(signature = (cap = 20.0, per_success = 0.3, per_second = 1.0 / 30.0))]
    fn new(cap: f64, per_success: f64, per_second: f64) -> PyResult<Self> {
        let settings = RetryBudgetSettings { cap, per_success, per_second, ..RetryBudgetSettings::interactive() };
        RetryBudget::new(settings).map(Self).map_err(|error| refuse(&error))
    }

    /// How many repeats it pays for now.
    #[getter]
    fn tokens(&self) -> f64 {
        self.0.tokens()
    }
}

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct BreakerOptions {
    failure_threshold: u32,
    timeout: f64,
    max_timeout: f64,
    timeout_growth: f64,
    timeout_jitter: f64,
    probe_timeout: f64,
    failure_rate: Option<f64>,
    min_calls: u32,
    window: f64,
}

/// When calls are let through.
#[pyclass(frozen, module = "esologs._core")]
pub(crate) struct Breaker(CircuitBreaker);

#[pymethods]
impl Breaker {
    #[new]
    fn new(options: BreakerOptions) -> PyResult<Self> {
        let plain = BreakerSettings::after(options.failure_threshold, seconds("timeout", options.timeout)?);
        let mut settings = BreakerSettings {
            open_cap: seconds("max_timeout", options.max_timeout)?,
            open_growth: options.timeout_growth,
            open_jitter: options.timeout_jitter,
            lease: seconds("probe_timeout", options.probe_timeout)?,
            ..plain
        };
        if let Some(failure_rate) = options.failure_rate {
            let window = seconds("window", options.window)?;
            settings = BreakerSettings { failure_rate, min_attempts: options.min_calls, window, ..settings };
        }
        CircuitBreaker::with_settings(settings).map(Self).map_err(|error| refuse(&error))
    }

    /// Leave for one call; or none, and in how many seconds there may be some (not known while it is opened by hand).
    fn acquire(&self) -> (Option<Permit>, Option<f64>) {
        match self.0.acquire_owned() {
            Ok(permit) => (Some(Permit(Mutex::new(Some(permit)))), None),
            Err(open) => (None, open.retry_in.map(|time| time.as_secs_f64())),
        }
    }

    #[getter]
    fn state(&self) -> &'static str {
        self.0.state().name()
    }

    fn isolate(&self) {
        self.0.isolate();
    }

    fn close(&self) {
        self.0.close();
    }
}

/// Leave for one call.
#[pyclass(frozen, module = "esologs._core")]
pub(crate) struct Permit(Mutex<Option<BreakerPermit<'static>>>);

#[pymethods]
impl Permit {
    /// The call is over: `None` where it says nothing of what was called, as one that was cancelled.
    fn tell(&self, is_well: Option<bool>) {
        let Some(permit) = locked(&self.0).take() else { return };
        match is_well {
            Some(true) => permit.succeeded(),
            Some(false) => permit.failed(),
            None => drop(permit),
        }
    }
}

fn locked<T>(value: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}
