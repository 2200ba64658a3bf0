//! How a test is repeated.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::report::Flaky;
use super::transient::{TestError, is_transient, retry_after};
use crate::clock::Clock;
use crate::resilience::RetryPolicy;

/// How [`retry`](super::retry) repeats a test. Each test has its own.
///
/// ```
/// use std::time::Duration;
/// use esologs::testing::TestRetry;
///
/// let usual = TestRetry::new();
/// let large = TestRetry::new().attempts(5).initial_delay(Duration::from_secs(2));
/// let once = TestRetry::off();
/// ```
#[derive(Clone)]
#[must_use]
pub struct TestRetry {
    attempts: u32,
    initial_delay: Duration,
    max_wait: Duration,
    clock: Clock,
    name: Option<String>,
    on_flaky: Option<Listener>,
    report_file: Option<PathBuf>,
}

type Listener = Arc<dyn Fn(&Flaky) + Send + Sync>;

impl TestRetry {
    /// The variable that switches off every repeat.
    pub(super) const SWITCH: &'static str = "ESOLOGS_TEST_RETRY";
    /// The variable that names the report file.
    pub(super) const REPORT: &'static str = "ESOLOGS_FLAKY_REPORT";

    /// Three attempts, with 1 s before the second and 2 s before the third, and no wait above 60 s.
    pub fn new() -> Self {
        Self {
            attempts: 3,
            initial_delay: Duration::from_secs(1),
            max_wait: Duration::from_secs(60),
            clock: Clock::system(),
            name: None,
            on_flaky: None,
            report_file: None,
        }
    }

    /// One attempt: this test is not repeated.
    pub fn off() -> Self {
        Self::new().attempts(1)
    }

    /// Attempts in total, the first included. Default 3; 0 counts as 1.
    pub fn attempts(self, attempts: u32) -> Self {
        Self { attempts: attempts.max(1), ..self }
    }

    /// The wait before the second attempt, doubled before each further one up to 30 s. Default 1 s.
    pub fn initial_delay(self, first: Duration) -> Self {
        Self { initial_delay: first, ..self }
    }

    /// The longest wait that the service may ask for ([`Error::retry_at`](crate::Error::retry_at)); where it asks for more, the
    /// test fails now. Default 60 s.
    pub fn max_wait(self, longest: Duration) -> Self {
        Self { max_wait: longest, ..self }
    }

    /// The clock of the client under test, where that has one of its own. Default: this machine's.
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// What reports call the test. Default: the name of the thread, which the test harness sets to the test's.
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Called where the test passes on a later attempt, instead of a line on stderr; for instance to let it fail:
    ///
    /// ```
    /// # let _ =
    /// esologs::testing::TestRetry::new().on_flaky(|flaky| panic!("{flaky}"))
    /// # ;
    /// ```
    pub fn on_flaky(self, tell: impl Fn(&Flaky) + Send + Sync + 'static) -> Self {
        Self { on_flaky: Some(Arc::new(tell)), ..self }
    }

    /// The same with what the environment says.
    pub(super) fn in_environment(self, variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let off = variable(Self::SWITCH).is_some_and(|value| value == "off" || value == "0");
        let report_file = variable(Self::REPORT).filter(|path| !path.is_empty()).map(PathBuf::from);
        Self { attempts: if off { 1 } else { self.attempts }, report_file, ..self }
    }

    pub(super) fn policy<E: TestError<Kind>, Kind>(&self) -> RetryPolicy<E> {
        RetryPolicy::new()
            .attempts(self.attempts)
            .initial_delay(self.initial_delay)
            .max_wait(self.max_wait)
            .clock(self.clock.clone())
            .retry_if(|error: &E| is_transient(error.head()))
            .retry_after_on_clock(|error, clock| retry_after(error.head(), clock))
    }

    pub(super) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    pub(super) fn most_attempts(&self) -> u32 {
        self.attempts
    }

    pub(super) fn report_file(&self) -> Option<&PathBuf> {
        self.report_file.as_ref()
    }

    pub(super) fn listener(&self) -> Option<&(dyn Fn(&Flaky) + Send + Sync)> {
        self.on_flaky.as_deref()
    }
}

impl Default for TestRetry {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for TestRetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestRetry")
            .field("attempts", &self.attempts)
            .field("initial_delay", &self.initial_delay)
            .field("max_wait", &self.max_wait)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_switches_off_every_repeat_and_names_the_report() {
        let set = |name: &str, value: &str| {
            let (name, value) = (name.to_owned(), value.to_owned());
            TestRetry::new().attempts(5).in_environment(move |asked| (asked == name).then(|| value.clone().into()))
        };
        for (value, attempts) in [("off", 1), ("0", 1), ("on", 5), ("", 5)] {
            assert_eq!(set(TestRetry::SWITCH, value).most_attempts(), attempts, "{value:?}");
        }
        assert_eq!(set(TestRetry::REPORT, "flaky.jsonl").report_file(), Some(&PathBuf::from("flaky.jsonl")));
        assert_eq!(set(TestRetry::REPORT, "").report_file(), None);
    }
}
