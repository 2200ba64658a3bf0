//! The doctor: each cause is made for real, and told with its fix at the step where it is.
//!
//! These tests run in real time, on real sockets; the limits are generous.

use std::net::SocketAddr;
use std::time::Duration;

use esologs::diagnosis::{Cause, Diagnosis, State, Step};
use esologs::{AccessToken, Client, ClientBuilder, Clock, Credentials, Endpoint, ErrorKind, SignedIn, UnixMillis};
use esologs_sim::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, FaultKind, Faults, On, Running, ScriptedFault, Simulator, UserScopes};
use tokio::net::TcpListener;

use crate::support::own_process::{again, is_child, trusted, trusting};
use crate::support::server::{Identity, Server, Stream, Then, http2};

fn builder(url: &str) -> ClientBuilder {
    Client::builder()
        .endpoint(Endpoint::new(url).unwrap())
        .credentials(Credentials::new(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET).unwrap())
}

async fn serve(faults: Faults) -> Running {
    Simulator::builder().faults(faults).build().unwrap().start_tcp("127.0.0.1:0").await.unwrap()
}

/// The simulator with these faults, looked at.
async fn look_at(faults: Faults) -> Diagnosis {
    builder(&serve(faults).await.base_url()).diagnose().await
}

fn always(on: On, kind: FaultKind) -> Faults {
    Faults::none().with(ScriptedFault::new(on, kind).times(99))
}

/// As a person reads it, without ports and the like.
fn told(diagnosis: &Diagnosis) -> String {
    let lines = diagnosis.findings.iter().map(|finding| {
        let found = without_ports(&finding.found);
        let fix = finding.fix().map(|fix| format!("\n    fix: {fix}")).unwrap_or_default();
        format!("{} {}: {found}{fix}\n", finding.step, finding.state.name())
    });
    lines.collect()
}

fn without_ports(text: &str) -> String {
    let mut parts = text.split(':');
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits >= 4 {
            shown.push_str(":PORT");
            shown.push_str(&part[digits..]);
        } else {
            shown.push(':');
            shown.push_str(part);
        }
    }
    shown
}

/// The step that failed, and why. All after it are not taken.
#[track_caller]
fn failed(diagnosis: &Diagnosis) -> (Step, Cause, &str) {
    let failure = diagnosis.failure().unwrap_or_else(|| panic!("{diagnosis:#?}"));
    let after = diagnosis.findings.iter().filter(|finding| finding.step > failure.step);
    assert!(after.clone().all(|finding| finding.state == State::NotTaken), "{diagnosis:#?}");
    (failure.step, failure.cause.unwrap(), &failure.found)
}

#[tokio::test]
async fn where_all_is_well_each_step_says_what_it_found() {
    let diagnosis = look_at(Faults::none()).await;

    assert!(diagnosis.is_well());
    insta::assert_snapshot!(told(&diagnosis));
}

#[tokio::test]
async fn a_closed_port_is_found_at_the_connection() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();

    let diagnosis = builder(&format!("http://{nobody}")).diagnose().await;

    assert_eq!(failed(&diagnosis).0, Step::Connect);
    insta::assert_snapshot!(told(&diagnosis).replace(&nobody.port().to_string(), "PORT"));
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_found_at_the_name() {
    let diagnosis = builder("https://logs.example.invalid").diagnose().await;

    let (step, cause, found) = failed(&diagnosis);
    assert_eq!((step, cause, cause.kind()), (Step::Dns, Cause::NameNotFound, ErrorKind::Unreachable));
    assert_eq!(found, "logs.example.invalid: the host's name was not found");
}

#[tokio::test]
async fn a_host_that_takes_connections_and_says_nothing_is_given_up_within_the_bound() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr();
    let listener = TcpListener::bind(silent.unwrap()).await.unwrap();
    let port = listener.local_addr().unwrap().port();

    let (plain, tls) = tokio::join!(
        builder(&format!("http://127.0.0.1:{port}")).diagnose(),
        builder(&format!("https://localhost:{port}")).diagnose()
    );

    assert_eq!((failed(&plain).0, failed(&plain).1), (Step::Answer, Cause::NoAnswer));
    assert_eq!((failed(&tls).0, failed(&tls).1), (Step::Tls, Cause::NoTls));
    assert!(plain.elapsed.max(tls.elapsed) < Duration::from_secs(20), "{:?} {:?}", plain.elapsed, tls.elapsed);
}

