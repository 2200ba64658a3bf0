//! A value together with the exact JSON it was read from.

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
        let value = read_or_tell(json.get()).map_err(D::Error::custom)?;
        Ok(Self { json, value })
    }
}

/// Reads a value, or tells where that could not be done.
pub(crate) fn read_or_tell<T: DeserializeOwned>(json: &str) -> Result<T, String> {
    serde_json::from_str(json).or_else(|_| read_with_path(json))
}

/// Reads once more what could not be read, and tells where it could not. Keeping track of the place costs as much as reading.
pub(crate) fn read_with_path<T: DeserializeOwned>(json: &str) -> Result<T, String> {
    let mut inner = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut inner).map_err(|error| format!("{}: {}", error.path(), error.inner()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_spelling_and_field_order_are_kept() {
        let verbatim: Verbatim<serde_json::Value> = serde_json::from_str(r#"{"z":264591.0,"a":1e3}"#).unwrap();
        assert_eq!(verbatim.json().get(), r#"{"z":264591.0,"a":1e3}"#);
        assert_eq!(verbatim.value()["a"], 1000.0);
    }
}
