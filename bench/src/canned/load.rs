//! A load generator for answers of known length.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use tokio::time::Instant;

/// Threads that ask; each writes to all its connections before it reads from the first.
const THREADS: usize = 2;

/// Answers a second to the smallest query, on this many connections, each with `pipelined` requests under way.
pub(crate) fn answers_a_second(address: SocketAddr, connections: usize, pipelined: usize, time: Duration) -> io::Result<f64> {
    let body =
        r#"{"query":"query RateLimit { rateLimitData { limitPerHour pointsSpentThisHour pointsResetIn } }","variables":{}}"#;
    let request = format!(
        "POST /api/v2/client HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer canned\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let requests = request.repeat(pipelined).into_bytes();
    let began = Instant::now();
    let asked = thread::scope(|scope| {
        let ask = || ask(address, connections.div_ceil(THREADS), &requests, pipelined, began + time);
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(ask)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err(io::Error::other("a thread panicked"))))
            .sum::<io::Result<usize>>()
    })?;
    Ok(asked as f64 / began.elapsed().as_secs_f64())
}

/// Asks until the end; how many answers came.
fn ask(address: SocketAddr, connections: usize, requests: &[u8], pipelined: usize, end: Instant) -> io::Result<usize> {
    let mut connections = (0..connections).map(|_| connect(address)).collect::<io::Result<Vec<_>>>()?;
    let Some(first) = connections.first_mut() else { return Ok(0) };
    let mut answers = vec![0; length_of_answer(first, &requests[..requests.len() / pipelined])? * pipelined];
    let mut count = 0;
    while Instant::now() < end {
        for connection in &mut connections {
            connection.write_all(requests)?;
        }
        for connection in &mut connections {
            connection.read_exact(&mut answers)?;
            if !answers.starts_with(b"HTTP/1.1 200") {
                return Err(io::Error::other("an answer is no success"));
            }
            count += pipelined;
        }
    }
    Ok(count)
}

fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// A small answer comes in one piece.
fn length_of_answer(connection: &mut TcpStream, request: &[u8]) -> io::Result<usize> {
    connection.write_all(request)?;
    connection.read(&mut [0; 4096])
}
