//! A process that shares an account, as tests speak of it.

use std::time::Duration;

use tokio::time::Instant;

use super::server::Server;
use crate::Clock;
use crate::resilience::Priority;
use crate::resilience::points::store::redis::RedisStore;
use crate::resilience::points::store::redis::shared::Tuning;
use crate::resilience::points::store::{SharedStore as _, StoreState};
use crate::resilience::points::{Ask, Charge, Finish, LedgerSettings, Outcome, Refusal, Snapshot, Standing, Step, Stepped};

/// The limit of the tests' service, and what is planned with of it.
pub(super) const LIMIT: f64 = 1_000.0;
pub(super) const PLANNED: f64 = 990.0;

/// Nothing is kept for interactive calls, so that sums are plain.
pub(super) fn settings() -> LedgerSettings {
    LedgerSettings { reserve_for_interactive: 0.0, settle_lag: Duration::from_millis(100), ..LedgerSettings::default() }
}

pub(super) struct Process {
    pub(super) store: RedisStore,
    /// How far this process's clock is ahead.
    pub(super) ahead_ms: i64,
}

impl Process {
    pub(super) fn at(url: &str) -> Self {
        Self { store: RedisStore::connect(url, "test", settings()).unwrap(), ahead_ms: 0 }
    }

    pub(super) fn of(server: &Server) -> Self {
        Self::at(&server.url())
    }

    /// One that does nothing of its own accord while Redis is there.
    pub(super) fn quiet(server: &Server) -> Self {
        Self::tuned(server, Tuning { beat: Duration::from_secs(3_600), sends_the_time: false })
    }

    pub(super) fn tuned(server: &Server, tuning: Tuning) -> Self {
        Self { store: RedisStore::tuned(&server.url(), "test", settings(), tuning).unwrap(), ahead_ms: 0 }
    }

    pub(super) fn now_ms(&self) -> i64 {
        Clock::system().now().get() + self.ahead_ms
    }

    pub(super) async fn step(&self, step: Step<'_>) -> Stepped {
        self.store.step(step, self.now_ms()).await
    }

    pub(super) async fn reserve(&self, estimate: f64) -> Result<u64, Refusal> {
        self.ask(estimate, false).await
    }

    pub(super) async fn reserve_probe(&self, estimate: f64) -> Result<u64, Refusal> {
        self.ask(estimate, true).await
    }

    async fn ask(&self, estimate: f64, is_probe: bool) -> Result<u64, Refusal> {
        let ask = Ask {
            estimate,
            expected: estimate,
            is_guess: false,
            priority: Priority::Batch,
            owner: "test",
            operation: "Test",
            shape: 0,
            lease_ms: 60_000,
            is_probe,
        };
        match self.step(Step::Reserve(ask)).await.outcome {
            Outcome::Reserved(id) => Ok(id),
            Outcome::Held(refusal) => Err(refusal),
            other => panic!("{other:?}"),
        }
    }

    pub(super) async fn finish(&self, id: u64, charge: Charge, snapshot: Option<Snapshot>) -> Standing {
        self.step(Step::Finish(Finish { id, charge, snapshot, refused: None })).await.standing
    }

    /// A call goes out, costs nothing that counts, and its answer tells this of the window.
    pub(super) async fn hear(&self, spent: f64, reset_in_s: f64) -> Standing {
        let id = self.reserve(1.0).await.unwrap();
        let snapshot = self.snapshot(spent, reset_in_s);
        self.finish(id, Charge::No, Some(snapshot)).await
    }

    pub(super) fn snapshot(&self, spent: f64, reset_in_s: f64) -> Snapshot {
        let now_ms = self.now_ms();
        Snapshot { limit: LIMIT, spent, reset_in_s, sent_ms: now_ms - 10, received_ms: now_ms }
    }

    pub(super) async fn look(&self) -> Standing {
        self.step(Step::Look).await.standing
    }

    /// Reserves so much again and again, until it is held back: the sum.
    pub(super) async fn take_all(&self, each: f64) -> f64 {
        let mut sum = 0.0;
        while self.reserve(each).await.is_ok() {
            sum += each;
        }
        sum
    }

    pub(super) fn is_alone(&self) -> bool {
        matches!(self.store.state(), StoreState::Alone(_))
    }

    pub(super) fn why_alone(&self) -> String {
        match self.store.state() {
            StoreState::Alone(reason) => reason.to_string(),
            StoreState::Shared => "shared".to_owned(),
        }
    }

    pub(super) async fn until_shared(&self) {
        let started = Instant::now();
        while self.is_alone() {
            assert!(started.elapsed() < Duration::from_secs(10), "still alone after 10 s: {}", self.why_alone());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}
