//! Whether an attempt failed, and how: one pure function, every arm with its evidence.

use std::error::Error as StdError;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::HeaderName;
use http::{HeaderMap, Response, StatusCode};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use super::answer::{Answer, AnyForm, As};
use super::class::Class;
use super::envelope::{Envelope, GraphqlError};
use super::excerpt::excerpt;
use super::long_list::LongList;
use super::message::{class_of, class_of_all};
use super::redact::redact;
use super::repair::repair;
use super::retry_after::retry_after;
use crate::query::document::POINTS;
use crate::resilience::{BreakerOpen, Served, Short, TurnIn, Want, Why};
use crate::transport::{TransportError, TransportErrorKind};
use crate::units::UnixMillis;

/// Which of the two endpoints an attempt failed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Token,
    Api,
}

/// What the token endpoint was asked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Id and secret of an API client.
    Credentials,
    /// The code of a user who has agreed.
    Code,
    /// What renews a user's token.
    Renewal,
}

/// Why an attempt brought nothing.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) class: Class,
    pub(crate) stage: Stage,
    /// What happened, in words, without secrets.
    pub(crate) detail: String,
    /// What the server asked for.
    pub(crate) retry_after: Option<Duration>,
    /// How long we do not ask again ourselves.
    pub(crate) pause: Option<Duration>,
    pub(crate) cause: Option<Arc<dyn StdError + Send + Sync>>,
    /// What the API answered, where it answered at all.
    pub(crate) answer: Option<Arc<Response<Bytes>>>,
}

impl Failure {
    pub(crate) fn new(class: Class, detail: impl Into<String>) -> Self {
        Self { class, stage: Stage::Api, detail: detail.into(), retry_after: None, pause: None, cause: None, answer: None }
    }

    pub(crate) fn timed_out(limit: Duration) -> Self {
        Self::new(Class::AttemptTimeout, format!("no complete answer within {:.1} s", limit.as_secs_f64()))
    }

    /// The breaker is open.
    pub(crate) fn breaker_open(BreakerOpen { retry_in }: BreakerOpen) -> Self {
        let detail = match retry_in {
            Some(_) => "the service failed too often lately and is not asked for now",
            None => "the breaker was opened by hand, so the service is not asked until a hand closes it",
        };
        Self { pause: retry_in, ..Self::new(Class::BreakerOpen, detail) }
    }

    /// All places are taken, and so is the line.
    pub(crate) fn line_full() -> Self {
        let detail = "too many calls of this client are in line already";
        Self { pause: Some(Duration::from_secs(1)), ..Self::new(Class::NoSlot, detail) }
    }

    /// All places stayed taken.
    pub(crate) fn no_slot_in_time(most: Duration) -> Self {
        let detail = format!("no place among this client's calls on their way became free within {:.1} s", most.as_secs_f64());
        Self::new(Class::NoSlot, detail)
    }

    /// Its place, or its token, came when its time was over.
    pub(crate) fn too_late() -> Self {
        Self::new(Class::NoSlot, "its turn came when its time was over, so it was not sent")
    }

    /// Too few points are left for it, and it does not wait for new ones.
    pub(crate) fn points_short(short: &Short, want: &Want<'_>) -> Self {
        let class = if short.why == Why::OwnLimit { Class::OwnPointsLimit } else { Class::PointsShort };
        Self { pause: short.retry_in, ..Self::new(class, short.words(want)) }
    }

    /// Its turn at the request rate would come after its deadline.
    pub(crate) fn too_slow_a_pace(turn_in: TurnIn) -> Self {
        let seconds = turn_in.time.as_secs_f64();
        let detail = if turn_in.is_shared_out {
            format!(
                "the requests that the service admits from this address in a minute are nearly used up, by this and other programs; \
                 its turn would come in {seconds:.1} s, after the deadline"
            )
        } else {
            format!("its turn at this client's request rate would come in {seconds:.1} s, after the deadline")
        };
        Self { pause: Some(turn_in.time), ..Self::new(Class::NoSlot, detail) }
    }

    pub(crate) fn at(mut self, stage: Stage) -> Self {
        self.stage = stage;
        self
    }
}

