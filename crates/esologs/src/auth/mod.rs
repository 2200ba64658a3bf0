//! Tokens: fetched once for all callers, kept until they end or are rejected.

mod shared;
mod token;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use secrecy::SecretString;
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

pub(crate) use self::shared::SharedTokens;
#[cfg(feature = "redis")]
pub(crate) use self::shared::{Kept, Life, Turn, Unwanted};
pub(crate) use self::token::Token;
use crate::client::{Client, USER_AGENT_VALUE};
use crate::config::Credentials;
use crate::decode::{Class, Failure, Retry, Stage, classify_token_answer};
use crate::events::{Event, WaitReason};
use crate::resilience::TokenBackoff;
use crate::transport::BodyStall;

/// How long one request for a token may take.
const TOKEN_TIMEOUT: Duration = Duration::from_secs(10);
/// How much the tries at a silent host may pass its bound.
const ROOM: Duration = Duration::from_secs(2);
/// How long nobody asks again after all tries have failed; doubled with each further failure.
const PAUSE: Duration = Duration::from_secs(5);
/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The token of a set of credentials. Whoever finds none fetches one while the others wait for it: one refresh for all, and
/// one failure for all.
pub(crate) struct TokenSource {
    credentials: Credentials,
    /// Every call reads it, so it has a lock that is held for no wait. Only who holds `fetching` changes it.
    current: RwLock<Option<Arc<Token>>>,
    fetching: Mutex<Fetching>,
    /// Where other processes find it, too.
    shared: Option<Arc<dyn SharedTokens>>,
}

#[derive(Default)]
struct Fetching {
    generation: u64,
    failed: Option<FailedFetch>,
    /// The last token that the service did not accept, where others may have it, too.
    rejected: Option<SecretString>,
    /// Others wait for what this process fetches.
    is_my_turn: bool,
    renewed_by_others_until: Option<Instant>,
}

/// The last fetch, where it failed.
#[derive(Debug)]
struct FailedFetch {
    failure: Failure,
    pause: Duration,
    again_at: Instant,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    /// Seconds. About a year in practice; read, never assumed, and absent at times.
    #[serde(default)]
    expires_in: Option<f64>,
}

impl TokenSource {
    pub(crate) fn new(credentials: Credentials, shared: Option<Arc<dyn SharedTokens>>) -> Self {
        Self { credentials, current: RwLock::default(), fetching: Mutex::default(), shared }
    }

    /// The current token where it need not be renewed, without a wait.
    pub(crate) fn fresh(&self, now: Instant) -> Option<Arc<Token>> {
        self.current().filter(|token| token.is_valid(now) && token.is_fresh(now))
    }

    fn current(&self) -> Option<Arc<Token>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn valid(&self, now: Instant) -> Option<Arc<Token>> {
        self.current().filter(|token| token.is_valid(now))
    }

    fn set_current(&self, token: Option<Arc<Token>>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = token;
    }

    /// The current token, or a new one where there is none or it is about to end. Where a new one cannot be had, the old one
    /// serves to its end.
    ///
    /// Where the caller is cancelled while it fetches, the next in line takes over.
    pub(crate) async fn get(&self, client: &Client, call: u64, tries: u32) -> Result<Arc<Token>, Failure> {
        let mut fetching = self.fetching.lock().await;
        let now = Instant::now();
        let mut valid = self.valid(now);
        if let Some(token) = valid.as_ref().filter(|token| token.is_fresh(now)) {
            return Ok(Arc::clone(token));
        }
        if let Some(token) = valid.as_ref().filter(|_| fetching.renewed_by_others_until.is_some_and(|until| now < until)) {
            return Ok(Arc::clone(token));
        }
        let is_pause = fetching.failed.as_ref().is_some_and(|failed| now < failed.again_at);
        if self.shared.is_some() {
            if let Some(token) = self.by_others(&mut fetching, client, !is_pause).await {
                return Ok(token);
            }
            // Others may have had one that is good for a while.
            valid = self.valid(Instant::now());
        }
        if let Some(failed) = fetching.failed.as_ref().filter(|_| is_pause) {
            return valid.ok_or_else(|| failed.failure_at(now));
        }
        // Three tries in a row, then single ones.
        let tries = if fetching.failed.is_some() { 1 } else { tries };
        match self.fetch_and_keep(&mut fetching, client, call, tries).await {
            Ok(token) => {
                self.set_current(Some(Arc::clone(&token)));
                client.tell(&Event::TokenFetched);
                Ok(token)
            }
            Err(failure) => {
                client.tell(&Event::TokenFailed { class: failure.class, detail: &failure.detail });
                let now = Instant::now();
                let failed = fetching.note_failure(failure, now);
                valid.ok_or_else(|| failed.failure_at(now))
            }
        }
    }

