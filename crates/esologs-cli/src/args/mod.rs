//! The command line: what can be said, and how a mistake in it is told.

mod auth;
mod budget;
mod cache;
mod date;
mod export;
mod extras;
mod get;
mod host;
mod limits;
mod listen;
mod login;
mod pull;
mod query;
mod rate;
mod schema;
mod service;
mod sim;
mod span;
mod streams;

use std::error::Error as _;
use std::ffi::OsString;
use std::num::{IntErrorKind, ParseIntError};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Parser, Subcommand};

pub(crate) use auth::{AuthWhat, DoctorArgs, StatusArgs};
pub(crate) use budget::OnLimit;
pub(crate) use cache::{CacheArgs, CacheCommandArgs, CacheWhat};
pub(crate) use date::{Date, read_date};
pub(crate) use export::ExportArgs;
pub(crate) use extras::ExtraArgs;
pub(crate) use get::{Chart, DEFAULT_MAX, Extent, GetArgs, ShowArgs};
pub(crate) use host::HostArgs;
pub(crate) use limits::LimitsArgs;
pub(crate) use listen::ListenArgs;
pub(crate) use login::{LoginArgs, LogoutArgs, StoreArgs};
pub(crate) use pull::{PullArgs, PullStatusArgs, PullVerifyArgs, PullWhat, PullWhichArgs, RetryArgs};
pub(crate) use query::QueryArgs;
pub(crate) use rate::Rate;
pub(crate) use schema::{DriftArgs, SchemaWhat};
pub(crate) use service::ServiceArgs;
pub(crate) use sim::{SimArgs, Throttle};
pub(crate) use streams::Streams;

use crate::exit::Exit;
use crate::failure::Failure;

/// Seed of the demo and of the simulator, where nothing else is said: both make the same world then.
pub(crate) const DEFAULT_SEED: u64 = 3468;

const AFTER_HELP: &str = "\
Examples:
  esologs pull guild 3468 --demo -o demo-logs       watch it work: no account, no network
  esologs pull guild 3468 --since 2026-01-01 -o logs
  esologs retry logs                                ask again for what failed or was not visible
  esologs verify logs                               prove that nothing of it is missing or changed
  esologs export logs                               Parquet for DuckDB, Polars, pandas; or --to csv
  esologs get table xb7TKHXR8DJByp4Q --fight 17 --type damage-done --chart
  esologs query question.graphql --variables '{\"code\": \"xb7TKHXR8DJByp4Q\"}'
  esologs auth login                                keeps an API client for the next runs
  esologs limits                                    how many points are left, and who spent the others
  esologs auth doctor                               why calls fail, and what to do
  esologs sim --port 8787 --limit 300 --window 10s

Environment:
  ESOLOGS_ID, ESOLOGS_SECRET   the API client, made at https://www.esologs.com/api/clients/
                               (or ESOLOGS_CLIENT_ID, ESOLOGS_CLIENT_SECRET)
  ESOLOGS_TOKEN                a token that was fetched elsewhere, of the client or of a user
                               (a file .env in the current folder may set these, and nothing else)
  ESOLOGS_PROFILE              which sign-in of `esologs auth login` is used
  ESOLOGS_BASE_URL             another host than https://www.esologs.com
  ESOLOGS_LEDGER               where points are accounted for: file, memory, redis://HOST:PORT
  ESOLOGS_CACHE                where answers are kept: a folder, or off
  ESOLOGS_LOG                  what is logged to stderr, for example esologs=debug
  HTTPS_PROXY, NO_COLOR        as everywhere

Exit codes:
    0  all that can be had is here; what cannot be had is listed
    2  the command line, a setting or the query cannot be used
    3  something that can be had is missing
    4  no credentials, or the service does not accept them
    5  stopped by a limit of our own; the same command goes on later
    6  the guild or report is not there, or not visible to this key
    7  the service or the network is down, after all repeats
    8  the local disk or a file on it failed
  130  interrupted; the same command goes on where it stopped";

