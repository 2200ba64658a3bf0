//! What a pull is about, and what the service is asked for it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::ids::{CharacterId, GuildId, UserId};
use crate::query::{Operation, documents};

/// What a pull is about. A folder belongs to one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Target {
    /// The reports of a guild.
    Guild(GuildId),
    /// The reports that a character was in.
    Character(CharacterId),
    /// The reports that a user has uploaded.
    User(UserId),
    /// Reports that were named, whosever they are. Which ones is for each pull to say.
    Reports,
}

impl Target {
    /// What kind of thing it is: `guild`, `character`, `user` or `reports`.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Guild(_) => "guild",
            Self::Character(_) => "character",
            Self::User(_) => "user",
            Self::Reports => "reports",
        }
    }

    /// Its number; reports that were named have none.
    #[must_use]
    pub const fn id(self) -> Option<i64> {
        match self {
            Self::Guild(id) => Some(id.get()),
            Self::Character(id) => Some(id.get()),
            Self::User(id) => Some(id.get()),
            Self::Reports => None,
        }
    }

    /// The file under `data/` that tells of it, where the service does so.
    pub(super) const fn file(self) -> Option<&'static str> {
        match self {
            Self::Guild(_) => Some("guild.json"),
            Self::Character(_) => Some("character.json"),
            // Users are shown to signed-in users only.
            Self::User(_) | Self::Reports => None,
        }
    }

    /// The question that brings that file.
    pub(super) fn question(self) -> Option<Operation> {
        match self {
            Self::Guild(_) => Some(Operation::new("Guild", &documents::GUILD)),
            Self::Character(_) => Some(Operation::new("Character", &documents::CHARACTER)),
            Self::User(_) | Self::Reports => None,
        }
    }

    /// The question that brings a page of the list of its reports; none where they were named.
    pub(super) fn list_question(self) -> Option<Operation> {
        match self {
            Self::Guild(_) => Some(Operation::new("GuildReports", &documents::GUILD_REPORTS)),
            Self::Character(_) => Some(Operation::new("CharacterReports", &documents::CHARACTER_REPORTS)),
            Self::User(_) => Some(Operation::new("Reports", &documents::REPORTS)),
            Self::Reports => None,
        }
    }

    /// `the guild Lanterns of Emberwatch (3468)`
    pub(super) fn with_name(self, name: &str) -> String {
        match self.id() {
            Some(id) if name.is_empty() => format!("the {} {id}", self.kind()),
            Some(id) => format!("the {} {name} ({id})", self.kind()),
            None => "reports that were named".to_owned(),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.id() {
            Some(id) => write!(f, "{} {id}", self.kind()),
            None => f.write_str("named reports"),
        }
    }
}

/// Reads a target as a journal or a manifest names it; those of earlier formats know guilds only, by their number or by an object
/// with it.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Target, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stated {
        Target(Target),
        Guild { id: GuildId },
        GuildNumber(GuildId),
    }
    Ok(match Stated::deserialize(deserializer)? {
        Stated::Target(target) => target,
        Stated::Guild { id } | Stated::GuildNumber(id) => Target::Guild(id),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_from(json: &str) -> Target {
        read(&mut serde_json::Deserializer::from_str(json)).unwrap()
    }

    #[test]
    fn every_target_is_read_back_as_it_is_written() {
        let all = [Target::Guild(7.into()), Target::Character(8.into()), Target::User(9.into()), Target::Reports].map(|target| {
            let json = serde_json::to_string(&target).unwrap();
            (read_from(&json), target, json)
        });

        for (read, target, json) in &all {
            assert_eq!(read, target, "{json}");
        }
        assert_eq!(all[0].2, r#"{"kind":"guild","id":7}"#);
        assert_eq!(all[3].2, r#"{"kind":"reports"}"#);
    }

    #[test]
    fn earlier_formats_name_a_guild_by_its_number() {
        let guild = Target::Guild(3468.into());
        assert_eq!(read_from("3468"), guild);
        assert_eq!(read_from(r#"{"id":3468,"name":"Lanterns"}"#), guild);
        assert_eq!(read_from(r#"{"kind":"guild","id":3468,"name":"Lanterns"}"#), guild);
    }
}
