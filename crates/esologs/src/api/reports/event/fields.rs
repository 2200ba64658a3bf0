//! How an event is read: field by field, from the text of each.
//!
//! A field that the type does not know stays as it came, and so does one whose value is not what the type expects. So no field
//! can make an event unreadable, and nothing is lost. The common form, an object without white space, is walked by
//! the scanner that checked the page (`decode/scan.rs`); any other is taken apart by serde_json.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::decode::scan;

/// Fields that a type does not know, or whose values are not what it expects, to the letter and in the order they came in.
#[derive(Debug, Clone, Default)]
pub struct ExtraFields(Vec<(Box<str>, Box<RawValue>)>);

impl ExtraFields {
    /// The JSON of this field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&RawValue> {
        self.iter().find_map(|(found, value)| (found == name).then_some(value))
    }

    /// All of them: name and JSON.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn keep(&mut self, name: &str, json: &str) {
        // Every value comes out of a text that has been checked.
        if let Ok(value) = serde_json::from_str::<&RawValue>(json) {
            self.0.push((name.into(), value.to_owned()));
        }
    }

    pub(super) fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))
    }
}

impl PartialEq for ExtraFields {
    fn eq(&self, other: &Self) -> bool {
        let text = |fields: &Self| -> Vec<(String, String)> {
            fields.iter().map(|(name, value)| (name.to_owned(), value.get().to_owned())).collect()
        };
        self.len() == other.len() && text(self) == text(other)
    }
}

/// What can stand in a field.
pub(super) trait FieldValue: Sized {
    /// Reads it from its JSON; `None` where that is something else.
    fn read(json: &str) -> Option<Self>;
}

/// Puts a value where it belongs; `false` where it is something else, or the place is taken.
pub(super) fn put<T: FieldValue>(place: &mut Option<T>, json: &str) -> bool {
    if place.is_some() {
        return false;
    }
    *place = T::read(json);
    place.is_some()
}

/// A whole number: also `1200.0`, and a number in a string, which the API sends for the same fields.
pub(super) fn whole_number(json: &str) -> Option<i64> {
    json.parse().ok().or_else(|| {
        let number = number(json)?;
        // Below 2^53 every whole float is exactly one integer.
        (number.fract() == 0.0 && number.abs() < 9.0e15).then_some(number as i64)
    })
}

