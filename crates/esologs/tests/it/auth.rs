//! Tokens: one for all callers, renewed in time, dropped when rejected, shown to nobody, sent to one host.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use base64::Engine as _;
use esologs::transport::TransportErrorKind;
use esologs::{AccessToken, CallPolicy, Class, Client, Credentials, ErrorKind, Event, SignedIn};
use futures_util::future::join_all;
use serde_json::{Map, json as value};
use tokio::time::Instant;

use crate::support::{Reply, Rig, Script, Seen, To, Told, broken, everything_shown, hangs, json, rate_limit, status, token};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// An API that accepts one token and no other.
fn accepting(wanted: &'static str) -> impl Fn(&Seen) -> Reply + Send + Sync + 'static {
    move |seen| if seen.header("authorization") == format!("Bearer {wanted}") { rate_limit() } else { unauthenticated() }
}

fn unauthenticated() -> Reply {
    status(401).json(value!({"error": "Unauthenticated."}))
}

fn invalid_client() -> Reply {
    status(401).json(value!({"error": "invalid_client", "error_description": "Client authentication failed"}))
}

// The request for a token.

#[tokio::test(start_paused = true)]
async fn a_token_is_asked_for_with_client_credentials_and_used_as_bearer() {
    let script = Script::new().token(token("tok-aurbis")).api(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    rig.call().await.unwrap();

    let [asked, used] = &script.seen()[..] else { panic!("{:?}", script.seen()) };
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", Rig::ID, Rig::SECRET));
    assert_eq!((asked.to, asked.method.as_str()), (To::Token, "POST"));
    assert_eq!(asked.header("authorization"), format!("Basic {pair}"));
    assert_eq!(asked.header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(&asked.body[..], b"grant_type=client_credentials");
    assert_eq!((used.to, used.method.as_str()), (To::Api, "POST"));
    assert_eq!(used.header("authorization"), "Bearer tok-aurbis");
    assert_eq!(used.header("content-type"), "application/json");
    for seen in [asked, used] {
        assert!(seen.header("user-agent").starts_with(concat!("esologs/", env!("CARGO_PKG_VERSION"), " (+https://")), "{seen:?}");
        assert!(seen.header("accept").contains("application/json"));
    }
}

#[tokio::test(start_paused = true)]
async fn credentials_and_token_go_to_their_own_host_and_each_to_its_own_path_only() {
    let script = Script::new()
        .api(unauthenticated())
        .api(rate_limit())
        .api(status(307).header("location", "https://elsewhere.test/"))
        .api(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());
    rig.call().await.unwrap();
    rig.call().await.unwrap_err();

    for seen in script.seen() {
        assert_eq!(seen.uri.authority().unwrap().as_str(), "logs.test", "{seen:?}");
        assert_eq!(seen.uri.scheme_str(), Some("https"));
        assert_eq!(seen.uri.query(), None, "nothing travels in the address");
        let expected = if seen.to == To::Token { "Basic " } else { "Bearer " };
        assert!(seen.header("authorization").starts_with(expected), "{seen:?}");
        assert!(!String::from_utf8_lossy(&seen.body).contains(Rig::SECRET));
        assert!(!String::from_utf8_lossy(&seen.body).contains("token-"));
        assert!(seen.headers["authorization"].is_sensitive(), "the header is marked, so that it is not indexed or logged");
    }
}

// One token for all.

#[tokio::test(start_paused = true)]
async fn a_hundred_callers_at_once_share_one_token() {
    let script = Script::new().token(token("token-1").after(SECOND)).api_always(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let answers = join_all((0..100).map(|_| rig.call())).await;

    assert!(answers.iter().all(Result::is_ok));
    assert_eq!((script.token_requests(), script.api_requests()), (1, 100));
    assert_eq!(rig.told().iter().filter(|told| **told == Told::TokenFetched).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn clones_of_a_client_and_clients_with_another_policy_share_the_token() {
    let script = Script::new().api_always(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    rig.client.rate_limit().await.unwrap();
    rig.client.clone().rate_limit().await.unwrap();
    rig.client.with_policy(CallPolicy::batch()).rate_limit().await.unwrap();

    assert_eq!(script.token_requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_hundred_callers_with_a_dead_token_cause_one_refresh_and_each_repeats_once() {
    let script = Script::new()
        .token(token("token-1"))
        .token(token("token-2").after(SECOND))
        .api_by(|seen| accepting("token-2")(seen).after(SECOND));
    let rig = Rig::new(script.clone(), CallPolicy { concurrency: 100, ..CallPolicy::interactive() });

    let answers = join_all((0..100).map(|_| rig.call())).await;

    assert!(answers.iter().all(Result::is_ok), "{:?}", answers.iter().find(|answer| answer.is_err()));
    assert_eq!(script.token_requests(), 2);
    assert_eq!(script.api_requests(), 200);
    assert_eq!(rig.classes(), [Class::Unauthenticated; 100]);
}

#[tokio::test(start_paused = true)]
async fn a_late_rejection_of_an_old_token_does_not_cost_the_new_one() {
    // The first caller is told at once that the token is dead, the second only when the new one is long there.
    let script =
        Script::new().api(unauthenticated().after(SECOND)).api(unauthenticated().after(9 * SECOND)).api_by(accepting("token-2"));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let (first, second) = tokio::join!(rig.call(), rig.call());

    assert!(first.is_ok() && second.is_ok());
    assert_eq!(script.token_requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn where_the_caller_that_fetches_is_cancelled_the_fetch_goes_on_for_the_others() {
    let script = Script::new().token(token("token-1").after(3 * SECOND)).api_always(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let leader = tokio::time::timeout(SECOND, rig.call());
    let (cancelled, follower) = tokio::join!(leader, rig.call());

    assert!(cancelled.is_err(), "the leader was cancelled");
    follower.unwrap();
    assert_eq!((script.token_requests(), rig.elapsed()), (1, 3 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn calls_go_on_with_a_token_that_is_being_renewed() {
    let short = json(value!({"token_type": "Bearer", "access_token": "token-1", "expires_in": 3600}));
    let script = Script::new().token(short).token(token("token-2").after(8 * SECOND)).api_always(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());
    rig.call().await.unwrap();
    tokio::time::sleep(58 * MINUTE).await;
    let before = rig.elapsed();

    let answers = join_all((0..100).map(|_| rig.call())).await;

    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(rig.elapsed(), before, "nobody waits for the new token");
    tokio::time::sleep(10 * SECOND).await;
    rig.call().await.unwrap();
    assert_eq!(script.token_requests(), 2);
    assert_eq!(script.seen_by(To::Api).last().unwrap().header("authorization"), "Bearer token-2");
}

// Rejected tokens.

#[tokio::test(start_paused = true)]
async fn a_401_drops_the_token_fetches_one_and_repeats_at_once() {
    let script = Script::new().api_by(accepting("token-2"));
    let rig = Rig::new(script.clone(), CallPolicy::plain());

    rig.call().await.unwrap();

    assert_eq!((script.token_requests(), script.api_requests()), (2, 2));
    assert_eq!(rig.elapsed(), Duration::ZERO, "there is nothing to wait for");
    rig.call().await.unwrap();
    assert_eq!((script.token_requests(), script.api_requests()), (2, 3), "the new token is kept");
}

#[tokio::test(start_paused = true)]
async fn a_second_401_is_final() {
    for policy in [CallPolicy::interactive(), CallPolicy::batch(), CallPolicy::plain()] {
        let script = Script::new().api_always(unauthenticated());
        let rig = Rig::new(script.clone(), policy);

        let error = rig.call().await.unwrap_err();

        assert_eq!(error.kind(), ErrorKind::Auth);
        assert_eq!((script.token_requests(), script.api_requests()), (2, 2));
        assert!(!error.is_retryable(), "the same key will be refused again: {error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn tokens_that_die_again_and_again_do_not_end_a_long_call() {
    // Maintenance twice within one patient call, hours of work apart.
    let script = Script::new().api(unauthenticated()).api_times(5, status(502).html()).api(unauthenticated()).api(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::batch());

    let outcome = rig.call().await;

    assert!(outcome.is_ok(), "the second 401 was for another token, after other answers: {outcome:?}");
}

// Lifetimes.

#[tokio::test(start_paused = true)]
async fn a_token_without_a_lifetime_is_used_until_it_is_rejected() {
    let no_lifetime = json(value!({"token_type": "Bearer", "access_token": "token-1"}));
    let script = Script::new().token(no_lifetime).api_always(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());
    rig.call().await.unwrap();
    tokio::time::sleep(Duration::from_secs(2 * 365 * 24 * 3600)).await;

    rig.call().await.unwrap();

    assert_eq!(script.token_requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_before_it_ends_and_not_on_every_call() {
    let short = json(value!({"token_type": "Bearer", "access_token": "token-1", "expires_in": 3600}));
    let script = Script::new().token(short).api_always(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());
    rig.call().await.unwrap();
    tokio::time::sleep(40 * MINUTE).await;
    rig.call().await.unwrap();
    assert_eq!(script.token_requests(), 1, "two thirds of its life");
    tokio::time::sleep(19 * MINUTE).await;

    rig.call().await.unwrap();
    tokio::time::sleep(SECOND).await;

    assert_eq!(script.token_requests(), 2, "a minute before its end, behind the call");
}

#[tokio::test(start_paused = true)]
async fn a_lifetime_may_come_as_text_or_fraction() {
    for expires_in in [value!(3600.0), value!("3600"), value!(null)] {
        let odd = json(value!({"token_type": "Bearer", "access_token": "token-1", "expires_in": expires_in}));
        let script = Script::new().token(odd).api_always(rate_limit());

        let outcome = Rig::new(script, CallPolicy::interactive()).call().await;

        assert!(outcome.is_ok(), "expires_in {expires_in}: {outcome:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_fails_while_the_token_is_valid_costs_no_call() {
    let short = json(value!({"token_type": "Bearer", "access_token": "token-1", "expires_in": 3600}));
    let script = Script::new().token(short).token_always(status(503).html()).api_always(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());
    rig.call().await.unwrap();
    tokio::time::sleep(58 * MINUTE).await;

    let outcome = rig.call().await;

    assert!(outcome.is_ok(), "the token is good for two more minutes: {outcome:?}");
}

// A token endpoint that fails.

#[tokio::test(start_paused = true)]
async fn an_interactive_call_lets_the_token_endpoint_fail_twice() {
    let failures =
        [status(503).html(), status(200).body(""), status(200).html(), broken(TransportErrorKind::ClosedBeforeHeaders)];
    for failure in failures {
        let script = Script::new().token(failure.clone()).token(failure).api(rate_limit());
        let rig = Rig::new(script.clone(), CallPolicy::interactive());

        rig.call().await.unwrap();

        assert_eq!((script.token_requests(), script.api_requests()), (3, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn an_interactive_call_ends_after_three_failures_of_the_token_endpoint() {
    let script = Script::new().token_always(status(503).html());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let error = rig.call().await.unwrap_err();

    assert_eq!((script.token_requests(), script.api_requests()), (3, 0));
    assert_eq!(error.kind(), ErrorKind::Upstream);
    assert!(error.to_string().contains("token endpoint: HTTP 503"), "{error}");
    assert!(error.is_retryable());
    assert!(rig.elapsed() < 3 * SECOND, "{:?}", rig.elapsed());
}

#[tokio::test(start_paused = true)]
async fn callers_without_a_deadline_come_back_for_the_token_while_they_have_attempts() {
    let unhurried = || CallPolicy { deadline: None, ..CallPolicy::interactive().attempts(4) };
    let (failed, down) = (status(503).html(), Script::new().token_always(status(503).html()));
    let script = Script::new().token(failed.clone()).token(failed.clone()).token(failed).api_always(rate_limit());
    let rig = Rig::new(script.clone(), unhurried());

    let outcomes = join_all((0..50).map(|_| rig.call())).await;

    assert!(outcomes.iter().all(Result::is_ok), "{:?}", outcomes.iter().find(|outcome| outcome.is_err()));
    assert_eq!(script.token_requests(), 4);
    assert!((5 * SECOND..9 * SECOND).contains(&rig.elapsed()), "{:?}", rig.elapsed());

    let error = Rig::new(down.clone(), unhurried()).call().await.unwrap_err();
    assert_eq!((error.attempts(), down.token_requests()), (4, 6), "three tries in a row, then single ones");
}

#[tokio::test(start_paused = true)]
async fn a_silent_token_endpoint_does_not_hold_a_call_past_its_deadline() {
    let script = Script::new().token_always(hangs());
    let rig = Rig::new(script.clone(), CallPolicy { deadline: Some(12 * SECOND), ..CallPolicy::interactive() });

    let error = rig.call().await.unwrap_err();

    assert_eq!(rig.elapsed(), 12 * SECOND);
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("token"), "it was the token endpoint that was silent: {error}");
}

#[tokio::test(start_paused = true)]
async fn a_batch_call_waits_for_the_token_endpoint_as_it_waits_for_the_api() {
    let up_again = Instant::now() + 5 * MINUTE;
    let script = Script::new()
        .token_by(move |_| if Instant::now() < up_again { status(503).html() } else { token("token-9") })
        .api(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::batch());

    rig.call().await.unwrap();

    assert!(script.token_requests() <= 60, "{} requests in five minutes", script.token_requests());
    assert_eq!(script.api_requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_endpoint_that_asks_for_time_gets_it() {
    let script = Script::new().token(status(429).html().retry_after(5)).token(token("token-2")).api(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    rig.call().await.unwrap();

    let asked: Vec<Duration> = script.seen_by(To::Token).iter().map(|seen| seen.at).collect();
    assert!(asked[1] - asked[0] >= 5 * SECOND, "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_token_endpoint_that_asks_for_a_moment_is_given_it_and_not_much_more() {
    for (answer, asked) in [(status(503).retry_after(1), 1), (status(429).retry_after(2), 2), (status(425), 0)] {
        let script = Script::new().token(answer).token(token("token-2")).api(rate_limit());
        let rig = Rig::new(script.clone(), CallPolicy::interactive());

        rig.call().await.unwrap();

        let waited = script.seen_by(To::Api)[0].at;
        assert!((asked * SECOND..(asked + 3) * SECOND).contains(&waited), "{waited:?} where {asked} s were asked for");
        assert_eq!((script.token_requests(), script.api_requests()), (2, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn callers_that_waited_for_one_failed_refresh_do_not_each_try_again() {
    let script = Script::new().token_always(status(503).html());
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let outcomes = join_all((0..50).map(|_| rig.call())).await;

    assert!(outcomes.iter().all(Result::is_err));
    assert!(script.token_requests() <= 6, "{} token requests for 50 callers in {:?}", script.token_requests(), rig.elapsed());
    assert!(rig.elapsed() <= 30 * SECOND, "the last caller had its answer after {:?}", rig.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_banned_client_and_a_human_check_are_final_at_the_token_endpoint_too() {
    for (reply, kind) in [
        (status(403).json(value!({"error": "This client is not valid"})), ErrorKind::Forbidden),
        (status(403).header("cf-mitigated", "challenge").html(), ErrorKind::CdnBlocked),
    ] {
        for policy in [CallPolicy::interactive(), CallPolicy::batch()] {
            let script = Script::new().token_always(reply.clone());
            let error = Rig::new(script.clone(), policy).call().await.unwrap_err();
            assert_eq!((error.kind(), script.token_requests()), (kind, 1));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_answer_without_a_token_is_named_as_such() {
    let script = Script::new().token_always(json(value!({"token_type": "Bearer", "expires_in": 60})));

    let error = Rig::new(script, CallPolicy::interactive()).call().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::BadAnswer);
    assert!(error.to_string().contains("access_token"), "{error}");
}

// Wrong credentials.

#[tokio::test(start_paused = true)]
async fn a_wrong_secret_is_told_once_and_not_tried_again() {
    for reply in [invalid_client(), status(400).json(value!({"error": "invalid_request"}))] {
        for policy in [CallPolicy::interactive(), CallPolicy::batch(), CallPolicy::plain()] {
            let script = Script::new().token_always(reply.clone());
            let rig = Rig::new(script.clone(), policy);

            let error = rig.call().await.unwrap_err();

            assert_eq!((script.token_requests(), script.api_requests()), (1, 0));
            assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Auth, false));
            assert!(error.to_string().contains("logs.test does not accept this client id and secret"), "{error}");
            assert!(error.hint().unwrap().contains("ESOLOGS_SECRET"));
            assert!(!everything_shown(&error).contains(Rig::SECRET));
        }
    }
}

// Secrets.

#[tokio::test(start_paused = true)]
async fn neither_secret_nor_token_show_in_anything_that_prints() {
    let script = Script::new().token(token("tok-of-mundus")).api_by(|_| unauthenticated());
    let events = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let log = std::sync::Arc::clone(&events);
    let credentials = Credentials::new("my-id", "hunter2-secret").unwrap();
    let builder = Client::builder()
        .credentials(credentials.clone())
        .transport(script)
        .on_event(move |event: &Event<'_>| log.lock().unwrap().push_str(&format!("{event:?}\n")));
    let mut shown = format!("{credentials:?}\n{credentials:#?}\n{builder:?}\n{builder:#?}\n");
    let client = builder.build().unwrap();

    let error = client.rate_limit().await.unwrap_err();

    let calls = (client.guild(1), client.guild(1).reports(), client.report("aBcDeFgHiJkLmNpQ".parse().unwrap()));
    shown.push_str(&format!("{client:?}\n{client:#?}\n{calls:#?}\n{}\n{}", everything_shown(&error), events.lock().unwrap()));
    let basic = base64::engine::general_purpose::STANDARD.encode("my-id:hunter2-secret");
    for secret in ["hunter2", "tok-of-mundus", basic.as_str()] {
        assert!(!shown.contains(secret), "'{secret}' is in:\n{shown}");
    }
    assert!(shown.contains("my-id"), "the id is no secret and tells which key is used");
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_the_server_echoes_is_not_passed_on() {
    // Debug pages of web frameworks print the request they choked on.
    let echo = |seen: &Seen, code: u16| {
        status(code).body(format!("Whoops! authorization: {} body: {}", seen.header("authorization"), Rig::SECRET))
    };
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", Rig::ID, Rig::SECRET));
    for code in [401, 500] {
        for script in [
            Script::new().token_by(move |seen| echo(seen, code)),
            Script::new().token_by(|_| token("tok-of-mundus")).api_by(move |seen| echo(seen, code)),
        ] {
            let rig = Rig::new(script, CallPolicy::plain());
            let error = rig.call().await.unwrap_err();
            let shown = format!("{}{:?}", everything_shown(&error), rig.told());
            for secret in [Rig::SECRET, "tok-of-mundus", basic.as_str()] {
                assert!(!shown.contains(secret), "'{secret}' is in: {shown}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn credentials_with_special_characters_reach_the_service_as_they_are() {
    let script = Script::new().api(rate_limit());
    let rig = Rig::with_credentials(script.clone(), "id:with colon", "s\u{e9}cret+/=&%");

    let outcome = rig.call().await;

    // RFC 7617: an id cannot hold a colon, the service would split at the first one. Refused or sent, never mangled.
    if outcome.is_ok() {
        let sent = script.seen()[0].header("authorization").trim_start_matches("Basic ").to_owned();
        let pair = base64::engine::general_purpose::STANDARD.decode(sent).unwrap();
        assert_eq!(String::from_utf8(pair).unwrap(), "id:with colon:s\u{e9}cret+/=&%");
    }
}

#[tokio::test(start_paused = true)]
async fn a_callers_query_cannot_reach_the_token() {
    let script = Script::new().api(json(value!({"data": {"x": 1}})));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    rig.client.query("query Q { x }", Map::new()).await.unwrap();

    let body = script.seen_by(To::Api)[0].json();
    let with_points = "query Q { x  esologsPoints: rateLimitData { limitPerHour pointsSpentThisHour pointsResetIn } }";
    assert_eq!(body, value!({"query": with_points, "variables": {}}));
}

// Tokens that nothing renews, and users' tokens.

/// A token as the service makes them: what it says of itself can be read.
fn jwt(claims: &serde_json::Value) -> String {
    let part = |text: String| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{}", part(value!({"typ": "JWT"}).to_string()), part(claims.to_string()), part("signature".to_owned()))
}

fn given(script: Script, text: &str) -> Rig {
    let token = AccessToken::new(text, "ESOLOGS_TOKEN").unwrap();
    Rig::with(script, CallPolicy::interactive(), |builder| builder.token(token))
}

#[tokio::test(start_paused = true)]
async fn a_given_token_is_used_as_it_is_and_none_is_asked_for() {
    let script = Script::new().api_by(accepting("tok-of-alinor"));
    let rig = given(script.clone(), "tok-of-alinor");

    rig.call().await.unwrap();
    tokio::time::sleep(400 * 24 * 60 * MINUTE).await;
    rig.call().await.unwrap();

    assert_eq!((script.token_requests(), script.api_requests()), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn a_given_token_that_is_not_accepted_ends_the_call_and_says_where_it_came_from_and_why() {
    let now = crate::support::BASE.get() / 1_000;
    for (claims, why) in [
        (value!({"exp": now - 3 * 86_400}), "it has expired 3 days ago"),
        (value!({"exp": now + 86_400}), "it has not expired by its own word, so it was revoked"),
        (value!({}), "it is expired or revoked"),
    ] {
        for policy in [CallPolicy::interactive(), CallPolicy::batch()] {
            let script = Script::new().api_always(unauthenticated());
            let token = AccessToken::new(jwt(&claims), "ESOLOGS_TOKEN").unwrap();
            let rig = Rig::with(script.clone(), policy, |builder| builder.token(token));

            let error = rig.call().await.unwrap_err();

            assert_eq!((error.kind(), error.class()), (ErrorKind::Auth, Some(Class::TokenEnded)));
            let told = error.to_string();
            assert!(told.contains(&format!("the token of ESOLOGS_TOKEN is not accepted: {why}")), "{told}");
            assert!(error.hint().unwrap().contains("get a new token"));
            assert_eq!((script.token_requests(), script.api_requests()), (0, 1), "nothing else could be tried");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_users_token_is_renewed_with_its_refresh_token_and_the_newest_one_is_used_next() {
    let renewed = |access: &str, refresh: Option<&str>| {
        json(value!({"token_type": "Bearer", "expires_in": 3600, "access_token": access, "refresh_token": refresh}))
    };
    let script = Script::new()
        .token(renewed("token-2", Some("refresh-2")))
        .token(renewed("token-3", None))
        .token(renewed("token-4", None))
        .api_always(rate_limit());
    let user = SignedIn::with_token("me", "token-1").refresh_token("refresh-1").ends_at(crate::support::BASE.plus(MINUTE));
    let rig = Rig::of_user(script.clone(), CallPolicy::interactive(), user);

    for _ in 0..4 {
        rig.call().await.unwrap();
        tokio::time::sleep(65 * MINUTE).await;
    }

    let sent: Vec<String> = script.seen_by(To::Token).iter().map(|seen| String::from_utf8(seen.body.to_vec()).unwrap()).collect();
    let form = |token: &str| format!("grant_type=refresh_token&client_id=me&refresh_token={token}");
    assert_eq!(sent, [form("refresh-1"), form("refresh-2"), form("refresh-2")], "the old one is kept where none comes");
    let used: Vec<String> = script
        .seen_by(To::Api)
        .iter()
        .map(|seen| seen.header("authorization").trim_start_matches("Bearer ").to_owned())
        .collect();
    assert_eq!(used, ["token-1", "token-2", "token-3", "token-4"]);
    assert!(script.seen_by(To::Token).iter().all(|seen| seen.header("authorization").is_empty()));
}

#[tokio::test(start_paused = true)]
async fn a_dead_refresh_token_ends_the_call_and_says_to_sign_in_again() {
    for rejection in [
        status(400).json(value!({"error": "invalid_grant", "hint": "Token has been revoked"})),
        status(401).json(value!({"error": "invalid_request", "hint": "Token has expired"})),
    ] {
        let script = Script::new().token_always(rejection).api_always(unauthenticated());
        let user = SignedIn::with_token("me", "token-1").refresh_token("refresh-of-mundus");
        let rig = Rig::of_user(script.clone(), CallPolicy::batch(), user);

        let error = rig.call().await.unwrap_err();

        assert_eq!((error.kind(), error.class()), (ErrorKind::Auth, Some(Class::SignInNeeded)));
        assert!(error.to_string().contains("the user has to sign in to logs.test"), "{error}");
        assert_eq!(error.hint(), Some("sign in with `esologs auth login --user`"));
        assert_eq!((script.token_requests(), script.api_requests()), (1, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_that_the_server_echoes_is_not_passed_on() {
    let script = Script::new()
        .token_by(|seen| status(500).body(format!("Whoops! body: {}", String::from_utf8_lossy(&seen.body))))
        .api_always(unauthenticated());
    let user = SignedIn::with_token("me", "tok-of-mundus").client_secret("hunter2-secret").refresh_token("refresh-of-mundus");
    let rig = Rig::of_user(script, CallPolicy::plain(), user);

    let error = rig.call().await.unwrap_err();

    let shown = format!("{}{:?}", everything_shown(&error), rig.told());
    assert!(shown.contains("Whoops"), "{shown}");
    for secret in ["tok-of-mundus", "hunter2", "refresh-of-mundus"] {
        assert!(!shown.contains(secret), "'{secret}' is in: {shown}");
    }
}

// Ten thousand at once.

#[tokio::test(start_paused = true)]
async fn ten_thousand_callers_with_a_dead_token_cause_one_refresh_by_either_grant() {
    let everybody = CallPolicy { concurrency: 10_000, deadline: None, ..CallPolicy::interactive() };
    for of_user in [false, true] {
        let arrived = AtomicU32::new(0);
        // The rejections come one after the other, before the new token is there and after.
        let spread = move || Duration::from_millis(300) * (arrived.fetch_add(1, Ordering::Relaxed) % 7 + 1);
        let script = Script::new()
            .expecting(30_000)
            .api(rate_limit())
            .token_by(|_| token("token-2").after(SECOND))
            .api_by(move |seen| accepting("token-2")(seen).after(spread()));
        let rig = if of_user {
            let user = SignedIn::with_token("me", "token-1").refresh_token("refresh-1");
            Rig::of_user(script.clone(), everybody.clone(), user)
        } else {
            Rig::new(script.clone().token(token("token-1")), everybody.clone())
        };
        rig.call().await.unwrap();
        let before = script.token_requests();

        let answers = join_all((0..10_000).map(|_| rig.call())).await;

        assert!(answers.iter().all(Result::is_ok));
        assert_eq!((script.token_requests() - before, script.api_requests()), (1, 20_001));
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_endpoint_that_is_down_for_half_a_minute_is_asked_six_times_at_most() {
    for (tried_anew_every, most) in [(SECOND / 10, 6), (SECOND, 6), (4 * SECOND, 6)] {
        let script = Script::new().token_always(status(503).html());
        let rig = Rig::new(script.clone(), CallPolicy::interactive());

        while rig.elapsed() < 30 * SECOND {
            let _ = tokio::join!(rig.call(), rig.call(), rig.call());
            tokio::time::sleep(tried_anew_every).await;
        }

        let asked = script.seen_by(To::Token).iter().filter(|seen| seen.at < 30 * SECOND).count();
        assert!((3..=most).contains(&asked), "{asked} requests in 30 s");
    }
}
