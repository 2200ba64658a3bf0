//! Every line of `--json` is as `docs/json-lines.schema.json` says, and `docs/cli.md` tells of each of its fields.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use esologs_sim::{FaultKind, Faults, On, ScriptedFault};
use serde_json::Value;

use crate::support::{Desk, GUILD, Ran, Run as _, Server};

const PULL: [&str; 6] = ["pull", "guild", GUILD, "-o", "logs", "--json"];

fn document(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name)).unwrap()
}

/// The schema, as far as this one goes; and stricter than it: no field that it does not know.
struct Schema(Value);

impl Schema {
    fn read() -> Self {
        Self(serde_json::from_str(&document("json-lines.schema.json")).unwrap())
    }

    /// The kinds of lines that a command writes.
    fn lines_of(&self, command: &str) -> &Vec<Value> {
        self.0["$defs"][command]["anyOf"].as_array().unwrap()
    }

    fn line<'a>(&'a self, command: &str, event: &str) -> &'a Value {
        let line = self.lines_of(command).iter().find(|line| line["properties"]["event"]["const"] == event);
        line.unwrap_or_else(|| panic!("the schema has no line `{event}` of {command}"))
    }

    fn events_of(&self, command: &str) -> BTreeSet<String> {
        self.lines_of(command).iter().map(|line| line["properties"]["event"]["const"].as_str().unwrap().to_owned()).collect()
    }

    /// Why a value is not as this part of the schema says; empty where it is.
    fn wrong(&self, part: &Value, value: &Value, place: &str) -> Vec<String> {
        if let Some(name) = part["$ref"].as_str() {
            return self.wrong(&self.0["$defs"][name.trim_start_matches("#/$defs/")], value, place);
        }
        if let Some(ways) = part["anyOf"].as_array() {
            let wrong: Vec<_> = ways.iter().map(|way| self.wrong(way, value, place)).collect();
            let fits = wrong.iter().any(Vec::is_empty);
            return if fits { Vec::new() } else { wrong.concat() };
        }
        let mut wrong = Vec::new();
        let mut hold = |is_so: bool, why: String| wrong.extend((!is_so).then(|| format!("{place}: {why}")));
        if let Some(only) = part.get("const") {
            hold(value == only, format!("{value} is not {only}"));
        }
        if let Some(values) = part["enum"].as_array() {
            hold(values.contains(value), format!("{value} is none of {values:?}"));
        }
        if let Some(types) = part.get("type") {
            let types = types.as_array().cloned().unwrap_or_else(|| vec![types.clone()]);
            hold(types.iter().any(|name| is_a(name.as_str().unwrap(), value)), format!("{value} is none of {types:?}"));
        }
        for name in part["required"].as_array().into_iter().flatten().map(|name| name.as_str().unwrap()) {
            hold(value.get(name).is_some(), format!("`{name}` is missing"));
        }
        for (name, field) in value.as_object().into_iter().flatten() {
            let place = format!("{place}.{name}");
            match (part["properties"].get(name), part.get("additionalProperties")) {
                (Some(part), _) | (None, Some(part)) => wrong.extend(self.wrong(part, field, &place)),
                (None, None) if part.get("properties").is_some() => wrong.push(format!("{place} is not in the schema")),
                (None, None) => {}
            }
        }
        if let (Some(items), Some(values)) = (part.get("items"), value.as_array()) {
            wrong.extend(values.iter().flat_map(|value| self.wrong(items, value, &format!("{place}[]"))));
        }
        wrong
    }

    /// Holds what a run has printed against the schema; the events that were among it.
    fn check(&self, command: &str, stdout: &str) -> BTreeSet<String> {
        let lines = stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines
            .map(|line| {
                let event = line["event"].as_str().unwrap().to_owned();
                let wrong = self.wrong(self.line(command, &event), &line, &event);
                assert!(wrong.is_empty(), "{wrong:#?}\n{line}");
                event
            })
            .collect()
    }
}

fn is_a(name: &str, value: &Value) -> bool {
    match name {
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => panic!("`{name}` is no type of a schema"),
    }
}

fn late(delay_ms: u64) -> Faults {
    Faults::none().with(ScriptedFault::new(On::Api, FaultKind::Delay).times(1_000).delay(Duration::from_millis(delay_ms)))
}

fn pull(desk: &Desk, server: &Server, options: &[&str]) -> Ran {
    desk.esologs_at(server, &[&PULL[..], options].concat()).run()
}

