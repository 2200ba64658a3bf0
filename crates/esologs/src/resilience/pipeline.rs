//! The order of everything that happens around a call: two functions, read from top to bottom.

use std::sync::Arc;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use tokio::time::Instant;

use super::Deadline;
use super::retry::{Decision, GiveUp, History, Situation, decide};
use super::wait::{Waited, wait};
use crate::auth::Token;
use crate::client::{Client, USER_AGENT_VALUE};
use crate::decode::{Answer, Answerable, Class, Failure, Stage, classify};
use crate::error::{Error, ErrorKind};
use crate::events::Event;
use crate::query::Operation;
use crate::transport::BodyStall;

/// What the attempts of one call share.
struct InCall<'a> {
    operation: &'a Operation,
    body: bytes::Bytes,
    deadline: Deadline,
    /// The token of the last attempt, so that a rejected one is named exactly.
    token: Option<Arc<Token>>,
}

impl Client {
    /// One call, from the caller's question to the answer or the final error.
    pub(crate) async fn call<T: Answerable>(&self, operation: &Operation) -> Result<Answer<T>, Error> {
        self.policy().check()?;
        let started = Instant::now();
        let body = operation.to_body().map_err(|error| {
            Error::new(ErrorKind::Usage, "the query's variables cannot be written as JSON").with_source(error)
        })?;
        // Everything below reads the time that is left; nothing sleeps past it.
        let deadline = Deadline::after(started, self.policy().deadline);
        // (Cache, stale-if-error and single-flight have their place here, in this order: a hit costs nothing, an old answer
        // covers the final failure only, and equal calls share one retry loop.)
        let mut in_call = InCall { operation, body, deadline, token: None };
        let mut history = History::new();
        // The one retry loop: class, attempts, delay and deadline are weighed in one place.
        loop {
            history.begin();
            let attempt = history.attempts();
            let began = Instant::now();
            self.tell(&Event::AttemptStarted { operation: operation.name(), attempt });
            let failure = match self.attempt::<T>(&mut in_call).await {
                Ok(answer) => {
                    self.note_success();
                    self.tell(&Event::Answered { operation: operation.name(), attempts: attempt, elapsed: started.elapsed() });
                    return Ok(answer);
                }
                // A server can repeat in an error what it was sent.
                Err(failure) => failure.without(&self.tokens().secrets(in_call.token.as_deref())),
            };
            self.tell(&Event::AttemptFailed {
                operation: operation.name(),
                attempt,
                class: failure.class,
                detail: &failure.detail,
            });
            let situation = Situation {
                policy: self.policy(),
                deadline,
                now: Instant::now(),
                began,
                host_has_answered: self.host_has_answered(),
                last_answer: self.last_answer(),
                points_back_in: self.points_back_in(failure.class == Class::PointsSpent),
            };
            match self.with_rng(|rng| decide(&failure, &mut history, situation, rng)) {
                Decision::Retry { delay, reason } => {
                    let until = self.clock().now().plus(delay);
                    self.tell(&Event::Waiting { operation: operation.name(), reason, delay, until });
                    if wait(delay, self.clock()).await == Waited::Suspended {
                        self.transport().forget_connections();
                    }
                }
                Decision::RetryWithNewToken => {
                    if let Some(token) = in_call.token.take() {
                        self.tokens().reject(&token).await;
                    }
                }
                Decision::GiveUp(why) => {
                    self.tell(&Event::GaveUp { operation: operation.name(), attempts: attempt, class: failure.class });
                    return Err(self.final_error(&failure, why, operation, attempt, started));
                }
            }
        }
    }

    /// One try: everything that can fail inside comes back as a classified failure.
    async fn attempt<T: Answerable>(&self, in_call: &mut InCall<'_>) -> Result<Answer<T>, Failure> {
        // (Breaker peek, points reservation and concurrency slot have their place here, in this order: no queueing for a
        // dead service, no slot held while waiting for points.)
        // A token before the attempt's own time-out: fetching it is a wait like any other, bounded by the deadline.
        let token = self.token_within(in_call.deadline).await?;
        in_call.token = Some(Arc::clone(&token));
        // Time-out over connect, headers, whole body, decoding and classification: a cut or slow body fails the attempt.
        let limit = in_call.deadline.cut(Instant::now(), self.policy().attempt_timeout);
        tokio::time::timeout(limit, async {
            let request = self.api_request(&in_call.body, &token)?;
            let outcome = self.transport().send(request).await;
            if outcome.is_ok() {
                self.note_host_answered();
            }
            let answer = classify::<T>(outcome, self.clock().now())?;
            if answer.was_repaired {
                self.tell(&Event::AnswerRepaired { operation: in_call.operation.name() });
            }
            if let Some(snapshot) = answer.data.points() {
                self.record_points(snapshot);
            }
            Ok(answer)
        })
        .await
        .unwrap_or_else(|_| Err(Failure::timed_out(limit)))
    }

    async fn token_within(&self, deadline: Deadline) -> Result<Arc<Token>, Failure> {
        // A policy of one attempt means one here, too.
        let tries = if self.policy().attempts == Some(1) { 1 } else { 3 };
        let token = self.tokens().get(self, tries);
        match deadline.remaining(Instant::now()) {
            Some(remaining) => tokio::time::timeout(remaining, token)
                .await
                .unwrap_or_else(|_| Err(Failure::timed_out(remaining).at(Stage::Token))),
            None => token.await,
        }
    }

    fn api_request(&self, body: &bytes::Bytes, token: &Token) -> Result<http::Request<bytes::Bytes>, Failure> {
        http::Request::post(self.endpoint().client_api_url())
            .header(USER_AGENT, USER_AGENT_VALUE)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/json")
            .header(AUTHORIZATION, token.header_value())
            .extension(BodyStall(self.policy().body_stall))
            .body(body.clone())
            .map_err(|error| Failure::new(Class::ClientError, format!("the request cannot be built: {error}")))
    }

    fn final_error(&self, failure: &Failure, why: GiveUp, operation: &Operation, attempts: u32, started: Instant) -> Error {
        let retry_in = match why {
            GiveUp::Deadline(delay) | GiveUp::MaxWait(delay) => Some(delay),
            // Coming back would not help.
            GiveUp::NotRetryable => None,
            _ => failure.retry_after.or(failure.pause),
        };
        let retry_at = retry_in.map(|delay| self.clock().now().plus(delay));
        super::final_error::describe(failure, why, retry_at, self.endpoint()).with_call(
            operation.name(),
            attempts,
            started.elapsed(),
        )
    }
}
