//! `esologs sim`.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;

use crate::support::{Desk, GUILD, Ran, Run as _, assert_same, files};

const SMALL: [&str; 5] = ["sim", "--size", "small", "--seed", "4"];

#[test]
fn the_truth_equals_what_a_pull_from_the_same_world_brings_home() {
    let desk = Desk::new();
    let streams = "deaths,casts,combatantinfo";
    let ran = desk.esologs(&[&SMALL[..], &["--truth", "truth", "--streams", streams]].concat()).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("wrote the truth about guild 3468 to truth: 3 reports, "), "{}", ran.stderr);

    let mut simulator = desk.esologs(&[&SMALL[..], &["--port", "0", "--fault-rate", "0.2"]].concat()).start();
    let mut lines = BufReader::new(simulator.stdout.take().unwrap()).lines();
    let mut pull = desk.esologs(&["pull", "guild", GUILD, "-o", "logs", "--streams", streams]);
    for name in ["ESOLOGS_BASE_URL", "ESOLOGS_ID", "ESOLOGS_SECRET"] {
        let line = lines.next().unwrap().unwrap();
        pull.env(name, line.strip_prefix(name).unwrap().strip_prefix('=').unwrap());
    }
    let pulled = pull.run();
    stop(&simulator);
    let ended = Ran::from(simulator.wait_with_output().unwrap());

    assert_eq!(pulled.code, 0, "{}", pulled.stderr);
    assert_same(&files(&desk.path("logs/data")), &files(&desk.path("truth")));
    assert_eq!(ended.code, 0);
    assert!(ended.stderr.contains(" × ReportEvents\n") && ended.stderr.contains(" faults: "), "{}", ended.stderr);
}

#[cfg(unix)]
fn stop(simulator: &std::process::Child) {
    crate::interruption::signal(simulator, "TERM");
}

