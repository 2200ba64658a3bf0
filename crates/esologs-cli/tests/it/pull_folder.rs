//! What is told of a pull's folder: `status`, `verify`, `pull --offline`, and folders that cannot be worked in.

use std::fs;

use esologs_sim::truth::{self, Contents, Extra, Stream};
use esologs_sim::{FaultKind, Faults, On, ScriptedFault};
use serde_json::Value;

use crate::support::{Desk, GUILD, Run as _, Server, files};

const PULL: [&str; 5] = ["pull", "guild", GUILD, "-o", "logs"];

fn pulled(faults: Faults) -> (Desk, Server) {
    let (desk, server) = (Desk::new(), Server::start(1, faults));
    desk.esologs_at(&server, &PULL).run();
    (desk, server)
}

/// A folder in which the events of all reports are missing.
fn incomplete() -> (Desk, Server) {
    pulled(Faults::none().with(ScriptedFault::new(On::Operation("ReportEvents".into()), FaultKind::NotFound).times(1_000)))
}

#[test]
fn a_whole_folder_is_told_so_and_nothing_in_it_is_touched() {
    let (desk, server) = pulled(Faults::none());
    let before = files(&desk.path("logs"));

    let (verified, status) = (desk.esologs(&["verify", "logs"]).run(), desk.esologs(&["status", "logs"]).run());

    assert_eq!((verified.code, status.code), (0, 0), "{verified:?} {status:?}");
    assert!(
        verified.stdout.starts_with("logs is whole: 4 reports, ") && verified.stdout.ends_with("and none is missing.\n"),
        "{}",
        verified.stdout
    );
    assert!(status.stdout.contains("  3 of 6 reports complete, 1 that may still grow; "), "{}", status.stdout);
    assert!(
        status.stdout.contains("  2 cannot be had:\n") && status.stdout.contains("the last pull came to its end on "),
        "{}",
        status.stdout
    );
    assert!(files(&desk.path("logs")) == before, "something was changed");
    assert_eq!(server.running.sim().stats().by_operation.get("GuildReports"), Some(&1), "nothing was asked");
}

#[test]
fn a_damage_is_named_and_the_exit_code_is_3() {
    let (desk, _server) = pulled(Faults::none());
    let report = fs::read_dir(desk.path("logs/data/reports")).unwrap().next().unwrap().unwrap().path();
    let damage = report.join("events/damage.jsonl");
    let mut bytes = fs::read(&damage).unwrap();
    bytes[100] ^= 1;
    fs::write(&damage, bytes).unwrap();

    let (ran, json) = (desk.esologs(&["verify", "logs"]).run(), desk.esologs(&["verify", "logs", "--json"]).run());

    assert_eq!((ran.code, json.code), (3, 3));
    let name = format!("data/reports/{}/events/damage.jsonl", report.file_name().unwrap().to_str().unwrap());
    assert!(
        ran.stdout.starts_with(&format!("{name}: the ")) && ran.stdout.contains("logs is not whole: 1 thing is not"),
        "{}",
        ran.stdout
    );
    let object: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((&object["event"], &object["is_whole"], &object["exit_code"]), (&"verified".into(), &false.into(), &3.into()));
    assert_eq!((&object["gaps"][0]["kind"], &object["gaps"][0]["path"]), (&"changed".into(), &name.into()));
}

#[test]
fn the_exports_of_a_folder_are_looked_at_with_it_and_by_themselves() {
    let (desk, _server) = pulled(Faults::none());
    assert_eq!(desk.esologs(&["export", "logs"]).run().code, 0);
    assert_eq!(desk.esologs(&["export", "logs", "--to", "csv", "-o", "tables"]).run().code, 0);
    let whole = [desk.esologs(&["verify", "logs"]).run(), desk.esologs(&["verify", "tables"]).run()];
    let code = fs::read_dir(desk.path("logs/data/reports")).unwrap().next().unwrap().unwrap().file_name();
    let damaged = format!("logs/parquet/events/damage/{}.parquet", code.to_str().unwrap());
    let mut bytes = fs::read(desk.path(&damaged)).unwrap();
    bytes[100] ^= 1;
    fs::write(desk.path(&damaged), bytes).unwrap();

    let (ran, json) = (desk.esologs(&["verify", "logs"]).run(), desk.esologs(&["verify", "logs", "--json"]).run());

    assert_eq!(whole.each_ref().map(|ran| ran.code), [0, 0], "{whole:?}");
    assert!(whole[0].stdout.contains("\nlogs/parquet is whole: an export of "), "{}", whole[0].stdout);
    assert!(whole[1].stdout.starts_with("tables is whole: an export of "), "{}", whole[1].stdout);
    assert_eq!((ran.code, json.code), (3, 3));
    assert!(ran.stdout.contains(&format!("\n{damaged}: its bytes are not those that were written\n")), "{}", ran.stdout);
    assert!(ran.stdout.contains("logs/parquet is not whole: 1 thing is not as it should be (an export of "), "{}", ran.stdout);
    let object: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((&object["is_whole"], &object["exports"][0]["is_whole"]), (&true.into(), &false.into()));
    assert_eq!(object["exports"][0]["gaps"][0]["kind"], "changed");
    // What it says is the way out.
    fs::remove_file(desk.path(&damaged)).unwrap();
    assert_eq!(desk.esologs(&["verify", "logs"]).run().code, 3);
    assert_eq!(desk.esologs(&["export", "logs"]).run().code, 0);
    assert_eq!(desk.esologs(&["verify", "logs"]).run().code, 0);
}

