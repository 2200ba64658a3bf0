//! The base of every model: typed fields, and everything else kept.
//!
//! The API's schema grows without notice, and a query names only some fields. So a field is an `Option`, except the few that
//! an operation cannot do without, and what the type does not know stays in `extra`: unknown fields, and the nulls of known
//! ones. A model therefore encodes back to the JSON it was read from.

use std::any::TypeId;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Takes a field that must be there.
pub(crate) fn required<T: DeserializeOwned + Serialize + 'static>(map: &mut Map<String, Value>, name: &str) -> Result<T, String> {
    match map.remove(name) {
        Some(value) => take(map, value, name),
        None => Err(format!("missing field `{name}`")),
    }
}

/// Takes a field that may be absent or null. A null stays in the map, so that it is written again; so does a list with nulls
/// in it, of which the typed field has the other entries.
pub(crate) fn optional<T: DeserializeOwned + Serialize + 'static>(
    map: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<T>, String> {
    match map.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(list)) if list.contains(&Value::Null) => {
            let entries = Value::Array(list.iter().filter(|entry| !entry.is_null()).cloned().collect());
            match T::deserialize(&entries) {
                Ok(typed) => Ok(Some(typed)),
                // `map` holds the whole list already.
                Err(_) => take(&mut Map::new(), entries, name).map(Some),
            }
        }
        Some(_) => map.remove(name).map(|value| take(map, value, name)).transpose(),
    }
}

/// Reads a field as it stands, or else in one of the other spellings that the API has for the same thing. A field in another
/// spelling stays in the map, so that it is written again as it came.
fn take<T: DeserializeOwned + Serialize + 'static>(map: &mut Map<String, Value>, value: Value, name: &str) -> Result<T, String> {
    let value = whole(value);
    if let Ok(typed) = T::deserialize(&value) {
        // Ids and times are read from both spellings, and times are whole: what would be written otherwise stays.
        if may_be_respelt::<T>(&value) && serde_json::to_value(&typed).is_ok_and(|written| whole(written) != value) {
            map.insert(name.to_owned(), value);
        }
        return Ok(typed);
    }
    if let Some(typed) = respelt(&value).and_then(|other| T::deserialize(other).ok()) {
        map.insert(name.to_owned(), value);
        return Ok(typed);
    }
    // Keeping track of the place costs as much as reading, so it is done only where reading has failed.
    serde_path_to_error::deserialize(value).map_err(|error| format!("{name}.{}: {}", error.path(), error.inner()))
}

/// Whether what is written for this may differ from what was read: texts and fractions, also in a list. Texts for texts, which are
/// most of an answer, never do.
fn may_be_respelt<T: 'static>(value: &Value) -> bool {
    match value {
        Value::String(_) if TypeId::of::<T>() == TypeId::of::<String>() => false,
        Value::String(_) => true,
        Value::Number(number) => number.is_f64(),
        Value::Array(list) => list.iter().any(|entry| entry.is_string() || entry.is_f64()),
        _ => false,
    }
}

/// The same in the other spelling that was seen: numbers in strings and as numbers (`"cp":"160"`), an empty list for an empty
/// object (`combatantInfo: []`), an object as a text that holds it.
fn respelt(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => match text.trim_start().starts_with(['{', '[']) {
            true => serde_json::from_str(text).ok(),
            false => text.trim().parse().ok().map(|number| whole(Value::Number(number))),
        },
        Value::Number(number) => Some(Value::String(number.to_string())),
        Value::Array(list) if list.is_empty() => Some(Value::Object(Map::new())),
        Value::Array(list) => {
            Some(Value::Array(list.iter().map(|entry| respelt(entry).unwrap_or_else(|| entry.clone())).collect()))
        }
        _ => None,
    }
}

/// For a field that may be null but not absent: what was asked for and is not there at all was lost on the way, and must not be
/// taken for "nothing".
pub(crate) fn present<'de, D: serde::Deserializer<'de>, T: serde::Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    serde::Deserialize::deserialize(deserializer)
}

/// Writes a typed field into an object, where the object does not hold what it was read from.
pub(crate) fn put<T: Serialize, E: serde::ser::Error>(map: &mut Map<String, Value>, name: &str, field: &T) -> Result<(), E> {
    if !map.contains_key(name) {
        map.insert(name.to_owned(), whole(serde_json::to_value(field).map_err(E::custom)?));
    }
    Ok(())
}

/// Whole floats as integers, also inside lists: the API sends `121.0` for an Int and `264591` for a Float as it likes.
fn whole(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            // Below 2^53 every whole float is exactly one integer.
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9.0e15 => Value::from(float as i64),
            _ => Value::Number(number),
        },
        Value::Array(list) => Value::Array(list.into_iter().map(whole).collect()),
        other => other,
    }
}

