//! Answers of the scripted service.

use std::time::Duration;

use bytes::Bytes;
use esologs::transport::{TransportError, TransportErrorKind};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Value, json as value};

/// What the service does with one request.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    outcome: Outcome,
    delay: Duration,
}

#[derive(Debug, Clone)]
enum Outcome {
    Answer { status: StatusCode, headers: HeaderMap, body: Bytes },
    Broken(TransportErrorKind),
    Hang,
}

/// An answer with this status and nothing in it.
pub(crate) fn status(code: u16) -> Reply {
    let status = StatusCode::from_u16(code).unwrap();
    Reply { outcome: Outcome::Answer { status, headers: HeaderMap::new(), body: Bytes::new() }, delay: Duration::ZERO }
}

/// 200 with this JSON.
pub(crate) fn json(body: Value) -> Reply {
    status(200).json(body)
}

/// The exchange breaks in this way.
pub(crate) fn broken(kind: TransportErrorKind) -> Reply {
    Reply { outcome: Outcome::Broken(kind), delay: Duration::ZERO }
}

/// No answer ever comes.
pub(crate) fn hangs() -> Reply {
    Reply { outcome: Outcome::Hang, delay: Duration::ZERO }
}

/// A token that lives for a year.
pub(crate) fn token(text: &str) -> Reply {
    json(value!({"token_type": "Bearer", "expires_in": 31_536_000, "access_token": text}))
}

/// A good answer to `rateLimitData`: 10 of 3,600 points are spent.
pub(crate) fn rate_limit() -> Reply {
    snapshot(3600.0, 10.0, 1800)
}

/// `rateLimitData` with these figures.
pub(crate) fn snapshot(limit: f64, spent: f64, reset_in: u32) -> Reply {
    json(value!({"data": {"rateLimitData": {"limitPerHour": limit, "pointsSpentThisHour": spent, "pointsResetIn": reset_in}}}))
}

/// 200 with one GraphQL error and no data.
pub(crate) fn graphql_error(message: &str) -> Reply {
    json(
        value!({"errors": [{"message": message, "locations": [{"line": 1, "column": 3}], "path": ["reportData", "report"]}], "data": null}),
    )
}

impl Reply {
    /// With this JSON.
    pub(crate) fn json(self, body: Value) -> Self {
        self.header("content-type", "application/json").body(body.to_string())
    }

    /// With a page of the content network, as it writes them.
    pub(crate) fn html(self) -> Self {
        let title = match &self.outcome {
            Outcome::Answer { status, .. } => status.to_string(),
            _ => String::new(),
        };
        self.header("content-type", "text/html; charset=UTF-8").body(format!(
            "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>"
        ))
    }

    /// With this body.
    pub(crate) fn body(mut self, text: impl Into<Bytes>) -> Self {
        if let Outcome::Answer { body, .. } = &mut self.outcome {
            *body = text.into();
        }
        self
    }

    /// With one more header.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Outcome::Answer { headers, .. } = &mut self.outcome {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        self
    }

    /// With `Retry-After`.
    pub(crate) fn retry_after(self, value: impl ToString) -> Self {
        self.header("retry-after", &value.to_string())
    }

    /// So much later.
    pub(crate) fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    pub(crate) async fn play(self) -> Result<Response<Bytes>, TransportError> {
        tokio::time::sleep(self.delay).await;
        match self.outcome {
            Outcome::Answer { status, headers, body } => {
                let mut response = Response::new(body);
                *response.status_mut() = status;
                *response.headers_mut() = headers;
                Ok(response)
            }
            Outcome::Broken(kind) => Err(TransportError::new(kind, format!("the scripted exchange broke: {kind:?}"))),
            Outcome::Hang => std::future::pending().await,
        }
    }
}
