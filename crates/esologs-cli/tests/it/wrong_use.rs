//! Each mistake gets one clear message (what, why, what now) and its exit code, and leaves nothing behind.

use std::fs;
use std::net::TcpListener;
use std::time::Duration;

use esologs_sim::Faults;
use tokio::time::Instant;

use crate::support::{Desk, GUILD, Run as _, Server};

/// Runs `esologs pull guild …` without credentials and without a server.
fn told(arguments: &[&str]) -> (i32, String) {
    let desk = Desk::new();
    let ran = desk.esologs(&[&["pull", "guild"], arguments].concat()).run();
    assert_eq!(ran.stdout, "");
    assert!(!desk.path("logs").exists(), "nothing is left behind");
    (ran.code, ran.stderr)
}

#[test]
fn without_credentials_it_says_where_to_get_them() {
    let expected = "error: no API credentials: ESOLOGS_ID and ESOLOGS_SECRET are not set\n\
                    hint: make an API client at https://www.esologs.com/api/clients/, then run `esologs auth login`, or set both variables, or put them into a file .env\n";
    assert_eq!(told(&[GUILD, "-o", "logs"]), (4, expected.to_owned()));
}

#[test]
fn half_of_the_credentials_is_told_by_name() {
    let ran = Desk::new().esologs(&["pull", "guild", GUILD, "-o", "logs"]).env("ESOLOGS_ID", "me").run();
    let expected =
        "error: the environment sets ESOLOGS_ID but not ESOLOGS_SECRET\nhint: set both ESOLOGS_ID and ESOLOGS_SECRET\n";
    assert_eq!((ran.code, ran.stderr.as_str()), (2, expected));
}

#[test]
fn a_guild_that_is_no_number_is_refused() {
    let expected = "error: 'Wolves' is not a guild id: expected a positive whole number such as 3468\n";
    assert_eq!(told(&["Wolves", "-o", "logs"]), (2, expected.to_owned()));
}

#[test]
fn a_guild_number_that_cannot_be_is_refused_in_the_same_words() {
    for number in ["-1", "-7.5", "0", "2147483648", "99999999999999999999"] {
        let expected = format!("error: '{number}' is not a guild id: expected a positive whole number such as 3468\n");
        assert_eq!(told(&[number, "-o", "logs"]), (2, expected));
    }
}

#[test]
fn a_date_that_is_none_is_told_with_what_was_expected() {
    let expected = "error: --since: 'soon' is not a date: expected 2026-01-01, 2026-01-01T20:00:00Z, \
                    or a time ago such as 7d or '2 weeks ago'\n";
    assert_eq!(told(&[GUILD, "-o", "logs", "--since", "soon"]), (2, expected.to_owned()));
}

#[test]
fn a_time_ago_with_a_minus_is_told_with_what_was_expected() {
    for option in ["--since", "--until"] {
        let (code, stderr) = told(&[GUILD, "-o", "logs", option, "-7d"]);
        assert_eq!(code, 2);
        let begin = format!("error: {option}: '-7d' is not a date: expected 2026-01-01, ");
        assert!(stderr.starts_with(&begin), "{stderr}");
    }
}

#[test]
fn a_span_of_time_that_is_empty_is_refused() {
    let expected = "error: --since is not before --until: no report can be between them\n";
    assert_eq!(told(&[GUILD, "-o", "logs", "--since", "7d", "--until", "8d"]), (2, expected.to_owned()));
}

#[test]
fn a_stream_that_there_is_not_is_told_with_those_there_are() {
    let expected = "error: --streams: 'dmg' is not an event stream: choose from deaths, damage, damage-taken, healing, casts, buffs, \
                    debuffs, resources, interrupts, dispels, summons, threat, combatantinfo, all\n";
    assert_eq!(told(&[GUILD, "-o", "logs", "--streams", "deaths,dmg"]), (2, expected.to_owned()));
}

#[test]
fn a_number_out_of_its_range_is_refused_with_the_range() {
    for (option, value, expected) in [("--concurrency", "0", "from 1 to 16"), ("--last", "-3", "from 1 on")] {
        let told = told(&[GUILD, "-o", "logs", option, value]);
        assert_eq!(told, (2, format!("error: {option}: {value} cannot be used: expected a whole number {expected}\n")));
    }
}

#[test]
fn a_missing_folder_option_is_told_with_the_usage() {
    let (code, stderr) = told(&[GUILD]);
    assert_eq!(code, 2);
    assert!(stderr.contains("--output <FOLDER>") && stderr.contains("Usage: esologs pull guild"), "{stderr}");
}

#[test]
fn plain_http_to_another_machine_is_refused_before_anything_is_sent() {
    let desk = Desk::new();
    let mut command = desk.esologs(&["pull", "guild", GUILD, "-o", "logs", "--base-url", "http://logs.example.org"]);
    let ran = command.env("ESOLOGS_ID", "me").env("ESOLOGS_SECRET", "hunter2").run();
    let expected = "error: base URL 'http://logs.example.org': is plain http, so the secret would travel readable; use https \
                    (plain http is for this machine only)\n";
    assert_eq!((ran.code, ran.stderr.as_str()), (2, expected));
    assert!(!desk.path("logs").exists());
}

