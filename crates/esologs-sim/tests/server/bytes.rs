//! Faults of the connection, as they are on the wire.

use std::time::Duration;

use esologs_sim::{FaultKind, Faults, Framing, On, ScriptedFault, Strikes};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::raw::{BOTH, End, Server, read, read_stalled, unzipped};
use crate::support::{Client, public_report};

fn fault(on: &On, kind: FaultKind) -> ScriptedFault {
    ScriptedFault::new(on.clone(), kind)
}

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[tokio::test]
async fn a_connection_is_reset_or_closed_before_the_headers_or_within_them() {
    let server = Server::start().await;
    for on in BOTH {
        for (kind, end) in [(FaultKind::ResetBeforeHeaders, End::Reset), (FaultKind::CloseBeforeHeaders, End::Closed)] {
            for at in [0, 1, 17, 40] {
                server.shall_have(fault(&on, kind).at(at));
                let seen = server.ask(&server.request(&on, "")).await;

                assert_eq!((seen.head.len(), seen.body.len(), seen.end), (at, 0, end), "{kind} {on:?}");
                assert!("HTTP/1.1 200 OK\r\n".starts_with(&seen.head[..at.min(17)]), "{kind}: {}", seen.head);
                let next = server.ask(&server.request(&on, "connection: close\r\n")).await;
                assert!(next.head.starts_with("HTTP/1.1 200 OK\r\n"), "the next request is answered");
            }
        }
    }
    let stats = server.sim.stats();
    assert_eq!((stats.faults["reset_before_headers"], stats.faults["close_before_headers"]), (8, 8));
    assert_eq!(stats.by_status[&200], 16 + 1, "nobody saw a status of the others");
}

#[tokio::test]
async fn a_reset_in_the_body_comes_after_exactly_so_many_bytes() {
    let server = Server::start().await;
    for on in BOTH {
        for framing in [Framing::Length, Framing::Chunked] {
            for at in [0, 1, 30] {
                server.shall_have(fault(&on, FaultKind::ResetInBody).at(at).framing(framing));
                let seen = server.ask(&server.request(&on, "")).await;

                assert!(seen.head.starts_with("HTTP/1.1 200 OK\r\n"), "{}", seen.head);
                assert_eq!((seen.body.len(), seen.end), (at, End::Reset), "{on:?} {framing:?}");
            }
        }
    }
    assert_eq!(server.sim.stats().faults["reset_in_body"], 12);
}

#[tokio::test]
async fn a_body_can_be_cut_at_every_offset_plain_and_chunked() {
    let server = Server::start().await;
    for on in BOTH {
        let whole = server.ask(&server.request(&on, "connection: close\r\n")).await;
        for framing in [Framing::Length, Framing::Chunked] {
            let mut lengths = Vec::new();
            for at in 0.. {
                server.shall_have(fault(&on, FaultKind::CloseInBody).at(at).framing(framing));
                let seen = server.ask(&server.request(&on, "")).await;

                assert_eq!(seen.end, End::Closed);
                match framing {
                    Framing::Length => {
                        assert_eq!(seen.length(), whole.body.len());
                        assert!(on == On::Token || whole.body.starts_with(&seen.body));
                    }
                    Framing::Chunked => {
                        assert_eq!((seen.header("transfer-encoding"), seen.header("content-length")), (Some("chunked"), None));
                        assert!(on == On::Token || whole.body.starts_with(&seen.unchunked()));
                    }
                }
                if seen.body.len() < at {
                    break;
                }
                lengths.push(seen.body.len());
            }
            let longest = whole.body.len() + if framing == Framing::Chunked { 1 } else { 0 };
            assert_eq!(lengths, (0..lengths.len()).collect::<Vec<_>>());
            assert!(lengths.len() >= longest, "{} of {longest}, {framing:?}", lengths.len());
        }
    }
}