#[test]
fn an_export_that_cannot_be_looked_at_hides_nothing_of_the_pull() {
    let (desk, _server) = pulled(Faults::none());
    assert_eq!(desk.esologs(&["export", "logs"]).run().code, 0);

    let lock = fs::OpenOptions::new().write(true).open(desk.path("logs/parquet/.lock")).unwrap();
    lock.lock().unwrap();
    let in_use = desk.esologs(&["verify", "logs"]).run();
    lock.unlock().unwrap();
    fs::write(desk.path("logs/parquet/export.json"), "{").unwrap();
    let damaged = desk.esologs(&["verify", "logs"]).run();

    assert_eq!((in_use.code, damaged.code), (8, 3), "{in_use:?} {damaged:?}");
    for ran in [&in_use, &damaged] {
        assert!(ran.stdout.starts_with("logs is whole: 4 reports, "), "{}", ran.stdout);
    }
    assert!(in_use.stderr.contains("another export is working in the folder"), "{}", in_use.stderr);
    let said =
        damaged.stdout.contains("\nlogs/parquet/export.json: ") && damaged.stdout.contains("Next: delete this export's folder");
    assert!(said, "{}", damaged.stdout);
}

#[test]
fn what_is_missing_is_told_without_a_request_and_the_exit_code_is_3() {
    let (desk, server) = incomplete();
    let asked = server.running.sim().stats().requests;

    // No credentials, and no host that would answer.
    let (status, offline) =
        (desk.esologs(&["status", "logs", "--json"]).run(), desk.esologs(&[&PULL[..], &["--offline"]].concat()).run());

    assert_eq!((status.code, offline.code), (3, 3), "{status:?} {offline:?}");
    assert_eq!(server.running.sim().stats().requests, asked);
    let object: Value = serde_json::from_str(&status.stdout).unwrap();
    assert_eq!((&object["complete"], &object["missing"], &object["is_at_its_end"]), (&0.into(), &4.into(), &true.into()));
    let failed = object["reports"].as_array().unwrap().iter().find(|report| report["status"] == "failed").unwrap();
    assert!(failed["reason"].as_str().unwrap().starts_with("failed: ReportEvents: "), "{failed}");
    assert!(
        offline.stdout.contains("  4 failed:\n") && offline.stdout.contains("Next: pull into logs again"),
        "{}",
        offline.stdout
    );
}

#[test]
fn extras_and_attendance_are_told_by_the_pull_and_by_status() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let extras = ["--player-details", "--tables", "--attendance", "--json"];

    let pulled = desk.esologs_at(&server, &[&PULL[..], &extras].concat()).run();
    let (told, object) = (desk.esologs(&["status", "logs"]).run(), desk.esologs(&["status", "logs", "--json"]).run());
    fs::remove_file(desk.path("logs/data/attendance.jsonl")).unwrap();
    let without = desk.esologs(&["status", "logs"]).run();

    assert_eq!((pulled.code, told.code, without.code), (0, 0, 3), "{pulled:?} {told:?}");
    let lines: Vec<Value> = pulled.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let attendance = serde_json::json!({"reports": 5, "is_current": true});
    assert_eq!(lines.last().unwrap()["attendance"], attendance);
    let done = lines.iter().find(|line| line["event"] == "report_done" && line["status"] == "complete").unwrap();
    assert_eq!(done["extras"], serde_json::json!(["player-details", "tables"]));
    let beside =
        "Beside events: player-details of 4 reports, tables of 4 reports, who was there in 5 reports (data/attendance.jsonl).";
    assert!(pulled.stderr.contains(beside), "{}", pulled.stderr);
    let beside =
        "  beside events: player-details of 4 reports, tables of 4 reports\n  attendance: 5 reports in data/attendance.jsonl\n";
    assert!(told.stdout.contains(beside), "{}", told.stdout);
    let object: Value = serde_json::from_str(&object.stdout).unwrap();
    assert_eq!((&object["attendance"], &object["include_resources"]), (&attendance, &false.into()));
    assert_eq!(object["extras"], serde_json::json!(["player-details", "tables", "attendance"]));
    assert!(without.stdout.contains("  attendance: missing\n") && without.stdout.contains("Next: pull into logs"), "{without:?}");
}

