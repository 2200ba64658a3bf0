//! Faults of the connection, for clients that speak HTTP/2.

use std::error::Error as _;
use std::time::Duration;

use bytes::Bytes;
use esologs_sim::{FaultKind, On, ScriptedFault};
use h2::Reason;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http2::SendRequest;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::time::{Instant, timeout};

use crate::raw::{BOTH, Server};
use crate::support::{RATE, api_request, demo_form, token, token_request};

type Sender = SendRequest<Full<Bytes>>;

/// What came of a request: the announced length and the body, or how it broke.
type Outcome = Result<(Option<usize>, Bytes), hyper::Error>;

async fn connect(server: &Server) -> Sender {
    let io = TokioIo::new(server.connect().await);
    let (sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    sender
}

async fn request(server: &Server, on: &On) -> Request<Full<Bytes>> {
    let request = match on {
        On::Token => token_request(&demo_form()),
        _ => api_request("/api/v2/client", &token(&server.sim).await, &serde_json::json!({"query": RATE})),
    };
    let (mut parts, body) = request.into_parts();
    parts.uri = format!("{}{}", server.running.base_url(), parts.uri).parse().unwrap();
    Request::from_parts(parts, Full::new(body))
}

async fn send(sender: &mut Sender, request: Request<Full<Bytes>>) -> Outcome {
    let answer = sender.send_request(request).await?;
    let length = answer.headers().get("content-length").map(|value| value.to_str().unwrap().parse().unwrap());
    Ok((length, answer.into_body().collect().await?.to_bytes()))
}

/// Sends one request that has the fault, on a connection of its own.
async fn struck(server: &Server, on: &On, fault: ScriptedFault) -> Outcome {
    let request = request(server, on).await;
    server.shall_have(fault);
    let mut sender = connect(server).await;
    timeout(Duration::from_secs(5), send(&mut sender, request)).await.unwrap()
}

fn cause(error: &hyper::Error) -> &h2::Error {
    error.source().and_then(|source| source.downcast_ref()).unwrap_or_else(|| panic!("{error:?}"))
}

#[tokio::test]
async fn a_refused_stream_is_reset_and_the_connection_goes_on() {
    let server = Server::start().await;
    for on in BOTH {
        let (first, second) = (request(&server, &on).await, request(&server, &on).await);
        server.shall_have(ScriptedFault::new(on, FaultKind::RefusedStream));
        let mut sender = connect(&server).await;

        let refused = send(&mut sender, first).await.unwrap_err();

        assert!(cause(&refused).is_reset() && cause(&refused).is_remote());
        assert_eq!(cause(&refused).reason(), Some(Reason::REFUSED_STREAM));
        assert!(send(&mut sender, second).await.is_ok());
    }
    let stats = server.sim.stats();
    assert_eq!((stats.faults["refused_stream"], stats.connections), (2, 2));
}

#[tokio::test]
async fn a_goaway_tells_that_the_request_was_not_processed_and_lets_those_before_it_end() {
    let server = Server::start().await;
    for on in BOTH {
        let (first, second, third) = (request(&server, &on).await, request(&server, &on).await, request(&server, &on).await);
        let (charged, struck) = (server.sim.stats().points_spent, server.sim.stats().faults_total);
        let slow = ScriptedFault::new(on.clone(), FaultKind::StallBeforeHeaders).lasts(Duration::from_millis(300));
        let faults = esologs_sim::Faults::none().with(slow).with(ScriptedFault::new(on, FaultKind::GoAway).nth(2));
        server.sim.set_faults(faults);
        let mut sender = connect(&server).await;
        let mut same = sender.clone();
        let slow = tokio::spawn(async move { send(&mut same, first).await });
        server.struck(struck + 1).await;
        let charged_for_slow = server.sim.stats().points_spent - charged;

        let not_processed = send(&mut sender, second).await.unwrap_err();

        assert!(cause(&not_processed).is_go_away() && cause(&not_processed).is_remote(), "{not_processed:?}");
        assert_eq!(cause(&not_processed).reason(), Some(Reason::NO_ERROR));
        assert!(slow.await.unwrap().is_ok(), "the stream before it is answered");
        assert!(send(&mut sender, third).await.is_err(), "the connection is gone");
        assert_eq!(server.sim.stats().points_spent - charged, charged_for_slow);
    }
    assert_eq!(server.sim.stats().faults["goaway"], 2);
}

#[tokio::test]
async fn connections_that_are_reset_closed_or_cut_break_the_answer() {
    let server = Server::start().await;
    for on in BOTH {
        for kind in [
            FaultKind::ResetBeforeHeaders,
            FaultKind::CloseBeforeHeaders,
            FaultKind::ResetInBody,
            FaultKind::CloseInBody,
            FaultKind::LengthTooLarge,
            FaultKind::LengthTooSmall,
            FaultKind::PortClosed,
        ] {
            let fault = ScriptedFault::new(on.clone(), kind);
            let fault = if kind == FaultKind::PortClosed { fault.lasts(Duration::from_millis(10)) } else { fault };
            let outcome = struck(&server, &on, fault).await;
            assert!(outcome.is_err(), "{kind}: {outcome:?}");
            assert_eq!(server.sim.stats().faults[kind.name()], 1 + u64::from(on == On::Api), "{kind}");
            while tokio::net::TcpStream::connect(server.running.addr()).await.is_err() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    }
}

#[tokio::test]
async fn bodies_come_up_to_the_cut() {
    let server = Server::start().await;
    for on in BOTH {
        let request = request(&server, &on).await;
        server.shall_have(ScriptedFault::new(on, FaultKind::CloseInBody).at(11));
        let mut body = connect(&server).await.send_request(request).await.unwrap().into_body();

        let first = body.frame().await.unwrap().unwrap().into_data().unwrap();

        assert_eq!(first.len(), 11);
        assert!(body.frame().await.unwrap().is_err());
    }
}

#[tokio::test]
async fn slow_answers_are_good_in_the_end() {
    let server = Server::start().await;
    let time = Duration::from_millis(100);
    for on in BOTH {
        for kind in [FaultKind::StallBeforeHeaders, FaultKind::StallInBody, FaultKind::Drip] {
            let fault = ScriptedFault::new(on.clone(), kind);
            let fault = if kind == FaultKind::Drip { fault.every(time / 20) } else { fault.lasts(time) };
            let started = Instant::now();
            let (length, body) = struck(&server, &on, fault).await.unwrap();
            assert!(started.elapsed() >= time * 9 / 10, "{kind}: {:?}", started.elapsed());
            assert_eq!(length, Some(body.len()), "{kind}");
            assert!(serde_json::from_slice::<serde_json::Value>(&body).is_ok());
        }
    }
}

#[tokio::test]
async fn stalls_end_with_the_server_and_leave_no_task() {
    let alive = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let before = alive();
    let server = Server::start().await;
    let mut stalled = Vec::new();
    for on in BOTH {
        for kind in [FaultKind::StallBeforeHeaders, FaultKind::StallInBody] {
            let mut sender = connect(&server).await;
            for same_connection in [true, false] {
                let request = request(&server, &on).await;
                server.shall_have(ScriptedFault::new(on.clone(), kind));
                let mut sender = if same_connection { sender.clone() } else { connect(&server).await };
                stalled.push(tokio::spawn(async move { send(&mut sender, request).await.is_err() }));
                server.struck(stalled.len() as u64).await;
            }
            let request = request(&server, &on).await;
            assert!(send(&mut sender, request).await.is_ok(), "other streams go on");
        }
    }
    assert!(stalled.iter().all(|stalled| !stalled.is_finished()));

    let asked = Instant::now();
    server.running.shutdown().await.unwrap();

    assert!(asked.elapsed() < Duration::from_millis(1_500), "{:?}", asked.elapsed());
    for stalled in stalled {
        assert!(stalled.await.unwrap());
    }
    for _ in 0..100 {
        if alive() == before {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(alive(), before);
}

#[tokio::test]
async fn an_idle_connection_is_closed_without_a_goaway_and_a_slow_port_ends_it_too() {
    let server = Server::start().await;
    for on in BOTH {
        for kind in [FaultKind::CloseIdle, FaultKind::SlowAccept] {
            let request = request(&server, &on).await;
            server.shall_have(ScriptedFault::new(on.clone(), kind).lasts(Duration::from_millis(30)));
            let mut sender = connect(&server).await;
            assert!(send(&mut sender, request).await.is_ok());
            let closed = async {
                while !sender.is_closed() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            timeout(Duration::from_secs(2), closed).await.unwrap();
        }
    }
}
