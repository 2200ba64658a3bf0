//! The port that is listened on, which faults can close for a time.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

/// Pause after a failed accept (out of file descriptors, mostly) or bind, so that the loop does not spin.
const PAUSE: Duration = Duration::from_millis(50);
/// How long a port that was given up is asked for again, if somebody else has it now.
const REBIND_PATIENCE: Duration = Duration::from_secs(30);

/// A listener, or the place of one.
#[derive(Debug)]
pub(crate) struct Port {
    address: SocketAddr,
    listener: Option<TcpListener>,
    /// Nothing is accepted before.
    not_before: Instant,
}

impl Port {
    /// # Errors
    ///
    /// When the listener is unusable.
    pub(crate) fn new(listener: TcpListener) -> io::Result<Self> {
        Ok(Self { address: listener.local_addr()?, listener: Some(listener), not_before: Instant::now() })
    }

    /// Gives the port up for so long: connections are refused.
    pub(crate) fn refuse_for(&mut self, time: Duration) {
        self.listener = None;
        self.accept_late_by(time);
    }

    /// Connections are taken by the system, but not served for so long.
    pub(crate) fn accept_late_by(&mut self, time: Duration) {
        self.not_before = self.not_before.max(Instant::now() + time);
    }

    /// The next connection. Can be dropped and called again at any time.
    ///
    /// # Errors
    ///
    /// When the port was given up and cannot be had again.
    pub(crate) async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        tokio::time::sleep_until(self.not_before).await;
        loop {
            let listener = match &self.listener {
                Some(listener) => listener,
                None => self.listener.insert(bind_again(self.address, self.not_before + REBIND_PATIENCE).await?),
            };
            match listener.accept().await {
                Ok(accepted) => return Ok(accepted),
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }
}

async fn bind_again(address: SocketAddr, until: Instant) -> io::Result<TcpListener> {
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return Ok(listener),
            Err(error) if Instant::now() >= until => return Err(error),
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}
