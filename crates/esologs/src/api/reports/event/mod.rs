//! One event of a report, typed.

mod combatant;
mod details;
mod fields;
mod kind;
mod page;
mod resources;
#[cfg(test)]
mod tests;

use serde::de::Error as _;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

pub use self::combatant::{CombatantAura, CombatantInfo, GearPiece};
pub use self::details::{
    Absorbed, Aura, Cast, Damage, Death, Ended, EventAbility, EventActor, EventDetails, Heal, HitType, PlayerEnterCombat,
    ResourceChange, Summon,
};
pub use self::fields::ExtraFields;
use self::fields::{FieldValue, Fields, Pairs, fields, unknown_field};
pub(crate) use self::fields::{number, walk, whole_number};
pub use self::kind::EventType;
#[cfg(feature = "fuzzing")]
pub(crate) use self::page::read_lines;
pub use self::page::{TypedEvents, TypedEventsPage};
pub use self::resources::{ClassResource, FlatResources, ResourceActor, Resources};
use crate::api::on_one_line;
use crate::decode::{excerpt, scan};
use crate::ids::{AbilityId, ActorId, FightId};
use crate::units::ReportTime;

fields! {
    /// One event of a report.
    ///
    /// What all events have in common are fields of this type; what an event of its type tells beside that is in
    /// [`details`](Self::details). Every field but `timestamp` and the type can be absent. Nothing is lost: fields that are not
    /// known, and values that a field does not expect, stay in [`extra`](Self::extra), and the event is written again with all of
    /// it (`Serialize`), equal but for the order of the fields and the spelling of numbers.
    ///
    /// ```
    /// use esologs::{EventDetails, EventType, HitType, ReportEvent};
    ///
    /// # fn example() -> Result<(), serde_json::Error> {
    /// let line = r#"{"timestamp":259781,"type":"damage","sourceID":10,"targetID":49,"abilityGameID":88802,"fight":5,
    ///     "hitType":2,"amount":1218,"tick":true,"novelty":[1]}"#;
    /// let event: ReportEvent = serde_json::from_str(line)?;
    /// assert_eq!(event.kind, EventType::Damage);
    /// let EventDetails::Damage(damage) = &event.details else { unreachable!("the type is damage") };
    /// assert_eq!((damage.amount, damage.hit_type), (Some(1218), Some(HitType::Critical)));
    /// assert_eq!(event.extra.get("novelty").map(|json| json.get()), Some("[1]"));
    /// # Ok(())
    /// # }
    /// # example().unwrap();
    /// ```
    pub struct ReportEvent {
        /// The fight it belongs to.
        fight: FightId = "fight",
        /// Who did it, by the number of the report's actors. Absent where [`source`](Self::source) stands.
        source_id: ActorId = "sourceID",
        /// The same as an object: where `useActorIDs` is false, and for what is no actor of the report.
        source: Box<EventActor> = "source",
        /// Which copy of the source, where there are several.
        source_instance: i64 = "sourceInstance",
        /// Whether the source is on the players' side.
        source_is_friendly: bool = "sourceIsFriendly",
        /// The marker on the source.
        source_marker: i64 = "sourceMarker",
        /// Whom it befell, by the number of the report's actors. Absent where [`target`](Self::target) stands.
        target_id: ActorId = "targetID",
        /// The same as an object.
        target: Box<EventActor> = "target",
        /// Which copy of the target, where there are several.
        target_instance: i64 = "targetInstance",
        /// Whether the target is on the players' side.
        target_is_friendly: bool = "targetIsFriendly",
        /// The marker on the target.
        target_marker: i64 = "targetMarker",
        /// The ability, by the game's own number. Absent where [`ability`](Self::ability) stands.
        ability_game_id: AbilityId = "abilityGameID",
        /// The same as an object: where `useAbilityIDs` is false.
        ability: Box<EventAbility> = "ability",
        /// The cast it belongs to, by a number that the cast's event has as well.
        cast_track_id: i64 = "castTrackID",
        /// The buffs that counted for it.
        buffs: Buffs = "buffs",
        /// The state of the source, with [`include_resources`](super::Events::include_resources).
        source_resources: Box<Resources> = "sourceResources",
        /// The state of the target, with [`include_resources`](super::Events::include_resources).
        target_resources: Box<Resources> = "targetResources",
    }
    also {
        /// When it happened.
        timestamp: ReportTime,
        /// Its type.
        kind: EventType,
        /// What an event of its type tells beside the fields above.
        details: EventDetails,
        /// The state of one actor where the site puts it flat into the event (sister sites). See
        /// [`resources_of_source`](Self::resources_of_source).
        flat_resources: Option<Box<FlatResources>>,
        /// What the fields above and the details cannot hold, as it came.
        extra: ExtraFields,
    }
}

