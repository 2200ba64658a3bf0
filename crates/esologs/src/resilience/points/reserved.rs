//! Points that are set aside for one attempt, until it is over.

use std::sync::Arc;
use std::time::Duration;

use super::costs::{Ended, Sent, Shape};
use super::gate::Gate;
use super::{Charge, Finish, Price, Refused, Snapshot, Standing};
use crate::api::RateLimitData;

/// Points set aside. Dropped before the request was sent, they go back; dropped after it, they may be charged.
#[derive(Debug)]
#[must_use = "points that are set aside and dropped go back"]
pub(crate) struct Reserved {
    gate: Arc<Gate>,
    id: u64,
    price: Price,
    /// What others on the ledger had set aside in all.
    others: Option<f64>,
    sent: Option<(i64, Option<Sent>)>,
    is_over: bool,
}

impl Reserved {
    pub(super) fn new(gate: Arc<Gate>, id: u64, price: Price, others: Option<f64>) -> Self {
        Self { gate, id, price, others, sent: None, is_over: false }
    }

    /// The request goes out now.
    pub(crate) fn sent(&mut self, shape: &Shape<'_>) {
        let now_ms = self.gate.now_ms();
        self.sent = Some((now_ms, self.gate.prices.sent(shape, self.others, now_ms)));
    }

    /// What the service said when it refused the request because the points are spent.
    pub(crate) fn refused(&self, retry_after: Option<Duration>) -> Option<Refused> {
        let retry_after_ms = retry_after.map(|after| i64::try_from(after.as_millis()).unwrap_or(i64::MAX));
        self.sent.map(|(sent_ms, _)| Refused { retry_after_ms, sent_ms })
    }

    /// The attempt is over, with what its answer said of the budget.
    pub(crate) async fn end(mut self, charge: Charge, told: Option<&RateLimitData>, refused: Option<Refused>) -> Standing {
        let received_ms = self.gate.now_ms();
        let snapshot = told.zip(self.sent).map(|(told, (sent_ms, _))| Snapshot {
            limit: told.limit_per_hour.get(),
            spent: told.points_spent_this_hour.get(),
            reset_in_s: told.points_reset_in,
            sent_ms,
            received_ms,
        });
        let gate = Arc::clone(&self.gate);
        let standing = gate.finish(Finish { id: self.id, charge, snapshot, refused }, self.price.at_most).await;
        self.is_over = true;
        let ended = Ended { now_ms: received_ms, charge, snapshot, window: standing.window };
        self.learn(&ended, gate.others(&standing));
        standing
    }

    fn learn(&self, ended: &Ended, others: Option<f64>) {
        self.gate.prices.ended(self.sent.and_then(|(_, sent)| sent), self.price.expected, ended, others);
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if !self.is_over {
            let charge = if self.sent.is_some() { Charge::Maybe } else { Charge::No };
            let finish = Finish { id: self.id, charge, snapshot: None, refused: None };
            self.gate.finish_behind(finish, self.price.at_most);
            self.learn(&Ended { now_ms: self.gate.now_ms(), charge, snapshot: None, window: 0 }, None);
        }
    }
}
