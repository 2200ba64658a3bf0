//! The order of everything that happens around a call: `call` runs once, `attempt` once for each try. Read from top to bottom.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::breaker::Verdict;
use super::caching::{LookedUp, Worth};
use super::call::{Call, CallKey, Landed, Received, Unfinished};
use super::parts::{Asked, Gathered};
use super::points::Settled;
use super::progress::Progress;
use super::ready::{Ready, settlement};
use super::retry::{Decision, GiveUp, Situation, decide};
use super::single_flight::{Landing, Role};
use super::wait::{Waited, wait};
use super::{Flights, WhenEmpty};
use crate::auth::Token;
use crate::client::Client;
use crate::decode::{Answer, AnyForm, Class, Failure, Form, classify, may_come_again};
use crate::error::Error;
use crate::events::{Event, RetryVerdict, WaitReason};
use crate::hooks::AttemptInfo;
use crate::query::Operation;
use crate::transport::BodyStall;
use crate::units::{Points, UnixMillis};

impl Client {
    /// One call, from the caller's question to the answer in this form or the final error.
    pub(crate) async fn call<F: Form>(&self, form: &'static F, operation: Operation) -> Result<Answer<F::Data>, Error> {
        let answer = self.call_in(form, operation).await?.typed()?;
        self.note_served(&answer.served);
        Ok(answer)
    }

    /// The same, whatever the form: no part of it is compiled for each.
    pub(super) async fn call_in(&self, form: &'static dyn AnyForm, operation: Operation) -> Result<Answer, Error> {
        // In whose name: the key's, or a user's where nobody else is answered.
        match self.who_asks(&operation, Instant::now())? {
            Some(user) => user.call_as(form, operation).await,
            None => self.call_as(form, operation).await,
        }
    }

    async fn call_as(&self, form: &'static dyn AnyForm, operation: Operation) -> Result<Answer, Error> {
        // 1. Deadline and key: everything below reads the time that is left.
        let call = Arc::new(Call::begin(self, operation)?);
        self.note_demand(call.started);
        let unfinished = Unfinished::new(self, &call);
        // Users' policies see the call once, whatever happens inside.
        let work = pin!(async {
            // 2. Cache: what is fresh costs no points, no place and no request. What is older is remembered.
            let older = match self.look_up(&call, form).await? {
                LookedUp::Answer(answer) => return Ok((answer, 0)),
                LookedUp::Older(older) => older,
            };
            // 4. Single-flight, outside of the retry loop: equal calls share one, and its budget.
            let result = match self.flights().filter(|_| !call.operation.is_bulk()) {
                Some(flights) => self.share(flights, &call, form).await,
                None => self.bring(&call, form, false).await.map(|received| (received.answer, received.attempts)),
            };
            // 3. Stale-if-error, around all that follows: an older answer covers the final failure only, so it adds no load.
            self.or_older(&call, form, older, result).await
        });
        let result = self.around_call(&call, work).await;
        unfinished.end();
        let (number, elapsed) = (call.number, call.elapsed());
        let told = match &result {
            Ok((answer, attempts)) => {
                let (operation, attempts, served) = (call.operation(), *attempts, &answer.served);
                Event::Answered { call: number, operation, attempts, served, elapsed }
            }
            Err(error) => Event::GaveUp { call: number, operation: call.operation(), attempts: error.attempts(), error, elapsed },
        };
        self.tell(&told);
        result.map(|(answer, _)| answer)
    }

