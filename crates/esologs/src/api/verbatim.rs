//! A value together with the exact JSON it was read from.

use std::borrow::Cow;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A typed value and the JSON that the API sent for it, to the letter.
#[derive(Debug, Clone)]
pub struct Verbatim<T> {
    json: Box<RawValue>,
    value: T,
}

impl<T> Verbatim<T> {
    /// The typed value.
    #[must_use]
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The typed value, without the JSON.
    #[must_use]
    pub fn into_value(self) -> T {
        self.value
    }

    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Verbatim<U> {
        Verbatim { json: self.json, value: change(self.value) }
    }

    /// The JSON as it was sent.
    #[must_use]
    pub fn json(&self) -> &RawValue {
        &self.json
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Verbatim<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        let mut inner = serde_json::Deserializer::from_str(json.get());
        let value = serde_path_to_error::deserialize(&mut inner)
            .map_err(|error| D::Error::custom(format!("{}: {}", error.path(), error.inner())))?;
        Ok(Self { json, value })
    }
}

/// A JSON text on one line: the same, without white space outside strings. Borrows where there is none.
#[must_use]
pub(crate) fn on_one_line(json: &str) -> Cow<'_, str> {
    let Some(first) = first_space(json.as_bytes()) else { return Cow::Borrowed(json) };
    let mut line = String::with_capacity(json.len());
    line.push_str(&json[..first]);
    // `first_space` stands outside a string, so the state starts as "outside".
    let (mut in_string, mut escaped) = (false, false);
    for c in json[first..].chars() {
        if in_string || !matches!(c, ' ' | '\t' | '\n' | '\r') {
            line.push(c);
        }
        if in_string {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else {
            in_string = c == '"';
        }
    }
    Cow::Owned(line)
}

/// Where the first white space outside a string stands.
fn first_space(json: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at < json.len() {
        match json[at] {
            b' ' | b'\t' | b'\n' | b'\r' => return Some(at),
            b'"' => at = end_of_string(json, at + 1),
            _ => at += 1,
        }
    }
    None
}

/// The place after the closing quote of a string whose first character stands at `at`.
fn end_of_string(json: &[u8], mut at: usize) -> usize {
    while at < json.len() {
        match json[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_goes_outside_strings_and_stays_inside_them() {
        let pretty = "{\n \"a b\" : [1, 2.50 ],\r\n\t\"c\": \"x \\\" y \\\\\" , \"d\": \" \"}";
        assert_eq!(on_one_line(pretty), r#"{"a b":[1,2.50],"c":"x \" y \\","d":" "}"#);
    }

    #[test]
    fn a_compact_text_is_not_copied() {
        assert!(matches!(on_one_line(r#"{"a b":" \" "}"#), Cow::Borrowed(_)));
    }

    #[test]
    fn number_spelling_and_field_order_are_kept() {
        let verbatim: Verbatim<serde_json::Value> = serde_json::from_str(r#"{"z":264591.0,"a":1e3}"#).unwrap();
        assert_eq!(verbatim.json().get(), r#"{"z":264591.0,"a":1e3}"#);
        assert_eq!(verbatim.value()["a"], 1000.0);
    }
}
