//! What an event of each type tells beside what all events have in common.

use super::combatant::CombatantInfo;
use super::fields::{FieldValue, Fields, fields, object};
use super::kind::EventType;
use crate::ids::{AbilityId, ActorId};

/// What an event tells beside what all events have in common, by its type.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub enum EventDetails {
    /// Of `damage`.
    Damage(Damage),
    /// Of `heal`.
    Heal(Heal),
    /// Of all types that apply, remove or refresh a buff or a debuff, or change its stacks.
    Aura(Aura),
    /// Of `cast` and `begincast`.
    Cast(Cast),
    /// Of `resourcechange`, `energize` and `drain`.
    ResourceChange(ResourceChange),
    /// Of `absorbed`.
    Absorbed(Box<Absorbed>),
    /// Of `death`.
    Death(Death),
    /// Of `interrupt`, `dispel` and `aurabroken`.
    Ended(Ended),
    /// Of `summon`.
    Summon(Summon),
    /// Of `combatantinfo`.
    CombatantInfo(Box<CombatantInfo>),
    /// Of `playerentercombat`.
    PlayerEnterCombat(PlayerEnterCombat),
    /// Of a type that is not known: everything is in [`ReportEvent::extra`](super::ReportEvent::extra).
    #[default]
    Other,
}

fields! {
    /// Damage done.
    pub struct Damage {
        /// How it hit.
        hit_type: HitType = "hitType",
        /// Damage that was taken.
        amount: i64 = "amount",
        /// Damage that a shield took.
        absorbed: i64 = "absorbed",
        /// Damage that was blocked.
        blocked: i64 = "blocked",
        /// Damage that armour and resistances took (sister sites).
        mitigated: i64 = "mitigated",
        /// Damage before all that (sister sites).
        unmitigated_amount: i64 = "unmitigatedAmount",
        /// Damage beyond the target's health.
        overkill: i64 = "overkill",
        /// Whether it is one of a row (damage over time). Absent where it is not.
        tick: bool = "tick",
    }
}

fields! {
    /// Healing done.
    pub struct Heal {
        /// How it hit.
        hit_type: HitType = "hitType",
        /// Health that was given.
        amount: i64 = "amount",
        /// Healing beyond the target's full health.
        overheal: i64 = "overheal",
        /// Healing that was taken up by an effect.
        absorbed: i64 = "absorbed",
        /// Whether it is one of a row (healing over time). Absent where it is not.
        tick: bool = "tick",
    }
}

fields! {
    /// A change of a buff or debuff; the event's type says which.
    pub struct Aura {
        /// How many there are now; of the types with `stack` in their names.
        stack: i64 = "stack",
        /// The ability that it came from, where that is another.
        extra_ability_game_id: AbilityId = "extraAbilityGameID",
        /// The same as an object.
        extra_ability: Box<EventAbility> = "extraAbility",
        /// What a shield can take.
        absorb: i64 = "absorb",
    }
}

fields! {
    /// A cast, begun or done.
    pub struct Cast {
        /// Whether the log holds no such cast and the service inferred it.
        fake: bool = "fake",
    }
}

fields! {
    /// A resource gained or lost.
    pub struct ResourceChange {
        /// By how much.
        resource_change: i64 = "resourceChange",
        /// Which resource, by number.
        resource_change_type: i64 = "resourceChangeType",
        /// By how much another one changed with it.
        other_resource_change: i64 = "otherResourceChange",
        /// The most of it that the target can have.
        max_resource_amount: i64 = "maxResourceAmount",
        /// What was gained beyond that, and lost.
        waste: i64 = "waste",
    }
}

fields! {
    /// Damage that a shield took.
    pub struct Absorbed {
        /// How much.
        amount: i64 = "amount",
        /// Who did the damage, by the number of the report's actors.
        attacker_id: ActorId = "attackerID",
        /// The same as an object.
        attacker: Box<EventActor> = "attacker",
        /// Which copy of it.
        attacker_instance: i64 = "attackerInstance",
        /// Whether the attacker is on the players' side.
        attacker_is_friendly: bool = "attackerIsFriendly",
        /// The marker on it.
        attacker_marker: i64 = "attackerMarker",
        /// The ability that did the damage.
        extra_ability_game_id: AbilityId = "extraAbilityGameID",
        /// The same as an object.
        extra_ability: Box<EventAbility> = "extraAbility",
        /// Damage before the shield.
        total_damage: i64 = "totalDamage",
        /// How it hit.
        hit_type: HitType = "hitType",
    }
}

fields! {
    /// A death: the target's.
    pub struct Death {
        /// The last damage.
        amount: i64 = "amount",
        /// Damage beyond the target's health.
        overkill: i64 = "overkill",
        /// Who killed, by the number of the report's actors.
        killer_id: ActorId = "killerID",
        /// Which copy of it.
        killer_instance: i64 = "killerInstance",
        /// With what.
        killing_ability_game_id: AbilityId = "killingAbilityGameID",
    }
}