/// A number, or one in a string.
pub(super) fn number(json: &str) -> Option<f64> {
    let text = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(json);
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

impl FieldValue for i64 {
    fn read(json: &str) -> Option<Self> {
        whole_number(json)
    }
}

impl FieldValue for f64 {
    fn read(json: &str) -> Option<Self> {
        number(json)
    }
}

impl FieldValue for bool {
    fn read(json: &str) -> Option<Self> {
        match json {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }
}

impl FieldValue for Box<str> {
    fn read(json: &str) -> Option<Self> {
        if json.contains('\\') {
            return serde_json::from_str(json).ok();
        }
        Some(json.strip_prefix('"')?.strip_suffix('"')?.into())
    }
}

impl<T: FieldValue> FieldValue for Vec<T> {
    fn read(json: &str) -> Option<Self> {
        if !json.starts_with('[') {
            return None;
        }
        serde_json::from_str::<Vec<&RawValue>>(json).ok()?.into_iter().map(|entry| T::read(entry.get())).collect()
    }
}

impl<T: FieldValue> FieldValue for Box<T> {
    fn read(json: &str) -> Option<Self> {
        T::read(json).map(Self::new)
    }
}

/// Hands each field of the object that begins here to `take`, and tells where the object ends. `None` where it is no object,
/// or one with anything unusual in it: white space, escapes in a name, values nested deeper than the scanner goes.
pub(super) fn walk<'a>(json: &'a str, start: usize, mut take: impl FnMut(&'a str, &'a str)) -> Option<usize> {
    let bytes = json.as_bytes();
    let mut at = scan::byte(bytes, start, b'{')?;
    if let Some(end) = scan::byte(bytes, at, b'}') {
        return Some(end);
    }
    loop {
        let value = scan::name(bytes, at)?;
        // Between the quote and the quote before the colon.
        let name = &json[at + 1..value - 2];
        if name.contains('\\') {
            return None;
        }
        let end = scan::value(bytes, value)?;
        take(name, &json[value..end]);
        if let Some(end) = scan::byte(bytes, end, b'}') {
            return Some(end);
        }
        at = scan::byte(bytes, end, b',')?;
    }
}

/// The fields of any object, for what [`walk`] refuses.
pub(super) struct Pairs<'a>(pub(super) Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Pairs<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// A type with fields.
pub(super) trait Fields: Default {
    /// Takes a field that it knows; `false` where it does not, or the value is something else.
    fn take(&mut self, name: &str, json: &str) -> bool;

    /// Writes the fields that are there.
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

/// An object inside of an event, with everything that is in it.
pub(super) trait Object: Fields {
    fn extra(&mut self) -> &mut ExtraFields;

    fn read_object(json: &str) -> Option<Self> {
        let mut object = Self::default();
        let keep = |object: &mut Self, name: &str, value: &str| {
            if !object.take(name, value) {
                object.extra().keep(name, value);
            }
        };
        if walk(json, 0, |name, value| keep(&mut object, name, value)) == Some(json.len()) {
            return Some(object);
        }
        object = Self::default();
        let Pairs(pairs) = serde_json::from_str(json).ok()?;
        pairs.iter().for_each(|(name, value)| keep(&mut object, name, value.get()));
        Some(object)
    }
}

/// Defines a type of fields `name: Type = "jsonName"`, each of which may be absent, and others that are no fields of the JSON
/// (after `also`).
macro_rules! fields {
    (
        $(#[$doc:meta])*
        pub struct $name:ident {
            $( $(#[$field_doc:meta])* $field:ident: $type:ty = $json:literal, )*
        }
        $( also { $( $(#[$also_doc:meta])* $also:ident: $also_type:ty, )* } )?
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$field_doc])* pub $field: Option<$type>, )*
            $( $( $(#[$also_doc])* pub $also: $also_type, )* )?
        }

        impl $crate::api::reports::event::fields::Fields for $name {
            fn take(&mut self, name: &str, json: &str) -> bool {
                let _ = json;
                match name {
                    $( $json => $crate::api::reports::event::fields::put(&mut self.$field, json), )*
                    _ => false,
                }
            }

            fn write<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                $( if let Some(value) = &self.$field {
                    map.serialize_entry($json, value)?;
                } )*
                let _ = map;
                Ok(())
            }
        }
    };
}
pub(super) use fields;

/// [`fields!`] for an object inside of an event, which keeps what it does not know in `extra`.
macro_rules! object {
    (
        $(#[$doc:meta])*
        pub struct $name:ident { $( $(#[$field_doc:meta])* $field:ident: $type:ty = $json:literal, )* }
    ) => {
        $crate::api::reports::event::fields::fields! {
            $(#[$doc])*
            pub struct $name { $( $(#[$field_doc])* $field: $type = $json, )* }
            also {
                /// What the fields above cannot hold, as it came.
                extra: $crate::api::reports::event::ExtraFields,
            }
        }

        impl $crate::api::reports::event::fields::Object for $name {
            fn extra(&mut self) -> &mut $crate::api::reports::event::ExtraFields {
                &mut self.extra
            }
        }

        impl $crate::api::reports::event::fields::FieldValue for $name {
            fn read(json: &str) -> Option<Self> {
                $crate::api::reports::event::fields::Object::read_object(json)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use $crate::api::reports::event::fields::Fields as _;
                let mut map = serializer.serialize_map(None)?;
                self.write(&mut map)?;
                self.extra.write(&mut map)?;
                serde::ser::SerializeMap::end(map)
            }
        }
    };
}
pub(super) use object;
