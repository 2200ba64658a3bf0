//! The real transport on real sockets: what each way of breaking is taken for, and what it must never do by itself.
//!
//! These tests run in real time. Nothing here waits to prove a delay; the limits are generous.

use std::io::Write as _;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use esologs::transport::{BodyStall, HttpSettings, HttpTransport, Transport, TransportError, TransportErrorKind as Kind};
use esologs::{CallPolicy, Client, ErrorKind};
use esologs_sim::{FaultKind, Faults, On, ScriptedFault, Simulator};
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::support::own_process::{again, is_child, trusted, trusting};
use crate::support::server::{Identity, Server, Stream, Then, http2};
use crate::support::{Rig, everything_shown, hasty};

/// Settings for the own machine: quick to give up, whatever proxy the environment names.
fn quick() -> HttpSettings {
    HttpSettings { use_system_proxy: false, ..HttpSettings::default() }
}

async fn send_with(settings: &HttpSettings, url: &str) -> Result<http::Response<Bytes>, TransportError> {
    HttpTransport::new(settings).unwrap().send(post(url)).await
}

async fn send(url: &str) -> Result<http::Response<Bytes>, TransportError> {
    send_with(&quick(), url).await
}

fn post(url: &str) -> http::Request<Bytes> {
    let request =
        http::Request::post(url).header("content-type", "application/json").header("authorization", "Bearer tok-of-mundus");
    let request = request.extension(BodyStall(Duration::from_millis(300)));
    request.body(Bytes::from_static(b"{\"query\":\"{ a }\"}")).unwrap()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// An answer with this length announced and this body written.
fn answer(headers: &str, length: usize, body: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{headers}content-length: {length}\r\n\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

fn whole(body: &[u8]) -> Vec<u8> {
    answer("", body.len(), body)
}

// Whole answers.

#[tokio::test]
async fn an_answer_comes_with_status_headers_and_body() {
    let server =
        Server::always("HTTP/1.1 503 Service Unavailable\r\nretry-after: 7\r\ncontent-length: 4\r\n\r\nlate", Then::Close).await;

    let response = send(&server.url()).await.unwrap();

    assert_eq!(
        (response.status().as_u16(), &response.headers()["retry-after"], &response.body()[..]),
        (503, &"7".parse().unwrap(), &b"late"[..])
    );
}

#[tokio::test]
async fn a_compressed_answer_is_unpacked() {
    let text = b"{\"data\":{\"x\":1}}".repeat(1000);
    let packed = gzip(&text);
    let server = Server::always(answer("content-encoding: gzip\r\n", packed.len(), &packed), Then::KeepOpen).await;

    let response = send(&server.url()).await.unwrap();

    assert_eq!(response.body().len(), text.len());
    assert_eq!(&response.body()[..], &text[..]);
}

#[tokio::test]
async fn an_answer_in_chunks_is_put_together() {
    let server = Server::always(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n",
        Then::KeepOpen,
    )
    .await;
    assert_eq!(&send(&server.url()).await.unwrap().body()[..], b"{\"a\":1}");
}

#[tokio::test]
async fn connections_are_used_again() {
    let running = Simulator::builder().build().unwrap().start_tcp("127.0.0.1:0").await.unwrap();
    let client = over_tcp(&running.base_url(), CallPolicy::interactive());

    for _ in 0..5 {
        client.rate_limit().await.unwrap();
    }

    let stats = running.sim().stats();
    assert_eq!((stats.requests, stats.connections), (6, 1));
}

// Broken answers.

#[tokio::test]
async fn a_body_that_ends_early_is_broken() {
    let packed = gzip(&b"{\"data\":null}".repeat(100));
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":";
    for (what, bytes) in [
        ("length mismatch", answer("", 100, b"{\"data\":")),
        ("nothing of it", answer("", 100, b"")),
        ("in a chunk", chunked.into()),
        ("between chunks", chunked[..chunked.len() - 5].into()),
        ("compressed", answer("content-encoding: gzip\r\n", packed.len(), &packed[..packed.len() / 2])),
        ("compressed, length of the cut", answer("content-encoding: gzip\r\n", packed.len() - 9, &packed[..packed.len() - 9])),
        ("not compressed at all", answer("content-encoding: gzip\r\n", 13, b"{\"data\":null}")),
    ] {
        for then in [Then::Close, Then::Reset] {
            let server = Server::always(bytes.clone(), then).await;
            let error = send(&server.url()).await.expect_err(what);
            assert_eq!(error.kind(), Kind::BodyBroken, "{what}, {then:?}: {error:?}");
            assert_eq!(server.requests(), 1, "{what}: the transport repeats nothing");
        }
    }
}

#[tokio::test]
async fn a_body_cut_at_any_byte_is_found_plain_and_compressed() {
    let text = b"{\"data\":{\"reportData\":{\"report\":{\"events\":{\"data\":[{\"timestamp\":1}],\"nextPageTimestamp\":null}}}}}";
    let packed = gzip(text);
    let transport = HttpTransport::new(&quick()).unwrap();
    for (headers, body) in [("", &text[..]), ("content-encoding: gzip\r\n", &packed[..])] {
        for cut in 0..body.len() {
            let server = Server::always(answer(headers, body.len(), &body[..cut]), Then::Close).await;
            let error = transport.send(post(&server.url())).await.expect_err("a cut body is no answer");
            assert_eq!(error.kind(), Kind::BodyBroken, "cut at {cut}: {error:?}");
        }
    }
}

#[tokio::test]
async fn a_body_that_stands_still_is_broken_and_says_for_how_long() {
    let server = Server::always(answer("", 100, b"{\"data\":"), Then::Stall).await;
    let started = Instant::now();

    let error = send(&server.url()).await.unwrap_err();

    assert_eq!(error.kind(), Kind::BodyBroken);
    assert_eq!(error.to_string(), "the answer stood still for 0.3 s after 8 bytes");
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_also_where_it_is_small_on_the_wire() {
    let zeros = vec![b' '; 1 << 20];
    let packed = gzip(&zeros);
    let settings = HttpSettings { max_body_bytes: 100_000, ..quick() };
    for bytes in [whole(&zeros), answer("content-encoding: gzip\r\n", packed.len(), &packed)] {
        let server = Server::always(bytes, Then::Stall).await;
        let error = send_with(&settings, &server.url()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::BodyTooLarge);
        assert!(error.to_string().contains("max_body_bytes"), "{error}");
    }
}

#[tokio::test]
async fn a_connection_that_ends_before_the_headers_is_told_from_a_cut_body() {
    for bytes in ["", "HTTP/1.1 200 OK\r\ncontent-le"] {
        for then in [Then::Close, Then::Reset] {
            let server = Server::always(bytes, then).await;
            let error = send(&server.url()).await.unwrap_err();
            assert_eq!(error.kind(), Kind::ClosedBeforeHeaders, "{bytes:?}, {then:?}: {error:?}");
        }
    }
}

#[tokio::test]
async fn a_request_that_was_sent_on_a_used_connection_is_never_sent_again_unseen() {
    let server =
        Server::writing(vec![(whole(b"{}"), Then::KeepOpen), (Vec::new(), Then::Close), (whole(b"{}"), Then::KeepOpen)]).await;
    let transport = HttpTransport::new(&quick()).unwrap();
    transport.send(post(&server.url())).await.unwrap();

    let error = transport.send(post(&server.url())).await.unwrap_err();

    assert_eq!(error.kind(), Kind::ClosedBeforeHeaders);
    assert_eq!(server.requests(), 2, "attempts and points would be counted wrong");
}

#[tokio::test]
async fn what_is_no_http_is_no_answer() {
    let server = Server::always("220 mail.example ESMTP ready\r\n\r\n", Then::Close).await;
    assert_eq!(send(&server.url()).await.unwrap_err().kind(), Kind::ClosedBeforeHeaders);
}

#[tokio::test]
async fn a_redirect_is_handed_over_and_not_followed() {
    let elsewhere = Server::always(whole(b"{}"), Then::Close).await;
    for code in [301, 302, 303, 307, 308] {
        let head = format!("HTTP/1.1 {code} Moved\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", elsewhere.url());
        let server = Server::always(head, Then::Close).await;
        assert_eq!(send(&server.url()).await.unwrap().status().as_u16(), code);
    }
    assert_eq!(elsewhere.requests(), 0, "a token goes to its own host only");
}

// No connection.

#[tokio::test]
async fn a_refused_connection_is_known() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();

    let error = send(&format!("http://{nobody}/")).await.unwrap_err();

    assert_eq!(error.kind(), Kind::Connect);
    assert_eq!(error.to_string(), "the connection was refused");
}

#[tokio::test]
async fn an_unknown_name_is_told_from_a_refused_connection() {
    let patient = HttpSettings { connect_timeout: Duration::from_secs(30), ..quick() };
    for scheme in ["http", "https"] {
        let error = send_with(&patient, &format!("{scheme}://does-not-exist.invalid/")).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Dns, "{error:?}");
        assert_eq!(error.to_string(), "the host's name was not found");
    }
}

#[tokio::test]
async fn a_tls_handshake_that_is_not_answered_ends_with_the_connect_time_out() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = HttpSettings { connect_timeout: Duration::from_millis(300), ..quick() };
    let started = Instant::now();

    let error = send_with(&settings, &format!("https://localhost:{}/", silent.local_addr().unwrap().port())).await.unwrap_err();

    assert_eq!(error.kind(), Kind::Connect, "nothing was sent: {error:?}");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_tls_handshake_that_is_answered_with_something_else_is_a_failed_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });

    let error = send(&format!("https://localhost:{port}/")).await.unwrap_err();

    assert_eq!(error.kind(), Kind::Connect, "{error:?}");
}

