//! Answers as the service, its proxy and its CDN write them.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

use crate::limits::throttle::ThrottleVerdict;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=UTF-8");
const RATE_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const RATE_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");

/// An answer of this status, type and body.
fn reply(status: StatusCode, kind: HeaderValue, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// JSON that is already written.
pub(crate) fn json_bytes(status: StatusCode, body: impl Into<Bytes>) -> Response<Bytes> {
    reply(status, JSON, body)
}

/// JSON.
pub(crate) fn json_value(status: StatusCode, body: &Value) -> Response<Bytes> {
    json_bytes(status, body.to_string())
}

/// A page.
pub(crate) fn html(status: StatusCode, title: &str, text: &str) -> Response<Bytes> {
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
         <body>\n<h1>{title}</h1>\n<p>{text}</p>\n</body>\n</html>\n"
    );
    reply(status, HTML, page)
}

/// Text that claims to be a page.
pub(crate) fn raw_html(status: StatusCode, body: impl Into<Bytes>) -> Response<Bytes> {
    reply(status, HTML, body)
}

/// No body at all.
pub(crate) fn empty(status: StatusCode) -> Response<Bytes> {
    reply(status, HTML, Bytes::new())
}

/// 401 in the form that is seen most.
pub(crate) fn unauthenticated() -> Response<Bytes> {
    json_value(StatusCode::UNAUTHORIZED, &json!({"error": "Unauthenticated."}))
}

/// What a GET on the API answers, and every unknown path.
pub(crate) fn not_found() -> Response<Bytes> {
    json_value(StatusCode::NOT_FOUND, &json!({"message": ""}))
}

/// 429 because all points are spent.
pub(crate) fn points_spent(retry_after: &str) -> Response<Bytes> {
    let text = "Too many requests. The points of this hour are spent.";
    with_retry_after(too_many(text), retry_after)
}

/// 429 of the request throttle.
pub(crate) fn throttled(retry_after: &str) -> Response<Bytes> {
    with_retry_after(too_many("Too many requests from this IP address. Please slow down."), retry_after)
}

fn too_many(text: &str) -> Response<Bytes> {
    json_value(StatusCode::TOO_MANY_REQUESTS, &json!({"status": 429, "error": text}))
}

/// Adds `Retry-After`. A value that no header can hold is left out.
pub(crate) fn with_retry_after(mut response: Response<Bytes>, value: &str) -> Response<Bytes> {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(RETRY_AFTER, value);
    }
    response
}

/// Adds what the throttle tells with every answer of the API.
pub(crate) fn with_throttle(mut response: Response<Bytes>, verdict: Option<ThrottleVerdict>) -> Response<Bytes> {
    if let Some(verdict) = verdict {
        let headers = response.headers_mut();
        headers.insert(RATE_LIMIT, HeaderValue::from(verdict.limit));
        headers.insert(RATE_REMAINING, HeaderValue::from(verdict.remaining));
    }
    response
}
