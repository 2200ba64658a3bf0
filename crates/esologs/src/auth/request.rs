//! Requests for tokens: how they are written, sent once, and read.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer};
use url::form_urlencoded;

use super::token::sensitive;
use crate::client::USER_AGENT_VALUE;
use crate::clock::Clock;
use crate::config::Endpoint;
use crate::decode::{Asked, Class, Failure, Stage, classify_token_answer};
use crate::transport::{BodyStall, Transport, TransportError};
use crate::units::lenient_f64;

/// How long one request for a token may take.
pub(super) const TOKEN_TIMEOUT: Duration = Duration::from_secs(10);

/// What came of a request.
type Outcome = Result<http::Response<Bytes>, TransportError>;

/// A request for a token, ready to be sent again and again. Holds secrets, so it does not print.
pub(super) struct TokenRequest {
    asked: Asked,
    /// `Authorization: Basic …`, where the API client has a secret.
    basic: Option<SecretString>,
    form: SecretString,
    /// What must not be shown, should the server repeat it.
    secrets: Vec<String>,
}

/// The API client in a request: its id, and its secret where it has one.
#[derive(Clone, Copy)]
pub(super) struct ApiClient<'a> {
    pub(super) id: &'a str,
    pub(super) secret: Option<&'a str>,
}

/// What the token endpoint answers.
#[derive(Deserialize)]
pub(super) struct TokenAnswer {
    pub(super) access_token: String,
    /// Seconds. About a year in practice; read, never assumed, and absent at times.
    #[serde(default, deserialize_with = "seconds")]
    pub(super) expires_in: Option<f64>,
    /// Comes with users' tokens; where a renewal brings none, the old one stays good.
    #[serde(default)]
    pub(super) refresh_token: Option<String>,
}

impl TokenRequest {
    /// By id and secret.
    pub(super) fn with_credentials(client: ApiClient<'_>) -> Self {
        Self::new(Asked::Credentials, client, "client_credentials", &[])
    }

    /// By what renews a user's token.
    pub(super) fn with_refresh_token(client: ApiClient<'_>, refresh_token: &SecretString) -> Self {
        Self::new(Asked::Renewal, client, "refresh_token", &[("refresh_token", refresh_token.expose_secret())])
    }

    /// By the code of a user who has agreed, with the proof that it is ours.
    pub(super) fn with_code(client: ApiClient<'_>, code: &SecretString, redirect_url: &str, verifier: &str) -> Self {
        let fields = [("code", code.expose_secret()), ("redirect_uri", redirect_url), ("code_verifier", verifier)];
        Self::new(Asked::Code, client, "authorization_code", &fields)
    }

    fn new(asked: Asked, client: ApiClient<'_>, grant_type: &str, fields: &[(&str, &str)]) -> Self {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", grant_type);
        // Who has no secret is named in the form, as RFC 6749, 3.2.1, has it.
        if client.secret.is_none() {
            form.append_pair("client_id", client.id);
        }
        for (name, value) in fields {
            form.append_pair(name, value);
        }
        let basic = client.secret.map(|secret| basic(client.id, secret));
        let secrets = fields.iter().map(|(_, value)| *value).chain(client.secret).map(str::to_owned);
        let secrets = basic.iter().cloned().chain(secrets).collect();
        Self { asked, basic: basic.map(SecretString::from), form: form.finish().into(), secrets }
    }

    /// Sends it once.
    pub(super) async fn send(&self, endpoint: &Endpoint, transport: &dyn Transport, stall: Duration) -> Result<Outcome, Failure> {
        let request = self.http(endpoint, stall)?;
        tokio::time::timeout(TOKEN_TIMEOUT, transport.send(request))
            .await
            .map_err(|_| Failure::timed_out(TOKEN_TIMEOUT).at(Stage::Token))
    }

    /// Reads what came of it.
    pub(super) fn read(&self, outcome: Outcome, clock: &Clock) -> Result<TokenAnswer, Failure> {
        classify_token_answer(outcome, self.asked, || clock.now()).map_err(|failure| failure.without(&self.secrets))
    }

    fn http(&self, endpoint: &Endpoint, stall: Duration) -> Result<http::Request<Bytes>, Failure> {
        let mut request = http::Request::post(endpoint.token_url())
            .header(USER_AGENT, USER_AGENT_VALUE)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .extension(BodyStall(stall));
        if let Some(basic) = &self.basic {
            request = request.header(AUTHORIZATION, sensitive(&format!("Basic {}", basic.expose_secret()))?);
        }
        request.body(Bytes::from(self.form.expose_secret().to_owned())).map_err(|error| {
            Failure::new(Class::ClientError, format!("the token request cannot be built: {error}")).at(Stage::Token)
        })
    }
}

/// Id and secret as the header `Authorization` has them after `Basic`.
pub(super) fn basic(id: &str, secret: &str) -> String {
    STANDARD.encode(format!("{id}:{secret}"))
}

/// A number, a number as text, or nothing.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    struct Seconds(#[serde(deserialize_with = "lenient_f64")] f64);
    Ok(Option::<Seconds>::deserialize(deserializer)?.map(|seconds| seconds.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_with_a_secret_shows_it_in_the_header_and_one_without_is_named_in_the_form() {
        let with = TokenRequest::with_credentials(ApiClient { id: "me", secret: Some("s3cret") });
        assert_eq!(with.form.expose_secret(), "grant_type=client_credentials");
        assert_eq!(with.basic.unwrap().expose_secret(), "bWU6czNjcmV0");

        let without = TokenRequest::with_refresh_token(ApiClient { id: "me", secret: None }, &"a&b".into());
        assert_eq!(without.form.expose_secret(), "grant_type=refresh_token&client_id=me&refresh_token=a%26b");
        assert!(without.basic.is_none());
        assert_eq!(without.secrets, ["a&b"]);
    }

    #[test]
    fn a_lifetime_is_read_from_a_number_a_text_or_nothing() {
        let read = |body: &str| serde_json::from_str::<TokenAnswer>(body).map(|answer| answer.expires_in).ok();
        assert_eq!(read(r#"{"access_token": "x", "expires_in": 60}"#), Some(Some(60.0)));
        assert_eq!(read(r#"{"access_token": "x", "expires_in": "60"}"#), Some(Some(60.0)));
        assert_eq!(read(r#"{"access_token": "x", "expires_in": null}"#), Some(None));
        assert_eq!(read(r#"{"access_token": "x"}"#), Some(None));
    }
}
