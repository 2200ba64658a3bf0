//! The event streams that a pull can fetch, by the names that people give them.

use std::fmt;
use std::str::FromStr;

use crate::api::{EventDataType, HostilityType};
use crate::error::{Error, ErrorKind};

/// A kind of events to pull. Some kinds are asked for twice, for the players and for their enemies, and make two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum EventStream {
    /// Deaths of players.
    Deaths,
    /// Damage done by players.
    Damage,
    /// Damage taken by players.
    DamageTaken,
    /// Healing.
    Healing,
    /// Casts.
    Casts,
    /// Buffs, of players and of enemies.
    Buffs,
    /// Debuffs, of players and of enemies.
    Debuffs,
    /// Changes of magicka, stamina and ultimate.
    Resources,
    /// Interrupted casts.
    Interrupts,
    /// Dispelled effects.
    Dispels,
    /// Summoned creatures.
    Summons,
    /// Threat.
    Threat,
    /// Gear and skills at the start of each fight, of players and of enemies.
    CombatantInfo,
    /// Everything, of players and of enemies.
    All,
}

/// One file of a stream: what is asked for, and under which name it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StreamFile {
    pub(crate) name: &'static str,
    pub(crate) data_type: EventDataType,
    pub(crate) hostility: Option<HostilityType>,
}

impl EventStream {
    /// Every stream.
    pub const EVERY: [Self; 14] = [
        Self::Deaths,
        Self::Damage,
        Self::DamageTaken,
        Self::Healing,
        Self::Casts,
        Self::Buffs,
        Self::Debuffs,
        Self::Resources,
        Self::Interrupts,
        Self::Dispels,
        Self::Summons,
        Self::Threat,
        Self::CombatantInfo,
        Self::All,
    ];

    /// What a pull fetches where nothing else is said.
    pub const DEFAULT: [Self; 3] = [Self::Deaths, Self::Damage, Self::Healing];

    /// The name on the command line and in the manifest.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deaths => "deaths",
            Self::Damage => "damage",
            Self::DamageTaken => "damage-taken",
            Self::Healing => "healing",
            Self::Casts => "casts",
            Self::Buffs => "buffs",
            Self::Debuffs => "debuffs",
            Self::Resources => "resources",
            Self::Interrupts => "interrupts",
            Self::Dispels => "dispels",
            Self::Summons => "summons",
            Self::Threat => "threat",
            Self::CombatantInfo => "combatantinfo",
            Self::All => "all",
        }
    }

    /// The files of the stream, as in `docs/data-layout.md`.
    pub(crate) fn files(self) -> Vec<StreamFile> {
        use EventDataType as T;
        let one = |data_type| vec![StreamFile { name: self.name(), data_type, hostility: None }];
        // Buffs, debuffs and combatantinfo of one side are missing from the other side's answer (eso-toolkit).
        let both = |data_type, friendlies, enemies| {
            vec![
                StreamFile { name: friendlies, data_type, hostility: Some(HostilityType::Friendlies) },
                StreamFile { name: enemies, data_type, hostility: Some(HostilityType::Enemies) },
            ]
        };
        match self {
            Self::Deaths => one(T::Deaths),
            Self::Damage => one(T::DamageDone),
            Self::DamageTaken => one(T::DamageTaken),
            Self::Healing => one(T::Healing),
            Self::Casts => one(T::Casts),
            Self::Resources => one(T::Resources),
            Self::Interrupts => one(T::Interrupts),
            Self::Dispels => one(T::Dispels),
            Self::Summons => one(T::Summons),
            Self::Threat => one(T::Threat),
            Self::Buffs => both(T::Buffs, "buffs.friendlies", "buffs.enemies"),
            Self::Debuffs => both(T::Debuffs, "debuffs.friendlies", "debuffs.enemies"),
            Self::CombatantInfo => both(T::CombatantInfo, "combatantinfo.friendlies", "combatantinfo.enemies"),
            Self::All => both(T::All, "all.friendlies", "all.enemies"),
        }
    }
}

impl fmt::Display for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for EventStream {
    type Err = Error;

    /// # Errors
    /// [`ErrorKind::Usage`] with the list of names.
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::EVERY.into_iter().find(|stream| stream.name() == text.trim()).ok_or_else(|| {
            let names: Vec<&str> = Self::EVERY.iter().map(|stream| stream.name()).collect();
            Error::new(ErrorKind::Usage, format!("'{text}' is not an event stream: choose from {}", names.join(", ")))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_stream_is_read_back_from_its_name_and_every_file_has_its_own() {
        let mut files = BTreeSet::new();
        for stream in EventStream::EVERY {
            assert_eq!(stream.name().parse::<EventStream>().unwrap(), stream);
            for file in stream.files() {
                assert!(files.insert(file.name), "{} twice", file.name);
            }
        }
        assert_eq!(files.len(), 18);
    }

    #[test]
    fn an_unknown_stream_is_told_with_the_names_there_are() {
        let error = "dmg".parse::<EventStream>().unwrap_err().to_string();
        assert!(error.starts_with("'dmg' is not an event stream: choose from deaths, damage,"), "{error}");
    }
}
