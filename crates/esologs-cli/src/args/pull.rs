//! `esologs pull`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use esologs::GuildId;
use esologs::pull::Pull;

use super::cache::CacheArgs;
use super::date::{Date, read_date};
use super::extras::ExtraArgs;
use super::service::ServiceArgs;
use super::streams::{Streams, read_streams};

#[derive(Debug, Subcommand)]
pub(crate) enum PullWhat {
    /// Fetches all reports of a guild that this key can see
    ///
    /// Reports that are here already are not fetched again, so the same command again brings what is new or was missing.
    /// Progress goes to stderr. The files are described in docs/data-layout.md and in the folder's README.txt.
    Guild(PullGuildArgs),
}

const AFTER_HELP: &str = "\
A DATE is a day (2026-01-01), a moment (2026-01-01T20:00:00Z) or a time ago (7d, '2 weeks ago').
Days begin at midnight in the time zone of this machine.

Examples:
  esologs pull guild 3468 --demo -o demo-logs
  esologs pull guild 3468 --since '3 months ago' -o logs --dry-run
  esologs pull guild 3468 --since '3 months ago' -o logs
  esologs pull guild 3468 --since 2026-01-01 --streams deaths,damage,buffs -o logs
  esologs pull guild 3468 --streams none -o logs      reports, fights and actors only
  esologs pull guild 3468 --tables --player-details -o logs";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct PullGuildArgs {
    /// Number of the guild, as in https://www.esologs.com/guild/id/3468
    #[arg(value_name = "ID", allow_negative_numbers = true)]
    pub(crate) guild: GuildId,

    /// Where the files go; made where it is not there
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) output: PathBuf,

    /// Only reports that begin at this date or after it
    #[arg(long, value_name = "DATE", value_parser = read_date, allow_hyphen_values = true)]
    pub(crate) since: Option<Date>,

    /// Only reports that begin before this date
    #[arg(long, value_name = "DATE", value_parser = read_date, allow_hyphen_values = true)]
    pub(crate) until: Option<Date>,

    /// Event streams, separated by commas, or 'none' [default: deaths,damage,healing]
    ///
    /// There are deaths, damage, damage-taken, healing, casts, buffs, debuffs, resources, interrupts, dispels, summons,
    /// threat, combatantinfo and all.
    #[arg(long, value_name = "LIST", value_parser = read_streams)]
    pub(crate) streams: Option<Streams>,

    #[command(flatten)]
    pub(crate) extras: ExtraArgs,

    /// Reports worked on at the same time, 1 to 16
    #[arg(long, value_name = "N", default_value_t = Pull::DEFAULT_CONCURRENCY as u8, allow_negative_numbers = true,
          value_parser = clap::value_parser!(u8).range(1..=Pull::MAX_CONCURRENCY as i64))]
    pub(crate) concurrency: u8,

    /// Waits where another pull works in the folder, for 24 hours at most
    #[arg(long)]
    pub(crate) wait: bool,

    /// Reads the whole list of reports, not only its newest part (that is done every 30 days by itself)
    #[arg(long)]
    pub(crate) refresh_list: bool,

    /// Fetches reports that may still grow though the list shows no change of them
    #[arg(long)]
    pub(crate) refresh_live: bool,

    /// Asks again for reports that were not visible (that is done after a week by itself)
    #[arg(long)]
    pub(crate) retry_failed: bool,

    /// Asks the service for nothing: tells what is here and what is missing
    #[arg(long, conflicts_with_all = ["dry_run", "wait", "refresh_list", "refresh_live", "retry_failed"])]
    pub(crate) offline: bool,

    /// Tells what the pull would find and take, in requests, points and time, and writes nothing
    ///
    /// It asks for the guild and the list of its reports, which costs points, as it does in the pull itself.
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Prints what happens as one JSON object per line on stdout (docs/cli.md lists them)
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) cache: CacheArgs,

    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}

const AFTER_RETRY_HELP: &str = "\
It is the pull that the folder's manifest.json tells of, once more: the same guild, dates and streams. What failed is
fetched, and what was not visible is asked for again.

Example:
  esologs retry logs";

/// `esologs retry`
#[derive(Debug, Args)]
#[command(after_help = AFTER_RETRY_HELP)]
pub(crate) struct RetryArgs {
    /// The folder of a pull
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,

    /// Reports worked on at the same time, 1 to 16
    #[arg(long, value_name = "N", default_value_t = Pull::DEFAULT_CONCURRENCY as u8, allow_negative_numbers = true,
          value_parser = clap::value_parser!(u8).range(1..=Pull::MAX_CONCURRENCY as i64))]
    pub(crate) concurrency: u8,

    /// Waits where another pull works in the folder, for 24 hours at most
    #[arg(long)]
    pub(crate) wait: bool,

    /// Prints what happens as one JSON object per line on stdout, as `esologs pull` does
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) cache: CacheArgs,

    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}

const AFTER_STATUS_HELP: &str = "\
It reads no events: whether they are still as they were fetched, `esologs verify` tells.
The exit code is 3 where something that can be had is missing.

Example:
  esologs status logs";

/// `esologs status`
#[derive(Debug, Args)]
#[command(after_help = AFTER_STATUS_HELP)]
pub(crate) struct PullStatusArgs {
    /// The folder of a pull
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,

    /// Prints one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

const AFTER_VERIFY_HELP: &str = "\
Each stream's pages join from the start of the report to its end, every byte is as it was written, every
report of the list is here or known not to be had, and nothing is here that does not belong to it.
The exit code is 3 where something is not so.

Example:
  esologs verify logs";

/// `esologs verify`
#[derive(Debug, Args)]
#[command(after_help = AFTER_VERIFY_HELP)]
pub(crate) struct PullVerifyArgs {
    /// The folder of a pull
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,

    /// Prints one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}
