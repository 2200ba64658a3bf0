//! The first steps of a connection, one by one, for who wants to know which of them fails.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{timeout, timeout_at};

use super::{Obstacle, TransportError, TransportErrorKind};

/// The addresses of a host, as the system finds them.
pub(crate) async fn resolve(host: &str, port: u16, limit: Duration) -> Result<Vec<SocketAddr>, TransportError> {
    let not_found = |words: &str| TransportError::new(TransportErrorKind::Dns, words);
    // An address of IPv6 stands in brackets in an URL, and nowhere else.
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match timeout(limit, tokio::net::lookup_host((host, port))).await {
        Err(_) => Err(not_found("whoever knows the names of hosts did not answer in time")),
        Ok(Err(error)) => Err(not_found("the host's name was not found").with_source(error)),
        Ok(Ok(addresses)) => {
            let addresses: Vec<SocketAddr> = addresses.collect();
            if addresses.is_empty() { Err(not_found("the host's name has no address")) } else { Ok(addresses) }
        }
    }
}

/// Opens a connection to the first of these addresses that takes one, and closes it again.
pub(crate) async fn knock(addresses: &[SocketAddr], limit: Duration) -> Result<SocketAddr, TransportError> {
    let end = tokio::time::Instant::now() + limit;
    let mut last = None;
    for address in addresses {
        match timeout_at(end, TcpStream::connect(address)).await {
            Ok(Ok(_)) => return Ok(*address),
            Ok(Err(error)) => last = Some(error),
            Err(_) => break,
        }
    }
    let error = TransportError::new(TransportErrorKind::Connect, "the connection was refused");
    Err(match last {
        Some(cause) if cause.kind() == io::ErrorKind::ConnectionRefused => {
            error.with_obstacle(Obstacle::Refused).with_source(cause)
        }
        Some(cause) => TransportError::new(TransportErrorKind::Connect, "no connection").with_source(cause),
        None => TransportError::new(TransportErrorKind::Connect, "no connection in time").with_obstacle(Obstacle::NoAnswer),
    })
}
