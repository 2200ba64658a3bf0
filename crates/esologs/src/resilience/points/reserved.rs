//! Points that are set aside for one attempt, until it is over.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::costs::{Ended, Sent, Shape};
use super::gate::Gate;
use super::{Charge, Finish, Price, Refused, Settled, Snapshot};
use crate::api::RateLimitData;

/// Points set aside. Dropped before the request was sent, they go back; dropped after it, they may be charged.
#[derive(Debug)]
#[must_use = "points that are set aside and dropped go back"]
pub(crate) struct Reserved<'a> {
    gate: &'a Arc<Gate>,
    id: u64,
    price: Price,
    set_aside_ms: i64,
    sent: Option<(i64, Option<Sent>)>,
    is_over: bool,
}

impl<'a> Reserved<'a> {
    pub(super) fn new(gate: &'a Arc<Gate>, id: u64, price: Price, set_aside_ms: i64) -> Self {
        Self { gate, id, price, set_aside_ms, sent: None, is_over: false }
    }

    /// The request goes out now, so long after its points were set aside.
    pub(crate) fn sent(&mut self, shape: &Shape<'_>, after: Duration) {
        let now_ms = if after.is_zero() { self.set_aside_ms } else { self.gate.now_ms() };
        self.sent = Some((now_ms, self.gate.prices.sent(shape, &self.price, now_ms)));
    }

    /// What the service said when it refused the request because the points are spent.
    pub(crate) fn refused(&self, retry_after: Option<Duration>) -> Option<Refused> {
        let retry_after_ms = retry_after.map(|after| i64::try_from(after.as_millis()).unwrap_or(i64::MAX));
        self.sent.map(|(sent_ms, _)| Refused { retry_after_ms, sent_ms })
    }

    /// The attempt is over, with what its answer said of the budget. `None` where the account is not at hand.
    pub(crate) fn end_at_once(
        &mut self,
        charge: Charge,
        told: Option<&RateLimitData>,
        refused: Option<Refused>,
        now: Instant,
    ) -> Option<Settled> {
        let now_ms = self.gate.now_ms();
        let finish = self.finish(charge, told, refused, now_ms);
        let settled = self.gate.finish_at_once(&finish, &self.price, now_ms)?;
        self.is_settled(&finish, &settled, (now, now_ms));
        Some(settled)
    }

    /// The same, where that takes time.
    pub(crate) async fn end_in_time(
        &mut self,
        charge: Charge,
        told: Option<&RateLimitData>,
        refused: Option<Refused>,
        now: Instant,
    ) -> Settled {
        let now_ms = self.gate.now_ms();
        let finish = self.finish(charge, told, refused, now_ms);
        let settled = self.gate.finish(finish, self.price, now_ms).await;
        self.is_settled(&finish, &settled, (now, now_ms));
        settled
    }

    fn finish(&self, charge: Charge, told: Option<&RateLimitData>, refused: Option<Refused>, now_ms: i64) -> Finish {
        let snapshot = match (told, &self.sent) {
            (Some(told), Some((sent_ms, _))) => Some(Snapshot {
                limit: told.limit_per_hour.get(),
                spent: told.points_spent_this_hour.get(),
                reset_in_s: told.points_reset_in,
                sent_ms: *sent_ms,
                received_ms: now_ms,
            }),
            _ => None,
        };
        Finish { id: self.id, charge, snapshot, refused }
    }

    fn is_settled(&mut self, finish: &Finish, settled: &Settled, (now, now_ms): (Instant, i64)) {
        self.is_over = true;
        if let Some((_, Some(_))) = self.sent {
            let window = settled.window_of(finish.snapshot.as_ref());
            self.note(&Ended { now_ms, charge: finish.charge, snapshot: finish.snapshot, window }, now);
        }
    }

    fn note(&self, ended: &Ended, now: Instant) {
        if let Some((_, Some(sent))) = self.sent
            && self.gate.prices.ended(sent, ended, now)
        {
            self.gate.study(now);
        }
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            let charge = if self.sent.is_some() { Charge::Maybe } else { Charge::No };
            let now_ms = self.gate.now_ms();
            self.gate.finish_behind(Finish { id: self.id, charge, snapshot: None, refused: None }, self.price, now_ms);
            self.note(&Ended { now_ms, charge, snapshot: None, window: 0 }, Instant::now());
        }
    }
}
