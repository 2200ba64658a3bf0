//! The enums of the schema: what arguments can be, and what answers hold.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::found::Part;
use crate::error::{Error, ErrorKind};

/// An enum of the API's schema.
pub trait SchemaEnum: Copy + Eq + fmt::Debug + Sized + 'static {
    /// The enum's name in the schema.
    const NAME: &'static str;
    /// Every value that this version of the library knows, in the schema's order.
    const ALL: &'static [Self];

    /// The value's name in the schema.
    #[must_use]
    fn name(self) -> &'static str;

    /// The value of this name, exactly as the schema writes it.
    #[must_use]
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.name() == name)
    }
}

/// A value of an enum as it is read: one that is known, or the text of one that the API has gained since.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum OneOf<E> {
    /// A value of the schema.
    Known(E),
    /// Another one, as it came.
    Unknown(String),
}

impl<E: SchemaEnum> OneOf<E> {
    /// The value, where it is known.
    #[must_use]
    pub fn known(&self) -> Option<E> {
        match self {
            Self::Known(value) => Some(*value),
            Self::Unknown(_) => None,
        }
    }

    /// The name as it came.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Known(value) => value.name(),
            Self::Unknown(name) => name,
        }
    }
}

impl<E: SchemaEnum> Serialize for OneOf<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de, E: SchemaEnum> Deserialize<'de> for OneOf<E> {
    /// Takes any text: an unknown value is no error.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Ok(E::from_name(&name).map_or(Self::Unknown(name), Self::Known))
    }
}

impl<E: SchemaEnum + Send> Part for OneOf<E> {}

/// Defines enums of the schema with `Variant = "nameInTheSchema"`.
macro_rules! schema_enums {
    ($( $(#[$doc:meta])* pub enum $name:ident { $( $(#[$value_doc:meta])* $variant:ident = $value:literal, )+ } )+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
            #[non_exhaustive]
            pub enum $name {
                $( $(#[$value_doc])* $variant, )+
            }

            impl $name {
                /// Every name, in the schema's order.
                pub const NAMES: &'static [&'static str] = &[$( $value, )+];

                /// The name in the API's schema.
                #[must_use]
                pub const fn name(self) -> &'static str {
                    match self {
                        $( Self::$variant => $value, )+
                    }
                }
            }

            impl SchemaEnum for $name {
                const NAME: &'static str = stringify!($name);
                const ALL: &'static [Self] = &[$( Self::$variant, )+];

                fn name(self) -> &'static str {
                    self.name()
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.pad(self.name())
                }
            }

            impl FromStr for $name {
                type Err = Error;

                /// # Errors
                /// [`ErrorKind::Usage`] where the schema, as this version knows it, has no such value.
                fn from_str(text: &str) -> Result<Self, Error> {
                    Self::from_name(text).ok_or_else(|| no_value::<Self>(text))
                }
            }
        )+
    };
}

fn no_value<E: SchemaEnum>(text: &str) -> Error {
    let values: Vec<&str> = E::ALL.iter().map(|value| value.name()).collect();
    Error::new(ErrorKind::Usage, format!("'{text}' is no {}: expected one of {}", E::NAME, values.join(", ")))
}

