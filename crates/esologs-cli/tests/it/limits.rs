//! `esologs limits`: how the points stand, and one account for all programs of a user.

use std::time::Duration;

use esologs_sim::Faults;
use serde_json::Value;

use crate::support::{Desk, Ran, Run as _, Server};

const HOUR: Duration = Duration::from_secs(3_600);

/// Numbers differ from run to run: `#` stands for each, and blanks in a row for one.
fn without_numbers(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        match (c, shown.chars().last()) {
            ('0'..='9', Some('#')) | ('.' | ',' | ':', Some('#')) | (' ', Some(' ')) => {}
            ('0'..='9', _) => shown.push('#'),
            _ => shown.push(c),
        }
    }
    shown
}

fn limits(desk: &Desk, server: &Server, options: &[&str]) -> Ran {
    desk.esologs_at(server, &[&["limits"], options].concat()).run()
}

fn object(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", ran.stdout, ran.stderr))
}

/// Who spent, without the numbers of processes, and on what.
fn spenders(limits: &Value) -> Vec<(String, &str)> {
    let rows = limits["spenders"].as_array().unwrap();
    let mut rows: Vec<_> = rows
        .iter()
        .map(|row| (row["process"].as_str().unwrap().split(" (").next().unwrap().to_owned(), row["operation"].as_str().unwrap()))
        .collect();
    rows.sort();
    rows
}

#[test]
fn the_points_are_told_with_their_window_and_with_who_spent_them() {
    let (desk, server) = (Desk::new(), Server::with_points(18_000, HOUR, Faults::none()));
    assert_eq!(desk.esologs_at(&server, &["get", "fights", &server.report()]).run().code, 0);

    let ran = limits(&desk, &server, &["--costs"]);

    assert_eq!((ran.code, ran.talk().as_str()), (0, ""));
    let account = desk.path(".state/esologs/points").display().to_string();
    insta::assert_snapshot!(without_numbers(&ran.stdout.replace(&account, "ACCOUNT")));
}

#[test]
fn what_one_command_spends_another_one_knows_without_asking() {
    let (desk, server) = (Desk::new(), Server::with_points(18_000, HOUR, Faults::none()));
    assert_eq!(desk.esologs_at(&server, &["get", "fights", &server.report()]).run().code, 0);
    let requests = server.running.sim().stats().requests;

    let known = object(&limits(&desk, &server, &["--offline", "--json"]));

    assert_eq!(server.running.sim().stats().requests, requests, "nothing was asked");
    assert_eq!((&known["limit"], &known["is_fresh"]), (&18_000.into(), &false.into()));
    assert_eq!(spenders(&known), [("esologs get fights".to_owned(), "ReportFights")]);
    let in_memory = object(&limits(&desk, &server, &["--offline", "--json", "--ledger", "memory"]));
    assert_eq!((&in_memory["limit"], &in_memory["ledger"]), (&Value::Null, &"memory".into()));
}

#[test]
fn the_object_has_every_field_whatever_is_known() {
    let (desk, server) = (Desk::new(), Server::with_points(18_000, HOUR, Faults::none()));

    let (empty, full) = (object(&limits(&desk, &server, &["--offline", "--json"])), object(&limits(&desk, &server, &["--json"])));

    let fields = |known: &Value| known.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(fields(&empty), fields(&full));
    insta::assert_snapshot!(fields(&full).join("\n"));
    assert_eq!(full["is_fresh"], true);
    let (at, resets_at) = (full["at_unix_ms"].as_i64().unwrap(), full["resets_at_unix_ms"].as_i64().unwrap());
    assert_eq!(full["resets_in_ms"], resets_at - at);
}

#[test]
fn spent_points_are_told_from_what_the_account_knows_and_are_exit_code_5() {
    let (desk, server) = (Desk::new(), Server::with_points(5, HOUR, Faults::none()));
    for _ in 0..3 {
        desk.esologs_at(&server, &["get", "fights", &server.report()]).run();
    }

    let ran = limits(&desk, &server, &[]);

    assert_eq!(ran.code, 5, "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stdout.contains("as the account here knows them") && ran.stdout.contains("esologs get fights ("),
        "{}",
        ran.stdout
    );
    assert!(ran.stderr.contains("it makes sense to try again at ") && ran.stderr.contains("--on-limit wait"), "{}", ran.stderr);
}

#[test]
fn an_account_that_cannot_be_used_is_told_once_with_its_reason_and_changes_nothing_else() {
    let (desk, server) = (Desk::new(), Server::with_points(18_000, HOUR, Faults::none()));
    let file = desk.write("file", "");

    let ran = desk.esologs_at(&server, &["limits"]).env("XDG_STATE_HOME", &file).run();

    assert_eq!(ran.code, 0);
    assert_eq!(ran.stderr.matches("note: the points are planned without the other programs on this key: ").count(), 1);
    assert!(ran.stderr.contains("Not a directory"), "{}", ran.stderr);
}

#[test]
fn who_has_no_home_has_an_account_in_memory_and_is_told_nothing_of_it() {
    let (desk, server) = (Desk::new(), Server::with_points(18_000, HOUR, Faults::none()));
    let mut command = desk.esologs_at(&server, &["limits", "--json"]);

    let ran = command.env_remove("XDG_STATE_HOME").env("HOME", "/nonexistent").run();

    assert_eq!((ran.code, ran.talk().as_str(), &object(&ran)["ledger"]), (0, "", &"memory".into()));
}
