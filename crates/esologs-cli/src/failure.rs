//! The one way in which the program says that it failed.

use std::error::Error as StdError;
use std::io;

use esologs::{Clock, Error, UnixMillis};
use serde::Serialize;

use crate::exit::Exit;
use crate::{output, words};

/// Why the program ends without having done its work: a sentence, what to do now, and the causes for whoever wants them.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    kind: &'static str,
    message: String,
    hint: Option<String>,
    causes: Vec<String>,
    retry_at: Option<UnixMillis>,
}

/// A failure in `--json` output.
#[derive(Debug, Serialize)]
pub(crate) struct FailureFields<'a> {
    kind: &'static str,
    message: &'a str,
    hint: Option<&'a str>,
    retry_at_unix_ms: Option<UnixMillis>,
    exit_code: u8,
}

impl Failure {
    /// The command line or a setting cannot be used.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, "usage", message)
    }

    /// A file or another thing of this machine failed.
    pub(crate) fn local(what: &str, error: &io::Error) -> Self {
        Self::new(Exit::Local, "local_file", format!("{what}: {error}"))
    }

    pub(crate) fn new(exit: Exit, kind: &'static str, message: impl Into<String>) -> Self {
        Self { exit, kind, message: message.into(), hint: None, causes: Vec::new(), retry_at: None }
    }

    /// What to do now; takes the place of an earlier hint.
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) const fn kind(&self) -> &'static str {
        self.kind
    }

    pub(crate) const fn exit(&self) -> Exit {
        self.exit
    }

    pub(crate) fn fields(&self) -> FailureFields<'_> {
        FailureFields {
            kind: self.kind,
            message: &self.message,
            hint: self.hint.as_deref(),
            retry_at_unix_ms: self.retry_at,
            exit_code: self.exit.code(),
        }
    }

    /// Prints the failure and tells the exit code.
    pub(crate) fn tell(&self, with_causes: bool) -> Exit {
        output::talk(format_args!("error: {}", words::plain(&self.message)));
        if with_causes {
            for cause in &self.causes {
                output::talk(format_args!("  because: {}", words::plain(cause)));
            }
        }
        if let Some(at) = self.retry_at {
            output::talk(format_args!("it makes sense to try again {}", words::moment_ahead(at, Clock::system().now())));
        }
        if let Some(hint) = &self.hint {
            output::talk(format_args!("hint: {}", words::plain(hint)));
        }
        self.exit
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let causes = std::iter::successors(error.source(), |cause| (*cause).source()).map(ToString::to_string).collect();
        Self {
            exit: Exit::of(error.kind()),
            kind: error.kind().name(),
            message: error.to_string(),
            hint: error.hint().map(str::to_owned),
            causes,
            retry_at: error.retry_at(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}
