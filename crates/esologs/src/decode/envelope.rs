//! The envelope of every answer: `data`, `errors`, and the two other forms in which the service speaks of failures.

use std::fmt;

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::answer::{Answerable, Form};

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
#[derive(Default)]
pub(crate) struct Envelope {
    pub(super) data: Option<Box<dyn Answerable>>,
    pub(super) errors: Vec<GraphqlError>,
    /// `{"error": "Unauthenticated."}`, `{"status": 429, "error": "…"}`
    pub(super) error: Option<Value>,
    /// `{"message": "Unauthenticated."}`
    pub(super) message: Option<Value>,
    pub(super) status: Option<Value>,
}

const FIELDS: [&str; 5] = ["data", "errors", "error", "message", "status"];

/// Those fields, in the same order.
#[derive(Clone, Copy, Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Field {
    Data,
    Errors,
    Error,
    Message,
    Status,
    #[serde(other)]
    Other,
}

/// Reads an envelope whose data is of this form.
pub(super) struct EnvelopeIn<'a, F>(pub(super) &'a F);

impl<'de, F: Form> DeserializeSeed<'de> for EnvelopeIn<'_, F> {
    type Value = Envelope;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Envelope, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: Form> Visitor<'de> for EnvelopeIn<'_, F> {
    type Value = Envelope;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("struct Envelope")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Envelope, A::Error> {
        let (mut envelope, mut seen) = (Envelope::default(), [false; FIELDS.len()]);
        while let Some(field) = map.next_key::<Field>()? {
            if let Some(name) = FIELDS.get(field as usize)
                && std::mem::replace(&mut seen[field as usize], true)
            {
                return Err(A::Error::duplicate_field(name));
            }
            match field {
                Field::Data => envelope.data = map.next_value_seed(DataIn(self.0))?,
                Field::Errors => envelope.errors = map.next_value::<Option<_>>()?.unwrap_or_default(),
                Field::Error => envelope.error = map.next_value()?,
                Field::Message => envelope.message = map.next_value()?,
                Field::Status => envelope.status = map.next_value()?,
                Field::Other => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(envelope)
    }
}

/// Reads data of this form, or null.
struct DataIn<'a, F>(&'a F);

impl<'de, F: Form> DeserializeSeed<'de> for DataIn<'_, F> {
    type Value = Option<Box<dyn Answerable>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, F: Form> Visitor<'de> for DataIn<'_, F> {
    type Value = Option<Box<dyn Answerable>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("data or null")
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        Ok(Some(Box::new(self.0.read(deserializer)?)))
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

impl Envelope {
    /// What the service says outside `errors`.
    pub(super) fn plain_message(&self) -> Option<&str> {
        [&self.error, &self.message].into_iter().flatten().find_map(Value::as_str)
    }
}

fn null_as_empty<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<Vec<T>>::deserialize(deserializer)?.unwrap_or_default())
}
