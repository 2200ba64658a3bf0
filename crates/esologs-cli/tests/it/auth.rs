//! `esologs auth doctor` and `esologs auth status`: who asks, why calls fail, and what to do about it.

use std::io::Write as _;
use std::net::TcpListener;
use std::process::Stdio;

use esologs_sim::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, FaultKind, Faults, On, ScriptedFault, UserScopes};
use serde_json::Value;

use crate::support::{Desk, Ran, Run as _, Server};

fn doctor(desk: &Desk, server: &Server) -> Ran {
    desk.esologs_at(server, &["auth", "doctor"]).run()
}

/// Without what differs from run to run.
fn plain(ran: &Ran, server: &Server) -> String {
    let port = server.running.base_url().rsplit(':').next().unwrap().to_owned();
    ran.stdout.replace(&port, "PORT")
}

fn object(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", ran.stdout, ran.stderr))
}

#[test]
fn the_doctor_tells_each_step_where_all_is_well() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));

    let ran = doctor(&desk, &server);

    assert_eq!((ran.code, ran.talk().as_str()), (0, ""));
    insta::assert_snapshot!(plain(&ran, &server));
}

#[test]
fn the_doctor_tells_what_to_do_about_a_wrong_secret_and_never_shows_it() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));

    let ran = desk.esologs_at(&server, &["auth", "doctor"]).env("ESOLOGS_SECRET", "'hunter2'").run();

    assert_eq!(ran.code, 4);
    assert!(!format!("{ran:?}").contains("hunter2"), "{ran:?}");
    insta::assert_snapshot!(plain(&ran, &server));
}

#[test]
fn the_doctor_tells_what_to_do_about_a_ban() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none().with(ScriptedFault::new(On::Token, FaultKind::Banned))));
    let ran = doctor(&desk, &server);
    assert_eq!(ran.code, 4);
    insta::assert_snapshot!(plain(&ran, &server));
}

#[test]
fn the_doctor_has_the_exit_codes_of_every_command() {
    let desk = Desk::new();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let at = |url: &str| {
        let mut command = desk.esologs(&["auth", "doctor", "--json", "--base-url", url]);
        object(&command.env("ESOLOGS_ID", "me").env("ESOLOGS_SECRET", "hunter2").run())
    };
    let code = |told: &Value| (told["exit_code"].as_u64().unwrap(), told["cause"].as_str().unwrap_or_default().to_owned());

    assert_eq!(code(&at(&format!("http://{nobody}"))), (7, "refused".to_owned()));
    assert_eq!(code(&at("https://logs.example.invalid")), (7, "name_not_found".to_owned()));
    let nobody_asks = desk.esologs(&["auth", "doctor", "--json"]).run();
    assert_eq!((nobody_asks.code, code(&object(&nobody_asks))), (4, (4, "no_credentials".to_owned())));
    let half = desk.esologs(&["auth", "doctor", "--json"]).env("ESOLOGS_CLIENT_ID", "me").run();
    assert_eq!((half.code, code(&object(&half))), (2, (2, "setting".to_owned())));
    let server = Server::start(1, Faults::none().with(ScriptedFault::new(On::Token, FaultKind::Unavailable)));
    let outage = desk.esologs_at(&server, &["auth", "doctor", "--json"]).run();
    assert_eq!((outage.code, code(&object(&outage))), (7, (7, "outage".to_owned())));
}

#[test]
fn the_doctors_object_has_a_row_for_each_step() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));

    let told = object(&desk.esologs_at(&server, &["auth", "doctor", "--json"]).run());

    assert_eq!((&told["is_well"], &told["cause"], &told["exit_code"]), (&true.into(), &Value::Null, &0.into()));
    let steps: Vec<&str> = told["steps"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
    let expected = ["settings", "proxy", "dns", "connect", "tls", "answer", "clock", "token_endpoint", "token", "api"];
    assert_eq!(steps, expected);
}

#[test]
fn status_tells_key_and_user_without_asking_the_service() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let token = server.running.sim().issue_user_token(UserScopes { view_private_reports: true });

    let ran = desk.esologs_at(&server, &["auth", "status"]).env("ESOLOGS_TOKEN", &token).run();

    assert_eq!((ran.code, ran.talk().as_str()), (0, ""));
    assert_eq!(server.running.sim().stats().requests, 0);
    assert!(!ran.stdout.contains(&token) && !ran.stdout.contains(DEMO_CLIENT_SECRET) && !ran.stdout.contains(DEMO_CLIENT_ID));
    let shown = plain(&ran, &server);
    let (before, life) = shown.split_once("token      made ").unwrap();
    let (age, rest) = life.split_once(" ago, ends in ").unwrap();
    assert!(age.ends_with(" s") && rest.starts_with("364 days 23 h"), "{life}");
    insta::assert_snapshot!(format!("{before}token      made AGE ago, ends in {rest}"));
}

