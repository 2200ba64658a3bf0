//! One fault, and `esologs query` with its default settings: program and simulator as processes, many times.

mod round;
mod single;

use std::error::Error;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::figures::{Table, median};
use crate::program;
use round::Round;
use single::Single;

/// Seconds that a query may take, whatever befalls it: the deadline of an interactive call, and the program around it.
const TIME_BOUND_S: f64 = 35.0;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Rounds of each fault.
    #[arg(long, default_value_t = 20)]
    rounds: usize,
    /// Rounds at the same time. They mostly wait; but two cores that start too many programs at once make a figure of their own.
    #[arg(long, default_value_t = 12)]
    at_once: usize,
    /// Only faults whose name holds this text.
    #[arg(long, default_value = "")]
    only: String,
}

pub(crate) fn run(args: &Args) -> Result<Table, Box<dyn Error>> {
    let program = program::esologs()?;
    let mut singles = Single::all()?;
    singles.retain(|single| single.name.contains(&args.only));
    if singles.is_empty() {
        return Err(format!("no fault's name holds {:?}", args.only).into());
    }
    let rounds = args.rounds.max(1);
    let all = all_rounds(&program, &singles, rounds, args.at_once.max(1))?;
    let mut table = Table::of_columns(
        format!(
            "`single-faults`: {} faults, {rounds} rounds each, {} at once; `esologs query` against `esologs sim --size small`, a process each.",
            singles.len(),
            args.at_once.max(1)
        ),
        ["fault", "survived", "struck", "median", "slowest", "most requests (API + token)"],
    );
    for (single, of_single) in singles.iter().zip(&all) {
        row(&mut table, single, of_single);
    }
    Ok(table)
}

/// The rounds of each fault. Every fault has its first round before one has its second.
fn all_rounds(program: &Path, singles: &[Single], rounds: usize, at_once: usize) -> Result<Vec<Vec<Round>>, Box<dyn Error>> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(singles.iter().map(|_| Vec::new()).collect::<Vec<_>>());
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= singles.len() * rounds {
                return Ok(());
            }
            let index = number % singles.len();
            let round = round::play(program, &singles[index]).map_err(|error| format!("{}: {error}", singles[index].name))?;
            done.lock().map_err(|_| "a thread panicked".to_owned())?[index].push(round);
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..at_once).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err("a thread panicked".to_owned())))
    })?;
    Ok(done.into_inner()?)
}

fn row(table: &mut Table, single: &Single, rounds: &[Round]) {
    let count = |is: fn(&Round) -> bool| rounds.iter().filter(|round| is(round)).count();
    let most = |of: fn(&Round) -> u64| rounds.iter().map(of).max().unwrap_or_default();
    let slowest = rounds.iter().map(|round| round.seconds).fold(0.0, f64::max);
    let held = rounds.iter().all(|round| round.answered && round.struck) && slowest <= TIME_BOUND_S;
    table.bounded_figures(
        &single.name,
        [
            format!("{} of {}", count(|round| round.answered), rounds.len()),
            count(|round| round.struck).to_string(),
            format!("{:.2} s", median(rounds.iter().map(|round| round.seconds))),
            format!("{slowest:.2} s"),
            format!("{} + {}", most(|round| round.api_requests), most(|round| round.token_requests)),
        ],
        format!("all, in {TIME_BOUND_S} s"),
        held,
    );
    // One of the failures in its own words.
    if let Some(failed) = rounds.iter().find(|round| !round.answered) {
        eprintln!("{}: {}", single.name, failed.words.trim_end());
    }
}