    /// The call's own flight, or that of an equal call that is on its way.
    async fn share(&self, flights: &Flights, call: &Arc<Call>, form: &'static dyn AnyForm) -> Result<(Answer, u32), Error> {
        loop {
            let flight = flights.join(CallKey::of(call, form), || {
                let (client, leading) = (self.clone(), Arc::clone(call));
                Box::pin(async move { client.bring(&leading, form, true).await.map(|received| Landed::new(received, form)) })
            });
            let role = flight.role();
            if role == Role::Follower {
                self.tell(&Event::Joined { call: call.number, operation: call.operation() });
            }
            // A follower has a deadline of its own; the flight goes on without it.
            let left = if role == Role::Follower { call.deadline.remaining(Instant::now()) } else { None };
            let landing = match left {
                Some(left) => tokio::time::timeout(left, flight).await.map_err(|_| self.out_of_time(call))?,
                None => flight.await,
            };
            match landing.as_ref().and_then(Landing::result) {
                // It crashed; or its leader had less time than we have.
                None => {}
                Some(Err(error)) if role == Role::Follower && error.hit_deadline() && call.has_time(Instant::now()) => {}
                Some(Err(error)) => return Err(error.clone()),
                Some(Ok(landed)) => {
                    let unreadable = |failure| self.final_error(&failure, GiveUp::Attempts, call, landed.attempts);
                    return landed.read().map(|answer| (answer, landed.attempts)).map_err(unreadable);
                }
            }
        }
    }

    /// The answer of the service, kept for the next time.
    async fn bring(&self, call: &Call, form: &dyn AnyForm, keep_body: bool) -> Result<Received, Error> {
        let received = self.repeat(call, form, keep_body || call.question.is_some()).await?;
        let user = self.in_users_name().filter(|_| received.is_users);
        match (user, Worth::of(&received)) {
            (Some(_), Worth::Forgetting) => self.forget_for_both(call).await,
            // What the key was refused is the user's alone.
            (Some(user), worth) => user.keep(user.question(&call.operation).as_ref(), worth).await,
            (None, worth) => self.keep(call.question.as_deref(), worth).await,
        }
        Ok(received)
    }

    /// 5. The one retry loop: class, attempts, budget, delay and deadline are weighed in one place.
    async fn repeat(&self, call: &Call, form: &dyn AnyForm, keep_body: bool) -> Result<Received, Error> {
        let mut progress = Progress::new();
        // Who asks: this client, or the same in the name of the signed-in user.
        let mut user = None;
        // What the service itself did to this call last: more to the point than that it is not asked any more.
        let mut last_of_service = None;
        // Where the parts of an operation fail by themselves, what came is kept, and the next attempt asks for the rest.
        let (mut asked, mut gathered) = (Asked::all(call), None);
        loop {
            let asker = user.as_ref().unwrap_or(self);
            let has_other_user = user.is_none() && self.has_other_user();
            progress.begin();
            let attempt = progress.history.attempts();
            let began = Instant::now();
            let failure = match asker.attempt(call, form, &asked, &mut progress, keep_body, began).await {
                Ok(received) if has_other_user && received.hides_report(call) => {
                    asker.note_success(received.at);
                    Failure::new(Class::NotVisible, NULL_REPORT)
                }
                Ok(received) => {
                    asker.note_success(received.at);
                    let cannot_come = |failure: &Failure| {
                        self.final_error(&progress.with_the_keys(failure), GiveUp::NotRetryable, call, attempt)
                    };
                    let so_far = Gathered::with(gathered.take(), received, has_other_user, cannot_come);
                    let Some((rest, failure)) = so_far.missing(&asked) else {
                        if progress.refused_to_key.is_some() && !so_far.0.hides_report(call) {
                            self.remember_for_user(asked.reports(call), began);
                        }
                        return Ok(Received { is_users: progress.refused_to_key.is_some(), ..so_far.0 });
                    };
                    (asked, gathered) = (rest, Some(so_far));
                    failure
                }
                Err(failure) => {
                    // A server can repeat in an error what it was sent.
                    let failure = failure.without(&asker.tokens().secrets(progress.token.as_deref()));
                    let failure = asker.tokens().judged(failure, self.clock());
                    if let Some(gathered) = &mut gathered {
                        gathered.note(&failure);
                    }
                    failure
                }
            };
            let (number, operation, class) = (call.number, call.operation(), failure.class);
            let (detail, elapsed) = (failure.detail.as_str(), began.elapsed());
            self.tell(&Event::AttemptFailed { call: number, operation, attempt, class, detail, elapsed });
            let situation = Situation {
                policy: self.policy(),
                deadline: call.deadline,
                now: Instant::now(),
                began,
                in_line: progress.in_line,
                host_has_answered: self.host_has_answered(),
                last_answer: self.last_answer(),
                points_back_in: asker.points_back_in(class == Class::PointsSpent),
                has_other_user,
            };
            let decision = if class == Class::Unauthenticated && progress.had_a_second_hand_token() {
                Decision::RetryWithNewToken
            } else {
                self.with_rng(|rng| decide(&failure, &mut progress.history, situation, rng))
            };
            let decided = |verdict| self.tell(&Event::Decided { call: number, operation, attempt, class, verdict });
            let why = match decision {
                Decision::Retry { delay, reason, price } => match self.pause(call, delay, reason, price, decided).await {
                    Ok(()) => {
                        if !class.is_local() {
                            last_of_service = Some(failure);
                        }
                        continue;
                    }
                    Err(why) => why,
                },
                Decision::RetryWithNewToken => {
                    decided(RetryVerdict::NewToken);
                    if let Some(token) = progress.token.take() {
                        asker.tokens().reject(&token);
                    }
                    continue;
                }
                Decision::AskAsUser => {
                    decided(RetryVerdict::AsUser);
                    progress.refused_to_key = Some(failure);
                    user = self.in_users_name();
                    continue;
                }
                Decision::GiveUp(why) => why,
            };
            decided(why.verdict());
            if class.is_about_who_asks() {
                self.forget_for_user(asked.reports(call));
            }
            let attempts = progress.history.attempts();
            let given_up = |failure: &Failure| self.final_error(&progress.with_the_keys(failure), why, call, attempts);
            if let Some(gathered) = gathered {
                return Ok(gathered.end(given_up));
            }
            let failure = last_of_service.filter(|_| class.is_local()).unwrap_or(failure);
            return Err(given_up(&failure));
        }
    }