/// Decides what an exchange with the API brought: the answer in its form, or the class of its failure. `now` is asked where the
/// service refused and may have named a date.
pub(crate) fn classify(
    outcome: Result<Response<Bytes>, TransportError>,
    form: &dyn AnyForm,
    now: impl FnOnce() -> UnixMillis,
) -> Result<Answer, Failure> {
    let response = outcome.map_err(broken_exchange)?;
    if let Some(failure) = refused_by_status(&response, now) {
        return Err(failure.answered(response));
    }
    let (head, body) = response.into_parts();
    read_answer(body.clone(), form).map_err(|failure| failure.answered(Response::from_parts(head, body)))
}

/// Reads once more what [`classify`] has found to be an answer in this very form.
pub(crate) fn reread(body: &Bytes, form: &dyn AnyForm) -> Result<Answer, Failure> {
    read_answer(body.clone(), form)
}

/// The same for the token endpoint, whose answers are no GraphQL.
pub(crate) fn classify_token_answer<T: DeserializeOwned>(
    outcome: Result<Response<Bytes>, TransportError>,
    asked: Asked,
    now: impl FnOnce() -> UnixMillis,
) -> Result<T, Failure> {
    let token_failure = |failure: Failure| failure.at(Stage::Token);
    let response = outcome.map_err(broken_exchange).map_err(token_failure)?;
    // 401 `invalid_client` (league/oauth2-server) and 400 `invalid_request` (ClassCodex#29): the id or secret is wrong. A page
    // with one of these statuses is a proxy's or the content network's.
    let rejected = matches!(response.status(), StatusCode::UNAUTHORIZED | StatusCode::BAD_REQUEST);
    if rejected && !response.body().trim_ascii_start().starts_with(b"<") {
        return Err(token_failure(rejection(asked, &response)));
    }
    if let Some(failure) = refused_by_status(&response, now) {
        return Err(token_failure(failure));
    }
    let body = response.body();
    no_json(body).map_or(Ok(()), Err).map_err(token_failure)?;
    // The answer holds the token, so nothing of it is quoted.
    serde_json::from_slice(body).map_err(|error| {
        let failure = bad_json(&error, b"");
        token_failure(Failure { detail: failure.detail.trim_end_matches(": ").to_owned(), ..failure })
    })
}

/// What the token endpoint does not accept: the API client, or what a user's token was asked for with. league/oauth2-server says
/// of a dead refresh token `invalid_grant` with 400 since its version 9, and `invalid_request` with 401 before.
fn rejection(asked: Asked, response: &Response<Bytes>) -> Failure {
    #[derive(serde::Deserialize)]
    struct Rejection {
        error: String,
        hint: Option<String>,
    }
    let status = response.status();
    let whole = || format!("the token endpoint answered {status}: {}", excerpt(response.body()));
    match (asked, serde_json::from_slice::<Rejection>(response.body())) {
        (Asked::Credentials, _) => Failure::new(Class::CredentialsRejected, whole()),
        (_, Ok(rejection)) if rejection.error == "invalid_client" => Failure::new(Class::CredentialsRejected, whole()),
        // The hint says which of many reasons it is.
        (_, Ok(Rejection { error, hint: Some(hint) })) => {
            let detail = format!("the token endpoint answered {status}: {}", excerpt(format!("{error}: {hint}").as_bytes()));
            Failure::new(Class::SignInNeeded, detail)
        }
        _ => Failure::new(Class::SignInNeeded, whole()),
    }
}

fn broken_exchange(error: TransportError) -> Failure {
    let class = match error.kind() {
        TransportErrorKind::Dns | TransportErrorKind::Connect => Class::ConnectFailed,
        TransportErrorKind::Certificate => Class::CertificateInvalid,
        // RFC 9113, 8.7: a refused stream, and one above the last of a GOAWAY, were not processed.
        TransportErrorKind::NotProcessed => Class::NotProcessed,
        // As late as if the attempt's own time were over.
        TransportErrorKind::TimedOut => Class::AttemptTimeout,
        // Queries only read, so a repeat is safe even though the server may have seen it.
        TransportErrorKind::ClosedBeforeHeaders => Class::ConnectionLost,
        TransportErrorKind::BodyBroken => Class::BodyBroken,
        TransportErrorKind::BodyTooLarge => Class::BodyTooLarge,
        TransportErrorKind::InvalidRequest => Class::ClientError,
    };
    Failure { cause: Some(Arc::new(error)), ..Failure::new(class, "") }.described()
}

