//! The shape of `rankings` of a report: the parses of its kills.

use crate::api::model::model;
use crate::api::rankings::{RankedEncounter, RankedServer};
use crate::ids::{CharacterId, FightId, ZoneId};

model! {
    /// The parses of the kills of a report, as the API wraps them.
    pub struct ReportRanks {
        /// The kills.
        data: Vec<RankedFight> = "data",
    }
}

model! {
    /// A kill with the parses of its players.
    pub struct RankedFight {
        /// The fight within the report.
        fight_id: FightId = "fightID",
        /// The partition it counts for.
        partition: i64 = "partition",
        /// The zone.
        zone: ZoneId = "zone",
        /// The encounter.
        encounter: RankedEncounter = "encounter",
        /// The difficulty (121 or 122).
        difficulty: i64 = "difficulty",
        /// Number of players meant for it.
        size: i64 = "size",
        /// 1 for a kill.
        kill: i64 = "kill",
        /// How long it took, in milliseconds.
        duration: f64 = "duration",
        /// What the brackets go by.
        bracket_data: f64 = "bracketData",
        /// The bracket.
        bracket: i64 = "bracket",
        /// How many died.
        deaths: i64 = "deaths",
        /// Damage taken by all but tanks.
        damage_taken_excluding_tanks: f64 = "damageTakenExcludingTanks",
        /// The players by role.
        roles: RankedRoles = "roles",
        /// How the group's speed ranks.
        speed: GroupRank = "speed",
        /// How the group's execution ranks.
        execution: GroupRank = "execution",
    }
}

model! {
    /// The place of a whole group.
    pub struct GroupRank {
        /// The place; with `~` before it where it is estimated.
        rank: String = "rank",
        /// The best place of the guild; with `~` before it where it is estimated.
        best: String = "best",
        /// Parses that are compared.
        total_parses: i64 = "totalParses",
        /// Percentile, 0 to 100.
        rank_percent: f64 = "rankPercent",
    }
}

model! {
    /// The players of a kill by role.
    pub struct RankedRoles {
        /// Tanks.
        tanks: RankedRole = "tanks",
        /// Healers.
        healers: RankedRole = "healers",
        /// Damage dealers.
        dps: RankedRole = "dps",
    }
}

model! {
    /// The players of one role.
    pub struct RankedRole {
        /// The role's name.
        name: String = "name",
        /// The players.
        characters: Vec<RankedCharacter> = "characters",
    }
}

model! {
    /// A player's parse of a kill.
    pub struct RankedCharacter {
        /// The character; null where it hides its name.
        id: CharacterId = "id",
        /// The name.
        name: String = "name",
        /// The server.
        server: RankedServer = "server",
        /// The class.
        class: String = "class",
        /// The specialisation.
        spec: String = "spec",
        /// What was ranked by, mostly damage or healing per second.
        amount: f64 = "amount",
        /// What the brackets go by.
        bracket_data: f64 = "bracketData",
        /// The bracket.
        bracket: i64 = "bracket",
        /// The place; with `~` before it where it is estimated.
        rank: String = "rank",
        /// The character's best place; with `~` before it where it is estimated.
        best: String = "best",
        /// Parses that are compared.
        total_parses: i64 = "totalParses",
        /// Percentile, 0 to 100.
        rank_percent: f64 = "rankPercent",
        /// Percentile within the bracket, 0 to 100.
        bracket_percent: f64 = "bracketPercent",
    }
}
