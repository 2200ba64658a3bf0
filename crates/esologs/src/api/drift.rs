//! What answers hold that this version of the library does not know: counted, never a failure.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::enums::{OneOf, SchemaEnum};
use super::field::small_types;
use super::page::Page;
use super::reports::{ReportEvent, TypedEventsPage};
use super::scalar::JsonScalar;
use super::verbatim::Verbatim;
use crate::ids::{
    AbilityId, ActorId, CharacterId, ClassId, EncounterId, ExpansionId, FactionId, FightId, GuildId, GuildTagId, ItemId,
    ItemSetId, MapId, NpcId, RegionId, ReportCode, ServerId, SpecId, SubregionId, UserId, ZoneId,
};
use crate::units::{Points, ReportTime, UnixMillis};

/// How far answers have moved away from the schema that this version of the library was made for.
///
/// ```
/// use esologs::{Drift, Guild};
///
/// let guild: Guild = serde_json::from_str(r#"{"id": 3468, "motto": "By moonlight", "currentUserRank": "QuarterMaster"}"#)?;
/// let drift = Drift::of(&guild);
/// assert_eq!(drift.unknown_fields()["Guild.motto"], 1);
/// assert_eq!(drift.unknown_values()["Guild.currentUserRank = QuarterMaster"], 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drift {
    unknown_fields: BTreeMap<String, u64>,
    unknown_values: BTreeMap<String, u64>,
    unreadable: BTreeMap<String, u64>,
}

impl Drift {
    /// The drift of one model, page or list of models.
    #[must_use]
    pub fn of(answer: &impl Watched) -> Self {
        let mut drift = Self::default();
        drift.add(answer);
        drift
    }

    /// Counts what this answer adds.
    pub fn add(&mut self, answer: &impl Watched) {
        answer.watch(self, "answer");
    }

    /// Adds the counts of another.
    pub fn merge(&mut self, other: &Self) {
        let pairs = [
            (&mut self.unknown_fields, &other.unknown_fields),
            (&mut self.unknown_values, &other.unknown_values),
            (&mut self.unreadable, &other.unreadable),
        ];
        for (counts, others) in pairs {
            for (place, count) in others {
                *counts.entry(place.clone()).or_default() += count;
            }
        }
    }

    /// Fields that the models do not know, as `Model.field`, with how often they came.
    #[must_use]
    pub fn unknown_fields(&self) -> &BTreeMap<String, u64> {
        &self.unknown_fields
    }

    /// Values of enums that the schema did not have, as `Model.field = value`, with how often they came.
    #[must_use]
    pub fn unknown_values(&self) -> &BTreeMap<String, u64> {
        &self.unknown_values
    }

    /// Values of the scalar `JSON` that their type does not fit, as `place: why`, with how often they came.
    #[must_use]
    pub fn unreadable(&self) -> &BTreeMap<String, u64> {
        &self.unreadable
    }

    /// Whether everything was known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.unknown_fields.is_empty() && self.unknown_values.is_empty() && self.unreadable.is_empty()
    }

    /// Counts the fields of an object that are not among the known ones.
    pub(crate) fn note_fields(&mut self, model: &str, known: &[&str], extra: &serde_json::Map<String, Value>) {
        for name in extra.keys().filter(|name| !known.contains(&name.as_str())) {
            self.note_field(model, name);
        }
    }

    fn note_field(&mut self, model: &str, name: &str) {
        // What any object can be asked for.
        if name != "__typename" {
            *self.unknown_fields.entry(format!("{model}.{name}")).or_default() += 1;
        }
    }

    fn note_value(&mut self, place: &str, name: &str) {
        *self.unknown_values.entry(format!("{place} = {name}")).or_default() += 1;
    }

    fn note_unreadable(&mut self, place: &str, why: &dyn fmt::Display) {
        *self.unreadable.entry(format!("{place}: {why}")).or_default() += 1;
    }
}

impl fmt::Display for Drift {
    /// A line for each, most general first; nothing where there is no drift.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, counts) in [("field", &self.unknown_fields), ("value", &self.unknown_values), ("unreadable", &self.unreadable)]
        {
            for (place, count) in counts {
                writeln!(f, "{what} {place} ({count})")?;
            }
        }
        Ok(())
    }
}

/// What can be searched for drift: every model, and lists and pages of models.
pub trait Watched {
    /// Counts what this value holds that is not known. `place` says where it stands, as `Model.field`.
    fn watch(&self, drift: &mut Drift, place: &str);
}

/// Types in which nothing can be unknown.
macro_rules! always_known {
    ($($name:ty),+ $(,)?) => {
        $( impl Watched for $name {
            fn watch(&self, _: &mut Drift, _: &str) {}
        } )+
    };
}

always_known!(String, Value);
small_types!(always_known);

impl<T: Watched> Watched for Option<T> {
    fn watch(&self, drift: &mut Drift, place: &str) {
        if let Some(value) = self {
            value.watch(drift, place);
        }
    }
}

impl<T: Watched> Watched for Vec<T> {
    fn watch(&self, drift: &mut Drift, place: &str) {
        for value in self {
            value.watch(drift, place);
        }
    }
}

impl<T: Watched> Watched for Box<T> {
    fn watch(&self, drift: &mut Drift, place: &str) {
        T::watch(self, drift, place);
    }
}

impl<T: Watched> Watched for BTreeMap<String, T> {
    fn watch(&self, drift: &mut Drift, place: &str) {
        for value in self.values() {
            value.watch(drift, place);
        }
    }
}

impl<E: SchemaEnum> Watched for OneOf<E> {
    fn watch(&self, drift: &mut Drift, place: &str) {
        if let Self::Unknown(name) = self {
            drift.note_value(place, name);
        }
    }
}

impl<T: Watched> Watched for Verbatim<T> {
    fn watch(&self, drift: &mut Drift, place: &str) {
        self.value().watch(drift, place);
    }
}

impl Watched for ReportEvent {
    fn watch(&self, drift: &mut Drift, _: &str) {
        if !self.kind.is_known() {
            drift.note_value("ReportEvent.type", self.kind.name());
        }
        for (name, _) in self.extra.iter() {
            drift.note_field("ReportEvent", name);
        }
    }
}

impl Watched for TypedEventsPage {
    fn watch(&self, drift: &mut Drift, place: &str) {
        for event in self.events() {
            event.watch(drift, place);
        }
    }
}

impl<T: Watched> Watched for Page<T> {
    fn watch(&self, drift: &mut Drift, place: &str) {
        drift.note_fields("Page", &[], &self.extra);
        self.data.watch(drift, place);
    }
}

impl<T: Watched + DeserializeOwned> Watched for JsonScalar<T> {
    fn watch(&self, drift: &mut Drift, place: &str) {
        match self.read() {
            Ok(value) => value.watch(drift, place),
            Err(error) => drift.note_unreadable(place, &error),
        }
    }
}
