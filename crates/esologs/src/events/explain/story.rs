//! The story of one call, in plain words.

use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};

use super::cause::Cause;
use super::time::Shown;
use crate::decode::Class;
use crate::events::RetryVerdict;

/// Where the time of one call went. `Display` tells it in lines; the times in them add up to the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Story {
    /// Number of the call.
    pub call: u64,
    /// Name of the operation.
    pub operation: String,
    /// How long the call took, in milliseconds: the sum of its parts.
    pub total_ms: u64,
    /// Attempts it took; of a call that shared another's answer, that one's.
    pub attempts: u32,
    /// How it ended.
    #[serde(flatten)]
    pub ending: Ending,
    /// What the time was spent on, in order.
    pub parts: Vec<Part>,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "ending", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Ending {
    /// It brought its answer.
    Answered,
    /// It failed.
    #[non_exhaustive]
    GaveUp {
        /// The kind of the error, by its name.
        kind: String,
        /// Why it was not repeated, by the name of the verdict.
        verdict: Option<String>,
    },
    /// It was dropped.
    Cancelled,
}

/// A stretch of a call's time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Part {
    /// What it was spent on.
    pub cause: Cause,
    /// How long, in milliseconds.
    pub ms: u64,
    /// The attempt it belongs to; for a wait between attempts, one of the two.
    pub attempt: u32,
    /// How the attempt failed that ends here.
    #[serde(serialize_with = "by_name", skip_serializing_if = "Option::is_none")]
    pub class: Option<Class>,
    #[serde(skip)]
    pub(super) ends_attempt: bool,
}

impl Story {
    /// How long the call took.
    #[must_use]
    pub fn total(&self) -> Duration {
        Duration::from_millis(self.total_ms)
    }

    /// The story in lines without line ends: what it took and how it ended, then each step.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let times: Vec<u64> = self.parts.iter().map(|part| part.ms).collect();
        let shown = Shown::new(self.total_ms, &times);
        let mut lines = vec![format!("{} took {} and {}.", self.operation, shown.total(), self.ending_words())];
        let mut before: Vec<String> = Vec::new();
        for (part, (units, time)) in self.parts.iter().zip(shown.parts()) {
            if part.ends_attempt {
                lines.push(attempt_line(part, &std::mem::take(&mut before), units, &time));
            } else if units == 0 {
                // Too short to be seen in these units.
            } else if part.cause == Cause::FailedRequests {
                before.push(format!("on its way for {time}"));
            } else if is_before_a_request(part.cause) {
                before.push(format!("{time} {}", part.cause.words()));
            } else if part.cause == Cause::Other {
                lines.push(format!("  {time} {}.", part.cause.words()));
            } else {
                lines.push(format!("  Waited {time} {}.", part.cause.words()));
            }
        }
        if !before.is_empty() {
            lines.push(format!("  Then, before its end: {}.", before.join(", ")));
        }
        lines
    }

    fn ending_words(&self) -> String {
        match &self.ending {
            Ending::Answered if self.attempts > 1 => format!("was answered at attempt {}", self.attempts),
            Ending::Answered => "was answered".to_owned(),
            Ending::Cancelled => "was dropped before its end".to_owned(),
            Ending::GaveUp { kind, verdict } => {
                let why = verdict.as_deref().and_then(verdict_words).map(|why| format!(": {why}")).unwrap_or_default();
                format!("failed ({kind}){why}")
            }
        }
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines().join("\n"))
    }
}

const fn is_before_a_request(cause: Cause) -> bool {
    matches!(cause, Cause::InLine | Cause::RequestRate | Cause::Token)
}

/// `  Attempt 2: 0.2 s in line, 1.1 s for a token; answered after 2.6 s.` What we did not let out ourselves is no attempt:
/// `  Not sent, since the service failed too often lately.`
fn attempt_line(part: &Part, before: &[String], units: u64, time: &str) -> String {
    let class = part.class.map_or("it failed", Class::words);
    let (end, is_attempt) = match part.cause {
        Cause::AnsweredRequests => (format!("answered after {time}"), true),
        Cause::FailedRequests => (format!("{class}, after {time}"), true),
        Cause::Token => (format!("no token after {time}: {class}"), true),
        _ if units == 0 => (class.to_owned(), false),
        cause => (format!("{class}, after {time} {}", cause.words()), false),
    };
    let words = if before.is_empty() { end } else { format!("{}; {end}", before.join(", ")) };
    if is_attempt { format!("  Attempt {}: {words}.", part.attempt) } else { format!("  {}.", capitalised(&words)) }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Why a failed call was not repeated.
fn verdict_words(name: &str) -> Option<&'static str> {
    const FINAL: [(RetryVerdict, &str); 6] = [
        (RetryVerdict::NotRetryable, "repeating could not have helped"),
        (RetryVerdict::NotWanted, "the caller did not want it repeated"),
        (RetryVerdict::MaxAttempts, "the attempts allowed were used up"),
        (RetryVerdict::Content, "the same useless answer came several times in a row"),
        (RetryVerdict::NoBudget, "too many calls had failed lately to repeat it (retry budget)"),
        (RetryVerdict::NoTime, "the next wait would have been longer than allowed"),
    ];
    FINAL.iter().find(|(verdict, _)| verdict.name() == name).map(|(_, words)| *words)
}

fn by_name<S: Serializer>(class: &Option<Class>, serializer: S) -> Result<S::Ok, S::Error> {
    match class {
        Some(class) => serializer.serialize_str(class.name()),
        None => serializer.serialize_none(),
    }
}
