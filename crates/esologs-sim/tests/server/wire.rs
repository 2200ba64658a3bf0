//! Over TCP, and what only matters there.

use std::io::Read as _;

use bytes::Bytes;
use esologs_sim::{Running, Simulator};
use flate2::read::GzDecoder;
use http::{Request, Version};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Client, RATE, client, demo_form, public_report, sim};

async fn running() -> (Simulator, Running) {
    let sim = sim();
    let running = sim.start_tcp("127.0.0.1:0").await.unwrap();
    (sim, running)
}

#[tokio::test]
async fn answers_are_gzipped_for_clients_that_allow_it() {
    let client = client().await;
    let code = &public_report(&client.sim).code;
    let query = format!("{{ reportData {{ report(code: \"{code}\") {{ masterData {{ abilities {{ name icon }} }} }} }} }}");

    let plain = client.ask(&query).await;
    let zipped = client.ask_gzipped(&query).await;

    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(zipped.header("content-encoding"), Some("gzip"));
    assert!(zipped.body.len() < plain.body.len() / 2);
    let mut text = Vec::new();
    GzDecoder::new(&zipped.body[..]).read_to_end(&mut text).unwrap();
    assert_eq!(text, plain.body);
    assert_eq!(client.ask_gzipped(RATE).await.header("content-encoding"), None);
}

#[tokio::test]
async fn http_1_works_with_one_connection_for_several_requests() {
    let (sim, running) = running().await;
    let mut stream = TcpStream::connect(running.addr()).await.unwrap();
    let form = demo_form();
    for _ in 0..2 {
        let request = format!(
            "POST /oauth/token HTTP/1.1\r\nhost: sim\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"}") {
            assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0);
        }
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("\"token_type\":\"Bearer\""), "{answer}");
    }
    drop(stream);
    running.shutdown().await.unwrap();
    assert_eq!((sim.stats().connections, sim.stats().tokens_issued), (1, 2));
}

#[tokio::test]
async fn http_2_works_with_prior_knowledge_and_many_requests_at_once() {
    let (sim, running) = running().await;
    let token = Client::of(&sim).await.token;
    let stream = TcpStream::connect(running.addr()).await.unwrap();
    let (sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);

    let requests = (0..20).map(|_| {
        let mut sender = sender.clone();
        let body = serde_json::json!({"query": RATE}).to_string();
        let request = Request::post(format!("{}/api/v2/client", running.base_url()))
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {token}"))
            .body(Full::new(Bytes::from(body)))
            .unwrap();
        tokio::spawn(async move { sender.send_request(request).await.unwrap() })
    });
    let requests: Vec<_> = requests.collect();
    for request in requests {
        let answer = request.await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.version()), (200, Version::HTTP_2));
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(body.starts_with(b"{\"data\":{\"rateLimitData\":"));
    }
    assert_eq!((sim.stats().connections, sim.stats().executed), (1, 20));
    drop(sender);
    running.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_get_over_tcp_is_404_and_shutdown_frees_the_port() {
    let (_, running) = running().await;
    let address = running.addr();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /api/v2/client HTTP/1.1\r\nhost: sim\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 404 Not Found") && answer.ends_with("{\"message\":\"\"}"), "{answer}");

    running.shutdown().await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn handles_are_send_and_sync_and_share_one_service() {
    fn assert_shareable<T: Clone + Send + Sync + 'static>(_: &T) {}
    let client = client().await;
    assert_shareable(&client.sim);
    let copy = client.sim.clone();
    client.ask(RATE).await;
    assert_eq!(copy.stats(), client.sim.stats());
    assert_eq!(copy.stats().executed, 1);
}