#[tokio::test]
async fn a_compressed_body_can_be_cut_at_every_offset() {
    let server = Server::start().await;
    let code = &public_report(&server.sim).code;
    let query = format!(
        "{{ reportData {{ report(code: \"{code}\") {{ fights(fightIDs: [1, 2, 3]) {{ id name startTime endTime kill difficulty }} }} }} }}"
    );
    let request = server.request_for(&On::Api, &query, "accept-encoding: gzip\r\n");
    let whole = server.ask(&request).await;
    assert_eq!((whole.header("content-encoding"), whole.end), (Some("gzip"), End::Open));

    for at in 0..whole.body.len() {
        server.shall_have(fault(&On::Api, FaultKind::CloseInBody).at(at));
        let seen = server.ask(&request).await;
        assert_eq!((&seen.body[..], seen.end), (&whole.body[..at], End::Closed));
        assert_eq!((seen.header("content-encoding"), seen.length()), (Some("gzip"), whole.body.len()));
    }
    server.shall_have(fault(&On::Api, FaultKind::CloseInBody).at(usize::MAX).framing(Framing::Chunked));
    let chunked = server.ask(&request).await;
    assert_eq!(unzipped(&chunked.unchunked()), unzipped(&whole.body), "only the last byte of the last chunk's line is gone");
    assert!(!chunked.body.ends_with(b"0\r\n\r\n") && chunked.body.ends_with(b"0\r\n\r"));
}

#[tokio::test]
async fn a_length_can_be_told_too_large_or_too_small() {
    let server = Server::start().await;
    for on in BOTH {
        let whole = server.ask(&server.request(&on, "connection: close\r\n")).await.body.len();

        server.shall_have(fault(&on, FaultKind::LengthTooLarge).bytes(7));
        let seen = server.ask(&server.request(&on, "")).await;
        assert_eq!((seen.length(), seen.body.len(), seen.end), (whole + 7, whole, End::Closed));

        server.shall_have(fault(&on, FaultKind::LengthTooLarge).lasts(ms(10_000)));
        let seen = server.ask(&server.request(&on, "")).await;
        assert_eq!((seen.length(), seen.body.len(), seen.end), (whole + 1, whole, End::Open));

        server.shall_have(fault(&on, FaultKind::LengthTooSmall).bytes(3).lasts(ms(50)));
        let seen = server.ask(&server.request(&on, "")).await;
        assert_eq!((seen.length(), seen.body.len(), seen.end), (whole - 3, whole, End::Closed));
    }
}

#[tokio::test]
async fn an_answer_stalls_before_the_headers_or_in_the_body_for_ever_or_for_a_time() {
    let server = Server::start().await;
    for on in BOTH {
        let whole = server.ask(&server.request(&on, "connection: close\r\n")).await.body.len();

        server.shall_have(fault(&on, FaultKind::StallBeforeHeaders));
        let seen = server.ask_in_vain(&server.request(&on, "")).await;
        assert_eq!((seen.head.len(), seen.end), (0, End::Open));

        server.shall_have(fault(&on, FaultKind::StallBeforeHeaders).lasts(ms(100)));
        let started = Instant::now();
        let mut stream = server.connect().await;
        stream.write_all(server.request(&on, "").as_bytes()).await.unwrap();
        stream.readable().await.unwrap();
        assert!(started.elapsed() >= ms(100));
        let seen = read(&mut stream).await;
        assert_eq!((seen.body.len(), seen.end), (whole, End::Open), "and the connection can be used again");

        server.shall_have(fault(&on, FaultKind::StallInBody).at(9));
        let seen = server.ask(&server.request(&on, "")).await;
        assert_eq!((seen.length(), seen.body.len(), seen.end), (whole, 9, End::Open));

        server.shall_have(fault(&on, FaultKind::StallInBody).at(9).lasts(ms(100)));
        let started = Instant::now();
        let seen = server.ask(&server.request(&on, "")).await;
        assert!(started.elapsed() >= ms(100));
        assert_eq!((seen.header("connection"), seen.body.len(), seen.end), (Some("close"), whole, End::Closed));
    }
    let stats = server.sim.stats();
    assert_eq!((stats.faults["stall_before_headers"], stats.faults["stall_in_body"]), (4, 4));
}

