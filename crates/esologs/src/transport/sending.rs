//! How far a request has got: taken up by a connection, sent, and how long each may take.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::sync::watch;

use super::{HttpSettings, TransportError, TransportErrorKind};

/// Pieces in which a body is handed to the connection, so that the last is taken when those before are on the wire.
const PIECE: usize = 16 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// No connection has taken it up yet.
    Waiting,
    BeingSent,
    Sent,
}

/// A request's progress.
pub(super) struct Sending(Option<watch::Receiver<Stage>>);

/// The body for a request, watched where a setting asks for it.
pub(super) fn watched(body: Bytes, settings: &HttpSettings) -> (reqwest::Body, Sending) {
    if settings.read_timeout.is_none() && settings.write_timeout.is_none() {
        return (body.into(), Sending(None));
    }
    let stage = if body.is_empty() { Stage::Sent } else { Stage::Waiting };
    let (sender, receiver) = watch::channel(stage);
    (reqwest::Body::wrap(Watched { left: body, stage: sender }), Sending(Some(receiver)))
}

impl Sending {
    /// Ends when sending, or waiting for the answer after it, has taken too long. It does not end by itself otherwise.
    pub(super) async fn too_late(self, settings: &HttpSettings) -> TransportError {
        let Some(mut stage) = self.0 else { return std::future::pending().await };
        // A body that is dropped unsent is an error of the connection, which tells that itself.
        if stage.wait_for(|stage| *stage > Stage::Waiting).await.is_err() {
            return std::future::pending().await;
        }
        let sent = stage.wait_for(|stage| *stage == Stage::Sent);
        let is_sent = match settings.write_timeout {
            None => sent.await.is_ok(),
            Some(most) => match tokio::time::timeout(most, sent).await {
                Ok(sent) => sent.is_ok(),
                Err(_) => return timed_out("the request could not be sent", most, "write_timeout"),
            },
        };
        match settings.read_timeout.filter(|_| is_sent) {
            Some(most) => {
                tokio::time::sleep(most).await;
                timed_out("no answer began", most, "read_timeout")
            }
            None => std::future::pending().await,
        }
    }
}

fn timed_out(what: &str, most: Duration, setting: &str) -> TransportError {
    let message = format!("{what} within {:.1} s ({setting})", most.as_secs_f64());
    TransportError::new(TransportErrorKind::TimedOut, message)
}

struct Watched {
    left: Bytes,
    stage: watch::Sender<Stage>,
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        let most = self.left.len().min(PIECE);
        let piece = self.left.split_to(most);
        self.stage.send_replace(if self.left.is_empty() { Stage::Sent } else { Stage::BeingSent });
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // Sent to the end or not: the watcher learns of the rest by the channel's end.
        if self.left.is_empty() {
            self.stage.send_replace(Stage::Sent);
        }
    }
}
