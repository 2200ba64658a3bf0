//! Small servers on real sockets that do one thing each, right or wrong.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What a server does after it has written its bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Then {
    /// Ends the connection in order.
    Close,
    /// Breaks it off with a reset.
    Reset,
    /// Waits for the next request on the same connection.
    KeepOpen,
    /// Writes nothing more and keeps it open.
    Stall,
}

/// A server that is asked over plain TCP.
pub(crate) struct Server {
    pub(crate) addr: SocketAddr,
    requests: Arc<AtomicUsize>,
}

impl Server {
    /// Answers the request with number n (from 0, the last again and again) by writing these bytes as they are.
    pub(crate) async fn writing(answers: Vec<(Vec<u8>, Then)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (addr, requests) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
        let (counter, answers) = (Arc::clone(&requests), Arc::new(answers));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&answers), Arc::clone(&counter)));
            }
        });
        Self { addr, requests }
    }

    /// The same answer for every request.
    pub(crate) async fn always(answer: impl Into<Vec<u8>>, then: Then) -> Self {
        Self::writing(vec![(answer.into(), then)]).await
    }

    /// How many requests have come in whole.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/api/v2/client", self.addr)
    }
}

async fn talk(mut stream: TcpStream, answers: Arc<Vec<(Vec<u8>, Then)>>, counter: Arc<AtomicUsize>) {
    while read_request(&mut stream).await {
        let number = counter.fetch_add(1, Ordering::SeqCst);
        let (bytes, then) = &answers[number.min(answers.len() - 1)];
        stream.write_all(bytes).await.unwrap();
        stream.flush().await.unwrap();
        match then {
            Then::KeepOpen => {}
            Then::Close => return,
            Then::Reset => {
                stream.set_zero_linger().unwrap();
                return;
            }
            Then::Stall => std::future::pending().await,
        }
    }
}

/// Reads one request to the end of its body. `false` where the client hung up.
async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> bool {
    let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return false,
            Ok(count) => read.extend_from_slice(&buffer[..count]),
        }
        let text = String::from_utf8_lossy(&read).to_lowercase();
        let Some(end) = text.find("\r\n\r\n") else { continue };
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<usize>().ok());
        if read.len() >= end + 4 + length.unwrap_or(0) {
            return true;
        }
    }
}

/// A certificate authority of our own and a certificate that it made for a host name.
pub(crate) struct Identity {
    /// The authority's certificate, as a file of certificates has it.
    pub(crate) authority_pem: String,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// Valid for this name.
    pub(crate) fn of(name: &str) -> Self {
        Self::changed(name, |_| {})
    }

    /// Ended long ago.
    pub(crate) fn expired(name: &str) -> Self {
        Self::changed(name, |params| {
            params.not_before = rcgen::date_time_ymd(2001, 1, 1);
            params.not_after = rcgen::date_time_ymd(2002, 1, 1);
        })
    }

    fn changed(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let (mut params, key) = (CertificateParams::new(vec![name.to_owned()]).unwrap(), KeyPair::generate().unwrap());
        change(&mut params);
        let certificate = params.signed_by(&key, &authority).unwrap();
        Self {
            authority_pem: pem(authority.der()),
            chain: vec![certificate.der().clone()],
            key: PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        }
    }

    /// As text, to be handed to another process.
    pub(crate) fn to_text(&self) -> String {
        use base64::Engine as _;
        let encode = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
        format!("{},{}", encode(&self.chain[0]), encode(self.key.secret_der()))
    }

    /// Read back from [`Self::to_text`]; the authority stays behind.
    pub(crate) fn from_text(text: &str) -> Self {
        use base64::Engine as _;
        let decode = |text: &str| base64::engine::general_purpose::STANDARD.decode(text).unwrap();
        let (certificate, key) = text.split_once(',').unwrap();
        Self {
            authority_pem: String::new(),
            chain: vec![CertificateDer::from(decode(certificate))],
            key: PrivatePkcs8KeyDer::from(decode(key)).into(),
        }
    }

    /// Accepts TLS connections with this certificate, for HTTP/2.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), self.key.clone_key())
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec()];
        TlsAcceptor::from(Arc::new(config))
    }
}

fn pem(der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

/// Puts TLS in front of a server of plain TCP, so that HTTP/2 is spoken with it; returns its port.
pub(crate) async fn tls_before(target: SocketAddr, identity: &Identity) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, acceptor) = (listener.local_addr().unwrap().port(), identity.acceptor());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut near) = acceptor.accept(stream).await else { return };
                let Ok(mut far) = TcpStream::connect(target).await else { return };
                let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    port
}

/// What an HTTP/2 server does with each stream.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stream {
    /// Answers 200 with `{}`.
    Answer,
    /// Refuses it: not processed.
    Refuse,
    /// Breaks it off as an internal error.
    Break,
    /// Says goodbye before it looked at any stream.
    GoAway,
}

/// An HTTP/2 server over TLS; returns its port.
pub(crate) async fn http2(identity: &Identity, what: Stream) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, acceptor) = (listener.local_addr().unwrap().port(), identity.acceptor());
    let streams = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&streams);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, counter) = (acceptor.clone(), Arc::clone(&counter));
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let Ok(mut connection) = h2::server::handshake(stream).await else { return };
                while let Some(Ok((_, mut respond))) = connection.accept().await {
                    counter.fetch_add(1, Ordering::SeqCst);
                    match what {
                        Stream::Answer => {
                            let mut body = respond.send_response(http::Response::new(()), false).unwrap();
                            body.send_data(bytes::Bytes::from_static(b"{}"), true).unwrap();
                        }
                        Stream::Refuse => respond.send_reset(h2::Reason::REFUSED_STREAM),
                        Stream::Break => respond.send_reset(h2::Reason::INTERNAL_ERROR),
                        Stream::GoAway => connection.abrupt_shutdown(h2::Reason::NO_ERROR),
                    }
                }
            });
        }
    });
    (port, streams)
}
