//! A client that shows what is on the wire, byte by byte.

use std::io::{self, Read as _};
use std::time::Duration;

use esologs_sim::world::MAIN_GUILD_ID;
use esologs_sim::{Faults, On, Running, ScriptedFault, Simulator};
use flate2::read::GzDecoder;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{demo_form, sim, token};

/// The connection counts as left open when nothing more came for so long,
const QUIET: Duration = Duration::from_millis(200);
/// or no answer for so long: more than a busy machine needs.
const FIRST: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Closed,
    Reset,
    /// Nothing more comes.
    Open,
}

/// What came back on a connection.
#[derive(Debug)]
pub struct Seen {
    pub head: String,
    pub body: Vec<u8>,
    pub end: End,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub fn length(&self) -> usize {
        self.header("content-length").unwrap().parse().unwrap()
    }

    pub fn unchunked_if_chunked(&self) -> Vec<u8> {
        if self.header("transfer-encoding") == Some("chunked") { self.unchunked() } else { self.body.clone() }
    }

    /// The body without its chunks, as far as it came.
    pub fn unchunked(&self) -> Vec<u8> {
        let (mut rest, mut contents) = (&self.body[..], Vec::new());
        while let Some(line) = rest.windows(2).position(|two| two == b"\r\n") {
            let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).unwrap(), 16).unwrap();
            let chunk = &rest[line + 2..];
            contents.extend_from_slice(&chunk[..size.min(chunk.len())]);
            rest = chunk.get(size + 2..).unwrap_or_default();
        }
        contents
    }
}

pub fn unzipped(body: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    GzDecoder::new(body).read_to_end(&mut text).unwrap();
    text
}

/// A served simulator and a token for it.
pub struct Server {
    pub sim: Simulator,
    pub running: Running,
    token: String,
}

pub const BOTH: [On; 2] = [On::Token, On::Api];

impl Server {
    pub async fn start() -> Self {
        let sim = sim();
        let running = sim.start_tcp("127.0.0.1:0").await.unwrap();
        Self { token: token(&sim).await, running, sim }
    }

    /// The next request that the fault is meant for shall have it.
    pub fn shall_have(&self, fault: ScriptedFault) {
        self.sim.set_faults(Faults::none().with(fault));
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.running.addr()).await.unwrap()
    }

    /// A small request for that endpoint. The API's answer is the same each time, a token's is of the same length.
    pub fn request(&self, on: &On, more_headers: &str) -> String {
        let query = format!("{{ guildData {{ guild(id: {MAIN_GUILD_ID}) {{ id name description }} }} }}");
        self.request_for(on, &query, more_headers)
    }

    pub fn request_for(&self, on: &On, query: &str, more_headers: &str) -> String {
        let (path, kind, body) = match on {
            On::Token => ("/oauth/token", "application/x-www-form-urlencoded", demo_form()),
            _ => ("/api/v2/client", "application/json", json!({"query": query}).to_string()),
        };
        format!(
            "POST {path} HTTP/1.1\r\nhost: sim\r\nauthorization: Bearer {}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n{more_headers}\r\n{body}",
            self.token,
            body.len()
        )
        .replace(if *on == On::Token { "authorization: Bearer " } else { "\0" }, "x-unused: ")
    }

    /// Sends on a new connection, reads to its end.
    pub async fn ask(&self, request: &str) -> Seen {
        self.try_ask(request).await.unwrap()
    }

    /// The same where no answer comes.
    pub async fn ask_in_vain(&self, request: &str) -> Seen {
        let mut stream = self.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        read_stalled(&mut stream).await
    }

    /// Waits until so many faults have struck.
    pub async fn struck(&self, faults: u64) {
        let reached = async {
            while self.sim.stats().faults_total < faults {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        timeout(FIRST, reached).await.unwrap();
    }

    /// The same; `None` if no connection could be made.
    pub async fn try_ask(&self, request: &str) -> Option<Seen> {
        let mut stream = TcpStream::connect(self.running.addr()).await.ok()?;
        stream.write_all(request.as_bytes()).await.unwrap();
        Some(read(&mut stream).await)
    }
}

pub async fn read(stream: &mut TcpStream) -> Seen {
    read_within(stream, FIRST).await
}

/// The same where perhaps no answer comes at all.
pub async fn read_stalled(stream: &mut TcpStream) -> Seen {
    read_within(stream, QUIET).await
}

async fn read_within(stream: &mut TcpStream, first: Duration) -> Seen {
    let mut bytes = Vec::new();
    let end = loop {
        let patience = if bytes.is_empty() { first } else { QUIET };
        match timeout(patience, stream.read_buf(&mut bytes)).await {
            Ok(Ok(0)) => break End::Closed,
            Ok(Ok(_)) => {}
            Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionReset => break End::Reset,
            Ok(Err(error)) => panic!("{error}"),
            Err(_) => break End::Open,
        }
    };
    let blank_line = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let body = blank_line.map_or(Vec::new(), |at| bytes.split_off(at + 4));
    Seen { head: String::from_utf8(bytes).unwrap(), body, end }
}
