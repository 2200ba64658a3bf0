//! The classification table, at the level of a call: what a status or a body is taken for, how often it is asked again by
//! whoever counts attempts (interactive) and by whoever is patient (batch), and what the error says.
//!
//! One test for each row of the table, and for each failure that was met in practice. The two forms of patience are shown by
//! the requests that reached the API:
//!
//! - *interactive*: the failure never ends; so many requests, then the error.
//! - *batch*: the failure ends after six times, and the call must get its answer ([`Batch::ComesThrough`]); or the failure
//!   never ends, and the call gives up after so many requests ([`Batch::Requests`]).
//!
//! Open until the stages exist: whether a class counts for the circuit breaker, whether an older answer may be served
//! instead, whether points are taken as charged (three columns of the table), failed aliases asked for again alone, and the
//! refusals of our own side: breaker open, retry budget empty, points spent before sending, queue full.

use std::time::Duration;

use esologs::transport::TransportErrorKind;
use esologs::{CallPolicy, Class, ErrorKind};
use serde_json::{Map, Value, json as value};

use crate::support::{Reply, Rig, Script, To, broken, graphql_error, hangs, json, rate_limit, status};

/// One row.
struct Row {
    reply: Reply,
    class: Class,
    kind: ErrorKind,
    /// Requests of an interactive call.
    interactive: usize,
    batch: Batch,
    /// Words of the error.
    says: &'static str,
}

enum Batch {
    /// The call outlives six failures in a row.
    ComesThrough,
    /// The call ends after so many requests.
    Requests(usize),
}

impl Row {
    async fn holds(self) {
        self.holds_for_interactive().await;
        self.holds_for_batch().await;
    }

    async fn holds_for_interactive(&self) {
        let script = Script::new().api_always(self.reply.clone());
        let rig = Rig::new(script.clone(), CallPolicy::interactive());

        let error = rig.call().await.unwrap_err();

        assert_eq!(script.api_requests(), self.interactive, "requests of an interactive call: {:?}", rig.told());
        self.describes(&error, &rig);
        assert!(rig.elapsed() <= Duration::from_secs(30), "an interactive call took {:?}", rig.elapsed());
    }

    async fn holds_for_batch(&self) {
        match self.batch {
            Batch::ComesThrough => {
                let script = Script::new().api_times(6, self.reply.clone()).api(rate_limit());
                let rig = Rig::new(script.clone(), CallPolicy::batch());
                rig.call().await.unwrap_or_else(|error| panic!("a batch call gave up: {error:?}\n{:?}", rig.told()));
                assert_eq!(script.api_requests(), 7);
                assert!(rig.classes().iter().all(|class| *class == self.class), "{:?}", rig.classes());
            }
            Batch::Requests(requests) => {
                let script = Script::new().api_always(self.reply.clone());
                let rig = Rig::new(script.clone(), CallPolicy::batch());
                let error = rig.call().await.unwrap_err();
                assert_eq!(script.api_requests(), requests, "requests of a batch call: {:?}", rig.told());
                self.describes(&error, &rig);
            }
        }
    }

    fn describes(&self, error: &esologs::Error, rig: &Rig) {
        assert!(
            rig.classes().iter().all(|class| *class == self.class),
            "taken for {:?} instead of {:?}",
            rig.classes(),
            self.class
        );
        assert_eq!(error.kind(), self.kind, "{error:?}");
        assert!(error.to_string().contains(self.says), "'{}' is not in: {error}", self.says);
        assert_eq!(error.operation(), Some("RateLimit"));
    }
}

/// Repeated as often as attempts (interactive) or time (batch) allow.
fn repeated(reply: Reply, class: Class, kind: ErrorKind, says: &'static str) -> Row {
    Row { reply, class, kind, interactive: 4, batch: Batch::ComesThrough, says }
}

/// Sent once, whoever asks.
fn final_at_once(reply: Reply, class: Class, kind: ErrorKind, says: &'static str) -> Row {
    Row { reply, class, kind, interactive: 1, batch: Batch::Requests(1), says }
}

