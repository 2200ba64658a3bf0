//! Settings of a client's own breaker, retry budget and request rate, as Python gives them: what is left out is as usual.

use std::time::Duration;

use esologs::{BreakerSettings, CallPolicy, ClientBuilder, Priority, RateSettings, RetryBudgetSettings};
use pyo3::prelude::*;

use crate::settings::seconds;

/// Settings of its own, or whether there is any.
#[derive(FromPyObject)]
pub(crate) enum OwnBreaker {
    Switch(bool),
    Settings(BreakerWishes),
}

/// Those that were given. Times are seconds.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct BreakerWishes {
    failure_threshold: Option<u32>,
    failure_rate: Option<f64>,
    min_calls: Option<u32>,
    window: Option<f64>,
    timeout: Option<f64>,
    max_timeout: Option<f64>,
    timeout_growth: Option<f64>,
    timeout_jitter: Option<f64>,
    probe_timeout: Option<f64>,
}

impl OwnBreaker {
    /// The builder with this breaker, for calls of that policy.
    pub(crate) fn set(self, builder: ClientBuilder, policy: &CallPolicy) -> PyResult<ClientBuilder> {
        Ok(match self {
            Self::Switch(true) => builder,
            Self::Switch(false) => builder.without_breaker(),
            Self::Settings(wishes) => builder.breaker(wishes.settings(policy)?),
        })
    }
}

impl BreakerWishes {
    fn settings(&self, policy: &CallPolicy) -> PyResult<BreakerSettings> {
        let usual = match policy.priority {
            Priority::Batch => BreakerSettings::batch(),
            Priority::Interactive => BreakerSettings::interactive(),
        };
        let time = |name, given: Option<f64>, usual: Duration| given.map_or(Ok(usual), |given| seconds(name, given));
        let open_for = time("timeout", self.timeout, usual.open_for)?;
        Ok(BreakerSettings {
            failure_rate: self.failure_rate.unwrap_or(usual.failure_rate),
            min_attempts: self.min_calls.unwrap_or(usual.min_attempts),
            consecutive_failures: self.failure_threshold.unwrap_or(usual.consecutive_failures),
            // Where nothing is said, they fit the time of an attempt.
            window: time("window", self.window, usual.window.max(2 * policy.attempt_timeout))?,
            lease: time("probe_timeout", self.probe_timeout, usual.lease.max(policy.attempt_timeout))?,
            open_for,
            open_cap: time("max_timeout", self.max_timeout, usual.open_cap.max(open_for))?,
            open_growth: self.timeout_growth.unwrap_or(usual.open_growth),
            open_jitter: self.timeout_jitter.unwrap_or(usual.open_jitter),
            ..usual
        })
    }
}

/// Settings of its own, or whether there is any.
#[derive(FromPyObject)]
pub(crate) enum OwnBudget {
    Switch(bool),
    Settings(BudgetWishes),
}

/// Those that were given.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct BudgetWishes {
    cap: Option<f64>,
    per_success: Option<f64>,
    per_second: Option<f64>,
}

impl OwnBudget {
    /// The policy with this budget.
    pub(crate) fn set(&self, policy: CallPolicy) -> CallPolicy {
        let usual = match policy.attempts {
            Some(_) => RetryBudgetSettings::interactive(),
            None => RetryBudgetSettings::batch(),
        };
        let retry_budget = match self {
            Self::Switch(true) => Some(usual),
            Self::Switch(false) => None,
            Self::Settings(BudgetWishes { cap, per_success, per_second }) => Some(RetryBudgetSettings {
                cap: cap.unwrap_or(usual.cap),
                per_success: per_success.unwrap_or(usual.per_success),
                per_second: per_second.unwrap_or(usual.per_second),
                ..usual
            }),
        };
        CallPolicy { retry_budget, ..policy }
    }
}

/// A rate of its own, in requests a second, or whether there is any.
#[derive(FromPyObject)]
pub(crate) enum OwnRate {
    Switch(bool),
    PerSecond(f64),
}

impl OwnRate {
    /// The builder with this rate.
    pub(crate) fn set(self, builder: ClientBuilder) -> ClientBuilder {
        match self {
            Self::Switch(true) => builder,
            Self::Switch(false) => builder.without_request_rate(),
            Self::PerSecond(per_second) => builder.request_rate(RateSettings::new(per_second)),
        }
    }
}