#[tokio::test]
async fn a_body_drips_so_many_bytes_at_a_time() {
    let server = Server::start().await;
    for on in BOTH {
        let whole = server.ask(&server.request(&on, "connection: close\r\n")).await.body.len();
        let pauses = whole.div_ceil(40) as u32 - 1;
        for framing in [Framing::Length, Framing::Chunked] {
            server.shall_have(fault(&on, FaultKind::Drip).bytes(40).every(ms(20)).framing(framing));
            let started = Instant::now();
            let seen = server.ask(&server.request(&on, "")).await;

            assert!(started.elapsed() >= ms(20) * pauses, "{:?} for {pauses} pauses", started.elapsed());
            let contents = if framing == Framing::Chunked { seen.unchunked() } else { seen.body };
            assert_eq!((contents.len(), seen.end), (whole, End::Closed));
        }
    }
    assert_eq!(server.sim.stats().points_spent_on_broken_answers, 0.0);
}

#[tokio::test]
async fn a_closed_port_refuses_for_its_time_and_comes_back() {
    let server = Server::start().await;
    for on in BOTH {
        let mut idle = server.connect().await;
        idle.write_all(server.request(&on, "").as_bytes()).await.unwrap();
        assert_eq!(read(&mut idle).await.end, End::Open);
        server.shall_have(fault(&on, FaultKind::PortClosed).lasts(ms(300)));

        let started = Instant::now();
        let seen = server.ask(&server.request(&on, "")).await;
        assert_eq!((seen.head.len(), seen.end), (0, End::Reset));
        let mut refusals = 0;
        while TcpStream::connect(server.running.addr()).await.is_err() {
            refusals += 1;
            tokio::time::sleep(ms(10)).await;
        }

        assert!((ms(290)..ms(2_000)).contains(&started.elapsed()), "{:?}", started.elapsed());
        assert!(refusals > 3, "{refusals}");
        assert_eq!(read(&mut idle).await.end, End::Closed, "connections that were open are closed");
        assert!(server.ask(&server.request(&on, "connection: close\r\n")).await.head.starts_with("HTTP/1.1 200 OK"));
    }
    assert_eq!(server.sim.stats().faults["port_closed"], 2);
}

#[tokio::test]
async fn connections_wait_to_be_served_where_accepting_is_slow() {
    let server = Server::start().await;
    for on in BOTH {
        server.shall_have(fault(&on, FaultKind::SlowAccept).lasts(ms(300)));
        let started = Instant::now();
        let last = server.ask(&server.request(&on, "")).await;
        assert_eq!((last.header("connection"), last.end), (Some("close"), End::Closed));

        let mut stream = server.connect().await;
        stream.write_all(server.request(&on, "").as_bytes()).await.unwrap();
        stream.readable().await.unwrap();
        assert!(started.elapsed() >= ms(290), "{:?}", started.elapsed());
        assert!(read(&mut stream).await.head.starts_with("HTTP/1.1 200 OK"));
    }
}

#[tokio::test]
async fn an_idle_connection_is_closed_without_notice() {
    let server = Server::start().await;
    for on in BOTH {
        server.shall_have(fault(&on, FaultKind::CloseIdle).lasts(ms(100)));
        let mut stream = server.connect().await;
        stream.write_all(server.request(&on, "").as_bytes()).await.unwrap();
        let answered = Instant::now();
        let seen = read(&mut stream).await;

        assert_eq!((seen.header("connection"), seen.body.len(), seen.end), (None, seen.length(), End::Closed));
        assert!((ms(95)..ms(1_000)).contains(&answered.elapsed()), "{:?}", answered.elapsed());
    }
}

