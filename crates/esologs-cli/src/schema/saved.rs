//! JSON that was saved: the folder of a pull, answers to queries, what `esologs get` printed.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use esologs::catalogue::{self, CallInfo, Paging};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value, json};

use super::findings::Findings;
use crate::failure::Failure;
use crate::get::what;
use crate::{input, words};

/// The longest file that is read whole; files of lines are read line by line.
const MAX_FILE_MIB: u64 = 256;
/// Lines that are looked at together.
const LINES: usize = 1_000;
/// The deepest nesting of folders that is looked into. A pull has four.
const DEEPEST: usize = 8;

pub(super) fn look(paths: &[PathBuf], kind: Option<&str>) -> Result<Findings, Failure> {
    let kind = kind.map(call_named).transpose()?;
    let mut findings = Findings::default();
    for path in paths {
        for file in files(path)? {
            look_at_file(&file, kind.as_ref(), &mut findings)?;
        }
    }
    Ok(findings)
}

/// The call that `esologs get` has under this name.
fn call_named(name: &str) -> Result<CallInfo, Failure> {
    let operation = what::named(name).map(|what| what.operation);
    let call = catalogue::calls().into_iter().find(|call| Some(call.operation) == operation);
    call.ok_or_else(|| {
        Failure::usage(format!("--as: '{name}' is nothing that 'esologs get' has")).with_hint("esologs get --help lists them")
    })
}

