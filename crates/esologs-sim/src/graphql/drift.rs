//! `JSON` scalars as the service wrote them at other times, or may write them tomorrow.

use apollo_compiler::response::{JsonMap, JsonValue};
use serde_json::{Map, Value, json};

use super::call::{Deviations, UNKNOWN_WORD};

/// A field that no version of the service has had so far.
const NEW_FIELD: &str = "introducedLater";
/// A type of event that nobody knows.
const NEW_EVENT_TYPE: &str = "mechanic";
/// After so many events comes one of the unknown type.
const EVENTS_BETWEEN: usize = 50;

/// A value of the scalar, deviating as it shall.
pub(super) fn scalar(value: Value, deviations: &Deviations) -> Value {
    let value = without_empty_objects(value);
    let value = if deviations.schema_drift { with_new_fields(value) } else { value };
    if deviations.numbers_as_strings { with_numbers_as_strings(value) } else { value }
}

/// A page of events, deviating as it shall. Only then is it read at all.
pub(super) fn page(page: Vec<u8>, deviations: &Deviations) -> Vec<u8> {
    if !deviations.schema_drift && !deviations.numbers_as_strings {
        return page;
    }
    let Ok(mut events) = serde_json::from_slice::<Vec<Value>>(&page) else { return page };
    if deviations.schema_drift {
        events = with_new_events(events);
    }
    scalar(Value::from(events), deviations).to_string().into_bytes()
}

/// Fields whose type is an enum of the schema, which is checked while a query is executed; so they drift afterwards. An alias hides one.
const ENUM_FIELDS: [&str; 1] = ["currentUserRank"];

/// Puts an unknown word in the place of every value of an enum.
pub(super) fn enums(data: &mut JsonMap) {
    for (name, value) in data.iter_mut() {
        if ENUM_FIELDS.contains(&name.as_str()) && value.is_string() {
            *value = JsonValue::from(UNKNOWN_WORD);
        }
        enums_within(value);
    }
}

fn enums_within(value: &mut JsonValue) {
    match value {
        JsonValue::Object(map) => enums(map),
        JsonValue::Array(items) => items.iter_mut().for_each(enums_within),
        _ => {}
    }
}

/// The service is written in PHP, whose empty arrays do not tell what they are: an empty object is sent as `[]`.
fn without_empty_objects(value: Value) -> Value {
    match value {
        Value::Object(map) if map.is_empty() => Value::Array(Vec::new()),
        other => within(other, without_empty_objects),
    }
}

fn with_numbers_as_strings(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        other => within(other, with_numbers_as_strings),
    }
}

/// Adds a field to what is a record; an object that only holds lists and objects is a map, whose keys mean something.
fn with_new_fields(value: Value) -> Value {
    let value = within(value, with_new_fields);
    let Value::Object(mut map) = value else { return value };
    if map.values().any(|value| !value.is_object() && !value.is_array()) {
        map.insert(NEW_FIELD.to_owned(), json!({"since": "later"}));
    }
    Value::Object(map)
}

fn with_new_events(events: Vec<Value>) -> Vec<Value> {
    let mut all = Vec::with_capacity(events.len() + events.len() / EVENTS_BETWEEN);
    for (number, event) in (1..).zip(events) {
        let unknown = json!({"timestamp": event["timestamp"], "type": NEW_EVENT_TYPE, "fight": event["fight"], "severity": 0.5});
        all.push(event);
        if number % EVENTS_BETWEEN == 0 {
            all.push(unknown);
        }
    }
    all
}

/// Applies a change to all that is directly inside a value.
fn within(value: Value, change: fn(Value) -> Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(map.into_iter().map(|(key, value)| (key, change(value))).collect::<Map<_, _>>()),
        Value::Array(items) => Value::Array(items.into_iter().map(change).collect()),
        leaf => leaf,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(value: Value, numbers_as_strings: bool, schema_drift: bool) -> Value {
        scalar(value, &Deviations { numbers_as_strings, schema_drift, ..Deviations::default() })
    }

    #[test]
    fn empty_objects_are_lists_at_any_depth() {
        assert_eq!(told(json!({"a": {}, "b": [{}, {"c": 1}]}), false, false), json!({"a": [], "b": [[], {"c": 1}]}));
    }

    #[test]
    fn numbers_become_strings_and_records_get_a_field_but_maps_do_not() {
        assert_eq!(told(json!({"a": [1, 2.5, null, true]}), true, false), json!({"a": ["1", "2.5", null, true]}));
        let roles = told(json!({"tanks": [{"id": 7}]}), false, true);
        assert_eq!(roles, json!({"tanks": [{"id": 7, "introducedLater": {"since": "later"}}]}));
    }

    #[test]
    fn an_event_of_an_unknown_type_follows_every_fiftieth() {
        let events: Vec<Value> = (0..120).map(|time| json!({"timestamp": time, "type": "heal", "fight": 1})).collect();
        let deviations = Deviations { schema_drift: true, ..Deviations::default() };
        let drifted = page(json!(events).to_string().into_bytes(), &deviations);
        let drifted: Vec<Value> = serde_json::from_slice(&drifted).unwrap();
        let places = drifted.iter().enumerate().filter(|(_, event)| event["type"] == NEW_EVENT_TYPE);
        assert_eq!(
            places.map(|(place, event)| (place, event["timestamp"].as_i64())).collect::<Vec<_>>(),
            [(50, Some(49)), (101, Some(99))]
        );
    }
}
