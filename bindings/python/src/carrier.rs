//! The transport under the client: it sends along what the caller wants sent along, and knows a token that was fetched before.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use esologs::transport::{Route, SendFuture, Transport, TransportError};
use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Request, Response, Uri};

/// What requests are sent with beside what the client puts on them.
#[derive(Debug, Default)]
pub(crate) struct Manner {
    /// Sent to the API with each question.
    pub(crate) headers: HeaderMap,
    /// In place of the first token that would be fetched.
    pub(crate) first_token: Option<String>,
    /// Only a token is wanted: questions are answered here.
    pub(crate) token_only: bool,
}

pub(crate) struct Carrier {
    inner: Arc<dyn Transport>,
    manner: Manner,
    first_token: Mutex<Option<String>>,
    /// How a token was answered for last, where only that is wanted.
    pub(crate) last_token: Arc<Mutex<LastToken>>,
}

/// How the token endpoint answered last.
#[derive(Debug, Default, Clone)]
pub(crate) struct LastToken {
    pub(crate) token: Option<String>,
    pub(crate) status: Option<u16>,
}

const TOKEN_PATH: &str = "/oauth/token";

impl Carrier {
    pub(crate) fn new(inner: Arc<dyn Transport>, mut manner: Manner) -> Self {
        let first_token = Mutex::new(manner.first_token.take());
        Self { inner, manner, first_token, last_token: Arc::default() }
    }

    /// The token that was fetched before, as the service would answer with it; once.
    fn first(&self) -> Option<Response<Bytes>> {
        let token = self.first_token.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some(Response::new(serde_json::json!({"access_token": token}).to_string().into()))
    }

    async fn token(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        if let Some(answer) = self.first() {
            return Ok(answer);
        }
        let outcome = self.inner.send(request).await;
        if self.manner.token_only {
            let answer = outcome.as_ref().ok();
            let status = answer.map(|answer| answer.status().as_u16());
            let token = answer.and_then(|answer| access_token(answer.body()));
            *self.last_token.lock().unwrap_or_else(PoisonError::into_inner) = LastToken { token, status };
        }
        outcome
    }

    async fn question(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        if self.manner.token_only {
            return Ok(Response::new(Bytes::from_static(br#"{"data":{"rateLimitData":null}}"#)));
        }
        for (name, value) in &self.manner.headers {
            request.headers_mut().insert(name.clone(), value.clone());
        }
        self.inner.send(request).await
    }
}

impl Transport for Carrier {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        if request.uri().path().ends_with(TOKEN_PATH) { Box::pin(self.token(request)) } else { Box::pin(self.question(request)) }
    }

    fn forget_connections(&self) {
        self.inner.forget_connections();
    }

    fn route(&self, uri: &Uri) -> Option<Route> {
        self.inner.route(uri)
    }
}

fn access_token(body: &[u8]) -> Option<String> {
    let answer: serde_json::Value = serde_json::from_slice(body).ok()?;
    Some(answer.get("access_token")?.as_str()?.to_owned())
}

/// Headers of the caller's own, but for the token, which has its own way.
pub(crate) fn headers(pairs: &[(String, String)]) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let header: HeaderName = name.parse().map_err(|_| format!("{name:?} is no name of a header"))?;
        let value = HeaderValue::from_str(value)
            .map_err(|_| format!("the value of the header {name} holds characters that no header can carry"))?;
        headers.append(header, value);
    }
    Ok(headers)
}
