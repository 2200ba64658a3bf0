//! How a field of a model comes out of the tree into which its answer was read.
//!
//! There is a tree because the API spells the same thing in several ways. What comes in the usual one is moved out of it, however much
//! lies below; only what may have to be read a second way is copied.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::enums::{OneOf, SchemaEnum};
use super::page::Page;
use super::scalar::JsonScalar;
use crate::ids::{
    AbilityId, ActorId, CharacterId, ClassId, EncounterId, ExpansionId, FactionId, FightId, GuildId, GuildTagId, ItemId,
    ItemSetId, MapId, NpcId, RegionId, ReportCode, ServerId, SpecId, SubregionId, UserId, ZoneId,
};
use crate::units::{Points, ReportTime, UnixMillis};

/// Where in an object something stands that cannot be used, and why it cannot.
#[derive(Debug)]
pub(crate) struct Misfit {
    place: String,
    what: String,
}

impl Misfit {
    pub(crate) fn new(what: impl fmt::Display) -> Self {
        Self { place: String::new(), what: what.to_string() }
    }

    /// The same, seen from further out.
    pub(crate) fn inside(mut self, name: &str) -> Self {
        let dot = if self.place.is_empty() || self.place.starts_with('[') { "" } else { "." };
        self.place.insert_str(0, dot);
        self.place.insert_str(0, name);
        self
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => f.write_str(&self.what),
            place => write!(f, "{place}: {}", self.what),
        }
    }
}

/// A type that a field of a model can have.
pub(crate) trait Field: DeserializeOwned + Serialize + 'static {
    /// Whether this is the type's usual spelling, and would be written again as it is. For what is small anyway: never.
    fn is_usual(value: &Value) -> bool {
        let _ = value;
        false
    }

    /// Moves it out of a value in the usual spelling.
    fn from_usual(value: Value) -> Result<Self, Misfit> {
        serde_path_to_error::deserialize(value).map_err(|error| Misfit {
            place: error.path().to_string().trim_start_matches('.').to_owned(),
            what: error.inner().to_string(),
        })
    }
}

/// Takes a field that must be there.
pub(crate) fn required<T: Field>(map: &mut Map<String, Value>, name: &str) -> Result<T, Misfit> {
    match map.remove(name) {
        Some(value) => take(map, value, name),
        None => Err(Misfit::new(format_args!("missing field `{name}`"))),
    }
}

/// Takes a field that may be absent or null. A null stays in the map, so that it is written again; so does a list with nulls
/// in it, of which the typed field has the other entries.
pub(crate) fn optional<T: Field>(map: &mut Map<String, Value>, name: &str) -> Result<Option<T>, Misfit> {
    match map.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(list)) if list.contains(&Value::Null) => {
            let entries = list.iter().filter(|entry| !entry.is_null()).cloned().collect();
            // `map` holds the whole list already.
            take(&mut Map::new(), Value::Array(entries), name).map(Some)
        }
        Some(_) => map.remove(name).map(|value| take(map, value, name)).transpose(),
    }
}

/// Reads a field as it stands, or else in one of the other spellings that the API has for the same thing. A field in another
/// spelling stays in the map, so that it is written again as it came.
fn take<T: Field>(map: &mut Map<String, Value>, value: Value, name: &str) -> Result<T, Misfit> {
    if T::is_usual(&value) {
        return T::from_usual(value).map_err(|misfit| misfit.inside(name));
    }
    let value = whole(value);
    if let Ok(typed) = T::deserialize(&value) {
        // Ids and times are read from both spellings, and times are whole: what would be written otherwise stays.
        if may_be_respelt(&value) && serde_json::to_value(&typed).is_ok_and(|written| whole(written) != value) {
            map.insert(name.to_owned(), value);
        }
        return Ok(typed);
    }
    if let Some(typed) = respelt(&value).and_then(|other| T::deserialize(other).ok()) {
        map.insert(name.to_owned(), value);
        return Ok(typed);
    }
    // Keeping track of the place costs as much as reading, so it is done only where reading has failed.
    match T::from_usual(value) {
        Ok(typed) => Ok(typed),
        Err(misfit) => Err(misfit.inside(name)),
    }
}

/// Whether what is written for this may differ from what was read: texts and fractions, also in a list.
fn may_be_respelt(value: &Value) -> bool {
    match value {
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

/// Whole floats as integers, also inside lists: the API sends `121.0` for an Int and `264591` for a Float as it likes.
pub(super) fn whole(value: Value) -> Value {
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

impl Field for String {
    fn is_usual(value: &Value) -> bool {
        value.is_string()
    }
}

impl Field for Value {
    fn is_usual(_: &Value) -> bool {
        true
    }

    fn from_usual(value: Value) -> Result<Self, Misfit> {
        Ok(whole(value))
    }
}

impl<T: Field> Field for Box<T> {
    fn is_usual(value: &Value) -> bool {
        T::is_usual(value)
    }

    fn from_usual(value: Value) -> Result<Self, Misfit> {
        T::from_usual(value).map(Self::new)
    }
}

impl<T: Field> Field for Vec<T> {
    fn is_usual(value: &Value) -> bool {
        matches!(value, Value::Array(list) if list.iter().all(T::is_usual))
    }

    fn from_usual(value: Value) -> Result<Self, Misfit> {
        let entries = match value {
            Value::Array(entries) => entries.into_iter().enumerate(),
            other => return Self::deserialize(other).map_err(Misfit::new),
        };
        entries.map(|(index, entry)| T::from_usual(entry).map_err(|misfit| misfit.inside(&format!("[{index}]")))).collect()
    }
}

impl<T: Field> Field for BTreeMap<String, T> {
    fn is_usual(value: &Value) -> bool {
        matches!(value, Value::Object(fields) if fields.values().all(T::is_usual))
    }

    fn from_usual(value: Value) -> Result<Self, Misfit> {
        let fields = match value {
            Value::Object(fields) => fields,
            other => return Self::deserialize(other).map_err(Misfit::new),
        };
        let take = |(name, value): (String, Value)| match T::from_usual(value) {
            Ok(typed) => Ok((name, typed)),
            Err(misfit) => Err(misfit.inside(&name)),
        };
        fields.into_iter().map(take).collect()
    }
}

impl<E: SchemaEnum + 'static> Field for OneOf<E> {}
impl<T: DeserializeOwned + Serialize + 'static> Field for Page<T> {}
impl<T: 'static> Field for JsonScalar<T> {}

/// Gives all types of fields that are as small as what they are read from, and know every value of theirs, to a macro.
macro_rules! small_types {
    ($to:ident) => {
        $to!(
            bool,
            i64,
            u64,
            f64,
            AbilityId,
            ActorId,
            CharacterId,
            ClassId,
            EncounterId,
            ExpansionId,
            FactionId,
            FightId,
            GuildId,
            GuildTagId,
            ItemId,
            ItemSetId,
            MapId,
            NpcId,
            RegionId,
            ReportCode,
            ServerId,
            SpecId,
            SubregionId,
            UserId,
            ZoneId,
            Points,
            ReportTime,
            UnixMillis,
        );
    };
}
pub(crate) use small_types;

macro_rules! small {
    ($($name:ty),+ $(,)?) => {
        $( impl Field for $name {} )+
    };
}
small_types!(small);
