//! Tokens: fetched once for all callers, kept until they end or are rejected.

mod token;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

pub(crate) use self::token::Token;
use crate::client::{Client, USER_AGENT_VALUE};
use crate::config::Credentials;
use crate::decode::{Class, Failure, Retry, Stage, classify_token_answer};
use crate::events::Event;
use crate::resilience::TokenBackoff;

/// How long one request for a token may take.
const TOKEN_TIMEOUT: Duration = Duration::from_secs(10);

/// The token of a set of credentials. Whoever finds none fetches one while the others wait for it: one refresh for all.
#[derive(Debug)]
pub(crate) struct TokenSource {
    credentials: Credentials,
    current: Mutex<Current>,
}

#[derive(Debug, Default)]
struct Current {
    token: Option<Arc<Token>>,
    generation: u64,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    /// Seconds. About a year in practice; read, never assumed, and absent at times.
    #[serde(default)]
    expires_in: Option<f64>,
}

impl TokenSource {
    pub(crate) fn new(credentials: Credentials) -> Self {
        Self { credentials, current: Mutex::default() }
    }

    /// The current token, or a new one where there is none or it is about to end.
    ///
    /// Where the caller is cancelled while it fetches, the next in line takes over.
    pub(crate) async fn get(&self, client: &Client, tries: u32) -> Result<Arc<Token>, Failure> {
        let mut current = self.current.lock().await;
        if let Some(token) = current.token.as_ref().filter(|token| token.is_usable(Instant::now())) {
            return Ok(Arc::clone(token));
        }
        let answer = self.fetch(client, tries).await?;
        current.generation += 1;
        let token = Arc::new(Token::new(answer.access_token, current.generation, answer.expires_in, Instant::now())?);
        current.token = Some(Arc::clone(&token));
        client.tell(&Event::TokenFetched);
        Ok(token)
    }

    /// The service did not accept this token: drop it, unless a newer one is there already.
    pub(crate) async fn reject(&self, rejected: &Token) {
        let mut current = self.current.lock().await;
        if current.token.as_ref().is_some_and(|token| token.generation() == rejected.generation()) {
            current.token = None;
        }
    }

    async fn fetch(&self, client: &Client, tries: u32) -> Result<TokenAnswer, Failure> {
        let mut backoff = TokenBackoff::new(tries);
        loop {
            let failure = match self.fetch_once(client).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            // A server that asks for time is left to the caller, who knows how much there is.
            let repeatable = matches!(failure.class.rule().retry, Retry::Yes | Retry::AtMost(_)) && failure.retry_after.is_none();
            match client.with_rng(|rng| backoff.next(rng)) {
                Some(delay) if repeatable => tokio::time::sleep(delay).await,
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
        classify_token_answer(outcome, client.clock().now())
    }

    fn request(&self, client: &Client) -> Result<http::Request<Bytes>, Failure> {
        let pair = format!("{}:{}", self.credentials.id(), self.credentials.expose_secret());
        http::Request::post(client.endpoint().token_url())
            .header(USER_AGENT, USER_AGENT_VALUE)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(AUTHORIZATION, token::sensitive(&format!("Basic {}", STANDARD.encode(pair)))?)
            .body(Bytes::from_static(b"grant_type=client_credentials"))
            .map_err(|error| {
                Failure::new(Class::ClientError, format!("the token request cannot be built: {error}")).at(Stage::Token)
            })
    }
}
