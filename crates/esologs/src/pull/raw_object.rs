//! A JSON object taken apart and put together again without touching its values.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::api::on_one_line;

/// The fields of an object in the order they were sent, each value to the letter.
#[derive(Debug)]
pub(super) struct RawObject<'a>(Vec<(String, &'a RawValue)>);

impl<'a> RawObject<'a> {
    pub(super) fn parse(json: &'a RawValue) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json.get())
    }

    /// A field.
    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| *value)
    }

    /// Takes a field out.
    pub(super) fn take(&mut self, name: &str) -> Option<&'a RawValue> {
        let at = self.0.iter().position(|(field, _)| field == name)?;
        Some(self.0.remove(at).1)
    }

    /// The object on one line, with another value in the place of `name`, where given.
    pub(super) fn to_line(&self, replaced: Option<(&str, &str)>) -> Result<String, serde_json::Error> {
        let mut line = String::from("{");
        for (index, (name, value)) in self.0.iter().enumerate() {
            if index > 0 {
                line.push(',');
            }
            line.push_str(&serde_json::to_string(name)?);
            line.push(':');
            match replaced {
                Some((field, other)) if field == name => line.push_str(other),
                _ => line.push_str(&on_one_line(value.get())),
            }
        }
        line.push('}');
        Ok(line)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RawObject<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = RawObject<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(RawObject(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    #[test]
    fn a_field_is_taken_out_and_the_rest_stays_to_the_letter() {
        let json = raw(r#"{"z": 1.50, "fights": [1, 2], "a\n": {"b": " "}}"#);
        let mut object = RawObject::parse(&json).unwrap();

        assert_eq!(object.take("fights").unwrap().get(), "[1, 2]");

        assert_eq!(object.to_line(None).unwrap(), r#"{"z":1.50,"a\n":{"b":" "}}"#);
        assert_eq!(object.to_line(Some(("z", "{}"))).unwrap(), r#"{"z":{},"a\n":{"b":" "}}"#);
        assert!(object.take("fights").is_none());
    }
}
