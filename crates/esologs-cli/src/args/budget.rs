//! How far a command may go: points and time, and where the account of the points is kept.

use std::time::Duration;

use clap::{Args, ValueEnum};
use esologs::Points;

use super::span::read_span;
use crate::account::Account;

/// The library's own bound on what is kept for interactive calls.
const MOST_RESERVED_PERCENT: f64 = 90.0;

#[derive(Debug, Args)]
#[command(next_help_heading = "Points and time")]
pub(crate) struct BudgetArgs {
    /// Where the points are spent: wait for new ones, or stop with exit code 5 [default: pull and --batch wait, others stop]
    #[arg(long, value_name = "wait|stop", hide_possible_values = true)]
    pub(crate) on_limit: Option<OnLimit>,

    /// The most points that this command spends, those of the key and those of a signed-in user each; then it stops with exit code 5
    #[arg(long, value_name = "N", value_parser = read_points, allow_hyphen_values = true)]
    pub(crate) max_points: Option<Points>,

    /// Percent of the points that pulls and --batch leave to interactive calls, 0 to 90 [default: 15]
    #[arg(long, value_name = "PERCENT", value_parser = read_share, allow_hyphen_values = true)]
    pub(crate) reserve: Option<Share>,

    /// The time that the whole command may take (30s, 5m, 2h); then it stops with exit code 5
    #[arg(long, value_name = "TIME", value_parser = read_span, allow_hyphen_values = true)]
    pub(crate) max_duration: Option<Duration>,

    /// Where points are accounted for: 'file' (one account for all programs of this user), 'memory', or redis://HOST:PORT
    /// [default: file; demo: memory]
    #[arg(long, value_name = "PLACE", value_parser = Account::read, conflicts_with = "demo")]
    pub(crate) ledger: Option<Account>,
}

/// What to do where the points are spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnLimit {
    Wait,
    Stop,
}

/// A share between 0 and 1, said in percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Share(pub(crate) f64);

fn read_points(text: &str) -> Result<Points, String> {
    match text.trim().parse::<f64>() {
        Ok(points) if points.is_finite() && points > 0.0 => Ok(Points::new(points)),
        _ => Err(format!("'{text}' is not a number of points: expected a number above 0 such as 500")),
    }
}

fn read_share(text: &str) -> Result<Share, String> {
    let number = text.trim().trim_end_matches('%').trim_end();
    match number.parse::<f64>() {
        Ok(percent) if (0.0..=MOST_RESERVED_PERCENT).contains(&percent) => Ok(Share(percent / 100.0)),
        _ => Err(format!("'{text}' cannot be kept for interactive calls: expected percent from 0 to {MOST_RESERVED_PERCENT}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_said_in_percent_with_or_without_its_sign() {
        assert_eq!(["0", "15", "90 %", "12.5%"].map(|text| read_share(text).unwrap().0), [0.0, 0.15, 0.9, 0.125]);
    }

    #[test]
    fn what_cannot_be_kept_to_is_refused() {
        for wrong in ["200", "91", "-1", "half", "", "NaN"] {
            assert!(read_share(wrong).unwrap_err().contains("expected percent from 0 to 90"), "{wrong}");
        }
        for wrong in ["-1", "0", "many", "inf", ""] {
            assert!(read_points(wrong).unwrap_err().contains("expected a number above 0"), "{wrong}");
        }
        assert_eq!(read_points("0.5"), Ok(Points::new(0.5)));
    }
}