fields! {
    /// Something was ended: a cast interrupted, an effect taken off or broken.
    pub struct Ended {
        /// What was ended.
        extra_ability_game_id: AbilityId = "extraAbilityGameID",
        /// The same as an object.
        extra_ability: Box<EventAbility> = "extraAbility",
        /// 1 where it was a buff, 0 where it was a debuff.
        is_buff: i64 = "isBuff",
        /// How many are left of it.
        stack: i64 = "stack",
    }
}

fields! {
    /// Something was called: the target.
    pub struct Summon {
    }
}

fields! {
    /// A player comes into the fight: the source.
    pub struct PlayerEnterCombat {
    }
}

/// How something hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HitType {
    /// 1
    Normal,
    /// 2
    Critical,
    /// A number without a known name. 10 comes with an amount of 0.
    Other(i64),
}

impl HitType {
    /// The API's number.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Normal => 1,
            Self::Critical => 2,
            Self::Other(number) => number,
        }
    }
}

impl FieldValue for HitType {
    fn read(json: &str, start: usize) -> Option<(Self, usize)> {
        let (number, end) = super::fields::whole_number(json, start)?;
        let hit = match number {
            1 => Self::Normal,
            2 => Self::Critical,
            other => Self::Other(other),
        };
        Some((hit, end))
    }
}

impl serde::Serialize for HitType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.number())
    }
}

object! {
    /// An actor as an object, as it comes where `useActorIDs` is false, and for what is no actor of the report (the environment).
    pub struct EventActor {
        /// The name.
        name: Box<str> = "name",
        /// The number among the report's actors.
        id: ActorId = "id",
        /// The game's own number.
        guid: i64 = "guid",
        /// The class of a player, the kind of anybody else.
        kind: Box<str> = "type",
        /// Name of the icon.
        icon: Box<str> = "icon",
    }
}

object! {
    /// An ability as an object, as it comes where `useAbilityIDs` is false.
    pub struct EventAbility {
        /// The name.
        name: Box<str> = "name",
        /// The game's own number.
        guid: AbilityId = "guid",
        /// The kind of damage, by number.
        kind: i64 = "type",
        /// Name of the icon.
        icon: Box<str> = "abilityIcon",
    }
}

impl EventDetails {
    /// The details of this type, with nothing in them.
    pub(super) fn of(kind: &EventType) -> Self {
        match kind {
            EventType::Damage => Self::Damage(Damage::default()),
            EventType::Heal => Self::Heal(Heal::default()),
            EventType::ApplyBuff
            | EventType::RemoveBuff
            | EventType::ApplyBuffStack
            | EventType::RemoveBuffStack
            | EventType::RefreshBuff
            | EventType::ApplyDebuff
            | EventType::RemoveDebuff
            | EventType::ApplyDebuffStack
            | EventType::RemoveDebuffStack
            | EventType::RefreshDebuff => Self::Aura(Aura::default()),
            EventType::Cast | EventType::BeginCast => Self::Cast(Cast::default()),
            EventType::ResourceChange | EventType::Energize | EventType::Drain => Self::ResourceChange(ResourceChange::default()),
            EventType::Absorbed => Self::Absorbed(Box::default()),
            EventType::Death => Self::Death(Death::default()),
            EventType::Interrupt | EventType::Dispel | EventType::AuraBroken => Self::Ended(Ended::default()),
            EventType::Summon => Self::Summon(Summon::default()),
            EventType::CombatantInfo => Self::CombatantInfo(Box::default()),
            EventType::PlayerEnterCombat => Self::PlayerEnterCombat(PlayerEnterCombat::default()),
            EventType::Other(_) => Self::Other,
        }
    }

    /// Whether the state of an actor can stand flat in such an event. In others, the same names mean something else.
    pub(super) fn can_hold_flat_resources(&self) -> bool {
        !matches!(self, Self::Aura(_) | Self::CombatantInfo(_) | Self::Other)
    }
}

/// The same for each variant.
macro_rules! each {
    ($details:expr, $fields:ident => $do:expr, $otherwise:expr) => {
        match $details {
            EventDetails::Damage($fields) => $do,
            EventDetails::Heal($fields) => $do,
            EventDetails::Aura($fields) => $do,
            EventDetails::Cast($fields) => $do,
            EventDetails::ResourceChange($fields) => $do,
            EventDetails::Absorbed($fields) => $do,
            EventDetails::Death($fields) => $do,
            EventDetails::Ended($fields) => $do,
            EventDetails::Summon($fields) => $do,
            EventDetails::CombatantInfo($fields) => $do,
            EventDetails::PlayerEnterCombat($fields) => $do,
            EventDetails::Other => $otherwise,
        }
    };
}

impl Fields for EventDetails {
    fn take(&mut self, name: &str, json: &str, start: usize) -> Option<usize> {
        each!(self, fields => fields.take(name, json, start), None)
    }

    fn write<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        each!(self, fields => fields.write(map), Ok(()))
    }
}