#[tokio::test]
async fn an_error_of_the_transport_shows_neither_token_nor_address() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let cut = Server::always(answer("", 100, b"{"), Then::Close).await;
    for url in [format!("http://{nobody}/?secret=hunter2"), format!("{}?secret=hunter2", cut.url())] {
        let shown = everything_shown(&send(&url).await.unwrap_err());
        assert!(!shown.contains("tok-of-mundus") && !shown.contains("hunter2"), "{shown}");
    }
}

// Certificates and HTTP/2.

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_named() {
    let (port, streams) = http2(&Identity::of("localhost"), Stream::Answer).await;

    let error = send(&format!("https://localhost:{port}/")).await.unwrap_err();

    assert_eq!(error.kind(), Kind::Certificate, "{error:?}");
    assert!(error.to_string().starts_with("the host's certificate is not valid: "), "{error}");
    assert_eq!(streams.load(Ordering::SeqCst), 0, "nothing was sent");
}

#[tokio::test]
async fn a_call_to_a_host_with_a_bad_certificate_is_final_and_says_what_to_check() {
    let (port, _) = http2(&Identity::of("localhost"), Stream::Answer).await;
    let client = over_tcp(&format!("https://localhost:{port}"), CallPolicy::batch());

    let error = client.rate_limit().await.unwrap_err();

    assert_eq!((error.kind(), error.attempts(), error.is_retryable()), (ErrorKind::Certificate, 1, false));
    assert!(error.hint().unwrap().contains("clock"), "{error:?}");
}

