//! Pulls of named reports, of a character and of a user, as they are told and with their exit codes.

use std::fs::{self, File};

use esologs_sim::Faults;
use esologs_sim::world::model::Access;
use serde_json::Value;

use crate::support::{Desk, Run as _, Server};

/// The codes of the finished reports of the server's world.
fn finished(server: &Server) -> Vec<String> {
    let world = server.running.sim().world();
    let reports = world.reports.iter().filter(|report| report.access == Access::Public);
    reports.filter(|report| report.guild_id == Some(3468)).map(|report| report.code.clone()).collect()
}

fn manifest(desk: &Desk) -> Value {
    serde_json::from_slice(&fs::read(desk.path("logs/manifest.json")).unwrap()).unwrap()
}

#[test]
fn reports_are_named_by_code_or_address_and_nothing_is_asked_for_what_is_here() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let codes = finished(&server);
    let address = format!("https://www.esologs.com/reports/{}?fight=2", codes[1]);
    let pull = ["pull", "report", &codes[0], &address, "--streams", "deaths", "-o", "logs"];

    let first = desk.esologs_at(&server, &pull).run();
    let asked = server.running.sim().stats().by_endpoint.clone();
    let again = desk.esologs_at(&server, &pull).run();

    assert_eq!((first.code, again.code), (0, 0), "{first:?} {again:?}");
    assert!(first.stderr.contains("Named reports: 2 of 2 reports complete, "), "{}", first.stderr);
    assert_eq!(manifest(&desk)["reports"].as_array().unwrap().len(), 2);
    assert_eq!(server.running.sim().stats().by_endpoint, asked, "nothing was asked, not even for a token");
    assert_eq!(desk.esologs(&["verify", "logs"]).run().code, 0);
}

#[test]
fn a_list_is_read_from_a_file_or_from_stdin() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let codes = finished(&server);
    let list = desk.write("raids.txt", &format!("# two raids\n{}\n\n{}\n", codes[0], codes[1]));

    let of_file = desk.esologs_at(&server, &["pull", "list", "raids.txt", "--streams", "none", "-o", "logs"]).run();
    let of_stdin = desk
        .esologs_at(&server, &["pull", "list", "-", "--streams", "none", "-o", "more"])
        .stdin(File::open(list).unwrap())
        .run();

    assert_eq!((of_file.code, of_stdin.code), (0, 0), "{of_file:?} {of_stdin:?}");
    assert!(of_stdin.stderr.contains("Named reports: 2 of 2 reports complete, "), "{}", of_stdin.stderr);
    assert!(codes[..2].iter().all(|code| desk.path("logs/data/reports").join(code).is_dir()));
}

#[test]
fn a_bad_line_is_named_with_its_number_and_leaves_nothing_behind() {
    let desk = Desk::new();
    desk.write("raids.txt", "# raids\nxb7TKHXR8DJByp4Q\nhttps://www.fflogs.com/reports/xb7TKHXR8DJByp4Q\n");

    let ran = desk.esologs(&["pull", "list", "raids.txt", "-o", "logs"]).run();

    assert_eq!(ran.code, 2);
    assert!(ran.stderr.starts_with("error: line 3: "), "{}", ran.stderr);
    assert!(!desk.path("logs").exists());
}

#[test]
fn more_than_200_reports_have_to_be_meant() {
    let desk = Desk::new();
    let many: String = (0..201).map(|number| format!("{number:0>16}\n")).collect();
    desk.write("many.txt", &many);
    desk.write("fewer.txt", many.trim_end().rsplit_once('\n').unwrap().0);

    let refused = desk.esologs(&["pull", "list", "many.txt", "-o", "logs"]).run();
    let meant = desk.esologs(&["pull", "list", "many.txt", "--yes", "-o", "logs"]).run();
    let fewer = desk.esologs(&["pull", "list", "fewer.txt", "-o", "logs"]).run();

    assert_eq!(refused.code, 2);
    assert!(refused.stderr.starts_with("error: 201 reports were named, which is more than 200\nhint: say --yes"), "{refused:?}");
    // The next thing that is missing is a key.
    assert_eq!((meant.code, fewer.code), (4, 4), "{meant:?} {fewer:?}");
}