    /// Pays for a repeat and waits until it is time for it. Cancelled, it gets its money back.
    async fn pause(
        &self,
        call: &Call,
        delay: Duration,
        reason: WaitReason,
        price: f64,
        decided: impl Fn(RetryVerdict),
    ) -> Result<(), GiveUp> {
        let asked = Instant::now();
        let payment = match self.retry_budget() {
            Some(budget) if price > 0.0 => match (budget.withdraw(price), budget.settings().when_empty) {
                (Some(payment), _) => Some(payment),
                (None, WhenEmpty::Refuse) => return Err(GiveUp::Budget),
                (None, WhenEmpty::Wait) => {
                    self.tell_wait(call, WaitReason::RetryBudget, budget.time_until(price));
                    let in_line = budget.withdraw_in_line(price);
                    let most = match self.policy().max_wait.outage {
                        Some(outage) => Some(call.deadline.cut(asked, outage)),
                        None => call.deadline.remaining(asked),
                    };
                    Some(match most {
                        Some(most) => tokio::time::timeout(most, in_line).await.map_err(|_| GiveUp::MaxWait(delay))?,
                        None => in_line.await,
                    })
                }
            },
            _ => None,
        };
        decided(RetryVerdict::Retried);
        let left = delay.saturating_sub(asked.elapsed());
        // What the time in line has used up already is no wait any more.
        if delay.is_zero() || !left.is_zero() {
            self.tell_wait(call, reason, left);
        }
        let delay = left;
        let waited = match self.breaker().filter(|_| reason == WaitReason::Breaker) {
            // Well again before its time: there is nothing more to wait for.
            Some(breaker) => tokio::select! {
                // In this order, not a random one, so that a run can be repeated exactly.
                biased;
                waited = wait(delay, self.clock()) => waited,
                () = breaker.closed() => Waited::Through,
            },
            None => wait(delay, self.clock()).await,
        };
        if waited == Waited::Suspended {
            self.transport().forget_connections();
        }
        if let Some(payment) = payment {
            payment.keep();
        }
        Ok(())
    }

