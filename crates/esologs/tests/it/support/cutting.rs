//! A server that cuts each answer once, at the byte that the request names, and answers whole the next time. Written to be
//! cheap, because it is asked some hundred thousand times.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const TOKEN: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 60\r\n\r\n\
    {\"token_type\":\"Bearer\",\"expires_in\":9999,\"access_token\":\"t\"}";

/// An answer as it lies on the wire.
pub(crate) struct Answer {
    /// Status line and headers, with the blank line.
    pub(crate) head: String,
    /// What follows, framing included.
    pub(crate) body: Vec<u8>,
    /// Only the end of the connection tells where the body ends.
    pub(crate) ends_connection: bool,
}

/// A server with one answer, whose requests end with `"cut":N}}`.
pub(crate) struct Cutting {
    addr: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    bytes: Vec<u8>,
    head: usize,
    ends_connection: bool,
    /// How often each offset was asked for.
    asked: Vec<AtomicU8>,
}

impl Cutting {
    pub(crate) async fn start(answer: &Answer) -> Self {
        let shared = Arc::new(Shared {
            bytes: [answer.head.as_bytes(), &answer.body].concat(),
            head: answer.head.len(),
            ends_connection: answer.ends_connection,
            asked: answer.body.iter().map(|_| AtomicU8::new(0)).collect(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let served = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&served)));
            }
        });
        Self { addr, shared }
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// How many offsets there are.
    pub(crate) fn offsets(&self) -> usize {
        self.shared.asked.len()
    }

    /// How often each offset was asked for.
    pub(crate) fn asked(&self) -> Vec<u8> {
        self.shared.asked.iter().map(|count| count.load(Ordering::Relaxed)).collect()
    }
}

async fn talk(mut stream: TcpStream, shared: Arc<Shared>) {
    let (mut buffer, mut filled) = ([0; 2048], 0);
    loop {
        match stream.read(&mut buffer[filled..]).await {
            Ok(0) | Err(_) => return,
            Ok(count) => filled += count,
        }
        let read = &buffer[..filled];
        let answer = if read.ends_with(b"grant_type=client_credentials") {
            TOKEN
        } else if let Some(cut) = cut_of(read) {
            // Everything before the end is a cut; the second time, all of it comes.
            let is_first = shared.asked[cut].fetch_add(1, Ordering::Relaxed) == 0;
            let end = if is_first { shared.head + cut } else { shared.bytes.len() };
            if stream.write_all(&shared.bytes[..end]).await.is_err() || is_first || shared.ends_connection {
                return;
            }
            filled = 0;
            continue;
        } else {
            continue;
        };
        if stream.write_all(answer).await.is_err() {
            return;
        }
        filled = 0;
    }
}

/// The number at the end of a whole request.
fn cut_of(request: &[u8]) -> Option<usize> {
    let digits = request.strip_suffix(b"}}")?.rsplit(|byte| *byte == b':').next()?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}