/// Combat logs of Elder Scrolls Online, brought home from the ESO Logs API.
#[derive(Debug, Parser)]
#[command(name = "esologs", version, after_help = AFTER_HELP, subcommand_required = true, arg_required_else_help = true)]
#[command(max_term_width = 100)]
pub(crate) struct Cli {
    /// Tells on stderr what happens inside, and the causes of an error
    #[arg(short, long, global = true, display_order = 900)]
    pub(crate) verbose: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fetches reports into a folder, complete or named with the reason why not
    Pull {
        #[command(subcommand)]
        what: PullWhat,
    },
    /// Tells what of a pull is here, what is missing, and why; asks the service for nothing
    Status(PullStatusArgs),
    /// Pulls into a folder once more what it was made for, and asks again for what was not visible
    Retry(RetryArgs),
    /// Proves that a pull's folder is still whole: every page, every byte, every report of the list
    Verify(PullVerifyArgs),
    /// Makes Parquet, CSV or compressed lines of what a pull has left in a folder
    Export(ExportArgs),
    /// Shows anything of the API: reports, fights, tables, guilds, characters, rankings, zones, items
    Get(GetArgs),
    /// Sends a GraphQL query and prints the answer
    Query(QueryArgs),
    /// Tells how the points stand, who spent them, and when there are new ones
    Limits(LimitsArgs),
    /// Signs in; tells who asks, and why calls fail
    Auth {
        #[command(subcommand)]
        what: AuthWhat,
    },
    /// Tells how far the API has moved away from what this version knows
    Schema {
        #[command(subcommand)]
        what: SchemaWhat,
    },
    /// Tells what answers are kept on this machine, and removes or checks them
    Cache {
        #[command(subcommand)]
        what: CacheWhat,
    },
    /// Runs a simulator of the ESO Logs API on this machine
    Sim(SimArgs),
}

impl Cli {
    /// Reads the command line. Where there is nothing to run (help, version, a mistake), everything is said already.
    pub(crate) fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, Exit> {
        let cli = Self::try_parse_from(arguments).map_err(|error| match error.kind() {
            ErrorKind::ValueValidation => bad_value(&error).tell(false),
            _ => {
                // To stdout where it was asked for, else to stderr; a reader that is gone misses nothing.
                let _ = error.print();
                if error.use_stderr() { Exit::Usage } else { Exit::Done }
            }
        })?;
        cli.check().map_err(|failure| failure.tell(false))?;
        Ok(cli)
    }

    fn check(&self) -> Result<(), Failure> {
        match &self.command {
            Command::Pull { what } => what.pull().service.host.check(),
            Command::Retry(args) => args.service.host.check(),
            Command::Get(args) => args.service.host.check(),
            Command::Query(args) => args.service.host.check(),
            Command::Schema { what: SchemaWhat::Drift(args) } => args.service.host.check(),
            Command::Limits(args) => args.service.host.check(),
            Command::Auth { what } => what.check(),
            Command::Cache { .. } | Command::Export(_) | Command::Status(_) | Command::Verify(_) | Command::Sim(_) => Ok(()),
        }
    }
}

/// A value of the wrong form: the sentence of whoever read it, with the option before it.
fn bad_value(error: &clap::Error) -> Failure {
    let why = match error.source() {
        None => "the value cannot be used".to_owned(),
        Some(cause) => match (cause.downcast_ref::<ParseIntError>(), error.get(ContextKind::InvalidValue)) {
            (Some(cause), Some(ContextValue::String(value))) => bad_number(value, cause),
            _ => out_of_range(&cause.to_string()).unwrap_or_else(|| cause.to_string()),
        },
    };
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(option)) if option.starts_with("--") => {
            let name = option.split_whitespace().next().unwrap_or(option);
            Failure::usage(format!("{name}: {why}"))
        }
        _ => Failure::usage(why),
    }
}

/// `40 is not in 1..=16`, which is how a number out of its range is told, as people say it.
fn out_of_range(told: &str) -> Option<String> {
    let (value, range) = told.split_once(" is not in ")?;
    let (low, high) = range.split_once("..=")?;
    // The largest number of its type is no bound that anybody has set.
    let has_bound = high.parse::<u64>().is_ok_and(|high| high < i32::MAX as u64);
    let expected = if has_bound { format!("from {low} to {high}") } else { format!("from {low} on") };
    Some(format!("{value} cannot be used: expected a whole number {expected}"))
}

fn bad_number(value: &str, why: &ParseIntError) -> String {
    match why.kind() {
        IntErrorKind::PosOverflow => format!("{value} is too large"),
        _ => format!("'{value}' is not a whole number from 0 on"),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_does_not_contradict_itself() {
        super::Cli::command().debug_assert();
    }
}
