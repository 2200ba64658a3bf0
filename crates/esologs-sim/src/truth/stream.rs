//! The streams of events that can be asked for, and which event is in which: the truth's own reading of the table of sides.

use std::fmt;
use std::str::FromStr;

use crate::world::events::{Event, EventKind};

/// A stream of events, as `docs/data-layout.md` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Damage by friends.
    Damage,
    /// Damage to friends.
    DamageTaken,
    /// Healing by friends.
    Healing,
    /// Casts of friends.
    Casts,
    /// Deaths of friends.
    Deaths,
    /// Resources of friends.
    Resources,
    /// Interrupts by friends.
    Interrupts,
    /// Dispels by friends.
    Dispels,
    /// Summons by friends.
    Summons,
    /// Always empty: the game logs no threat.
    Threat,
    /// Buffs, each side in a file.
    Buffs,
    /// Debuffs, each side in a file.
    Debuffs,
    /// Gear and auras, each side in a file.
    CombatantInfo,
    /// Everything, each side in a file.
    All,
}

/// A side: the API's `hostilityType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Friendlies,
    Enemies,
}

/// A name that no stream has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no stream {name:?}; there are {}", names())]
pub struct UnknownStream {
    name: String,
}

fn names() -> String {
    Stream::EVERY.map(Stream::name).join(", ")
}

impl Stream {
    /// Every stream, in the order of the table.
    pub const EVERY: [Self; 14] = [
        Self::Damage,
        Self::DamageTaken,
        Self::Healing,
        Self::Casts,
        Self::Deaths,
        Self::Resources,
        Self::Interrupts,
        Self::Dispels,
        Self::Summons,
        Self::Threat,
        Self::Buffs,
        Self::Debuffs,
        Self::CombatantInfo,
        Self::All,
    ];

    /// What a pull takes when nobody says otherwise.
    pub const DEFAULT: [Self; 3] = [Self::Deaths, Self::Damage, Self::Healing];

    /// The name that people write.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Damage => "damage",
            Self::DamageTaken => "damage-taken",
            Self::Healing => "healing",
            Self::Casts => "casts",
            Self::Deaths => "deaths",
            Self::Resources => "resources",
            Self::Interrupts => "interrupts",
            Self::Dispels => "dispels",
            Self::Summons => "summons",
            Self::Threat => "threat",
            Self::Buffs => "buffs",
            Self::Debuffs => "debuffs",
            Self::CombatantInfo => "combatantinfo",
            Self::All => "all",
        }
    }

    /// The files under `events/` and the side that each holds.
    pub(super) fn files(self) -> &'static [(Side, &'static str)] {
        use Side::{Enemies, Friendlies};
        match self {
            Self::Damage => &[(Friendlies, "damage.jsonl")],
            Self::DamageTaken => &[(Friendlies, "damage-taken.jsonl")],
            Self::Healing => &[(Friendlies, "healing.jsonl")],
            Self::Casts => &[(Friendlies, "casts.jsonl")],
            Self::Deaths => &[(Friendlies, "deaths.jsonl")],
            Self::Resources => &[(Friendlies, "resources.jsonl")],
            Self::Interrupts => &[(Friendlies, "interrupts.jsonl")],
            Self::Dispels => &[(Friendlies, "dispels.jsonl")],
            Self::Summons => &[(Friendlies, "summons.jsonl")],
            Self::Threat => &[(Friendlies, "threat.jsonl")],
            Self::Buffs => &[(Friendlies, "buffs.friendlies.jsonl"), (Enemies, "buffs.enemies.jsonl")],
            Self::Debuffs => &[(Friendlies, "debuffs.friendlies.jsonl"), (Enemies, "debuffs.enemies.jsonl")],
            Self::CombatantInfo => &[(Friendlies, "combatantinfo.friendlies.jsonl"), (Enemies, "combatantinfo.enemies.jsonl")],
            Self::All => &[(Friendlies, "all.friendlies.jsonl"), (Enemies, "all.enemies.jsonl")],
        }
    }

    /// Whether the event is in the stream's file of that side. Written apart from the paging code's table on purpose.
    pub(super) fn holds(self, event: &Event<'_>, side: Side) -> bool {
        let by = event.source_is_friendly == (side == Side::Friendlies);
        let to = event.target_is_friendly == (side == Side::Friendlies);
        let kind = event.kind.name();
        match self {
            Self::Damage => kind == "damage" && by,
            Self::DamageTaken => kind == "damage" && to,
            Self::Healing => matches!(kind, "heal" | "absorbed") && by,
            Self::Casts => matches!(kind, "cast" | "begincast") && by,
            Self::Deaths => kind == "death" && to,
            Self::Resources => kind == "resourcechange" && to,
            Self::Interrupts => kind == "interrupt" && by,
            Self::Dispels => kind == "dispel" && by,
            Self::Summons => kind == "summon" && by,
            Self::Threat => false,
            Self::Buffs => kind.contains("buff") && !kind.contains("debuff") && to,
            Self::Debuffs => kind.contains("debuff") && to,
            Self::CombatantInfo => kind == "combatantinfo" && by,
            Self::All => match event.kind {
                EventKind::Damage => by || to,
                EventKind::Death | EventKind::ResourceChange => to,
                _ if kind.contains("buff") => to,
                _ => by,
            },
        }
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Stream {
    type Err = UnknownStream;

    fn from_str(text: &str) -> Result<Self, UnknownStream> {
        let known = Self::EVERY.into_iter().find(|stream| stream.name() == text);
        known.ok_or_else(|| UnknownStream { name: text.to_owned() })
    }
}
