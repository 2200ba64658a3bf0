//! OAuth2: tokens for API clients and for users who have agreed, and what they may see.

pub(crate) mod authorize;
pub(crate) mod codes;
pub(crate) mod request;
mod settings;
pub(crate) mod tokens;

pub use settings::{RefreshTokens, SignInSettings, SignInUser};
pub use tokens::UserScopes;

/// Id of the client that every simulator knows unless told otherwise.
pub const DEMO_CLIENT_ID: &str = "0197d3c2-demo-client";
/// Secret of [`DEMO_CLIENT_ID`].
pub const DEMO_CLIENT_SECRET: &str = "demo-secret-for-the-simulator-only";

/// Id of the client without a secret that every simulator knows unless told otherwise.
pub const DEMO_PUBLIC_CLIENT_ID: &str = "0197d3c2-demo-public";

/// An API key: what a user of the site creates to get tokens with.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Client id.
    pub id: String,
    /// Client secret.
    pub secret: String,
}

impl Credentials {
    /// An API key of that id and secret.
    pub fn new(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { id: id.into(), secret: secret.into() }
    }

    /// [`DEMO_CLIENT_ID`] with [`DEMO_CLIENT_SECRET`].
    #[must_use]
    pub fn demo() -> Self {
        Self::new(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET)
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("id", &self.id).finish_non_exhaustive()
    }
}
