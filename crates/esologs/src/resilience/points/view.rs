//! How a ledger stands, for people and programs.

use std::sync::Arc;
use std::time::Duration;

use super::costs::{self, CostRow, Source};
use super::spenders::Spender;
use super::{Gate, Standing};
use crate::client::Client;
use crate::units::{Points, UnixMillis};

/// How the points of a key stand, as far as this client's ledger knows. Made by [`Client::points`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PointsView {
    /// Points of a window; `None` before the first answer that told.
    pub limit: Option<Points>,
    /// Spent in the running window, as the service told it last.
    pub spent: Points,
    /// Set aside for requests on their way.
    pub reserved: Points,
    /// Set aside for requests that are over, but whose charge no snapshot is sure to hold yet.
    pub unsettled: Points,
    /// What batch calls leave to interactive ones now.
    pub kept_for_interactive: Points,
    /// Requests on their way, of all who share the ledger.
    pub calls_on_their_way: usize,
    /// When the window ends, at the latest; `None` where no answer told of the running one.
    pub resets_at: Option<UnixMillis>,
    /// The longest time to a window's end that was seen: no window is known to be longer.
    pub window: Option<Duration>,
    /// The service refused for its points, and nothing is asked before then.
    pub closed_until: Option<UnixMillis>,
    /// When the window's points are spent, if all go on as they have in this window; `None` where they last, nothing is known, or
    /// less than a twentieth of the window has passed.
    pub spent_at: Option<UnixMillis>,
    /// What others spend on the same key without this ledger, in points per hour.
    pub burn_per_hour: Points,
    /// Why this client plans alone, where its ledger is one that others use, too, and cannot be reached.
    pub alone: Option<String>,
    /// Who spent the points of the running window, the largest first.
    pub spenders: Vec<PointsSpender>,
    /// What calls cost, the most used first.
    pub costs: Vec<PointsCost>,
    /// How far off the last predictions of all were, as a share of what was charged: half of them less.
    pub error_p50: Option<f64>,
    /// The same: 95 of 100 less.
    pub error_p95: Option<f64>,
}

/// What calls of one shape cost: an operation, and what decides about its price beside that.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PointsCost {
    /// Name of the operation.
    pub operation: String,
    /// What else decides, in words: "limit 10000, DamageDone".
    pub features: String,
    /// Calls whose answers told of the counter.
    pub calls: u64,
    /// In the mean.
    pub mean: Points,
    /// 95 of 100 calls cost no more.
    pub p95: Points,
    /// Whether it was learned from such calls; otherwise it is a guess.
    pub is_learned: bool,
    /// When such a call was seen last.
    pub last_seen: UnixMillis,
    /// How far off the last predictions were, as a share of what was charged: half of them less.
    pub error_p50: Option<f64>,
    /// The same: 95 of 100 less.
    pub error_p95: Option<f64>,
}

/// What one process spent on one operation in the running window.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PointsSpender {
    /// Who: the client's name, and the number of its process.
    pub owner: String,
    /// On what.
    pub operation: String,
    /// Requests that were, or may have been, charged.
    pub calls: u64,
    /// Points, about: by what such calls cost in the mean.
    pub points: Points,
}

impl PointsView {
    /// What is left of the window for this client's calls, with all that may be charged yet taken off; `None` where the limit is
    /// not known.
    #[must_use]
    pub fn left(&self) -> Option<Points> {
        let open = self.spent.get() + self.reserved.get() + self.unsettled.get();
        self.limit.map(|limit| Points::new((limit.get() - open).max(0.0)))
    }

    fn of(standing: &Standing, now_ms: i64) -> Self {
        Self {
            limit: standing.limit.map(Points::new),
            spent: Points::new(standing.spent),
            reserved: Points::new(standing.reserved),
            unsettled: Points::new(standing.unsettled()),
            kept_for_interactive: Points::new(standing.kept_for_interactive),
            calls_on_their_way: standing.calls_on_their_way,
            resets_at: standing.end_ms.map(UnixMillis::new),
            window: standing.length_ms.map(|length_ms| Duration::from_millis(u64::try_from(length_ms).unwrap_or(0))),
            closed_until: standing.closed_until_ms.map(UnixMillis::new),
            spent_at: spent_at_ms(standing, now_ms).map(UnixMillis::new),
            burn_per_hour: Points::new(0.0),
            alone: None,
            spenders: Vec::new(),
            costs: Vec::new(),
            error_p50: None,
            error_p95: None,
        }
    }
}

impl From<Spender> for PointsSpender {
    fn from(row: Spender) -> Self {
        Self { owner: row.owner, operation: row.operation, calls: row.calls, points: Points::new(row.points) }
    }
}

impl From<CostRow> for PointsCost {
    fn from(row: CostRow) -> Self {
        Self {
            operation: row.operation,
            features: row.features,
            calls: row.calls,
            mean: Points::new(row.mean),
            p95: Points::new(row.p95),
            is_learned: row.source == Source::Learned,
            last_seen: UnixMillis::new(row.last_seen_ms),
            error_p50: row.error_p50,
            error_p95: row.error_p95,
        }
    }
}

/// Before a twentieth of the window has passed, nothing is said of its rate.
const EARLY: i64 = 20;

/// When the points are spent, at the rate of this window so far.
fn spent_at_ms(standing: &Standing, now_ms: i64) -> Option<i64> {
    let Standing { limit: Some(limit), end_ms: Some(end_ms), length_ms: Some(length_ms), .. } = *standing else { return None };
    let passed_ms = length_ms - (end_ms - now_ms);
    // The first moments tell of no rate.
    if passed_ms.max(1) * EARLY < length_ms {
        return None;
    }
    let used = standing.spent + standing.open();
    costs::spent_at_ms(limit - used, used / passed_ms as f64, now_ms, end_ms)
}

impl Gate {
    async fn view(self: &Arc<Self>) -> PointsView {
        self.recall_costs().await;
        let standing = self.look().await;
        let (rows, burn, error) = {
            let costs = self.learned().await.costs;
            (costs.rows(), costs.burn_per_hour(), [0.5, 0.95].map(|share| costs.prediction_error(share)))
        };
        PointsView {
            burn_per_hour: Points::new(burn),
            alone: self.store.alone().map(|why| why.to_string()),
            spenders: self.spenders().await.into_iter().map(PointsSpender::from).collect(),
            costs: rows.into_iter().map(PointsCost::from).collect(),
            error_p50: error[0],
            error_p95: error[1],
            ..PointsView::of(&standing, self.now_ms())
        }
    }
}

impl Client {
    /// How the points stand by this client's ledger; asks the service for nothing. `None` where points are not planned with
    /// ([`without_ledger`](crate::ClientBuilder::without_ledger)).
    pub async fn points(&self) -> Option<PointsView> {
        match self.gate() {
            Some(gate) => Some(gate.view().await),
            None => None,
        }
    }
}
