//! Waits for the answer. A browser opens connections as it likes, some of which it never uses: each is served by itself.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::callback::{Callback, judge};
use super::page::Page;
use crate::error::{Error, ErrorKind};

/// Connections at once; more wait to be accepted.
const MOST_CONNECTIONS: usize = 64;
/// How long a connection may take to say what it wants.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How much it may say, in bytes. The longest codes of Laravel Passport have about 1,000.
const LONGEST_HEAD: usize = 16 * 1_024;
/// How long a browser may take to read a page.
const PAGE_TIMEOUT: Duration = Duration::from_secs(2);

/// What is waited for.
pub(super) struct Expected {
    pub(super) path: String,
    pub(super) state: secrecy::SecretString,
    /// How many answers with another state have come.
    pub(super) foreign: std::sync::atomic::AtomicU32,
}

/// A browser that waits for what became of its answer.
pub(super) struct Browser(TcpStream);

impl Browser {
    /// Shows the page. A browser that has gone misses nothing.
    pub(super) async fn show(mut self, page: Page) {
        let _ = timeout(PAGE_TIMEOUT, write(&mut self.0, page)).await;
    }
}

/// The first answer of this sign-in. Dropped, it closes every connection.
pub(super) async fn answer(listener: &TcpListener, expected: &Arc<Expected>) -> Result<(Callback, Browser), Error> {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < MOST_CONNECTIONS => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, Arc::clone(expected)));
                }
                // Who hung up while waiting is nobody's trouble.
                Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) => {}
                Err(error) => {
                    return Err(Error::new(ErrorKind::LocalFile, format!("cannot listen for the answer any more: {error}")));
                }
            },
            Some(served) = connections.join_next() => {
                if let Ok(Some(answer)) = served {
                    return Ok(answer);
                }
            }
        }
    }
}

/// One connection: the answer, if it brings it.
async fn serve(mut stream: TcpStream, expected: Arc<Expected>) -> Option<(Callback, Browser)> {
    use secrecy::ExposeSecret as _;
    let line = timeout(HEAD_TIMEOUT, request_line(&mut stream)).await.ok()?.ok()??;
    let callback = judge(&line, &expected.path, expected.state.expose_secret());
    let page = match callback {
        Callback::Agreed(_) | Callback::Refused { .. } => return Some((callback, Browser(stream))),
        Callback::Foreign => {
            expected.foreign.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            tracing::warn!("an answer that does not belong to this sign-in was refused");
            Page::Foreign
        }
        Callback::NotHere => Page::NotHere,
        Callback::NotUnderstood => Page::NotUnderstood,
    };
    Browser(stream).show(page).await;
    None
}

/// The first line, when the whole head is there; `None` where it is none, or too long.
async fn request_line(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut head = Vec::with_capacity(1_024);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if head.len() >= LONGEST_HEAD || stream.read_buf(&mut head).await? == 0 {
            return Ok(None);
        }
    }
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    Ok(String::from_utf8(line.to_vec()).ok())
}

async fn write(stream: &mut TcpStream, page: Page) -> io::Result<()> {
    stream.write_all(page.to_response().as_bytes()).await?;
    stream.shutdown().await?;
    // Closed with something unread, the connection would be reset and the page be lost.
    let mut rest = [0; 1_024];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}
