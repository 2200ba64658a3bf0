//! The base of every model: typed fields, and everything else kept.
//!
//! The API's schema grows without notice, and a query names only some fields. So a field is an `Option`, except the few that
//! an operation cannot do without, and what the type does not know stays in `extra`: unknown fields, and the nulls of known
//! ones. A model therefore encodes back to the JSON it was read from.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Takes a field that must be there.
pub(crate) fn required<T: DeserializeOwned, E: serde::de::Error>(map: &mut Map<String, Value>, name: &str) -> Result<T, E> {
    match map.remove(name) {
        Some(value) => read(value, name),
        None => Err(E::custom(format!("missing field `{name}`"))),
    }
}

/// Takes a field that may be absent or null. A null stays in the map, so that it is written again; so does a list with nulls
/// in it, of which the typed field has the other entries.
pub(crate) fn optional<T: DeserializeOwned, E: serde::de::Error>(
    map: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<T>, E> {
    match map.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(list)) if list.contains(&Value::Null) => {
            let entries = list.iter().filter(|entry| !entry.is_null()).cloned().collect();
            read(Value::Array(entries), name).map(Some)
        }
        Some(_) => map.remove(name).map(|value| read(value, name)).transpose(),
    }
}

fn read<T: DeserializeOwned, E: serde::de::Error>(value: Value, name: &str) -> Result<T, E> {
    let value = whole(value);
    // Keeping track of the place costs as much as reading, so it is done only where reading has failed.
    T::deserialize(&value).or_else(|_| {
        serde_path_to_error::deserialize(value).map_err(|error| E::custom(format!("{name}.{}: {}", error.path(), error.inner())))
    })
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
            /// What the fields above cannot hold: unknown fields, known ones that came as `null`, and lists with nulls in them
            /// (the typed list has the other entries). Written again as it came.
            pub extra: serde_json::Map<String, serde_json::Value>,
        }

        impl $name {
            /// The first of this type's fields that the answer did not hold at all, not even as null.
            #[allow(dead_code, reason = "asked of the models whose operations name every field")]
            pub(crate) fn first_absent(&self) -> Option<&'static str> {
                $( if self.$field.is_none() && !self.extra.contains_key($field_name) {
                    return Some($field_name);
                } )*
                None
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut extra = serde_json::Map::deserialize(deserializer)?;
                Ok(Self {
                    $( $( $required: $crate::api::model::required(&mut extra, $required_name)?, )* )?
                    $( $field: $crate::api::model::optional(&mut extra, $field_name)?, )*
                    extra,
                })
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
