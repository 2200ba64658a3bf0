//! What stands in a file.

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{KeptToken, Place};
use crate::auth::SignedIn;
use crate::config::Credentials;
use crate::units::UnixMillis;

/// The form of the files; a file of a later one is left alone.
const FORMAT: u64 = 1;

/// A sign-in as it is kept. Holds secrets, so it neither prints nor writes itself: [`Entry::to_bytes`] is the one way.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) client_id: String,
    pub(super) client_secret: Option<SecretString>,
    pub(super) token: Option<KeptToken>,
    pub(super) refresh_token: Option<SecretString>,
}

/// What the bytes of a file are.
pub(super) enum Read {
    Entry(Entry),
    /// Of another host.
    Foreign,
    /// Of a later version of this library.
    Later(u64),
    Unreadable,
}

#[derive(Deserialize)]
struct Format {
    format: u64,
}

#[derive(Deserialize)]
struct Fields {
    service: String,
    client_id: String,
    client_secret: Option<String>,
    access_token: Option<String>,
    ends_at_unix_ms: Option<i64>,
    renew_at_unix_ms: Option<i64>,
    refresh_token: Option<String>,
}

impl Entry {
    pub(super) fn of_credentials(credentials: &Credentials) -> Self {
        let client_secret = Some(credentials.expose_secret().into());
        Self { client_id: credentials.id().to_owned(), client_secret, token: None, refresh_token: None }
    }

    /// For the tokens of these credentials. The secret is kept elsewhere, if at all.
    pub(super) fn of_key_tokens(credentials: &Credentials) -> Self {
        Self { client_id: credentials.id().to_owned(), client_secret: None, token: None, refresh_token: None }
    }

    pub(super) fn of_user(user: &SignedIn) -> Self {
        let ends_at_ms = user.ends_at.map(UnixMillis::get);
        Self {
            client_id: user.client_id.clone(),
            client_secret: user.client_secret.clone(),
            token: Some(KeptToken { token: user.access_token.clone(), ends_at_ms, renew_at_ms: None }),
            refresh_token: user.refresh_token.clone(),
        }
    }

    pub(super) fn credentials(&self) -> Option<Credentials> {
        Credentials::new(self.client_id.clone(), self.client_secret.as_ref()?.expose_secret()).ok()
    }

    pub(super) fn signed_in(self, place: Place) -> Option<SignedIn> {
        let token = self.token?;
        Some(SignedIn {
            client_id: self.client_id,
            client_secret: self.client_secret,
            access_token: token.token,
            ends_at: token.ends_at_ms.map(UnixMillis::new),
            refresh_token: self.refresh_token,
            kept_at: Some(place),
        })
    }

    pub(super) fn to_bytes(&self, service: &str) -> Vec<u8> {
        let text = |secret: &Option<SecretString>| secret.as_ref().map(|secret| secret.expose_secret().to_owned());
        let token = self.token.as_ref();
        let fields = json!({
            "format": FORMAT,
            "service": service,
            "client_id": self.client_id,
            "client_secret": text(&self.client_secret),
            "access_token": token.map(|token| token.token.expose_secret()),
            "ends_at_unix_ms": token.and_then(|token| token.ends_at_ms),
            "renew_at_unix_ms": token.and_then(|token| token.renew_at_ms),
            "refresh_token": text(&self.refresh_token),
        });
        format!("{fields:#}\n").into_bytes()
    }

    pub(super) fn read(bytes: &[u8], service: &str) -> Read {
        match serde_json::from_slice(bytes) {
            Ok(Format { format: FORMAT }) => {}
            Ok(Format { format }) => return Read::Later(format),
            Err(_) => return Read::Unreadable,
        }
        // What is wrong is not told: it may be a secret.
        let Ok(fields) = serde_json::from_slice::<Fields>(bytes) else { return Read::Unreadable };
        if fields.service != service {
            return Read::Foreign;
        }
        let Fields { ends_at_unix_ms: ends_at_ms, renew_at_unix_ms: renew_at_ms, .. } = fields;
        Read::Entry(Self {
            client_id: fields.client_id,
            client_secret: fields.client_secret.map(SecretString::from),
            token: fields.access_token.map(|token| KeptToken { token: token.into(), ends_at_ms, renew_at_ms }),
            refresh_token: fields.refresh_token.map(SecretString::from),
        })
    }
}

/// Names credentials without telling them: a token is for the id *and* the secret that it was made with, so that a new secret
/// begins anew.
pub(super) fn fingerprint(credentials: &Credentials) -> String {
    let digest =
        Sha256::new().chain_update(credentials.id()).chain_update("\n").chain_update(credentials.expose_secret()).finalize();
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
