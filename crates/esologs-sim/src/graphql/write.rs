//! The answer as compact JSON.
//!
//! A page of 10,000 events is about 3 MB of text that the world already holds. It must not become a tree of values only to be
//! written as text again, so `events.data` resolves to a short string that stands for the page ([`PAGE_PLACEHOLDER`] and its
//! number), and this writer copies the page's bytes to where that string would stand. `pointsSpentThisHour` stands for itself in
//! the same way ([`SPENT_PLACEHOLDER`]): a query's own cost is known only after it was executed.
//!
//! Floats are spelled by [`crate::world::number`], as in event pages and in the ground truth.

use apollo_compiler::response::{JsonMap, JsonValue};

use super::call::{PAGE_PLACEHOLDER, SPENT_PLACEHOLDER};
use super::errors::GraphqlError;
use crate::world::number;

/// What takes the places kept free during execution.
#[derive(Debug, Default)]
pub(crate) struct Fillings {
    pub(crate) pages: Vec<Vec<u8>>,
    /// Write pages as strings that hold JSON.
    pub(crate) pages_as_strings: bool,
    pub(crate) points_spent: f64,
}

/// An executed answer: `errors` first if there are any, then `data`.
pub(crate) fn response(errors: &[GraphqlError], data: Option<&JsonMap>, fillings: &Fillings) -> Vec<u8> {
    let pages: usize = fillings.pages.iter().map(Vec::len).sum();
    let mut out = Vec::with_capacity(pages + 1_024);
    out.push(b'{');
    if !errors.is_empty() {
        out.extend_from_slice(b"\"errors\":");
        write_errors(&mut out, errors);
        out.push(b',');
    }
    out.extend_from_slice(b"\"data\":");
    match data {
        Some(data) => write_map(&mut out, data, fillings),
        None => out.extend_from_slice(b"null"),
    }
    out.push(b'}');
    out
}

/// A value of the scalar `JSON` as it stands in an answer.
pub(crate) fn scalar(value: serde_json::Value) -> Vec<u8> {
    let mut out = Vec::new();
    write_value(&mut out, &value.into(), &Fillings::default());
    out
}

/// The answer to a request that was not executed: errors, and no `data` at all.
pub(crate) fn request_errors(errors: &[GraphqlError]) -> Vec<u8> {
    let mut out = b"{\"errors\":".to_vec();
    write_errors(&mut out, errors);
    out.push(b'}');
    out
}

fn write_errors(out: &mut Vec<u8>, errors: &[GraphqlError]) {
    let errors: Vec<_> = errors.iter().map(GraphqlError::to_json).collect();
    write_serialized(out, &errors);
}

fn write_value(out: &mut Vec<u8>, value: &JsonValue, fillings: &Fillings) {
    match value {
        JsonValue::Null => out.extend_from_slice(b"null"),
        JsonValue::Bool(true) => out.extend_from_slice(b"true"),
        JsonValue::Bool(false) => out.extend_from_slice(b"false"),
        JsonValue::Number(it) => write_number(out, it, fillings),
        JsonValue::String(text) => write_text(out, text.as_str(), fillings),
        JsonValue::Array(items) => write_items(out, items, fillings),
        JsonValue::Object(map) => write_map(out, map, fillings),
    }
}

fn write_items(out: &mut Vec<u8>, items: &[JsonValue], fillings: &Fillings) {
    out.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_value(out, item, fillings);
    }
    out.push(b']');
}

fn write_map(out: &mut Vec<u8>, map: &JsonMap, fillings: &Fillings) {
    out.push(b'{');
    for (index, (key, value)) in map.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_serialized(out, key.as_str());
        out.push(b':');
        write_value(out, value, fillings);
    }
    out.push(b'}');
}

fn write_number(out: &mut Vec<u8>, it: &serde_json::Number, fillings: &Fillings) {
    let spelled = match it.as_f64() {
        Some(value) if it.is_f64() && value == SPENT_PLACEHOLDER => number(fillings.points_spent),
        Some(value) if it.is_f64() => number(value),
        _ => it.clone(),
    };
    write_serialized(out, &spelled);
}

fn write_text(out: &mut Vec<u8>, text: &str, fillings: &Fillings) {
    match page_for(text, fillings) {
        Some(page) if fillings.pages_as_strings => write_serialized(out, &*String::from_utf8_lossy(page)),
        Some(page) => out.extend_from_slice(page),
        None => write_serialized(out, text),
    }
}

fn page_for<'f>(text: &str, fillings: &'f Fillings) -> Option<&'f Vec<u8>> {
    let index: usize = text.strip_prefix(PAGE_PLACEHOLDER)?.parse().ok()?;
    fillings.pages.get(index)
}

fn write_serialized(out: &mut Vec<u8>, value: &(impl serde::Serialize + ?Sized)) {
    serde_json::to_writer(out, value).expect("text, numbers and JSON values can always be written to memory");
}
