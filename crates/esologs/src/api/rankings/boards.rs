//! The rankings of one encounter: the best characters, and the best fights.

use super::parts::{GearSet, RankedGuild, RankedReport, RankedServer};
use crate::api::list::{Paged, Position};
use crate::api::model::model;
use crate::api::reports::{Gear, Talent};
use crate::api::scalar::JsonScalar;
use crate::error::{Error, ErrorKind};
use crate::units::UnixMillis;

model! {
    /// A page of the best characters of an encounter.
    pub struct CharacterRankings {
        /// Number of this page, from 1.
        page: u64 = "page",
        /// Whether a page follows.
        has_more_pages: bool = "hasMorePages",
        /// Entries of this page.
        count: u64 = "count",
        /// The entries, best first.
        rankings: Vec<CharacterRank> = "rankings",
    }
}

model! {
    /// A page of the best fights of an encounter.
    pub struct FightRankings {
        /// Number of this page, from 1.
        page: u64 = "page",
        /// Whether a page follows.
        has_more_pages: bool = "hasMorePages",
        /// Entries of this page.
        count: u64 = "count",
        /// The entries, best first.
        rankings: Vec<FightRank> = "rankings",
    }
}

model! {
    /// A character in the ranking of an encounter.
    pub struct CharacterRank {
        /// The character's name.
        name: String = "name",
        /// The account's name. ESO only.
        display_name: String = "displayName",
        /// The class, by its slug.
        class: String = "class",
        /// The specialisation, by its slug.
        spec: String = "spec",
        /// What was ranked by, mostly damage or healing per second.
        amount: f64 = "amount",
        /// Level of hard mode.
        hard_mode_level: i64 = "hardModeLevel",
        /// How long the fight took, in milliseconds.
        duration: f64 = "duration",
        /// When the fight began.
        start_time: UnixMillis = "startTime",
        /// The report it is in.
        report: RankedReport = "report",
        /// The character's guild.
        guild: RankedGuild = "guild",
        /// The character's server.
        server: RankedServer = "server",
        /// What the brackets go by; for ESO the champion points.
        bracket_data: f64 = "bracketData",
        /// Whether the name is hidden.
        hidden: bool = "hidden",
        /// The skills on both bars. Where combatant info was asked for.
        talents: Vec<Talent> = "talents",
        /// What was worn. Where combatant info was asked for.
        gear: Vec<Gear> = "gear",
        /// The sets that were worn. Where combatant info was asked for.
        sets: Vec<GearSet> = "sets",
    }
}

model! {
    /// A fight in the ranking of an encounter.
    pub struct FightRank {
        /// How long it took, in milliseconds.
        duration: f64 = "duration",
        /// When it began.
        start_time: UnixMillis = "startTime",
        /// The report it is in.
        report: RankedReport = "report",
        /// The guild that fought.
        guild: RankedGuild = "guild",
        /// The guild's server.
        server: RankedServer = "server",
        /// Damage that the group took.
        damage_taken: f64 = "damageTaken",
        /// How many died.
        deaths: i64 = "deaths",
        /// Tanks of the group.
        tanks: i64 = "tanks",
        /// Healers of the group.
        healers: i64 = "healers",
        /// Damage dealers who fight at hand.
        melee: i64 = "melee",
        /// Damage dealers who fight from afar.
        ranged: i64 = "ranged",
        /// What the brackets go by.
        bracket_data: f64 = "bracketData",
    }
}

/// Both kinds of pages say where they stand in the same way.
macro_rules! paged {
    ($page:ty, $entry:ty) => {
        impl Paged for JsonScalar<$page> {
            type Entry = $entry;
            const ENTRIES: &'static str = "rankings";

            fn position(&self) -> Result<Position, Error> {
                let page = self.read()?;
                let (Some(number), Some(has_more)) = (page.page, page.has_more_pages) else {
                    let message = "a page of rankings does not tell its number, or whether one follows";
                    return Err(Error::new(ErrorKind::BadAnswer, message));
                };
                let is_empty = page.rankings.is_none_or(|rankings| rankings.is_empty());
                Ok(Position { number, has_more, is_empty, last: None, total: None })
            }

            fn into_entries(self) -> Result<Vec<$entry>, Error> {
                Ok(self.read()?.rankings.unwrap_or_default())
            }
        }
    };
}

paged!(CharacterRankings, CharacterRank);
paged!(FightRankings, FightRank);
