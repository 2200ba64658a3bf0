//! `esologs pull`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use esologs::pull::Pull;
use esologs::{CharacterId, GuildId, UserId, ZoneId};

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
    /// Fetches reports that are named by code or address
    ///
    /// No list is read: nothing is asked for reports that are here and final. Another command into the same folder may name
    /// other reports; those that are here stay.
    Report(PullReportArgs),
    /// Fetches the reports that a file names, one a line
    ///
    /// As `esologs pull report`: a line is a code or an address; empty lines and those that begin with # are passed over.
    List(PullListArgs),
    /// Fetches the reports that a character was in, as the service lists them
    ///
    /// As `esologs pull guild`. Private reports, and those in which the character is anonymous, are not among them.
    Character(PullCharacterArgs),
    /// Fetches the reports that a user has uploaded and this key can see
    ///
    /// As `esologs pull guild`. A user of whom no report is visible counts as not there (exit code 6).
    User(PullUserArgs),
}

const AFTER_HELP: &str = "\
A DATE is a day (2026-01-01), a moment (2026-01-01T20:00:00Z) or a time ago (7d, '2 weeks ago').
Days begin at midnight in the time zone of this machine.

Examples:
  esologs pull guild 3468 --demo -o demo-logs
  esologs pull guild 3468 --since '3 months ago' -o logs --dry-run
  esologs pull guild 3468 --since '3 months ago' -o logs
  esologs pull guild 3468 --last 10 --zone 19 -o logs
  esologs pull guild 3468 --since 2026-01-01 --streams deaths,damage,buffs -o logs
  esologs pull guild 3468 --streams none -o logs      reports, fights and actors only
  esologs pull guild 3468 --tables --player-details -o logs";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct PullGuildArgs {
    /// Number of the guild, as in https://www.esologs.com/guild/id/3468
    #[arg(value_name = "ID", allow_negative_numbers = true)]
    pub(crate) guild: GuildId,

    #[command(flatten)]
    pub(crate) which: PullWhichArgs,

    #[command(flatten)]
    pub(crate) pull: PullArgs,
}

const AFTER_REPORT_HELP: &str = "\
Examples:
  esologs pull report --demo DDGzY2jHNDCp7xYw -o logs
  esologs pull report 'https://www.esologs.com/reports/xb7TKHXR8DJByp4Q?fight=17' -o logs     (all of its fights)";

#[derive(Debug, Args)]
#[command(after_help = AFTER_REPORT_HELP)]
pub(crate) struct PullReportArgs {
    /// Codes or addresses of reports
    #[arg(value_name = "CODE|URL", required = true)]
    pub(crate) reports: Vec<String>,

    #[command(flatten)]
    pub(crate) many: PullManyArgs,

    #[command(flatten)]
    pub(crate) pull: PullArgs,
}

const AFTER_LIST_HELP: &str = "\
Examples:
  esologs pull list raids.txt -o logs
  grep -o 'reports/[A-Za-z0-9]*' chat.txt | esologs pull list - -o logs";

#[derive(Debug, Args)]
#[command(after_help = AFTER_LIST_HELP)]
pub(crate) struct PullListArgs {
    /// The file; - is stdin
    #[arg(value_name = "FILE|-")]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) many: PullManyArgs,

    #[command(flatten)]
    pub(crate) pull: PullArgs,
}

const AFTER_CHARACTER_HELP: &str = "\
Example:
  esologs pull character 90001 --last 20 -o logs";

#[derive(Debug, Args)]
#[command(after_help = AFTER_CHARACTER_HELP)]
pub(crate) struct PullCharacterArgs {
    /// Number of the character, as in https://www.esologs.com/character/id/90001
    #[arg(value_name = "ID", allow_negative_numbers = true)]
    pub(crate) character: CharacterId,

    #[command(flatten)]
    pub(crate) which: PullWhichArgs,

    #[command(flatten)]
    pub(crate) pull: PullArgs,
}

const AFTER_USER_HELP: &str = "\
Example:
  esologs pull user 21 --since '3 months ago' -o logs";

#[derive(Debug, Args)]
#[command(after_help = AFTER_USER_HELP)]
pub(crate) struct PullUserArgs {
    /// Number of the user, as in https://www.esologs.com/user/reports-list/21
    #[arg(value_name = "ID", allow_negative_numbers = true)]
    pub(crate) user: UserId,

    #[command(flatten)]
    pub(crate) which: PullWhichArgs,

    #[command(flatten)]
    pub(crate) pull: PullArgs,
}

/// Which reports of a list.
#[derive(Debug, Default, Args)]
pub(crate) struct PullWhichArgs {
    /// Only reports that begin at this date or after it
    #[arg(long, value_name = "DATE", value_parser = read_date, allow_hyphen_values = true)]
    pub(crate) since: Option<Date>,

    /// Only reports that begin before this date
    #[arg(long, value_name = "DATE", value_parser = read_date, allow_hyphen_values = true)]
    pub(crate) until: Option<Date>,

    /// Only the newest N of the reports that are asked for
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) last: Option<u32>,

    /// Only reports of this zone (`esologs get zones` lists them)
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    pub(crate) zone: Option<ZoneId>,

    /// Reads the whole list of reports, not only its newest part (that is done every 30 days by itself)
    #[arg(long, conflicts_with = "offline")]
    pub(crate) refresh_list: bool,
}

/// How many reports may be named.
#[derive(Debug, Args)]
pub(crate) struct PullManyArgs {
    /// Fetches more than 200 reports: the service's terms forbid copying the site, so that many are to be your own or your guild's
    #[arg(long)]
    pub(crate) yes: bool,
}

/// What every pull takes.
#[derive(Debug, Args)]
pub(crate) struct PullArgs {
    /// Where the files go; made where it is not there
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) output: PathBuf,

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

    /// Fetches reports that may still grow though the list shows no change of them
    #[arg(long)]
    pub(crate) refresh_live: bool,

    /// Asks again for reports that were not visible (that is done after a week by itself)
    #[arg(long)]
    pub(crate) retry_failed: bool,

    /// Asks the service for nothing: tells what is here and what is missing
    #[arg(long, conflicts_with_all = ["dry_run", "wait", "refresh_live", "retry_failed"])]
    pub(crate) offline: bool,

    /// Tells what the pull would find and take, in requests, points and time, and writes nothing
    ///
    /// It asks for the guild, character or user and the list of its reports, which costs points, as it does in the pull itself.
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

impl PullWhat {
    /// What every pull takes.
    pub(crate) fn pull(&self) -> &PullArgs {
        match self {
            Self::Guild(args) => &args.pull,
            Self::Report(args) => &args.pull,
            Self::List(args) => &args.pull,
            Self::Character(args) => &args.pull,
            Self::User(args) => &args.pull,
        }
    }
}

const AFTER_RETRY_HELP: &str = "\
It is the pull that the folder's manifest.json tells of, once more: the same target, dates and streams. What failed is
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
Of exports that lie in the folder (`parquet`, `csv`, …) or are named themselves: every file is as it was made.
The exit code is 3 where something is not so.

Example:
  esologs verify logs";

/// `esologs verify`
#[derive(Debug, Args)]
#[command(after_help = AFTER_VERIFY_HELP)]
pub(crate) struct PullVerifyArgs {
    /// The folder of a pull, or of an export
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,

    /// Prints one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}