#[tokio::test]
async fn the_transport_works_where_there_is_no_store_of_certificates() {
    if !is_child() {
        let empty = tempfile::tempdir().unwrap();
        let file = empty.path().join("none.pem");
        std::fs::write(&file, "").unwrap();
        let variables = [("SSL_CERT_FILE", file.to_str().unwrap()), ("SSL_CERT_DIR", empty.path().to_str().unwrap())];
        return again("http::the_transport_works_where_there_is_no_store_of_certificates", &variables);
    }
    let server = Server::always(whole(b"{}"), Then::Close).await;
    assert_eq!(send(&server.url()).await.unwrap().status().as_u16(), 200);
    // The built-in list takes its place: an unknown authority is still refused.
    let (port, _) = http2(&Identity::of("localhost"), Stream::Answer).await;
    assert_eq!(send(&format!("https://localhost:{port}/")).await.unwrap_err().kind(), Kind::Certificate);
}

#[tokio::test]
async fn the_own_machine_is_reached_without_the_proxy_of_the_environment() {
    if !is_child() {
        let nowhere = [
            ("HTTP_PROXY", "http://127.0.0.1:1"),
            ("http_proxy", "http://127.0.0.1:1"),
            ("ALL_PROXY", "http://127.0.0.1:1"),
            ("NO_PROXY", ""),
            ("no_proxy", ""),
        ];
        return again("http::the_own_machine_is_reached_without_the_proxy_of_the_environment", &nowhere);
    }
    let running = Simulator::builder().build().unwrap().start_tcp("127.0.0.1:0").await.unwrap();
    over_tcp(&running.base_url(), CallPolicy::plain()).rate_limit().await.unwrap();
}