/// An answer whose content is of no use: interactive calls repeat it so often, batch calls give up when it came five times.
fn useless_content(reply: Reply, class: Class, kind: ErrorKind, repeats: usize, says: &'static str) -> Row {
    Row { reply, class, kind, interactive: 1 + repeats, batch: Batch::Requests(5), says }
}

// The network.

#[tokio::test(start_paused = true)]
async fn a_refused_connection_is_repeated() {
    let row =
        repeated(broken(TransportErrorKind::Connect), Class::ConnectFailed, ErrorKind::Unreachable, "cannot reach logs.test");
    row.holds().await;
}

#[tokio::test(start_paused = true)]
async fn a_name_that_is_not_found_is_repeated() {
    repeated(broken(TransportErrorKind::Dns), Class::ConnectFailed, ErrorKind::Unreachable, "cannot reach logs.test")
        .holds()
        .await;
}

#[tokio::test(start_paused = true)]
async fn an_invalid_certificate_is_final() {
    let reply = broken(TransportErrorKind::Certificate);
    final_at_once(reply, Class::CertificateInvalid, ErrorKind::Certificate, "Certificate").holds().await;
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_not_processed_is_repeated_once_at_no_cost() {
    let script = Script::new().api(broken(TransportErrorKind::NotProcessed)).api(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::plain());

    rig.call().await.unwrap();

    assert_eq!(script.api_requests(), 2);
    assert_eq!(rig.classes(), [Class::NotProcessed]);
    assert_eq!(rig.elapsed(), Duration::ZERO, "there is nothing to wait for");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_never_processed_ends_an_interactive_call_after_the_free_repeat() {
    let row = Row {
        reply: broken(TransportErrorKind::NotProcessed),
        class: Class::NotProcessed,
        kind: ErrorKind::Upstream,
        interactive: 2,
        batch: Batch::ComesThrough,
        says: "NotProcessed",
    };
    row.holds_for_interactive().await;
}

#[tokio::test(start_paused = true)]
async fn a_batch_call_outlives_a_server_that_refuses_streams_again_and_again() {
    let script = Script::new().api_times(6, broken(TransportErrorKind::NotProcessed)).api(rate_limit());
    let rig = Rig::new(script.clone(), CallPolicy::batch());

    let outcome = rig.call().await;

    assert!(outcome.is_ok(), "a batch job slows down instead of failing: {outcome:?}");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_ends_before_the_headers_is_repeated() {
    let reply = broken(TransportErrorKind::ClosedBeforeHeaders);
    repeated(reply, Class::ConnectionLost, ErrorKind::Upstream, "ClosedBeforeHeaders").holds().await;
}

#[tokio::test(start_paused = true)]
async fn silence_is_repeated_until_the_deadline() {
    let row = Row {
        reply: hangs(),
        class: Class::AttemptTimeout,
        kind: ErrorKind::Timeout,
        // 10 s each, within 30 s, with waits between them.
        interactive: 3,
        batch: Batch::ComesThrough,
        says: "no complete answer within",
    };
    row.holds().await;
}

#[tokio::test(start_paused = true)]
async fn a_body_that_breaks_off_or_stands_still_is_repeated() {
    repeated(broken(TransportErrorKind::BodyBroken), Class::BodyBroken, ErrorKind::Upstream, "BodyBroken").holds().await;
}

#[tokio::test(start_paused = true)]
async fn a_body_beyond_the_limit_is_final() {
    final_at_once(broken(TransportErrorKind::BodyTooLarge), Class::BodyTooLarge, ErrorKind::BadAnswer, "BodyTooLarge")
        .holds()
        .await;
}

// Answers with status 200 that are none.

#[tokio::test(start_paused = true)]
async fn a_maintenance_page_with_status_200_is_repeated_twice_by_an_interactive_call() {
    let page = "<html><head><title>Warcraft Logs</title></head><body>We are down for maintenance.</body></html>";
    let reply = status(200).header("content-type", "text/html").body(page);
    useless_content(reply, Class::NotJson, ErrorKind::BadAnswer, 2, "down for maintenance").holds_for_interactive().await;
}

#[tokio::test(start_paused = true)]
async fn the_text_of_a_php_error_with_status_200_is_repeated_twice_by_an_interactive_call() {
    let text = "PHP Fatal error:  Allowed memory size of 536870912 bytes exhausted in /srv/app/Report.php on line 812";
    useless_content(status(200).body(text), Class::NotJson, ErrorKind::BadAnswer, 2, "PHP Fatal error")
        .holds_for_interactive()
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_page_ends_a_batch_call_after_five_times_where_other_calls_get_their_answers_meanwhile() {
    let script = Script::new().api_by(|seen| match seen.json()["query"].as_str() {
        Some(query) if query.contains("Broken") => status(200).html(),
        _ => rate_limit(),
    });
    let rig = Rig::new(script.clone(), CallPolicy::batch());
    let healthy = async {
        loop {
            rig.call().await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };

    let error = tokio::select! {
        outcome = rig.client.query("query Broken { reportData { __typename } }", Map::new()) => outcome.unwrap_err(),
        () = healthy => unreachable!("the loop has no end"),
    };

    assert_eq!((error.kind(), error.attempts()), (ErrorKind::BadAnswer, 5));
}

#[tokio::test(start_paused = true)]
async fn a_challenge_of_the_content_network_is_final_whatever_its_status() {
    for code in [200, 403, 429, 503] {
        let reply = status(code).header("cf-mitigated", "challenge").html();
        final_at_once(reply, Class::CdnBlocked, ErrorKind::CdnBlocked, "human check").holds().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_challenge_page_is_known_without_its_header() {
    let page = "<!DOCTYPE html><html lang=\"en-US\"><head><title>Just a moment...</title></head><body></body></html>";
    let reply = status(403).header("content-type", "text/html; charset=UTF-8").body(page);
    final_at_once(reply, Class::CdnBlocked, ErrorKind::CdnBlocked, "logs.test refuses this client").holds().await;
}

#[tokio::test(start_paused = true)]
async fn an_empty_answer_is_repeated_twice() {
    for body in ["", " \r\n"] {
        useless_content(status(200).body(body), Class::EmptyBody, ErrorKind::BadAnswer, 2, "the answer was empty").holds().await;
    }
}

#[tokio::test(start_paused = true)]
async fn json_that_ends_early_is_repeated_twice() {
    let reply = status(200).body(r#"{"data":{"rateLimitData":{"limitPerHour":36"#);
    useless_content(reply, Class::InvalidJson, ErrorKind::BadAnswer, 2, "ends early").holds().await;
}

#[tokio::test(start_paused = true)]
async fn text_that_is_no_json_although_it_begins_so_is_repeated_twice_and_shown() {
    let reply = status(200).body(r#"{"data": oh no}"#);
    useless_content(reply, Class::InvalidJson, ErrorKind::BadAnswer, 2, "oh no").holds().await;
}

#[tokio::test(start_paused = true)]
async fn raw_control_characters_and_bad_escapes_inside_strings_are_repaired_at_no_further_request() {
    for name in ["Vateshran \u{1}\u{1f}Hollows", r"Vateshran\qHollows", r"Vateshran \x41 Hollows"] {
        let body = format!(
            r#"{{"data":{{"rateLimitData":{{"limitPerHour":3600,"pointsSpentThisHour":1,"pointsResetIn":9,"note":"{name}"}}}}}}"#
        );
        let script = Script::new().api(status(200).body(body)).api_always(rate_limit());
        let rig = Rig::new(script.clone(), CallPolicy::interactive());

        rig.call().await.unwrap();

        assert_eq!(script.api_requests(), 1, "{name:?}: {:?}", rig.told());
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_with_neither_data_nor_errors_is_repeated_once() {
    useless_content(json(value!({})), Class::Incomplete, ErrorKind::BadAnswer, 1, "neither data nor errors").holds().await;
}

#[tokio::test(start_paused = true)]
async fn null_data_without_errors_is_repeated_once() {
    useless_content(json(value!({"data": null})), Class::Incomplete, ErrorKind::BadAnswer, 1, "neither data nor errors")
        .holds()
        .await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_needed_field_is_repeated_once_and_the_field_is_named() {
    let reply = json(value!({"data": {"rateLimitData": {"limitPerHour": 3600, "pointsSpentThisHour": 1.5}}}));
    useless_content(reply, Class::Incomplete, ErrorKind::BadAnswer, 1, "pointsResetIn").holds().await;
}

#[tokio::test(start_paused = true)]
async fn a_report_without_its_fights_is_an_incomplete_answer() {
    let report =
        value!({"code": "aBcDeFgHiJkLmNpQ", "startTime": 1, "endTime": 2, "masterData": {"actors": [], "abilities": []}});
    let script = Script::new().api_always(json(value!({"data": {"reportData": {"report": report}}})));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let error = rig.client.report("aBcDeFgHiJkLmNpQ".parse().unwrap()).get().await.unwrap_err();

    assert_eq!(rig.classes(), [Class::Incomplete; 2]);
    assert!(error.to_string().contains("fights"), "{error}");
}

// Refusals.

#[tokio::test(start_paused = true)]
async fn a_query_that_the_api_refuses_is_final_with_status_400_and_with_200() {
    let body = value!({"errors": [{"message": "Syntax Error: Expected Name, found }", "locations": [{"line": 1, "column": 9}]}]});
    for code in [400, 200] {
        let row = final_at_once(
            status(code).json(body.clone()),
            Class::QueryInvalid,
            ErrorKind::QueryInvalid,
            "Expected Name, found }",
        );
        row.holds().await;
    }
}

#[tokio::test(start_paused = true)]
async fn argument_errors_and_excess_complexity_are_final() {
    for message in [
        "The limit argument must be greater than or equal to 1.",
        "Max query complexity should be 500000 but got 1000002.",
        "Cannot query field \"bosses\" on type \"Report\".",
    ] {
        final_at_once(graphql_error(message), Class::QueryInvalid, ErrorKind::QueryInvalid, message).holds().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_rejected_token_is_renewed_and_the_request_repeated_once_in_each_of_its_forms() {
    let forms = [
        status(401).json(value!({"error": "Unauthenticated."})),
        status(401).json(value!({"message": "Unauthenticated."})),
        json(value!({"errors": [{"message": "Unauthenticated."}]})),
    ];
    for reply in forms {
        let row = Row {
            reply,
            class: Class::Unauthenticated,
            kind: ErrorKind::Auth,
            interactive: 2,
            batch: Batch::Requests(2),
            says: "does not accept the token, not even a new one",
        };
        row.holds().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_403_is_final() {
    let reply = status(403).json(value!({"error": "This client is not valid"}));
    final_at_once(reply, Class::Forbidden, ErrorKind::Forbidden, "This client is not valid").holds().await;
}

#[tokio::test(start_paused = true)]
async fn other_client_errors_are_final() {
    for (code, says) in [(404, "HTTP 404"), (405, "HTTP 405"), (410, "HTTP 410"), (413, "HTTP 413"), (422, "HTTP 422")] {
        final_at_once(status(code).json(value!({"message": ""})), Class::ClientError, ErrorKind::Upstream, says).holds().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_redirect_is_not_followed() {
    for code in [301, 302, 303, 307, 308] {
        let reply = status(code).header("location", "https://logs.test/login").html();
        let row = final_at_once(reply, Class::Redirected, ErrorKind::Upstream, "redirect, which is not followed");
        row.holds().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_408_is_repeated() {
    repeated(status(408).html(), Class::RequestTimeout, ErrorKind::Timeout, "HTTP 408").holds().await;
}

#[tokio::test(start_paused = true)]
async fn a_425_is_repeated_once() {
    let row = Row {
        reply: status(425).html(),
        class: Class::TooEarly,
        kind: ErrorKind::Upstream,
        interactive: 2,
        batch: Batch::Requests(2),
        says: "HTTP 425",
    };
    row.holds().await;
}

// Limits.

#[tokio::test(start_paused = true)]
async fn a_429_of_the_request_throttle_is_repeated_twice_or_waited_out() {
    let row = Row {
        reply: status(429).json(value!({"status": 429, "error": "Too many requests from this IP address"})),
        class: Class::Throttled,
        kind: ErrorKind::RateLimited,
        interactive: 3,
        batch: Batch::ComesThrough,
        says: "Too many requests from this IP address",
    };
    row.holds().await;
}

#[tokio::test(start_paused = true)]
async fn a_429_that_speaks_of_points_is_the_hourly_budget() {
    let reply =
        status(429).json(value!({"status": 429, "error": "You have spent all your points for this hour."})).retry_after(30);
    let rig = Rig::new(Script::new().api_always(reply), CallPolicy::interactive());

    let error = rig.call().await.unwrap_err();

    assert_eq!(rig.classes(), [Class::PointsSpent]);
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert!(error.retry_at().is_some(), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_429_as_a_page_of_the_content_network_is_waited_out_too() {
    let row = Row {
        reply: status(429).html(),
        class: Class::Throttled,
        kind: ErrorKind::RateLimited,
        interactive: 3,
        batch: Batch::ComesThrough,
        says: "Too Many Requests",
    };
    row.holds().await;
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_inside_a_200_is_a_429() {
    let row = Row {
        reply: graphql_error("Too many requests. Slow down."),
        class: Class::Throttled,
        kind: ErrorKind::RateLimited,
        interactive: 3,
        batch: Batch::ComesThrough,
        says: "Slow down",
    };
    row.holds().await;
}

#[tokio::test(start_paused = true)]
async fn a_429_in_the_body_of_a_200_is_a_429() {
    let row = Row {
        reply: json(value!({"status": 429, "error": "Too many requests"})),
        class: Class::Throttled,
        kind: ErrorKind::RateLimited,
        interactive: 3,
        batch: Batch::ComesThrough,
        says: "Too many requests",
    };
    row.holds().await;
}

// Failures of the service.

#[tokio::test(start_paused = true)]
async fn a_500_or_504_is_repeated_as_page_and_as_json() {
    for reply in [status(500).html(), status(504).html(), status(500).json(value!({"message": "Server Error"}))] {
        repeated(reply, Class::ServerError, ErrorKind::Upstream, "HTTP 50").holds().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_502_or_503_is_repeated() {
    repeated(status(502).html(), Class::ServerUnavailable, ErrorKind::Upstream, "HTTP 502: 502 Bad Gateway").holds().await;
    repeated(status(503).html(), Class::ServerUnavailable, ErrorKind::Upstream, "HTTP 503").holds().await;
}

#[tokio::test(start_paused = true)]
async fn what_the_server_does_not_support_is_final() {
    for (code, says) in [(501, "HTTP 501"), (505, "HTTP 505"), (511, "HTTP 511")] {
        final_at_once(status(code).html(), Class::NotSupported, ErrorKind::Upstream, says).holds().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_content_network_that_does_not_reach_the_server_is_repeated() {
    for (code, says) in [(521, "HTTP 521"), (527, "HTTP 527")] {
        repeated(status(code).html(), Class::OriginUnreachable, ErrorKind::Upstream, says).holds().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_content_network_that_lost_the_server_is_repeated() {
    for (code, says) in [(520, "HTTP 520"), (522, "HTTP 522"), (523, "HTTP 523"), (524, "HTTP 524")] {
        repeated(status(code).html(), Class::OriginBroken, ErrorKind::Upstream, says).holds().await;
    }
}

#[tokio::test(start_paused = true)]
async fn broken_tls_behind_the_content_network_is_final() {
    for (code, says) in [(525, "HTTP 525"), (526, "HTTP 526")] {
        final_at_once(status(code).html(), Class::OriginTls, ErrorKind::Upstream, says).holds().await;
    }
}

#[tokio::test(start_paused = true)]
async fn any_other_5xx_is_repeated() {
    for (code, says) in [(507, "HTTP 507"), (530, "HTTP 530"), (599, "HTTP 599")] {
        repeated(status(code).html(), Class::OtherServerError, ErrorKind::Upstream, says).holds().await;
    }
}

// GraphQL.

#[tokio::test(start_paused = true)]
async fn an_internal_error_of_the_api_is_repeated_twice() {
    for message in ["Internal server error", "The request timed out"] {
        useless_content(graphql_error(message), Class::GraphqlInternal, ErrorKind::Upstream, 2, message).holds().await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_with_unknown_words_is_told_and_not_repeated() {
    let says = "The moons are out of phase";
    final_at_once(graphql_error(says), Class::GraphqlUnknown, ErrorKind::BadAnswer, says).holds().await;
}

#[tokio::test(start_paused = true)]
async fn data_beside_errors_is_handed_over_with_them() {
    let answer = value!({
        "data": {"reportData": {"a": {"title": "Rockgrove"}, "b": null}},
        "errors": [{"message": "This report does not exist.", "path": ["reportData", "b"]}],
    });
    let script = Script::new().api(json(answer.clone()));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let document = "{ reportData { a: report(code: \"aBcDeFgHiJkLmNpQ\") { title } b: report(code: \"x\") { title } } }";
    let partial = rig.client.query(document, Map::new()).await.unwrap();

    assert_eq!(serde_json::from_str::<Value>(partial.data.get()).unwrap(), answer["data"]);
    assert_eq!(partial.errors.len(), 1);
    assert_eq!(partial.errors[0].to_string(), "This report does not exist. (at reportData.b)");
    assert_eq!(script.api_requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_this_key_cannot_see_is_final_and_says_so() {
    for (message, class, kind) in [
        ("This report does not exist.", Class::NotVisible, ErrorKind::NotVisible),
        ("This report does not exist or is private.", Class::NotVisible, ErrorKind::NotVisible),
        ("You do not have permission to view this report.", Class::PermissionDenied, ErrorKind::PermissionDenied),
        ("This report is archived. Use the /api/v2/user endpoint.", Class::Archived, ErrorKind::Archived),
    ] {
        final_at_once(graphql_error(message), class, kind, message).holds().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_that_is_null_without_an_error_is_not_visible() {
    let script = Script::new().api(json(value!({"data": {"reportData": {"report": null}}})));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let error = rig.client.report("aBcDeFgHiJkLmNpQ".parse().unwrap()).get().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::NotVisible);
    assert_eq!(error.to_string(), "report aBcDeFgHiJkLmNpQ is not visible to this key (private, deleted or mistyped)");
    assert!(!error.is_retryable());
}

#[tokio::test(start_paused = true)]
async fn an_error_that_concerns_the_budget_alone_does_not_cost_the_data() {
    let guild = value!({"id": 3468, "name": "Lanterns of Alinor"});
    let answer = value!({
        "data": {"guildData": {"guild": guild}, "rateLimitData": null},
        "errors": [{"message": "Internal server error", "path": ["rateLimitData"]}],
    });
    let script = Script::new().api(json(answer));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let found = rig.client.guild(3468).get().await.unwrap();

    assert_eq!(found.value().name.as_deref(), Some("Lanterns of Alinor"));
    assert_eq!((script.api_requests(), script.seen_by(To::Token).len()), (1, 1));
}

// The error as a whole.

#[tokio::test(start_paused = true)]
async fn an_error_tells_operation_cause_attempts_and_time() {
    let script = Script::new().api_always(status(502).html().after(Duration::from_secs(1)));
    let rig = Rig::new(script, CallPolicy::interactive());

    let error = rig.call().await.unwrap_err();

    let seconds = rig.elapsed().as_secs_f64();
    assert_eq!(error.to_string(), format!("RateLimit: HTTP 502: 502 Bad Gateway (after 4 attempts in {seconds:.1} s)"));
    assert!(error.is_retryable(), "the cause was passing");
    assert_eq!(error.attempts(), 4);
    assert_eq!(error.elapsed(), rig.elapsed());
}
