//! Whom to ask: the service, another host, or the built-in simulator.

use clap::Args;

use super::DEFAULT_SEED;
use super::rate::{Rate, read_rate};
use crate::failure::Failure;

#[derive(Debug, Args)]
pub(crate) struct HostArgs {
    /// Uses the built-in simulator: no account, no network
    #[arg(long, conflicts_with = "base_url")]
    pub(crate) demo: bool,

    /// Which invented world the demo shows; the same number gives the same world and the same faults [default: 3468]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    seed: Option<u64>,

    /// Another host, for example http://127.0.0.1:8787; moves the token requests as well
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,

    /// Which sign-in of `esologs auth login`, where the environment names no API client [default: default]
    #[arg(long, value_name = "NAME", env = "ESOLOGS_PROFILE", hide_env = true, conflicts_with = "demo")]
    pub(crate) profile: Option<String>,

    /// Requests begun in a second, or 'off'; the service refuses bursts [default: 5, twice as many at once; demo: off]
    #[arg(long, value_name = "N|off", value_parser = read_rate, allow_hyphen_values = true)]
    request_rate: Option<Rate>,
}

impl HostArgs {
    /// The seed of the demo's world and faults.
    pub(crate) fn seed(&self) -> u64 {
        self.seed.unwrap_or(DEFAULT_SEED)
    }

    /// The pace of requests; `None` is the library's. The simulator of a demo is our own and has no throttle to be spared.
    pub(crate) fn request_rate(&self) -> Option<Rate> {
        self.request_rate.or(self.demo.then_some(Rate::Off))
    }

    /// # Errors
    /// Where the options contradict each other.
    pub(super) fn check(&self) -> Result<(), Failure> {
        match self.seed {
            Some(_) if !self.demo => Err(Failure::usage("--seed chooses the world of the demo: add --demo, or leave it out")),
            _ => Ok(()),
        }
    }
}
