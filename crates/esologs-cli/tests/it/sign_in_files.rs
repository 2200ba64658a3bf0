//! Files of a sign-in that cannot be used: whom they stop, what is said, and the way out.
#![cfg(unix)]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use esologs_sim::Faults;
use serde_json::Value;

use crate::support::{Desk, Ran, Run as _, Server};

const LATER: &str = r#"{"format": 2, "client_secret": "hunter2"}"#;
const NONSENSE: &str = "hunter2";
const LIMITS: [&str; 3] = ["limits", "--ledger", "memory"];

/// The program without credentials in its environment.
fn at(desk: &Desk, server: &Server, arguments: &[&str]) -> Command {
    let mut command = desk.esologs(arguments);
    command.env("ESOLOGS_BASE_URL", server.running.base_url());
    command
}

/// Writes this where the API client (`key`) or the user's sign-in (`user`) is kept.
fn kept(desk: &Desk, server: &Server, what: &str, text: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;

    let port = server.running.base_url().rsplit(':').next().unwrap().to_owned();
    let folder = desk.path(".config/esologs/default");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("127.0.0.1_{port}.{what}.json"));
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    path
}

/// The sentences about sign-ins.
fn notes(ran: &Ran) -> Vec<&str> {
    ran.stderr.lines().filter(|line| line.starts_with("note: ") && line.contains("sign-in")).collect()
}

#[test]
fn who_is_named_by_the_environment_is_stopped_by_no_file_of_a_sign_in() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    kept(&desk, &server, "key", LATER);
    let user = kept(&desk, &server, "user", LATER);

    let ran = desk.esologs_at(&server, &LIMITS).run();
    let doctor = desk.esologs_at(&server, &["auth", "doctor"]).run();

    assert_eq!((ran.code, doctor.code), (0, 0), "{}{}", ran.stderr, doctor.stderr);
    let notes = notes(&ran);
    assert!(matches!(notes[..], [note] if note.contains("of a later version") && note.ends_with("it is not used")), "{notes:?}");
    assert!(notes[0].contains("user.json"), "what the environment names is not looked for: {notes:?}");
    let found = doctor.stdout.lines().find(|line| line.starts_with("odd")).unwrap();
    assert!(found.contains("of a later version"), "{}", doctor.stdout);
    assert!(doctor.stdout.contains("worth a look (settings): update esologs"), "{}", doctor.stdout);
    assert!(doctor.stdout.contains("Calls go through."), "{}", doctor.stdout);
    assert_eq!(fs::read_to_string(user).unwrap(), LATER);
}

#[test]
fn where_nobody_else_is_named_a_file_of_a_later_version_ends_calls_with_the_way_out_and_that_leads_out() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    kept(&desk, &server, "key", LATER);

    let ran = at(&desk, &server, &LIMITS).run();
    let doctor = at(&desk, &server, &["auth", "doctor", "--json"]).run();
    let logout = at(&desk, &server, &["auth", "logout"]).run();
    let after = at(&desk, &server, &LIMITS).run();

    assert_eq!(ran.code, 8);
    assert!(ran.stderr.contains("of a later version") && ran.stderr.contains("esologs auth logout"), "{}", ran.stderr);
    let told: Value = serde_json::from_str(&doctor.stdout).unwrap();
    assert_eq!((doctor.code, &told["cause"], &told["steps"][0]["state"]), (8, &"sign_in_file".into(), &"failed".into()));
    assert!(told["fix"].as_str().unwrap().contains("esologs auth logout"), "{told}");
    assert_eq!((logout.code, after.code), (0, 4), "{}{}", logout.stderr, after.stderr);
    assert!(after.stderr.contains("no API credentials"), "{}", after.stderr);
}

#[test]
fn a_file_that_makes_no_sense_is_moved_aside_and_that_is_said_once() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let path = kept(&desk, &server, "key", NONSENSE);

    let first = at(&desk, &server, &LIMITS).run();
    let second = at(&desk, &server, &LIMITS).run();

    assert_eq!((first.code, second.code), (4, 4), "nobody else is named");
    let (told, again) = (notes(&first), notes(&second));
    assert!(matches!(told[..], [note] if note.contains("makes no sense and was moved aside")), "{}", first.stderr);
    assert!(told[0].contains("key.unreadable-1"), "{told:?}");
    assert_eq!(again, [""; 0]);
    assert_eq!(fs::read_to_string(path.with_extension("unreadable-1")).unwrap(), NONSENSE);
    assert!(!format!("{first:?}{second:?}").contains("hunter2"));
}

#[test]
fn a_file_that_others_could_read_is_closed_to_them_and_that_is_said_once() {
    use std::os::unix::fs::PermissionsExt as _;

    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let path = kept(&desk, &server, "user", r#"{"format": 1, "service": "http://elsewhere", "client_id": "abc"}"#);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();

    let first = desk.esologs_at(&server, &LIMITS).run();
    let second = desk.esologs_at(&server, &LIMITS).run();

    assert_eq!((first.code, second.code), (0, 0));
    let told = notes(&first);
    assert!(matches!(told[..], [note] if note.contains("(mode 644), and cannot now; consider a new secret")), "{told:?}");
    assert_eq!(notes(&second), [""; 0]);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}