#[tokio::test]
async fn a_port_that_speaks_something_else_than_tls_is_found_at_tls() {
    let server = Server::always("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n", Then::Close).await;

    let diagnosis = builder(&format!("https://localhost:{}", server.addr.port())).diagnose().await;

    assert_eq!((failed(&diagnosis).0, failed(&diagnosis).1), (Step::Tls, Cause::NoTls));
}

// Certificates.

#[tokio::test]
async fn a_certificate_of_an_unknown_issuer_is_a_companys_mostly_and_ssl_cert_file_is_the_fix() {
    let (port, streams) = http2(&Identity::of("localhost"), Stream::Answer).await;

    let diagnosis = builder(&format!("https://localhost:{port}")).diagnose().await;

    let (step, cause, _) = failed(&diagnosis);
    assert_eq!((step, cause, cause.kind()), (Step::Tls, Cause::UnknownIssuer, ErrorKind::Certificate));
    assert!(cause.fix().contains("SSL_CERT_FILE"), "{}", cause.fix());
    assert_eq!(streams.load(std::sync::atomic::Ordering::SeqCst), 0, "no secret was sent");
}

#[tokio::test]
async fn a_certificate_that_has_ended_is_told_with_the_time_of_this_machine() {
    if !is_child() {
        let test = "diagnosis::a_certificate_that_has_ended_is_told_with_the_time_of_this_machine";
        return trusting(test, &Identity::expired("localhost"));
    }
    let (port, _) = http2(&trusted(), Stream::Answer).await;

    let diagnosis = builder(&format!("https://localhost:{port}")).diagnose().await;

    let (step, cause, found) = failed(&diagnosis);
    assert_eq!((step, cause), (Step::Tls, Cause::CertificateExpired));
    assert!(found.contains("it has expired; this machine's clock says ") && found.ends_with(" GMT"), "{found}");
}

#[tokio::test]
async fn a_certificate_of_another_host_is_told_apart() {
    if !is_child() {
        return trusting("diagnosis::a_certificate_of_another_host_is_told_apart", &Identity::of("elsewhere.test"));
    }
    let (port, _) = http2(&trusted(), Stream::Answer).await;

    let diagnosis = builder(&format!("https://localhost:{port}")).diagnose().await;

    assert_eq!((failed(&diagnosis).0, failed(&diagnosis).1), (Step::Tls, Cause::CertificateOfAnother));
}

// Proxies.

