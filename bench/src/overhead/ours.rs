//! Our client on a transport that answers from memory, and the same exchange without a client.

use std::hint::black_box;

use bytes::Bytes;
use esologs::transport::{SendFuture, Transport};
use esologs::{CallPolicy, Client, ClientBuilder, Credentials, Endpoint, RateLimitData};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{Request, Response};
use serde::Deserialize;

const TOKEN: &str = r#"{"token_type":"Bearer","expires_in":31104000,"access_token":"canned"}"#;
pub(super) const ANSWER: &str =
    r#"{"data":{"rateLimitData":{"limitPerHour":18000000000,"pointsSpentThisHour":123.5,"pointsResetIn":1800}}}"#;
const QUERY: &str = "query RateLimit { rateLimitData { limitPerHour pointsSpentThisHour pointsResetIn } }";

/// Answers every request at once, from memory.
pub(super) struct Memory;

impl Transport for Memory {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        let body = if request.uri().path() == "/oauth/token" { TOKEN } else { ANSWER };
        Box::pin(async move { Ok(answer(body)) })
    }
}

fn answer(body: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(body.as_bytes()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A client with everything on; `change` takes something away.
pub(super) fn client(change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Result<Client, Box<dyn std::error::Error>> {
    let builder = Client::builder()
        .credentials(Credentials::new("canned", "canned")?)
        .endpoint(Endpoint::new("https://canned.test")?)
        .transport(Memory)
        .without_request_rate();
    Ok(change(builder).build()?)
}

pub(super) fn without_budget(builder: ClientBuilder) -> ClientBuilder {
    builder.policy(CallPolicy { retry_budget: None, ..CallPolicy::interactive() })
}

#[derive(Deserialize)]
struct Envelope {
    data: Data,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    rate_limit_data: RateLimitData,
}

/// The JSON of the small answer read with the JSON crate alone.
pub(super) fn decode(body: &[u8]) -> Option<RateLimitData> {
    serde_json::from_slice::<Envelope>(black_box(body)).ok().map(|envelope| envelope.data.rate_limit_data)
}

/// The request as a client has to build it: body, address, headers.
pub(super) fn request() -> Option<Request<Bytes>> {
    #[derive(serde::Serialize)]
    struct Body<'a> {
        query: &'a str,
        variables: serde_json::Map<String, serde_json::Value>,
    }
    let body = serde_json::to_vec(&Body { query: black_box(QUERY), variables: serde_json::Map::new() }).ok()?;
    Request::post("https://canned.test/api/v2/client")
        .header(USER_AGENT, "bench")
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/json")
        .header(AUTHORIZATION, HeaderValue::from_static("Bearer canned"))
        .body(Bytes::from(body))
        .ok()
}

/// What no client gets around: the request built, sent over the same transport, its answer read.
pub(super) async fn bare() -> Option<RateLimitData> {
    let response = Memory.send(request()?).await.ok()?;
    decode(response.body())
}
