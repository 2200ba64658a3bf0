//! How far a command may go: `--on-limit`, `--max-points`, `--max-duration`, and mistakes in them.

use std::time::Duration;

use esologs_sim::{FaultKind, Faults, On, ScriptedFault};
use serde_json::Value;

use crate::support::{Desk, GUILD, Ran, Run as _, Server, assert_same, files};

const HOUR: Duration = Duration::from_secs(3_600);
const PULL: [&str; 6] = ["pull", "guild", GUILD, "-o", "logs", "--json"];

fn pull(desk: &Desk, server: &Server, options: &[&str]) -> Ran {
    desk.esologs_at(server, &[&PULL[..], options].concat()).run()
}

fn late(delay: Duration) -> Faults {
    Faults::none().with(ScriptedFault::new(On::Api, FaultKind::Delay).times(1_000).delay(delay))
}

fn last_event(ran: &Ran) -> Value {
    serde_json::from_str(ran.stdout.lines().last().unwrap()).unwrap()
}

#[test]
fn a_limit_below_what_the_first_call_may_take_says_what_that_is() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));

    let ran = pull(&desk, &server, &["--max-points", "3"]);

    assert_eq!((ran.code, &last_event(&ran)["kind"]), (5, &"stopped".into()));
    assert!(ran.stderr.contains("error: Guild: ") && ran.stderr.contains("the call may take 1"), "{}", ran.stderr);
}

#[test]
fn a_pull_that_is_not_to_wait_stops_when_the_points_are_spent_and_says_until_when() {
    let (desk, server) = (Desk::new(), Server::with_points(20, HOUR, Faults::none()));

    let ran = pull(&desk, &server, &["--on-limit", "stop"]);

    assert_eq!(ran.code, 5, "{}", ran.stderr);
    assert!(ran.stderr.contains("it makes sense to try again at "), "{}", ran.stderr);
    assert!(ran.stderr.contains("--on-limit"), "{}", ran.stderr);
}

#[test]
fn a_pull_waits_for_new_points_and_tells_it_as_an_event() {
    let (desk, server) = (Desk::new(), Server::with_points(40, Duration::from_secs(3), Faults::none()));

    let ran = pull(&desk, &server, &["--streams", "deaths"]);

    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let events = ran.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let waits: Vec<Value> = events.filter(|event| event["event"] == "waiting" && event["reason"] == "points").collect();
    assert!(!waits.is_empty() && waits.iter().all(|wait| wait["queued"].as_u64() >= Some(1)), "{}", ran.stdout);
}

#[test]
fn a_pull_whose_time_is_over_ends_as_an_interrupted_one_does() {
    let (desk, server) = (Desk::new(), Server::start(1, late(Duration::from_millis(100))));

    let ran = pull(&desk, &server, &["--max-duration", "1s"]);

    assert_eq!(ran.code, 5, "{}", ran.stderr);
    let begin = "Stopped, since the time that was allowed (--max-duration, 1.0 s) is over: ";
    assert!(ran.last_line().starts_with(begin) && ran.last_line().contains("goes on where this stopped"), "{}", ran.stderr);
    let last = last_event(&ran);
    let told = (&last["event"], &last["by"], &last["exit_code"]);
    assert_eq!(told, (&"interrupted".into(), &"max_duration".into(), &5.into()));
    server.running.sim().set_faults(Faults::none());
    assert_eq!(pull(&desk, &server, &["--max-duration", "5 min"]).code, 0);
    assert_same(&files(&desk.path("logs/data")), &server.truth());
}

#[test]
fn a_question_whose_time_is_over_prints_nothing() {
    let (desk, server) = (Desk::new(), Server::start(1, late(Duration::from_secs(5))));
    let ran = desk.esologs_at(&server, &["get", "zones", "--max-duration", "300ms"]).run();
    let expected = "error: the time that was allowed (--max-duration, 0.3 s) is over; nothing was printed\n\
                    hint: allow more: --max-duration\n";
    assert_eq!((ran.code, ran.stdout.as_str(), ran.talk().as_str()), (5, "", expected));
}

#[test]
fn a_question_waits_for_points_where_it_is_told_to_and_says_until_when() {
    let (desk, server) = (Desk::new(), Server::with_points(8, Duration::from_secs(10), Faults::none()));
    assert_eq!(desk.esologs_at(&server, &["get", "guild-reports", GUILD]).run().code, 0);
    let spent = server.running.sim().stats().points_spent;
    assert!(spent > 8.0, "{spent}");

    let ran = desk.esologs_at(&server, &["limits", "--on-limit", "wait"]).run();

    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.talk().starts_with("waiting for new points until "), "{}", ran.stderr);
}

#[test]
fn values_that_cannot_be_are_told_with_what_was_expected() {
    let told = |options: &[&str]| {
        let ran = Desk::new().esologs(&[&["limits"], options].concat()).run();
        (ran.code, ran.stderr)
    };
    for (options, expected) in [
        (["--reserve", "200"], "error: --reserve: '200' cannot be kept for interactive calls: expected percent from 0 to 90\n"),
        (["--max-points", "-1"], "error: --max-points: '-1' is not a number of points: expected a number above 0 such as 500\n"),
        (
            ["--max-duration", "soon"],
            "error: --max-duration: 'soon' is not a length of time: expected something like 10s, 5 min or 1h\n",
        ),
        (["--ledger", "disk"], "error: --ledger: expected 'file', 'memory' or an address such as redis://localhost:6379\n"),
    ] {
        assert_eq!(told(&options), (2, expected.to_owned()));
    }
    let (code, stderr) = told(&["--on-limit", "maybe"]);
    assert!(code == 2 && stderr.contains("'maybe' for '--on-limit <wait|stop>'") && stderr.contains("wait, stop"), "{stderr}");
}

#[test]
fn the_environment_names_the_account_and_the_option_goes_before_it() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let ask = |place: &str, options: &[&str]| {
        let arguments = [&["limits", "--offline", "--json"], options].concat();
        desk.esologs_at(&server, &arguments).env("ESOLOGS_LEDGER", place).run()
    };
    assert!(ask("memory", &[]).stdout.contains("\"ledger\": \"memory\""));
    assert!(ask("memory", &["--ledger", "file"]).stdout.contains(".state/esologs/points\""));
    let wrong = ask("disk", &[]);
    let expected = "error: ESOLOGS_LEDGER: expected 'file', 'memory' or an address such as redis://localhost:6379\n";
    assert_eq!((wrong.code, wrong.talk().as_str()), (2, expected));
}