#[test]
fn what_is_not_there_ends_with_exit_code_6() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    for (what, said) in [
        (["report", "zzzzzzzzzzzzzzzz"], "not visible to this key"),
        (["character", "999999"], "hint: check the number in the character's address"),
        (["user", "999999"], "error: there is no report of user 999999 that this key can see"),
    ] {
        let folder = format!("{}-logs", what[0]);

        let ran = desk.esologs_at(&server, &["pull", what[0], what[1], "-o", &folder]).run();

        assert_eq!(ran.code, 6, "{ran:?}");
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}

#[test]
fn a_folder_of_another_target_is_told_with_and_without_a_request() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let code = &finished(&server)[0];
    desk.esologs_at(&server, &["pull", "report", code, "--streams", "none", "-o", "logs"]).run();

    let pulled = desk.esologs_at(&server, &["pull", "guild", "3468", "-o", "logs"]).run();
    let offline = desk.esologs(&["pull", "user", "7", "-o", "logs", "--offline"]).run();
    let status = desk.esologs(&["status", "logs"]).run();

    assert_eq!((pulled.code, offline.code, status.code), (8, 8, 0));
    assert!(pulled.stderr.contains("is of named reports, not of guild 3468"), "{}", pulled.stderr);
    assert!(offline.stderr.contains("the folder logs holds named reports, not user 7"), "{}", offline.stderr);
    assert!(status.stdout.starts_with("named reports, from "), "{}", status.stdout);
}

#[test]
fn a_dry_run_of_named_reports_asks_for_nothing_and_says_so() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let code = &finished(&server)[0];

    let ran = desk.esologs_at(&server, &["pull", "report", code, "--dry-run", "-o", "logs"]).run();

    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.starts_with("named reports: what a pull would take\n  reports          1\n"), "{}", ran.stdout);
    assert!(
        ran.stdout.ends_with("This look has asked for nothing: how long the reports are is guessed, too.\n"),
        "{}",
        ran.stdout
    );
    assert_eq!(server.running.sim().stats().requests, 0);
    assert!(!desk.path("logs").exists());
}

#[test]
fn a_retry_is_for_the_same_reports_the_same_zone_and_as_many() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let codes = finished(&server);
    let zone = server.running.sim().world().reports_of_guild(3468)[0].zone_id.to_string();
    let of_guild = ["pull", "guild", "3468", "--last", "1", "--zone", &zone, "--streams", "none", "-o", "guild"];
    desk.esologs_at(&server, &["pull", "report", &codes[1], &codes[0], "--streams", "none", "-o", "logs"]).run();
    desk.esologs_at(&server, &of_guild).run();
    fs::remove_dir_all(desk.path("logs/data/reports").join(&codes[0])).unwrap();

    let retried = desk.esologs_at(&server, &["retry", "logs"]).run();
    let of_guild = desk.esologs_at(&server, &["retry", "guild", "--json"]).run();

    assert_eq!((retried.code, of_guild.code), (0, 0), "{retried:?} {of_guild:?}");
    assert!(desk.path("logs/data/reports").join(&codes[0]).is_dir());
    let told: Vec<&str> = codes[..2].iter().rev().map(String::as_str).collect();
    let listed: Vec<String> =
        manifest(&desk)["reports"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap().into()).collect();
    assert_eq!(listed, told);
    let started: Value = serde_json::from_str(of_guild.stdout.lines().next().unwrap()).unwrap();
    assert_eq!((started["last"].as_i64(), started["zone"].to_string()), (Some(1), zone));
}

#[test]
fn attendance_is_for_guilds_only() {
    let ran = Desk::new().esologs(&["pull", "user", "7", "--attendance", "-o", "logs"]).run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.starts_with("error: --attendance is about the members of a guild"), "{}", ran.stderr);
}