#[test]
fn the_folder_of_another_guild_or_of_no_pull_is_told_with_exit_code_8() {
    let (desk, _server) = pulled(Faults::none());
    fs::create_dir(desk.path("empty")).unwrap();
    for command in [
        &["pull", "guild", "12", "-o", "logs", "--offline"][..],
        &["status", "empty"][..],
        &["verify", "empty"][..],
        &["verify", "nowhere"][..],
    ] {
        let ran = desk.esologs(command).run();
        assert!(ran.code == 8 && ran.stderr.contains("error: ") && ran.stderr.contains("hint: "), "{command:?}: {ran:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_place_that_cannot_be_written_to_is_told_before_anything_is_asked() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    // Not even root makes a folder there.
    let ran = desk.esologs_at(&server, &["pull", "guild", GUILD, "-o", "/sys/kernel/logs"]).run();
    assert_eq!(ran.code, 8, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("cannot make the folder /sys/kernel/logs")
            && ran.stderr.contains("choose a folder that you may write to"),
        "{}",
        ran.stderr
    );
    assert_eq!(server.running.sim().stats().requests, 0);
}

#[test]
fn a_second_pull_waits_where_it_is_told_to() {
    let late = ScriptedFault::new(On::Api, FaultKind::Delay).times(1_000).delay(std::time::Duration::from_millis(300));
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none().with(late)));
    let mut first = desk.esologs_at(&server, &PULL).start();
    while server.running.sim().stats().by_operation.is_empty() {
        std::thread::yield_now();
    }

    let refused = desk.esologs_at(&server, &PULL).run();
    let second = desk.esologs_at(&server, &[&PULL[..], &["--wait"]].concat()).run();

    assert_eq!(refused.code, 8, "{}", refused.stderr);
    assert!(
        refused.stderr.contains("another pull is working in the folder logs") && refused.stderr.contains("--wait"),
        "{}",
        refused.stderr
    );
    assert_eq!((first.wait().unwrap().code(), second.code), (Some(0), 0), "{}", second.stderr);
    assert!(second.stderr.contains("waiting until it has ended, 24 hours at most"), "{}", second.stderr);
    assert_eq!(server.running.sim().stats().by_operation["Report"], 5, "the second has found all of it");
}

#[test]
fn a_retry_is_the_folders_own_pull_again_and_asks_for_what_was_not_visible_as_well() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let gone = ScriptedFault::new(On::Operation("ReportEvents".into()), FaultKind::NotFound).times(1_000);
    server.running.sim().set_faults(Faults::none().with(gone));
    let pull = [&PULL[..], &["--streams", "deaths", "--player-details", "--attendance", "--until", "2026-10-15"]].concat();
    assert_eq!(desk.esologs_at(&server, &pull).run().code, 3);
    server.running.sim().set_faults(Faults::none());
    let before = server.running.sim().stats();

    let ran = desk.esologs_at(&server, &["retry", "logs"]).run();

    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let (streams, extras) = (&[Stream::Deaths], &[Extra::PlayerDetails, Extra::Attendance]);
    let contents = Contents { streams, extras, ..Contents::default() };
    truth::write_with(server.running.sim().world(), GUILD.parse().unwrap(), contents, &desk.path("truth")).unwrap();
    crate::support::assert_same(&files(&desk.path("logs/data")), &files(&desk.path("truth")));
    let after = server.running.sim().stats();
    let asked = |operation: &str| after.by_operation[operation] - before.by_operation[operation];
    assert_eq!((asked("ReportEvents"), asked("Report")), (3, 1), "the covers are here; the hidden one is asked for again");
    let manifest = crate::support::manifest(&desk.path("logs"));
    assert_eq!((&manifest["streams"], &manifest["since_unix_ms"]), (&serde_json::json!(["deaths"]), &Value::Null));
}

#[test]
fn a_retry_of_something_else_than_a_pull_is_told_with_exit_code_8() {
    let desk = Desk::new();
    let ran = desk.esologs(&["retry", "nowhere", "--json"]).run();
    assert_eq!(ran.code, 8);
    assert!(ran.stderr.contains("nowhere/manifest.json does not tell what was pulled: No such file"), "{}", ran.stderr);
    assert!(ran.last_line().starts_with("hint: name the folder of a pull"), "{}", ran.stderr);
    let error: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&error["event"], &error["exit_code"]), (&"error".into(), &8.into()));
}
