//! Which reasons stand on the screen already: a long one is worth telling once.

use std::collections::HashSet;

use esologs::pull::{Outcome, ReportResult};
use esologs::{Error, ErrorKind, ReportCode};

use crate::words;

/// What is left of a reason that was told before, in characters.
const SHORT: usize = 80;

/// The reports whose failures were told, each with the kinds of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Told(HashSet<(ReportCode, ErrorKind)>);

impl Told {
    /// Why the report failed: in full for the first time, later the beginning. (Each try words it a little differently: where
    /// an answer was cut, how long it took. The manifest has the last one in full.)
    pub(super) fn reason(&mut self, code: &ReportCode, error: &Error) -> String {
        let full = words::plain(&error.to_string());
        if self.0.insert((code.clone(), error.kind())) { full } else { words::cut(&full, SHORT) }
    }

    /// The same for what became of a report in the end; `None` where it did not fail.
    pub(super) fn of_result(&mut self, result: &ReportResult) -> Option<String> {
        match &result.outcome {
            Outcome::Failed(error) => Some(self.reason(&result.code, error)),
            _ => None,
        }
    }
}
