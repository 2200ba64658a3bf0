//! The envelope of every answer: `data`, `errors`, and the two other forms in which the service speaks of failures.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One entry of `errors` in an answer. The service sends no `extensions`, so the message is all there is to go by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GraphqlError {
    /// The service's own words.
    pub message: String,
    /// Where in the query.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_empty")]
    pub locations: Vec<Location>,
    /// Which field of the answer: names, and numbers of list entries.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_empty")]
    pub path: Vec<Value>,
}

/// A place in the query's text, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
}

impl fmt::Display for GraphqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if !self.path.is_empty() {
            let steps: Vec<String> =
                self.path.iter().map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned)).collect();
            write!(f, " (at {})", steps.join("."))?;
        }
        Ok(())
    }
}

/// An answer as it comes: nothing in it is certain.
#[derive(Debug, Deserialize)]
pub(super) struct Envelope<T> {
    #[serde(default = "none")]
    pub(super) data: Option<T>,
    #[serde(default, deserialize_with = "null_as_empty")]
    pub(super) errors: Vec<GraphqlError>,
    /// `{"error": "Unauthenticated."}`, `{"status": 429, "error": "…"}`
    #[serde(default)]
    pub(super) error: Option<Value>,
    /// `{"message": "Unauthenticated."}`
    #[serde(default)]
    pub(super) message: Option<Value>,
    #[serde(default)]
    pub(super) status: Option<Value>,
}

fn none<T>() -> Option<T> {
    None
}

impl<T> Envelope<T> {
    /// What the service says outside `errors`.
    pub(super) fn plain_message(&self) -> Option<&str> {
        [&self.error, &self.message].into_iter().flatten().find_map(Value::as_str)
    }
}

fn null_as_empty<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<Vec<T>>::deserialize(deserializer)?.unwrap_or_default())
}
