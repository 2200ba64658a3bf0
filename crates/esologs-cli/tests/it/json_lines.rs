//! `--json`: stdout is a machine's.

use esologs_sim::Faults;
use serde_json::Value;

use crate::support::{Desk, GUILD, Run as _, Server};

const PULL: [&str; 6] = ["pull", "guild", GUILD, "-o", "logs", "--json"];

fn events(stdout: &str) -> Vec<Value> {
    stdout.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line:?}"))).collect()
}

fn named<'a>(events: &'a [Value], name: &str) -> Vec<&'a Value> {
    events.iter().filter(|event| event["event"] == name).collect()
}

#[test]
fn every_line_is_an_object_with_its_event_and_its_time() {
    let (desk, server) = (Desk::new(), Server::start(7, Faults::mixed(0.2, 7)));
    let ran = desk.esologs_at(&server, &PULL).run();
    assert_eq!(ran.code, 0);

    let events = events(&ran.stdout);

    assert!(events.iter().all(|event| event["event"].is_string() && event["at_unix_ms"].is_i64()));
    assert_eq!(events[0]["event"], "started");
    let reports = named(&events, "report_done");
    assert_eq!(reports.len(), server.running.sim().world().reports_of_guild(3468).len());
    let of_pages: u64 = named(&events, "page_written").iter().map(|page| page["events"].as_u64().unwrap()).sum();
    let summary = events.last().unwrap();
    assert_eq!(summary["event"], "summary");
    assert_eq!((&summary["exit_code"], &summary["missing"], &summary["complete"]), (&0.into(), &0.into(), &3.into()));
    assert_eq!((&summary["listed"], &summary["list_total"]), (&reports.len().into(), &reports.len().into()));
    assert_eq!(summary["events"], of_pages);
    assert_eq!(summary["not_complete"].as_array().unwrap().len(), reports.len() - 3);
    let failed: u64 = summary["attempts_failed"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(named(&events, "attempt_failed").len() as u64, failed + summary["refusals"].as_u64().unwrap());
    assert!(ran.stderr.contains("3 of 6 reports complete"), "the talk is on stderr as ever: {}", ran.stderr);
}

#[test]
fn an_error_is_the_last_line() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let ran = desk.esologs_at(&server, &PULL).env("ESOLOGS_SECRET", "hunter2").run();
    assert_eq!(ran.code, 4);
    let events = events(&ran.stdout);
    let last = events.last().unwrap();
    assert_eq!((&last["event"], &last["kind"], &last["exit_code"]), (&"error".into(), &"auth".into(), &4.into()));
}

#[test]
fn a_reader_that_goes_away_does_not_stop_the_pull() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let mut child = desk.esologs_at(&server, &PULL).start();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    crate::support::assert_same(&crate::support::files(&desk.path("logs/data")), &server.truth());
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_whose_name_is_no_unicode_is_told_as_well_as_it_can_be() {
    use std::os::unix::ffi::OsStrExt as _;
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let mut command = desk.esologs_at(&server, &["pull", "guild", GUILD, "--json", "--streams", "none", "-o"]);
    let ran = command.arg(std::ffi::OsStr::from_bytes(b"lo\xffgs")).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let events = events(&ran.stdout);
    assert_eq!((&events[0]["folder"], &events.last().unwrap()["folder"]), (&"lo\u{fffd}gs".into(), &"lo\u{fffd}gs".into()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_stdout_on_a_full_disk_is_a_failure() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = desk.esologs_at(&server, &[&PULL[..], &["--streams", "none"]].concat());
    let ended = command.stdout(full).stderr(std::process::Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(8));
    assert!(String::from_utf8(ended.stderr).unwrap().contains("error: cannot write to stdout: No space left on device"));
}
