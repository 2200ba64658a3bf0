//! Where the time went: `--explain`, `--decision-log`, and the pace of requests.

use esologs_sim::{FaultKind, Faults, On, ScriptedFault};
use serde_json::Value;

use crate::support::{Desk, GUILD, Ran, Run as _, Server};

const QUERY: &str = "query Limit { rateLimitData { limitPerHour } }";
const PULL: [&str; 7] = ["pull", "guild", GUILD, "-o", "logs", "--streams", "none"];

fn ask(desk: &Desk, server: &Server, options: &[&str]) -> Ran {
    desk.write("query.graphql", QUERY);
    desk.esologs_at(server, &[&["query", "query.graphql"], options].concat()).run()
}

/// Times differ from run to run: `#` stands for each number, `s` for each unit.
fn without_times(text: &str) -> String {
    let mut shown = String::new();
    for part in text.split_inclusive(|c: char| !c.is_ascii_digit()) {
        let number = part.trim_start_matches(|c: char| c.is_ascii_digit());
        if number.len() < part.len() && !shown.ends_with('#') {
            shown.push('#');
        }
        // The point of `0.4` goes with its digits.
        if !(number == "." && shown.ends_with('#')) {
            shown.push_str(number);
        }
    }
    shown.replace("# ms", "# s")
}

fn explained(ran: &Ran) -> Value {
    let mut events = ran.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    events.find(|event| event["event"] == "explained").unwrap_or_else(|| panic!("{}", ran.stdout))
}

fn causes(explained: &Value) -> Vec<&str> {
    explained["causes"].as_array().unwrap().iter().map(|spent| spent["cause"].as_str().unwrap()).collect()
}

#[test]
fn a_query_tells_its_story_on_stderr_and_its_data_on_stdout() {
    let once = ScriptedFault::new(On::Api, FaultKind::BadGateway);
    let server = Server::start(1, Faults::none().with(once));

    let ran = ask(&Desk::new(), &server, &["--explain"]);

    assert_eq!((ran.code, ran.stdout.as_str()), (0, "{\"rateLimitData\":{\"limitPerHour\":18000}}\n"));
    let story: Vec<&str> = ran.stderr.lines().filter(|line| !line.starts_with("note: ") && !line.contains("beside")).collect();
    // On a quick machine, the token takes too little time to be told.
    // A busy machine takes long enough for a token to tell of it.
    let told = without_times(&story.join("\n")).replace("# s for a token; ", "").replace("# s for a token, ", "");
    insta::assert_snapshot!(told);
}

#[test]
fn a_query_that_failed_tells_its_story_before_the_error() {
    let always = ScriptedFault::new(On::Api, FaultKind::BadGateway).times(100);
    let server = Server::start(1, Faults::none().with(always));

    let ran = ask(&Desk::new(), &server, &["--explain"]);

    assert_eq!(ran.code, 7);
    let at = |text: &str| ran.stderr.find(text).unwrap_or_else(|| panic!("{text:?} is not in\n{}", ran.stderr));
    assert!(at("and failed (upstream): the attempts allowed were used up.\n") < at("error: Limit: "));
}

#[test]
fn a_pull_tells_the_sums_by_cause_and_the_longest_calls() {
    let faults = Faults::none().with(ScriptedFault::new(On::Operation("GuildReports".into()), FaultKind::BadGateway));
    let (desk, server) = (Desk::new(), Server::start(1, faults));

    let ran = desk.esologs_at(&server, &[&PULL[..], &["--json", "--explain"]].concat()).run();

    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let explained = explained(&ran);
    let sum: u64 = explained["causes"].as_array().unwrap().iter().map(|spent| spent["ms"].as_u64().unwrap()).sum();
    assert_eq!(explained["total_ms"], sum);
    assert_eq!(explained["longest"].as_array().unwrap().len(), 3);
    for story in explained["longest"].as_array().unwrap() {
        let sum: u64 = story["parts"].as_array().unwrap().iter().map(|part| part["ms"].as_u64().unwrap()).sum();
        assert_eq!(story["total_ms"], sum, "{story}");
    }
    assert!(causes(&explained).contains(&"backoff"), "{explained}");
    let last: Value = serde_json::from_str(ran.stdout.lines().last().unwrap()).unwrap();
    assert_eq!(last["event"], "summary", "stays the last line");
    for expected in [" in requests that were answered (", " for the service to recover (backoff) (", "The longest of them:\n"] {
        assert!(ran.stderr.contains(expected), "{expected:?} is not in\n{}", ran.stderr);
    }
}

#[test]
fn the_request_rate_can_be_set_and_switched_off() {
    let server = Server::start(1, Faults::none());
    let pulled = |rate: &str| {
        let ran = Desk::new().esologs_at(&server, &[&PULL[..], &["--json", "--explain", "--request-rate", rate]].concat()).run();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        explained(&ran)
    };
    assert!(causes(&pulled("2")).contains(&"request_rate"));
    assert!(!causes(&pulled("off")).contains(&"request_rate"));
    let ran = ask(&Desk::new(), &server, &["--request-rate", "fast"]);
    let expected =
        "error: --request-rate: 'fast' is not a rate: expected requests in a second (5, 0.5; at most 10000) or 'off'\n";
    assert_eq!((ran.code, ran.stderr.as_str()), (2, expected));
}

#[test]
fn a_decision_log_has_a_line_for_each_event() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));

    assert_eq!(ask(&desk, &server, &["--decision-log", "decisions.jsonl"]).code, 0);

    let log = std::fs::read_to_string(desk.path("decisions.jsonl")).unwrap();
    let events: Vec<String> =
        log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["event"].as_str().unwrap().to_owned()).collect();
    let expected = [
        "log_started",
        "call_started",
        "token_requested",
        "token_fetched",
        "attempt_started",
        "points_settled",
        "attempt_succeeded",
        "answered",
    ];
    assert_eq!(events, expected);
}

#[test]
fn a_decision_log_that_cannot_be_begun_is_told_before_anything_is_sent() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let ran = ask(&desk, &server, &["--decision-log", "missing/decisions.jsonl"]);
    assert_eq!(ran.code, 8);
    assert!(ran.stderr.contains("error: cannot write the decision log missing/decisions.jsonl: "), "{}", ran.stderr);
    assert_eq!(server.running.sim().stats().requests, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_decision_log_on_a_full_disk_is_told_and_the_answer_comes_all_the_same() {
    let server = Server::start(1, Faults::none());
    let ran = ask(&Desk::new(), &server, &["--decision-log", "/dev/full"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "{\"rateLimitData\":{\"limitPerHour\":18000}}\n"));
    assert!(ran.stderr.contains("note: the decision log /dev/full is not complete: No space left"), "{}", ran.stderr);
}

#[test]
fn the_log_of_v_tells_requests_failures_and_waits_in_lines_of_their_own() {
    let once = ScriptedFault::new(On::Api, FaultKind::BadGateway);
    let server = Server::start(1, Faults::none().with(once));
    let ran = ask(&Desk::new(), &server, &["-v"]);
    for expected in [
        " DEBUG esologs: request call=1 operation=\"Limit\" attempt=1 ",
        " DEBUG esologs: request failed call=1 operation=\"Limit\" attempt=1 class=\"server_unavailable\" ",
        " DEBUG esologs: waiting call=1 operation=\"Limit\" reason=\"backoff\" ",
        " DEBUG esologs: answered call=1 operation=\"Limit\" attempts=2 ",
        " DEBUG esologs: new token\n",
    ] {
        assert!(ran.stderr.contains(expected), "{expected:?} is not in\n{}", ran.stderr);
    }
}
