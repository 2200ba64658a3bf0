//! Values of the API's scalar `JSON`: to the letter, and typed on demand.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::found::Part;
use super::verbatim::read_with_path;
use crate::error::{Error, ErrorKind};

/// A value of the API's scalar `JSON` (tables, graphs, rankings), whose shape the schema does not tell.
///
/// The JSON is kept to the letter; [`read`](Self::read) makes the typed value of it. The shapes are known from other clients'
/// records, not from a contract, so one that does not fit costs nothing: the answer is there, and paid for, in
/// [`json`](Self::json). The service sends the value as it is or inside a string; both are the same here.
pub struct JsonScalar<T> {
    json: Box<RawValue>,
    shape: PhantomData<fn() -> T>,
}

impl<T> JsonScalar<T> {
    /// The JSON to the letter. Where it came inside a string: what was in it.
    #[must_use]
    pub fn json(&self) -> &RawValue {
        &self.json
    }

    /// The text of `{"error": "…"}`, which the service sends instead of a value without calling it an error.
    pub(crate) fn error(&self) -> Option<String> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct OnlyError {
            error: String,
        }
        let text = self.json.get();
        // Long values are no error: not worth reading to their end.
        (text.len() <= 4096).then(|| serde_json::from_str::<OnlyError>(text).ok()).flatten().map(|only| only.error)
    }
}

impl<T: DeserializeOwned> JsonScalar<T> {
    /// The typed value.
    ///
    /// # Errors
    /// [`ErrorKind::BadAnswer`] where the JSON is of another shape than the one that is known; the message names the place.
    pub fn read(&self) -> Result<T, Error> {
        serde_json::from_str(self.json.get()).map_err(|error| {
            let why = read_with_path::<T>(self.json.get()).err().unwrap_or_else(|| error.to_string());
            Error::new(ErrorKind::BadAnswer, format!("the JSON is not of the shape that is known: at {why}"))
                .with_hint("its text is there all the same: `json()`")
                .with_source(error)
        })
    }
}

impl<T> Clone for JsonScalar<T> {
    fn clone(&self) -> Self {
        Self { json: self.json.clone(), shape: PhantomData }
    }
}

impl<T> fmt::Debug for JsonScalar<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JsonScalar").field(&self.json).finish()
    }
}

impl<T> Serialize for JsonScalar<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for JsonScalar<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = unpacked(Box::deserialize(deserializer)?).map_err(D::Error::custom)?;
        Ok(Self { json, shape: PhantomData })
    }
}

/// The JSON inside a string, where it came in one (seen with several clients). A string that holds none is a value of its own.
pub(crate) fn unpacked(json: Box<RawValue>) -> Result<Box<RawValue>, serde_json::Error> {
    if !json.get().starts_with('"') {
        return Ok(json);
    }
    let text: String = serde_json::from_str(json.get())?;
    if !text.trim_start().starts_with(['{', '[']) {
        return Ok(json);
    }
    RawValue::from_string(text)
}

impl<T: Send + 'static> Part for JsonScalar<T> {
    fn error_inside(&self) -> Option<String> {
        self.error()
    }
}

/// A value as every table, ranking and list of players is sent: an object with `data`. One without is an answer of which a part is
/// missing, and is asked for again; whoever keeps answers as they are would not notice it later.
pub(crate) struct WithData(JsonScalar<Value>);

impl WithData {
    pub(crate) fn json(&self) -> &RawValue {
        self.0.json()
    }
}

impl<'de> Deserialize<'de> for WithData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Data<'a> {
            #[serde(borrow, rename = "data")]
            _data: &'a RawValue,
        }
        let value = JsonScalar::deserialize(deserializer)?;
        if value.error().is_none() {
            serde_json::from_str::<Data<'_>>(value.json().get()).map_err(D::Error::custom)?;
        }
        Ok(Self(value))
    }
}

impl Part for WithData {
    fn error_inside(&self) -> Option<String> {
        self.0.error()
    }
}

/// A value whose shape nobody has described: what came, and nothing more.
pub type Raw = JsonScalar<Value>;

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar(json: &str) -> Result<JsonScalar<Vec<u64>>, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn an_object_without_data_is_not_whole_unless_it_tells_an_error() {
        let read = |json: &str| serde_json::from_str::<WithData>(json).map(|value| value.error_inside());
        assert_eq!(read(r#"{"data":[]}"#).unwrap(), None);
        assert_eq!(read(r#""{\"data\":null}""#).unwrap(), None);
        assert_eq!(read(r#"{"error":"no such metric"}"#).unwrap().as_deref(), Some("no such metric"));
        assert!(read("{}").unwrap_err().to_string().contains("data"));
    }

    #[test]
    fn a_value_and_the_same_in_a_string_are_read_alike() {
        for json in ["[1,2]", r#""[1,2]""#, r#"" [1,2]""#] {
            assert_eq!(scalar(json).unwrap().read().unwrap(), [1, 2], "{json}");
        }
        assert!(scalar(r#""[1,""#).is_err(), "half a value in a string");
    }

    #[test]
    fn another_shape_is_told_with_its_place_and_the_text_stays() {
        let odd = scalar(r#"[1,{"a":2}]"#).unwrap();
        let error = odd.read().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadAnswer);
        assert!(error.to_string().contains("[1]"), "{error}");
        assert_eq!(odd.json().get(), r#"[1,{"a":2}]"#);
    }

    #[test]
    fn an_error_in_the_place_of_the_value_is_found_and_an_error_among_other_fields_is_data() {
        assert_eq!(scalar(r#"{"error":"Invalid metric"}"#).unwrap().error().as_deref(), Some("Invalid metric"));
        assert_eq!(scalar(r#""{\"error\":\"Invalid metric\"}""#).unwrap().error().as_deref(), Some("Invalid metric"));
        assert_eq!(scalar(r#"{"error":"x","rankings":[]}"#).unwrap().error(), None);
        assert_eq!(scalar("[]").unwrap().error(), None);
    }
}
