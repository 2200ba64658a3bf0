//! `esologs schema`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use esologs::GuildId;

use super::service::ServiceArgs;

#[derive(Debug, Subcommand)]
pub(crate) enum SchemaWhat {
    /// Counts what the API sends and this version does not know: fields, values of enums, types of events
    ///
    /// Nothing of it makes a call fail; new things are kept, and written again as they came. This tells what to look at
    /// before a tool is to make use of them.
    Drift(DriftArgs),
}

const AFTER_HELP: &str = "\
Without --from it asks: what needs no guild and no report, and with --guild and --report (or --demo)
what is about those. That are some 60 requests.

Examples:
  esologs schema drift --demo
  esologs schema drift --guild 3468 --json
  esologs schema drift --from logs                    the folder of a pull: costs no points
  esologs get members 3468 --json > members.json
  esologs schema drift --from members.json --as members --fail";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct DriftArgs {
    /// Looks at what was saved instead of asking: the folder of a pull, answers to queries, JSON lines of events
    #[arg(long, value_name = "FILE|FOLDER", num_args = 1.., conflicts_with_all = ["guild", "report", "demo", "base_url"])]
    pub(crate) from: Vec<PathBuf>,

    /// What the saved JSON is, as 'esologs get' names it (needed where it was printed by 'get')
    #[arg(long = "as", value_name = "WHAT", requires = "from")]
    pub(crate) kind: Option<String>,

    /// Asks about this guild, too, and about its newest report
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    pub(crate) guild: Option<GuildId>,

    /// Asks about this report, too: its code or the address of its page
    #[arg(long, value_name = "REPORT")]
    pub(crate) report: Option<String>,

    /// Ends with exit code 3 where anything unknown was met
    #[arg(long)]
    pub(crate) fail: bool,

    /// Prints one JSON object
    #[arg(long)]
    pub(crate) json: bool,

    /// Is patient: waits for points (up to 70 minutes) and through outages (10 minutes), instead of 30 s for each request
    #[arg(long)]
    pub(crate) batch: bool,

    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}
