//! Steps 2 to 4 of an attempt, all that it may have to stand in line for: points, a place with the pace of requests, a token. And
//! what becomes of the points afterwards.
//!
//! Where there is a wait it is in a box of its own: most calls wait for nothing, and would carry the room for it about.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::admission::{LineFull, Slot, Turn};
use super::call::Call;
use super::points::{Charge, Gate, Notice, Price, Refused, Reserved, Short, Want, Why};
use super::progress::Progress;
use super::wait::wait;
use crate::api::RateLimitData;
use crate::auth::Token;
use crate::client::Client;
use crate::decode::{Answer, Class, Failure, Stage};
use crate::events::{Event, WaitReason};

/// All that an attempt stands in line for, and when it had its place and all of it.
pub(super) struct Ready<'a> {
    pub(super) points: Option<Reserved<'a>>,
    pub(super) with_points: Instant,
    pub(super) _slot: Slot,
    pub(super) token: Arc<Token>,
    pub(super) in_place: Instant,
    pub(super) now: Instant,
}

impl Client {
    /// Steps 2 to 4. A call that waits for its next try holds none of this.
    pub(super) async fn ready(&self, call: &Call, progress: &mut Progress, began: Instant) -> Result<Ready<'_>, Failure> {
        let mut now = began;
        loop {
            // 2. Points, for each attempt, since each may be charged. Before a place, so that nobody holds one for an hour.
            let (points, with_points) = match self.points_at_once(call, now) {
                Ok(points) => (points, now),
                Err(gate) => (Some(Box::pin(self.points_in_time(gate, call, now)).await?), Instant::now()),
            };
            progress.in_line += with_points - now;
            // 3. A place among the calls on their way, and the pace of requests.
            let (slot, in_place) = self.slot(call, with_points).await?;
            // 4. A token: a wait like any other, bounded by the deadline.
            let (token, ready) = self.token_within(call, in_place).await?;
            if !call.has_time(ready) {
                return Err(Failure::too_late());
            }
            // The points are held for a while only; whoever stood in line for longer asks for them anew.
            if points.is_none() || ready - with_points + self.policy().attempt_timeout < self.lease() {
                return Ok(Ready { points, with_points, _slot: slot, token, in_place, now: ready });
            }
            now = ready;
        }
    }

    /// Points set aside, where they are planned with and are to be had at once; otherwise the gate to pass.
    pub(super) fn points_at_once(&self, call: &Call, now: Instant) -> Result<Option<Reserved<'_>>, &Arc<Gate>> {
        let Some(gate) = self.gate() else { return Ok(None) };
        gate.at_once(&self.want(gate, call, now)).map(Some).ok_or(gate)
    }

    /// The same, where it takes time: the account is elsewhere, or others stand in line.
    async fn points_in_time<'a>(&self, gate: &'a Arc<Gate>, call: &Call, now: Instant) -> Result<Reserved<'a>, Failure> {
        gate.recall_costs().await;
        let want = self.want(gate, call, now);
        let short = |short: Short| Failure::points_short(&short, &want);
        if let Some(reserved) = gate.pass(&want).await.map_err(short)? {
            return Ok(reserved);
        }
        let tell = |notice| self.told_in_line(call, notice);
        gate.stand_in_line(&want, &tell).await.map_err(short)
    }

    fn want<'a>(&self, gate: &Gate, call: &'a Call, now: Instant) -> Want<'a> {
        let policy = self.policy();
        Want {
            operation: call.operation(),
            shape: call.shape().number(),
            price: if call.is_points_probe { Price::PROBE } else { gate.price(&call.shape(), now) },
            priority: policy.priority,
            lease: self.lease(),
            deadline: call.deadline,
            attempt_timeout: policy.attempt_timeout,
            max_wait: policy.max_wait.points,
            is_probe: call.is_points_probe,
        }
    }

    fn told_in_line(&self, call: &Call, notice: Notice) {
        match notice {
            Notice::ProbeIsDue => self.probe_points(),
            Notice::Waiting { why, longest, queued } => {
                let reason = if why == Why::Spent { WaitReason::Points } else { WaitReason::Settling };
                self.tell_wait_in(call, reason, longest, queued);
            }
        }
    }

    /// How long an attempt holds its points at most: the request itself, and what may come before it.
    fn lease(&self) -> Duration {
        const SPARE: Duration = Duration::from_secs(30);
        self.policy().attempt_timeout.saturating_mul(2).saturating_add(SPARE)
    }

    /// A place among the calls on their way, and in the pace of requests; and the moment at which it is there.
    pub(super) async fn slot(&self, call: &Call, began: Instant) -> Result<(Slot, Instant), Failure> {
        let policy = self.policy();
        let (slot, mut now) = match self.slots().try_acquire(policy.priority, policy.concurrency) {
            Some(slot) => (slot, began),
            None => (Box::pin(self.slot_in_line(call, began)).await?, Instant::now()),
        };
        let most = call.deadline.remaining(now);
        let (turn, wait) = self.request_rate().reserve(policy.priority, now, most).map_err(Failure::too_slow_a_pace)?;
        if !wait.is_zero() {
            now = Box::pin(self.turn_in_line(call, &turn, wait)).await?;
        }
        turn.used();
        Ok((slot, now))
    }

    /// Waits until its turn comes, which may be sooner or later than was said at first: others share the service's throttle.
    async fn turn_in_line(&self, call: &Call, turn: &Turn<'_>, first: Duration) -> Result<Instant, Failure> {
        /// How often it is looked again.
        const LOOK: Duration = Duration::from_secs(1);
        self.tell_wait(call, WaitReason::RequestRate, first);
        let mut left = first;
        loop {
            wait(left.min(LOOK), self.clock()).await;
            let now = Instant::now();
            let turn_in = turn.wait(now);
            left = turn_in.time;
            if left.is_zero() {
                return Ok(now);
            }
            if call.deadline.remaining(now).is_some_and(|most| left >= most) {
                return Err(Failure::too_slow_a_pace(turn_in));
            }
        }
    }

    async fn slot_in_line(&self, call: &Call, began: Instant) -> Result<Slot, Failure> {
        let policy = self.policy();
        let acquire = self.slots().acquire(policy.priority, policy.concurrency, || {
            self.tell(&Event::InLine { call: call.number, operation: call.operation() });
        });
        let most = match policy.slot_timeout {
            Some(most) => Some(call.deadline.cut(began, most)),
            None => call.deadline.remaining(began),
        };
        let slot = match most {
            Some(most) => tokio::time::timeout(most, acquire).await.map_err(|_| Failure::no_slot_in_time(most))?,
            None => acquire.await,
        };
        slot.map_err(|LineFull| Failure::line_full())
    }

    /// A token, and the moment at which it is there.
    pub(super) async fn token_within(&self, call: &Call, now: Instant) -> Result<(Arc<Token>, Instant), Failure> {
        match self.tokens().fresh(now) {
            Some(token) => Ok((token, now)),
            None => Ok((Box::pin(self.token_in_time(call, now)).await?, Instant::now())),
        }
    }

    /// The same, where it has to be fetched or is about to end.
    async fn token_in_time(&self, call: &Call, now: Instant) -> Result<Arc<Token>, Failure> {
        // A policy of one attempt means one here, too.
        let tries = if self.policy().attempts == Some(1) { 1 } else { 3 };
        let token = self.tokens().get(self, call.number, tries);
        match call.deadline.remaining(now) {
            Some(remaining) => tokio::time::timeout(remaining, token)
                .await
                .unwrap_or_else(|_| Err(Failure::timed_out(remaining).at(Stage::Token))),
            None => token.await,
        }
    }
}

/// What an attempt means for the points that were set aside for it.
pub(super) fn settlement(
    points: &Reserved<'_>,
    result: &Result<(Answer, Option<Bytes>), Failure>,
) -> (Charge, Option<RateLimitData>, Option<Refused>) {
    match result {
        Ok((answer, _)) => (Charge::Yes, answer.data.points().copied(), None),
        Err(failure) => {
            let charge = if failure.class.rule().maybe_charged { Charge::Maybe } else { Charge::No };
            let refused = if failure.class == Class::PointsSpent { points.refused(failure.retry_after) } else { None };
            (charge, None, refused)
        }
    }
}
