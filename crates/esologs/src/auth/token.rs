//! One token.

use std::fmt;
use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::Instant;

use super::shared::{Kept, Life};
use crate::client::USER_AGENT_VALUE;
use crate::decode::{Class, Failure, Stage};

/// A bearer token with its number among the tokens of this process. Prints without the token.
pub(crate) struct Token {
    token: SecretString,
    /// Those of every question to the API, ready to be sent.
    api_headers: HeaderMap,
    generation: u64,
    /// When it is renewed and when it ends; `None` where the service named no lifetime.
    renew_at: Option<Instant>,
    ends_at: Option<Instant>,
    is_second_hand: bool,
}

impl Token {
    pub(super) fn new(token: String, generation: u64, expires_in: Option<f64>, now: Instant) -> Result<Self, Failure> {
        let life = expires_in.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let after = |life: Duration| now.checked_add(life);
        let api_headers = api_headers(&token)?;
        let (renew_at, ends_at) = (life.map(useful_life).and_then(after), life.and_then(after));
        Ok(Self { token: token.into(), api_headers, generation, renew_at, ends_at, is_second_hand: false })
    }

    /// One that another process has fetched.
    pub(super) fn of_others(kept: &Kept, generation: u64, is_second_hand: bool, now: Instant) -> Result<Self, Failure> {
        let after = |left: Duration| now.checked_add(left);
        Ok(Self {
            token: kept.token.clone(),
            api_headers: api_headers(kept.token.expose_secret())?,
            generation,
            renew_at: kept.life.and_then(|life| after(life.left.saturating_sub(life.renewed_before))),
            ends_at: kept.life.and_then(|life| after(life.left)),
            is_second_hand,
        })
    }

    /// The token for other processes.
    pub(super) fn kept(&self, now: Instant) -> Kept {
        let life = self.ends_at.zip(self.renew_at).map(|(ends_at, renew_at)| Life {
            left: ends_at.saturating_duration_since(now),
            renewed_before: ends_at.saturating_duration_since(renew_at),
        });
        Kept { token: self.token.clone(), life }
    }

    pub(crate) fn api_headers(&self) -> &HeaderMap {
        &self.api_headers
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether it was taken over from other processes in place of a rejected one: it may be as old.
    pub(crate) fn is_second_hand(&self) -> bool {
        self.is_second_hand
    }

    /// Whether it need not be renewed yet.
    pub(super) fn is_fresh(&self, now: Instant) -> bool {
        self.renew_at.is_none_or(|at| now < at)
    }

    /// Whether the service should still accept it.
    pub(super) fn is_valid(&self, now: Instant) -> bool {
        self.ends_at.is_none_or(|at| now < at)
    }

    pub(super) fn expose(&self) -> &str {
        self.token.expose_secret()
    }

    pub(super) fn secret(&self) -> &SecretString {
        &self.token
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("generation", &self.generation).finish_non_exhaustive()
    }
}

fn api_headers(token: &str) -> Result<HeaderMap, Failure> {
    let json = HeaderValue::from_static("application/json");
    // With room for what the HTTP crate adds.
    let mut api_headers = HeaderMap::with_capacity(8);
    api_headers.insert(USER_AGENT, HeaderValue::from_static(USER_AGENT_VALUE));
    api_headers.insert(ACCEPT, json.clone());
    api_headers.insert(CONTENT_TYPE, json);
    api_headers.insert(AUTHORIZATION, sensitive(&format!("Bearer {token}"))?);
    Ok(api_headers)
}

/// A token is renewed at 80 % of its life, or five minutes before its end, whichever comes later.
fn useful_life(life: Duration) -> Duration {
    life.mul_f64(0.8).max(life.saturating_sub(Duration::from_secs(300)))
}

/// A header value that does not show itself in debug output and is not kept in compression tables.
pub(super) fn sensitive(text: &str) -> Result<HeaderValue, Failure> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| Failure::new(Class::Incomplete, "the token holds characters that no header can carry").at(Stage::Token))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_token_is_renewed_before_it_ends() {
        let token = Token::new("abc".into(), 1, Some(1000.0), Instant::now()).unwrap();
        assert!(token.is_fresh(Instant::now()));
        tokio::time::sleep(Duration::from_secs(801)).await;
        assert!(!token.is_fresh(Instant::now()));
    }

    #[test]
    fn a_token_without_a_lifetime_is_used_until_it_is_rejected() {
        let now = Instant::now();
        for expires_in in [None, Some(-1.0), Some(f64::NAN), Some(1e300)] {
            assert!(Token::new("abc".into(), 1, expires_in, now).unwrap().is_fresh(now), "{expires_in:?}");
        }
    }

    #[test]
    fn a_token_does_not_show_itself() {
        let token = Token::new("hunter2".into(), 1, None, Instant::now()).unwrap();
        assert!(!format!("{token:?} {:?}", token.api_headers()).contains("hunter2"));
    }
}
