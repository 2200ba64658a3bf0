//! Whom to ask: the service, another host, or the built-in simulator.

use clap::Args;

use super::DEFAULT_SEED;

#[derive(Debug, Args)]
pub(crate) struct HostArgs {
    /// Uses the built-in simulator: no account, no network
    #[arg(long, conflicts_with = "base_url")]
    pub(crate) demo: bool,

    /// Which invented world the demo shows; the same number gives the same world and the same faults
    #[arg(long, value_name = "N", default_value_t = DEFAULT_SEED, requires = "demo")]
    pub(crate) seed: u64,

    /// Another host, for example http://127.0.0.1:8787; moves the token requests as well
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
}
