//! Which events a question means.
//!
//! Sides, per `dataType`. An event is on the side (Friendlies or Enemies) of the actor named here:
//!
//! | `dataType` | event types | side of |
//! |---|---|---|
//! | `DamageDone` | `damage` | source |
//! | `DamageTaken` | `damage` | target |
//! | `Healing` | `heal`, `absorbed` | source |
//! | `Casts` | `cast`, `begincast` | source |
//! | `Buffs` | `applybuff`, `removebuff`, `applybuffstack`, `removebuffstack` | target |
//! | `Debuffs` | `applydebuff`, `removedebuff`, `applydebuffstack`, `removedebuffstack` | target |
//! | `Deaths` | `death` | target |
//! | `Resources` | `resourcechange` | target |
//! | `Interrupts` | `interrupt` | source |
//! | `Dispels` | `dispel` | source |
//! | `Summons` | `summon` | source |
//! | `CombatantInfo` | `combatantinfo` | source (players only, so Enemies is empty) |
//! | `Threat` | none: the game logs no threat | |
//! | `All` | the union of the rows above, and `playerentercombat` | as there, so damage between the sides is on both |

use std::fmt;
use std::str::FromStr;

use super::kind::EventKind;
use super::sieve::Narrowing;
use crate::world::model::Fight;

/// A name that the schema's enum does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is no {of}")]
pub struct UnknownName {
    name: String,
    of: &'static str,
}

/// Makes an enum whose variants are spelled exactly as the schema's.
macro_rules! schema_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// Every value, in the schema's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name as the schema spells it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant)),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl FromStr for $name {
            type Err = UnknownName;

            fn from_str(text: &str) -> Result<Self, UnknownName> {
                let known = Self::ALL.iter().copied().find(|value| value.name() == text);
                known.ok_or_else(|| UnknownName { name: text.to_owned(), of: stringify!($name) })
            }
        }
    };
}

schema_enum! {
    /// The schema's `EventDataType`.
    DataType {
        /// Everything on that side.
        All,
        /// Buffs gained and lost.
        Buffs,
        /// Casts begun and done.
        Casts,
        /// Gear and auras of players at the start of a fight.
        CombatantInfo,
        /// Damage by that side.
        DamageDone,
        /// Damage to that side.
        DamageTaken,
        /// Deaths on that side.
        Deaths,
        /// Debuffs on that side.
        Debuffs,
        /// Effects taken off by that side.
        Dispels,
        /// Healing by that side.
        Healing,
        /// Casts interrupted by that side.
        Interrupts,
        /// Resources gained and spent by that side.
        Resources,
        /// Pets and the like called by that side.
        Summons,
        /// Always empty: the game logs no threat.
        Threat,
    }
}

schema_enum! {
    /// The schema's `HostilityType`.
    Hostility {
        /// Players, their pets and their helpers. The API's default.
        Friendlies,
        /// Everybody else.
        Enemies,
    }
}

schema_enum! {
    /// The schema's `KillType`: which fights are meant.
    KillType {
        /// All fights.
        All,
        /// Boss fights, won or lost.
        Encounters,
        /// Boss fights that were won.
        Kills,
        /// Everything between boss fights.
        Trash,
        /// Boss fights that were lost.
        Wipes,
    }
}

impl KillType {
    /// Whether the fight is of that sort.
    #[must_use]
    pub fn admits(self, fight: &Fight) -> bool {
        match self {
            Self::All => true,
            Self::Encounters => fight.encounter_id != 0,
            Self::Kills => fight.kill == Some(true),
            Self::Trash => fight.encounter_id == 0,
            Self::Wipes => fight.kill == Some(false),
        }
    }
}