    /// One try: everything that can fail inside comes back as a classified failure.
    pub(super) async fn attempt(
        &self,
        call: &Call,
        form: &dyn AnyForm,
        asked: &Asked,
        progress: &mut Progress,
        keep_body: bool,
        began: Instant,
    ) -> Result<Received, Failure> {
        // 1. Breaker, a first look: nobody queues, and no points are reserved, for a service that is not asked.
        if let Some(breaker) = self.breaker() {
            breaker.peek(began).map_err(Failure::breaker_open)?;
        }
        // 2. Points, 3. a place and 4. a token: all that it may have to stand in line for.
        let Ready { mut points, with_points, _slot, token, in_place, now } = self.ready(call, progress, began).await?;
        progress.token = Some(Arc::clone(&token));
        // 5. Leave of the breaker: after all waiting, so that the one probe of a half-open breaker is not spent in a line.
        let permit = match self.breaker() {
            Some(breaker) => Some(breaker.acquire_for(self.policy().attempt_timeout, now).map_err(Failure::breaker_open)?),
            None => None,
        };
        let limit = call.deadline.cut(now, self.policy().attempt_timeout);
        let (number, operation, attempt) = (call.number, call.operation(), progress.history.attempts());
        self.tell(&Event::AttemptStarted { call: number, operation, attempt, queued: now - began, for_token: now - in_place });
        let info = AttemptInfo { call: number, operation, attempt };
        if let Some(points) = &mut points {
            points.sent(&call.shape(), now - with_points);
        }
        let request = self.api_request(&asked.body, &token);
        let exchange = pin!(self.exchange(call, form, request, limit, keep_body, now));
        let result = self.around_attempt(info, exchange).await;
        let ended = Instant::now();
        if let Some(permit) = permit {
            permit.record(verdict(&result, self.was_too_short(limit)), ended);
            self.watch_over_breaker();
        }
        if let Some(points) = &mut points {
            let (charge, snapshot, refused) = settlement(points, &result);
            let settled = match points.end_at_once(charge, snapshot.as_ref(), refused, ended) {
                Some(settled) => settled,
                None => Box::pin(points.end_in_time(charge, snapshot.as_ref(), refused, ended)).await,
            };
            self.tell_points(&settled);
        }
        let (answer, body) = result?;
        if let Some(snapshot) = answer.data.points() {
            self.record_points(snapshot, ended);
        }
        if let Some(budget) = self.retry_budget() {
            budget.deposit_at(ended);
        }
        self.note_took(ended - now);
        let mut failed = asked.batch.as_ref().map_or_else(Vec::new, |batch| answer.data.failed_parts(batch, &answer.errors));
        if !failed.is_empty() {
            let secrets = self.tokens().secrets(Some(&token));
            failed = failed.into_iter().map(|(part, failure)| (part, failure.without(&secrets))).collect();
        }
        if !failed.iter().any(|(_, failure)| may_come_again(failure)) {
            self.tell(&Event::AttemptSucceeded { call: number, operation, attempt, elapsed: ended - now });
        }
        Ok(Received { answer, body, attempts: attempt, at: ended, failed, is_users: false })
    }

    /// Whether our own deadline left an attempt less time than a healthy service may need, by what its last answer took: then
    /// running out of it says nothing about the service.
    fn was_too_short(&self, limit: Duration) -> bool {
        limit < self.policy().attempt_timeout && self.last_took().is_some_and(|took| limit < 2 * took)
    }

