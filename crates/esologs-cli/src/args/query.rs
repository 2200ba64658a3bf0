//! `esologs query`.

use std::path::PathBuf;

use clap::Args;

use super::cache::CacheArgs;
use super::service::ServiceArgs;

const AFTER_HELP: &str = "\
Prints `data` as the service sent it, numbers to the letter. Where only a part of it came,
prints the whole answer, {\"data\": …, \"errors\": […]}, and ends with exit code 3.

Examples:
  echo '{ rateLimitData { limitPerHour pointsSpentThisHour } }' | esologs query -
  esologs query fights.graphql --variables '{\"code\": \"xb7TKHXR8DJByp4Q\"}'
  esologs query fights.graphql --variables @variables.json --compact > fights.json";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct QueryArgs {
    /// File with the query; '-' reads it from stdin
    #[arg(value_name = "FILE")]
    pub(crate) document: PathBuf,

    /// Variables of the query: a JSON object, or @FILE with one in it
    #[arg(long, value_name = "JSON|@FILE")]
    pub(crate) variables: Option<String>,

    /// Prints on one line [default: indented on a terminal, one line elsewhere]
    #[arg(long)]
    pub(crate) compact: bool,

    /// Is patient: waits for points (up to 70 minutes) and through outages (10 minutes), instead of 30 s in all
    #[arg(long)]
    pub(crate) batch: bool,

    /// Prints {"served": …, "data": …}: with the data, where it comes from and how old it is
    #[arg(long)]
    pub(crate) served: bool,

    #[command(flatten)]
    pub(crate) cache: CacheArgs,

    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}
