//! A thousand callers at once, each second anew, while a breaker is open and finds out whether it may close.

use std::error::Error;
use std::time::Duration;

use super::{Kind, begin, score};
use crate::head_to_head::matrix::{Figure, Scenario, Scores};
use crate::head_to_head::wire::{Reply, Wire};

const CALLERS: usize = 1_000;
/// Long enough for every breaker to try again.
const WAVES: usize = 45;

pub(super) fn scenario() -> Scenario {
    super::scenario(
        vec![Figure::new("open breaker, 1,000 callers at once each second: the most requests let through in a second")],
        run,
    )
}

async fn run(kind: Kind) -> Result<Scores, Box<dyn Error>> {
    if !kind.has_breaker() {
        return Ok(vec![score(f64::INFINITY, "all: no breaker")]);
    }
    let wire = Wire::new(kind.scale(), |_| Reply::SlowFailure(Duration::from_millis(500)));
    let contender = kind.build(&wire)?;
    let mut begun = Vec::new();
    let mut requests = Vec::new();
    for wave in 0..WAVES {
        wire.sleep_until(Duration::from_secs(wave as u64)).await;
        let before = wire.requests();
        begun.extend((0..CALLERS).map(|_| begin(&contender, &wire)));
        wire.sleep_until(Duration::from_millis(wave as u64 * 1_000 + 990)).await;
        requests.push(wire.requests() - before);
    }
    begun.iter().for_each(|call| call.abort());
    // From the first second in which nothing was let through: it is open.
    let let_through = requests.iter().skip_while(|requests| **requests > 0).max().copied();
    Ok(vec![match let_through {
        Some(most) => score(most as f64, most.to_string()),
        None => score(f64::INFINITY, "never open"),
    }])
}
