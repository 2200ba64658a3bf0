//! The calls on the rankings of an encounter.

use crate::api::call::call;
use crate::api::enums::{
    CharacterRankingMetricType, ExternalBuffRankFilter, FightRankingMetricType, HardModeLevelRankFilter, LeaderboardRank,
};
use crate::api::rankings::{CharacterRank, CharacterRankings, FightRank, FightRankings};
use crate::api::scalar::JsonScalar;

call! {
    /// The best characters of an encounter, 100 on a page; made by
    /// [`EncounterCalls::character_rankings`](super::EncounterCalls::character_rankings).
    pub struct EncounterCharacterRankings -> pages(JsonScalar<CharacterRankings>, CharacterRank) {
        method: "client.encounter(id).character_rankings()",
        at: "worldData" / "encounter" / "characterRankings",
        operation: "EncounterCharacterRankings" = ENCOUNTER_CHARACTER_RANKINGS,
        peer: [],
        parameters: {
            /// Only this bracket; 0 for all.
            bracket: i64 = "bracket",
            /// Only this difficulty (121 or 122).
            difficulty: i64 = "difficulty",
            /// Further filters, as the site's ranking pages write them.
            filter: String = "filter",
            /// Only this partition; default: the zone's default one.
            partition: i64 = "partition",
            /// Slug of the region ("NA", "EU").
            server_region: String = "serverRegion",
            /// Slug of the server; needs `serverRegion`.
            server_slug: String = "serverSlug",
            /// Only this group size.
            size: i64 = "size",
            /// Whether entries without a log count. Default `Any`.
            leaderboard: LeaderboardRank = "leaderboard",
            /// Which levels of hard mode count. Default `Any`.
            hard_mode_level: HardModeLevelRankFilter = "hardModeLevel",
            /// What to rank by. Default: the zone's usual one.
            metric: CharacterRankingMetricType = "metric",
            /// Add gear and the like. Default false.
            include_combatant_info: bool = "includeCombatantInfo",
            /// Only this class, by slug.
            class_name: String = "className",
            /// Only this specialisation, by slug.
            spec_name: String = "specName",
            /// Whether parses with buffs from outside count. Default `Any`.
            external_buffs: ExternalBuffRankFilter = "externalBuffs",
        }
    }
}

call! {
    /// The best fights of an encounter, 50 on a page; made by
    /// [`EncounterCalls::fight_rankings`](super::EncounterCalls::fight_rankings).
    pub struct EncounterFightRankings -> pages(JsonScalar<FightRankings>, FightRank) {
        method: "client.encounter(id).fight_rankings()",
        at: "worldData" / "encounter" / "fightRankings",
        operation: "EncounterFightRankings" = ENCOUNTER_FIGHT_RANKINGS,
        peer: [],
        parameters: {
            /// Only this bracket; 0 for all.
            bracket: i64 = "bracket",
            /// Only this difficulty (121 or 122).
            difficulty: i64 = "difficulty",
            /// Further filters, as the site's ranking pages write them.
            filter: String = "filter",
            /// Only this partition; default: the zone's default one.
            partition: i64 = "partition",
            /// Slug of the region ("NA", "EU").
            server_region: String = "serverRegion",
            /// Slug of the server; needs `serverRegion`.
            server_slug: String = "serverSlug",
            /// Only this group size.
            size: i64 = "size",
            /// Whether entries without a log count. Default `Any`.
            leaderboard: LeaderboardRank = "leaderboard",
            /// Which levels of hard mode count. Default `Any`.
            hard_mode_level: HardModeLevelRankFilter = "hardModeLevel",
            /// What to rank by. Default: the zone's usual one.
            metric: FightRankingMetricType = "metric",
        }
    }
}
