//! No output, log or file holds a secret or a token.

use esologs_sim::{DEMO_CLIENT_SECRET, Faults};

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
