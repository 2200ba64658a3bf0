//! Who listens to what happens inside calls.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct ListenArgs {
    /// Tells at the end, on stderr, where the time went
    #[arg(long)]
    pub(crate) explain: bool,

    /// Writes what happened inside the calls to a file, one JSON object per line (docs/telemetry.md)
    #[arg(long, value_name = "FILE")]
    pub(crate) decision_log: Option<PathBuf>,
}