/// What `report.events` was asked for, apart from the range of time.
#[derive(Debug, Clone)]
pub struct EventFilter {
    /// Which types of events.
    pub data_type: DataType,
    /// Whose events.
    pub hostility: Hostility,
    /// Only these fights; an id that the report does not have selects nothing.
    pub fight_ids: Option<Vec<i64>>,
    /// Only fights of this encounter (0 for trash).
    pub encounter_id: Option<i64>,
    /// Only fights of this difficulty.
    pub difficulty: Option<i64>,
    /// Only fights that went like this.
    pub kill_type: Option<KillType>,
    /// Only events whose source is this actor.
    pub source_id: Option<i64>,
    /// Only events whose target is this actor.
    pub target_id: Option<i64>,
    /// Only events of this ability (a `Float` in the schema).
    pub ability_id: Option<f64>,
    /// What is seldom asked for.
    pub narrowing: Narrowing,
    /// Put `sourceResources` and `targetResources` into the events that have them.
    pub include_resources: bool,
    /// `abilityGameID` if true (the API's default), an `ability` object if not.
    pub use_ability_ids: bool,
    /// `sourceID` and `targetID` if true (the API's default), `source` and `target` objects if not.
    pub use_actor_ids: bool,
}

impl Default for EventFilter {
    /// Everything of the friendly side, as the API's defaults have it.
    fn default() -> Self {
        Self {
            data_type: DataType::All,
            hostility: Hostility::Friendlies,
            fight_ids: None,
            encounter_id: None,
            difficulty: None,
            kill_type: None,
            source_id: None,
            target_id: None,
            ability_id: None,
            narrowing: Narrowing::default(),
            include_resources: false,
            use_ability_ids: true,
            use_actor_ids: true,
        }
    }
}

impl EventFilter {
    /// The API's defaults for one type of events of one side.
    #[must_use]
    pub fn of(data_type: DataType, hostility: Hostility) -> Self {
        Self { data_type, hostility, ..Self::default() }
    }

    /// Whether events of this fight are meant.
    #[must_use]
    pub fn admits_fight(&self, fight: &Fight) -> bool {
        self.fight_ids.as_ref().is_none_or(|ids| ids.contains(&fight.id))
            && self.encounter_id.is_none_or(|id| id == fight.encounter_id)
            && self.difficulty.is_none_or(|difficulty| Some(difficulty) == fight.difficulty)
            && self.kill_type.is_none_or(|kill_type| kill_type.admits(fight))
    }
}

/// Which of an event's two actors decides whose event it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SideOf {
    Source,
    Target,
}

/// The table at the top, row by row: the data types of an event (but for `All`), and whose side counts.
fn rows_of(kind: EventKind) -> &'static [(DataType, SideOf)] {
    use SideOf::{Source, Target};
    match kind {
        EventKind::Damage => &[(DataType::DamageDone, Source), (DataType::DamageTaken, Target)],
        EventKind::Heal | EventKind::Absorbed => &[(DataType::Healing, Source)],
        EventKind::Cast | EventKind::BeginCast => &[(DataType::Casts, Source)],
        EventKind::ApplyBuff | EventKind::RemoveBuff | EventKind::ApplyBuffStack | EventKind::RemoveBuffStack => {
            &[(DataType::Buffs, Target)]
        }
        EventKind::ApplyDebuff | EventKind::RemoveDebuff | EventKind::ApplyDebuffStack | EventKind::RemoveDebuffStack => {
            &[(DataType::Debuffs, Target)]
        }
        EventKind::Death => &[(DataType::Deaths, Target)],
        EventKind::ResourceChange => &[(DataType::Resources, Target)],
        EventKind::Interrupt => &[(DataType::Interrupts, Source)],
        EventKind::Dispel => &[(DataType::Dispels, Source)],
        EventKind::Summon => &[(DataType::Summons, Source)],
        EventKind::CombatantInfo => &[(DataType::CombatantInfo, Source)],
        EventKind::PlayerEnterCombat => &[(DataType::All, Source)],
    }
}

/// Number of lists: one per data type and side.
pub(super) const LISTS: usize = DataType::ALL.len() * 2;

/// Where the list of a data type and side stands.
pub(super) fn list_of(data_type: DataType, hostility: Hostility) -> usize {
    data_type as usize * 2 + hostility as usize
}

/// Every list an event belongs to, as a set of bits.
pub(super) fn lists_of(kind: EventKind, source_is_friendly: bool, target_is_friendly: bool) -> u32 {
    let mut lists = 0;
    for (data_type, side) in rows_of(kind) {
        let friendly = if *side == SideOf::Source { source_is_friendly } else { target_is_friendly };
        let hostility = if friendly { Hostility::Friendlies } else { Hostility::Enemies };
        lists |= 1 << list_of(*data_type, hostility);
        lists |= 1 << list_of(DataType::All, hostility);
    }
    lists
}
