//! Who is compared, each in the configuration that its documentation recommends for a client.

mod exchange;
mod failsafe;
mod naive;
mod ours;
mod reqwest_retry;
mod tower;

use std::pin::Pin;
use std::sync::Arc;

use super::wire::Wire;

/// The future of one call: whether the caller got what it asked for.
pub(super) type CallFuture<'a> = Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

/// A client of the service.
pub(super) trait Contender: Send + Sync {
    /// One call.
    fn call(&self) -> CallFuture<'_>;
}

/// The most calls on their way at once, where a contender bounds them: more than any scenario needs, so that no row is about it.
pub(super) const CONCURRENCY: usize = 2_000;

/// Who takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    OursInteractive,
    OursBatch,
    Tower,
    ReqwestRetry,
    Failsafe,
    Naive,
}

impl Kind {
    pub(super) const ALL: [Self; 6] =
        [Self::OursInteractive, Self::OursBatch, Self::Tower, Self::ReqwestRetry, Self::Failsafe, Self::Naive];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::OursInteractive => "ours, interactive",
            Self::OursBatch => "ours, batch",
            Self::Tower => "tower-resilience",
            Self::ReqwestRetry => "reqwest-retry",
            Self::Failsafe => "failsafe",
            Self::Naive => "naive loop",
        }
    }

    pub(super) const fn is_ours(self) -> bool {
        matches!(self, Self::OursInteractive | Self::OursBatch)
    }

    /// What it is made of.
    pub(super) const fn configuration(self) -> &'static str {
        match self {
            Self::OursInteractive => {
                "`CallPolicy::interactive()`; concurrency 2,000, no request rate, no single-flight (the calls are all equal), all else as it comes"
            }
            Self::OursBatch => "`CallPolicy::batch()`, else the same",
            Self::Tower => {
                "the \"External API Clients\" stack of its guide: time limiter 30 s, retry (3 attempts, 100 ms exponential; \
                 all but open circuit and 4xx other than 408 and 429), circuit breaker (rate 0.5, 30 s open), bulkhead (2,000), time \
                 limiter 10 s"
            }
            Self::ReqwestRetry => {
                "`RetryTransientMiddleware` with `ExponentialBackoff::builder().build_with_max_retries(3)`, time-out of reqwest 10 s"
            }
            Self::Failsafe => {
                "`Config::new()`'s policy around each try of the naive loop (it has no retry of its own), time-out of reqwest 10 s"
            }
            Self::Naive => "3 tries, 1 s and 2 s between them, whatever the error; time-out of reqwest 10 s",
        }
    }

    /// Seconds of the scenario in one second: two of the libraries read the machine's clock, which cannot be paused.
    pub(super) const fn scale(self) -> u32 {
        if self.is_virtual() { 1 } else { 30 }
    }

    /// Whether tokio's paused clock is all the time it knows.
    pub(super) const fn is_virtual(self) -> bool {
        !matches!(self, Self::Tower | Self::Failsafe)
    }

    pub(super) const fn has_breaker(self) -> bool {
        !matches!(self, Self::ReqwestRetry | Self::Naive)
    }

    /// The version of the library, as the lock file of this program has it.
    pub(super) fn version(self) -> &'static str {
        let name = match self {
            Self::OursInteractive | Self::OursBatch => "esologs",
            Self::Tower => "tower-resilience",
            Self::ReqwestRetry => "reqwest-retry",
            Self::Failsafe => "failsafe",
            Self::Naive => return "–",
        };
        let lock = include_str!("../../../../Cargo.lock");
        let after = lock.split_once(&format!("name = \"{name}\"\nversion = \"")).map(|(_, after)| after);
        after.and_then(|after| after.split('"').next()).unwrap_or("unknown")
    }

    pub(super) fn build(self, wire: &Wire) -> Result<Arc<dyn Contender>, Box<dyn std::error::Error>> {
        let wire = wire.clone();
        Ok(match self {
            Self::OursInteractive => Arc::new(ours::Ours::new(wire, esologs::CallPolicy::interactive())?),
            Self::OursBatch => Arc::new(ours::Ours::new(wire, esologs::CallPolicy::batch())?),
            Self::Tower => Arc::new(tower::Tower::new(wire)?),
            Self::ReqwestRetry => Arc::new(reqwest_retry::ReqwestRetry::new(wire)?),
            Self::Failsafe => Arc::new(failsafe::Failsafe::new(wire)),
            Self::Naive => Arc::new(naive::Naive::new(wire)),
        })
    }
}
