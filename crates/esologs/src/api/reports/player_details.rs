//! The shape of `playerDetails`: the players by role, with what they wear.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::api::drift::{Drift, Watched};
use crate::api::field::Field;
use crate::api::model::model;
use crate::ids::{AbilityId, ActorId, ItemId, ItemSetId};

model! {
    /// The players of a report, as the API wraps them.
    pub struct PlayerDetails {
        /// What is in it.
        data: PlayerDetailsData = "data",
    }
}

model! {
    /// The inner wrapping.
    pub struct PlayerDetailsData {
        /// The players by role.
        player_details: PlayerRoles = "playerDetails",
    }
}

model! {
    /// Players by role. A role that nobody has may be absent.
    pub struct PlayerRoles {
        /// Tanks.
        tanks: Vec<Player> = "tanks",
        /// Healers.
        healers: Vec<Player> = "healers",
        /// Damage dealers.
        dps: Vec<Player> = "dps",
    }
}

model! {
    /// A player.
    pub struct Player {
        /// The name in the game.
        name: String = "name",
        /// Number within the report.
        id: ActorId = "id",
        /// The site's own number.
        guid: i64 = "guid",
        /// The class.
        kind: String = "type",
        /// The server.
        server: String = "server",
        /// The account's name (`@name`).
        display_name: String = "displayName",
        /// Whether the player hides the name.
        anonymous: bool = "anonymous",
        /// Name of the icon.
        icon: String = "icon",
        /// The specialisations.
        specs: Vec<SpecCount> = "specs",
        /// The lowest item level.
        min_item_level: f64 = "minItemLevel",
        /// The highest item level.
        max_item_level: f64 = "maxItemLevel",
        /// Potions that were used.
        potion_use: i64 = "potionUse",
        /// Stones of healing that were used; sister sites only.
        healthstone_use: i64 = "healthstoneUse",
        /// What the player wears and knows. Empty unless asked for.
        combatant_info: PlayerCombatantInfo = "combatantInfo",
    }
}

/// A specialisation: by its name alone, or with how often it was played. The API writes both.
#[derive(Debug, Clone, PartialEq)]
pub enum SpecCount {
    /// The name alone.
    Name(String),
    /// The name and more.
    Counted(CountedSpec),
}

model! {
    /// A specialisation with how often it was played, or in which role.
    pub struct CountedSpec {
        /// The name.
        spec: String = "spec",
        /// In how many fights.
        count: i64 = "count",
        /// In which role.
        role: String = "role",
    }
}

impl SpecCount {
    /// The specialisation's name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Counted(counted) => counted.spec.as_deref(),
        }
    }
}

impl Serialize for SpecCount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Name(name) => name.serialize(serializer),
            Self::Counted(counted) => counted.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for SpecCount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(name) => Ok(Self::Name(name)),
            other => CountedSpec::deserialize(other).map(Self::Counted).map_err(serde::de::Error::custom),
        }
    }
}

impl Field for SpecCount {}

impl Watched for SpecCount {
    fn watch(&self, drift: &mut Drift, place: &str) {
        if let Self::Counted(counted) = self {
            counted.watch(drift, place);
        }
    }
}

model! {
    /// What a player wears and knows.
    pub struct PlayerCombatantInfo {
        /// Values of the character's sheet; empty for ESO.
        stats: Value = "stats",
        /// The skills on both bars.
        talents: Vec<Talent> = "talents",
        /// What is worn, 16 places; empty ones as "Empty".
        gear: Vec<Gear> = "gear",
    }
}

model! {
    /// A skill on a bar.
    pub struct Talent {
        /// The name.
        name: String = "name",
        /// The ability, in rankings.
        id: AbilityId = "id",
        /// The ability, in player details.
        guid: AbilityId = "guid",
        /// The school, as text.
        kind: String = "type",
        /// Name of the icon, in rankings.
        icon: String = "icon",
        /// Name of the icon, in player details.
        ability_icon: String = "abilityIcon",
        /// Flags.
        flags: i64 = "flags",
    }
}

model! {
    /// A piece of gear. Rankings write most of its numbers as strings (`"cp":"160"`), player details as numbers.
    pub struct Gear {
        /// The item; 0 for an empty place.
        id: ItemId = "id",
        /// The place it is worn at.
        slot: i64 = "slot",
        /// The name.
        name: String = "name",
        /// Name of the icon.
        icon: String = "icon",
        /// The quality: a word in rankings, a number (here as text) in player details.
        quality: String = "quality",
        /// Champion points it needs, in player details.
        champion_points: i64 = "championPoints",
        /// Champion points it needs, in rankings.
        cp: i64 = "cp",
        /// The trait, by its number.
        trait_id: i64 = "trait",
        /// The kind of enchantment.
        enchant_type: i64 = "enchantType",
        /// The quality of the enchantment.
        enchant_quality: i64 = "enchantQuality",
        /// The set it belongs to; 0 for none.
        set_id: ItemSetId = "setID",
        /// The kind of item.
        kind: i64 = "type",
        /// The set's name.
        set_name: String = "setName",
    }
}
