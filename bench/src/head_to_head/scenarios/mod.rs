//! What happens to the contenders, and what is counted.

mod half_open;
mod herd;
mod late;
mod lost;
mod outage;
mod retry_after;
mod warm;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use super::contenders::{Contender, Kind};
use super::matrix::{Figure, Scenario, Score, Scores};
use super::wire::Wire;

/// The wall clock when a scenario begins, in milliseconds since 1970: a full second.
pub(super) const EPOCH_MS: i64 = 1_790_000_000_000;

/// Every scenario, in the order of the table.
pub(super) fn all() -> Vec<Scenario> {
    let mut all = lost::all();
    all.extend([outage::scenario(), warm::scenario(), half_open::scenario(), late::scenario()]);
    all.extend(retry_after::all());
    all.push(herd::scenario());
    all
}

fn scenario<F>(figures: Vec<Figure>, run: impl Fn(Kind) -> F + Send + Sync + 'static) -> Scenario
where
    F: Future<Output = Result<Scores, Box<dyn Error>>> + 'static,
{
    Scenario { figures, run: Arc::new(move |kind| Box::pin(run(kind))) }
}

fn score(value: f64, text: impl Into<String>) -> Option<Score> {
    Some(Score { value, text: text.into() })
}

/// A call that has ended.
#[derive(Debug, Clone, Copy)]
struct Ended {
    began: Duration,
    ended: Duration,
    /// Whether the caller got what it asked for.
    is_right: bool,
}

/// Begins a call on a task of its own.
fn begin(contender: &Arc<dyn Contender>, wire: &Wire) -> JoinHandle<Ended> {
    let (contender, wire) = (Arc::clone(contender), wire.clone());
    tokio::spawn(async move {
        let began = wire.now();
        let is_right = contender.call().await;
        Ended { began, ended: wire.now(), is_right }
    })
}

/// Begins so many calls, evenly, over a stretch of the scenario's time.
async fn begin_evenly(contender: &Arc<dyn Contender>, wire: &Wire, calls: u32, over: Duration) -> Vec<JoinHandle<Ended>> {
    let (start, mut begun) = (wire.now(), Vec::new());
    for number in 0..calls {
        wire.sleep_until(start + over * number / calls).await;
        begun.push(begin(contender, wire));
    }
    wire.sleep_until(start + over).await;
    begun
}

async fn ends(begun: Vec<JoinHandle<Ended>>) -> Result<Vec<Ended>, Box<dyn Error>> {
    let mut ended = Vec::with_capacity(begun.len());
    for call in begun {
        ended.push(call.await?);
    }
    Ok(ended)
}
