//! How each fault looks, and whether it is charged.

use std::time::Duration;

use esologs_sim::world::MAIN_GUILD_ID;
use esologs_sim::world::model::Access;
use esologs_sim::{BodyForm, FaultKind, Faults, On, ScriptedFault, Simulator, Strikes};
use serde_json::{Value, json};

use crate::support::{Answer, Client, RATE, demo_form, public_report, report_that, sim, sim_with, token_request};

/// A simulator whose next API request has this fault, and a client with a token.
async fn with_fault(fault: ScriptedFault) -> Client {
    Client::of(&sim_with(|builder| builder.faults(Faults::none().with(fault)))).await
}

fn on_api(kind: FaultKind) -> ScriptedFault {
    ScriptedFault::new(On::Api, kind)
}

/// Asks once with the fault and once without; the second answer must be good.
async fn struck(client: &Client, query: &str) -> Answer {
    let answer = client.ask(query).await;
    assert_eq!(client.ask(query).await.status, 200);
    answer
}

#[tokio::test]
async fn faults_that_are_a_status_have_the_documented_status_form_and_price() {
    let table: &[(FaultKind, u16, &str, &str, f64)] = &[
        (FaultKind::Unauthenticated, 401, "application/json", "{\"error\":\"Unauthenticated.\"}", 0.0),
        (FaultKind::UnauthenticatedMessage, 401, "application/json", "{\"message\":\"Unauthenticated.\"}", 0.0),
        (FaultKind::UnauthenticatedGraphql, 200, "application/json", "{\"errors\":[{\"message\":\"Unauthenticated.\"}]}", 0.0),
        (FaultKind::Banned, 403, "application/json", "This client is not valid", 0.0),
        (FaultKind::Challenge, 403, "text/html", "Just a moment...", 0.0),
        (FaultKind::NotFound, 404, "application/json", "{\"message\":\"\"}", 0.0),
        (FaultKind::RequestTimeout, 408, "text/html", "408 Request Timeout", 0.0),
        (FaultKind::TooEarly, 425, "text/html", "425 Too Early", 0.0),
        (FaultKind::PointsSpent, 429, "application/json", "\"status\":429", 0.0),
        (FaultKind::Throttled, 429, "application/json", "Too many requests from this IP address", 0.0),
        (FaultKind::ThrottledHtml, 429, "text/html", "429 Too Many Requests", 0.0),
        (FaultKind::ServerErrorHtml, 500, "text/html", "500 Server Error", 1.2),
        (FaultKind::ServerErrorJson, 500, "application/json", "{\"message\":\"Server Error\"}", 1.2),
        (FaultKind::BadGateway, 502, "text/html", "502 Bad Gateway", 0.0),
        (FaultKind::Unavailable, 503, "text/html", "503 Service Unavailable", 0.0),
        (FaultKind::GatewayTimeout, 504, "text/html", "504 Gateway Time-out", 1.2),
        (FaultKind::Cloudflare, 520, "text/html", "520: ", 1.2),
        (FaultKind::Redirect, 302, "text/html", "302 Found", 0.0),
        (FaultKind::Maintenance, 200, "text/html", "down for maintenance", 0.0),
        (FaultKind::PhpError, 200, "text/html", "Fatal error", 0.0),
        (FaultKind::EmptyBody, 200, "application/json", "", 1.2),
        (FaultKind::DataNull, 200, "application/json", "{\"data\":null}", 1.2),
        (FaultKind::NoData, 200, "application/json", "{}", 1.2),
        (FaultKind::InternalError, 200, "application/json", "Internal server error", 1.2),
        (FaultKind::GraphqlRateLimit, 200, "application/json", "Too many requests", 0.0),
    ];
    for (kind, status, form, text, charged) in table {
        let client = with_fault(on_api(*kind)).await;
        let answer = client.ask(RATE).await;

        assert_eq!(answer.status, *status, "{kind}");
        assert!(answer.header("content-type").unwrap().starts_with(form), "{kind}");
        assert!(answer.text().contains(text) && (text.is_empty() == answer.body.is_empty()), "{kind}: {}", answer.text());
        let stats = client.sim.stats();
        assert_eq!((stats.points_spent, stats.points_spent_on_broken_answers), (*charged, *charged), "{kind}");
        assert_eq!((stats.faults_total, stats.faults[kind.name()]), (1, 1));
        let again = client.ask(RATE).await;
        assert_eq!(again.status, 200, "{kind}");
        assert!(again.json()["data"]["rateLimitData"].is_object());
    }
}