impl Failure {
    /// The same without these secrets in its words, should the server have repeated what it was sent.
    pub(crate) fn without(mut self, secrets: &[String]) -> Self {
        for secret in secrets {
            self.detail = redact(&self.detail, secret);
        }
        self
    }

    /// The answer is all right but for a field that was asked for.
    pub(crate) fn lacking(field: &str) -> Self {
        Self::new(Class::Incomplete, format!("the answer lacks the field {field}, which was asked for"))
    }

    /// With the answer that says so.
    pub(crate) fn answered(self, response: Response<Bytes>) -> Self {
        Self { answer: Some(Arc::new(response)), ..self }
    }

    /// Takes the words of its cause, where there is one.
    fn described(mut self) -> Self {
        if let Some(cause) = &self.cause {
            self.detail = cause.to_string();
        }
        self
    }
}

/// What the status, the headers and, for errors, the words of the body say. `None` for a 2xx, whose body decides.
fn refused_by_status(response: &Response<Bytes>, now: impl FnOnce() -> UnixMillis) -> Option<Failure> {
    let (status, headers, body) = (response.status(), response.headers(), response.body());
    // A challenge can come with any status, 200 included; on API paths from data centres it was a 403 (go-wcl).
    if is_challenge(headers, body) {
        return Some(Failure::new(
            Class::CdnBlocked,
            format!("the content network asks for a human check (HTTP {})", status.as_u16()),
        ));
    }
    let class = match status.as_u16() {
        200..=299 => return None,
        // Laravel sends `{"error":"Unauthenticated."}`, or `message` in its stock form.
        401 => Class::Unauthenticated,
        // GraphQL syntax and validation, where the service does not answer 200.
        400 if starts_as_object(body) => Class::QueryInvalid,
        // A banned client ("This client is not valid", FFLogsViewer#55).
        403 => Class::Forbidden,
        // RFC 9110, 15.5.9: the server gave up waiting for the request.
        408 => Class::RequestTimeout,
        // RFC 8470: no early data is ever sent, one repeat is harmless.
        425 => Class::TooEarly,
        429 => limit_of(body),
        300..=399 => Class::Redirected,
        400..=499 => Class::ClientError,
        500 | 504 => Class::ServerError,
        502 | 503 => Class::ServerUnavailable,
        501 | 505 | 511 => Class::NotSupported,
        // Cloudflare's own: 521 refused, 527 its tunnel: nothing reached the server. Mostly maintenance, about 10 s.
        521 | 527 => Class::OriginUnreachable,
        520 | 522..=524 => Class::OriginBroken,
        525 | 526 => Class::OriginTls,
        _ => Class::OtherServerError,
    };
    let words = excerpt(body);
    let detail =
        if words.is_empty() { format!("HTTP {}", status.as_u16()) } else { format!("HTTP {}: {words}", status.as_u16()) };
    Some(Failure { retry_after: retry_after(headers, now()), ..Failure::new(class, detail) })
}

/// `cf-mitigated: challenge`, or the title of the challenge page.
fn is_challenge(headers: &HeaderMap, body: &[u8]) -> bool {
    const CF_MITIGATED: HeaderName = HeaderName::from_static("cf-mitigated");
    headers.contains_key(CF_MITIGATED)
        || (body.trim_ascii_start().starts_with(b"<") && find(&body[..body.len().min(4096)], b"<title>Just a moment...</title>"))
}

/// Which of the two limits a 429 speaks of. Only words on points are sure; "too many requests" is said of both.
fn limit_of(body: &[u8]) -> Class {
    let text = String::from_utf8_lossy(&body[..body.len().min(4096)]).to_lowercase();
    if text.contains("point") { Class::PointsSpent } else { Class::Throttled }
}

