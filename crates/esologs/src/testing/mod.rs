//! Help for tests against the service or a simulator.
//!
//! [`retry`] repeats a test where the service was in trouble, and nowhere else: an assertion that fails, fails. What passes
//! on a later attempt passes, and is reported as flaky.
//!
//! ```
//! use std::time::Duration;
//! use esologs::testing::{TestRetry, retry};
//! use esologs::{Client, Error};
//!
//! # fn new_client() -> Result<Client, Error> { Client::from_env() }
//! // In a test file, under #[tokio::test]:
//! async fn a_guild_has_its_number() -> Result<(), Error> {
//!     retry(TestRetry::new().attempts(5).initial_delay(Duration::from_secs(2)), || async {
//!         let guild = new_client()?.guild(3468).get().await?; // `?`: the panic of an `unwrap` would never be repeated
//!         assert_eq!(guild.value().id.get(), 3468);
//!         Ok(())
//!     })
//!     .await
//! }
//! ```
//!
//! | environment | meaning |
//! |---|---|
//! | `ESOLOGS_TEST_RETRY` | `off` (or `0`): no test is repeated, whatever its settings |
//! | `ESOLOGS_FLAKY_REPORT` | a file; each flaky pass adds a line of JSON to it, see [`Flaky`] |
//!
//! A flaky pass is also told in one line on stderr, past the capture of the test harness, or to the test's own
//! [`on_flaky`](TestRetry::on_flaky).

mod report;
mod settings;
mod transient;

use std::future::Future;
use std::panic::Location;
use std::sync::{Arc, Mutex, PoisonError};

pub use self::report::Flaky;
pub use self::settings::TestRetry;
pub use self::transient::TestError;

/// Runs `test`, and again after an error of this library that can pass (an [`Error`](crate::Error) that
/// [`is_retryable`](crate::Error::is_retryable), anywhere in the chain of what `test` returns). Any other error and every panic
/// pass through at once. See the [module](self) for an example.
///
/// `test` may return [`esologs::Error`](crate::Error), an error of one's own, `Box<dyn Error>`, or what `anyhow` makes of it.
/// The client is best made inside of it: a new attempt then begins with nothing left over from the last.
///
/// # Errors
/// The last error of `test` itself.
#[track_caller]
pub fn retry<T, E, Kind, F, Fut>(settings: TestRetry, test: F) -> impl Future<Output = Result<T, E>>
where
    E: TestError<Kind>,
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    let caller = Location::caller();
    async move {
        let settings = settings.in_environment(|name| std::env::var_os(name));
        let failed = Arc::<Mutex<Vec<String>>>::default();
        let log = Arc::clone(&failed);
        let note = move |error: &E| log.lock().unwrap_or_else(PoisonError::into_inner).push(error.in_words());
        let policy = settings.policy().on_retry(move |again| note(again.error));

        let value = crate::resilience::retry(&policy, test).await?;

        let errors = std::mem::take(&mut *failed.lock().unwrap_or_else(PoisonError::into_inner));
        if !errors.is_empty() {
            report::tell(&settings, &Flaky::new(settings.name(), caller, settings.most_attempts(), errors));
        }
        Ok(value)
    }
}
