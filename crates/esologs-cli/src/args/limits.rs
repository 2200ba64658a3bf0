//! `esologs limits`.

use clap::Args;

use super::service::ServiceArgs;

const AFTER_HELP: &str = "\
It asks the service once, for about a point, and adds what the programs that share the account have told it.
Where the points are spent, it tells what it knows, and ends with exit code 5.

Examples:
  esologs limits
  esologs limits --costs
  esologs limits --offline --json";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct LimitsArgs {
    /// Tells as well what calls have cost, as far as that was learned
    #[arg(long)]
    pub(crate) costs: bool,

    /// Asks the service for nothing: only what the account holds
    #[arg(long)]
    pub(crate) offline: bool,

    /// Prints one JSON object
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) service: ServiceArgs,
}
