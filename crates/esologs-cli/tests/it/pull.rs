//! Pulls against a simulator: what is in the folder, and what was said.

use std::fs;

use esologs_sim::{FaultKind, Faults, On, ScriptedFault};

use crate::support::{Desk, GUILD, Run as _, Server, assert_same, files, manifest};

const PULL: [&str; 5] = ["pull", "guild", GUILD, "-o", "logs"];
/// The live report ends today: what is said about it differs from run to run.
const FINISHED_ONLY: [&str; 2] = ["--until", "2026-10-15"];

#[test]
fn the_folder_equals_the_ground_truth_byte_for_byte() {
    let (desk, server) = (Desk::new(), Server::start(3468, Faults::mixed(0.2, 3468)));
    let ran = desk.esologs_at(&server, &PULL).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert_same(&files(&desk.path("logs/data")), &server.truth());
    assert_eq!(manifest(&desk.path("logs"))["all_that_can_be_had_is_here"], true);
}

#[test]
fn the_end_is_told_in_plain_words() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let ran = desk.esologs_at(&server, &[&PULL[..], &FINISHED_ONLY].concat()).run();
    assert_eq!(ran.code, 0);
    // The lines before differ in their order (two reports are worked on at a time), the points in their share of the first answer.
    let end = ran.stderr.lines().skip_while(|line| !line.is_empty()).skip(1);
    let talk: Vec<&str> = end.filter(|line| !line.starts_with("It took") && !line.starts_with("Points")).collect();
    insta::assert_snapshot!(talk.join("\n"));
}

#[test]
fn failures_on_the_way_are_told_with_their_numbers() {
    let faults = Faults::none()
        .with(ScriptedFault::new(On::Operation("GuildReports".into()), FaultKind::BadGateway))
        .with(ScriptedFault::new(On::Operation("ReportEvents".into()), FaultKind::TruncatedJson).times(2))
        .with(ScriptedFault::new(On::Operation("Report".into()), FaultKind::Unauthenticated));
    let (desk, server) = (Desk::new(), Server::start(1, faults));
    let ran = desk.esologs_at(&server, &PULL).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for expected in [
        ", 4 of them failed; each was repeated:\n",
        "      2 × a garbled or cut answer\n",
        "      1 × the service was not available (502, 503)\n",
        "      1 × the sign-in was refused and had to be renewed\n",
        "Waits: 3, the longest ",
    ] {
        assert!(ran.stderr.contains(expected), "{expected:?} is not in\n{}", ran.stderr);
    }
    assert_same(&files(&desk.path("logs/data")), &server.truth());
}

#[test]
fn the_same_command_again_fetches_no_finished_report_twice() {
    let (desk, server) = (Desk::new(), Server::start(2, Faults::none()));
    let command = [&PULL[..], &FINISHED_ONLY].concat();
    assert_eq!(desk.esologs_at(&server, &command).run().code, 0);
    let before = server.running.sim().stats().by_operation["ReportEvents"];

    let ran = desk.esologs_at(&server, &command).run();

    assert_eq!(ran.code, 0);
    assert!(ran.stderr.contains("of them here already"), "{}", ran.stderr);
    assert_eq!(server.running.sim().stats().by_operation["ReportEvents"], before);
    assert_same(&files(&desk.path("logs/data")), &server.truth());
}

#[test]
fn a_report_that_fails_for_good_is_named_and_the_exit_code_is_3() {
    let server = Server::start(1, Faults::none());
    // The newest finished report: every try of its first events is broken.
    let broken = ScriptedFault::new(On::Operation("ReportEvents".into()), FaultKind::TruncatedJson).times(1_000);
    server.running.sim().set_faults(Faults::none().with(broken));
    let desk = Desk::new();

    let ran = desk.esologs_at(&server, &[&PULL[..], &FINISHED_ONLY, &["--concurrency", "16"]].concat()).run();

    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("3 failed:\n") && ran.stderr.contains("so it looks permanent"), "{}", ran.stderr);
    assert_eq!(ran.last_line(), "Next: run the same command again: it fetches what is missing, and nothing twice.");
    assert_eq!(manifest(&desk.path("logs"))["all_that_can_be_had_is_here"], false);
    assert!(fs::read_dir(desk.path("logs/data/reports")).unwrap().next().is_none(), "nothing half looks whole");

    server.running.sim().set_faults(Faults::none());
    assert_eq!(desk.esologs_at(&server, &[&PULL[..], &FINISHED_ONLY].concat()).run().code, 0);
    assert_same(&files(&desk.path("logs/data")), &server.truth());
}