#[tokio::test]
async fn marks_of_the_cdn_and_of_redirects_are_in_the_headers() {
    let challenged = with_fault(on_api(FaultKind::Challenge)).await.ask(RATE).await;
    assert_eq!(challenged.header("cf-mitigated"), Some("challenge"));
    assert_eq!(challenged.header("server"), Some("cloudflare"));
    let redirected = with_fault(on_api(FaultKind::Redirect)).await.ask(RATE).await;
    assert_eq!(redirected.header("location"), Some("/login"));
}

#[tokio::test]
async fn retry_after_is_written_as_it_was_asked_for() {
    let default = with_fault(on_api(FaultKind::Unavailable)).await.ask(RATE).await;
    assert_eq!(default.header("retry-after"), None);
    for value in ["2", "Wed, 21 Oct 2026 07:28:00 GMT", "soon"] {
        let answer = with_fault(on_api(FaultKind::Unavailable).retry_after(value)).await.ask(RATE).await;
        assert_eq!(answer.header("retry-after"), Some(value));
    }
    assert_eq!(with_fault(on_api(FaultKind::PointsSpent)).await.ask(RATE).await.header("retry-after"), Some("60"));
    let overridden = with_fault(on_api(FaultKind::Throttled).retry_after(9)).await.ask(RATE).await;
    assert_eq!(overridden.headers.get_all("retry-after").iter().count(), 1);
    assert_eq!(overridden.header("retry-after"), Some("9"));
}

#[tokio::test]
async fn cloudflare_and_other_statuses_can_be_chosen_with_their_body() {
    for (status, charged) in [(520, 1.2), (521, 0.0), (522, 1.2), (523, 1.2), (524, 1.2), (525, 0.0), (526, 0.0), (527, 0.0)] {
        let client = with_fault(on_api(FaultKind::Cloudflare).status(status)).await;
        assert_eq!(client.ask(RATE).await.status, status);
        assert_eq!(client.sim.stats().points_spent, charged, "{status}");
    }
    for (body, text) in [(BodyForm::Html, "<!DOCTYPE html>"), (BodyForm::Json, "{\"message\":"), (BodyForm::Empty, "")] {
        let answer = with_fault(on_api(FaultKind::Status).status(507).body(body)).await.ask(RATE).await;
        assert_eq!(answer.status, 507);
        assert!(answer.text().starts_with(text) && text.is_empty() == answer.body.is_empty());
    }
}

#[tokio::test]
async fn whether_points_are_charged_can_be_turned_round() {
    let charged = with_fault(on_api(FaultKind::BadGateway).strikes(Strikes::After)).await;
    assert_eq!(charged.ask(RATE).await.status, 502);
    assert_eq!(charged.sim.stats().points_spent, 1.2);
    let free = with_fault(on_api(FaultKind::TruncatedJson).strikes(Strikes::Before)).await;
    assert!(serde_json::from_slice::<Value>(&free.ask(RATE).await.body).is_err());
    assert_eq!(free.sim.stats().points_spent, 0.0);
}

#[tokio::test]
async fn spoilt_json_is_a_whole_answer_whose_json_is_not() {
    let query = format!("{{ guildData {{ guild(id: {MAIN_GUILD_ID}) {{ name description }} }} }}");
    let good = Client::of(&sim()).await.ask(&query).await;
    for (kind, extra) in [(FaultKind::TruncatedJson, 0), (FaultKind::BadEscapes, b'\\'), (FaultKind::ControlCharacters, 1)] {
        let client = with_fault(on_api(kind)).await;
        let answer = struck(&client, &query).await;
        assert_eq!(answer.status, 200);
        assert!(serde_json::from_slice::<Value>(&answer.body).is_err(), "{kind}: {}", answer.text());
        if kind == FaultKind::TruncatedJson {
            assert!(good.body.starts_with(&answer.body) && answer.body.len() < good.body.len());
        } else {
            let restored: Vec<u8> = answer.body.iter().copied().filter(|byte| *byte != extra).collect();
            assert_eq!(restored, good.body, "{kind}");
        }
        assert!(client.sim.stats().points_spent_on_broken_answers > 0.0);
    }
}

