//! The simulator over TCP: HTTP/1.1 and HTTP/2 (prior knowledge) on one port.
//!
//! The accept loop is our own, because faults below HTTP need the socket in hand: what happens to a connection is decided in
//! [`serve_connection`], between accepting it and speaking HTTP on it.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::reply;
use crate::Simulator;

/// Address of the client, put into a request's extensions; the throttle counts by it. Requests without one count as local.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub SocketAddr);

/// Bytes of a request body at most; no query comes near it.
const MAX_REQUEST_BYTES: usize = 4 << 20;
/// How long open connections may go on after a shutdown was asked for.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(2);
/// Pause after a failed accept (out of file descriptors, mostly), so that the loop does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

impl Simulator {
    /// Serves until `shutdown` completes, then lets open requests end (2 s at most).
    ///
    /// # Errors
    ///
    /// When the listener is unusable from the start. Errors of single connections end those connections only.
    pub async fn serve(&self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        listener.local_addr()?;
        let connections = GracefulShutdown::new();
        let mut shutdown = pin!(shutdown);
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, address)) => serve_connection(self, stream, address, &connections),
                    Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
                },
                () = &mut shutdown => break,
            }
        }
        drop(listener);
        let _ = tokio::time::timeout(SHUTDOWN_PATIENCE, connections.shutdown()).await;
        Ok(())
    }

    /// Binds `address` (port 0 for any free one) and serves in a task of its own.
    ///
    /// # Errors
    ///
    /// When the address cannot be bound.
    pub async fn start_tcp(&self, address: impl ToSocketAddrs) -> io::Result<Running> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let sim = self.clone();
        let task = tokio::spawn(async move {
            // A dropped sender stops the server, too: nobody could any more.
            let shutdown = async { stopped.await.unwrap_or(()) };
            sim.serve(listener, shutdown).await
        });
        Ok(Running { addr: address, sim: self.clone(), stop, task })
    }
}

fn serve_connection(sim: &Simulator, stream: TcpStream, address: SocketAddr, connections: &GracefulShutdown) {
    sim.count_connection();
    // Answers are written at once; waiting for more would only add 40 ms to each.
    let _ = stream.set_nodelay(true);
    let sim = sim.clone();
    let service = service_fn(move |request| {
        let sim = sim.clone();
        async move { Ok::<_, Infallible>(answer(&sim, request, address).await.map(Full::new)) }
    });
    let builder = auto::Builder::new(TokioExecutor::new());
    let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        // A client that hangs up in the middle is its own affair.
        let _ = connection.await;
    });
}

async fn answer(sim: &Simulator, request: Request<Incoming>, address: SocketAddr) -> Response<Bytes> {
    let (mut parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_REQUEST_BYTES).collect().await else {
        return reply::empty(StatusCode::PAYLOAD_TOO_LARGE);
    };
    parts.extensions.insert(ClientAddress(address));
    sim.handle(Request::from_parts(parts, body.to_bytes())).await
}

/// A simulator that is being served over TCP. Dropping it stops the server.
#[derive(Debug)]
pub struct Running {
    addr: SocketAddr,
    sim: Simulator,
    stop: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

impl Running {
    /// The address it listens on.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// What a client takes as the site's address: `http://127.0.0.1:8787`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The simulator behind it.
    #[must_use]
    pub fn sim(&self) -> &Simulator {
        &self.sim
    }

    /// Stops accepting and waits until open requests are answered (2 s at most).
    ///
    /// # Errors
    ///
    /// When the server ended by itself with an error.
    pub async fn shutdown(self) -> io::Result<()> {
        let _ = self.stop.send(());
        self.task.await.unwrap_or_else(|gone| Err(io::Error::other(gone)))
    }
}
