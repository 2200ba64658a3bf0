//! The simulator over TCP: HTTP/1.1 and HTTP/2 (prior knowledge) on one port.
//!
//! The accept loop is our own, because faults below HTTP need the socket in hand: hyper speaks HTTP through a [`WireIo`], and an
//! answer that carries a [`Struck`] is not handed to hyper but to [`strike::carry_out`].

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use http::{Request, Response, StatusCode, Version};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};

use super::port::Port;
use super::reply;
use super::wire::pieces::Pieces;
use super::wire::{How, OpenCall, Wire, WireIo, strike};
use crate::Simulator;
use crate::faults::{Carrier, Struck};

/// Address of the client, put into a request's extensions; the throttle counts by it. Requests without one count as local.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub SocketAddr);

/// Bytes of a request body at most; no query comes near it.
const MAX_REQUEST_BYTES: usize = 4 << 20;
/// How long open connections may go on after a shutdown was asked for.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(2);

impl Simulator {
    /// Serves until `shutdown` completes, then lets open requests end (2 s at most; those that a fault stalls end at once).
    ///
    /// # Errors
    ///
    /// When the listener is unusable from the start, or when a fault closed the port and somebody else took it. Errors of single
    /// connections end those connections only.
    pub async fn serve(&self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let mut port = Port::new(listener)?;
        let (orders, mut ordered) = mpsc::unbounded_channel();
        let (stop, stopping) = watch::channel(false);
        let server = Arc::new(Server { sim: self.clone(), orders, stopping });
        let mut connections = GracefulShutdown::new();
        // Dropping it ends them all.
        let mut tasks = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        loop {
            tokio::select! {
                accepted = port.accept() => {
                    let (stream, address) = accepted?;
                    tasks.spawn(serve_connection(&server, stream, address, &connections));
                }
                Some((order, done)) = ordered.recv() => {
                    match order {
                        PortOrder::AcceptLateBy(time) => port.accept_late_by(time),
                        PortOrder::RefuseFor(time) => {
                            port.refuse_for(time);
                            tasks.spawn(std::mem::take(&mut connections).shutdown());
                        }
                    }
                    let _ = done.send(());
                }
                Some(_) = tasks.join_next(), if !tasks.is_empty() => {}
                () = &mut shutdown => break,
            }
        }
        drop(port);
        let _ = stop.send(true);
        let all_ended = async {
            connections.shutdown().await;
            while tasks.join_next().await.is_some() {}
        };
        let _ = tokio::time::timeout(SHUTDOWN_PATIENCE, all_ended).await;
        tasks.shutdown().await;
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

/// What all connections of a server share.
#[derive(Debug)]
struct Server {
    sim: Simulator,
    orders: mpsc::UnboundedSender<(PortOrder, oneshot::Sender<()>)>,
    stopping: watch::Receiver<bool>,
}

/// What a fault wants of the port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PortOrder {
    /// Give the port up for so long; connections that are open end with the answers they owe.
    RefuseFor(Duration),
    /// Serve new connections only after so long.
    AcceptLateBy(Duration),
}

/// What an answer can reach: the server, and its own connection as long as that is there.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    server: Arc<Server>,
    wire: Weak<Wire>,
}

impl Link {
    pub(crate) fn sim(&self) -> &Simulator {
        &self.server.sim
    }

    /// Waits so long, or for ever; at most until the server stops. Answers whether it stops.
    pub(crate) async fn pause(&self, time: Option<Duration>) -> bool {
        let mut stopping = self.server.stopping.clone();
        let time_is_up = async {
            match time {
                Some(time) => tokio::time::sleep(time).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = time_is_up => false,
            _ = stopping.wait_for(|stops| *stops) => true,
        }
    }

    /// Completes when the order is carried out, or nobody is left to do so.
    pub(crate) async fn order(&self, order: PortOrder) {
        let (done, is_done) = oneshot::channel();
        if self.server.orders.send((order, done)).is_ok() {
            let _ = is_done.await;
        }
    }

    pub(crate) fn end(&self, how: How) {
        if let Some(wire) = self.wire.upgrade() {
            wire.end(how);
        }
    }

    pub(crate) fn end_when_idle_for(&self, time: Duration) {
        if let Some(wire) = self.wire.upgrade() {
            wire.end_when_idle_for(time);
        }
    }

    /// Writes past hyper; see [`Wire`].
    pub(crate) async fn write_all(&self, bytes: &[u8]) -> io::Result<()> {
        let wire = self.wire.upgrade().ok_or(io::ErrorKind::NotConnected)?;
        wire.write_all(bytes).await
    }
}

/// Speaks HTTP on a connection until either side, a fault or the server ends it.
fn serve_connection(
    server: &Arc<Server>,
    stream: TcpStream,
    address: SocketAddr,
    connections: &GracefulShutdown,
) -> impl Future<Output = ()> + Send + use<> {
    server.sim.count_connection();
    // Answers are written at once; waiting for more would only add 40 ms to each.
    let _ = stream.set_nodelay(true);
    let wire = Wire::new(stream);
    let link = Link { server: Arc::clone(server), wire: Arc::downgrade(&wire) };
    let io = TokioIo::new(WireIo(Arc::clone(&wire)));
    let service = service_fn(move |request| {
        // Requests are counted here and not when they are answered, because here they come in the order of the connection.
        let call = link.wire.upgrade().map(|wire| wire.begin_call());
        let link = link.clone();
        async move {
            match call {
                Some(call) => answer(&link, call, request, address).await,
                None => std::future::pending().await,
            }
        }
    });
    let builder = auto::Builder::new(TokioExecutor::new());
    let connection = connections.watch(builder.serve_connection(io, service).into_owned());
    async move {
        tokio::select! {
            // A client that hangs up in the middle is its own affair.
            _ = connection => {}
            () = wire.ended() => {}
        }
    }
}

async fn answer(
    link: &Link,
    call: OpenCall,
    request: Request<Incoming>,
    address: SocketAddr,
) -> Result<Response<Pieces>, h2::Error> {
    let (mut parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_REQUEST_BYTES).collect().await else {
        return Ok(reply::empty(StatusCode::PAYLOAD_TOO_LARGE).map(|body| Pieces::whole(body, link, call)));
    };
    let is_http2 = parts.version == Version::HTTP_2;
    parts.extensions.insert(ClientAddress(address));
    parts.extensions.insert(if is_http2 { Carrier::Http2 } else { Carrier::Http1 });
    let mut response = link.sim().handle(Request::from_parts(parts, body.to_bytes())).await;
    match response.extensions_mut().remove::<Struck>() {
        Some(struck) => strike::carry_out(struck, response, is_http2, link, call).await,
        None => Ok(response.map(|body| Pieces::whole(body, link, call))),
    }
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
