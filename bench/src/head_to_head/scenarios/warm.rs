//! A breaker that has seen 1,000,000 successes, and then an outage.

use std::error::Error;
use std::time::Duration;

use super::{Kind, begin, score};
use crate::head_to_head::matrix::{Figure, Scenario, Scores};
use crate::head_to_head::wire::{Reply, Wire};

const SUCCESSES: usize = 1_000_000;
/// Then it counts as never.
const MOST: usize = 1_500_000;
/// Less than any breaker stays open.
const PATIENCE: Duration = Duration::from_millis(3_500);

pub(super) fn scenario() -> Scenario {
    super::scenario(
        vec![Figure::new("breaker after 1,000,000 successes: failures until it opens").reason(super::outage::FIVE_IN_A_ROW)],
        run,
    )
}

async fn run(kind: Kind) -> Result<Scores, Box<dyn Error>> {
    if !kind.has_breaker() {
        return Ok(vec![None]);
    }
    let wire = Wire::new(kind.scale(), |_| Reply::Good);
    let contender = kind.build(&wire)?;
    for _ in 0..SUCCESSES {
        contender.call().await;
    }
    wire.answer_by(|_| Reply::Status(503));
    let before = wire.requests();
    let mut failures = 0;
    while failures < MOST {
        // Ever more at a time, or a breaker that needs a million would take a day.
        let calls = (failures / 20).max(10);
        let begun: Vec<_> = (0..calls).map(|_| begin(&contender, &wire)).collect();
        for call in begun {
            // Who waits for a sign of life is not waited for here.
            let stop = call.abort_handle();
            if tokio::time::timeout(wire.scaled(PATIENCE), call).await.is_err() {
                stop.abort();
            }
        }
        let now = wire.requests() - before;
        if now - failures < calls {
            return Ok(vec![score(now as f64, now.to_string())]);
        }
        failures = now;
    }
    Ok(vec![score(f64::INFINITY, format!("not within {MOST}"))])
}
