//! The rankings of one character: of one encounter, and of all encounters of a zone.

use super::parts::{RankedGuild, RankedReport};
use crate::api::enums::{CharacterRankingMetricType, OneOf};
use crate::api::model::model;
use crate::ids::{EncounterId, ZoneId};
use crate::units::UnixMillis;

model! {
    /// A character's ranked kills of one encounter.
    pub struct EncounterRankings {
        /// The best amount.
        best_amount: f64 = "bestAmount",
        /// Median of the kills' percentiles, 0 to 100.
        median_performance: f64 = "medianPerformance",
        /// Mean of the kills' percentiles, 0 to 100.
        average_performance: f64 = "averagePerformance",
        /// Kills that were ranked.
        total_kills: i64 = "totalKills",
        /// Duration of the fastest kill, in milliseconds.
        fastest_kill: f64 = "fastestKill",
        /// The difficulty that is meant (121 or 122).
        difficulty: i64 = "difficulty",
        /// What was ranked by.
        metric: OneOf<CharacterRankingMetricType> = "metric",
        /// The partition that is meant; -1 for all.
        partition: i64 = "partition",
        /// The encounter's zone.
        zone: ZoneId = "zone",
        /// The kills.
        ranks: Vec<EncounterRank> = "ranks",
    }
}

model! {
    /// A ranked kill of a character.
    pub struct EncounterRank {
        /// Whether the rank counts for good.
        locked_in: bool = "lockedIn",
        /// Percentile among the parses it is compared with, 0 to 100.
        rank_percent: f64 = "rankPercent",
        /// Percentile on the day of the kill.
        historical_percent: f64 = "historicalPercent",
        /// Percentile today.
        today_percent: f64 = "todayPercent",
        /// Parses it is compared with.
        rank_total_parses: i64 = "rankTotalParses",
        /// Parses on the day of the kill.
        historical_total_parses: i64 = "historicalTotalParses",
        /// Parses today.
        today_total_parses: i64 = "todayTotalParses",
        /// The character's guild.
        guild: RankedGuild = "guild",
        /// The report it is in.
        report: RankedReport = "report",
        /// How long the fight took, in milliseconds.
        duration: f64 = "duration",
        /// When the fight began.
        start_time: UnixMillis = "startTime",
        /// What was ranked by, mostly damage or healing per second.
        amount: f64 = "amount",
        /// What the brackets go by.
        bracket_data: f64 = "bracketData",
        /// The specialisation.
        spec: String = "spec",
        /// The character's best specialisation.
        best_spec: String = "bestSpec",
        /// The class, by its number.
        class: i64 = "class",
    }
}

model! {
    /// A character's best kills of all encounters of a zone.
    pub struct ZoneRankings {
        /// Mean of the best percentiles, 0 to 100.
        best_performance_average: f64 = "bestPerformanceAverage",
        /// Mean of the median percentiles, 0 to 100.
        median_performance_average: f64 = "medianPerformanceAverage",
        /// The difficulty that is meant (121 or 122).
        difficulty: i64 = "difficulty",
        /// What was ranked by.
        metric: OneOf<CharacterRankingMetricType> = "metric",
        /// The partition that is meant; -1 for all.
        partition: i64 = "partition",
        /// The zone.
        zone: ZoneId = "zone",
        /// The group size that is meant.
        size: i64 = "size",
        /// The character's points for the whole zone, for each partition and specialisation.
        all_stars: Vec<AllStars> = "allStars",
        /// The encounters.
        rankings: Vec<ZoneRank> = "rankings",
    }
}

model! {
    /// A character's best at one encounter.
    pub struct ZoneRank {
        /// The encounter.
        encounter: RankedEncounter = "encounter",
        /// Percentile of the best kill, 0 to 100.
        rank_percent: f64 = "rankPercent",
        /// Median of the kills' percentiles, 0 to 100.
        median_percent: f64 = "medianPercent",
        /// Whether the rank counts for good.
        locked_in: bool = "lockedIn",
        /// Kills that were ranked.
        total_kills: i64 = "totalKills",
        /// Duration of the fastest kill, in milliseconds.
        fastest_kill: f64 = "fastestKill",
        /// The points for it.
        all_stars: AllStars = "allStars",
        /// The specialisation.
        spec: String = "spec",
        /// The character's best specialisation.
        best_spec: String = "bestSpec",
        /// The best amount.
        best_amount: f64 = "bestAmount",
    }
}

model! {
    /// An encounter, by number and name.
    pub struct RankedEncounter {
        /// The encounter's number.
        id: EncounterId = "id",
        /// The encounter's name.
        name: String = "name",
    }
}

model! {
    /// Points for being among the best.
    pub struct AllStars {
        /// The partition they are for.
        partition: i64 = "partition",
        /// The specialisation they are for.
        spec: String = "spec",
        /// The points.
        points: f64 = "points",
        /// The most that could be had.
        possible_points: f64 = "possiblePoints",
        /// Place in the world.
        rank: i64 = "rank",
        /// Place in the region.
        region_rank: i64 = "regionRank",
        /// Place on the server.
        server_rank: i64 = "serverRank",
        /// Percentile, 0 to 100.
        rank_percent: f64 = "rankPercent",
        /// Characters that are compared.
        total: i64 = "total",
    }
}
