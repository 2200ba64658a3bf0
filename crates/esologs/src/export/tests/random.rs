//! Any event, however odd, comes back from its columns; and so do recorded ones.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::Value;

use super::super::tables::{EVENTS, Kind};
use super::back::come_back;
use crate::decode::any_json::tokens;

/// A name of the table, or another.
fn name() -> impl Strategy<Value = String> {
    let names: Vec<String> = EVENTS.fields.iter().map(|field| field.name.to_owned()).collect();
    prop_oneof![8 => prop::sample::select(names), 1 => "[a-zé ]{0,5}"]
}

/// What may stand in a field: what belongs there, or anything.
fn json(of: &str) -> BoxedStrategy<String> {
    let kind = EVENTS.fields.iter().find(|field| field.name == of).map(|field| field.kind);
    let fitting = match kind {
        Some(Kind::Whole) => any::<i64>().prop_map(|number| number.to_string()).boxed(),
        Some(Kind::SinceStart(_) | Kind::Number) => (-1e9..1e9).prop_map(|number: f64| number.to_string()).boxed(),
        Some(Kind::Flag) => any::<bool>().prop_map(|flag| flag.to_string()).boxed(),
        Some(Kind::Text) => any::<String>().prop_map(|text| Value::from(text).to_string()).boxed(),
        Some(Kind::Object(_)) => resources().boxed(),
        _ => tokens().prop_map(|tokens| tokens.concat()).boxed(),
    };
    prop_oneof![6 => fitting, 1 => tokens().prop_map(|tokens| tokens.concat()), 1 => Just("\"17\"".to_owned()), 1 => Just("null".to_owned())]
        .boxed()
}

fn resources() -> impl Strategy<Value = String> {
    let field = prop::sample::select(vec!["hitPoints", "x", "facing", "shield"]);
    let json = prop_oneof![4 => (-1e6..1e6).prop_map(|number: f64| number.to_string()), 1 => tokens().prop_map(|tokens| tokens.concat())];
    prop::collection::btree_map(field, json, 0..4)
        .prop_map(|fields| object(fields.into_iter().map(|(name, json)| (name.to_owned(), json))))
}

fn object(fields: impl Iterator<Item = (String, String)>) -> String {
    let fields: Vec<String> = fields.map(|(name, json)| format!("{}:{json}", Value::from(name))).collect();
    format!("{{{}}}", fields.join(","))
}

fn event() -> impl Strategy<Value = String> {
    let field = name().prop_flat_map(|name| (Just(name.clone()), json(&name)));
    // No name twice: which of the values counts differs between readers.
    prop::collection::vec(field, 0..12)
        .prop_map(|fields| fields.into_iter().collect::<BTreeMap<_, _>>())
        .prop_map(|fields| fields.into_iter().collect::<Vec<_>>())
        .prop_shuffle()
        .prop_map(|fields| object(fields.into_iter()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_events_come_back(events in prop::collection::vec(event(), 1..6)) {
        come_back(&EVENTS, &(events.join("\n") + "\n"));
    }
}

#[test]
fn recorded_events_come_back() {
    let Some(folder) = std::env::var_os("ESOLOGS_SAMPLES").filter(|folder| !folder.is_empty()) else {
        return;
    };
    let mut events = 0;
    for path in json_files(&PathBuf::from(folder)) {
        let Ok(json) = serde_json::from_slice::<Value>(&std::fs::read(&path).unwrap()) else { continue };
        events += lists_of_events(&json)
            .into_iter()
            .flat_map(|list| list.chunks(4_000))
            .map(|list| {
                come_back(&EVENTS, &list.iter().map(|event| format!("{event}\n")).collect::<String>());
                list.len()
            })
            .sum::<usize>();
    }
    assert!(events > 1_000, "{events}");
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| if path.is_dir() { json_files(&path) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect()
}

/// Lists of objects that have a time and a type, anywhere in there.
fn lists_of_events(json: &Value) -> Vec<&Vec<Value>> {
    match json {
        Value::Array(list) if list.iter().all(|entry| entry["timestamp"].is_number()) && !list.is_empty() => vec![list],
        Value::Array(list) => list.iter().flat_map(lists_of_events).collect(),
        Value::Object(object) => object.values().flat_map(lists_of_events).collect(),
        _ => Vec::new(),
    }
}
