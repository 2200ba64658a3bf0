//! Tokens: issued, known until they expire, revoked all at once.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::authorize::GrantedScopes;
use crate::graphql::call::Audience;

/// What the user of a user token agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UserScopes {
    /// `view-private-reports`.
    pub view_private_reports: bool,
}

/// Whom a token belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bearer {
    pub(crate) client_id: String,
    /// Present in user tokens.
    pub(crate) user: Option<TokenUser>,
}

/// Whose a user token is, and what the user allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TokenUser {
    pub(crate) id: i64,
    pub(crate) scopes: GrantedScopes,
}

impl Bearer {
    /// What this token may see at `/api/v2/user`; `None` for client tokens, which have no user.
    pub(crate) fn user_audience(&self) -> Option<Audience> {
        self.user.map(|user| Audience::User { sees_private_reports: user.scopes.private_reports })
    }
}

/// Tokens kept at most; beyond, the oldest is forgotten, which ends it.
const MAX_TOKENS: usize = 10_000;

/// Every token that is good.
#[derive(Debug)]
pub(crate) struct Tokens {
    lifetime: Duration,
    random: fastrand::Rng,
    good: HashMap<String, (Bearer, Duration)>,
    oldest_first: VecDeque<String>,
}

impl Tokens {
    pub(crate) fn new(lifetime: Duration, seed: u64) -> Self {
        Self { lifetime, random: fastrand::Rng::with_seed(seed), good: HashMap::new(), oldest_first: VecDeque::new() }
    }

    /// Seconds that a new token lives, as `expires_in`.
    pub(crate) fn expires_in_s(&self) -> u64 {
        self.lifetime.as_secs()
    }

    /// Makes a token: three parts like a JWT, whose payload holds the scopes.
    pub(crate) fn issue(&mut self, bearer: Bearer, now: Duration, now_unix_ms: i64) -> String {
        let issued_at = now_unix_ms / 1_000;
        let scopes = bearer.user.map(|user| user.scopes.names()).unwrap_or_default();
        let payload = json!({
            "aud": bearer.client_id, "jti": self.hex(40), "iat": issued_at, "nbf": issued_at,
            "exp": issued_at.saturating_add_unsigned(self.lifetime.as_secs()),
            "sub": bearer.user.map(|user| user.id.to_string()).unwrap_or_default(), "scopes": scopes,
        });
        let part = |text: String| URL_SAFE_NO_PAD.encode(text);
        let header = part(json!({"typ": "JWT", "alg": "RS256"}).to_string());
        let token = format!("{header}.{}.{}", part(payload.to_string()), part(self.hex(64)));
        self.remember(&token, bearer, now.saturating_add(self.lifetime));
        token
    }

    fn remember(&mut self, token: &str, bearer: Bearer, ends: Duration) {
        self.good.insert(token.to_owned(), (bearer, ends));
        self.oldest_first.push_back(token.to_owned());
        if self.oldest_first.len() > MAX_TOKENS
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.good.remove(&oldest);
        }
    }

    /// Whose token it is, if it is good at `now`.
    pub(crate) fn bearer(&self, token: &str, now: Duration) -> Option<Bearer> {
        let (bearer, ends) = self.good.get(token)?;
        (now < *ends).then(|| bearer.clone())
    }

    /// Ends every token, as maintenance did.
    pub(crate) fn revoke_all(&mut self) {
        self.good.clear();
        self.oldest_first.clear();
    }

    fn hex(&mut self, digits: usize) -> String {
        (0..digits).map(|_| self.random.digit(16)).collect()
    }
}