/// The file, or the JSON files of the folder, in the order of their names.
fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut open = vec![(path.to_owned(), 0)];
    while let Some((path, depth)) = open.pop() {
        let failed = |error: &std::io::Error| Failure::local(&format!("cannot read {}", words::path(&path)), error);
        if !path.is_dir() {
            found.push(path);
            continue;
        }
        for entry in std::fs::read_dir(&path).map_err(|error| failed(&error))? {
            let inner = entry.map_err(|error| failed(&error))?.path();
            let is_json = inner.extension().is_some_and(|ending| ending == "json" || ending == "jsonl");
            // The manifest is the pull's own.
            let is_ours = inner.file_name().is_some_and(|name| name == "manifest.json");
            // What was exported is what the pull has once more, under other names.
            let is_export = esologs::export::is_export(&inner);
            if (inner.is_dir() && depth < DEEPEST && !is_export) || (is_json && !is_ours) {
                open.push((inner, depth + 1));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn look_at_file(path: &Path, kind: Option<&CallInfo>, findings: &mut Findings) -> Result<(), Failure> {
    let shown = words::path(path);
    if path.extension().is_some_and(|ending| ending == "jsonl") {
        return look_at_lines(path, kind, findings);
    }
    let text = input::file(path, &shown, MAX_FILE_MIB)?;
    let value: Value = match serde_json::from_str(&text) {
        Ok(value) => value,
        Err(error) => {
            findings.failed(shown, format!("not valid JSON: {error}"));
            return Ok(());
        }
    };
    match (kind, path.file_name().and_then(|name| name.to_str())) {
        (Some(call), _) => judge(call, value, &shown, findings),
        (None, Some("guild.json")) => judge(&call_of("Guild")?, value, &shown, findings),
        (None, Some("report.json")) => judge(&call_of("Report")?, value, &shown, findings),
        _ => look_at_answer(value, &shown, findings),
    }
    Ok(())
}

/// Lines: events, but for the files of a pull that have other names.
fn look_at_lines(path: &Path, kind: Option<&CallInfo>, findings: &mut Findings) -> Result<(), Failure> {
    let shown = words::path(path);
    let failed = |error: &std::io::Error| Failure::local(&format!("cannot read {shown}"), error);
    let (call, field) = match (kind, path.file_name().and_then(|name| name.to_str())) {
        (Some(call), _) => (call.clone(), None),
        (None, Some("fights.jsonl")) => (call_of("ReportFights")?, None),
        (None, Some("actors.jsonl")) => (call_of("ReportMasterData")?, Some("actors")),
        (None, Some("abilities.jsonl")) => (call_of("ReportMasterData")?, Some("abilities")),
        _ => (call_of("ReportEvents")?, None),
    };
    let mut lines = BufReader::new(File::open(path).map_err(|error| failed(&error))?).lines();
    loop {
        let some: Vec<String> = lines.by_ref().take(LINES).collect::<Result<_, _>>().map_err(|error| failed(&error))?;
        if some.is_empty() {
            return Ok(());
        }
        match serde_json::from_str::<Value>(&format!("[{}]", some.join(","))) {
            Ok(list) => judge(&call, field.map_or_else(|| list.clone(), |field| json!({ field: list })), &shown, findings),
            Err(error) => findings.failed(&*shown, format!("not JSON lines: {error}")),
        }
    }
}

fn call_of(operation: &str) -> Result<CallInfo, Failure> {
    let call = catalogue::calls().into_iter().find(|call| call.operation == operation);
    call.ok_or_else(|| Failure::usage(format!("there is no call {operation}")))
}

/// An answer to a query, with `data` around it or without: every call of the catalogue whose place is in it.
fn look_at_answer(value: Value, shown: &str, findings: &mut Findings) {
    let mut data = match value {
        Value::Object(mut fields) if fields.contains_key("data") => fields.remove("data").unwrap_or_default(),
        other => other,
    };
    let mut calls = catalogue::calls();
    // What lies deeper is taken out first: it is no field of what lies above.
    calls.sort_by_key(|call| std::cmp::Reverse(call.path.len()));
    let mut looked_at = false;
    for call in calls.iter().filter(|call| !call.path.is_empty()) {
        let Some(found) = take(&mut data, call.path) else { continue };
        looked_at = true;
        judge(call, found, shown, findings);
    }
    if !looked_at {
        findings.failed(shown, "it is no answer of the API; where 'esologs get' printed it, say what it is: --as WHAT");
    }
}

/// Takes out what lies at the end of the path, where it holds anything.
fn take(data: &mut Value, path: &[&str]) -> Option<Value> {
    let (last, way) = path.split_last()?;
    let mut here = data;
    for name in way {
        here = here.get_mut(*name)?;
    }
    let found = here.as_object_mut()?.remove(*last)?;
    let is_empty = found.is_null() || found.as_object().is_some_and(Map::is_empty);
    (!is_empty).then_some(found)
}

/// Counts what is unknown in an answer of this call.
fn judge(call: &CallInfo, value: Value, shown: &str, findings: &mut Findings) {
    let whole = match (call.paging, value) {
        (Paging::Cursor, Value::Object(mut page)) => page.remove("data").unwrap_or_default(),
        (Paging::Pages, Value::Array(entries)) => as_page(call, entries),
        (_, value) => value,
    };
    let events = if call.operation == "ReportEvents" { whole.as_array().map_or(0, Vec::len) } else { 0 };
    let outcome = raw(&whole).and_then(|json| call.drift_of(&json).map_err(|error| error.to_string()));
    match outcome {
        Ok(drift) => findings.add_events(&drift, events as u64),
        Err(why) => findings.failed(shown, why),
    }
}

fn raw(value: &Value) -> Result<Box<RawValue>, String> {
    to_raw_value(value).map_err(|error| error.to_string())
}

/// The entries as the one page of a list, as `esologs get --json` prints them without it.
fn as_page(call: &CallInfo, entries: Vec<Value>) -> Value {
    let count = entries.len();
    if call.operation.starts_with("Encounter") {
        return json!({"page": 1, "hasMorePages": false, "count": count, "rankings": entries});
    }
    json!({
        "data": entries, "total": count, "per_page": count, "current_page": 1, "from": 1, "to": count, "last_page": 1,
        "has_more_pages": false,
    })
}
