//! Ctrl-C in the middle, and the same command again.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command};
use std::time::Duration;

use esologs_sim::{FaultKind, Faults, On, ScriptedFault};

use crate::support::{Desk, GUILD, Run as _, Server, assert_same, files, manifest};

const PULL: [&str; 8] = ["pull", "guild", GUILD, "-o", "logs", "--concurrency", "1", "--json"];

pub(crate) fn signal(child: &Child, name: &str) {
    let sent = Command::new("/bin/sh").arg("-c").arg(format!("kill -{name} {}", child.id())).status().unwrap();
    assert!(sent.success());
}

/// Interrupts a pull after its first complete report; returns its exit code and its words.
fn interrupt(desk: &Desk, server: &Server, name: &str) -> (Option<i32>, String) {
    let mut child = desk.esologs_at(server, &PULL).start();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let mut lines = stdout.lines();
    assert!(lines.any(|line| line.unwrap().contains(r#""status":"complete""#)));

    signal(&child, name);

    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    assert!(rest.last().unwrap().starts_with(r#"{"event":"interrupted""#), "{rest:?}");
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    (child.wait().unwrap().code(), stderr)
}

#[test]
fn a_pull_that_was_interrupted_goes_on_with_the_same_command() {
    for name in ["INT", "TERM", "HUP"] {
        // Every answer is late, so that there is a middle.
        let late = ScriptedFault::new(On::Api, FaultKind::Delay).times(1_000).delay(Duration::from_millis(100));
        let (desk, server) = (Desk::new(), Server::start(1, Faults::none().with(late)));

        let (code, stderr) = interrupt(&desk, &server, name);

        assert_eq!(code, Some(130), "{stderr}");
        let end = " reports are done. The same command again goes on where this stopped; what was fetched stays in logs.\n";
        assert!(stderr.contains("Stopped by ") && stderr.ends_with(end), "{stderr}");
        assert_eq!(manifest(&desk.path("logs"))["all_that_can_be_had_is_here"], false);
        let truth = server.truth();
        let found = files(&desk.path("logs/data"));
        assert!(found.iter().all(|(name, bytes)| truth[name] == *bytes) && found.len() < truth.len());

        server.running.sim().set_faults(Faults::none());
        assert_eq!(desk.esologs_at(&server, &PULL).run().code, 0);
        assert_same(&files(&desk.path("logs/data")), &truth);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_pull_that_was_started_to_outlive_its_terminal_does() {
    let late = ScriptedFault::new(On::Api, FaultKind::Delay).times(1_000).delay(Duration::from_millis(100));
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none().with(late)));
    // What `nohup` does.
    let mut command = desk.esologs_after("trap '' HUP", &PULL);
    server.introduce_to(&mut command);
    let mut child = command.start();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains(r#""event":"listed""#)));

    signal(&child, "HUP");

    assert!(lines.last().unwrap().unwrap().starts_with(r#"{"event":"summary""#));
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_same(&files(&desk.path("logs/data")), &server.truth());
}