#[test]
fn every_line_of_a_pull_is_as_the_schema_says_and_each_kind_of_line_comes() {
    let (schema, desk, server) = (Schema::read(), Desk::new(), Server::start(1, late(80)));
    let mut printed = Vec::new();

    printed.push(desk.esologs_at(&server, &PULL).env("ESOLOGS_SECRET", "hunter2").run().stdout);
    printed.push(pull(&desk, &server, &["--max-duration", "800ms"]).stdout);
    // So late that the second one finds the first at work.
    server.running.sim().set_faults(late(600));
    let first = desk.esologs_at(&server, &PULL).start();
    let before = server.running.sim().stats().requests;
    while server.running.sim().stats().requests == before {
        std::thread::yield_now();
    }
    printed.push(pull(&desk, &server, &["--wait"]).stdout);
    printed.push(Ran::from(first.wait_with_output().unwrap()).stdout);
    // A digit of the first line's checksum.
    let mut journal = fs::read(desk.path("logs/.journal")).unwrap();
    journal[0] = if journal[0] == b'0' { b'1' } else { b'0' };
    fs::write(desk.path("logs/.journal"), journal).unwrap();
    server.running.sim().set_faults(Faults::none());
    printed.push(pull(&desk, &server, &[]).stdout);
    let lost = ScriptedFault::new(On::Operation("ReportEvents".into()), FaultKind::NotFound).times(1_000);
    let refused = ScriptedFault::new(On::Operation("GuildReports".into()), FaultKind::BadGateway);
    let (desk, server) = (Desk::new(), Server::start(1, Faults::none().with(lost).with(refused)));
    printed.push(pull(&desk, &server, &["--explain", "--streams", "deaths"]).stdout);
    printed.push(desk.esologs_at(&server, &["pull", "report", &server.report(), "-o", "one", "--json"]).run().stdout);

    let seen: BTreeSet<String> = printed.iter().flat_map(|stdout| schema.check("pull", stdout)).collect();
    assert_eq!(seen, schema.events_of("pull"));
}

#[test]
fn every_line_of_the_other_commands_about_a_folder_is_as_the_schema_says() {
    let (schema, desk, server) = (Schema::read(), Desk::new(), Server::start(1, Faults::none()));
    let retried = desk.esologs_at(&server, &["retry", "logs", "--json"]).run();
    let dry = pull(&desk, &server, &["--dry-run"]);
    pull(&desk, &server, &["--streams", "deaths"]);
    fs::write(desk.path("logs/data/reports/more.txt"), "mine").unwrap();
    let asked = |command: &[&str]| desk.esologs(&[command, &["logs", "--json"]].concat()).run().stdout;

    let exported = asked(&["export", "--to", "csv"]);
    fs::write(desk.path("logs/csv/fights/mine.csv"), "mine").unwrap();

    let seen = [
        schema.check("pull", &retried.stdout),
        schema.check("dry_run", &dry.stdout),
        schema.check("status", &asked(&["status"])),
        schema.check("export", &exported),
        schema.check("verify", &asked(&["verify"])),
        schema.check("verify", &desk.esologs(&["verify", "logs/csv", "--json"]).run().stdout),
    ];

    let expected: [&[&str]; 6] =
        [&["error"], &["dry_run"], &["status"], &["found", "report_done", "summary"], &["verified"], &["verified_export"]];
    for (seen, expected) in seen.iter().zip(expected) {
        assert_eq!(seen.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn the_manual_tells_of_every_line_and_field_of_the_schema() {
    let (schema, manual) = (Schema::read(), document("cli.md"));
    let commands = ["pull", "dry_run", "status", "verify", "export"];
    for line in commands.iter().flat_map(|command| schema.lines_of(command)) {
        let event = line["properties"]["event"]["const"].as_str().unwrap();
        for name in line["properties"].as_object().unwrap().keys().map(String::as_str).chain([event]) {
            assert!(manual.contains(&format!("`{name}`")), "docs/cli.md does not tell of `{name}` ({event})");
        }
    }
}

#[test]
fn what_is_not_as_the_schema_says_is_noticed() {
    let schema = Schema::read();
    let line = |text: &str| schema.wrong(schema.line("pull", "listed"), &serde_json::from_str(text).unwrap(), "listed");
    assert_eq!(line(r#"{"event":"listed","at_unix_ms":1,"reports":2,"already_here":0}"#), [""; 0]);
    assert_eq!(line(r#"{"event":"listed","at_unix_ms":1,"reports":2}"#), ["listed: `already_here` is missing"]);
    assert_eq!(
        line(r#"{"event":"listed","at_unix_ms":1,"reports":2,"already_here":0,"x":1}"#),
        ["listed.x is not in the schema"]
    );
    assert_eq!(line(r#"{"event":"listed","at_unix_ms":1.5,"reports":2,"already_here":0}"#).len(), 1);
}
