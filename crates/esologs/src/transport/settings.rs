//! Settings of connections.

use std::time::Duration;

use super::{TransportError, TransportErrorKind};

/// Settings of [`HttpTransport`](super::HttpTransport). What other clients call the pool's time-out and its most connections
/// are bounds on calls here: [`CallPolicy::slot_timeout`](crate::CallPolicy::slot_timeout) and
/// [`concurrency`](crate::CallPolicy::concurrency).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpSettings {
    /// Time for name look-up, TCP and TLS together. Default 3.1 s: a lost SYN is sent again after 3 s.
    pub connect_timeout: Duration,
    /// The longest time without a byte of the answer, from the moment the request is sent. Default none: the attempt's time-out
    /// bounds the wait for headers, [`BodyStall`](super::BodyStall) that for the body.
    pub read_timeout: Option<Duration>,
    /// Time for sending the request, from the moment there is a connection. Default none: the attempt's time-out bounds it.
    pub write_timeout: Option<Duration>,
    /// The largest body, after decompression. Default 256 MiB; a page of 10,000 events is 2 to 5 MB.
    pub max_body_bytes: usize,
    /// How long an unused connection is kept. Default 30 s.
    pub idle_timeout: Duration,
    /// The most unused connections that are kept. Default 20, or four times the client's
    /// [`concurrency`](crate::CallPolicy::concurrency) where that is more and no settings are given; 0 closes each after its answer.
    pub max_idle_connections: usize,
    /// Whether `HTTPS_PROXY` and the like are followed. Default true; never for the own machine.
    pub use_system_proxy: bool,
}

impl HttpSettings {
    /// Refuses what could never bring an answer.
    pub(crate) fn check(&self) -> Result<(), TransportError> {
        let never = |what: &str| {
            let message = format!("{what} is zero; nothing could ever be answered");
            Err(TransportError::new(TransportErrorKind::InvalidRequest, message))
        };
        let times = [
            ("connect_timeout", Some(self.connect_timeout)),
            ("read_timeout", self.read_timeout),
            ("write_timeout", self.write_timeout),
        ];
        for (name, time) in times {
            if time.is_some_and(|time| time.is_zero()) {
                return never(name);
            }
        }
        if self.max_body_bytes == 0 { never("max_body_bytes") } else { Ok(()) }
    }
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_millis(3_100),
            read_timeout: None,
            write_timeout: None,
            max_body_bytes: 256 * 1024 * 1024,
            idle_timeout: Duration::from_secs(30),
            max_idle_connections: 20,
            use_system_proxy: true,
        }
    }
}
