//! How fast requests are begun: the client's own rate, and what the service says is left to its address.

use std::time::Duration;

use tokio::time::Instant;

use super::rate::{Pacing, RateSettings};
use super::slots::Priority;
use super::throttle::{Share, Throttle, Told};

/// Buckets that refill steadily: one for all, and a slower one for batch work where others use the same address.
#[derive(Debug)]
pub(super) struct Pace {
    pacing: Pacing,
    /// What the service says that it admits.
    told_per_second: Option<f64>,
    throttle: Throttle,
    all: Bucket,
    batch: Bucket,
}

/// Where there is no bound.
const UNBOUNDED: Share = Share { per_second: f64::INFINITY, burst: f64::INFINITY, lasts: Duration::MAX };

/// Places are numbered. A place's turn has come when all but a burst of those up to it have drained away.
#[derive(Debug)]
struct Bucket {
    taken: f64,
    drained: f64,
    at: Instant,
}

impl Bucket {
    fn new(now: Instant) -> Self {
        Self { taken: 0.0, drained: 0.0, at: now }
    }

    fn drain(&mut self, per_second: f64, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        let drained = if per_second.is_finite() { self.drained + per_second * passed } else { self.taken };
        self.drained = drained.min(self.taken);
        self.at = self.at.max(now);
    }

    fn take(&mut self) -> f64 {
        self.taken += 1.0;
        self.taken
    }

    /// Those behind move up.
    fn give_back(&mut self) {
        self.drained = (self.drained + 1.0).min(self.taken);
    }

    /// Seconds until the turn of a place comes.
    fn wait(&self, place: f64, share: Share) -> f64 {
        let behind = (place - share.burst - self.drained).max(0.0);
        if behind == 0.0 { 0.0 } else { behind / share.per_second }
    }
}

impl Pace {
    pub(super) fn new(pacing: Pacing, now: Instant) -> Self {
        let (all, batch) = (Bucket::new(now), Bucket::new(now));
        Self { pacing, told_per_second: None, throttle: Throttle::new(), all, batch }
    }

    /// From one request to the next, in the long run.
    pub(super) fn gap(&self) -> Duration {
        Duration::try_from_secs_f64(1.0 / self.own().per_second).unwrap_or(Duration::MAX)
    }

    /// What the answer to a request that was sent at `sent` says of the service's throttle.
    pub(super) fn learn(&mut self, told: Told, sent: Instant, now: Instant) {
        self.drain(now);
        self.told_per_second = Some(told.per_second());
        if let Some(left) = told.left {
            self.throttle.told(told.limit, left, sent, now);
        }
    }

    /// The client's own bound.
    fn own(&self) -> Share {
        let paced = |per_second, burst| Share { per_second, burst: f64::from(burst), ..UNBOUNDED };
        match self.pacing {
            Pacing::Usual(RateSettings { per_second, burst }) => paced(self.told_per_second.unwrap_or(per_second), burst),
            Pacing::Chosen(RateSettings { per_second, burst }) => {
                paced(self.told_per_second.map_or(per_second, |told| told.min(per_second)), burst)
            }
            Pacing::Told => UNBOUNDED,
        }
    }

    /// What somebody of this priority may take: of the client's own rate, and of what the service says is left.
    fn share(&self, priority: Priority, now: Instant) -> Share {
        let own = self.own();
        match self.throttle.share(priority, now) {
            Some(_) if self.pacing == Pacing::Told && !self.throttle.is_low() => own,
            Some(left) => {
                Share { per_second: own.per_second.min(left.per_second), burst: own.burst.min(left.burst), lasts: left.lasts }
            }
            None => own,
        }
    }

    pub(super) fn drain(&mut self, now: Instant) {
        let (people, batch) = (self.share(Priority::Interactive, now), self.share(Priority::Batch, now));
        self.all.drain(people.per_second, now);
        self.batch.drain(batch.per_second, now);
    }

    pub(super) fn take(&mut self, priority: Priority) -> Places {
        self.throttle.sent();
        Places { all: self.all.take(), batch: (priority == Priority::Batch).then(|| self.batch.take()) }
    }

    pub(super) fn give_back(&mut self, places: Places) {
        self.throttle.taken_back();
        self.all.give_back();
        if places.batch.is_some() {
            self.batch.give_back();
        }
    }

    pub(super) fn wait(&self, places: Places, now: Instant) -> TurnIn {
        let wait = |bucket: &Bucket, place, share: Share| {
            // When the share ends there is a new one, and its rate is this client's own at most.
            let then = share.lasts.as_secs_f64() + bucket.wait(place, Share { per_second: self.own().per_second, ..share });
            bucket.wait(place, share).min(then)
        };
        let priority = if places.batch.is_some() { Priority::Batch } else { Priority::Interactive };
        let share = self.share(priority, now);
        let all = wait(&self.all, places.all, self.share(Priority::Interactive, now));
        let batch = places.batch.map_or(0.0, |place| wait(&self.batch, place, share));
        let time = Duration::try_from_secs_f64(all.max(batch)).unwrap_or(Duration::MAX);
        TurnIn { time, is_shared_out: share.per_second < self.own().per_second }
    }
}

/// When somebody's turn comes, as things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TurnIn {
    /// From now on.
    pub(crate) time: Duration,
    /// It is not the client's own rate that is waited for, but what is left to all behind this address.
    pub(crate) is_shared_out: bool,
}

/// A place in each bucket that it has to pass.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    all: f64,
    batch: Option<f64>,
}
