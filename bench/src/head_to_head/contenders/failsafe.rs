//! failsafe's breaker around each try of the naive loop.

use std::iter::Map;
use std::time::Duration;

use failsafe::backoff::{self, EqualJittered};
use failsafe::failure_policy::{ConsecutiveFailures, OrElse, SuccessRateOverTimeWindow};
use failsafe::futures::CircuitBreaker as _;
use failsafe::{Config, Error, FailurePolicy as _, StateMachine, failure_policy};

use super::exchange::{exchange_in_time, is_right};
use super::naive::{TRIES, wait};
use super::{CallFuture, Contender};
use crate::head_to_head::wire::Wire;

type Shortened = Map<EqualJittered, fn(Duration) -> Duration>;
type Policy = OrElse<SuccessRateOverTimeWindow<Shortened>, ConsecutiveFailures<Shortened>>;

pub(super) struct Failsafe {
    wire: Wire,
    breaker: StateMachine<Policy, ()>,
}

/// As [`Kind::scale`](super::Kind::scale) has it.
const SCALE: u32 = super::Kind::Failsafe.scale();

impl Failsafe {
    /// The values of its `Config::new()`, on the shortened scale.
    pub(super) fn new(wire: Wire) -> Self {
        let shorten: fn(Duration) -> Duration = |time| time / SCALE;
        let backoff = backoff::equal_jittered(Duration::from_secs(10), Duration::from_secs(300)).map(shorten);
        let window = shorten(Duration::from_secs(30));
        let policy = failure_policy::success_rate_over_time_window(0.8, 5, window, backoff.clone())
            .or_else(failure_policy::consecutive_failures(5, backoff));
        Self { wire, breaker: Config::new().failure_policy(policy).build() }
    }
}

impl Contender for Failsafe {
    fn call(&self) -> CallFuture<'_> {
        Box::pin(async {
            for number in 0..TRIES {
                match self.breaker.call(exchange_in_time(&self.wire, None)).await {
                    Ok(answer) => return is_right(&answer),
                    Err(Error::Rejected) => return false,
                    Err(Error::Inner(_)) if number + 1 < TRIES => self.wire.sleep(wait(number)).await,
                    Err(Error::Inner(_)) => {}
                }
            }
            false
        })
    }
}