impl ReportEvent {
    /// The ability's number, in whichever form it came.
    #[must_use]
    pub fn ability_id(&self) -> Option<AbilityId> {
        self.ability_game_id.or_else(|| self.ability.as_ref()?.guid)
    }

    /// The source's number among the report's actors, in whichever form it came.
    #[must_use]
    pub fn source_actor(&self) -> Option<ActorId> {
        self.source_id.or_else(|| self.source.as_ref()?.id)
    }

    /// The target's number among the report's actors, in whichever form it came.
    #[must_use]
    pub fn target_actor(&self) -> Option<ActorId> {
        self.target_id.or_else(|| self.target.as_ref()?.id)
    }

    /// The state of the source, in whichever form it came.
    #[must_use]
    pub fn resources_of_source(&self) -> Option<&Resources> {
        self.source_resources.as_deref().or_else(|| self.flat_resources_of(ResourceActor::Source))
    }

    /// The state of the target, in whichever form it came.
    #[must_use]
    pub fn resources_of_target(&self) -> Option<&Resources> {
        self.target_resources.as_deref().or_else(|| self.flat_resources_of(ResourceActor::Target))
    }

    fn flat_resources_of(&self, actor: ResourceActor) -> Option<&Resources> {
        self.flat_resources.as_ref().filter(|flat| flat.resource_actor == Some(actor)).map(|flat| &flat.resources)
    }

    /// Reads the event that begins at a place of a text into this one, which is empty, and tells where it ends. `None` where that
    /// takes the long way; then half of an event is in this one.
    fn read_quickly(&mut self, text: &str, start: usize) -> Option<usize> {
        let mut reading = Reading::into(self, name_of_type(text, start)?);
        let end = walk(text, start, |name, json, start| reading.take_or_keep(name, json, start))?;
        reading.end().ok()?;
        Some(end)
    }

    /// Reads an event of an unusual spelling, or finds out what is wrong with it: an error says so in a few words.
    fn read_slowly(json: &str) -> Result<Self, String> {
        let Pairs(pairs) = serde_json::from_str(json).map_err(|_| "it is no object".to_owned())?;
        let kind = pairs.iter().find(|(name, _)| name == "type").and_then(|(_, json)| Box::<str>::read_all(json.get()));
        let kind = kind.ok_or("it has no `type`")?;
        let mut event = Self::default();
        let mut reading = Reading::into(&mut event, &kind);
        for (name, json) in &pairs {
            if reading.take(name, json.get(), 0).is_none() {
                reading.event.extra.keep(name, json.get());
            }
        }
        reading.end()?;
        Ok(event)
    }

    /// Reads an event from the JSON of one.
    fn read(json: &str) -> Result<Self, String> {
        let mut event = Self::default();
        let json = &*on_one_line(json);
        if event.read_quickly(json, 0) == Some(json.len()) {
            return Ok(event);
        }
        Self::read_slowly(json).map_err(|what| format!("this event cannot be used, {what}: {}", excerpt(json.as_bytes())))
    }
}

/// The type of the event that begins here, which is needed before all else. It is the second field of an event of the API, so
/// hardly anything is read twice.
fn name_of_type(text: &str, start: usize) -> Option<&str> {
    let json = text.as_bytes();
    let mut at = scan::byte(json, start, b'{')?;
    loop {
        let value = scan::name(json, at)?;
        let end = scan::value(json, value)?;
        if &json[at..value] == b"\"type\":" {
            return unescaped(&text[value..end]);
        }
        at = scan::byte(json, end, b',')?;
    }
}

