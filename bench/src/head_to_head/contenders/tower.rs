//! The stack that tower-resilience's guide shows for clients of somebody else's API.

use std::error::Error;
use std::time::Duration;

use serde_json::Value;
use tower::util::BoxCloneSyncService;
use tower::{ServiceBuilder, ServiceExt as _, service_fn};
use tower_resilience::bulkhead::{BulkheadLayer, BulkheadServiceError};
use tower_resilience::circuitbreaker::{CircuitBreakerError, CircuitBreakerLayer};
use tower_resilience::retry::RetryLayer;
use tower_resilience::timelimiter::{TimeLimiterError, TimeLimiterLayer};

use super::exchange::{ExchangeError, TIMEOUT, exchange, is_right};
use super::{CONCURRENCY, CallFuture, Contender};
use crate::head_to_head::wire::Wire;

/// What retry sees of a failed attempt.
type AttemptError = CircuitBreakerError<BulkheadServiceError<TimeLimiterError<ExchangeError>>>;

pub(super) struct Tower(BoxCloneSyncService<(), Value, TimeLimiterError<AttemptError>>);

impl Tower {
    pub(super) fn new(wire: Wire) -> Result<Self, Box<dyn Error>> {
        let time = |seconds: f64| wire.scaled(Duration::from_secs_f64(seconds));
        let limit = |time| TimeLimiterLayer::builder().timeout_duration(time).build();
        let stack = ServiceBuilder::new()
            .layer(limit(time(30.0)))
            .layer(RetryLayer::builder().max_attempts(3).exponential_backoff(time(0.1)).retry_on(may_be_repeated).build())
            .layer(CircuitBreakerLayer::builder().failure_rate_threshold(0.5).wait_duration_in_open(time(30.0)).build()?)
            .layer(BulkheadLayer::builder().max_concurrent_calls(CONCURRENCY).build()?)
            .layer(limit(wire.scaled(TIMEOUT)));
        let service = service_fn(move |()| {
            let wire = wire.clone();
            async move { exchange(&wire, None).await }
        });
        Ok(Self(BoxCloneSyncService::new(stack.service(service))))
    }
}

fn may_be_repeated(error: &AttemptError) -> bool {
    match error {
        CircuitBreakerError::OpenCircuit => false,
        CircuitBreakerError::Inner(BulkheadServiceError::Inner(TimeLimiterError::Inner(error))) => !error.is_final(),
        CircuitBreakerError::Inner(_) => true,
    }
}

impl Contender for Tower {
    fn call(&self) -> CallFuture<'_> {
        Box::pin(async { self.0.clone().oneshot(()).await.is_ok_and(|answer| is_right(&answer)) })
    }
}
