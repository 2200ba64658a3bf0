//! Settings of connections and of the client: honoured on real sockets, or refused when the client is built.

use std::time::Duration;

use bytes::Bytes;
use esologs::transport::{HttpSettings, HttpTransport, Transport as _, TransportError, TransportErrorKind as Kind};
use esologs::{
    BreakerSettings, CallPolicy, Client, ClientBuilder, Credentials, Endpoint, ErrorKind, RateSettings, RetryBudgetSettings,
    WhenEmpty,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::support::Script;
use crate::support::server::{Server, Then};

const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(20);

fn settings() -> HttpSettings {
    HttpSettings { use_system_proxy: false, ..HttpSettings::default() }
}

async fn send(settings: HttpSettings, url: &str, body: impl Into<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
    let transport = HttpTransport::new(&settings).unwrap();
    tokio::time::timeout(LONG, transport.send(http::Request::post(url).body(body.into()).unwrap())).await.expect("it hangs")
}

// Time-outs on sockets.

#[tokio::test]
async fn a_server_that_takes_the_request_and_says_nothing_ends_with_the_read_time_out() {
    let server = Server::always(Bytes::new(), Then::Stall).await;
    let started = Instant::now();

    let error = send(HttpSettings { read_timeout: Some(SHORT), ..settings() }, &server.url(), "{}").await.unwrap_err();

    assert_eq!(error.kind(), Kind::TimedOut);
    assert_eq!(error.to_string(), "no answer began within 0.3 s (read_timeout)");
    assert!((SHORT..LONG / 2).contains(&started.elapsed()), "{:?}", started.elapsed());
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_body_that_stops_ends_with_the_read_time_out_and_one_that_goes_on_does_not() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n0123456789";
    let server = Server::always(&cut[..], Then::Stall).await;

    let error = send(HttpSettings { read_timeout: Some(SHORT), ..settings() }, &server.url(), "{}").await.unwrap_err();

    assert_eq!(error.kind(), Kind::BodyBroken);
    assert!(error.to_string().contains("0.3 s after 10 bytes"), "{error}");

    // A byte each 100 ms for a second: longer than the time-out in all, never between two bytes.
    let (url, server) = slowly(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n", b"0123456789").await;
    let answer = send(HttpSettings { read_timeout: Some(SHORT), ..settings() }, &url, "{}").await.unwrap();
    assert_eq!(&answer.body()[..], b"0123456789");
    server.abort();
}

#[tokio::test]
async fn a_server_that_does_not_take_the_request_ends_with_the_write_time_out() {
    // It accepts, and reads nothing: some megabytes fill the buffers of both sides.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            kept.push(stream);
        }
    });

    let settings = HttpSettings { write_timeout: Some(SHORT), ..settings() };
    let error = send(settings, &url, vec![b' '; 64 << 20]).await.unwrap_err();

    assert_eq!(error.kind(), Kind::TimedOut);
    assert_eq!(error.to_string(), "the request could not be sent within 0.3 s (write_timeout)");
    server.abort();
}

#[tokio::test]
async fn a_watched_request_arrives_as_any_other() {
    let server = Server::always(&b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"[..], Then::KeepOpen).await;
    let settings = HttpSettings { read_timeout: Some(LONG), write_timeout: Some(LONG), ..settings() };

    for body in ["", "{}", &" ".repeat(40_000)] {
        let answer = send(settings.clone(), &server.url(), body.to_owned()).await.unwrap();
        assert_eq!(&answer.body()[..], b"{}", "a body of {} bytes", body.len());
    }

    assert_eq!(server.requests(), 3);
}

/// A server that writes the head at once and then a byte each 100 ms.
async fn slowly(head: &'static [u8], body: &'static [u8]) -> (String, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await.unwrap();
        stream.write_all(head).await.unwrap();
        for byte in body {
            tokio::time::sleep(Duration::from_millis(100)).await;
            stream.write_all(&[*byte]).await.unwrap();
        }
    });
    (url, server)
}

// What cannot be honoured is refused.

fn builder() -> ClientBuilder {
    Client::builder()
        .credentials(Credentials::new("wayrest-client", "s3cret").unwrap())
        .endpoint(Endpoint::new("https://logs.test").unwrap())
}

