//! `esologs auth …`: who asks, and whether the service lets them.

use clap::{Args, Subcommand};

use super::host::HostArgs;
use super::login::{LoginArgs, LogoutArgs};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum AuthWhat {
    /// Signs in, for this and the next runs: with an API client, or as a user in the browser
    Login(LoginArgs),
    /// Forgets what is kept of a sign-in
    Logout(LogoutArgs),
    /// Tells who asks, and where that is said
    Status(StatusArgs),
    /// Finds out why calls fail, step by step, and says what to do
    Doctor(DoctorArgs),
}

const AFTER_STATUS: &str = "\
Nothing is asked of the service, unless with --check.

Examples:
  esologs auth status
  esologs auth status --check --json";

#[derive(Debug, Args)]
#[command(after_help = AFTER_STATUS)]
pub(crate) struct StatusArgs {
    /// Asks the service whether it accepts them, and for the user's name; about a point each
    #[arg(long)]
    pub(crate) check: bool,

    /// Prints one JSON object
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) host: HostArgs,
}

const AFTER_DOCTOR: &str = "\
It looks at settings, proxy, name, connection, certificate, clock, token and API, in this order, with one try for each,
and ends at the first that fails: within 20 s in any case. Where all is well it costs about a point.

Exit codes: 0 calls go through; 2 a setting; 4 id, secret or token; 5 too many requests; 7 the network or the service.

Examples:
  esologs auth doctor
  esologs auth doctor --json
  HTTPS_PROXY=http://proxy.example.org:3128 esologs auth doctor";

#[derive(Debug, Args)]
#[command(after_help = AFTER_DOCTOR)]
pub(crate) struct DoctorArgs {
    /// Prints one JSON object
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) host: HostArgs,
}

impl AuthWhat {
    /// # Errors
    /// Where the options contradict each other.
    pub(super) fn check(&self) -> Result<(), Failure> {
        match self {
            Self::Login(_) | Self::Logout(_) => Ok(()),
            Self::Status(args) => args.host.check(),
            Self::Doctor(args) => args.host.check(),
        }
    }
}
