//! Who asks: a token, the account of the points that are spent with it, and the address that answers it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::Uri;
use tokio::time::Instant;

use super::{AuthScope, lock};
use crate::api::RateLimitData;
use crate::auth::{Claims, Grant, TokenSource};
use crate::config::Origin;
use crate::resilience::{Gate, PointsMeter, PointsSeen};

/// One of those in whose name a client asks.
pub(crate) struct Identity {
    tokens: TokenSource,
    /// `None` where points are not planned with.
    gate: Option<Arc<Gate>>,
    points: Mutex<PointsMeter>,
    api: Uri,
    by: AskedBy,
}

/// What was said of an identity, and where. Nothing in it is a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AskedBy {
    /// Whose answers it gets.
    pub scope: AuthScope,
    /// Where it was said who it is.
    pub origin: Origin,
    /// With what it asks.
    pub with: AskedWith,
    /// What its token says of itself; `None` where it fetches one, and where the token says nothing.
    pub claims: Option<Claims>,
    /// Whether another token can be had without its user.
    pub is_renewable: bool,
}

/// With what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AskedWith {
    /// Id and secret of an API client, for which a token is fetched.
    Credentials,
    /// A token that was given.
    Token,
    /// What a user's sign-in has left.
    SignIn,
}

impl AskedWith {
    /// A name in lower case with underscores, for logs and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Token => "token",
            Self::SignIn => "sign_in",
        }
    }
}

impl AskedBy {
    pub(super) fn of(grant: &Grant, scope: AuthScope, origin: Origin) -> Self {
        let (with, claims, is_renewable) = match grant {
            Grant::ClientCredentials(_) => (AskedWith::Credentials, None, true),
            Grant::Fixed(token) => (AskedWith::Token, token.claims(), false),
            Grant::User(user) => (AskedWith::SignIn, user.claims(), user.is_renewable()),
        };
        Self { scope, origin, with, claims, is_renewable }
    }
}

impl Identity {
    pub(super) fn new(tokens: TokenSource, gate: Option<Arc<Gate>>, api: Uri, by: AskedBy) -> Self {
        Self { tokens, gate, points: Mutex::default(), api, by }
    }

    /// Whose answers it gets.
    pub(crate) fn scope(&self) -> &AuthScope {
        &self.by.scope
    }

    pub(crate) fn is_user(&self) -> bool {
        self.by.scope.is_user()
    }

    pub(crate) fn tokens(&self) -> &TokenSource {
        &self.tokens
    }

    pub(crate) fn gate(&self) -> Option<&Arc<Gate>> {
        self.gate.as_ref()
    }

    /// Where its queries go.
    pub(crate) fn api(&self) -> &Uri {
        &self.api
    }

    /// What was said of it.
    pub(crate) fn by(&self) -> &AskedBy {
        &self.by
    }

    pub(super) fn points_seen(&self) -> Option<PointsSeen> {
        lock(&self.points).seen()
    }

    pub(super) fn record_points(&self, snapshot: &RateLimitData, at: Instant) {
        lock(&self.points).record(snapshot, at);
    }

    pub(super) fn points_back_in(&self, service_said_spent: bool) -> Option<Duration> {
        let (points, now) = (lock(&self.points), Instant::now());
        if service_said_spent { points.window_left(now) } else { points.spent_until(now) }
    }
}