fn read_answer(mut body: Bytes, form: &dyn AnyForm) -> Result<Answer, Failure> {
    no_json(&body).map_or(Ok(()), Err)?;
    match read_envelope(&mut body, form) {
        Ok(mut envelope) => {
            // The budget is asked for beside the data; where only that failed, nothing is missing.
            envelope.errors.retain(|error| !is_of_points(error));
            match envelope {
                Envelope { data: Some(data), errors, .. } if errors.is_empty() || data.is_usable_beside_errors(&errors) => {
                    match data.error_inside() {
                        Some(message) => Err(Failure::new(class_of(&message), message)),
                        None => Ok(Answer { data, errors, was_repaired: false, served: Served::Fresh }),
                    }
                }
                envelope => Err(without_data(&envelope)),
            }
        }
        // Valid JSON of another shape: where the answer holds errors, they explain it.
        Err(error) if error.classify() == Category::Data => Err(of_another_shape(&body, form, &error)),
        Err(error) => match repair(&body).filter(|_| !error.is_eof()) {
            // Once: what is mended has nothing left to mend.
            Some(mended) => read_answer(mended.into(), form).map(|answer| Answer { was_repaired: true, ..answer }),
            None => Err(bad_json(&error, &body)),
        },
    }
}

/// Whether only the points could not be had.
fn is_of_points(error: &GraphqlError) -> bool {
    let field = error.path.first().and_then(serde_json::Value::as_str);
    field.is_some_and(|field| field == "rateLimitData" || field == POINTS)
}

/// The envelope, its long list read apart from it, which is faster and takes the body. Where that meets anything
/// unusual, the whole is read again in the common way, which tells what is wrong.
fn read_envelope(body: &mut Bytes, form: &dyn AnyForm) -> Result<Envelope, serde_json::Error> {
    if !form.list().is_empty()
        && let Some(list) = LongList::find(body, form.list())
        && let Ok(mut envelope) = form.envelope(&list.rest(body))
        && let Some(data) = &mut envelope.data
    {
        data.put_list(list.into_lines(mem::take(body)));
        return Ok(envelope);
    }
    form.envelope(body)
}

/// 200 with an empty body (xivanalysis), or with a page: maintenance, PHP error text (WoWAnalyzer fetchWclApi.ts).
fn no_json(body: &[u8]) -> Option<Failure> {
    let start = body.trim_ascii_start();
    if start.is_empty() {
        return Some(Failure::new(Class::EmptyBody, "the answer was empty"));
    }
    (!starts_as_object(start)).then(|| Failure::new(Class::NotJson, format!("a page came instead of data: {}", excerpt(body))))
}

fn starts_as_object(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"{")
}

fn bad_json(error: &serde_json::Error, body: &[u8]) -> Failure {
    let what = if error.is_eof() { "ends early" } else { "is not valid JSON" };
    let class = if error.classify() == Category::Data { Class::Incomplete } else { Class::InvalidJson };
    Failure::new(class, format!("the answer {what} ({error}): {}", excerpt(body)))
}

fn without_data(envelope: &Envelope) -> Failure {
    if let Some(class) = class_of_all(&envelope.errors) {
        return Failure::new(class, told(&envelope.errors, class));
    }
    if let Some(message) = envelope.plain_message() {
        // Other clients' tests hold `rawData.status == 429` beside `error`.
        let limited = envelope.status.as_ref().and_then(serde_json::Value::as_u64) == Some(429);
        let class = if limited { limit_of(message.as_bytes()) } else { class_of(message) };
        return Failure::new(class, message);
    }
    Failure::new(Class::Incomplete, "the answer holds neither data nor errors")
}

/// The most messages that an error repeats.
const TOLD_MESSAGES: usize = 3;

/// The messages of the class that decided, and how many more there are.
pub(super) fn told(errors: &[GraphqlError], class: Class) -> String {
    let messages: Vec<String> =
        errors.iter().filter(|error| class_of(&error.message) == class).map(GraphqlError::to_string).collect();
    let more = messages.len().saturating_sub(TOLD_MESSAGES);
    let shown = messages[..messages.len() - more].join("; ");
    if more > 0 { format!("{shown}; and {more} more") } else { shown }
}

fn of_another_shape(body: &[u8], form: &dyn AnyForm, error: &serde_json::Error) -> Failure {
    if let Ok(envelope) = As::<IgnoredAny>::FORM.envelope(body)
        && (!envelope.errors.is_empty() || envelope.plain_message().is_some())
    {
        return without_data(&envelope);
    }
    // Read once more, slowly, to name the place.
    let detail = form.trouble(body).unwrap_or_else(|| error.to_string());
    Failure::new(Class::Incomplete, format!("the answer is not of the shape that was asked for, {detail}"))
}

fn find(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests;
