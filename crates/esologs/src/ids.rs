//! Identifiers as types, so that a guild's id is never sent as a fight's.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::error::{Error, ErrorKind};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// The id with this number. Whether it exists is for the API to say.
            #[must_use]
            pub const fn new(id: i64) -> Self {
                Self(id)
            }

            /// The number.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }

        impl FromStr for $name {
            type Err = Error;

            /// # Errors
            /// [`ErrorKind::Usage`] where the text is no positive whole number.
            fn from_str(text: &str) -> Result<Self, Error> {
                match text.trim().parse::<i64>() {
                    // GraphQL's Int has 32 bits.
                    Ok(id) if (1..=i64::from(i32::MAX)).contains(&id) => Ok(Self(id)),
                    _ => Err(Error::new(
                        ErrorKind::Usage,
                        format!(concat!("'{}' is not a ", $what, ": expected a positive whole number such as 3468"), text),
                    )),
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            /// Takes a number or a number in a string: the API sends both.
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = crate::units::lenient_f64(deserializer)?;
                if number.fract() == 0.0 {
                    Ok(Self(number as i64))
                } else {
                    Err(serde::de::Error::custom(format!("{number} is not an id")))
                }
            }
        }
    };
}

id!(
    /// Number of a guild, as in `https://www.esologs.com/guild/id/3468`.
    GuildId, "guild id"
);
id!(
    /// Number of a fight within its report, from 1.
    FightId, "fight id"
);
id!(
    /// Number of a boss encounter; 0 stands for trash.
    EncounterId, "encounter id"
);
id!(
    /// Number of a zone (a trial, an arena).
    ZoneId, "zone id"
);
id!(
    /// Number of an actor (player, pet, enemy) within its report, as events name it.
    ActorId, "actor id"
);
id!(
    /// The game's own number of an ability, as `abilityGameID` of events.
    AbilityId, "ability id"
);
id!(
    /// Number of a game server.
    ServerId, "server id"
);
id!(
    /// Number of a region.
    RegionId, "region id"
);
id!(
    /// Number of a user of the site.
    UserId, "user id"
);
id!(
    /// Number of a character.
    CharacterId, "character id"
);
id!(
    /// Number of a guild's tag.
    GuildTagId, "tag id"
);
id!(
    /// Number of a class.
    ClassId, "class id"
);
id!(
    /// Number of a specialisation within its class.
    SpecId, "specialisation id"
);
id!(
    /// Number of a faction.
    FactionId, "faction id"
);
id!(
    /// Number of an item.
    ItemId, "item id"
);
id!(
    /// Number of a set of items.
    ItemSetId, "item set id"
);
id!(
    /// Number of a map.
    MapId, "map id"
);
id!(
    /// Number of a non-player character in the game.
    NpcId, "NPC id"
);
id!(
    /// Number of an expansion.
    ExpansionId, "expansion id"
);
id!(
    /// Number of a part of a region.
    SubregionId, "subregion id"
);

/// Code of a report: `xb7TKHXR8DJByp4Q`, or with `a:` before it for an anonymous one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReportCode(String);

impl ReportCode {
    /// The code as the API writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The code as a folder name: `a:Xy` becomes `a_Xy`, and nothing in it can leave the folder. Two codes that are read by
    /// `parse` never share a name.
    #[must_use]
    pub fn to_folder_name(&self) -> String {
        if self.0.is_empty() {
            return "_".to_owned();
        }
        self.0.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
    }
}

impl fmt::Display for ReportCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ReportCode {
    type Err = Error;

    /// Reads a code, or the address of a report on the official site ([`ReportRef`](crate::ReportRef)).
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where the text is neither. A code has 8 to 32 letters and digits, with `a:` before them or not.
    fn from_str(text: &str) -> Result<Self, Error> {
        match Self::bare(text.trim()) {
            Some(code) => Ok(code),
            None => text.parse::<crate::ReportRef>().map(Self::from),
        }
    }
}

impl ReportCode {
    /// A code and nothing around it.
    pub(crate) fn bare(code: &str) -> Option<Self> {
        let letters = code.strip_prefix("a:").unwrap_or(code);
        let is_code = (8..=32).contains(&letters.len()) && letters.bytes().all(|b| b.is_ascii_alphanumeric());
        is_code.then(|| Self(code.to_owned()))
    }

    /// What is said of a text that is no code.
    pub(crate) fn refused(text: &str) -> Error {
        let (shown, rest) = text.split_at((0..=text.len().min(80)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0));
        let more = if rest.is_empty() { "" } else { "…" };
        Error::new(
            ErrorKind::Usage,
            format!(
                "'{shown}{more}' is not a report code: expected letters and digits such as xb7TKHXR8DJByp4Q, as in the report's address"
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_from_a_number_and_from_a_string_and_a_fraction_is_refused() {
        assert_eq!(serde_json::from_str::<GuildId>("3468").unwrap(), GuildId::new(3468));
        assert_eq!(serde_json::from_str::<GuildId>("\"3468\"").unwrap(), GuildId::new(3468));
        assert!(serde_json::from_str::<GuildId>("34.5").is_err());
    }

    #[test]
    fn a_bad_guild_id_is_told_with_what_was_expected() {
        let error = "Wolves".parse::<GuildId>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert_eq!(error.to_string(), "'Wolves' is not a guild id: expected a positive whole number such as 3468");
    }

    #[test]
    fn a_report_code_cannot_name_another_folder() {
        assert!("../../etc/passwd".parse::<ReportCode>().is_err());
        let anonymous: ReportCode = "a:Xy3kLmNp2qRsTvWz".parse().unwrap();
        assert_eq!(anonymous.to_folder_name(), "a_Xy3kLmNp2qRsTvWz");
        let hostile: ReportCode = serde_json::from_str("\"../x\"").unwrap();
        assert_eq!(hostile.to_folder_name(), "___x");
        let empty: ReportCode = serde_json::from_str("\"\"").unwrap();
        assert_eq!(empty.to_folder_name(), "_", "nothing would name the folder of all reports");
    }
}
