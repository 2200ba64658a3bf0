//! HTTP/1.1 and HTTP/2 over TCP and TLS, by the HTTP crate.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::time::Instant;

use super::trouble::{before_headers, in_body};
use super::{BodyStall, HttpSettings, Route, SendFuture, Transport, TransportError, TransportErrorKind, route, sending, tls};

/// The real transport: pooled connections, gzip, no redirects, no repeats.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: Arc<RwLock<reqwest::Client>>,
    /// Where the last request went, as both crates want it: mostly the next one goes there, too.
    last_address: Arc<RwLock<Option<(http::Uri, reqwest::Url)>>>,
    settings: HttpSettings,
}

/// The stall time of a request that does not say.
const DEFAULT_STALL: BodyStall = BodyStall(Duration::from_secs(10));

impl HttpTransport {
    /// A transport with these settings. Opens no connection yet.
    ///
    /// # Errors
    /// [`TransportErrorKind::InvalidRequest`] where a setting could never bring an answer, TLS cannot be set up, or a proxy setting
    /// cannot be read.
    pub fn new(settings: &HttpSettings) -> Result<Self, TransportError> {
        settings.check()?;
        let client = Arc::new(RwLock::new(build(settings)?));
        Ok(Self { client, last_address: Arc::default(), settings: settings.clone() })
    }

    async fn exchange(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let stall = request.extensions().get().copied().unwrap_or(DEFAULT_STALL);
        let (parts, body) = request.into_parts();
        let (body, sending) = sending::watched(body, &self.settings);
        let mut request = reqwest::Request::new(parts.method, self.address(parts.uri)?);
        *request.headers_mut() = parts.headers;
        *request.version_mut() = parts.version;
        *request.body_mut() = Some(body);
        let client = self.client.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut response = tokio::select! {
            response = client.execute(request) => response.map_err(before_headers)?,
            too_late = sending.too_late(&self.settings) => return Err(too_late),
        };
        let body = self.read_body(&mut response, stall).await?;
        let mut answer = http::Response::new(body);
        *answer.status_mut() = response.status();
        *answer.version_mut() = response.version();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }

    /// The address of a request, which the HTTP crate wants read by other rules.
    fn address(&self, uri: http::Uri) -> Result<reqwest::Url, TransportError> {
        let last = self.last_address.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, url)) = last.as_ref().filter(|(last, _)| *last == uri) {
            return Ok(url.clone());
        }
        drop(last);
        let url = reqwest::Url::parse(&uri.to_string()).map_err(|error| {
            TransportError::new(TransportErrorKind::InvalidRequest, "the request is not valid HTTP").with_source(error)
        })?;
        *self.last_address.write().unwrap_or_else(PoisonError::into_inner) = Some((uri, url.clone()));
        Ok(url)
    }

    async fn read_body(&self, response: &mut reqwest::Response, BodyStall(stall): BodyStall) -> Result<Bytes, TransportError> {
        let most = self.settings.max_body_bytes;
        let announced = response.content_length().unwrap_or(0).min(most as u64);
        let mut body = BytesMut::with_capacity(usize::try_from(announced).unwrap_or(0));
        let mut pace = Pace { since: Instant::now(), bytes: 0 };
        loop {
            let (until, stood_still) = match self.settings.read_timeout.map(|most| (Instant::now() + most, most)) {
                Some((end, most)) if end < pace.since + stall => (end, most),
                _ => (pace.since + stall, stall),
            };
            let next = tokio::time::timeout_at(until, response.chunk()).await.map_err(|_| {
                let message = format!("the answer stood still for {:.1} s after {} bytes", stood_still.as_secs_f64(), body.len());
                TransportError::new(TransportErrorKind::BodyBroken, message)
            })?;
            let Some(chunk) = next.map_err(|error| in_body(error, body.len()))? else { return Ok(body.freeze()) };
            if body.len() + chunk.len() > most {
                let message = format!("the answer is larger than {most} bytes (max_body_bytes)");
                return Err(TransportError::new(TransportErrorKind::BodyTooLarge, message));
            }
            body.extend_from_slice(&chunk);
            pace.note(chunk.len(), stall);
        }
    }
}

/// How fast a body comes: bytes since a moment, which moves on when there are enough of them for the stall time.
struct Pace {
    since: Instant,
    bytes: u64,
}

impl Pace {
    fn note(&mut self, bytes: usize, stall: Duration) {
        self.bytes += bytes as u64;
        // One byte a second: less over the whole stall time is standing still, however it is spread.
        if self.bytes >= stall.as_secs().max(1) {
            *self = Self { since: Instant::now(), bytes: 0 };
        }
    }
}

fn build(settings: &HttpSettings) -> Result<reqwest::Client, TransportError> {
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls::client_config()?)
        // One owner of retries: by default this crate repeats refused HTTP/2 streams unseen.
        .retry(reqwest::retry::never())
        // A POST is not redirected silently, and a token goes to its own host only.
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(settings.connect_timeout)
        .pool_idle_timeout(settings.idle_timeout)
        .pool_max_idle_per_host(settings.max_idle_connections);
    if !settings.use_system_proxy {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| {
        TransportError::new(TransportErrorKind::InvalidRequest, "the HTTP client cannot be set up").with_source(error)
    })
}

impl Transport for HttpTransport {
    fn send(&self, request: http::Request<Bytes>) -> SendFuture<'_> {
        Box::pin(self.exchange(request))
    }

    fn route(&self, uri: &http::Uri) -> Option<Route> {
        Some(if self.settings.use_system_proxy { route::of_environment(uri) } else { Route::Direct })
    }

    fn forget_connections(&self) {
        // The crate has no way to empty its pool, so a new client takes the old one's place; requests on their way keep theirs.
        match build(&self.settings) {
            Ok(client) => *self.client.write().unwrap_or_else(PoisonError::into_inner) = client,
            Err(error) => tracing::warn!(%error, "idle connections are kept"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_drip_below_one_byte_a_second_is_standing_still_and_one_above_is_not() {
        let stall = Duration::from_secs(10);
        for (every, stands_still) in [(1_500, true), (900, false)] {
            let started = Instant::now();
            let mut pace = Pace { since: started, bytes: 0 };
            let mut out_of_time = false;
            while started.elapsed() < Duration::from_secs(60) && !out_of_time {
                tokio::time::sleep(Duration::from_millis(every)).await;
                out_of_time = Instant::now() > pace.since + stall;
                pace.note(1, stall);
            }
            assert_eq!(out_of_time, stands_still, "a byte every {every} ms");
        }
    }
}
