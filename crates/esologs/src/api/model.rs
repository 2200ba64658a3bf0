//! The base of every model: typed fields, and everything else kept.
//!
//! The API's schema grows without notice, and a query names only some fields. So a field is an `Option`, except the few that
//! an operation cannot do without, and what the type does not know stays in `extra`: unknown fields, and the nulls of known
//! ones. A model therefore encodes back to the JSON it was read from.

use serde::Serialize;
use serde_json::{Map, Value};

use super::field::whole;

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
            fn from_fields(mut extra: serde_json::Map<String, serde_json::Value>) -> Result<Self, $crate::api::field::Misfit> {
                Ok(Self {
                    $( $( $required: $crate::api::field::required(&mut extra, $required_name)?, )* )?
                    $( $field: $crate::api::field::optional(&mut extra, $field_name)?, )*
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

        impl $crate::api::field::Field for $name {
            fn is_usual(value: &serde_json::Value) -> bool {
                value.is_object()
            }

            fn from_usual(value: serde_json::Value) -> Result<Self, $crate::api::field::Misfit> {
                match value {
                    serde_json::Value::Object(fields) => Self::from_fields(fields),
                    other => serde::Deserialize::deserialize(other).map_err($crate::api::field::Misfit::new),
                }
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
            /// Objects.
            several: Vec<Inner> = "several",
            /// Objects by name.
            by_name: std::collections::BTreeMap<String, Inner> = "by_name",
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
            r#"{"id":7,"text":"12","numbers":[1,2],"inner":{"size":1.5,"new":{"a":[1.5]}},"several":[{"size":2.5},{"size":"1"},[],null]}"#,
            r#"{"id":7,"text":"12","numbers":[1,2],"inner":{"size":1.5},"several":[{},{"size":null}],"by_name":{"b":{"size":3},"a":{}}}"#,
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
        for (json, said) in [
            (r#"{"id":7,"inner":{"size":"big"}}"#, r#"inner.size: invalid type: string "big", expected f64"#),
            (r#"{"id":7,"inner":7}"#, "inner: invalid type: integer `7`, expected a map"),
            (r#"{"id":7,"numbers":[1,"x"]}"#, r#"numbers[1]: invalid type: string "x", expected i64"#),
            (r#"{"id":7,"several":[{},{"size":[]}]}"#, "several[1].size: invalid type: sequence, expected f64"),
            (r#"{"id":7,"by_name":{"one":{"size":{}}}}"#, "by_name.one.size: invalid type: map, expected f64"),
            (r#"{"id":7,"text":{}}"#, "text: invalid type: map, expected a string"),
            ("{}", "missing field `id`"),
        ] {
            let error = serde_json::from_str::<Odd>(json).unwrap_err().to_string();
            assert!(error.starts_with(said), "{json}: {error}");
        }
    }
}
