//! What is found at each step.

use std::fmt;
use std::time::Duration;

use super::Cause;

/// A step on the way to an answer, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Step {
    /// Who asks, and where that is said.
    Settings,
    /// The proxy, where there is one.
    Proxy,
    /// The host's name.
    Dns,
    /// A TCP connection.
    Connect,
    /// The host's certificate.
    Tls,
    /// Whether the host answers, or a content network before it.
    Answer,
    /// This machine's clock.
    Clock,
    /// A token for id and secret.
    TokenEndpoint,
    /// What the token says of itself.
    Token,
    /// The API, by its cheapest question.
    Api,
}

impl Step {
    /// All, in order.
    pub const ALL: [Self; 10] = [
        Self::Settings,
        Self::Proxy,
        Self::Dns,
        Self::Connect,
        Self::Tls,
        Self::Answer,
        Self::Clock,
        Self::TokenEndpoint,
        Self::Token,
        Self::Api,
    ];

    /// A name in lower case with underscores, for logs and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Proxy => "proxy",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Answer => "answer",
            Self::Clock => "clock",
            Self::TokenEndpoint => "token_endpoint",
            Self::Token => "token",
            Self::Api => "api",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TokenEndpoint => "token endpoint",
            other => other.name(),
        })
    }
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum State {
    /// As it should be.
    Fine,
    /// Not as it should be, and no hindrance.
    Odd,
    /// This is why calls fail.
    Failed,
    /// A step before it failed, or it does not apply.
    NotTaken,
}

impl State {
    /// A name in lower case with underscores, for logs and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Odd => "odd",
            Self::Failed => "failed",
            Self::NotTaken => "not_taken",
        }
    }
}

/// What was found at a step. Nothing in it is a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The step.
    pub step: Step,
    /// How it went.
    pub state: State,
    /// What was found, in a sentence.
    pub found: String,
    /// What is wrong, where something is.
    pub cause: Option<Cause>,
}

impl Finding {
    pub(super) fn fine(step: Step, found: impl Into<String>) -> Self {
        Self { step, state: State::Fine, found: found.into(), cause: None }
    }

    pub(super) fn odd(step: Step, cause: Cause, found: impl Into<String>) -> Self {
        Self { step, state: State::Odd, found: found.into(), cause: Some(cause) }
    }

    pub(super) fn failed(step: Step, cause: Cause, found: impl Into<String>) -> Self {
        Self { step, state: State::Failed, found: found.into(), cause: Some(cause) }
    }

    pub(super) fn not_taken(step: Step, why: impl Into<String>) -> Self {
        Self { step, state: State::NotTaken, found: why.into(), cause: None }
    }

    /// What to do, where something is wrong.
    #[must_use]
    pub fn fix(&self) -> Option<&'static str> {
        self.cause.map(Cause::fix)
    }
}

/// Why calls fail, or that they do not: what was found, step by step.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnosis {
    /// Whom it asked.
    pub host: String,
    /// The steps in their order, each at least once. After one that failed, nothing more is asked.
    pub findings: Vec<Finding>,
    /// How long it took.
    pub elapsed: Duration,
}

impl Diagnosis {
    /// The step that failed.
    #[must_use]
    pub fn failure(&self) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.state == State::Failed)
    }

    /// Whether calls go through.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.failure().is_none()
    }
}