/// Runs the rest of a test where this is the proxy of the environment.
fn behind(test: &str, proxy: SocketAddr) {
    let url = format!("http://me:hunter2@{proxy}");
    again(test, &[("HTTPS_PROXY", &url), ("https_proxy", ""), ("NO_PROXY", ""), ("no_proxy", "")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_is_not_there_is_named_with_its_variable_and_without_its_password() {
    if !is_child() {
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        return behind("diagnosis::a_proxy_that_is_not_there_is_named_with_its_variable_and_without_its_password", nobody);
    }
    let diagnosis = builder("https://logs.example.invalid").diagnose().await;

    let (step, cause, found) = failed(&diagnosis);
    assert_eq!((step, cause), (Step::Proxy, Cause::ProxyUnreachable));
    assert!(found.starts_with("127.0.0.1:") && found.ends_with(" (by HTTPS_PROXY): the connection was refused"), "{found}");
    assert!(!format!("{diagnosis:?}").contains("hunter2"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_wants_a_password_is_told_from_one_that_refuses() {
    const TEST: &str = "diagnosis::a_proxy_that_wants_a_password_is_told_from_one_that_refuses";
    if !is_child() {
        for answer in ["407 Proxy Authentication Required", "403 Forbidden"] {
            let proxy = Server::always(format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n"), Then::Close).await;
            let url = format!("http://{}", proxy.addr);
            again(TEST, &[("HTTPS_PROXY", &url), ("NO_PROXY", ""), ("no_proxy", ""), ("ANSWER", answer)]);
        }
        return;
    }
    let wants_password = std::env::var("ANSWER").unwrap().starts_with("407");

    let diagnosis = builder("https://logs.example.invalid").diagnose().await;

    let expected = if wants_password { Cause::ProxyWantsPassword } else { Cause::ProxyRefused };
    assert_eq!((failed(&diagnosis).0, failed(&diagnosis).1), (Step::Proxy, expected), "{diagnosis:#?}");
}

// The service.

#[tokio::test]
async fn a_wrong_secret_is_told_from_a_wrong_address() {
    let running = serve(Faults::none()).await;
    let wrong = Credentials::new(DEMO_CLIENT_ID, "hunter2").unwrap();

    let secret = builder(&running.base_url()).credentials(wrong).diagnose().await;
    let address = builder(&format!("{}/eso", running.base_url())).diagnose().await;

    let (step, cause, _) = failed(&secret);
    assert_eq!((step, cause, cause.kind()), (Step::TokenEndpoint, Cause::WrongCredentials, ErrorKind::Auth));
    assert!(!format!("{secret:?}").contains("hunter2"));
    let (step, cause, _) = failed(&address);
    assert_eq!((step, cause, cause.kind()), (Step::TokenEndpoint, Cause::WrongEndpoint, ErrorKind::Usage));
}

#[tokio::test]
async fn what_the_token_endpoint_says_decides_what_is_to_be_done() {
    for (kind, cause, of_kind) in [
        (FaultKind::Banned, Cause::Banned, ErrorKind::Forbidden),
        (FaultKind::Challenge, Cause::HumanCheck, ErrorKind::CdnBlocked),
        (FaultKind::Maintenance, Cause::WrongEndpoint, ErrorKind::Usage),
        (FaultKind::NotFound, Cause::WrongEndpoint, ErrorKind::Usage),
        (FaultKind::Throttled, Cause::Throttled, ErrorKind::RateLimited),
        (FaultKind::Unavailable, Cause::Outage, ErrorKind::Upstream),
        (FaultKind::ServerErrorHtml, Cause::Outage, ErrorKind::Upstream),
        (FaultKind::ResetBeforeHeaders, Cause::Unstable, ErrorKind::Upstream),
    ] {
        let diagnosis = look_at(always(On::Token, kind)).await;
        let (step, found, _) = failed(&diagnosis);
        assert_eq!((step, found, found.kind()), (Step::TokenEndpoint, cause, of_kind), "{kind}: {diagnosis:#?}");
    }
}

#[tokio::test]
async fn a_human_check_before_the_api_is_found_before_a_secret_is_sent() {
    let running = serve(always(On::Api, FaultKind::Challenge)).await;

    let diagnosis = builder(&running.base_url()).diagnose().await;

    assert_eq!((failed(&diagnosis).0, failed(&diagnosis).1), (Step::Answer, Cause::HumanCheck));
    assert_eq!(running.sim().stats().tokens_issued, 0);
}

#[tokio::test]
async fn a_fresh_token_that_the_api_refuses_is_told_as_such() {
    for kind in [FaultKind::Unauthenticated, FaultKind::RevokeTokens, FaultKind::UnauthenticatedGraphql] {
        let diagnosis = look_at(always(On::Operation("RateLimit".to_owned()), kind)).await;
        let (step, cause, _) = failed(&diagnosis);
        assert_eq!((step, cause, cause.kind()), (Step::Api, Cause::TokenRefused, ErrorKind::Auth), "{kind}: {diagnosis:#?}");
    }
}

#[tokio::test]
async fn spent_points_are_no_illness() {
    let running = Simulator::builder().limit(3).build().unwrap().start_tcp("127.0.0.1:0").await.unwrap();
    running.sim().spend_elsewhere(DEMO_CLIENT_ID, 5.0);

    let diagnosis = builder(&running.base_url()).diagnose().await;

    assert!(diagnosis.is_well());
    let api = diagnosis.findings.iter().find(|finding| finding.step == Step::Api).unwrap();
    assert_eq!((api.state, api.cause), (State::Odd, Some(Cause::PointsSpent)));
}

#[tokio::test]
async fn a_wrong_clock_is_told_with_the_amount_and_does_not_end_the_look() {
    let running = serve(Faults::none()).await;
    let ahead = Clock::custom(|| UnixMillis::new(Clock::system().now().get() + 2 * 3_600_000));

    let diagnosis = builder(&running.base_url()).clock(ahead).diagnose().await;

    let clock = diagnosis.findings.iter().find(|finding| finding.step == Step::Clock).unwrap();
    assert_eq!((clock.state, clock.cause), (State::Odd, Some(Cause::ClockSkew)));
    assert!(clock.found.starts_with("this machine's clock is 2 h ahead of the host's"), "{}", clock.found);
    assert!(diagnosis.is_well());
}

#[tokio::test]
async fn settings_that_cannot_be_used_end_the_look_at_once() {
    let contradiction = Client::builder()
        .credentials(Credentials::new("a", "b").unwrap())
        .http(esologs::transport::HttpSettings { connect_timeout: Duration::ZERO, ..Default::default() });

    let diagnosis = contradiction.diagnose().await;

    assert_eq!((failed(&diagnosis).0, failed(&diagnosis).1), (Step::Settings, Cause::Setting));
}

// Tokens that are given, and users.

fn step(diagnosis: &Diagnosis, step: Step) -> Vec<(State, Option<Cause>)> {
    diagnosis.findings.iter().filter(|finding| finding.step == step).map(|finding| (finding.state, finding.cause)).collect()
}

fn given(url: &str, token: &str) -> ClientBuilder {
    Client::builder().endpoint(Endpoint::new(url).unwrap()).token(AccessToken::new(token, "ESOLOGS_TOKEN").unwrap())
}

#[tokio::test]
async fn a_given_token_that_has_ended_by_its_own_word_is_not_sent() {
    let short = Simulator::builder().token_lifetime(Duration::from_secs(60)).build().unwrap();
    let running = short.start_tcp("127.0.0.1:0").await.unwrap();
    let token = running.sim().issue_user_token(UserScopes::default());
    let in_a_week = Clock::custom(|| UnixMillis::new(Clock::system().now().get() + 7 * 86_400_000));

    let diagnosis = given(&running.base_url(), &token).clock(in_a_week).diagnose().await;

    assert_eq!((failed(&diagnosis).0, failed(&diagnosis).1), (Step::Token, Cause::TokenExpired));
    assert!(!format!("{diagnosis:?}").contains(&token));
    assert_eq!(running.sim().stats().executed, 0);
}

#[tokio::test]
async fn a_given_token_that_was_revoked_is_found_at_the_api() {
    let running = serve(Faults::none()).await;
    let token = running.sim().issue_user_token(UserScopes { view_private_reports: true });
    running.sim().revoke_tokens();

    let diagnosis = given(&running.base_url(), &token).diagnose().await;

    let (step, cause, found) = failed(&diagnosis);
    assert_eq!((step, cause, cause.kind()), (Step::Api, Cause::TokenRefused, ErrorKind::Auth));
    assert!(found.contains("the token of ESOLOGS_TOKEN is not accepted") && !found.contains(&token), "{found}");
}

#[tokio::test]
async fn key_and_user_are_both_looked_at_and_a_user_without_private_reports_is_told() {
    let running = serve(Faults::none()).await;
    let token = running.sim().issue_user_token(UserScopes { view_private_reports: false });
    let user = SignedIn::with_token(DEMO_CLIENT_ID, token);

    let diagnosis = builder(&running.base_url()).signed_in(user).diagnose().await;

    assert!(diagnosis.is_well());
    let fine = (State::Fine, None);
    assert_eq!(step(&diagnosis, Step::Settings), [fine, fine]);
    assert_eq!(step(&diagnosis, Step::Token), [fine, (State::Odd, Some(Cause::MissingScope))]);
    assert_eq!(step(&diagnosis, Step::Api), [fine, fine]);
}
