//! `pull --dry-run`: what it says, and that it leaves nothing behind.

use esologs_sim::Faults;
use serde_json::Value;

use crate::support::{Desk, GUILD, Run as _, Server};

const DRY: [&str; 6] = ["pull", "guild", GUILD, "-o", "logs", "--dry-run"];

fn row<'a>(table: &'a str, name: &str) -> &'a str {
    let line = table.lines().find(|line| line.trim_start().starts_with(name));
    line.unwrap_or_else(|| panic!("{name} is not in\n{table}")).trim_start().trim_start_matches(name).trim()
}

#[test]
fn it_tells_what_a_pull_would_find_and_take_and_makes_no_folder() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));

    let ran = desk.esologs_at(&server, &DRY).run();

    assert_eq!((ran.code, ran.talk().as_str()), (0, ""), "{}", ran.stderr);
    let rows = ["reports", "here already", "not to be had", "to fetch"].map(|name| row(&ran.stdout, name));
    assert_eq!(rows, ["6", "0", "2", "4, 1 of them may still grow"], "{}", ran.stdout);
    for name in ["requests", "points", "disk"] {
        assert!(row(&ran.stdout, name).contains(" to "), "{}", ran.stdout);
    }
    assert_eq!(row(&ran.stdout, "hours of budget"), "1");
    assert!(row(&ran.stdout, "done").starts_with("in ") && row(&ran.stdout, "done").contains(", by "), "{}", ran.stdout);
    assert!(ran.stdout.contains("\nSizes are guessed: no report is here to judge by; "), "{}", ran.stdout);
    assert!(!desk.path("logs").exists());
    assert_eq!(server.running.sim().stats().executed, 2, "the guild and its list");
}

#[test]
fn as_json_it_is_one_object_that_holds_what_the_pull_then_takes() {
    let (desk, server) = (Desk::new(), Server::start(2, Faults::none()));

    let ran = desk.esologs_at(&server, &[&DRY[..], &["--json"]].concat()).run();

    assert_eq!((ran.code, ran.stdout.lines().count()), (0, 1), "{}", ran.stderr);
    let dry: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&dry["event"], &dry["reports"], &dry["to_fetch"]), (&"dry_run".into(), &6.into(), &4.into()));
    assert!(dry["done_at_unix_ms"]["low"].is_i64() && dry["windows"]["high"].is_u64(), "{dry}");
    let before = server.running.sim().stats();
    assert_eq!(desk.esologs_at(&server, &DRY[..5]).run().code, 0);
    let after = server.running.sim().stats();
    let holds = |name: &str, value: f64| {
        let ends = ["low", "high"].map(|end| dry[name][end].as_f64().unwrap());
        assert!((ends[0]..=ends[1]).contains(&value), "{value} {name} are not in {ends:?}");
    };
    holds("requests", (after.executed - before.executed) as f64);
    holds("points", after.points_spent - before.points_spent);
}

#[test]
fn after_a_pull_the_list_alone_is_left_and_the_pull_itself_tells_what_is_left() {
    let (desk, server) = (Desk::new(), Server::start(3, Faults::none()));
    let finished_only = ["--until", "2026-10-15", "--json"];
    let pulled = desk.esologs_at(&server, &[&DRY[..5], &finished_only].concat()).run();
    assert_eq!(pulled.code, 0, "{}", pulled.stderr);

    let ran = desk.esologs_at(&server, &[&DRY[..], &finished_only].concat()).run();

    let lines = pulled.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let left: Vec<Value> = lines.filter(|line| line["event"] == "forecast").collect();
    assert!(left.len() >= 4, "after the list and with each report: {left:?}");
    assert_eq!(left.last().unwrap()["requests"]["high"], 0);
    let dry: Value = serde_json::from_str(&ran.stdout).unwrap();
    // A look at the list; the private one was not visible a moment ago.
    assert_eq!((&dry["already_here"], &dry["to_fetch"], &dry["requests"]["high"]), (&3.into(), &0.into(), &1.into()), "{dry}");
    assert_eq!(dry["bytes"]["high"], 0);
}

#[test]
fn a_demo_can_be_reckoned_up() {
    let desk = Desk::new();
    let ran = desk.esologs(&[&DRY[..], &["--demo", "--seed", "79"]].concat()).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.starts_with("Lanterns of Emberwatch (guild 3468): what a pull would take\n"), "{}", ran.stdout);
    assert!(!desk.path("logs").exists());
}

#[test]
fn a_failure_is_told_as_that_of_a_pull() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let unknown = ["pull", "guild", "17", "-o", "logs", "--dry-run", "--json"];
    let ran = desk.esologs_at(&server, &unknown).run();
    assert_eq!(ran.code, 6);
    assert!(ran.last_line().starts_with("hint: check the number in the guild's address"), "{}", ran.stderr);
    let error: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&error["event"], &error["kind"]), (&"error".into(), &"not_visible".into()));
    assert!(!desk.path("logs").exists());

    std::fs::create_dir(desk.path("mine")).unwrap();
    desk.write("mine/thesis.txt", "mine");
    let ran = desk.esologs_at(&server, &["pull", "guild", GUILD, "-o", "mine", "--dry-run"]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (8, ""));
}
