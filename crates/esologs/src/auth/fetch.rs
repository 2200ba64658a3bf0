//! The tries of one renewal: three in a row at most, within a bound.

use std::time::Duration;

use fastrand::Rng;
use tokio::time::Instant;

use super::PAUSE;
use super::request::{TOKEN_TIMEOUT, TokenAnswer, TokenRequest};
use crate::client::Client;
use crate::clock::Clock;
use crate::config::Endpoint;
use crate::decode::{Failure, Retry};
use crate::events::{Event, WaitReason};
use crate::resilience::TokenBackoff;
use crate::transport::Transport;

/// How much the tries at a silent host may pass its bound.
const ROOM: Duration = Duration::from_secs(2);
/// Tries at trading a code.
const TRADE_TRIES: u32 = 3;

/// Asks for a token, up to so many times.
pub(super) async fn fetch(request: &TokenRequest, client: &Client, call: u64, tries: u32) -> Result<TokenAnswer, Failure> {
    let mut backoff = TokenBackoff::new(tries);
    let started = Instant::now();
    let mut attempt = 0;
    loop {
        attempt += 1;
        let began = Instant::now();
        client.tell(&Event::TokenRequested { call, attempt });
        let failure = match once(request, client).await {
            Ok(answer) => return Ok(answer),
            Err(failure) => failure,
        };
        // A server that asks for much time is left to the caller, who knows how much there is.
        let asked = failure.retry_after.unwrap_or_default();
        let repeatable = matches!(failure.class.rule().retry, Retry::Yes | Retry::AtMost(_) | Retry::Once) && asked < PAUSE;
        // A host that has never spoken is given up within a bound: another try may take as long as this one. With some
        // room, since two silent tries of 10 s and the wait between them are a little more than the bound of 20 s.
        let most = client.policy().max_wait.never_answered + ROOM;
        let silent = !client.host_has_answered() && started.elapsed() + began.elapsed() > most;
        match client.with_rng(|rng| backoff.next(rng)) {
            Some(delay) if repeatable && !silent => {
                let reason = if asked.is_zero() { WaitReason::Backoff } else { WaitReason::RetryAfter };
                let delay = asked + delay;
                let until = client.clock().now().plus(delay);
                client.tell(&Event::Waiting { call, operation: "token", reason, delay, until, queued: 1 });
                tokio::time::sleep(delay).await;
            }
            _ => return Err(failure),
        }
    }
}

async fn once(request: &TokenRequest, client: &Client) -> Result<TokenAnswer, Failure> {
    let outcome = request.send(client.endpoint(), client.transport(), client.policy().body_stall).await?;
    if outcome.is_ok() {
        client.note_host_answered();
    }
    request.read(outcome, client.clock())
}

/// Trades a code for a token. A code is good once, so only what surely was not worked on is tried again.
pub(super) async fn trade(
    request: &TokenRequest,
    endpoint: &Endpoint,
    transport: &dyn Transport,
    clock: &Clock,
) -> Result<TokenAnswer, Failure> {
    let (mut rng, mut backoff) = (Rng::new(), TokenBackoff::new(TRADE_TRIES));
    loop {
        let outcome = request.send(endpoint, transport, TOKEN_TIMEOUT).await.and_then(|outcome| request.read(outcome, clock));
        let failure = match outcome {
            Ok(answer) => return Ok(answer),
            Err(failure) => failure,
        };
        let rule = failure.class.rule();
        let asked = failure.retry_after.unwrap_or_default();
        let repeatable = rule.retry != Retry::Never && !rule.maybe_charged && asked < PAUSE;
        match backoff.next(&mut rng) {
            Some(delay) if repeatable => tokio::time::sleep(asked + delay).await,
            _ => return Err(failure),
        }
    }
}
