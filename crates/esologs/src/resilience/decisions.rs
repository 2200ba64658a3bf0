//! The decisions of a call without its exchange, for the figure of what they take together. Not part of the interface.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::breaker::Verdict;
use super::cache::Served;
use super::call::{Call, CallKey, Landed, Received};
use super::points::{Charge, Shape};
use crate::api::{RateLimitCall, RateLimitData};
use crate::client::Client;
use crate::decode::{Answer, Answerable, As, Failure};
use crate::error::Error;
use crate::query::{Operation, documents};
use crate::units::Points;

/// Runs the stages of a call that goes well in the order of `pipeline.rs`, with one look at the clock and nothing sent.
#[doc(hidden)]
pub struct Decisions {
    client: Client,
    call: Arc<Call>,
    answer: RateLimitData,
    /// The same in its box, as an exchange brings it: what is read is put there, so that none is made for the next.
    brought: Mutex<Option<Box<dyn Answerable>>>,
    /// How often it was settled: the counter grows, as the service's does.
    settled: AtomicU32,
}

impl Decisions {
    /// Those of a call of this client that has brought `answer`; the token is there by then.
    ///
    /// # Errors
    /// Those of settings that cannot be used.
    #[doc(hidden)]
    pub fn of(client: Client, answer: RateLimitData) -> Result<Self, Error> {
        let call = Arc::new(Call::begin(&client, RateLimitCall::operation())?);
        Ok(Self::with(client, call, answer))
    }

    fn with(client: Client, call: Arc<Call>, answer: RateLimitData) -> Self {
        Self { client, call, answer, brought: Mutex::default(), settled: AtomicU32::new(0) }
    }

    /// Once: the key and its flight, and in it, for one attempt: the look at the breaker, points set aside and settled, a slot, the pace of requests, the
    /// token, the breaker's leave and its record, the deposit in the retry budget. Whether all of them said yes.
    #[doc(hidden)]
    pub async fn once(&self) -> bool {
        let now = Instant::now();
        let form = &As::<RateLimitCall>::FORM;
        let Some(flights) = self.client.flights() else { return self.attempt(now).await.is_ok() };
        let flight = flights.join(CallKey::of(&self.call, form), || {
            let (client, call, answer) = (self.client.clone(), Arc::clone(&self.call), self.answer);
            let data = lock(&self.brought).take().unwrap_or_else(|| Box::new(RateLimitCall::of(answer)));
            Box::pin(async move {
                Self::with(client, call, answer).attempt(now).await?;
                let answer = Answer { data, errors: Vec::new(), was_repaired: false, served: Served::Fresh };
                let received = Received { answer, body: None, attempts: 1, at: now, failed: Vec::new(), is_users: false };
                Ok::<_, Failure>(Landed::new(received, form))
            })
        });
        let landing = flight.await;
        let landed = landing.as_ref().and_then(|landing| landing.result()?.as_ref().ok());
        let read = landed.and_then(|landed| landed.read().ok());
        let has_answer = read.is_some();
        *lock(&self.brought) = read.map(|answer| answer.data);
        has_answer
    }

    /// Points set aside for one attempt and settled after it, alone, with one look at the clock and two at that on the wall. Whether that was to be had at once.
    #[doc(hidden)]
    pub fn points(&self) -> bool {
        let now = Instant::now();
        let Ok(Some(mut points)) = self.client.points_at_once(&self.call, now) else { return false };
        points.sent(&self.call.shape(), Duration::ZERO);
        // Nobody else settles: one atomic operation less that is not the ledger's.
        let settled = self.settled.load(Ordering::Relaxed) + 1;
        self.settled.store(settled, Ordering::Relaxed);
        let spent = Points::new(self.answer.points_spent_this_hour.get() + 1.25 * f64::from(settled));
        let answer = RateLimitData { points_spent_this_hour: spent, ..self.answer };
        points.end_at_once(Charge::Yes, Some(&answer), None, now).is_some()
    }

    /// The shape of a call with many variables, worked out anew each time: what decides about its price.
    #[doc(hidden)]
    pub fn shape_of_events() -> impl Fn() -> u64 {
        let events = Operation::new("ReportEvents", &documents::REPORT_EVENTS)
            .with("code", "aBcDeFgHiJkLmNoP")
            .with("dataType", "DamageDone")
            .with("startTime", 0)
            .with("endTime", 3_600_000)
            .with("fightIDs", vec![1, 2, 3])
            .with("includeResources", true)
            .with("limit", 10_000)
            .with("translate", false);
        move || Shape::of(&events).number()
    }

    /// The stages of `pipeline::attempt` around an exchange that took no time.
    async fn attempt(&self, now: Instant) -> Result<(), Failure> {
        let (client, call) = (&self.client, &*self.call);
        if let Some(breaker) = client.breaker() {
            breaker.peek(now).map_err(Failure::breaker_open)?;
        }
        let points = client.points_at_once(call, now).map_err(|_| Failure::too_late())?;
        let (_slot, now) = client.slot(call, now).await?;
        let (_token, now) = client.token_within(call, now).await?;
        if !call.has_time(now) {
            return Err(Failure::too_late());
        }
        if let Some(breaker) = client.breaker() {
            let permit = breaker.acquire_for(client.policy().attempt_timeout, now).map_err(Failure::breaker_open)?;
            permit.record(Verdict::Healthy, now);
        }
        if let Some(mut points) = points {
            points.sent(&call.shape(), Duration::ZERO);
            points.end_at_once(Charge::Yes, Some(&self.answer), None, now);
        }
        client.record_points(&self.answer, now);
        if let Some(budget) = client.retry_budget() {
            budget.deposit_at(now);
        }
        Ok(())
    }
}

impl fmt::Debug for Decisions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decisions").field("client", &self.client).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
