//! The truth's folder, against `docs/data-layout.md`.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use esologs_sim::truth::{self, Stream};
use esologs_sim::world::model::Access;
use esologs_sim::world::{MAIN_GUILD_ID, World};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::helpers::{NOW, finished, small};

/// JSON as far as names and their order go.
#[derive(Debug, PartialEq)]
enum Shape {
    Object(Vec<(String, Self)>),
    List(Vec<Self>),
    Value,
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

macro_rules! values {
    ($($visit:ident: $type:ty),+) => { $(fn $visit<E>(self, _: $type) -> Result<Shape, E> { Ok(Shape::Value) })+ };
}

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    values!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_unit<E>(self) -> Result<Shape, E> {
        Ok(Shape::Value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Shape, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Shape::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shape, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Shape::Object(fields))
    }
}

/// The cells of the layout's table rows.
fn rows() -> Vec<Vec<String>> {
    let layout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/data-layout.md");
    let text = fs::read_to_string(layout).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| ") && line.contains(".json"));
    rows.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// The documented fields of each file, with `…NPC` written out.
fn documented_fields() -> BTreeMap<String, String> {
    let of_files =
        rows().into_iter().filter(|row| row[0].ends_with(".json") || row[0].ends_with(".jsonl") && !row[0].contains('*'));
    let fields = of_files.map(|row| {
        let fields = row[2].trim_matches('`').replace("…NPC", "{id gameID instanceCount groupCount petOwner}");
        (row[0].clone(), fields)
    });
    fields.collect()
}

/// The documented files of each stream, sorted.
fn documented_streams() -> BTreeMap<String, Vec<String>> {
    let of_streams = rows().into_iter().filter(|row| row[0].starts_with('`') && !row[0].starts_with("`--"));
    let files = of_streams.map(|row| {
        let mut files: Vec<String> = row[3].split(", ").map(|file| file.trim_matches('`').to_owned()).collect();
        files.sort();
        (row[0].trim_matches('`').to_owned(), files)
    });
    files.collect()
}

/// Asserts that an object has the documented fields in their order; gives what follows the closing brace.
fn has_fields<'a>(shape: &Shape, documented: &'a str, place: &str) -> &'a str {
    let fields = match shape {
        Shape::Object(fields) => fields.as_slice(),
        // Null or an empty list: nothing to compare, but the text has to be read on.
        _ => &[],
    };
    let mut rest = documented;
    let mut names = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() || rest.starts_with('}') {
            break;
        }
        let end = rest.find([' ', '{', '}']).unwrap_or(rest.len());
        let name = &rest[..end];
        rest = &rest[end..];
        names.push(name.to_owned());
        let inner = fields.iter().find(|(field, _)| field == name).map_or(&Shape::Value, |(_, shape)| shape);
        if let Some(children) = rest.strip_prefix('{') {
            let place = format!("{place}.{name}");
            if let Shape::List(items) = inner {
                for item in items {
                    has_fields(item, children, &place);
                }
            }
            rest = has_fields(inner, children, &place).strip_prefix('}').unwrap();
        }
    }
    if let Shape::Object(fields) = shape {
        let written: Vec<&String> = fields.iter().map(|(name, _)| name).collect();
        assert_eq!(written, names.iter().collect::<Vec<_>>(), "{place}");
    }
    rest
}

#[test]
fn every_file_has_the_documented_fields_in_the_documented_order() {
    let world = small(1);
    let folder = tempfile::tempdir().unwrap();
    truth::write(&world, MAIN_GUILD_ID, &[], folder.path()).unwrap();
    let documented = documented_fields();
    assert_eq!(
        documented.keys().collect::<Vec<_>>(),
        ["abilities.jsonl", "actors.jsonl", "character.json", "fights.jsonl", "guild.json", "report.json"]
    );

    // The truth of a guild has no character of its own.
    for (file, fields) in documented.iter().filter(|(file, _)| *file != "character.json") {
        for report in finished(&world).filter(|report| report.guild_id == Some(MAIN_GUILD_ID)) {
            let in_report = folder.path().join("reports").join(&report.code).join(file);
            let path = if file == "guild.json" { folder.path().join(file) } else { in_report };
            let text = fs::read_to_string(path).unwrap();
            assert!(text.ends_with('\n') && !text.contains("\n\n") && !text.contains("\": "), "{file}");
            for line in text.lines() {
                assert_eq!(has_fields(&serde_json::from_str(line).unwrap(), fields, file), "");
            }
        }
    }
}