    /// The service did not accept this token: drop it, unless a newer one is there already.
    pub(crate) async fn reject(&self, rejected: &Token) {
        let mut fetching = self.fetching.lock().await;
        if self.current().is_some_and(|token| token.generation() == rejected.generation()) {
            self.set_current(None);
            // Others are told when another one is asked for.
            fetching.rejected = self.shared.is_some().then(|| rejected.secret().clone());
        }
    }

    /// What must not be shown, should the server repeat it.
    pub(crate) fn secrets(&self, token: Option<&Token>) -> Vec<String> {
        let token = token.map(|token| token.expose().to_owned());
        [self.basic(), self.credentials.expose_secret().to_owned()].into_iter().chain(token).collect()
    }

    async fn fetch(&self, client: &Client, call: u64, tries: u32) -> Result<TokenAnswer, Failure> {
        let mut backoff = TokenBackoff::new(tries);
        let started = Instant::now();
        let mut attempt = 0;
        loop {
            attempt += 1;
            let began = Instant::now();
            client.tell(&Event::TokenRequested { call, attempt });
            let failure = match self.fetch_once(client).await {
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

    async fn fetch_once(&self, client: &Client) -> Result<TokenAnswer, Failure> {
        let request = self.request(client)?;
        let outcome = tokio::time::timeout(TOKEN_TIMEOUT, client.transport().send(request))
            .await
            .map_err(|_| Failure::timed_out(TOKEN_TIMEOUT).at(Stage::Token))?;
        if outcome.is_ok() {
            client.note_host_answered();
        }
        classify_token_answer(outcome, || client.clock().now()).map_err(|failure| failure.without(&self.secrets(None)))
    }

    fn request(&self, client: &Client) -> Result<http::Request<Bytes>, Failure> {
        http::Request::post(client.endpoint().token_url())
            .header(USER_AGENT, USER_AGENT_VALUE)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(AUTHORIZATION, token::sensitive(&format!("Basic {}", self.basic()))?)
            .extension(BodyStall(client.policy().body_stall))
            .body(Bytes::from_static(b"grant_type=client_credentials"))
            .map_err(|error| {
                Failure::new(Class::ClientError, format!("the token request cannot be built: {error}")).at(Stage::Token)
            })
    }

    fn basic(&self) -> String {
        STANDARD.encode(format!("{}:{}", self.credentials.id(), self.credentials.expose_secret()))
    }
}

impl Fetching {
    fn accept(&mut self, answer: TokenAnswer) -> Result<Arc<Token>, Failure> {
        self.generation += 1;
        let token = Arc::new(Token::new(answer.access_token, self.generation, answer.expires_in, Instant::now())?);
        (self.failed, self.rejected) = (None, None);
        Ok(token)
    }

    fn note_failure(&mut self, failure: Failure, now: Instant) -> &FailedFetch {
        let ours = self.failed.take().map_or(PAUSE, |before| (2 * before.pause).min(LONGEST_PAUSE));
        // The server knows better, within our own bound.
        let pause = failure.retry_after.map_or(ours, |asked| asked.min(LONGEST_PAUSE));
        self.failed.insert(FailedFetch { failure, pause, again_at: now + pause })
    }
}

impl FailedFetch {
    /// The failure, with the time during which nobody asks again, so that callers come back after it.
    fn failure_at(&self, now: Instant) -> Failure {
        Failure { pause: Some(self.again_at.saturating_duration_since(now)), ..self.failure.clone() }
    }
}
