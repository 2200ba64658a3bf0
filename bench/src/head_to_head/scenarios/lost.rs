//! Faults by chance: how many calls are lost, and how many requests that costs.

use std::error::Error;
use std::sync::Mutex;
use std::time::Duration;

use fastrand::Rng;

use super::{Kind, begin_evenly, ends, scenario, score};
use crate::head_to_head::matrix::{Figure, Scenario, Scores};
use crate::head_to_head::wire::{Reply, Wire};

const CALLS: u32 = 2_000;
/// Four calls a second.
const OVER: Duration = Duration::from_secs(500);

pub(super) fn all() -> Vec<Scenario> {
    let faults: [(&str, Reply); 7] = [
        ("503", Reply::Status(503)),
        ("reset", Reply::Reset),
        ("body cut", Reply::Cut),
        ("GraphQL internal error in a 200", Reply::Internal),
        ("page with status 200", Reply::Page),
        ("429, `Retry-After: 2`", Reply::Throttled("2".to_owned())),
        ("no answer", Reply::Hang),
    ];
    let cells = faults.into_iter().flat_map(|(name, reply)| [10, 30].map(|percent| (name, reply.clone(), percent)));
    cells.map(|(name, reply, percent)| of(name, reply, percent)).collect()
}

fn of(name: &str, reply: Reply, percent: u8) -> Scenario {
    let figure = Figure::new(format!("calls lost (requests a call), {name}, {percent} % of requests")).tolerance(0.1);
    scenario(vec![figure], move |kind| run(kind, reply.clone(), percent))
}

async fn run(kind: Kind, fault: Reply, percent: u8) -> Result<Scores, Box<dyn Error>> {
    let rng = Mutex::new(Rng::with_seed(u64::from(percent)));
    let wire = Wire::new(kind.scale(), move |_| {
        let is_fault = rng.lock().is_ok_and(|mut rng| rng.u8(..100) < percent);
        if is_fault { fault.clone() } else { Reply::Slow(Duration::from_millis(60)) }
    });
    let contender = kind.build(&wire)?;
    let ended = ends(begin_evenly(&contender, &wire, CALLS, OVER).await).await?;
    let lost = ended.iter().filter(|call| !call.is_right).count() as f64 * 100.0 / f64::from(CALLS);
    let requests = wire.requests() as f64 / f64::from(CALLS);
    Ok(vec![score(lost, format!("{lost:.1} % ({requests:.2})"))])
}
