//! Points that are set aside for one attempt, until it is over.

use std::sync::Arc;
use std::time::Duration;

use super::gate::Gate;
use super::{Charge, Finish, Refused, Snapshot, Standing};
use crate::api::RateLimitData;

/// Points set aside. Dropped before the request was sent, they go back; dropped after it, they may be charged.
#[derive(Debug)]
#[must_use = "points that are set aside and dropped go back"]
pub(crate) struct Reserved {
    gate: Arc<Gate>,
    id: u64,
    amount: f64,
    sent_ms: Option<i64>,
    is_over: bool,
}

impl Reserved {
    pub(super) fn new(gate: Arc<Gate>, id: u64, amount: f64) -> Self {
        Self { gate, id, amount, sent_ms: None, is_over: false }
    }

    /// The request goes out now.
    pub(crate) fn sent(&mut self) {
        self.sent_ms = Some(self.gate.now_ms());
    }

    /// What the service said when it refused the request because the points are spent.
    pub(crate) fn refused(&self, retry_after: Option<Duration>) -> Option<Refused> {
        let retry_after_ms = retry_after.map(|after| i64::try_from(after.as_millis()).unwrap_or(i64::MAX));
        self.sent_ms.map(|sent_ms| Refused { retry_after_ms, sent_ms })
    }

    /// The attempt is over, with what its answer said of the budget.
    pub(crate) async fn end(mut self, charge: Charge, told: Option<&RateLimitData>, refused: Option<Refused>) -> Standing {
        let received_ms = self.gate.now_ms();
        let snapshot = told.zip(self.sent_ms).map(|(told, sent_ms)| Snapshot {
            limit: told.limit_per_hour.get(),
            spent: told.points_spent_this_hour.get(),
            reset_in_s: told.points_reset_in,
            sent_ms,
            received_ms,
        });
        let gate = Arc::clone(&self.gate);
        let standing = gate.finish(Finish { id: self.id, charge, snapshot, refused }, self.amount).await;
        self.is_over = true;
        standing
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if !self.is_over {
            let charge = if self.sent_ms.is_some() { Charge::Maybe } else { Charge::No };
            self.gate.finish_behind(Finish { id: self.id, charge, snapshot: None, refused: None }, self.amount);
        }
    }
}