/// A string's text, where it has no escapes.
fn unescaped(json: &str) -> Option<&str> {
    let text = json.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains('\\')).then_some(text)
}

/// An event that is being read.
struct Reading<'a> {
    event: &'a mut ReportEvent,
    has_timestamp: bool,
    has_type: bool,
}

impl<'a> Reading<'a> {
    fn into(event: &'a mut ReportEvent, name_of_type: &str) -> Self {
        event.kind = EventType::from_name(name_of_type);
        event.details = EventDetails::of(&event.kind);
        Self { event, has_timestamp: false, has_type: false }
    }

    fn take_or_keep(&mut self, name: &str, json: &str, start: usize) -> Option<usize> {
        self.take(name, json, start).or_else(|| {
            let (value, end) = unknown_field(name, json, start)?;
            self.event.extra.keep(name, value);
            Some(end)
        })
    }

    fn take(&mut self, name: &str, json: &str, start: usize) -> Option<usize> {
        match name {
            "timestamp" if !self.has_timestamp => self.take_timestamp(json, start),
            // The first one, by which the event is read.
            "type" if !self.has_type => {
                self.has_type = true;
                scan::value(json.as_bytes(), start)
            }
            _ => {
                let event = &mut *self.event;
                let taken = event.take(name, json, start).or_else(|| event.details.take(name, json, start));
                taken.or_else(|| self.take_flat_resource(name, json, start))
            }
        }
    }

    fn take_timestamp(&mut self, json: &str, start: usize) -> Option<usize> {
        let (timestamp, end) = ReportTime::read(json, start)?;
        (self.event.timestamp, self.has_timestamp) = (timestamp, true);
        Some(end)
    }

    fn take_flat_resource(&mut self, name: &str, json: &str, start: usize) -> Option<usize> {
        if !self.event.details.can_hold_flat_resources() {
            return None;
        }
        if let Some(flat) = &mut self.event.flat_resources {
            return flat.take(name, json, start);
        }
        let mut flat = FlatResources::default();
        let end = flat.take(name, json, start)?;
        self.event.flat_resources = Some(Box::new(flat));
        Some(end)
    }

    fn end(self) -> Result<(), String> {
        match self {
            Self { has_timestamp: false, .. } => Err("it has no `timestamp`".to_owned()),
            Self { has_type: false, .. } => Err("it has no `type`".to_owned()),
            Self { .. } => Ok(()),
        }
    }
}

impl<'de> Deserialize<'de> for ReportEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        Self::read(json.get()).map_err(D::Error::custom)
    }
}

impl Serialize for ReportEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("timestamp", &self.timestamp)?;
        map.serialize_entry("type", &self.kind)?;
        self.write(&mut map)?;
        self.details.write(&mut map)?;
        if let Some(flat) = &self.flat_resources {
            flat.write(&mut map)?;
        }
        self.extra.write(&mut map)?;
        map.end()
    }
}

/// The buffs that counted for an event, as the API lists them: `61687.88509.` (the sister sites have the same list).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Buffs(Box<str>);

impl Buffs {
    /// The abilities of these buffs. What is no number is passed over.
    pub fn ids(&self) -> impl Iterator<Item = AbilityId> {
        self.0.split('.').filter_map(|id| id.parse().ok()).map(AbilityId::new)
    }

    /// The list as the API writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FieldValue for Buffs {
    fn read(json: &str, start: usize) -> Option<(Self, usize)> {
        Box::<str>::read(json, start).map(|(list, end)| (Self(list), end))
    }
}

impl Serialize for Buffs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl FieldValue for ReportTime {
    fn read(json: &str, start: usize) -> Option<(Self, usize)> {
        number(json, start).map(|(millis, end)| (Self::new(millis), end))
    }
}

macro_rules! read_as_whole_numbers {
    ($($id:ident),*) => { $(
        impl FieldValue for $id {
            #[inline]
            fn read(json: &str, start: usize) -> Option<(Self, usize)> {
                whole_number(json, start).map(|(number, end)| (Self::new(number), end))
            }
        }
    )* };
}
read_as_whole_numbers!(AbilityId, ActorId, FightId);