#[tokio::test]
async fn a_needed_field_goes_missing_but_never_the_clients_own_accounts() {
    let client = with_fault(on_api(FaultKind::MissingField)).await;
    let code = public_report(&client.sim).code.clone();
    let query =
        format!("{{ rateLimitData {{ limitPerHour }} reportData {{ report(code: \"{code}\") {{ title fights {{ id }} }} }} }}");
    let answer = struck(&client, &query).await.data();
    let report = answer["reportData"]["report"].as_object().unwrap();
    assert_eq!(report.keys().collect::<Vec<_>>(), ["title"]);
    assert_eq!(answer["rateLimitData"]["limitPerHour"], 18_000);

    let mut chosen = on_api(FaultKind::MissingField);
    chosen.fault.field = Some("title".to_owned());
    let answer = struck(&with_fault(chosen).await, &query).await.data();
    assert!(answer["reportData"]["report"].get("title").is_none());
    assert!(answer["reportData"]["report"]["fights"].is_array());
}

#[tokio::test]
async fn partial_data_nulls_one_alias_and_names_its_path() {
    let client = with_fault(on_api(FaultKind::PartialData)).await;
    let code = public_report(&client.sim).code.clone();
    let query = format!("{{ reportData {{ a: report(code: \"{code}\") {{ code }} b: report(code: \"{code}\") {{ code }} }} }}");
    let answer = struck(&client, &query).await.json();
    assert_eq!(
        answer,
        json!({
            "errors": [{"message": "Internal server error", "locations": [{"line": 1, "column": 19}], "path": ["reportData", "a"]}],
            "data": {"reportData": {"a": null, "b": {"code": code}}},
        })
    );
}

