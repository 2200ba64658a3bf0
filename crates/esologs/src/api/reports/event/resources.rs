//! Health, magicka and the like of source and target, as `includeResources` adds them.

use super::fields::{Fields, object};

object! {
    /// The state of an actor at the moment of an event. Which fields there are depends on the site.
    pub struct Resources {
        /// Health now.
        hit_points: i64 = "hitPoints",
        /// Health when whole.
        max_hit_points: i64 = "maxHitPoints",
        /// Magicka now.
        magicka: i64 = "magicka",
        /// Magicka when full.
        max_magicka: i64 = "maxMagicka",
        /// Stamina now.
        stamina: i64 = "stamina",
        /// Stamina when full.
        max_stamina: i64 = "maxStamina",
        /// Ultimate now.
        ultimate: i64 = "ultimate",
        /// The most ultimate.
        max_ultimate: i64 = "maxUltimate",
        /// Time left as a werewolf.
        werewolf: i64 = "werewolf",
        /// That time when full.
        max_werewolf: i64 = "maxWerewolf",
        /// Champion points.
        champion_points: i64 = "championPoints",
        /// What shields can still take.
        absorb: i64 = "absorb",
        /// Place on the map.
        x: f64 = "x",
        /// Place on the map.
        y: f64 = "y",
        /// Where the actor looks.
        facing: f64 = "facing",
        /// Number of the map (sister sites).
        map_id: i64 = "mapID",
        /// Attack power (sister sites).
        attack_power: i64 = "attackPower",
        /// Spell power (sister sites).
        spell_power: i64 = "spellPower",
        /// Armour (sister sites).
        armor: i64 = "armor",
        /// Item level (sister sites).
        item_level: i64 = "itemLevel",
        /// Resources by number (sister sites).
        class_resources: Vec<ClassResource> = "classResources",
    }
}

object! {
    /// A resource by its number (sister sites).
    pub struct ClassResource {
        /// How much now.
        amount: i64 = "amount",
        /// How much at most.
        max: i64 = "max",
        /// Which resource.
        kind: i64 = "type",
        /// What the ability takes of it.
        cost: i64 = "cost",
    }
}

/// Whose state stands in the event itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceActor {
    /// The source's (1).
    Source,
    /// The target's (2).
    Target,
    /// A number that is not known.
    Other(i64),
}

impl ResourceActor {
    fn from_number(number: i64) -> Self {
        match number {
            1 => Self::Source,
            2 => Self::Target,
            other => Self::Other(other),
        }
    }

    fn number(self) -> i64 {
        match self {
            Self::Source => 1,
            Self::Target => 2,
            Self::Other(number) => number,
        }
    }
}

impl super::fields::FieldValue for ResourceActor {
    fn read(json: &str, start: usize) -> Option<(Self, usize)> {
        super::fields::whole_number(json, start).map(|(number, end)| (Self::from_number(number), end))
    }
}

impl serde::Serialize for ResourceActor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.number())
    }
}

/// The state of one actor where it stands flat in the event, as the sister sites put it: `resourceActor` says whose it is.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct FlatResources {
    /// Whose state it is.
    pub resource_actor: Option<ResourceActor>,
    /// The state.
    pub resources: Resources,
}

impl Fields for FlatResources {
    fn take(&mut self, name: &str, json: &str, start: usize) -> Option<usize> {
        match name {
            "resourceActor" => super::fields::put(&mut self.resource_actor, json, start),
            _ => self.resources.take(name, json, start),
        }
    }

    fn write<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        if let Some(actor) = &self.resource_actor {
            map.serialize_entry("resourceActor", actor)?;
        }
        self.resources.write(map)
    }
}
