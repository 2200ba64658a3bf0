//! A user who has signed in.

use std::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::claims::Claims;
use super::request::ApiClient;
use super::shared::SharedTokens;
use super::store::{Place, tokens_of_user};
use crate::clock::Clock;
use crate::units::UnixMillis;

/// A user's sign-in: the token, what renews it, and the API client that the user has agreed to. Prints without secrets.
#[derive(Clone)]
pub struct SignedIn {
    pub(super) client_id: String,
    pub(super) client_secret: Option<SecretString>,
    pub(super) access_token: SecretString,
    pub(super) ends_at: Option<UnixMillis>,
    pub(super) refresh_token: Option<SecretString>,
    /// Where it is kept, for other processes, too.
    pub(super) kept_at: Option<Place>,
}

impl SignedIn {
    /// A sign-in that was done elsewhere: the id of the API client and the user's token.
    #[must_use]
    pub fn with_token(client_id: impl Into<String>, access_token: impl Into<String>) -> Self {
        let access_token: String = access_token.into();
        let ends_at = Claims::of(&access_token).and_then(|claims| claims.ends_at);
        Self {
            client_id: client_id.into(),
            client_secret: None,
            access_token: access_token.into(),
            ends_at,
            refresh_token: None,
            kept_at: None,
        }
    }

    /// With the secret of the API client, where it has one.
    #[must_use]
    pub fn client_secret(mut self, secret: impl Into<String>) -> Self {
        self.client_secret = Some(secret.into().into());
        self
    }

    /// With what renews the token.
    #[must_use]
    pub fn refresh_token(mut self, token: impl Into<String>) -> Self {
        self.refresh_token = Some(token.into().into());
        self
    }

    /// With the end of the token's life; else what the token says of itself.
    #[must_use]
    pub fn ends_at(mut self, moment: UnixMillis) -> Self {
        self.ends_at = Some(moment);
        self
    }

    /// Id of the API client.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// When the token ends, if nobody revokes it before; `None` where nobody said.
    #[must_use]
    pub fn token_ends_at(&self) -> Option<UnixMillis> {
        self.ends_at
    }

    /// Whether the token can be renewed without the user.
    #[must_use]
    pub fn is_renewable(&self) -> bool {
        self.refresh_token.is_some()
    }

    /// What the token says of itself: user, scopes.
    #[must_use]
    pub fn claims(&self) -> Option<Claims> {
        Claims::of(self.access_token.expose_secret())
    }

    /// The token itself, for programs that send it on their own. It is as good as a password until it ends.
    #[must_use]
    pub fn expose_access_token(&self) -> &str {
        self.access_token.expose_secret()
    }

    /// What renews the token, for programs that keep it on their own. It is as good as a password.
    #[must_use]
    pub fn expose_refresh_token(&self) -> Option<&str> {
        self.refresh_token.as_ref().map(ExposeSecret::expose_secret)
    }

    pub(super) fn shared_tokens(&self, clock: &Clock) -> Option<Arc<dyn SharedTokens>> {
        self.kept_at.clone().map(|place| tokens_of_user(place, self, clock))
    }

    pub(super) fn api_client(&self) -> ApiClient<'_> {
        ApiClient { id: &self.client_id, secret: self.client_secret.as_ref().map(ExposeSecret::expose_secret) }
    }

    pub(super) fn secrets(&self) -> Vec<&str> {
        let more = [&self.client_secret, &self.refresh_token].into_iter().flatten().map(ExposeSecret::expose_secret);
        std::iter::once(self.access_token.expose_secret()).chain(more).collect()
    }
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn")
            .field("client_id", &self.client_id)
            .field("ends_at", &self.ends_at)
            .field("is_renewable", &self.is_renewable())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_does_not_show_its_secrets() {
        let user = SignedIn::with_token("me", "hunter2-access").client_secret("hunter2-secret").refresh_token("hunter2-refresh");
        let shown = format!("{user:?} {user:#?}");
        assert!(shown.contains("\"me\"") && !shown.contains("hunter2"), "{shown}");
        assert_eq!(user.secrets(), ["hunter2-access", "hunter2-secret", "hunter2-refresh"]);
    }
}
