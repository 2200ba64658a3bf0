//! `esologs get`: everything of the API, as tables and as JSON.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};

use esologs::catalogue::{self, CallInfo};
use esologs_sim::Faults;
use esologs_sim::world::model::Access;
use serde_json::Value;

use crate::support::{Desk, Ran, Run as _, Server};

fn get(server: &Server, line: &str) -> Ran {
    let arguments: Vec<&str> = ["get"].into_iter().chain(line.split(' ')).collect();
    Desk::new().esologs_at(server, &arguments).run()
}

fn json(server: &Server, line: &str) -> Value {
    let ran = get(server, &format!("{line} --json"));
    assert_eq!(ran.code, 0, "{line}: {}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{line}: {error}: {}", ran.stdout))
}

/// A command line for each call, about things of the world.
fn lines(server: &Server) -> Vec<String> {
    let world = server.running.sim().world();
    let code = server.report();
    let report = world.reports.iter().find(|report| report.code == code).unwrap();
    let zone = world.zone(report.zone_id).unwrap();
    let (guild, character, encounter) = (
        report.guild_id.unwrap(),
        world.characters.iter().find(|character| !character.hidden).unwrap().id,
        zone.encounters[0].id,
    );
    let first = |list: &str| json(server, list)[0]["id"].as_i64().unwrap();
    let (region, of_server) = (world.regions[0].id, world.guild(guild).unwrap().server_id);
    let mut lines: Vec<String> = Vec::new();
    for what in [
        "report",
        "fights",
        "events",
        "table",
        "graph",
        "rankings",
        "player-details",
        "master-data",
        "phases",
        "ranked-characters",
    ] {
        lines.push(format!("{what} {code}"));
    }
    for what in ["guild", "guild-reports", "attendance", "members", "guild-ranking", "guild-rank", "characters"] {
        lines.push(format!("{what} {guild}"));
    }
    for what in ["character", "character-reports", "zone-rankings", "game-data"] {
        lines.push(format!("{what} {character}"));
    }
    lines.push(format!("encounter-rankings {character} {encounter}"));
    for what in ["encounter", "character-rankings", "fight-rankings"] {
        lines.push(format!("{what} {encounter}"));
    }
    for what in ["region", "region-servers", "subregion", "subregion-servers"] {
        lines.push(format!("{what} {region}"));
    }
    for what in ["server", "server-guilds", "server-characters"] {
        lines.push(format!("{what} {of_server}"));
    }
    for (what, list) in [("ability", "abilities"), ("item", "items"), ("item-set", "item-sets"), ("map", "maps"), ("npc", "npcs")]
    {
        lines.push(format!("{what} {}", first(list)));
        lines.push(list.to_owned());
    }
    lines.extend([format!("zone {}", zone.id), format!("reports --guild-id {guild}")]);
    lines.extend(
        ["progress-race --competition-id 1", "detailed-composition --competition-id 1", "class 1", "expansion 1"]
            .map(str::to_owned),
    );
    lines.extend(["guilds", "zones", "world", "expansions", "regions", "classes", "factions", "rate-limit"].map(str::to_owned));
    lines.extend(["user 1", "current-user"].map(str::to_owned));
    lines
}

#[test]
fn every_call_of_the_api_is_shown_as_a_table_and_as_json() {
    let server = Server::with_a_race(1);
    let lines = lines(&server);
    let names: BTreeSet<&str> = lines.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names.len(), catalogue::calls().len(), "a line for each call");

    for line in &lines {
        let (table, json) = (get(&server, line), get(&server, &format!("{line} --json")));
        // Nobody is signed in.
        let needs_user = ["user ", "current-user", "guild-rank "].iter().any(|begin| line.starts_with(begin));
        let expected = if needs_user { 4 } else { 0 };
        assert_eq!((table.code, json.code), (expected, expected), "{line}: {}{}", table.stderr, json.stderr);
        assert_eq!(table.stdout.is_empty(), expected != 0, "{line}");
        if expected == 0 {
            assert!(serde_json::from_str::<Value>(&json.stdout).is_ok(), "{line}: {}", json.stdout);
            let wide = table.stdout.lines().find(|row| row.chars().count() > 100);
            assert_eq!(wide, None, "{line}: no line is longer than where nobody says how wide it may be");
        }
    }
}

