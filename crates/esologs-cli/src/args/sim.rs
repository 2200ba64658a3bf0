//! `esologs sim`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use esologs_sim::world::Size;

use super::DEFAULT_SEED;
use super::span::read_span;
use super::streams::{Streams, read_streams};

const AFTER_HELP: &str = "\
Serves until Ctrl-C and prints on stdout the three variables that a client needs.
At the end it tells what it saw.
With --truth it serves nothing, but writes what a perfect pull would have brought home:

  esologs sim --truth truth
  esologs pull guild 3468 --demo -o logs
  diff -r truth logs/data                    says nothing: the two are equal

Examples:
  esologs sim --port 8787 --fault-rate 0.2 --seed 7
  esologs sim --limit 300 --window 10s       an hour of 10 seconds, to see points run out
  esologs sim --faults storm                 everything that can go wrong and passes, on 3 requests in 10
  esologs sim --faults mine.toml --world guild.toml";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct SimArgs {
    /// Port on 127.0.0.1; 0 takes any free one
    #[arg(long, value_name = "N", default_value_t = 8787, allow_negative_numbers = true, conflicts_with = "truth")]
    pub(crate) port: u16,

    /// What world and faults are drawn from
    #[arg(long, value_name = "N", default_value_t = DEFAULT_SEED, allow_negative_numbers = true)]
    pub(crate) seed: u64,

    /// How much there is: small (for tests), demo (as pull --demo), night (500,000 events) or huge (5,000,000)
    #[arg(long, value_name = "SIZE", default_value_t = Size::Demo)]
    pub(crate) size: Size,

    /// World of one's own (TOML), with the ids, names and codes that one expects
    #[arg(long, value_name = "FILE", conflicts_with = "size")]
    pub(crate) world: Option<PathBuf>,

    /// Points of an hour
    #[arg(long, value_name = "POINTS", default_value_t = 18_000, value_parser = clap::value_parser!(u32).range(1..),
          allow_negative_numbers = true, conflicts_with = "truth")]
    pub(crate) limit: u32,

    /// How long an hour of points lasts, for example 1h or 10s
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = read_span, allow_hyphen_values = true,
          conflicts_with = "truth")]
    pub(crate) window: Duration,

    /// Requests that an address may send in a minute, or 'off'
    #[arg(long, value_name = "N|off", default_value = "800", value_parser = read_throttle, allow_hyphen_values = true,
          conflicts_with = "truth")]
    pub(crate) throttle: Throttle,

    /// Faults by script (TOML), or a weather: calm, drizzle, storm, outage, maintenance
    #[arg(long, value_name = "NAME|FILE", conflicts_with_all = ["fault_rate", "truth"])]
    pub(crate) faults: Option<PathBuf>,

    /// Share of requests hit by mixed faults, 0 to 1
    #[arg(long, value_name = "SHARE", value_parser = read_share, allow_negative_numbers = true, conflicts_with = "truth")]
    pub(crate) fault_rate: Option<f64>,

    /// Has a race to a first kill on, for progressRaceData
    #[arg(long, conflicts_with = "truth")]
    pub(crate) race_is_on: bool,

    /// Prints on stdout JSON lines: where it serves, and at the end what it saw
    #[arg(long)]
    pub(crate) json: bool,

    /// Writes the ground truth of the world into this new folder, and ends
    #[arg(long, value_name = "FOLDER")]
    pub(crate) truth: Option<PathBuf>,

    /// Guild that the truth is about [default: the first of the world]
    #[arg(long, value_name = "ID", allow_negative_numbers = true, requires = "truth")]
    pub(crate) guild: Option<i64>,

    /// Event streams of the truth, separated by commas, or 'none' [default: deaths,damage,healing]
    #[arg(long, value_name = "LIST", value_parser = read_streams, requires = "truth")]
    pub(crate) streams: Option<Streams>,

    /// Writes the players of each report into the truth, too
    #[arg(long, requires = "truth")]
    pub(crate) player_details: bool,

    /// Writes the parses of each report's kills into the truth, too
    #[arg(long, requires = "truth")]
    pub(crate) rankings: bool,

    /// Writes the summary of each fight into the truth, too
    #[arg(long, requires = "truth")]
    pub(crate) tables: bool,

    /// Writes events with health, magicka and place of source and target into the truth
    #[arg(long, requires = "truth")]
    pub(crate) include_resources: bool,

    /// Writes who was there into the truth, too
    #[arg(long, requires = "truth")]
    pub(crate) attendance: bool,
}

/// How many requests an address may send in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Throttle {
    /// Any number.
    Off,
    /// So many.
    PerMinute(u32),
}

fn read_throttle(text: &str) -> Result<Throttle, String> {
    match (text.trim(), text.trim().parse::<u32>()) {
        ("off", _) => Ok(Throttle::Off),
        (_, Ok(requests)) if requests > 0 => Ok(Throttle::PerMinute(requests)),
        _ => Err(format!("'{text}' is no number of requests: expected 1 or more in a minute, or 'off'")),
    }
}

fn read_share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err(format!("'{text}' is not a share: expected a number from 0 to 1, such as 0.2")),
    }
}
