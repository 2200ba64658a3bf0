//! No output, log or file holds a secret or a token.

use std::time::Duration;

use esologs_sim::{DEMO_CLIENT_SECRET, FaultKind, Faults, On, ScriptedFault, UserScopes};
use tokio::time::Instant;

use crate::support::{Desk, GUILD, Run as _, Server, files};

/// How every token of the simulator begins: the header of a JWT.
const TOKEN: &str = "eyJhbGciOi";

#[test]
fn neither_secret_nor_token_is_in_talk_log_json_or_files() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::mixed(0.2, 1)));
    let mut command = desk.esologs_at(&server, &["-v", "pull", "guild", GUILD, "-o", "logs", "--json"]);

    let ran = command.env("ESOLOGS_LOG", "trace").run();

    assert_eq!(ran.code, 0);
    assert!(ran.stderr.contains("TRACE"), "the log was on");
    let all = format!("{}{}", ran.stdout, ran.stderr);
    for secret in [DEMO_CLIENT_SECRET, TOKEN] {
        let lines: Vec<&str> = all.lines().filter(|line| line.contains(secret)).collect();
        assert!(lines.is_empty(), "{lines:#?}");
        for (name, bytes) in files(&desk.path("logs")) {
            assert!(!String::from_utf8_lossy(&bytes).contains(secret), "{}", name.display());
        }
    }
}

#[test]
fn a_failed_sign_in_does_not_repeat_the_secret_in_its_causes() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let ran = desk.esologs_at(&server, &["-v", "query", "-"]).env("ESOLOGS_SECRET", "hunter2").run();
    assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
    desk.write("q.graphql", "{ rateLimitData { limitPerHour } }");
    let ran = desk.esologs_at(&server, &["-v", "query", "q.graphql"]).env("ESOLOGS_SECRET", "hunter2").run();
    assert_eq!(ran.code, 4);
    assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn a_list_of_processes_shows_no_secret() {
    let (desk, slow) = (Desk::new(), ScriptedFault::new(On::Token, FaultKind::Delay).delay(Duration::from_secs(60)));
    let server = Server::start(1, Faults::none().with(slow));
    let token = server.running.sim().issue_user_token(UserScopes::default());
    let mut command = desk.esologs_at(&server, &["limits", "--json"]);

    let mut child = command.env("ESOLOGS_TOKEN", &token).start();
    let waited = Instant::now();
    while server.running.sim().stats().requests == 0 && waited.elapsed() < Duration::from_secs(30) {
        std::thread::yield_now();
    }
    let shown = std::fs::read(format!("/proc/{}/cmdline", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();

    let shown = String::from_utf8_lossy(&shown).replace('\0', " ");
    assert!(shown.contains("esologs limits --json"), "{shown}");
    for secret in [DEMO_CLIENT_SECRET, &token, TOKEN] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let said = child.wait_with_output().unwrap();
    assert!(!String::from_utf8_lossy(&said.stderr).contains(&token));
}
