//! How faults look that replace the whole answer.

use bytes::Bytes;
use http::header::{HeaderName, LOCATION, SERVER};
use http::{HeaderValue, Response, StatusCode};
use serde_json::json;

use super::fault::{BodyForm, Fault};
use super::kind::FaultKind;
use crate::http::reply;

/// What the service says when something broke inside.
pub(crate) const INTERNAL_ERROR: &str = "Internal server error";

/// The answer of a fault that needs nothing of the good one, or `None` for those that spoil it.
pub(crate) fn replacing(fault: &Fault) -> Option<Response<Bytes>> {
    let response = match fault.kind {
        FaultKind::Unauthenticated | FaultKind::RevokeTokens => reply::unauthenticated(),
        FaultKind::UnauthenticatedMessage => reply::json_value(StatusCode::UNAUTHORIZED, &json!({"message": "Unauthenticated."})),
        FaultKind::UnauthenticatedGraphql => {
            reply::json_value(StatusCode::OK, &json!({"errors": [{"message": "Unauthenticated."}]}))
        }
        FaultKind::Banned => reply::json_value(StatusCode::FORBIDDEN, &json!({"error": "This client is not valid."})),
        FaultKind::Challenge => challenge(),
        FaultKind::NotFound => reply::not_found(),
        FaultKind::RequestTimeout => page(408, "Request Timeout"),
        FaultKind::TooEarly => page(425, "Too Early"),
        FaultKind::PointsSpent => reply::points_spent(fault.retry_after.as_deref().unwrap_or("60")),
        FaultKind::Throttled => reply::throttled(fault.retry_after.as_deref().unwrap_or("1")),
        FaultKind::ThrottledHtml => from_cdn(page(429, "Too Many Requests")),
        FaultKind::ServerErrorHtml => page(500, "Server Error"),
        FaultKind::ServerErrorJson => reply::json_value(StatusCode::INTERNAL_SERVER_ERROR, &json!({"message": "Server Error"})),
        FaultKind::BadGateway => page(502, "Bad Gateway"),
        FaultKind::Unavailable => page(503, "Service Unavailable"),
        FaultKind::GatewayTimeout => page(504, "Gateway Time-out"),
        FaultKind::Cloudflare => cloudflare(fault.status.unwrap_or(520)),
        FaultKind::Status => by_form(fault.status.unwrap_or(500), fault.body.unwrap_or(BodyForm::Html)),
        FaultKind::Redirect => redirect(),
        FaultKind::Maintenance => reply::html(
            StatusCode::OK,
            "Down for maintenance",
            "The site is down for maintenance. Please come back in a few minutes.",
        ),
        FaultKind::PhpError => reply::raw_html(
            StatusCode::OK,
            "<br />\n<b>Fatal error</b>:  Allowed memory size of 536870912 bytes exhausted (tried to allocate 20480 bytes) in \
             <b>/var/www/app/Reports.php</b> on line <b>412</b><br />\n",
        ),
        FaultKind::EmptyBody => reply::json_bytes(StatusCode::OK, Bytes::new()),
        FaultKind::DataNull => reply::json_value(StatusCode::OK, &json!({"data": null})),
        FaultKind::NoData => reply::json_value(StatusCode::OK, &json!({})),
        FaultKind::InternalError => graphql_error(INTERNAL_ERROR),
        FaultKind::GraphqlRateLimit => graphql_error("Too many requests. Please slow down."),
        FaultKind::TruncatedJson
        | FaultKind::BadEscapes
        | FaultKind::ControlCharacters
        | FaultKind::MissingField
        | FaultKind::PartialData
        | FaultKind::StringScalars
        | FaultKind::NumberStrings
        | FaultKind::SchemaDrift
        | FaultKind::StuckCursor
        | FaultKind::ReportGrows
        | FaultKind::StaleReport
        | FaultKind::MissingExpiresIn
        | FaultKind::Delay
        | FaultKind::ResetBeforeHeaders
        | FaultKind::CloseBeforeHeaders
        | FaultKind::ResetInBody
        | FaultKind::CloseInBody
        | FaultKind::LengthTooLarge
        | FaultKind::LengthTooSmall
        | FaultKind::StallBeforeHeaders
        | FaultKind::StallInBody
        | FaultKind::Drip
        | FaultKind::CloseIdle
        | FaultKind::SlowAccept
        | FaultKind::PortClosed
        | FaultKind::GoAway
        | FaultKind::RefusedStream => return None,
    };
    Some(match &fault.retry_after {
        Some(value) => reply::with_retry_after(response, value),
        None => response,
    })
}

/// An answer that failed as a whole.
pub(crate) fn graphql_error(message: &str) -> Response<Bytes> {
    let body = json!({"errors": [{"message": message, "locations": [{"line": 1, "column": 1}]}], "data": null});
    reply::json_value(StatusCode::OK, &body)
}

/// A proxy's page for a status, as short as they are.
fn page(status: u16, title: &str) -> Response<Bytes> {
    let status = code(status);
    reply::html(status, &format!("{} {title}", status.as_u16()), "The server could not answer this request.")
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn by_form(status: u16, form: BodyForm) -> Response<Bytes> {
    match form {
        BodyForm::Html => page(status, code(status).canonical_reason().unwrap_or("Error")),
        BodyForm::Json => {
            reply::json_value(code(status), &json!({"message": code(status).canonical_reason().unwrap_or("Error")}))
        }
        BodyForm::Empty => reply::empty(code(status)),
    }
}

fn cloudflare(status: u16) -> Response<Bytes> {
    let reason = match status {
        520 => "Web server is returning an unknown error",
        521 => "Web server is down",
        522 => "Connection timed out",
        523 => "Origin is unreachable",
        524 => "A timeout occurred",
        525 => "SSL handshake failed",
        526 => "Invalid SSL certificate",
        _ => "Error",
    };
    let title = format!("{status}: {reason}");
    from_cdn(reply::html(code(status), &title, "The connection between the network and the origin web server failed."))
}

fn challenge() -> Response<Bytes> {
    let mut response =
        from_cdn(reply::html(StatusCode::FORBIDDEN, "Just a moment...", "Enable JavaScript and cookies to continue."));
    let mitigated = HeaderName::from_static("cf-mitigated");
    response.headers_mut().insert(mitigated, HeaderValue::from_static("challenge"));
    response
}

fn from_cdn(mut response: Response<Bytes>) -> Response<Bytes> {
    let headers = response.headers_mut();
    headers.insert(SERVER, HeaderValue::from_static("cloudflare"));
    headers.insert(HeaderName::from_static("cf-ray"), HeaderValue::from_static("8f3a0c1d2e4b5a69-FRA"));
    response
}

fn redirect() -> Response<Bytes> {
    let mut response = page(302, "Found");
    response.headers_mut().insert(LOCATION, HeaderValue::from_static("/login"));
    response
}