fn refused(builder: ClientBuilder) -> String {
    let error = builder.build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage, "{error}");
    error.to_string()
}

#[test]
fn settings_that_could_never_bring_an_answer_are_refused_when_the_client_is_built() {
    for (settings, name) in [
        (HttpSettings { connect_timeout: Duration::ZERO, ..settings() }, "connect_timeout"),
        (HttpSettings { read_timeout: Some(Duration::ZERO), ..settings() }, "read_timeout"),
        (HttpSettings { write_timeout: Some(Duration::ZERO), ..settings() }, "write_timeout"),
        (HttpSettings { max_body_bytes: 0, ..settings() }, "max_body_bytes"),
    ] {
        assert_eq!(refused(builder().http(settings)), format!("{name} is zero; nothing could ever be answered"));
    }
}

#[test]
fn a_time_out_that_another_would_always_forestall_is_refused() {
    let slow = HttpSettings { read_timeout: Some(Duration::from_secs(45)), ..settings() };

    assert_eq!(
        refused(builder().http(slow.clone())),
        "read_timeout is longer than attempt_timeout, which would always come first"
    );
    assert!(builder().http(slow).policy(CallPolicy::interactive().timeout(Duration::from_secs(45))).build().is_ok());
}

#[test]
fn settings_of_connections_beside_a_transport_of_ones_own_are_refused() {
    let message = refused(builder().transport(Script::new()).http(settings()));
    assert!(message.contains("a transport of one's own, which would not know them"), "{message}");
}

#[tokio::test]
async fn numbers_that_contradict_each_other_are_refused_with_the_names_of_both() {
    let policy = CallPolicy::interactive();
    let breaker = BreakerSettings::interactive();
    let budget = RetryBudgetSettings::interactive();
    let minute = Duration::from_secs(60);
    let cases = [
        (builder().policy(CallPolicy { concurrency: 0, ..policy.clone() }), "concurrency is 0"),
        (builder().policy(CallPolicy { slot_timeout: Some(Duration::ZERO), ..policy.clone() }), "slot_timeout is zero"),
        (builder().policy(CallPolicy { attempt_timeout: minute, ..policy.clone() }), "attempt_timeout is longer than deadline"),
        (
            builder().policy(CallPolicy { retry_budget: Some(RetryBudgetSettings { cap: 1.0, ..budget }), ..policy.clone() }),
            "cap must be at least 2",
        ),
        (
            builder().policy(CallPolicy {
                retry_budget: Some(RetryBudgetSettings { per_second: 0.0, when_empty: WhenEmpty::Wait, ..budget }),
                ..policy
            }),
            "needs per_second above 0",
        ),
        (builder().request_rate(RateSettings { per_second: 0.0, burst: 10 }), "per_second must be above 0"),
        (builder().request_rate(RateSettings { per_second: 5.0, burst: 0 }), "burst at least 1"),
        (builder().breaker(BreakerSettings { failure_rate: f64::NAN, ..breaker }), "failure_rate must be above 0"),
        (builder().breaker(BreakerSettings { window: Duration::from_secs(19), ..breaker }), "window must be at least twice"),
        (builder().breaker(BreakerSettings { lease: Duration::from_secs(9), ..breaker }), "lease must be at least"),
        (builder().breaker(BreakerSettings { open_cap: Duration::from_secs(4), ..breaker }), "open_cap at least as long"),
        (builder().breaker(BreakerSettings { open_cap: 1440 * minute, ..breaker }), "open_cap must be below 24 h"),
        (builder().breaker(BreakerSettings { open_growth: 0.5, ..breaker }), "open_growth must be 1 or more"),
        (builder().breaker(BreakerSettings { open_jitter: 1.0, ..breaker }), "open_jitter must be at least 0 and below 1"),
        (builder().breaker(BreakerSettings { consecutive_failures: 0, ..breaker }), "must be at least 1"),
    ];
    for (builder, words) in cases {
        let message = refused(builder);
        assert!(message.contains(words), "'{message}' does not say '{words}'");
    }
}

#[tokio::test]
async fn a_breaker_that_nobody_set_fits_attempts_of_any_length() {
    let patient = CallPolicy::batch().timeout(Duration::from_secs(300));
    assert!(builder().policy(patient).build().is_ok());
}
