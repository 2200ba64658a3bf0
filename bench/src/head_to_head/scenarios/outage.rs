//! Ten minutes in which every request is answered with a 503, five calls a second before, in and after it.

use std::error::Error;
use std::time::Duration;

use super::{Ended, Kind, begin_evenly, ends, score};
use crate::head_to_head::matrix::{Figure, Scenario, Scores};
use crate::head_to_head::wire::{Reply, Wire};

const BEFORE: Duration = Duration::from_secs(60);
const OUTAGE: Duration = Duration::from_secs(600);
/// Longer than the longest time open of anybody.
const AFTER: Duration = Duration::from_secs(330);
const PER_SECOND: u32 = 5;
/// Calls come every 200 ms: a pause of that length is no chance.
const PAUSE: Duration = Duration::from_secs(2);

const STAYS_AWAY: &str = "failsafe stays away for up to 5 min, also after the end: see how long it needs to find out";
/// Also in other scenarios.
pub(super) const FIVE_IN_A_ROW: &str =
    "failsafe opens after 5 in a row, which at 30 % faults happens by chance: see how many calls it loses then";

pub(super) fn scenario() -> Scenario {
    super::scenario(
        vec![
            Figure::new("outage of 10 min, 5 calls/s: requests on the wire").reason(STAYS_AWAY),
            Figure::new("… requests for each call made in it").tolerance(0.005).reason(STAYS_AWAY),
            Figure::new("… requests until the first pause of 2 s").reason(FIVE_IN_A_ROW),
            Figure::new("… calls lost of those made in it"),
            Figure::new("… until a call succeeds again after its end")
                .tolerance(1.0)
                .reason("who never stops asking finds out at once; the price is in the first of these rows"),
        ],
        run,
    )
}

async fn run(kind: Kind) -> Result<Scores, Box<dyn Error>> {
    let end = BEFORE + OUTAGE;
    let wire = Wire::new(kind.scale(), move |request| {
        if request.at >= BEFORE && request.at < end { Reply::Status(503) } else { Reply::Slow(Duration::from_millis(60)) }
    });
    let contender = kind.build(&wire)?;
    let calls = |time: Duration| PER_SECOND * time.as_secs() as u32;
    let before = begin_evenly(&contender, &wire, calls(BEFORE), BEFORE).await;
    let in_it = begin_evenly(&contender, &wire, calls(OUTAGE), OUTAGE).await;
    let after = begin_evenly(&contender, &wire, calls(AFTER), AFTER).await;
    ends(before).await?;
    let (in_it, after) = (ends(in_it).await?, ends(after).await?);

    let moments: Vec<Duration> = wire.moments().into_iter().filter(|at| *at >= BEFORE && *at < end).collect();
    let until_pause = 1 + moments.windows(2).take_while(|pair| pair[1] - pair[0] < PAUSE).count();
    let each = moments.len() as f64 / in_it.len() as f64;
    let lost = in_it.iter().filter(|call| !call.is_right).count() as f64 * 100.0 / in_it.len() as f64;
    let right =
        |calls: &[Ended]| calls.iter().filter(|call| call.is_right && call.ended >= end).map(|call| call.ended - end).min();
    let again = [right(&in_it), right(&after)].into_iter().flatten().min().unwrap_or(AFTER).as_secs_f64();
    let paused = until_pause < moments.len();
    Ok(vec![
        score(moments.len() as f64, moments.len().to_string()),
        score(each, format!("{each:.3}")),
        if paused { score(until_pause as f64, until_pause.to_string()) } else { score(f64::INFINITY, "never") },
        score(lost, format!("{lost:.1} %")),
        score(again, format!("{again:.1} s")),
    ])
}