#[tokio::test]
async fn chosen_aliases_fail_and_only_what_ran_is_charged() {
    let client = with_fault(on_api(FaultKind::PartialData).field("r2, 4")).await;
    let code = public_report(&client.sim).code.clone();
    let aliases: Vec<String> = (1..=5).map(|it| format!("r{it}: report(code: \"{code}\") {{ code }}")).collect();
    let query = format!("{{ reportData {{ {} }} }}", aliases.join(" "));

    let answer = client.ask(&query).await.json();

    let report = json!({"code": code});
    assert_eq!(answer["data"]["reportData"], json!({"r1": report, "r2": null, "r3": report, "r4": null, "r5": report}));
    let paths: Vec<&Value> = answer["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect();
    assert_eq!(paths, [&json!(["reportData", "r2"]), &json!(["reportData", "r4"])]);
    let three = client.sim.stats().points_spent;
    client.data(&query).await;
    let five = client.sim.stats().points_spent - three;
    assert!((three - 2.1).abs() < 0.001 && (five - 2.7).abs() < 0.001, "{three} for three reports, {five} for five");
}

#[tokio::test]
async fn partial_data_of_a_query_without_a_field_that_can_fail_alone_is_an_internal_error() {
    let answer = with_fault(on_api(FaultKind::PartialData)).await.ask(RATE).await.json();
    assert_eq!((&answer["data"], &answer["errors"][0]["message"]), (&Value::Null, &json!("Internal server error")));
}

#[tokio::test]
async fn json_scalars_can_come_as_strings_that_hold_the_same_json() {
    let client = with_fault(on_api(FaultKind::StringScalars)).await;
    let code = public_report(&client.sim).code.clone();
    let query = format!(
        "{{ reportData {{ report(code: \"{code}\") {{ events(fightIDs: [1], limit: 100) {{ data nextPageTimestamp }} table }} }} }}"
    );
    let as_strings = client.data(&query).await["reportData"]["report"].clone();
    let as_values = client.data(&query).await["reportData"]["report"].clone();
    let parsed = |value: &Value| serde_json::from_str::<Value>(value.as_str().unwrap()).unwrap();
    assert_eq!(parsed(&as_strings["events"]["data"]), as_values["events"]["data"]);
    assert_eq!(parsed(&as_strings["table"]), as_values["table"]);
    assert_eq!(client.sim.stats().points_spent_on_broken_answers, 0.0);
}

#[tokio::test(start_paused = true)]
async fn a_delay_passes_in_virtual_time_and_an_answer_nobody_waited_for_counts_as_broken() {
    let client = with_fault(on_api(FaultKind::Delay).delay(Duration::from_secs(600)).times(2)).await;
    let started = tokio::time::Instant::now();
    assert_eq!(client.ask(RATE).await.status, 200);
    assert_eq!(started.elapsed().as_secs(), 600);
    assert_eq!(client.sim.stats().points_spent_on_broken_answers, 0.0);

    let given_up = tokio::time::timeout(Duration::from_secs(60), client.ask(RATE)).await;
    assert!(given_up.is_err());
    let stats = client.sim.stats();
    assert_eq!((stats.points_spent, stats.points_spent_on_broken_answers), (2.4, 1.2));
}

#[tokio::test]
async fn revoked_tokens_stay_revoked_until_a_new_one_is_fetched() {
    let client = with_fault(on_api(FaultKind::RevokeTokens)).await;
    assert_eq!(client.ask(RATE).await.status, 401);
    assert_eq!(client.ask(RATE).await.status, 401);
    assert_eq!(Client::of(&client.sim).await.ask(RATE).await.status, 200);
    assert_eq!(client.sim.stats().faults_total, 1);
}

#[tokio::test]
async fn the_token_endpoint_has_faults_too() {
    let breaks = |kind: &&FaultKind| kind.fits_token_endpoint() && !kind.is_harmless() && !kind.is_below_http();
    for kind in FaultKind::ALL.iter().filter(breaks) {
        let sim: Simulator =
            sim_with(|builder| builder.faults(Faults::none().with(ScriptedFault::new(On::Token, *kind).status(503))));
        let answer = Answer::from(sim.handle(token_request(&demo_form())).await);
        let usable = answer.status == 200 && serde_json::from_slice::<Value>(&answer.body).is_ok();
        assert!(!usable, "{kind}");
        assert_eq!(Client::of(&sim).await.ask(RATE).await.status, 200);
    }
}

#[tokio::test]
async fn a_token_can_come_without_the_time_it_lives() {
    let fault = ScriptedFault::new(On::Token, FaultKind::MissingExpiresIn);
    let sim = sim_with(|builder| builder.faults(Faults::none().with(fault)));

    let answer = Answer::from(sim.handle(token_request(&demo_form())).await).json();

    assert_eq!(answer.get("expires_in"), None);
    let client = Client { sim: sim.clone(), token: answer["access_token"].as_str().unwrap().to_owned() };
    assert_eq!(client.ask(RATE).await.status, 200);
    assert_eq!(sim.stats().faults["missing_expires_in"], 1);
}

#[tokio::test]
async fn a_stuck_cursor_points_at_the_page_that_it_came_with() {
    let client = with_fault(on_api(FaultKind::StuckCursor)).await;
    let code = public_report(&client.sim).code.clone();
    let query = format!(
        "{{ reportData {{ report(code: \"{code}\") {{ events(startTime: 5, endTime: 9e9, limit: 100) {{ nextPageTimestamp data }} }} }} }}"
    );

    let stuck = client.data(&query).await["reportData"]["report"]["events"].clone();
    let good = client.data(&query).await["reportData"]["report"]["events"].clone();

    assert_eq!(stuck["nextPageTimestamp"].as_f64(), Some(5.0));
    assert_eq!(stuck["data"], good["data"]);
    assert!(good["nextPageTimestamp"].as_f64() > Some(5.0));
}

#[tokio::test(start_paused = true)]
async fn a_live_report_grows_between_two_answers_and_a_stale_answer_shows_it_smaller() {
    let faults = Faults::none()
        .with(on_api(FaultKind::ReportGrows).nth(2).lasts(Duration::from_secs(100)))
        .with(on_api(FaultKind::StaleReport).nth(4));
    let client = Client::of(&sim_with(|builder| builder.faults(faults))).await;
    let code = report_that(&client.sim, |access| *access == Access::Live).code.clone();
    let query = format!("{{ reportData {{ report(code: \"{code}\") {{ endTime revision }} }} }}");

    let mut ends = Vec::new();
    for _ in 0..5 {
        ends.push(client.data(&query).await["reportData"]["report"]["endTime"].as_i64().unwrap());
    }

    let start = ends[0];
    assert_eq!(ends, [start, start + 100_000, start + 100_000, start + 40_000, start + 100_000]);
}