#[test]
fn events_that_come_as_strings_are_the_same_events() {
    let (desk, server) = (Desk::new(), Server::start(5, Faults::only(FaultKind::StringScalars, 1.0, 1)));
    let ran = desk.esologs_at(&server, &[&PULL[..], &["--streams", "deaths,buffs"]].concat()).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let streams = [esologs_sim::truth::Stream::Deaths, esologs_sim::truth::Stream::Buffs];
    assert_same(&files(&desk.path("logs/data")), &crate::support::truth_of(server.running.sim(), &streams));
}

#[test]
fn failures_that_no_repeat_cures_are_not_answered_with_run_it_again() {
    let gone = ScriptedFault::new(On::Operation("ReportEvents".into()), FaultKind::NotFound).times(1_000);
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none().with(gone)));

    let ran = desk.esologs_at(&server, &[&PULL[..], &FINISHED_ONLY].concat()).run();

    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains(", 6 of them failed; none was repeated:\n"), "{}", ran.stderr);
    let end =
        "Next: these failures are not of the passing kind: the same command now would meet them again. What is here is kept.";
    assert_eq!(ran.last_line(), end);
}

#[test]
fn failures_of_which_some_were_repeated_are_told_with_both_numbers() {
    let faults = Faults::none()
        .with(ScriptedFault::new(On::Operation("GuildReports".into()), FaultKind::BadGateway))
        .with(ScriptedFault::new(On::Operation("ReportEvents".into()), FaultKind::NotFound));
    let (desk, server) = (Desk::new(), Server::start(1, faults));
    let ran = desk.esologs_at(&server, &PULL).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains(", 2 of them failed; one of them was repeated:\n"), "{}", ran.stderr);
}

#[test]
fn a_long_reason_is_told_once_and_later_with_its_beginning() {
    let world = "[[guild]]\nid = 3468\nname = \"Lanterns\"\n[[report]]\ncode = \"k7mfhPdY36RfANY2\"\nevents = 100\n";
    let server = Server::of_world(world);
    let broken = ScriptedFault::new(On::Operation("ReportEvents".into()), FaultKind::TruncatedJson).times(1_000);
    server.running.sim().set_faults(Faults::none().with(broken));
    let desk = Desk::new();

    let ran = desk.esologs_at(&server, &PULL).run();

    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("so it looks permanent").count(), 1, "{}", ran.stderr);
    let told: Vec<&str> = ran.stderr.lines().filter(|line| line.contains("ReportEvents: ")).collect();
    assert_eq!(told.len(), 3, "put back, done, summary: {told:#?}");
    assert!(told[0].contains("so it looks permanent") && told[1].ends_with('…') && told[2].ends_with('…'), "{told:#?}");
    let reason = manifest(&desk.path("logs"))["reports"][0]["reason"].as_str().unwrap().to_owned();
    assert!(reason.contains("so it looks permanent"), "the manifest has it in full: {reason}");
}

#[test]
fn titles_are_shown_plain_and_cut_and_stand_in_json_to_the_letter() {
    let title = format!("\\u202EevorgkcoR\\u202C \\u001B[2J{}", "x".repeat(100));
    let world = format!(
        "[[guild]]\nid = 3468\nname = \"Lan\\u2066terns\"\n[[report]]\ncode = \"k7mfhPdY36RfANY2\"\nevents = 100\ntitle = \"{title}\"\n"
    );
    let (desk, server) = (Desk::new(), Server::of_world(&world));

    let ran = desk.esologs_at(&server, &[&PULL[..], &["--json"]].concat()).run();

    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let shown = format!("  evorgkcoR  [2J{}…: complete", "x".repeat(45));
    assert!(ran.stderr.contains(&shown) && ran.stderr.contains("Lanterns (guild 3468)\n"), "{}", ran.stderr);
    assert!(!ran.stderr.contains(['\u{202e}', '\u{2066}', '\u{1b}']), "{}", ran.stderr);
    assert!(ran.stdout.contains(&format!("\u{202e}evorgkcoR\u{202c} \\u001b[2J{}\"", "x".repeat(100))), "{}", ran.stdout);
}