#[test]
fn the_help_of_get_lists_every_call() {
    let help = Desk::new().esologs(&["get", "--help"]).run().stdout;
    // The name, and from the 25th letter on what it is.
    let name = |line: &str| Some(line.strip_prefix("  ")?.get(..22)?.trim().to_owned()).filter(|name| !name.contains(' '));
    let names: BTreeSet<String> = help.lines().filter_map(name).collect();
    assert_eq!(names.len(), catalogue::calls().len(), "{names:?}");
}

#[test]
fn json_is_what_the_service_sent_to_the_letter() {
    let server = Server::start(1, Faults::none());
    let code = server.report();
    let call = |operation: &str| -> CallInfo { catalogue::calls().into_iter().find(|call| call.operation == operation).unwrap() };
    for (line, operation, variables) in [
        ("guild 3468".to_owned(), "Guild", r#"{"id":3468}"#.to_owned()),
        (format!("fights {code}"), "ReportFights", format!(r#"{{"code":"{code}"}}"#)),
        (format!("table {code} --type healing"), "ReportTable", format!(r#"{{"code":"{code}","dataType":"Healing"}}"#)),
    ] {
        let desk = Desk::new();
        desk.write("query.graphql", call(operation).document);
        let answer = desk.esologs_at(&server, &["query", "query.graphql", "--variables", &variables]).run().stdout;

        let got = get(&server, &format!("{line} --json")).stdout;

        assert!(got.len() > 20 && answer.contains(got.trim_end()), "{line}: {got} is not in {answer}");
    }
}

#[test]
fn tables_are_as_people_read_them() {
    let server = Server::start(1, Faults::none());
    let code = server.report();
    let shown = |line: &str| {
        let ran = get(&server, line);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout.replace(&code, "CODE")
    };
    insta::assert_snapshot!("guild", shown("guild 3468"));
    insta::assert_snapshot!("fights", shown(&format!("fights {code}")));
    insta::assert_snapshot!("damage_table", shown(&format!("table {code} --type damage-done --fight last")));
    insta::assert_snapshot!("deaths", shown(&format!("events {code} --type deaths")));
    insta::assert_snapshot!("player_details", shown(&format!("player-details {code}")));
}

#[test]
fn times_are_those_of_the_own_zone_or_of_utc() {
    let server = Server::start(1, Faults::none());
    let start = |zone: &str, options: &[&str]| {
        let arguments = [&["get", "guild-reports", "3468"], options].concat();
        let table = Desk::new().esologs_at(&server, &arguments).env("TZ", zone).run().stdout;
        table.lines().nth(1).unwrap().split_whitespace().find(|word| word.contains(':')).unwrap().to_owned()
    };
    assert_ne!(start("Etc/GMT+5", &[]), start("UTC", &[]));
    assert_eq!(start("Etc/GMT+5", &["--utc"]), start("UTC", &[]));
}

#[test]
fn an_address_is_as_good_as_a_code_and_its_fight_counts() {
    let server = Server::start(1, Faults::none());
    let code = server.report();
    let by_option = json(&server, &format!("fights {code} --fight 2"));
    let by_address = json(&server, &format!("fights https://www.esologs.com/reports/{code}?fight=2&type=damage-done"));
    let last = json(&server, &format!("fights https://www.esologs.com/reports/{code}#fight=last"));
    let all = json(&server, &format!("fights {code}"));

    assert_eq!((&by_address, by_address[0]["id"].as_i64()), (&by_option, Some(2)));
    assert_eq!(last[0], *all.as_array().unwrap().last().unwrap());
    let noted = get(&server, &format!("report https://www.esologs.com/reports/{code}?fight=2"));
    assert!(noted.stderr.contains("note: the fight of the address does not count here"), "{}", noted.stderr);
}

#[test]
fn a_list_says_where_there_is_more_and_all_brings_it() {
    let server = Server::start(1, Faults::none());
    let all = json(&server, "guild-reports 3468 --all").as_array().unwrap().clone();
    let total = all.len();
    assert!(total > 4, "{total}");

    let first = get(&server, "guild-reports 3468 --per-page 2");
    assert_eq!(first.talk(), format!("note: 2 of {total} entries; more with --page 2, or --all\n"));
    assert_eq!(first.stdout.lines().count(), 3, "{}", first.stdout);
    assert_eq!(json(&server, "guild-reports 3468 --per-page 2 --page 2").as_array().unwrap()[..], all[2..4]);
    assert_eq!(json(&server, "guild-reports 3468 --per-page 2 --all"), Value::from(all.clone()));

    let bound = get(&server, "guild-reports 3468 --per-page 2 --all --max 3 --json");
    assert_eq!(serde_json::from_str::<Value>(&bound.stdout).unwrap().as_array().unwrap()[..], all[..3]);
    assert_eq!((bound.code, bound.talk()), (0, format!("note: 3 of {total} entries; there is more than --max 3\n")));
    let exact = get(&server, &format!("guild-reports 3468 --all --max {total}"));
    assert_eq!((exact.code, exact.talk()), (0, String::new()));
}

#[test]
fn a_list_that_is_longer_than_the_usual_bound_does_not_pass_for_whole() {
    let ran = Desk::new().esologs(&["get", "events", "DDGzY2jHNDCp7xYw", "--demo", "--all", "--json"]).run();
    assert_eq!((ran.code, ran.stdout.lines().count()), (5, 10_002), "{}", ran.stderr);
    assert_eq!(ran.stderr, "note: 10,000 entries; there is more than --max 10000\n");
}

#[test]
fn events_go_on_where_the_note_says() {
    let server = Server::start(1, Faults::none());
    let code = server.report();
    let first = get(&server, &format!("events {code} --json"));
    let (_, option) = first.stderr.trim().split_once("more with ").unwrap();
    let (option, _) = option.split_once(", or --all").unwrap();
    let pages = [first.stdout.clone(), get(&server, &format!("events {code} --json {option}")).stdout];
    let [one, two] = pages.map(|page| serde_json::from_str::<Vec<Value>>(&page).unwrap());

    let all = get(&server, &format!("events {code} --json --all --max 1000"));
    let all: Vec<Value> = serde_json::from_str(&all.stdout).unwrap();

    assert!(one.len() >= 100 && two.len() >= 100);
    let both = [one, two].concat();
    assert!(both[..] == all[..both.len()], "pages that follow each other");
}

#[test]
fn json_of_a_list_has_a_line_for_each_entry_and_of_anything_is_one_line_where_wanted() {
    let server = Server::start(1, Faults::none());
    let usual = get(&server, "guild-reports 3468 --json").stdout;
    let compact = get(&server, "guild-reports 3468 --json --compact").stdout;

    let lines: Vec<&str> = usual.lines().collect();
    assert_eq!((lines[0], lines[lines.len() - 1]), ("[", "]"));
    assert!(lines[1..lines.len() - 1].iter().all(|line| serde_json::from_str::<Value>(line.trim_end_matches(',')).is_ok()));
    assert_eq!(compact.lines().count(), 1);
    assert_eq!(serde_json::from_str::<Value>(&usual).unwrap(), serde_json::from_str::<Value>(&compact).unwrap());
}

#[test]
fn a_mistake_is_told_with_what_was_expected_and_sends_nothing() {
    let server = Server::start(1, Faults::none());
    for (line, expected) in [
        ("table xb7TKHXR8DJByp4Q --type damge", "--type: 'damge' is none of: summary, buffs, casts, damage-done"),
        ("table xb7TKHXR8DJByp4Q --kill-type won", "--kill-type: 'won' is none of: all, encounters, kills, trash, wipes"),
        ("events xb7TKHXR8DJByp4Q --per-page 5", "--per-page: 5 is not taken: expected 100 to 10000"),
        ("fights xb7TKHXR8DJByp4Q --fight first", "--fight: 'first' names no fights"),
        ("guild Lanterns", "'Lanterns' is not a guild id"),
        ("table https://www.warcraftlogs.com/reports/xb7TKHXR8DJByp4Q", "this is a report of warcraftlogs.com"),
        ("report no-code", "'no-code' is not a report code"),
        ("guild 3468 --server-slug megaserver", "--server-region"),
        ("guild 3468 --compact", "--json"),
        ("guilds --page 2 --all", "cannot be used with"),
        ("guilds --max 5", "--all"),
        ("shoes", "unrecognized subcommand 'shoes'"),
    ] {
        let ran = get(&server, line);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line}: {}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{line}: {}", ran.stderr);
    }
    assert_eq!(server.running.sim().stats().requests, 0);
}

#[test]
fn a_fight_that_is_not_there_is_told_with_those_that_are() {
    let server = Server::start(1, Faults::none());
    let code = server.report();
    for what in ["table", "graph", "events", "fights", "player-details"] {
        let ran = get(&server, &format!("{what} {code} --fight 99"));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{what}: {}", ran.stderr);
        assert!(ran.stderr.contains(&format!("error: report {code} has no fight 99; it has ")), "{what}: {}", ran.stderr);
    }
}

#[test]
fn what_cannot_be_seen_is_exit_code_6_with_what_to_do() {
    let server = Server::start(1, Faults::none());
    let world = server.running.sim().world();
    let hidden = world.reports.iter().find(|report| report.access == Access::Private).unwrap();
    for (line, hint) in [
        (format!("fights {}", hidden.code), "a private report cannot be told from a deleted one"),
        ("guild 77777".to_owned(), "https://www.esologs.com/guild/id/NUMBER"),
        ("guild Nobody --server-slug megaserver --server-region NA".to_owned(), "esologs get regions"),
    ] {
        let ran = get(&server, &line);
        assert_eq!((ran.code, ran.stdout.as_str()), (6, ""), "{line}: {}", ran.stderr);
        assert!(ran.stderr.contains(hint), "{line}: {}", ran.stderr);
    }
}

#[test]
fn something_that_has_a_name_is_found_by_it() {
    let server = Server::start(1, Faults::none());
    let guild = json(&server, "guild 3468");
    let slug = guild["server"]["slug"].as_str().unwrap();
    let region = guild["server"]["region"]["slug"].as_str().unwrap();
    let desk = Desk::new();
    let name = guild["name"].as_str().unwrap();
    let ran = desk.esologs_at(&server, &["get", "guild", name, "--server-slug", slug, "--server-region", region, "--json"]).run();
    assert_eq!(serde_json::from_str::<Value>(&ran.stdout).unwrap(), guild, "{}", ran.stderr);
    assert_eq!(json(&server, &format!("server {slug} --server-region {region}"))["slug"], slug);
}

#[test]
fn explain_tells_where_the_time_went() {
    let ran = get(&Server::start(1, Faults::none()), "guild 3468 --explain");
    assert_eq!(ran.code, 0);
    assert!(ran.stderr.contains("Guild took"), "{}", ran.stderr);
}

#[test]
fn the_demo_needs_neither_account_nor_server() {
    let ran = Desk::new().esologs(&["get", "guild", "3468", "--demo"]).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.contains("Lanterns of Emberwatch"), "{}", ran.stdout);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let server = Server::start(1, Faults::none());
    let code = server.report();
    let mut child = Desk::new().esologs_at(&server, &["get", "events", &code, "--all", "--json"]).start();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    drop(reader);

    let ran = Ran::from(child.wait_with_output().unwrap());

    assert_eq!((line.as_str(), ran.code), ("[\n", if ran.stderr.contains("--max") { 5 } else { 0 }), "{}", ran.stderr);
    assert!(!ran.stderr.contains("error"), "{}", ran.stderr);
}
