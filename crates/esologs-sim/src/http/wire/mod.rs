//! A TCP connection in hand: what hyper reads and writes goes through it, and faults can write to it themselves, close or reset it.
//!
//! - [`frames`]: where HTTP/2 frames begin and end
//! - [`steps`]: a fault as what is written, waited for and ended, one after the other
//! - [`pieces`]: the body of an answer, whole or by such steps
//! - [`strike`]: carries a fault out

mod frames;
pub(crate) mod pieces;
mod steps;
pub(crate) mod strike;

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::Instant;

use frames::Frames;

/// How often something is looked at that nobody tells of.
const GLANCE: Duration = Duration::from_millis(5);
/// Time for what was written to reach the other side before a connection is cut off.
const SETTLE: Duration = Duration::from_millis(20);

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// By FIN: the other side reads to the end.
    Close,
    /// By RST.
    Reset,
}

/// A connection. hyper and the connection's task own it; all else holds it weakly, so that it is gone the moment these two let go.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    told: Notify,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Of what was written, if it is HTTP/2.
    written: Frames,
    /// Bytes of our own, to be put between two frames.
    injected: Vec<u8>,
    /// The last write found no room.
    blocked: bool,
    last_written: Instant,
    /// Requests so far.
    calls: u32,
    /// Requests whose answers are not complete.
    open_calls: u32,
    ending: Option<Ending>,
}

#[derive(Debug, Clone, Copy)]
enum Ending {
    Now,
    WhenIdleFor(Duration),
}

impl Wire {
    pub(crate) fn new(stream: TcpStream) -> Arc<Self> {
        let state = State {
            written: Frames::default(),
            injected: Vec::new(),
            blocked: false,
            last_written: Instant::now(),
            calls: 0,
            open_calls: 0,
            ending: None,
        };
        Arc::new(Self { stream, told: Notify::new(), state: Mutex::new(state) })
    }

    /// Counts a request. To be called in the order of requests.
    pub(crate) fn begin_call(self: &Arc<Self>) -> OpenCall {
        let mut state = self.state();
        state.calls += 1;
        state.open_calls += 1;
        OpenCall { wire: Arc::downgrade(self), number: state.calls }
    }

    /// Ends it at once.
    pub(crate) fn end(&self, how: How) {
        if how == How::Reset {
            // Data that is not sent yet is thrown away and the other side gets a RST.
            let _ = self.stream.set_zero_linger();
        }
        self.state().ending = Some(Ending::Now);
        self.told.notify_one();
    }

    /// Ends it without notice as soon as nobody has used it for so long.
    pub(crate) fn end_when_idle_for(&self, time: Duration) {
        self.state().ending.get_or_insert(Ending::WhenIdleFor(time));
        self.told.notify_one();
    }

    /// Completes when the connection shall be dropped.
    pub(crate) async fn ended(&self) {
        loop {
            let ending = self.state().ending;
            match ending {
                None => self.told.notified().await,
                Some(Ending::Now) => return,
                Some(Ending::WhenIdleFor(time)) if self.idle_for(0) >= time => return,
                Some(Ending::WhenIdleFor(_)) => tokio::time::sleep(GLANCE).await,
            }
        }
    }

    /// How long nobody has used it, but for so many requests.
    fn idle_for(&self, but_for: u32) -> Duration {
        let state = self.state();
        if state.open_calls > but_for || state.blocked { Duration::ZERO } else { state.last_written.elapsed() }
    }

    /// Writes past hyper, which must have nothing to write: between an HTTP/1.1 request and its answer.
    pub(crate) async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            self.stream.writable().await?;
            match self.stream.try_write(bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Puts a frame between those that hyper writes.
    async fn inject(&self, frame: &[u8]) -> io::Result<()> {
        self.state().injected.extend_from_slice(frame);
        while !self.try_inject()? {
            tokio::time::sleep(GLANCE).await;
        }
        Ok(())
    }

    /// Whether there is nothing left to put in.
    fn try_inject(&self) -> io::Result<bool> {
        let state = &mut *self.state();
        if !state.injected.is_empty() && state.written.at_boundary() {
            match self.stream.try_write(&state.injected) {
                Ok(written) => drop(state.injected.drain(..written)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(state.injected.is_empty())
    }

    /// One write for hyper; `None` if there is no room.
    fn try_write(&self, bytes: &[u8]) -> io::Result<Option<usize>> {
        let all_injected = self.try_inject()?;
        let state = &mut *self.state();
        // A frame of our own that is half out goes first; one that waits lets the begun frame end.
        let room = if all_injected { bytes.len() } else { state.written.left().min(bytes.len()) };
        if room == 0 && !bytes.is_empty() {
            return Ok(None);
        }
        match self.stream.try_write(&bytes[..room]) {
            Ok(written) => {
                state.written.advance(&bytes[..written]);
                (state.blocked, state.last_written) = (false, Instant::now());
                Ok(Some(written))
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Held for moments, never over an await.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is being answered; it ends when its answer is written or given up.
#[derive(Debug)]
pub(crate) struct OpenCall {
    wire: Weak<Wire>,
    number: u32,
}

impl OpenCall {
    /// The HTTP/2 stream before this request's. Clients number their streams 1, 3, 5, …
    fn stream_before(&self) -> u32 {
        (2 * self.number - 1).saturating_sub(2)
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        if let Some(wire) = self.wire.upgrade() {
            let state = &mut *wire.state();
            state.open_calls -= 1;
            state.last_written = Instant::now();
        }
    }
}

/// What hyper reads from and writes to.
#[derive(Debug)]
pub(crate) struct WireIo(pub(crate) Arc<Wire>);

impl AsyncRead for WireIo {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.0.stream.poll_read_ready(context))?;
            match self.0.stream.try_read(buffer.initialize_unfilled()) {
                Ok(read) => {
                    buffer.advance(read);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for WireIo {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            if self.0.stream.poll_write_ready(context)?.is_pending() {
                self.0.state().blocked = true;
                return Poll::Pending;
            }
            if let Some(written) = self.0.try_write(bytes)? {
                return Poll::Ready(Ok(written));
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// The socket is closed when it is dropped, which follows at once.
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
