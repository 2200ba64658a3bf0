//! `esologs query`.

use std::io::Write as _;
use std::process::Stdio;

use esologs_sim::world::model::Access;
use esologs_sim::{FaultKind, Faults, On, ScriptedFault};
use serde_json::{Value, json};

use crate::support::{Desk, Ran, Run as _, Server};

fn ask(server: &Server, query: &str, options: &[&str]) -> Ran {
    let desk = Desk::new();
    desk.write("query.graphql", query);
    desk.esologs_at(server, &[&["query", "query.graphql"], options].concat()).run()
}

#[test]
fn data_is_printed_on_one_line_where_stdout_is_no_terminal() {
    let server = Server::start(1, Faults::none());
    let ran = ask(&server, "{ guildData { guild(id: 3468) { id name } } }", &[]);
    assert_eq!(ran.stdout, "{\"guildData\":{\"guild\":{\"id\":3468,\"name\":\"Lanterns of Emberwatch\"}}}\n");
    assert_eq!(ran.code, 0);
}

#[test]
fn variables_come_from_the_command_line_or_from_a_file() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    desk.write("query.graphql", "query($id: Int!) { guildData { guild(id: $id) { id } } }");
    desk.write("variables.json", "{\"id\": 3468}");
    for variables in ["{\"id\": 3468}", "@variables.json"] {
        let ran = desk.esologs_at(&server, &["query", "query.graphql", "--variables", variables]).run();
        assert_eq!(ran.stdout, "{\"guildData\":{\"guild\":{\"id\":3468}}}\n", "{}", ran.stderr);
    }
}

#[test]
fn a_query_is_read_from_stdin() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let mut child = desk.esologs_at(&server, &["query", "-"]).stdin(Stdio::piped()).start();
    child.stdin.take().unwrap().write_all(b"{ rateLimitData { limitPerHour } }").unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "{\"rateLimitData\":{\"limitPerHour\":18000}}\n"), "{}", ran.stderr);
}

#[test]
fn a_failed_attempt_is_repeated_unseen() {
    let once = ScriptedFault::new(On::Api, FaultKind::BadGateway);
    let server = Server::start(1, Faults::none().with(once));
    let ran = ask(&server, "{ rateLimitData { limitPerHour } }", &[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "{\"rateLimitData\":{\"limitPerHour\":18000}}\n"));
    assert_eq!(server.running.sim().stats().by_status[&502], 1);
}

#[test]
fn a_partial_answer_is_printed_whole_and_is_exit_code_3() {
    let server = Server::start(1, Faults::none());
    let reports = server.running.sim().world().reports_of_guild(3468);
    let archived = reports.iter().find(|report| matches!(report.access, Access::Archived { .. })).unwrap().code.clone();
    let ran = ask(&server, &format!("{{ reportData {{ report(code: \"{archived}\") {{ code fights {{ id }} }} }} }}"), &[]);
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(answer["data"], json!({"reportData": {"report": {"code": archived, "fights": null}}}));
    assert_eq!(answer["errors"][0]["path"], json!(["reportData", "report", "fights"]));
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("note: only a part of the data came; the service says:\n"), "{}", ran.stderr);
}

