//! How an event is read: field by field, from the text of each.
//!
//! A field that the type does not know stays as it came, and so does one whose value is not what the type expects. So no field
//! can make an event unreadable, and nothing is lost. An event is walked by the scanner that checked the page (`decode/scan.rs`);
//! one that nests deeper than that goes, or has escapes in its names, is taken apart by serde_json.

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
///
/// Each is read in one pass with the check that it is JSON: a page holds a hundred thousand of them.
pub(super) trait FieldValue: Sized {
    /// Reads the value that begins at this place of a text, and tells where it ends. `None` where something else stands there.
    fn read(json: &str, start: usize) -> Option<(Self, usize)>;

    /// Reads the whole of a text.
    fn read_all(json: &str) -> Option<Self> {
        Self::read(json, 0).and_then(|(value, end)| (end == json.len()).then_some(value))
    }
}

/// Puts the value that begins here where it belongs, and tells where it ends. `None` where it is something else, or the place
/// is taken.
#[inline]
pub(super) fn put<T: FieldValue>(place: &mut Option<T>, json: &str, start: usize) -> Option<usize> {
    if place.is_some() {
        return None;
    }
    let (value, end) = T::read(json, start)?;
    *place = Some(value);
    Some(end)
}

/// Digits that an `i64` holds whatever they are.
const MOST_DIGITS: usize = 18;

/// A whole number: also `1200.0`, and a number in a string, which the API sends for the same fields.
#[inline]
pub(crate) fn whole_number(json: &str, start: usize) -> Option<(i64, usize)> {
    let bytes = json.as_bytes();
    let is_negative = bytes.get(start) == Some(&b'-');
    let first = start + usize::from(is_negative);
    let (mut number, mut at) = (0_i64, first);
    while let Some(digit @ b'0'..=b'9') = bytes.get(at) {
        if at - first == MOST_DIGITS {
            return whole_float(json, start);
        }
        number = number * 10 + i64::from(digit - b'0');
        at += 1;
    }
    let is_plain = match bytes.get(at) {
        Some(b',' | b'}' | b']') | None => at > first && (bytes[first] != b'0' || at == first + 1),
        _ => false,
    };
    if is_plain { Some((if is_negative { -number } else { number }, at)) } else { whole_float(json, start) }
}

#[cold]
fn whole_float(json: &str, start: usize) -> Option<(i64, usize)> {
    let end = scan::value(json.as_bytes(), start)?;
    if let Ok(number) = unquoted(&json[start..end]).parse() {
        return Some((number, end));
    }
    let (number, end) = float(json, start)?;
    // Below 2^53 every whole float is exactly one integer.
    (number.fract() == 0.0 && number.abs() < 9.0e15).then_some((number as i64, end))
}

/// A number, or one in a string.
pub(crate) fn number(json: &str, start: usize) -> Option<(f64, usize)> {
    match whole_number(json, start) {
        Some((number, end)) if number.unsigned_abs() < 1 << 53 => Some((number as f64, end)),
        _ => float(json, start),
    }
}

fn float(json: &str, start: usize) -> Option<(f64, usize)> {
    let end = scan::value(json.as_bytes(), start)?;
    let number: f64 = unquoted(&json[start..end]).parse().ok()?;
    number.is_finite().then_some((number, end))
}

fn unquoted(json: &str) -> &str {
    json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(json)
}

impl FieldValue for i64 {
    #[inline]
    fn read(json: &str, start: usize) -> Option<(Self, usize)> {
        whole_number(json, start)
    }
}

impl FieldValue for f64 {
    fn read(json: &str, start: usize) -> Option<(Self, usize)> {
        number(json, start)
    }
}

impl FieldValue for bool {
    fn read(json: &str, start: usize) -> Option<(Self, usize)> {
        let rest = &json.as_bytes()[start..];
        if rest.starts_with(b"true") {
            Some((true, start + 4))
        } else if rest.starts_with(b"false") {
            Some((false, start + 5))
        } else {
            None
        }
    }
}