#[test]
fn what_it_saw_is_a_line_of_json_where_json_was_asked_for() {
    let desk = Desk::new();
    let mut simulator = desk.esologs(&[&SMALL[..], &["--port", "0", "--json"]].concat()).start();
    let mut lines = BufReader::new(simulator.stdout.take().unwrap()).lines();
    let serving: serde_json::Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(serving["event"], "serving");
    assert!(serving["base_url"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    stop(&simulator);
    let stats: serde_json::Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!((&stats["event"], &stats["stats"]["requests"]), (&"stats".into(), &0.into()));
    assert_eq!(simulator.wait().unwrap().code(), Some(0));
}

#[test]
fn a_port_in_use_is_told_with_the_way_out() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let ran = Desk::new().esologs(&[&SMALL[..], &["--port", &port.to_string()]].concat()).run();
    let expected = format!(
        "error: port {port} on 127.0.0.1 is in use by another program\nhint: choose another with --port; --port 0 takes any free one\n"
    );
    assert_eq!((ran.code, ran.stderr), (8, expected));
}

#[test]
fn wrong_values_are_told_with_what_is_allowed() {
    let told = |options: &[&str]| {
        let ran = Desk::new().esologs(&[&["sim"], options].concat()).run();
        (ran.code, ran.stderr)
    };
    let expected = "error: --size: no world size is called \"big\"; there are small, night, demo and huge\n";
    assert_eq!(told(&["--size", "big"]), (2, expected.to_owned()));
    let expected = "error: --window: 'soon' is not a length of time: expected something like 10s, 5 min or 1h\n";
    assert_eq!(told(&["--window", "soon"]), (2, expected.to_owned()));
    let expected = "error: --window: '-5s' is not a length of time: expected something like 10s, 5 min or 1h\n";
    assert_eq!(told(&["--window", "-5s"]), (2, expected.to_owned()));
    assert_eq!(told(&["--seed", "-1"]), (2, "error: --seed: '-1' is not a whole number from 0 on\n".to_owned()));
    assert_eq!(told(&["--seed", "99999999999999999999"]), (2, "error: --seed: 99999999999999999999 is too large\n".to_owned()));
    assert_eq!(
        told(&["--port", "-1"]),
        (2, "error: --port: -1 cannot be used: expected a whole number from 0 to 65535\n".to_owned())
    );
    let expected = "error: --fault-rate: '2' is not a share: expected a number from 0 to 1, such as 0.2\n";
    assert_eq!(told(&["--fault-rate", "2"]), (2, expected.to_owned()));
    for wrong in ["0", "-1", "lots"] {
        let expected =
            format!("error: --throttle: '{wrong}' is no number of requests: expected 1 or more in a minute, or 'off'\n");
        assert_eq!(told(&["--throttle", wrong]), (2, expected));
    }
}

#[test]
fn the_requests_of_an_address_are_counted_and_the_count_can_be_changed_or_switched_off() {
    for (throttle, codes) in [("2", [0, 0, 5]), ("off", [0, 0, 0])] {
        let desk = Desk::new();
        let mut simulator = desk.esologs(&[&SMALL[..], &["--port", "0", "--throttle", throttle]].concat()).start();
        let mut lines = BufReader::new(simulator.stdout.take().unwrap()).lines();
        let introduction: Vec<String> = (0..3).map(|_| lines.next().unwrap().unwrap()).collect();
        let asked = codes.map(|_| {
            let mut get = desk.esologs(&["get", "factions", "--no-cache"]);
            get.envs(introduction.iter().filter_map(|line| line.split_once('='))).run().code
        });
        stop(&simulator);
        simulator.wait().unwrap();
        assert_eq!(asked, codes, "--throttle {throttle}");
    }
}

#[test]
fn a_script_or_a_world_that_cannot_be_read_is_named_with_the_reason() {
    let desk = Desk::new();
    desk.write("storm.toml", "[[fault]]\nkind = \"meteor\"\n");
    desk.write("world.toml", "[[guild]]\nid = 1\n");
    let storm = desk.esologs(&["sim", "--port", "0", "--faults", "storm.toml"]).run();
    assert!(
        storm.code == 2 && storm.stderr.contains("storm.toml: fault script: fault 1: kind: no fault is called \"meteor\""),
        "{}",
        storm.stderr
    );
    let world = desk.esologs(&["sim", "--truth", "truth", "--world", "world.toml"]).run();
    assert!(world.code == 2 && world.stderr.contains("error: world.toml: world file: "), "{}", world.stderr);
    assert_eq!(desk.esologs(&["sim", "--port", "0", "--faults", "none.toml"]).run().code, 8);
    let endless = desk.esologs(&["sim", "--port", "0", "--faults", "/dev/zero"]).run();
    assert_eq!((endless.code, endless.stderr.as_str()), (2, "error: /dev/zero is longer than 16 MiB, the most that is read\n"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_for_the_truth_that_cannot_be_made_is_named_with_the_reason() {
    let desk = Desk::new();
    desk.write("thesis.txt", "mine");
    for (folder, why) in [("/proc/zz", "No such file or directory"), ("thesis.txt", "File exists")] {
        let ran = desk.esologs(&[&SMALL[..], &["--truth", folder]].concat()).run();
        assert_eq!(ran.code, 8, "{}", ran.stderr);
        assert!(ran.stderr.starts_with(&format!("error: cannot make the folder {folder}: {why}")), "{}", ran.stderr);
        assert_eq!(ran.last_line(), "hint: choose another folder; nothing was written");
    }
    assert_eq!(std::fs::read_to_string(desk.path("thesis.txt")).unwrap(), "mine");
}

#[cfg(unix)]
#[test]
fn a_truth_that_finds_no_room_names_the_file() {
    let desk = Desk::new();
    let ran = desk.esologs_after("trap '' XFSZ; ulimit -f 16", &[&SMALL[..], &["--truth", "truth"]].concat()).run();
    assert_eq!(ran.code, 8, "{}", ran.stderr);
    assert!(ran.stderr.starts_with("error: cannot write truth/reports/"), "{}", ran.stderr);
    assert_eq!(ran.last_line(), "hint: delete the unfinished folder before the next try");
}

#[test]
fn the_truth_goes_into_a_new_folder_and_is_about_a_guild_that_is_there() {
    let desk = Desk::new();
    desk.write("thesis.txt", "mine");
    let ran = desk.esologs(&[&SMALL[..], &["--truth", "."]].concat()).run();
    assert!(ran.code == 8 && ran.stderr.contains("is not empty"), "{}", ran.stderr);
    let ran = desk.esologs(&[&SMALL[..], &["--truth", "truth", "--guild", "17"]].concat()).run();
    assert!(ran.code == 6 && ran.stderr.contains("the world has no guild 17; there are 3468, "), "{}", ran.stderr);
}

#[test]
fn a_weather_is_asked_for_by_name_and_an_unknown_one_is_told_with_those_there_are() {
    let desk = Desk::new();
    let mut simulator = desk.esologs(&[&SMALL[..], &["--port", "0", "--faults", "storm"]].concat()).start();
    let serving = BufReader::new(simulator.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    assert!(serving.starts_with("ESOLOGS_BASE_URL=http://127.0.0.1:"), "{serving}");
    stop(&simulator);
    assert_eq!(simulator.wait().unwrap().code(), Some(0));

    let ran = desk.esologs(&[&SMALL[..], &["--faults", "hail"]].concat()).run();
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.starts_with("error: --faults hail: there is no such file, and no weather is called \"hail\""),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("calm, drizzle, storm, outage, maintenance"), "{}", ran.stderr);
}