/// Defines a model of fields `name: Type = "jsonName"`. Those in brackets, before the others, must be there; every other may
/// be absent or null.
macro_rules! model {
    (
        $(#[$doc:meta])*
        pub struct $name:ident {
            $( [ $( $(#[$required_doc:meta])* $required:ident: $required_type:ty = $required_name:literal, )* ] )?
            $( $(#[$field_doc:meta])* $field:ident: $field_type:ty = $field_name:literal, )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $( $( $(#[$required_doc])* pub $required: $required_type, )* )?
            $( $(#[$field_doc])* pub $field: Option<$field_type>, )*
            /// What the fields above cannot hold: unknown fields, known ones that came as `null`, lists with nulls in them
            /// (the typed list has the other entries), and known ones in another spelling (`"160"` for 160). Written again as
            /// it came.
            pub extra: serde_json::Map<String, serde_json::Value>,
        }

        impl $name {
            /// Takes the typed fields out of an object. A function of its own, because it is compiled for each way in which the object
            /// can come otherwise.
            fn from_fields(mut extra: serde_json::Map<String, serde_json::Value>) -> Result<Self, String> {
                Ok(Self {
                    $( $( $required: $crate::api::model::required(&mut extra, $required_name)?, )* )?
                    $( $field: $crate::api::model::optional(&mut extra, $field_name)?, )*
                    extra,
                })
            }

            /// The first of this type's fields that the answer did not hold at all, not even as null, though they were asked for.
            #[allow(dead_code, reason = "asked of the models whose operations name every field")]
            pub(crate) fn first_absent(&self, not_asked_for: &[&str]) -> Option<&'static str> {
                $( if self.$field.is_none() && !self.extra.contains_key($field_name) && !not_asked_for.contains(&$field_name) {
                    return Some($field_name);
                } )*
                None
            }
        }

        impl $crate::api::drift::Watched for $name {
            fn watch(&self, drift: &mut $crate::api::drift::Drift, _: &str) {
                const KNOWN: &[&str] = &[$( $( $required_name, )* )? $( $field_name, )*];
                drift.note_fields(stringify!($name), KNOWN, &self.extra);
                $( self.$field.watch(drift, concat!(stringify!($name), ".", $field_name)); )*
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::from_fields(serde_json::Map::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = self.extra.clone();
                $( $( $crate::api::model::put::<_, S::Error>(&mut map, $required_name, &self.$required)?; )* )?
                $( if let Some(value) = &self.$field {
                    $crate::api::model::put::<_, S::Error>(&mut map, $field_name, value)?;
                } )*
                serde::Serialize::serialize(&map, serializer)
            }
        }
    };
}
pub(crate) use model;

#[cfg(test)]
#[expect(unreachable_pub, reason = "models are public")]
mod tests {
    use super::*;

    model! {
        /// A model of everything that comes in two spellings.
        pub struct Odd {
            [
                /// A number.
                id: i64 = "id",
            ]
            /// A text.
            text: String = "text",
            /// Numbers.
            numbers: Vec<i64> = "numbers",
            /// A time.
            start: crate::units::UnixMillis = "start",
            /// An object.
            inner: Inner = "inner",
        }
    }

    model! {
        /// An object.
        pub struct Inner {
            /// A number.
            size: f64 = "size",
        }
    }

    #[test]
    fn both_spellings_are_read_and_each_is_written_again_as_it_came() {
        for json in [
            r#"{"id":7,"text":"12","numbers":[1,2],"inner":{"size":1.5}}"#,
            r#"{"id":"7","start":1.5,"text":12,"numbers":["1","2"],"inner":"{\"size\":1.5}"}"#,
            r#"{"id":"7.0","start":"1","text":12,"numbers":["1",null,"2"],"inner":{"size":"1.5"}}"#,
        ] {
            let odd: Odd = serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"));
            assert_eq!((odd.id, odd.text.as_deref(), odd.numbers.as_deref()), (7, Some("12"), Some(&[1, 2][..])), "{json}");
            assert_eq!(odd.inner.as_ref().unwrap().size, Some(1.5));
            let written: Value = serde_json::to_value(&odd).unwrap();
            assert_eq!(written, serde_json::from_str::<Value>(json).unwrap());
        }
    }

    #[test]
    fn an_empty_list_is_an_empty_object_and_stays_a_list() {
        let json = r#"{"id":7,"inner":[]}"#;
        let odd: Odd = serde_json::from_str(json).unwrap();
        assert_eq!(odd.inner.as_ref().unwrap().size, None);
        assert_eq!(serde_json::to_string(&odd).unwrap(), json);
    }

    #[test]
    fn what_fits_in_no_spelling_is_told_with_its_place() {
        for (json, place) in
            [(r#"{"id":7,"inner":{"size":"big"}}"#, "inner.size"), (r#"{"id":7,"numbers":[1,"x"]}"#, "numbers.[1]")]
        {
            let error = serde_json::from_str::<Odd>(json).unwrap_err().to_string();
            assert!(error.contains(place) || error.contains("size"), "{json}: {error}");
        }
    }
}
