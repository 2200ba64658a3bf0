//! HTTP/1.1 over loopback, no more of it than our clients use: POST with a length, kept alive, pipelined or not.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use super::Answers;

/// Serves these answers on a free port, a thread for each connection, as long as the process lives.
///
/// # Errors
/// Where the system gives no port.
pub fn serve(answers: Arc<Answers>) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answers = Arc::clone(&answers);
            // A client that went away ends its connection only.
            thread::spawn(move || drop(converse(stream, &answers)));
        }
    });
    Ok(address)
}

/// Answers the requests of one connection until its end.
fn converse(mut stream: TcpStream, answers: &Answers) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; 64 * 1024];
    let mut filled = 0;
    // Small answers to pipelined requests go out together.
    let mut together = Vec::new();
    loop {
        let read = stream.read(&mut buffer[filled..])?;
        if read == 0 {
            return Ok(());
        }
        filled += read;
        let mut done = 0;
        while let Some(request) = Request::parse(&buffer[done..filled]) {
            let answer = answers.to(request.line, request.body);
            done += request.length;
            if together.is_empty() && (done == filled || answer.len() > buffer.len()) {
                stream.write_all(answer)?;
            } else {
                together.extend_from_slice(answer);
            }
        }
        if !together.is_empty() {
            stream.write_all(&together)?;
            together.clear();
        }
        buffer.copy_within(done..filled, 0);
        filled -= done;
        if filled == buffer.len() {
            return Err(io::Error::other("a request is longer than the buffer"));
        }
    }
}

/// A whole request at the start of what was read.
struct Request<'a> {
    line: &'a [u8],
    body: &'a [u8],
    length: usize,
}

impl<'a> Request<'a> {
    /// `None` where more of it has to come.
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let head = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let mut lines = bytes[..head].split(|byte| *byte == b'\n');
        let line = lines.next()?;
        let length = head + lines.find_map(content_length).unwrap_or(0);
        Some(Self { line, body: bytes.get(head..length)?, length })
    }
}

fn content_length(line: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let (name, value) = line.split_at_checked(NAME.len())?;
    if !name.eq_ignore_ascii_case(NAME) {
        return None;
    }
    std::str::from_utf8(value).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_taken_when_it_is_whole() {
        let bytes = b"POST /x HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcPOST";
        let request = Request::parse(bytes).unwrap();
        assert_eq!((request.body, request.length), (&b"abc"[..], bytes.len() - 4));
        assert!(Request::parse(&bytes[..bytes.len() - 5]).is_none());
    }
}
