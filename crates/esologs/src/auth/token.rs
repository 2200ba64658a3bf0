//! One token.

use std::fmt;
use std::time::Duration;

use fastrand::Rng;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::Instant;

use super::claims::Claims;
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
    /// One that has just been made for so many seconds.
    pub(super) fn new(
        token: String,
        generation: u64,
        expires_in: Option<f64>,
        rng: &mut Rng,
        now: Instant,
    ) -> Result<Self, Failure> {
        let life = expires_in.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        Self::given(&token.into(), generation, life, rng, now)
    }

    /// One of which so much is left.
    pub(super) fn given(
        token: &SecretString,
        generation: u64,
        left: Option<Duration>,
        rng: &mut Rng,
        now: Instant,
    ) -> Result<Self, Failure> {
        let renewed_before = left.map(|left| renewed_before(left, rng));
        let life = left.zip(renewed_before).map(|(left, renewed_before)| Life { left, renewed_before });
        Self::of_others(&Kept { token: token.clone(), life, refresh_token: None }, generation, false, now)
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
        Kept { token: self.token.clone(), life, refresh_token: None }
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

    /// What it says of itself.
    pub(crate) fn claims(&self) -> Option<Claims> {
        Claims::of(self.token.expose_secret())
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

/// A token is renewed in the last fifth of its life, at most five minutes before its end; or up to half of that sooner, by chance,
/// so that not all who began together come together.
fn renewed_before(life: Duration, rng: &mut Rng) -> Duration {
    life.mul_f64(0.2).min(Duration::from_secs(300)).mul_f64(1.0 + 0.5 * rng.f64())
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

    #[test]
    fn a_token_is_renewed_before_it_ends_and_not_all_at_the_same_moment() {
        let begun = Instant::now();
        let after = |seconds| begun + Duration::from_secs(seconds);
        for (life, earliest, latest) in [(1_000.0, 700, 800), (31_536_000.0, 31_535_550, 31_535_700)] {
            let of_seed = |seed| Token::new("abc".into(), 1, Some(life), &mut Rng::with_seed(seed), begun).unwrap();
            let tokens: Vec<Token> = (0..100).map(of_seed).collect();
            assert!(tokens.iter().all(|token| token.is_fresh(after(earliest)) && !token.is_fresh(after(latest + 1))));
            let early = tokens.iter().filter(|token| !token.is_fresh(after(earliest / 2 + latest / 2))).count();
            assert!((20..80).contains(&early), "{early} of 100 are renewed in the first half");
        }
    }

    #[test]
    fn a_token_without_a_lifetime_is_used_until_it_is_rejected() {
        let now = Instant::now();
        for expires_in in [None, Some(-1.0), Some(f64::NAN), Some(1e300)] {
            let token = Token::new("abc".into(), 1, expires_in, &mut Rng::with_seed(1), now).unwrap();
            assert!(token.is_fresh(now), "{expires_in:?}");
        }
    }

    #[test]
    fn a_token_does_not_show_itself() {
        let token = Token::new("hunter2".into(), 1, None, &mut Rng::with_seed(1), Instant::now()).unwrap();
        assert!(!format!("{token:?} {:?}", token.api_headers()).contains("hunter2"));
    }
}
