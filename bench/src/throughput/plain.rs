//! The same calls without our client: with the HTTP crate alone, and with our transport alone.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use esologs::transport::{HttpSettings, HttpTransport, SendFuture, Transport, TransportError, TransportErrorKind};
use esologs::{Client, Credentials, Endpoint, Guild, Verbatim};
use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The request that our client sends for a guild, so that others can send the same.
#[derive(Debug, Clone)]
pub(super) struct Template {
    url: String,
    user_agent: HeaderValue,
    /// The body before and after the number of the guild.
    body: (String, String),
}

impl Template {
    /// Asks our client for it.
    pub(super) async fn of_guild(address: SocketAddr) -> Result<Self, Box<dyn Error>> {
        const NUMBER: i64 = 987_654_321;
        let seen = Arc::<Mutex<Option<Request<Bytes>>>>::default();
        let client = Client::builder()
            .credentials(Credentials::new("canned", "canned")?)
            .endpoint(Endpoint::new(&format!("http://{address}"))?)
            .transport(Recorder(Arc::clone(&seen)))
            .build()?;
        // It gets no answer: only what it asks counts.
        drop(client.attempts(1).guild(NUMBER).get().await);
        let request = seen.lock().map_err(|_| "a thread panicked")?.take().ok_or("nothing was sent")?;
        let user_agent = request.headers().get(USER_AGENT).ok_or("the request does not say who asks")?.clone();
        let body = std::str::from_utf8(request.body())?;
        let (before, after) = body.split_once(&NUMBER.to_string()).ok_or("the request does not name the guild")?;
        let url = format!("http://{address}/api/v2/client");
        Ok(Self { url, user_agent, body: (before.to_owned(), after.to_owned()) })
    }

    fn body(&self, number: i64) -> String {
        let (before, after) = &self.body;
        format!("{before}{number}{after}")
    }
}

/// Keeps what is sent to the API.
struct Recorder(Arc<Mutex<Option<Request<Bytes>>>>);

impl Transport for Recorder {
    fn send(&self, request: Request<Bytes>) -> SendFuture<'_> {
        Box::pin(async move {
            if request.uri().path() == "/oauth/token" {
                let token = r#"{"token_type":"Bearer","expires_in":31104000,"access_token":"canned"}"#;
                return Ok(http::Response::new(Bytes::from_static(token.as_bytes())));
            }
            if let Ok(mut seen) = self.0.lock() {
                *seen = Some(request);
            }
            Err(TransportError::new(TransportErrorKind::InvalidRequest, "not sent"))
        })
    }
}

#[derive(Deserialize)]
struct Envelope<T> {
    data: Data<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data<T> {
    guild_data: GuildData<T>,
}

#[derive(Deserialize)]
struct GuildData<T> {
    guild: T,
}

/// What our client makes of it: the typed value and the JSON to the letter.
pub(super) type AsOurs = Verbatim<Guild>;

fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice::<Envelope<T>>(body).map(|envelope| envelope.data.guild_data.guild)
}

/// The HTTP crate alone: request, whole body, decoding.
pub(super) async fn with_reqwest<T: DeserializeOwned>(
    client: &reqwest::Client,
    template: &Template,
    number: i64,
) -> Result<T, Box<dyn Error + Send + Sync>> {
    let response = client
        .post(&template.url)
        .header(USER_AGENT, &template.user_agent)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/json")
        .header(AUTHORIZATION, "Bearer canned")
        .body(template.body(number))
        .send()
        .await?
        .error_for_status()?;
    Ok(decode(&response.bytes().await?)?)
}

/// Our transport alone: request, whole body within its bounds, decoding.
pub(super) async fn with_transport(
    transport: &HttpTransport,
    template: &Template,
    number: i64,
) -> Result<AsOurs, Box<dyn Error + Send + Sync>> {
    let request = Request::post(&template.url)
        .header(USER_AGENT, &template.user_agent)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/json")
        .header(AUTHORIZATION, "Bearer canned")
        .body(Bytes::from(template.body(number)))?;
    Ok(decode(transport.send(request).await?.body())?)
}

/// A transport as our client makes it for its own machine.
pub(super) fn transport(in_flight: usize) -> Result<HttpTransport, TransportError> {
    HttpTransport::new(&HttpSettings { use_system_proxy: false, max_idle_connections: 4 * in_flight, ..HttpSettings::default() })
}