#[tokio::test]
async fn points_are_charged_for_answers_that_were_lost_unless_the_fault_strikes_before() {
    let lost = [
        FaultKind::ResetBeforeHeaders,
        FaultKind::CloseBeforeHeaders,
        FaultKind::ResetInBody,
        FaultKind::CloseInBody,
        FaultKind::LengthTooLarge,
        FaultKind::StallBeforeHeaders,
        FaultKind::StallInBody,
    ];
    for kind in lost {
        let server = Server::start().await;
        server.shall_have(fault(&On::Api, kind));
        server.ask_in_vain(&server.request(&On::Api, "")).await;
        server.struck(1).await;
        let charged = server.sim.stats();
        assert!(charged.points_spent > 0.0, "{kind}");
        assert_eq!(charged.points_spent_on_broken_answers, charged.points_spent, "{kind}");

        server.shall_have(fault(&On::Api, kind).strikes(Strikes::Before));
        server.ask_in_vain(&server.request(&On::Api, "")).await;
        server.struck(2).await;
        assert_eq!(server.sim.stats().points_spent, charged.points_spent, "{kind}");
        assert_eq!(server.sim.stats().faults_total, 2, "{kind}");
    }
    let server = Server::start().await;
    server.shall_have(fault(&On::Api, FaultKind::PortClosed).lasts(ms(1)));
    server.ask(&server.request(&On::Api, "")).await;
    assert_eq!((server.sim.stats().points_spent, server.sim.stats().faults_total), (0.0, 1));
}

#[tokio::test]
async fn an_answer_given_up_in_a_stall_counts_as_paid_for_nothing() {
    for kind in [FaultKind::StallBeforeHeaders, FaultKind::StallInBody, FaultKind::Drip] {
        let server = Server::start().await;
        let slow = fault(&On::Api, kind);
        let slow = if kind == FaultKind::Drip { slow.bytes(1).every(ms(1_000)) } else { slow.lasts(ms(60_000)) };
        server.shall_have(slow);
        let mut stream = server.connect().await;
        stream.write_all(server.request(&On::Api, "").as_bytes()).await.unwrap();
        let _ = read_stalled(&mut stream).await;
        server.struck(1).await;
        assert_eq!(server.sim.stats().points_spent_on_broken_answers, 0.0, "{kind}: it still may come");

        drop(stream);
        let mut stats = server.sim.stats();
        for _ in 0..100 {
            tokio::time::sleep(ms(10)).await;
            stats = server.sim.stats();
            if stats.points_spent_on_broken_answers > 0.0 {
                break;
            }
        }
        assert!(stats.points_spent > 0.0, "{kind}");
        assert_eq!(stats.points_spent_on_broken_answers, stats.points_spent, "{kind}");
    }
}

#[tokio::test]
async fn a_stall_for_ever_ends_with_the_server_and_leaves_no_task() {
    let alive = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let before = alive();
    let server = Server::start().await;
    let mut streams = Vec::new();
    for on in BOTH {
        for kind in [FaultKind::StallBeforeHeaders, FaultKind::StallInBody] {
            server.shall_have(fault(&on, kind));
            let mut stream = server.connect().await;
            stream.write_all(server.request(&on, "").as_bytes()).await.unwrap();
            assert_eq!(read_stalled(&mut stream).await.end, End::Open);
            server.struck(streams.len() as u64 + 1).await;
            streams.push(stream);
        }
    }

    let asked = Instant::now();
    server.running.shutdown().await.unwrap();

    assert!(asked.elapsed() < ms(1_000), "{:?}", asked.elapsed());
    for mut stream in streams {
        assert_eq!(read(&mut stream).await.end, End::Closed);
    }
    assert_eq!(alive(), before);
}

#[tokio::test]
async fn faults_of_the_connection_pass_over_requests_in_process() {
    let server = Server::start().await;
    server.shall_have(fault(&On::Api, FaultKind::ResetBeforeHeaders));
    let client = Client::of(&server.sim).await;
    assert_eq!(client.ask(crate::support::RATE).await.status, 200);
    assert_eq!(server.ask(&server.request(&On::Api, "")).await.end, End::Reset, "and wait for one over TCP");

    server.sim.set_faults(Faults::only(FaultKind::ResetBeforeHeaders, 1.0, 1));
    assert_eq!(client.ask(crate::support::RATE).await.status, 200);
    assert_eq!(server.ask(&server.request(&On::Api, "")).await.end, End::Reset);
}

#[tokio::test]
async fn faults_of_http_2_pass_over_http_1() {
    let server = Server::start().await;
    for kind in [FaultKind::GoAway, FaultKind::RefusedStream] {
        server.shall_have(fault(&On::Any, kind));
        assert!(server.ask(&server.request(&On::Api, "")).await.head.starts_with("HTTP/1.1 200 OK"));
    }
    assert_eq!(server.sim.stats().faults_total, 0);
}