#[test]
fn status_checks_with_the_service_where_that_is_wanted_and_names_the_user() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let token = server.running.sim().issue_user_token(UserScopes { view_private_reports: false });

    let good = object(&desk.esologs_at(&server, &["auth", "status", "--check", "--json"]).env("ESOLOGS_TOKEN", &token).run());
    server.running.sim().revoke_tokens();
    let bad = desk.esologs_at(&server, &["auth", "status", "--check", "--json"]).env("ESOLOGS_TOKEN", &token).run();

    let rows = good["asked_by"].as_array().unwrap();
    assert_eq!(
        (&rows[0]["as"], &rows[0]["id"], &rows[0]["origin"]),
        (&"key".into(), &DEMO_CLIENT_ID.into(), &"environment".into())
    );
    assert_eq!(
        (&rows[1]["as"], &rows[1]["name"], &rows[1]["is_accepted"]),
        (&"user".into(), &"Simulated User".into(), &true.into())
    );
    assert_eq!(rows[1]["scopes"], serde_json::json!(["view-user-profile"]));
    assert_eq!((bad.code, &object(&bad)["asked_by"][1]["is_accepted"]), (4, &false.into()));
    assert!(bad.stderr.contains("the token of ESOLOGS_TOKEN is not accepted"), "{}", bad.stderr);
}

#[test]
fn what_only_a_user_is_answered_is_not_asked_for_without_one() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));

    let ran = desk.esologs_at(&server, &["get", "current-user"]).run();

    assert_eq!((ran.code, server.running.sim().stats().requests), (4, 0));
    assert!(ran.stderr.contains("nobody is signed in") && ran.stderr.contains("esologs auth login --user"), "{}", ran.stderr);
}

#[test]
fn an_archived_report_is_brought_by_the_users_token() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let reports = &server.running.sim().world().reports;
    let archived = reports.iter().find(|report| matches!(report.access, esologs_sim::world::model::Access::Archived { .. }));
    let code = archived.unwrap().code.clone();
    let token = server.running.sim().issue_user_token(UserScopes::default());

    let without = desk.esologs_at(&server, &["get", "fights", &code]).run();
    let with = desk.esologs_at(&server, &["get", "fights", &code]).env("ESOLOGS_TOKEN", &token).run();

    assert_eq!((without.code, with.code), (6, 0), "{}", with.stderr);
    let asked = server.running.sim().stats().by_endpoint;
    assert_eq!((asked["/api/v2/client"], asked["/api/v2/user"]), (2, 1));
}

#[cfg(unix)]
#[test]
fn status_names_profile_file_and_mode_of_what_a_sign_in_has_left_and_the_environment_comes_first() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let url = server.running.base_url();
    let mut login = desk.esologs(&["auth", "login", "--stdin", "--profile", "raid", "--base-url", &url]);
    let mut child = login.stdin(Stdio::piped()).start();
    child.stdin.take().unwrap().write_all(format!("{DEMO_CLIENT_ID}\n{DEMO_CLIENT_SECRET}\n").as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    let status = |desk: &Desk| desk.esologs(&["auth", "status", "--json", "--profile", "raid", "--base-url", &url]);

    let kept = object(&status(&desk).run());
    let other = object(&status(&desk).env("ESOLOGS_ID", "other").env("ESOLOGS_SECRET", "other-secret").run());
    let doctor = desk.esologs(&["auth", "doctor", "--profile", "raid", "--base-url", &url]).run();

    let row = &kept["asked_by"][0];
    assert_eq!((&row["origin"], &row["profile"], &row["mode"]), (&"store".into(), &"raid".into(), &"600".into()));
    assert!(std::path::Path::new(row["file"].as_str().unwrap()).is_file(), "{row}");
    assert!(!kept.to_string().contains(DEMO_CLIENT_SECRET));
    let row = &other["asked_by"][0];
    assert_eq!((&row["origin"], &row["id"], &row["file"]), (&"environment".into(), &"other".into(), &Value::Null));
    assert_eq!(doctor.code, 0);
    assert!(doctor.stdout.contains("id and secret are said by the token store"), "{}", doctor.stdout);
}