#[test]
fn a_query_that_the_service_refuses_is_told_in_its_words() {
    let server = Server::start(1, Faults::none());
    let ran = ask(&server, "{ guildData { guild(id: 3468) { id shoeSize } } }", &[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("shoeSize"), "{}", ran.stderr);
    assert_eq!(server.running.sim().stats().by_endpoint["/api/v2/client"], 1, "and not repeated");
}

#[test]
fn a_report_that_is_not_visible_is_exit_code_6() {
    let server = Server::start(1, Faults::none());
    let ran = ask(&server, "{ reportData { report(code: \"AAAAAAAAAAAAAAAA\") { title } } }", &[]);
    assert_eq!(ran.code, 6, "{}", ran.stderr);
}

#[test]
fn what_cannot_be_a_query_is_refused_at_home() {
    let server = Server::start(1, Faults::none());
    let told = |query: &str, options: &[&str]| {
        let ran = ask(&server, query, options);
        let error = ran.stderr.lines().find(|line| line.starts_with("error: ")).unwrap_or_default().to_owned();
        (ran.code, error)
    };
    assert_eq!(told(" ", &[]), (2, "error: the query is empty".to_owned()));
    assert_eq!(told("mutation { x }", &[]), (2, "error: a mutation is not sent: this client only reads".to_owned()));
    let example = r#"expected something like '{"code": "xb7TKHXR8DJByp4Q"}'"#;
    assert_eq!(told("{ x }", &["--variables", "[1]"]), (2, format!("error: --variables: not a JSON object; {example}")));
    let (code, error) = told("{ x }", &["--variables", "{code: 1}"]);
    assert!(code == 2 && error.starts_with("error: --variables: not valid JSON (key must be a string"), "{error}");
    let (code, error) = told("{ x }", &["--variables", "@missing.json"]);
    assert!(code == 8 && error.starts_with("error: cannot read the variables missing.json: No such file"), "{error}");
    assert_eq!(server.running.sim().stats().requests, 0);
}

#[test]
fn what_cannot_be_sent_is_told_with_its_place_or_its_number() {
    let server = Server::start(1, Faults::none());
    let told = |query: &str| {
        let ran = ask(&server, query, &[]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{query}");
        ran.stderr
    };
    let stderr = told("{\n  guildData {\n");
    assert!(stderr.contains("error: the query cannot be read: ") && stderr.contains(", line 3 column 1\n"), "{stderr}");
    let stderr = told("query A { x } query B { x }");
    assert!(stderr.contains("error: the query holds 2 operations; send one at a time\n"), "{stderr}");
    let stderr = told("query A { x } mutation B { x }");
    assert!(stderr.contains("error: a mutation is not sent: this client only reads\n"), "{stderr}");
    assert_eq!(server.running.sim().stats().requests, 0);
}

#[test]
fn input_longer_than_a_mebibyte_is_refused_wherever_it_comes_from() {
    let desk = Desk::new();
    let long = format!("{{ a }} #{}", "x".repeat(1024 * 1024));
    desk.write("long", &long);
    desk.write("short", "{ a }");
    let refused = |what: &str| (2, format!("error: {what} is longer than 1 MiB, the most that is read\n"));
    let told = |arguments: &[&str]| {
        let ran = desk.esologs(&[&["query"], arguments].concat()).run();
        (ran.code, ran.stderr)
    };
    assert_eq!(told(&["long"]), refused("the query long"));
    assert_eq!(told(&["short", "--variables", "@long"]), refused("the variables long"));
    let stdin = std::fs::File::open(desk.path("long")).unwrap();
    let ran = desk.esologs(&["query", "-"]).stdin(stdin).run();
    assert_eq!((ran.code, ran.stderr), refused("the query from stdin"));
    #[cfg(unix)]
    assert_eq!(told(&["/dev/zero"]), refused("the query /dev/zero"));
}

#[test]
fn a_query_file_that_is_not_there_is_named() {
    let ran = Desk::new().esologs(&["query", "missing.graphql"]).run();
    assert_eq!(ran.code, 8);
    assert!(ran.stderr.starts_with("error: cannot read the query missing.graphql: No such file"), "{}", ran.stderr);
}

#[test]
fn the_demo_answers_queries_too() {
    let desk = Desk::new();
    desk.write("query.graphql", "{ guildData { guild(id: 3468) { name } } }");
    let ran = desk.esologs(&["query", "query.graphql", "--demo", "--seed", "79"]).run();
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "{\"guildData\":{\"guild\":{\"name\":\"Lanterns of Emberwatch\"}}}\n"),
        "{}",
        ran.stderr
    );
}

#[test]
fn spent_points_are_told_with_the_time_of_the_next_try() {
    let desk = Desk::new();
    let server = Server::start(1, Faults::none());
    server.running.sim().set_limit(1);
    desk.write("query.graphql", "{ rateLimitData { limitPerHour } }");
    assert_eq!(desk.esologs_at(&server, &["query", "query.graphql"]).run().code, 0);

    let ran = desk.esologs_at(&server, &["query", "query.graphql"]).run();

    assert_eq!(ran.code, 5, "{}", ran.stderr);
    assert!(ran.stderr.contains("it makes sense to try again at "), "{}", ran.stderr);
    assert_eq!(ran.last_line(), "hint: try again then, or let it wait: --on-limit wait");
}