#[test]
fn a_dotenv_file_cannot_name_a_host() {
    let desk = Desk::new();
    desk.write(".env", "ESOLOGS_BASE_URL=http://logs.example.org\n");
    let ran = desk.esologs(&["pull", "guild", GUILD, "-o", "logs"]).run();
    // Had it counted, the plain http would have been refused.
    assert_eq!(ran.code, 4, "{}", ran.stderr);
}

#[test]
fn a_dotenv_file_gives_the_credentials_and_a_foreign_host_is_named_first() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    desk.write(".env", &format!("ESOLOGS_ID={}\nESOLOGS_SECRET=wrong\n", esologs_sim::DEMO_CLIENT_ID));
    let url = server.running.base_url();
    let ran = desk.esologs(&["pull", "guild", GUILD, "-o", "logs", "--base-url", &url]).run();
    assert_eq!(ran.code, 4);
    let host = url.strip_prefix("http://").unwrap();
    assert!(ran.stderr.starts_with(&format!("note: asking {host}, not https://www.esologs.com\n")), "{}", ran.stderr);
}

#[test]
fn a_wrong_secret_is_told_without_the_secret() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let ran = desk.esologs_at(&server, &["pull", "guild", GUILD, "-o", "logs"]).env("ESOLOGS_SECRET", "hunter2").run();
    assert_eq!(ran.code, 4);
    assert!(ran.stderr.contains("does not accept this client id and secret"), "{}", ran.stderr);
    assert!(ran.last_line().starts_with("hint: check ESOLOGS_ID and ESOLOGS_SECRET"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
}

#[test]
fn a_guild_that_is_not_there_is_exit_code_6() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let ran = desk.esologs_at(&server, &["pull", "guild", "999999", "-o", "logs"]).run();
    assert_eq!(ran.code, 6);
    let end = "error: there is no guild 999999 that this key can see\n\
               hint: check the number in the guild's address, https://www.esologs.com/guild/id/NUMBER\n";
    assert!(ran.stderr.ends_with(end), "{}", ran.stderr);
}

#[test]
fn a_host_that_cannot_be_reached_is_told_within_25_seconds() {
    let closed = {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let desk = Desk::new();
    let mut command = desk.esologs(&["pull", "guild", GUILD, "-o", "logs", "--base-url", &closed]);
    let began = Instant::now();
    let ran = command.env("ESOLOGS_ID", "me").env("ESOLOGS_SECRET", "hunter2").run();
    assert!(began.elapsed() < Duration::from_secs(25), "{:?}", began.elapsed());
    assert_eq!(ran.code, 7);
    assert!(ran.stderr.contains("cannot reach 127.0.0.1:") && ran.stderr.contains("refused"), "{}", ran.stderr);
    assert_eq!(ran.last_line(), "hint: check the network, the proxy settings (HTTPS_PROXY) and the base URL");
}

#[test]
fn a_folder_below_a_file_cannot_be_made() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    desk.write("thesis.txt", "mine");
    let ran = desk.esologs_at(&server, &["pull", "guild", GUILD, "-o", "thesis.txt/logs"]).run();
    assert_eq!(ran.code, 8);
    assert!(ran.stderr.contains("error: cannot make the folder thesis.txt/logs: Not a directory"), "{}", ran.stderr);
    assert!(ran.last_line().starts_with("hint: choose another folder"), "{}", ran.stderr);
    assert_eq!(server.running.sim().stats().requests, 0, "nothing is bought that cannot be kept");
}

#[test]
fn a_folder_with_other_things_in_it_is_left_alone() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    fs::create_dir(desk.path("home")).unwrap();
    desk.write("home/thesis.txt", "mine");
    let ran = desk.esologs_at(&server, &["pull", "guild", GUILD, "-o", "home"]).run();
    assert_eq!(ran.code, 8);
    let end = "error: the folder home holds something else than a pull (it has no manifest.json)\nhint: choose a new or an empty folder\n";
    assert!(ran.stderr.ends_with(end), "{}", ran.stderr);
    assert_eq!(fs::read_dir(desk.path("home")).unwrap().count(), 1);
}

#[test]
fn a_folder_of_another_guild_is_refused() {
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none()));
    let other = server.running.sim().world().guilds[1].id.to_string();
    assert_eq!(desk.esologs_at(&server, &["pull", "guild", &other, "-o", "logs", "--streams", "none"]).run().code, 0);
    let ran = desk.esologs_at(&server, &["pull", "guild", GUILD, "-o", "logs"]).run();
    assert_eq!(ran.code, 8);
    assert!(ran.stderr.contains(&format!("is of guild {other}, not of guild {GUILD}")), "{}", ran.stderr);
}

#[test]
fn a_seed_without_a_demo_is_refused() {
    let expected = "error: --seed chooses the world of the demo: add --demo, or leave it out\n";
    assert_eq!(told(&[GUILD, "-o", "logs", "--seed", "7"]), (2, expected.to_owned()));
    let ran = Desk::new().esologs(&["query", "-", "--seed", "7"]).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (2, expected));
}

#[test]
fn a_seed_that_is_no_number_is_refused() {
    let expected = "error: --seed: '-4' is not a whole number from 0 on\n";
    assert_eq!(told(&[GUILD, "-o", "logs", "--demo", "--seed", "-4"]), (2, expected.to_owned()));
}

#[test]
fn the_demo_has_a_host_of_its_own() {
    let (code, stderr) = told(&[GUILD, "-o", "logs", "--demo", "--base-url", "https://logs.example.org"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("'--demo' cannot be used with '--base-url <URL>'"), "{stderr}");
}
