//! How the program ends.

use esologs::ErrorKind;

/// The exit codes, as `esologs --help`, `docs/cli.md` and the README list them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// All that can be had is here; what cannot be had is listed.
    Done = 0,
    /// The command line, a setting or the query cannot be used.
    Usage = 2,
    /// Something that can be had is missing.
    Missing = 3,
    /// The service does not accept the credentials, or there are none.
    Auth = 4,
    /// Stopped by a limit of our own; the same command goes on later.
    OwnLimit = 5,
    /// The guild or report is not there, or not visible to this key.
    NotFound = 6,
    /// The service or the network is down, after all repeats.
    Upstream = 7,
    /// The local disk or a file on it failed.
    Local = 8,
    /// Interrupted (Ctrl-C, SIGTERM or SIGHUP); the same command goes on where it stopped.
    Interrupted = 130,
}

impl Exit {
    pub(crate) const fn code(self) -> u8 {
        self as u8
    }

    /// The exit code for an error of the library.
    pub(crate) fn of(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Usage | ErrorKind::QueryInvalid => Self::Usage,
            ErrorKind::Auth | ErrorKind::Forbidden => Self::Auth,
            // The points come back: it is our own bound on waiting that ended the call.
            ErrorKind::RateLimited | ErrorKind::Stopped | ErrorKind::Refused => Self::OwnLimit,
            ErrorKind::NotVisible | ErrorKind::Archived | ErrorKind::PermissionDenied => Self::NotFound,
            ErrorKind::LocalFile => Self::Local,
            ErrorKind::CdnBlocked
            | ErrorKind::Timeout
            | ErrorKind::Unreachable
            | ErrorKind::Certificate
            | ErrorKind::Upstream
            | ErrorKind::BadAnswer
            | ErrorKind::CursorStuck
            | ErrorKind::Unavailable
            | ErrorKind::Busy => Self::Upstream,
            // A kind that this version does not know: what was asked for is not here.
            _ => Self::Missing,
        }
    }
}
