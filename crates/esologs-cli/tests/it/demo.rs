//! `--demo`: without account, network and settings. (Without events here; the README's command has them.)

use crate::support::{Desk, GUILD, Run as _, assert_same, files, manifest};

/// A seed that no other test takes: demos of one seed share a port, and the second run has to come back to that of the first.
const PULL: [&str; 10] = ["pull", "guild", GUILD, "--demo", "--seed", "77", "-o", "logs", "--streams", "none"];

#[test]
fn a_demo_tells_what_it_does_what_the_simulator_did_and_how_to_check_it() {
    let desk = Desk::new();
    // Real settings are not for the demo.
    let mut command = desk.esologs(&PULL);
    let ran = command.env("ESOLOGS_BASE_URL", "http://logs.example.org").env("ESOLOGS_ID", "mine").run();

    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("Demo: no account and no network."), "{}", ran.stderr);
    for expected in [
        "Lanterns of Emberwatch: 9 of 15 reports complete",
        "5 cannot be had:",
        ": archived: needs a user token with a subscription\n",
        ": not visible to this key (private, deleted or mistyped)\n",
        "The simulator itself counted ",
        "esologs sim --truth truth --seed 77 --streams none && diff -r truth logs/data",
    ] {
        assert!(ran.stderr.contains(expected), "{expected:?} is not in\n{}", ran.stderr);
    }

    assert_eq!(desk.esologs(&["sim", "--truth", "truth", "--seed", "77", "--streams", "none"]).run().code, 0);
    assert_same(&files(&desk.path("logs/data")), &files(&desk.path("truth")));

    let again = desk.esologs(&PULL).run();
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(again.stderr.contains("15 reports, 9 of them here already"), "{}", again.stderr);
}

#[test]
fn a_demo_with_all_that_the_site_makes_of_reports_equals_the_truth_that_it_names_and_retry_asks_for_the_same() {
    let desk = Desk::new();
    let extras = ["--player-details", "--rankings", "--tables", "--attendance", "--include-resources"];
    let pull = ["pull", "guild", GUILD, "--demo", "--seed", "79", "-o", "logs", "--streams", "deaths"];

    let ran = desk.esologs(&[&pull[..], &extras].concat()).run();

    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let named = format!(
        "esologs sim --truth truth --seed 79 --streams deaths {} && diff -r -x attendance.jsonl truth logs/data",
        extras.join(" ")
    );
    assert!(ran.stderr.contains(&named), "{named:?} is not in\n{}", ran.stderr);
    let truth = ["sim", "--truth", "truth", "--seed", "79", "--streams", "deaths"];
    assert_eq!(desk.esologs(&[&truth[..], &extras].concat()).run().code, 0);
    let without_attendance = |folder: &str| {
        let mut files = files(&desk.path(folder));
        assert!(files.remove(std::path::Path::new("attendance.jsonl")).is_some(), "{folder}");
        files
    };
    assert_same(&without_attendance("logs/data"), &without_attendance("truth"));
    assert_eq!(desk.esologs(&["verify", "logs"]).run().code, 0);

    let asked = |manifest: serde_json::Value| [manifest["extras"].clone(), manifest["include_resources"].clone()];
    let before = asked(manifest(&desk.path("logs")));
    let again = desk.esologs(&["retry", "logs", "--demo", "--seed", "79"]).run();
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert_eq!(asked(manifest(&desk.path("logs"))), before);
    assert_eq!(before[0].as_array().unwrap().len(), 4);
}

#[test]
fn the_demo_names_its_guild_where_another_was_asked_for() {
    let ran = Desk::new().esologs(&["pull", "guild", "17", "--demo", "--seed", "78", "-o", "logs"]).run();
    assert_eq!(ran.code, 6);
    assert_eq!(ran.last_line(), "hint: the guild of the demo is 3468");
}
