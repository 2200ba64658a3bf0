//! Telling of tests that passed late.

use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::panic::Location;
use std::path::Path;

use serde::Serialize;

use super::settings::TestRetry;

/// A test that passed, but not on its first attempt. `Display` is one line; as JSON it is an object with these fields.
///
/// ```
/// use esologs::testing::TestRetry;
///
/// let settings = TestRetry::new().on_flaky(|flaky| assert!(flaky.attempts < 3, "{flaky}"));
/// ```
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Flaky {
    /// The test's name, where it is known.
    pub test: Option<String>,
    /// Where it is repeated: file and line.
    pub at: String,
    /// The attempt that passed, from 2.
    pub attempts: u32,
    /// Attempts that it could have had.
    pub most: u32,
    /// What the attempts before failed of, in their order.
    pub errors: Vec<String>,
}

impl Flaky {
    pub(super) fn new(name: Option<&str>, at: &Location<'_>, most: u32, errors: Vec<String>) -> Self {
        let thread = std::thread::current();
        // With one test at a time, the harness runs them on the main thread.
        let test = name.or(thread.name().filter(|name| *name != "main")).map(str::to_owned);
        let attempts = u32::try_from(errors.len()).unwrap_or(u32::MAX).saturating_add(1);
        Self { test, at: format!("{}:{}", at.file(), at.line()), attempts, most, errors }
    }
}

impl fmt::Display for Flaky {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FLAKY {}/{} ", self.attempts, self.most)?;
        if let Some(test) = &self.test {
            write!(f, "{test} ")?;
        }
        write!(f, "({}) passed after: ", self.at)?;
        for (number, error) in self.errors.iter().enumerate() {
            // One line, whatever an error says.
            let error = error.replace(['\n', '\r'], " ");
            write!(f, "{}{error}", if number == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

/// Tells of a flaky pass: in the report file, and to the test's own hook or on stderr.
pub(super) fn tell(settings: &TestRetry, flaky: &Flaky) {
    if let Some(path) = settings.report_file()
        && let Err(error) = append(path, flaky)
    {
        to_stderr(&format_args!("{}: {}: {error}", TestRetry::REPORT, path.display()));
    }
    match settings.listener() {
        Some(tell) => tell(flaky),
        None => to_stderr(flaky),
    }
}

/// Past the capture of the test harness, which shows nothing of a test that passes. That nobody reads it is no reason to fail.
fn to_stderr(line: &dyn fmt::Display) {
    let _ = io::stderr().lock().write_all(format!("{line}\n").as_bytes());
}

/// One write for the whole line, so that lines of tests in other threads and processes do not mix.
fn append(path: &Path, flaky: &Flaky) -> io::Result<()> {
    let mut line = serde_json::to_vec(flaky)?;
    line.push(b'\n');
    OpenOptions::new().create(true).append(true).open(path)?.write_all(&line)
}
