//! A player's gear and auras at the start of a fight.

use super::fields::{fields, object};
use crate::ids::{AbilityId, ActorId};

fields! {
    /// Gear and auras of a player, the source, at the start of a fight.
    pub struct CombatantInfo {
        /// What the player wears, slot by slot.
        gear: Vec<GearPiece> = "gear",
        /// The effects on the player.
        auras: Vec<CombatantAura> = "auras",
    }
}

object! {
    /// A piece of gear.
    pub struct GearPiece {
        /// The item, by the game's own number; 0 in an empty slot.
        id: i64 = "id",
        /// Number of the slot.
        slot: i64 = "slot",
        /// Quality, by number.
        quality: i64 = "quality",
        /// Name of the icon.
        icon: Box<str> = "icon",
        /// The item's name.
        name: Box<str> = "name",
        /// The champion points it needs.
        champion_points: i64 = "championPoints",
        /// The trait, by number.
        item_trait: i64 = "trait",
        /// The enchantment, by number.
        enchant_type: i64 = "enchantType",
        /// The enchantment's quality, by number.
        enchant_quality: i64 = "enchantQuality",
        /// The set it belongs to, by number.
        set_id: i64 = "setID",
        /// The set's name.
        set_name: Box<str> = "setName",
        /// Kind of item, by number.
        kind: i64 = "type",
    }
}

object! {
    /// An effect on a player.
    pub struct CombatantAura {
        /// Who it comes from, by the number of the report's actors.
        source: ActorId = "source",
        /// The ability.
        ability: AbilityId = "ability",
        /// How many there are of it.
        stacks: i64 = "stacks",
        /// Name of the icon.
        icon: Box<str> = "icon",
        /// The ability's name.
        name: Box<str> = "name",
    }
}