#[tokio::test]
async fn a_trusted_host_is_spoken_to_in_http_2() {
    if !is_child() {
        return trusting("http::a_trusted_host_is_spoken_to_in_http_2", &Identity::of("localhost"));
    }
    let (port, streams) = http2(&trusted(), Stream::Answer).await;

    let response = send(&format!("https://localhost:{port}/")).await.unwrap();

    assert_eq!((response.version(), &response.body()[..]), (http::Version::HTTP_2, &b"{}"[..]));
    assert_eq!(streams.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_trusted_certificate_for_another_name_is_refused() {
    if !is_child() {
        return trusting("http::a_trusted_certificate_for_another_name_is_refused", &Identity::of("elsewhere.test"));
    }
    let (port, _) = http2(&trusted(), Stream::Answer).await;
    assert_eq!(send(&format!("https://localhost:{port}/")).await.unwrap_err().kind(), Kind::Certificate);
}

#[tokio::test]
async fn a_trusted_certificate_that_has_ended_is_refused_and_says_so() {
    if !is_child() {
        return trusting("http::a_trusted_certificate_that_has_ended_is_refused_and_says_so", &Identity::expired("localhost"));
    }
    let (port, _) = http2(&trusted(), Stream::Answer).await;
    let error = send(&format!("https://localhost:{port}/")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Certificate);
    assert!(error.to_string().contains("expired"), "{error}");
}

#[tokio::test]
async fn a_refused_stream_is_known_as_not_processed_and_not_sent_again() {
    if !is_child() {
        return trusting("http::a_refused_stream_is_known_as_not_processed_and_not_sent_again", &Identity::of("localhost"));
    }
    let (port, streams) = http2(&trusted(), Stream::Refuse).await;

    let error = send(&format!("https://localhost:{port}/")).await.unwrap_err();

    assert_eq!(error.kind(), Kind::NotProcessed, "{error:?}");
    assert_eq!(streams.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_stream_that_breaks_may_have_been_processed() {
    if !is_child() {
        return trusting("http::a_stream_that_breaks_may_have_been_processed", &Identity::of("localhost"));
    }
    let (port, streams) = http2(&trusted(), Stream::Break).await;

    let error = send(&format!("https://localhost:{port}/")).await.unwrap_err();

    assert_eq!(error.kind(), Kind::ClosedBeforeHeaders, "{error:?}");
    assert_eq!(streams.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_goodbye_after_our_stream_was_seen_is_not_taken_for_not_processed() {
    if !is_child() {
        return trusting("http::a_goodbye_after_our_stream_was_seen_is_not_taken_for_not_processed", &Identity::of("localhost"));
    }
    // The server has taken our stream and then ends the connection: its goodbye names our stream as the last one seen.
    let (port, streams) = http2(&trusted(), Stream::GoAway).await;

    let error = send(&format!("https://localhost:{port}/")).await.unwrap_err();

    assert_eq!(error.kind(), Kind::ClosedBeforeHeaders, "{error:?}");
    assert_eq!(streams.load(Ordering::SeqCst), 1);
}

// A whole client on it.

fn over_tcp(base_url: &str, policy: CallPolicy) -> Client {
    Rig::over_tcp(base_url, policy).client
}

#[tokio::test]
async fn a_client_over_tcp_outlives_faults_as_it_does_in_process() {
    let mut faults = Faults::none();
    for (nth, kind) in
        [(1, FaultKind::BadGateway), (2, FaultKind::EmptyBody), (3, FaultKind::TruncatedJson), (4, FaultKind::RevokeTokens)]
    {
        faults = faults.with(ScriptedFault::new(On::Operation("RateLimit".to_owned()), kind).nth(nth));
    }
    let running = Simulator::builder().faults(faults).build().unwrap().start_tcp("127.0.0.1:0").await.unwrap();

    over_tcp(&running.base_url(), hasty(CallPolicy::batch())).rate_limit().await.unwrap();

    let stats = running.sim().stats();
    assert_eq!((stats.faults_total, stats.tokens_issued, stats.by_endpoint["/api/v2/client"]), (4, 2, 5));
    running.shutdown().await.unwrap();
}

#[tokio::test]
async fn an_unreachable_host_is_named_with_what_happened_and_what_to_check() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();

    let error = over_tcp(&format!("http://{nobody}"), CallPolicy::plain()).rate_limit().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Unreachable);
    assert_eq!(error.message(), format!("cannot reach {nobody}: the connection was refused"));
    assert!(error.hint().unwrap().contains("base URL"), "{error:?}");
}