schema_enums! {
    /// What characters are ranked by. Several values come from sister sites and are of no use for ESO.
    pub enum CharacterRankingMetricType {
        /// Damage per second to bosses, combined with given buffs.
        BossCdps = "bosscdps",
        /// Damage per second to bosses.
        BossDps = "bossdps",
        /// Damage per second to bosses, without buffs of others.
        BossNdps = "bossndps",
        /// Damage per second to bosses, with buffs credited to who gave them.
        BossRdps = "bossrdps",
        /// The usual metric of the zone.
        Default = "default",
        /// Damage per second.
        Dps = "dps",
        /// Healing per second.
        Hps = "hps",
        /// Survivability.
        Krsi = "krsi",
        /// Score of the player.
        PlayerScore = "playerscore",
        /// Speed of the fight.
        PlayerSpeed = "playerspeed",
        /// Damage per second, combined with given buffs.
        Cdps = "cdps",
        /// Damage per second, without buffs of others.
        Ndps = "ndps",
        /// Damage per second, with buffs credited to who gave them. Known to answer "Internal server error".
        Rdps = "rdps",
        /// Healing per second of tanks.
        TankHps = "tankhps",
        /// Weighted damage per second.
        Wdps = "wdps",
        /// The healers of a fight together, by `dps`.
        HealerCombinedDps = "healercombineddps",
        /// The healers of a fight together, by `bossdps`.
        HealerCombinedBossDps = "healercombinedbossdps",
        /// The healers of a fight together, by `cdps`.
        HealerCombinedCdps = "healercombinedcdps",
        /// The healers of a fight together, by `bosscdps`.
        HealerCombinedBossCdps = "healercombinedbosscdps",
        /// The healers of a fight together, by `ndps`.
        HealerCombinedNdps = "healercombinedndps",
        /// The healers of a fight together, by `bossndps`.
        HealerCombinedBossNdps = "healercombinedbossndps",
        /// The healers of a fight together, by `rdps`.
        HealerCombinedRdps = "healercombinedrdps",
        /// The healers of a fight together, by `bossrdps`.
        HealerCombinedBossRdps = "healercombinedbossrdps",
        /// The tanks of a fight together, by `dps`.
        TankCombinedDps = "tankcombineddps",
        /// The tanks of a fight together, by `bossdps`.
        TankCombinedBossDps = "tankcombinedbossdps",
        /// The tanks of a fight together, by `cdps`.
        TankCombinedCdps = "tankcombinedcdps",
        /// The tanks of a fight together, by `bosscdps`.
        TankCombinedBossCdps = "tankcombinedbosscdps",
        /// The tanks of a fight together, by `ndps`.
        TankCombinedNdps = "tankcombinedndps",
        /// The tanks of a fight together, by `bossndps`.
        TankCombinedBossNdps = "tankcombinedbossndps",
        /// The tanks of a fight together, by `rdps`.
        TankCombinedRdps = "tankcombinedrdps",
        /// The tanks of a fight together, by `bossrdps`.
        TankCombinedBossRdps = "tankcombinedbossrdps",
    }

    /// Which events are meant.
    pub enum EventDataType {
        /// Everything.
        All = "All",
        /// Buffs gained and lost.
        Buffs = "Buffs",
        /// Casts begun and done.
        Casts = "Casts",
        /// Gear and auras of players at the start of a fight.
        CombatantInfo = "CombatantInfo",
        /// Damage by the side.
        DamageDone = "DamageDone",
        /// Damage to the side.
        DamageTaken = "DamageTaken",
        /// Deaths.
        Deaths = "Deaths",
        /// Debuffs gained and lost.
        Debuffs = "Debuffs",
        /// Effects taken off.
        Dispels = "Dispels",
        /// Healing, and damage that shields took.
        Healing = "Healing",
        /// Casts interrupted.
        Interrupts = "Interrupts",
        /// Resources gained and spent.
        Resources = "Resources",
        /// Pets and the like called.
        Summons = "Summons",
        /// Threat; the game logs none.
        Threat = "Threat",
    }

    /// Whether parses with buffs from outside the group count.
    pub enum ExternalBuffRankFilter {
        /// All parses.
        Any = "Any",
        /// Only parses with such buffs.
        Require = "Require",
        /// Only parses without.
        Exclude = "Exclude",
    }

    /// What fights are ranked by.
    pub enum FightRankingMetricType {
        /// The usual metric of the zone.
        Default = "default",
        /// Fewest deaths and least damage taken.
        Execution = "execution",
        /// Feats of strength.
        Feats = "feats",
        /// Score.
        Score = "score",
        /// Shortest time.
        Speed = "speed",
        /// Earliest kill.
        Progress = "progress",
    }

    /// Which graph is meant.
    pub enum GraphDataType {
        /// An overview.
        Summary = "Summary",
        /// Buffs gained and lost.
        Buffs = "Buffs",
        /// Casts begun and done.
        Casts = "Casts",
        /// Damage by the side.
        DamageDone = "DamageDone",
        /// Damage to the side.
        DamageTaken = "DamageTaken",
        /// Deaths.
        Deaths = "Deaths",
        /// Debuffs gained and lost.
        Debuffs = "Debuffs",
        /// Effects taken off.
        Dispels = "Dispels",
        /// Healing, and damage that shields took.
        Healing = "Healing",
        /// Casts interrupted.
        Interrupts = "Interrupts",
        /// Resources gained and spent.
        Resources = "Resources",
        /// Pets and the like called.
        Summons = "Summons",
        /// Who lived how long.
        Survivability = "Survivability",
        /// Threat; the game logs none.
        Threat = "Threat",
    }

    /// Rank of a user in a guild, as the site keeps it.
    pub enum GuildRank {
        /// Not in the guild.
        NonMember = "NonMember",
        /// Has applied.
        Applicant = "Applicant",
        /// Recruit.
        Recruit = "Recruit",
        /// Member.
        Member = "Member",
        /// Officer.
        Officer = "Officer",
        /// Guild master.
        GuildMaster = "GuildMaster",
    }

    /// Which levels of hard mode count in a ranking.
    pub enum HardModeLevelRankFilter {
        /// All levels.
        Any = "Any",
        /// The highest level only.
        Highest = "Highest",
        /// Without hard mode.
        NormalMode = "NormalMode",
        /// Hard mode of level 0.
        Level0 = "Level0",
        /// Hard mode of level 1.
        Level1 = "Level1",
        /// Hard mode of level 2.
        Level2 = "Level2",
        /// Hard mode of level 3.
        Level3 = "Level3",
        /// Hard mode of level 4.
        Level4 = "Level4",
    }

    /// One of the two sides of a fight.
    pub enum HostilityType {
        /// Players, their pets and helpers. The default.
        Friendlies = "Friendlies",
        /// Everybody else.
        Enemies = "Enemies",
    }

    /// Which fights are meant, by how they went.
    pub enum KillType {
        /// Every fight, trash too.
        All = "All",
        /// Boss fights, won or lost.
        Encounters = "Encounters",
        /// Boss fights that were won.
        Kills = "Kills",
        /// What lies between boss fights.
        Trash = "Trash",
        /// Boss fights that were lost.
        Wipes = "Wipes",
    }

    /// Whether entries without a log count in a ranking.
    pub enum LeaderboardRank {
        /// All entries; those without a log have `report.code` null and `fightID` 0.
        Any = "Any",
        /// Only entries with a log.
        LogsOnly = "LogsOnly",
    }

    /// What a parse is compared with.
    pub enum RankingCompareType {
        /// The best parse of each character.
        Rankings = "Rankings",
        /// All parses.
        Parses = "Parses",
    }

    /// Whether a parse is compared with today's ranking or with that of its own day.
    pub enum RankingTimeframeType {
        /// The ranking as it is today.
        Today = "Today",
        /// The ranking as it was on the day of the parse.
        Historical = "Historical",
    }

    /// What the players of a report are ranked by.
    pub enum ReportRankingMetricType {
        /// Damage per second to bosses.
        BossDps = "bossdps",
        /// Damage per second to bosses, with buffs credited to who gave them.
        BossRdps = "bossrdps",
        /// The usual metric of the zone.
        Default = "default",
        /// Damage per second.
        Dps = "dps",
        /// Healing per second.
        Hps = "hps",
        /// Survivability.
        Krsi = "krsi",
        /// Score of the player.
        PlayerScore = "playerscore",
        /// Speed of the fight.
        PlayerSpeed = "playerspeed",
        /// Damage per second, with buffs credited to who gave them. Known to answer "Internal server error".
        Rdps = "rdps",
        /// Healing per second of tanks.
        TankHps = "tankhps",
        /// Weighted damage per second.
        Wdps = "wdps",
    }

    /// Role of a player.
    pub enum RoleType {
        /// Every role.
        Any = "Any",
        /// Damage dealer.
        Dps = "DPS",
        /// Healer.
        Healer = "Healer",
        /// Tank.
        Tank = "Tank",
    }

    /// Subscription of a user of the site. No field of the schema holds it yet.
    pub enum SubscriptionStatus {
        /// Silver.
        Silver = "Silver",
        /// Gold.
        Gold = "Gold",
        /// Platinum.
        Platinum = "Platinum",
        /// Silver, as sold before.
        LegacySilver = "LegacySilver",
        /// Gold, as sold before.
        LegacyGold = "LegacyGold",
        /// Platinum, as sold before.
        LegacyPlatinum = "LegacyPlatinum",
        /// Member of the Alchemical Society.
        AlchemicalSociety = "AlchemicalSociety",
    }

    /// Which table is meant.
    pub enum TableDataType {
        /// An overview.
        Summary = "Summary",
        /// Buffs gained and lost.
        Buffs = "Buffs",
        /// Casts begun and done.
        Casts = "Casts",
        /// Damage by the side.
        DamageDone = "DamageDone",
        /// Damage to the side.
        DamageTaken = "DamageTaken",
        /// Deaths.
        Deaths = "Deaths",
        /// Debuffs gained and lost.
        Debuffs = "Debuffs",
        /// Effects taken off.
        Dispels = "Dispels",
        /// Healing, and damage that shields took.
        Healing = "Healing",
        /// Casts interrupted.
        Interrupts = "Interrupts",
        /// Resources gained and spent.
        Resources = "Resources",
        /// Pets and the like called.
        Summons = "Summons",
        /// Who lived how long.
        Survivability = "Survivability",
        /// Threat; the game logs none.
        Threat = "Threat",
    }

    /// What the rows of a table or the series of a graph stand for.
    pub enum ViewType {
        /// What suits the data type.
        Default = "Default",
        /// Abilities.
        Ability = "Ability",
        /// Sources.
        Source = "Source",
        /// Targets.
        Target = "Target",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_is_not_known_passes_through() {
        for text in ["\"Officer\"", "\"QuarterMaster\""] {
            let rank: OneOf<GuildRank> = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&rank).unwrap(), text);
        }
        assert_eq!(serde_json::from_str::<OneOf<GuildRank>>("\"QuarterMaster\"").unwrap().known(), None);
    }

    #[test]
    fn a_word_that_is_no_value_is_told_with_those_that_are() {
        let error = "Friends".parse::<HostilityType>().unwrap_err();
        assert_eq!(error.to_string(), "'Friends' is no HostilityType: expected one of Friendlies, Enemies");
    }
}