impl FieldValue for Box<str> {
    fn read(json: &str, start: usize) -> Option<(Self, usize)> {
        scan::byte(json.as_bytes(), start, b'"')?;
        let end = scan::value(json.as_bytes(), start)?;
        let text = json.get(start + 1..end - 1)?;
        if text.contains('\\') { Some((serde_json::from_str(&json[start..end]).ok()?, end)) } else { Some((text.into(), end)) }
    }
}

impl<T: FieldValue> FieldValue for Vec<T> {
    fn read(json: &str, start: usize) -> Option<(Self, usize)> {
        let bytes = json.as_bytes();
        let mut list = Self::new();
        let mut at = scan::byte(bytes, start, b'[')?;
        if let Some(end) = scan::byte(bytes, at, b']') {
            return Some((list, end));
        }
        loop {
            let (entry, end) = T::read(json, at)?;
            list.push(entry);
            if let Some(end) = scan::byte(bytes, end, b']') {
                return Some((list, end));
            }
            at = scan::byte(bytes, end, b',')?;
        }
    }
}

impl<T: FieldValue> FieldValue for Box<T> {
    fn read(json: &str, start: usize) -> Option<(Self, usize)> {
        T::read(json, start).map(|(value, end)| (Self::new(value), end))
    }
}

/// Hands each field of the object that begins here to `take`: its name, the text, and where its value begins. `take` tells where
/// the value ends. Then this tells where the object ends. `None` where it is no object, or where there is anything unusual
/// in it: white space, or what `take` refuses. Escapes in names are left to it.
#[inline]
pub(crate) fn walk<'a>(
    json: &'a str,
    start: usize,
    mut take: impl FnMut(&'a str, &'a str, usize) -> Option<usize>,
) -> Option<usize> {
    let bytes = json.as_bytes();
    let mut at = scan::byte(bytes, start, b'{')?;
    if let Some(end) = scan::byte(bytes, at, b'}') {
        return Some(end);
    }
    loop {
        let value = scan::name(bytes, at)?;
        // Between the quote and the quote before the colon.
        let end = take(json.get(at + 1..value - 2)?, json, value)?;
        if let Some(end) = scan::byte(bytes, end, b'}') {
            return Some(end);
        }
        at = scan::byte(bytes, end, b',')?;
    }
}

/// The text of the value that begins here, which is kept as it is. A name with escapes may be one that is known: `None`.
pub(super) fn unknown_field<'a>(name: &str, json: &'a str, start: usize) -> Option<(&'a str, usize)> {
    if name.contains('\\') {
        return None;
    }
    let end = scan::value(json.as_bytes(), start)?;
    Some((json.get(start..end)?, end))
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
    /// Takes a field that it knows, whose value begins at this place of a text, and tells where it ends. `None` where it does not
    /// know it, or the value is something else.
    fn take(&mut self, name: &str, json: &str, start: usize) -> Option<usize>;

    /// Writes the fields that are there.
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

/// An object inside of an event, with everything that is in it.
pub(super) trait Object: Fields {
    fn extra(&mut self) -> &mut ExtraFields;

    fn take_or_keep(&mut self, name: &str, json: &str, start: usize) -> Option<usize> {
        self.take(name, json, start).or_else(|| {
            let (value, end) = unknown_field(name, json, start)?;
            self.extra().keep(name, value);
            Some(end)
        })
    }

    /// Reads the object that begins here, and tells where it ends.
    fn read_object(json: &str, start: usize) -> Option<(Self, usize)> {
        let mut object = Self::default();
        let end = walk(json, start, |name, json, start| object.take_or_keep(name, json, start))?;
        Some((object, end))
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
            #[inline]
            fn take(&mut self, name: &str, json: &str, start: usize) -> Option<usize> {
                let _ = (json, start);
                match name {
                    $( $json => $crate::api::reports::event::fields::put(&mut self.$field, json, start), )*
                    _ => None,
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
            fn read(json: &str, start: usize) -> Option<(Self, usize)> {
                $crate::api::reports::event::fields::Object::read_object(json, start)
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
