//! Each kind of trouble: answered within a second, told in words, without the password.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::Instant;

use super::process::{Process, settings};
use super::server::Server;
use crate::ErrorKind;
use crate::resilience::points::store::redis::RedisStore;

/// Takes a step; the reason that the process is alone afterwards.
async fn reason_within_a_second(process: &Process) -> String {
    let started = Instant::now();
    process.look().await;
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    let again = Instant::now();
    process.look().await;
    assert!(again.elapsed() < Duration::from_millis(50), "the second step waited {:?}", again.elapsed());
    process.why_alone()
}

/// A server that says the same to everything.
async fn saying(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut bytes = [0; 65_536];
                while let Ok(1..) = socket.read(&mut bytes).await {
                    for _ in bytes.split(|byte| *byte == b'*').skip(1).filter(|part| part.starts_with(b"")).take(2) {
                        let _ = socket.write_all(answer).await;
                    }
                }
            });
        }
    });
    url
}

#[tokio::test]
async fn nobody_listens() {
    let process = Process::at("redis://127.0.0.1:1/");
    assert_eq!(reason_within_a_second(&process).await, "Redis at 127.0.0.1:1 refuses connections");
}

#[tokio::test]
async fn it_is_silent() {
    let process = Process::at(&saying(b"").await);
    let reason = reason_within_a_second(&process).await;
    assert!(reason.contains("gave no answer"), "{reason}");
}

#[tokio::test]
async fn it_loads_its_data() {
    let process = Process::at(&saying(b"-LOADING Redis is loading the dataset in memory\r\n").await);
    let reason = reason_within_a_second(&process).await;
    assert!(reason.ends_with("is still loading its data"), "{reason}");
}

#[tokio::test]
async fn it_speaks_something_else() {
    let process = Process::at(&saying(b"HTTP/1.1 400 Bad Request\r\n\r\n").await);
    let reason = reason_within_a_second(&process).await;
    assert!(reason.starts_with("Redis at 127.0.0.1:"), "{reason}");
}

#[tokio::test]
async fn it_is_a_replica() {
    let Some(server) = Server::start(&[]).await else { return };
    let process = Process::of(&server);
    process.look().await;
    let _: () = server.ask(&["REPLICAOF", "127.0.0.1", "1"]).await;

    let reason = reason_within_a_second(&process).await;

    assert!(reason.ends_with("is a replica, which takes no writes"), "{reason}");
    let _: () = server.ask(&["REPLICAOF", "NO", "ONE"]).await;
    process.until_shared().await;
}

#[tokio::test]
async fn it_has_no_memory_left() {
    let Some(server) = Server::start(&[]).await else { return };
    let process = Process::of(&server);
    process.look().await;
    let _: () = server.ask(&["CONFIG", "SET", "maxmemory", "1"]).await;

    let reason = reason_within_a_second(&process).await;

    assert!(reason.ends_with("has no memory left for writes"), "{reason}");
    let _: () = server.ask(&["CONFIG", "SET", "maxmemory", "0"]).await;
    process.until_shared().await;
}

#[tokio::test]
async fn the_password_is_wrong_and_is_not_told() {
    let Some(server) = Server::start(&["--requirepass", "right"]).await else { return };
    let process = Process::at(&format!("redis://:hunter2@127.0.0.1:{}/", server.port));

    let reason = reason_within_a_second(&process).await;

    assert!(reason.ends_with("does not accept the password"), "{reason}");
    assert!(!format!("{reason} {:?}", process.store).contains("hunter2"));
}

#[tokio::test]
async fn what_cannot_be_an_address_is_told_at_once_without_the_password() {
    for url in ["", "localhost", "http://:hunter2@host/", "redis://:hunter2@host:port/", "rediss://:hunter2@host:6379/"] {
        let error = RedisStore::connect(url, "test", settings()).unwrap_err();

        assert_eq!(error.kind(), ErrorKind::Usage, "{url}");
        let words = format!("{error} {error:?}");
        assert!(words.contains("redis://HOST:6379") && !words.contains("hunter2"), "{words}");
    }
    assert_eq!(RedisStore::connect("redis://host/", "a{b", settings()).unwrap_err().kind(), ErrorKind::Usage);
}
