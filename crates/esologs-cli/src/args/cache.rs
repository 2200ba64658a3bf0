//! How a command uses the cache, and `esologs cache`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct CacheArgs {
    /// Asks the service for everything, and keeps no answer
    #[arg(long, conflicts_with = "refresh")]
    pub(crate) no_cache: bool,

    /// Asks the service for everything, and keeps its answers
    #[arg(long)]
    pub(crate) refresh: bool,
}

const AFTER_HELP: &str = "\
Answers that were given before are kept in $XDG_CACHE_HOME/esologs (~/.cache/esologs), for as long as they are good.
ESOLOGS_CACHE names another folder, or says 'off'. What is good for how long: docs/policies/cache.md.

Examples:
  esologs cache status
  esologs cache prune
  esologs cache verify --json";

#[derive(Debug, Subcommand)]
#[command(after_help = AFTER_HELP)]
pub(crate) enum CacheWhat {
    /// Tells what is kept, and how much room it takes
    #[command(after_help = AFTER_HELP)]
    Status(CacheCommandArgs),
    /// Removes what is too old to be shown for any reason, and the longest unused beyond the bound
    Prune(CacheCommandArgs),
    /// Removes everything
    Clear(CacheCommandArgs),
    /// Reads every answer to its end, checks it, and removes what is damaged
    Verify(CacheCommandArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CacheCommandArgs {
    /// The folder of the cache [default: that of ESOLOGS_CACHE, else $XDG_CACHE_HOME/esologs]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,

    /// Prints one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}
