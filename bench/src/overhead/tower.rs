//! The three layers of tower-resilience that its guide puts around a client of an API: retry, circuit breaker, time limiter.

use std::convert::Infallible;
use std::error::Error;
use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use tower::{Service, ServiceBuilder, ServiceExt as _, service_fn};
use tower_resilience::circuitbreaker::CircuitBreakerLayer;
use tower_resilience::retry::RetryLayer;
use tower_resilience::timelimiter::TimeLimiterLayer;

use super::measure::{Number, Race};
use super::ours::{ANSWER, bare};

/// The layers around a service that answers at once, and around one that makes the same exchange as our client does.
pub(super) fn add(race: &mut Race<'_>) -> Result<[Number; 2], Box<dyn Error>> {
    let nothing = service_fn(|_: Bytes| async { Ok::<_, Infallible>(Bytes::from_static(ANSWER.as_bytes())) });
    let exchange = service_fn(|_: Bytes| async { Ok::<_, Infallible>(bare().await) });
    Ok([add_layers(race, nothing)?, add_layers(race, exchange)?])
}

fn add_layers<S>(race: &mut Race<'_>, service: S) -> Result<Number, Box<dyn Error>>
where
    S: Service<Bytes, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    S::Response: Send,
{
    let layers = ServiceBuilder::new()
        .layer(RetryLayer::builder().max_attempts(3).exponential_backoff(Duration::from_millis(100)).build())
        .layer(CircuitBreakerLayer::builder().failure_rate_threshold(0.5).build()?)
        .layer(TimeLimiterLayer::builder().timeout_duration(Duration::from_secs(10)).build())
        .service(service);
    let request = Bytes::from_static(b"request");
    Ok(race.push(move |runtime, times| {
        runtime.block_on(async {
            let mut layers = layers.clone();
            for _ in 0..times {
                if let Ok(ready) = layers.ready().await {
                    black_box(ready.call(request.clone()).await.is_ok());
                }
            }
        });
    }))
}
