//! How faults look that spoil a good answer.

use apollo_compiler::response::{JsonMap, JsonValue};

use super::fault::Fault;
use super::kind::FaultKind;

/// Fields that an answer cannot do without, the first that is found is taken out.
const NEEDED: &[&str] = &["fights", "events", "masterData", "data", "report", "reports", "guild", "character", "zones"];
/// What a client may add to any query for its own accounts: never the field to take out.
const ACCOUNTS: &str = "rateLimitData";

/// `missing_field`: takes one field out of the answer's data.
pub(crate) fn take_out_field(fault: &Fault, data: &mut JsonMap) {
    if let Some(field) = &fault.field {
        remove_first(data, field);
        return;
    }
    if !NEEDED.iter().any(|field| remove_first(data, field)) {
        remove_some_field(data);
    }
}

/// Removes the first field of that name, looking at each object before its children.
fn remove_first(map: &mut JsonMap, field: &str) -> bool {
    if map.remove(field).is_some() {
        return true;
    }
    map.iter_mut().any(|(_, value)| remove_within(value, field))
}

fn remove_within(value: &mut JsonValue, field: &str) -> bool {
    match value {
        JsonValue::Object(map) => remove_first(map, field),
        JsonValue::Array(items) => items.iter_mut().any(|item| remove_within(item, field)),
        _ => false,
    }
}

/// The first field of the first object that is not about points, or else the first field of all.
fn remove_some_field(data: &mut JsonMap) {
    let is_needed = |name: &str, value: &JsonValue| value.is_object() && name != ACCOUNTS;
    let root = data.iter_mut().find(|(name, value)| is_needed(name.as_str(), value));
    let map = match root {
        Some((_, JsonValue::Object(map))) => map,
        _ => data,
    };
    if let Some(first) = map.keys().next().cloned() {
        map.remove(first.as_str());
    }
}

/// The faults that spoil the text of an answer. Others leave it as it is.
pub(crate) fn spoil_text(fault: &Fault, body: Vec<u8>) -> Vec<u8> {
    match fault.kind {
        FaultKind::TruncatedJson => truncate(fault, body),
        FaultKind::BadEscapes => insert_in_text(fault, body, b'\\'),
        FaultKind::ControlCharacters => insert_in_text(fault, body, 0x01),
        _ => body,
    }
}

/// Cuts the text so that at least one byte is left and at least one is gone.
fn truncate(fault: &Fault, mut body: Vec<u8>) -> Vec<u8> {
    let longest = body.len().saturating_sub(1);
    let drawn = 1 + usize::try_from(fault.luck).unwrap_or(usize::MAX) % longest.max(1);
    body.truncate(fault.at.unwrap_or(drawn).min(longest));
    body
}

/// Letters after which a backslash would be a good escape; none is put before them.
const ESCAPABLE: &[u8] = b"\"\\/bfnrtu";

/// Puts a byte that JSON does not allow there into the text of strings: one string in about every 2 kB, so that a repair has to
/// find more than one. An answer without such a string gets it into its first key, which is `data` or `errors`.
fn insert_in_text(fault: &Fault, body: Vec<u8>, byte: u8) -> Vec<u8> {
    const DISTANCE: usize = 2_048;
    let mut spoilt = Vec::with_capacity(body.len() + body.len() / DISTANCE + 1);
    let first = usize::try_from(fault.luck % 64).unwrap_or(0);
    let mut next = if body.len() > 4_096 { first } else { 0 };
    for (index, current) in body.iter().enumerate() {
        if index >= next && starts_text_value(&body[..index]) && current.is_ascii_alphabetic() && !ESCAPABLE.contains(current) {
            spoilt.push(byte);
            next = index + DISTANCE;
        }
        spoilt.push(*current);
    }
    if spoilt.len() == body.len() && body.starts_with(b"{\"") {
        spoilt.insert(2, byte);
    }
    spoilt
}

/// Whether a string that is a value (not a key) has just begun.
fn starts_text_value(before: &[u8]) -> bool {
    before.ends_with(b":\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(kind: FaultKind) -> Fault {
        Fault::new(kind)
    }

    #[test]
    fn a_truncated_answer_is_no_json_wherever_it_is_cut() {
        let whole = br#"{"data":{"a":1}}"#;
        for luck in 0..100 {
            let cut = spoil_text(&Fault { luck, ..fault(FaultKind::TruncatedJson) }, whole.to_vec());
            assert!(!cut.is_empty() && cut.len() < whole.len());
            assert!(serde_json::from_slice::<serde_json::Value>(&cut).is_err());
        }
    }

    #[test]
    fn bad_escapes_and_control_characters_break_the_json_and_can_be_taken_out_again() {
        let answers: [&[u8]; 2] = [br#"{"data":{"name":"damage","title":"normal"}}"#, br#"{"data":{"limit":1}}"#];
        for whole in answers {
            for (kind, byte) in [(FaultKind::BadEscapes, b'\\'), (FaultKind::ControlCharacters, 1)] {
                let spoilt = spoil_text(&fault(kind), whole.to_vec());
                assert!(serde_json::from_slice::<serde_json::Value>(&spoilt).is_err());
                let restored: Vec<u8> = spoilt.into_iter().filter(|it| *it != byte).collect();
                assert_eq!(restored, whole);
            }
        }
    }
}
