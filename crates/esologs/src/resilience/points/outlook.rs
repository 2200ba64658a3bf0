//! What calls that are still to be made will take: by the prices that this client knows, and by how its points stand.

use super::costs::{self, Costs, Estimate, Outlook, Pace, Plan, Planned, Range, Shape};
use super::{Gate, Standing};
use crate::client::Client;
use crate::query::Operation;
use crate::resilience::Priority;

/// Calls that are to be made.
#[derive(Debug, Clone)]
pub(crate) struct Errand {
    /// One like them.
    pub(crate) operation: Operation,
    /// How many, about, and how far off that may be (a standard deviation).
    pub(crate) count: f64,
    pub(crate) off_by: f64,
    /// How many at least.
    pub(crate) least: f64,
    /// What one of them was seen to cost a moment ago, as far as the counter tells.
    pub(crate) seen: Option<f64>,
}

/// What was seen counts where it is not further from what is expected than this: the counter may be behind, or hold others' calls.
const SEEN_RANGE: std::ops::RangeInclusive<f64> = 0.5..=1.5;
/// And may be off by so much.
const SEEN_ERROR: f64 = 0.05;

/// How errands are run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// So many calls at once, as far as the client's policy lets them.
    pub(crate) at_once: usize,
    /// So many calls of the end may come one after the other.
    pub(crate) tail: f64,
}

/// What errands take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Foresight {
    pub(crate) requests: Range<u64>,
    pub(crate) points: Range<f64>,
    /// How much of the points is at prices that were learned, 0 to 1.
    pub(crate) learned_share: f64,
    /// `None` where nothing is known of the budget.
    pub(crate) course: Option<Course>,
}

/// How they go on in time. Milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Course {
    pub(crate) windows: Range<u64>,
    pub(crate) done_ms: Range<i64>,
}

impl Client {
    /// Asks the service for nothing.
    pub(crate) async fn foresee(&self, errands: &[Errand], manner: Manner) -> Foresight {
        let Some(gate) = self.gate() else {
            return foresight(&planned(&Costs::default(), errands), None);
        };
        gate.recall_costs().await;
        let standing = gate.look().await;
        let (calls, burn_per_hour, call_ms) = {
            let costs = gate.learned().await.costs;
            (planned(&costs, errands), costs.burn_per_hour(), costs.call_ms())
        };
        let at_once = manner.at_once.min(self.policy().concurrency).max(1);
        let gap_ms = self.request_rate().gap().as_secs_f64() * 1_000.0;
        let pace = Pace { call_ms: call_ms.max(gap_ms * at_once as f64), at_once: at_once as u32, tail: manner.tail };
        let is_patient = self.policy().priority == Priority::Batch;
        let outlook = gate.outlook(&standing, burn_per_hour, is_patient);
        foresight(&calls, outlook.map(|outlook| costs::plan(&calls, pace, &outlook)))
    }
}

impl Gate {
    /// `None` where no answer told of the running window.
    fn outlook(&self, standing: &Standing, burn_per_hour: f64, leaves_the_reserve: bool) -> Option<Outlook> {
        let (limit, now_ms) = (standing.limit?, self.now_ms());
        let closed = standing.closed_until_ms.filter(|until_ms| *until_ms > now_ms);
        let window_end_ms = standing.end_ms.into_iter().chain(closed).max()?;
        Some(Outlook {
            now_ms,
            limit,
            spent: if closed.is_some() { limit } else { standing.spent },
            open: standing.open(),
            window_end_ms,
            window_ms: costs::window_ms(standing.length_ms, standing.window <= 1),
            reserve: if leaves_the_reserve { self.settings.reserve_for_interactive } else { 0.0 },
            safety: self.settings.safety,
            burn_per_hour,
        })
    }
}

fn planned(costs: &Costs, errands: &[Errand]) -> Vec<Planned> {
    let planned = |errand: &Errand| {
        let Errand { count, off_by, least, .. } = *errand;
        Planned { estimate: price(costs, errand), count, off_by, least }
    };
    errands.iter().map(planned).collect()
}

fn price(costs: &Costs, errand: &Errand) -> Estimate {
    let estimate = costs.estimate_alike(&Shape::of(&errand.operation));
    match errand.seen.filter(|seen| SEEN_RANGE.contains(&(seen / estimate.expected))) {
        Some(seen) => Estimate { expected: seen, error: SEEN_ERROR * seen, deviation: 0.0, is_learned: true, ..estimate },
        None => estimate,
    }
}

fn foresight(calls: &[Planned], plan: Option<Plan>) -> Foresight {
    let (requests, points) = match &plan {
        Some(plan) => (plan.requests, plan.points),
        None => (costs::requests(calls), costs::points(calls)),
    };
    let course = plan.and_then(|plan| {
        let done_ms = Range { low: plan.done_ms.low?, high: plan.done_ms.high? };
        Some(Course { windows: plan.windows, done_ms })
    });
    Foresight { requests, points, learned_share: learned_share(calls), course }
}

fn learned_share(calls: &[Planned]) -> f64 {
    let sum = |wanted: &dyn Fn(&Estimate) -> bool| -> f64 {
        calls.iter().filter(|call| wanted(&call.estimate)).map(|call| call.count * call.estimate.expected).sum()
    };
    let all = sum(&|_| true);
    if all > 0.0 { sum(&|estimate| estimate.is_learned) / all } else { 1.0 }
}