#[test]
fn every_documented_stream_is_there_and_has_the_documented_files() {
    let world = small(1);
    let report = finished(&world).next().unwrap();
    let documented = documented_streams();
    assert_eq!(documented.len(), Stream::EVERY.len());

    for (stream, files) in documented {
        let folder = tempfile::tempdir().unwrap();
        truth::write(&world, MAIN_GUILD_ID, &[stream.parse().unwrap()], folder.path()).unwrap();
        assert_eq!(names_in(&folder.path().join("reports").join(&report.code).join("events")), files);
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn a_guild_reads_word_for_word() {
    let text = "[[guild]]\nid = 3468\nname = \"Lanterns\"\ntags = 0\n";
    let world = World::from_toml(text, NOW).unwrap();
    let folder = tempfile::tempdir().unwrap();

    truth::write(&world, 3468, &Stream::DEFAULT, folder.path()).unwrap();

    let guild = fs::read_to_string(folder.path().join("guild.json")).unwrap();
    let (faction, name) = &world.guilds[0].faction;
    let expected = format!(
        concat!(
            r#"{{"id":3468,"name":"Lanterns","description":"Lanterns: trials on weekday evenings, everybody welcome.","#,
            r#""competitionMode":false,"stealthMode":false,"faction":{{"id":{},"name":"{}"}},"server":{{"id":1,"#,
            r#""name":"NA Megaserver","slug":"megaserver","region":{{"id":1,"compactName":"NA","name":"North America","slug":"NA"}}}},"#,
            "\"tags\":[]}}\n"
        ),
        faction, name
    );
    assert_eq!(guild, expected);
}

#[test]
fn only_finished_public_reports_of_the_guild_are_written_and_anonymous_codes_lose_their_colon() {
    let text = r#"
[[guild]]
id = 3468
name = "Lanterns"
[[guild]]
id = 5
name = "Others"
[[report]]
code = "a:AbCdEfGh12345678"
events = 300
[[report]]
guild = 5
events = 300
[[report]]
access = "live"
[[report]]
access = "private"
[[report]]
access = "archived"
"#;
    let world = World::from_toml(text, NOW).unwrap();
    let folder = tempfile::tempdir().unwrap();

    let summary = truth::write(&world, 3468, &Stream::DEFAULT, folder.path()).unwrap();

    assert_eq!(names_in(folder.path()), ["guild.json", "reports"]);
    assert_eq!(names_in(&folder.path().join("reports")), ["a_AbCdEfGh12345678"]);
    let report = folder.path().join("reports/a_AbCdEfGh12345678");
    assert_eq!(names_in(&report), ["abilities.jsonl", "actors.jsonl", "events", "fights.jsonl", "report.json"]);
    assert_eq!(names_in(&report.join("events")), ["damage.jsonl", "deaths.jsonl", "healing.jsonl"]);
    assert_eq!((summary.reports, summary.fights, summary.files), (1, 7, 8));
    assert_eq!(world.reports.iter().filter(|report| report.access == Access::Public).count(), 2);
}

#[test]
fn a_stream_with_nothing_in_it_is_an_empty_file() {
    let world = small(1);
    let folder = tempfile::tempdir().unwrap();
    truth::write(&world, MAIN_GUILD_ID, &[Stream::Threat, Stream::CombatantInfo], folder.path()).unwrap();

    let report = finished(&world).next().unwrap();
    for file in ["threat.jsonl", "combatantinfo.enemies.jsonl"] {
        let path = folder.path().join("reports").join(&report.code).join("events").join(file);
        assert_eq!(fs::read(path).unwrap(), b"");
    }
}

#[test]
fn a_folder_with_something_in_it_is_refused() {
    let world = small(1);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.txt"), "mine").unwrap();

    let refused = truth::write(&world, MAIN_GUILD_ID, &Stream::DEFAULT, folder.path()).unwrap_err();

    assert!(refused.to_string().contains("is not empty; name a new folder"), "{refused}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing was written");
}

#[test]
fn an_unknown_guild_and_an_unknown_stream_are_refused_with_what_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let refused = truth::write(&small(1), 1, &Stream::DEFAULT, folder.path()).unwrap_err();
    assert!(refused.to_string().contains("no guild 1; there are 3468"), "{refused}");

    let refused = "damages".parse::<Stream>().unwrap_err().to_string();
    assert_eq!(
        refused,
        "there is no stream \"damages\"; there are damage, damage-taken, healing, casts, deaths, resources, interrupts, dispels, \
         summons, threat, buffs, debuffs, combatantinfo, all"
    );
    for stream in Stream::EVERY {
        assert_eq!(stream.to_string().parse(), Ok(stream));
    }
}

#[test]
fn numbers_of_the_truth_are_spelled_as_the_api_spells_them() {
    let world = small(1);
    let folder = tempfile::tempdir().unwrap();
    truth::write(&world, MAIN_GUILD_ID, &[], folder.path()).unwrap();
    let report = finished(&world).next().unwrap();
    let fights = fs::read_to_string(folder.path().join("reports").join(&report.code).join("fights.jsonl")).unwrap();

    let lines: Vec<&str> = fights.lines().collect();
    for (fight, line) in report.fights.iter().zip(&lines) {
        assert!(line.contains(&format!("\"startTime\":{},\"endTime\":{},", fight.start, fight.end)), "{line}");
        let left = fight.boss_percentage.map_or("null".to_owned(), |left| left.to_string());
        assert!(line.contains(&format!("\"bossPercentage\":{left},")), "{line}");
        assert!(serde_json::from_str::<IgnoredAny>(line).is_ok());
    }
    assert_eq!(lines.len(), report.fights.len());
}