    /// Step 6, the attempt's time-out, over connect, headers, the whole body, decoding and classification: a cut or slow body
    /// fails the attempt. Step 7 is the transport, which repeats nothing.
    async fn exchange(
        &self,
        call: &Call,
        form: &dyn AnyForm,
        request: http::Request<Bytes>,
        limit: Duration,
        keep_body: bool,
        now: Instant,
    ) -> Result<(Answer, Option<Bytes>), Failure> {
        // A limit beyond the clock's range is none.
        let end = now.checked_add(limit).unwrap_or(now + FAR);
        tokio::time::timeout_at(end, async {
            let outcome = self.transport().send(request).await;
            if let Ok(response) = &outcome {
                self.note_host_answered();
                self.request_rate().learn(response.headers(), now, Instant::now());
            }
            let body = outcome.as_ref().ok().filter(|_| keep_body).map(|response| response.body().clone());
            let whole = outcome.as_ref().ok().filter(|_| call.operation.selection().is_some()).cloned();
            let answer = classify(outcome, form, || self.clock().now())?;
            if let Some(field) = call.operation.selection().and_then(|selection| answer.data.lacks(selection)) {
                let failure = Failure::lacking(&field);
                return Err(whole.into_iter().fold(failure, Failure::answered));
            }
            if answer.was_repaired {
                self.tell(&Event::AnswerRepaired { call: call.number, operation: call.operation() });
            }
            Ok((answer, body))
        })
        .await
        .unwrap_or_else(|_| Err(Failure::timed_out(limit)))
    }

    fn api_request(&self, body: &Bytes, token: &Token) -> http::Request<Bytes> {
        let mut request = http::Request::new(body.clone());
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = self.api().clone();
        *request.headers_mut() = token.api_headers().clone();
        request.extensions_mut().insert(BodyStall(self.policy().body_stall));
        request
    }

    fn tell_points(&self, settled: &Settled) {
        let Some(limit) = settled.limit else { return };
        self.tell(&Event::PointsSettled {
            limit: Points::new(limit),
            spent: Points::new(settled.spent),
            reserved: Points::new(settled.reserved),
            unsettled: Points::new(settled.unsettled),
            resets_at: settled.end_ms.map(UnixMillis::new),
        });
    }

    pub(super) fn tell_wait(&self, call: &Call, reason: WaitReason, delay: Duration) {
        self.tell_wait_in(call, reason, delay, 1);
    }

    /// The same, in a line of so many.
    pub(super) fn tell_wait_in(&self, call: &Call, reason: WaitReason, delay: Duration, queued: usize) {
        let until = self.clock().now().plus(delay);
        self.tell(&Event::Waiting { call: call.number, operation: call.operation(), reason, delay, until, queued });
    }

    fn out_of_time(&self, call: &Call) -> Error {
        let failure = Failure::timed_out(call.elapsed());
        self.final_error(&failure, GiveUp::Deadline(Duration::ZERO), call, 0)
    }

    pub(super) fn final_error(&self, failure: &Failure, why: GiveUp, call: &Call, attempts: u32) -> Error {
        let retry_in = match why {
            GiveUp::Deadline(delay) | GiveUp::MaxWait(delay) => Some(delay),
            // Coming back would not help.
            GiveUp::NotRetryable => None,
            _ => failure.retry_after.or(failure.pause),
        };
        let retry_at = retry_in.map(|delay| self.clock().now().plus(delay));
        super::final_error::describe(failure, why, retry_at, self.endpoint())
            .with_deadline_hit(matches!(why, GiveUp::Deadline(_)) || !call.has_time(Instant::now()))
            .with_call(call.operation(), attempts, call.elapsed())
    }
}

/// Longer than any program runs.
const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

const NULL_REPORT: &str = "the service answered null in the place of the report";

/// What an attempt says about the health of the service.
fn verdict<T>(result: &Result<T, Failure>, was_too_short: bool) -> Verdict {
    match result {
        Ok(_) => Verdict::Healthy,
        Err(failure) if was_too_short && failure.class == Class::AttemptTimeout => Verdict::Neutral,
        Err(failure) if failure.class.rule().counts_as_unhealthy => Verdict::Unhealthy,
        Err(failure) if failure.class.is_from_the_service() => Verdict::Alive,
        Err(_) => Verdict::Neutral,
    }
}
