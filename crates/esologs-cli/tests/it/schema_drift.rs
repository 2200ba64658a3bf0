//! `esologs schema drift`.

use esologs_sim::Faults;
use serde_json::{Value, json};

use crate::support::{Desk, GUILD, Run as _, Server};

#[test]
fn the_simulator_sends_nothing_unknown() {
    let server = Server::with_a_race(1);
    let ran = Desk::new().esologs_at(&server, &["schema", "drift", "--guild", GUILD, "--fail"]).run();
    assert_eq!((ran.code, ran.talk()), (0, String::new()), "{}", ran.stdout);
    assert!(ran.stdout.starts_with("nothing unknown in ") && ran.stdout.contains(" events\n"), "{}", ran.stdout);
}

#[test]
fn a_pull_is_looked_through_without_asking() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    assert_eq!(desk.esologs_at(&server, &["pull", "guild", GUILD, "-o", "logs"]).run().code, 0);
    let asked = server.running.sim().stats().requests;

    let ran = desk.esologs(&["schema", "drift", "--from", "logs", "--json", "--fail"]).run();

    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&found["unknown_fields"], &found["failures"]), (&json!({}), &json!([])));
    assert!(found["events"].as_u64().unwrap() > 1_000, "{found}");
    assert_eq!(server.running.sim().stats().requests, asked);
}

#[test]
fn unknown_types_values_and_fields_are_counted_and_fail_where_wanted() {
    let desk = Desk::new();
    desk.write(
        "events.jsonl",
        "{\"timestamp\":1,\"type\":\"damage\",\"fight\":1,\"mood\":\"grim\"}\n{\"timestamp\":2,\"type\":\"bardsong\",\"fight\":1}\n",
    );
    desk.write(
        "answer.json",
        r#"{"data":{"guildData":{"guild":{"id":3468,"motto":"By moonlight","currentUserRank":"QuarterMaster","members":{"data":[{"id":1,"shoeSize":9}],"total":1,"per_page":1,"current_page":1,"from":1,"to":1,"last_page":1,"has_more_pages":false}}}}}"#,
    );
    let look =
        |options: &[&str]| desk.esologs(&[&["schema", "drift", "--from", "events.jsonl", "answer.json"], options].concat()).run();

    let found: Value = serde_json::from_str(&look(&["--json"]).stdout).unwrap();

    assert_eq!(found["unknown_fields"], json!({"Character.shoeSize": 1, "Guild.motto": 1, "ReportEvent.mood": 1}));
    assert!(found["unknown_values"].as_object().unwrap().contains_key("ReportEvent.type = bardsong"), "{found}");
    assert_eq!((look(&[]).code, look(&["--fail"]).code), (0, 3));
    insta::assert_snapshot!(look(&[]).stdout);
}

#[test]
fn what_get_printed_is_looked_at_as_what_it_is() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let members = desk.esologs_at(&server, &["get", "members", GUILD, "--json"]).run().stdout;
    desk.write("members.json", &members.replace("\"hidden\":", "\"veiled\":1,\"hidden\":"));

    let told = desk.esologs(&["schema", "drift", "--from", "members.json"]).run();
    assert_eq!(told.code, 3);
    assert!(told.stderr.contains("say what it is: --as WHAT"), "{}", told.stderr);

    let found = desk.esologs(&["schema", "drift", "--from", "members.json", "--as", "members"]).run();
    assert!(found.code == 0 && found.stdout.contains("Character.veiled"), "{}{}", found.stdout, found.stderr);
    let unknown = desk.esologs(&["schema", "drift", "--from", "members.json", "--as", "shoes"]).run();
    assert_eq!(unknown.code, 2);
}

#[test]
fn what_cannot_be_read_is_told_by_its_name() {
    let desk = Desk::new();
    desk.write("broken.json", "{");
    let ran = desk.esologs(&["schema", "drift", "--from", "broken.json"]).run();
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("note: broken.json could not be looked at: not valid JSON"), "{}", ran.stderr);
    let missing = desk.esologs(&["schema", "drift", "--from", "missing.json"]).run();
    assert!(missing.code == 8 && missing.stderr.contains("cannot read missing.json"), "{}", missing.stderr);
}
