//! The probe of a breaker that has opened: the cheapest query, in the background, so that no caller's question is spent on it
//! and the service is found well again with no callers at all.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::time::Instant;

use super::breaker::BreakerState;
use super::cache::Served;
use super::call::{Call, Received, Unfinished};
use super::parts::Asked;
use super::progress::Progress;
use super::retry::GiveUp;
use crate::api::RateLimitCall;
use crate::client::{Client, WeakClient};
use crate::decode::{As, Failure, Stage};
use crate::events::Event;

/// Nobody has asked for so long: then nobody waits for the answer either.
const DEMAND: Duration = Duration::from_secs(30 * 60);
/// Between two probes, whatever became of the first.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

/// Whether somebody probes, and when somebody last wanted something.
#[derive(Debug)]
pub(crate) struct Probing {
    going_on: Arc<AtomicBool>,
    last_demand: Mutex<Instant>,
}

impl Probing {
    pub(crate) fn new() -> Self {
        Self { going_on: Arc::default(), last_demand: Mutex::new(Instant::now()) }
    }

    pub(crate) fn note_demand(&self, now: Instant) {
        *self.last_demand.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    fn is_wanted(&self, now: Instant) -> bool {
        let last = *self.last_demand.lock().unwrap_or_else(PoisonError::into_inner);
        now.saturating_duration_since(last) < DEMAND
    }
}

/// Somebody probes, until this is dropped: also where the task ends with its runtime.
struct GoingOn(Arc<AtomicBool>);

impl Drop for GoingOn {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Client {
    /// Sees to it that somebody probes while the breaker is open.
    pub(super) fn watch_over_breaker(&self) {
        let is_open = self.breaker().is_some_and(|breaker| !breaker.is_closed() && breaker.state() == BreakerState::Open);
        let going_on = &self.probing().going_on;
        if is_open && !going_on.swap(true, Ordering::AcqRel) {
            tokio::spawn(probe(self.downgrade(), GoingOn(Arc::clone(going_on))));
        }
    }
}

/// Probes each time that the breaker's time is over, until it is closed, nobody wants anything, or the client is gone.
async fn probe(client: WeakClient, going_on: GoingOn) {
    while let Some(client) = client.upgrade() {
        let now = Instant::now();
        let Some(breaker) = client.breaker().filter(|_| client.probing().is_wanted(now)).cloned() else { return };
        match breaker.state() {
            BreakerState::Closed => {
                drop(going_on);
                // It may have opened again before that was said.
                client.watch_over_breaker();
                return;
            }
            // Only a hand closes it.
            BreakerState::Isolated => {
                drop(client);
                breaker.changed().await;
            }
            BreakerState::Open | BreakerState::HalfOpen => match breaker.peek(now) {
                Ok(()) => {
                    // A transport or a subscriber that panics ends its own probe, not all of them.
                    let pause = AssertUnwindSafe(client.probe_once()).catch_unwind().await.unwrap_or_default();
                    let learnt_nothing = breaker.state() != BreakerState::Closed && breaker.peek(Instant::now()).is_ok();
                    drop(client);
                    if learnt_nothing {
                        // The breaker sets no pause then, and without one we would ask as fast as the service answers.
                        let pause = pause.unwrap_or(breaker.settings().open_cap);
                        let _ = tokio::time::timeout(pause.max(SHORTEST_PAUSE), breaker.changed()).await;
                    }
                }
                Err(open) => {
                    // The client may go while we wait.
                    drop(client);
                    let _ = tokio::time::timeout(open.retry_in.unwrap_or(DEMAND), breaker.changed()).await;
                }
            },
        }
    }
}

impl Client {
    /// One attempt of the cheapest query. What it brings is the breaker's business; the snapshot of the points comes with it.
    /// Where it was not sent: how long it makes no sense to try again.
    async fn probe_once(&self) -> Option<Duration> {
        self.ask_for_snapshot(Call::begin(self, RateLimitCall::operation()).ok()?).await
    }

    /// In the background: asks how the points stand, where calls that are over hold the rest of the budget back.
    pub(super) fn probe_points(&self) {
        let Ok(call) = Call::begin(self, RateLimitCall::operation()) else { return };
        let client = self.clone();
        tokio::spawn(async move { client.ask_for_snapshot(call.into_points_probe()).await });
    }

    async fn ask_for_snapshot(&self, call: Call) -> Option<Duration> {
        let (mut progress, asked) = (Progress::first(), Asked::all(&call));
        let unfinished = Unfinished::new(self, &call);
        let attempt = self.attempt(&call, &As::<RateLimitCall>::FORM, &asked, &mut progress, false, Instant::now());
        // It shall not stand in line for longer than it may take.
        let result = tokio::time::timeout(2 * self.policy().attempt_timeout, attempt).await.ok()?;
        unfinished.end();
        let failure = self.told(&call, result).err()?;
        let was_not_sent = failure.class.is_local_limit() || failure.stage == Stage::Token;
        was_not_sent.then(|| failure.pause.or(failure.retry_after).unwrap_or(Duration::from_secs(1)))
    }

    fn told(&self, call: &Call, result: Result<Received, Failure>) -> Result<(), Failure> {
        let (number, operation, elapsed) = (call.number, call.operation(), call.elapsed());
        let Err(failure) = result else {
            self.tell(&Event::Answered { call: number, operation, attempts: 1, served: &Served::Fresh, elapsed });
            return Ok(());
        };
        let (class, detail) = (failure.class, failure.detail.as_str());
        self.tell(&Event::AttemptFailed { call: number, operation, attempt: 1, class, detail, elapsed });
        let error = self.final_error(&failure, GiveUp::Attempts, call, 1);
        self.tell(&Event::GaveUp { call: number, operation, attempts: 1, error: &error, elapsed });
        Err(failure)
    }
}
