//! Bytes out, bytes in: the trait for it, and the implementation over HTTP.
//!
//! A transport sends one request once. It does not repeat, redirect or interpret: what an answer means is decided in
//! `decode::classify`, whether it is asked again in `resilience`.

mod http;
mod reach;
mod route;
mod sending;
mod settings;
mod tls;
mod trouble;

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;

pub use self::http::HttpTransport;
pub(crate) use self::reach::{knock, resolve};
pub use self::route::{ProxyAddress, Route};
pub use self::settings::HttpSettings;

/// What [`Transport::send`] returns: a boxed future of a whole answer.
pub type SendFuture<'a> = Pin<Box<dyn Future<Output = Result<::http::Response<Bytes>, TransportError>> + Send + 'a>>;

/// How long a body may bring less than one byte a second before it counts as broken. An extension of the request, since it
/// depends on the call; a transport that does not know it leaves slow bodies to the attempt's time-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyStall(pub std::time::Duration);

/// Sends one request and returns the whole answer.
///
/// Dropping the future abandons the request. An implementation must not repeat a request on its own: attempts and points
/// would be counted wrong.
pub trait Transport: Send + Sync + 'static {
    /// Sends `request` and reads the answer to its end.
    fn send(&self, request: ::http::Request<Bytes>) -> SendFuture<'_>;

    /// Lets go of idle connections. Called when the machine was suspended: the other side has closed them without our seeing it.
    fn forget_connections(&self) {}

    /// The way that a request to this address takes. `None` where there is none that could be looked at, as for a simulator in
    /// the same process.
    fn route(&self, uri: &::http::Uri) -> Option<Route> {
        let _ = uri;
        None
    }
}

/// At what point, and how, the exchange with the server broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The host's name is not known. Nothing was sent.
    Dns,
    /// No connection: refused, unreachable, no answer in time, or broken off while the TLS handshake ran. Nothing was sent.
    Connect,
    /// The host's certificate is not valid for it. Nothing was sent.
    Certificate,
    /// The server said that it did not process the request (HTTP/2 `REFUSED_STREAM`, or `GOAWAY` below our stream).
    NotProcessed,
    /// Sending the request, or the wait for its answer, took longer than the transport's settings allow. The server may have
    /// worked on the request.
    TimedOut,
    /// The connection ended before the answer's headers. The server may have worked on the request.
    ClosedBeforeHeaders,
    /// The body ended early, stood still or could not be decompressed.
    BodyBroken,
    /// The body is larger than [`HttpSettings::max_body_bytes`].
    BodyTooLarge,
    /// The request could not be built; a bug of the caller.
    InvalidRequest,
}

/// What exactly stood in the way of a connection. It changes nothing of what becomes of a call; it is for whoever wants to know why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Obstacle {
    /// Nobody listens there.
    Refused,
    /// Nobody answered in time.
    NoAnswer,
    /// Somebody listens, but speaks no TLS, or none that we do.
    Handshake,
    /// The proxy asks for a name and password (407).
    ProxyWantsPassword,
    /// The proxy does not let the connection through.
    ProxyRefused,
    /// The certificate's time is over, by this machine's clock.
    CertificateExpired,
    /// The certificate's time has not begun, by this machine's clock.
    CertificateNotYetValid,
    /// The certificate is for another name.
    CertificateOfAnother,
    /// Nobody this machine trusts vouches for the certificate.
    UnknownIssuer,
    /// Something else is wrong with the certificate.
    Certificate,
}

/// An exchange that brought no whole answer.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    obstacle: Option<Obstacle>,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportError {
    /// An error of this kind; the message must hold no secret.
    #[must_use]
    pub fn new(kind: TransportErrorKind, message: impl Into<String>) -> Self {
        Self { kind, obstacle: None, message: message.into(), source: None }
    }

    /// The same, with what stood in the way.
    #[must_use]
    pub fn with_obstacle(mut self, obstacle: Obstacle) -> Self {
        self.obstacle = Some(obstacle);
        self
    }

    /// The same, with its cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// How the exchange broke.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// What exactly stood in the way, where that is known.
    #[must_use]
    pub fn obstacle(&self) -> Option<Obstacle> {
        self.obstacle
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
