//! A success from before the outage that arrives when the breaker is open: it is old news.

use std::error::Error;
use std::time::Duration;

use super::{Kind, begin, score};
use crate::head_to_head::matrix::{Figure, Scenario, Scores};
use crate::head_to_head::wire::{Reply, Wire};

/// When it arrives: before any breaker tries again by itself.
const LATE: Duration = Duration::from_secs(3);
const CALLS: usize = 20;

pub(super) fn scenario() -> Scenario {
    super::scenario(vec![Figure::new("late success while the breaker is open: calls of 20 that it lets through")], run)
}

async fn run(kind: Kind) -> Result<Scores, Box<dyn Error>> {
    if !kind.has_breaker() {
        return Ok(vec![score(f64::INFINITY, "all: no breaker")]);
    }
    let wire = Wire::new(kind.scale(), |request| if request.number == 0 { Reply::Slow(LATE) } else { Reply::Status(503) });
    let contender = kind.build(&wire)?;
    let slow = begin(&contender, &wire);
    wire.sleep(Duration::from_millis(100)).await;
    // Enough failures for every breaker.
    let mut begun: Vec<_> = (0..300).map(|_| begin(&contender, &wire)).collect();
    wire.sleep_until(LATE + Duration::from_millis(200)).await;
    let before = wire.requests();
    for _ in 0..CALLS {
        begun.push(begin(&contender, &wire));
        wire.sleep(Duration::from_millis(20)).await;
    }
    let let_through = wire.requests() - before;
    begun.iter().for_each(|call| call.abort());
    if !slow.await?.is_right {
        return Err("the slow call was to succeed".into());
    }
    Ok(vec![score(let_through as f64, let_through.to_string())])
}
