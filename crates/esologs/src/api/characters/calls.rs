//! The calls on characters.

use super::models::Character;
use crate::api::call::call;
use crate::api::draft::Draft;
use crate::api::enums::{CharacterRankingMetricType, RankingCompareType, RankingTimeframeType, RoleType};
use crate::api::page::Page;
use crate::api::rankings::{EncounterRankings, ZoneRankings};
use crate::api::reports::Report;
use crate::api::scalar::{JsonScalar, Raw};
use crate::api::verbatim::Verbatim;
use crate::client::Client;
use crate::ids::{CharacterId, EncounterId, GuildId, SpecId, ZoneId};

call! {
    /// A character, and the calls on it; made by [`Client::character`] and [`Client::character_by_name`].
    pub struct CharacterCalls -> one(Verbatim<Character>) {
        method: "client.character(id), client.character_by_name(name, server_slug, server_region)",
        at: "characterData" / "character",
        operation: "Character" = CHARACTER,
        peer: ["get_character_by_id"],
        parameters: {}
    }
}

call! {
    /// The reports that a character was in, newest first; made by [`CharacterCalls::recent_reports`].
    pub struct CharacterReports -> pages(Page<Report>, Report) {
        method: "client.character(id).recent_reports()",
        at: "characterData" / "character" / "recentReports",
        operation: "CharacterReports" = CHARACTER_REPORTS,
        peer: ["get_character_reports"],
        parameters: {
            /// Entries on a page: 1 to 100, default 100.
            per_page: i64 = "limit" in (1.0, 100.0),
        }
    }
}

call! {
    /// The ranked kills of a character at one encounter; made by [`CharacterCalls::encounter_rankings`].
    pub struct CharacterEncounterRankings -> one(JsonScalar<EncounterRankings>) {
        method: "client.character(id).encounter_rankings(encounter_id)",
        at: "characterData" / "character" / "encounterRankings",
        operation: "CharacterEncounterRankings" = CHARACTER_ENCOUNTER_RANKINGS,
        peer: ["get_character_encounter_ranking", "get_character_encounter_rankings"],
        parameters: {
            /// Compare within the bracket. Default false.
            by_bracket: bool = "byBracket",
            /// Only this class, by slug.
            class_name: String = "className",
            /// What to compare with. Default `Rankings`.
            compare: RankingCompareType = "compare",
            /// Only this difficulty (121 or 122).
            difficulty: i64 = "difficulty",
            /// Add gear and the like. Default false.
            include_combatant_info: bool = "includeCombatantInfo",
            /// Use private logs, too; user tokens only. Default false.
            include_private_logs: bool = "includePrivateLogs",
            /// What to rank by. Default: the zone's usual one.
            metric: CharacterRankingMetricType = "metric",
            /// Only this partition; default: the zone's default one.
            partition: i64 = "partition",
            /// Only this role. Default `Any`.
            role: RoleType = "role",
            /// Only this group size.
            size: i64 = "size",
            /// Only this specialisation, by slug.
            spec_name: String = "specName",
            /// Ranking of which day. Default `Historical`.
            timeframe: RankingTimeframeType = "timeframe",
        }
    }
}

call! {
    /// The best kills of a character at all encounters of a zone; made by [`CharacterCalls::zone_rankings`].
    pub struct CharacterZoneRankings -> one(JsonScalar<ZoneRankings>) {
        method: "client.character(id).zone_rankings()",
        at: "characterData" / "character" / "zoneRankings",
        operation: "CharacterZoneRankings" = CHARACTER_ZONE_RANKINGS,
        peer: ["get_character_zone_rankings"],
        parameters: {
            /// Compare within the bracket. Default false.
            by_bracket: bool = "byBracket",
            /// Only this class, by slug.
            class_name: String = "className",
            /// What to compare with. Default `Rankings`.
            compare: RankingCompareType = "compare",
            /// Only this difficulty (121 or 122).
            difficulty: i64 = "difficulty",
            /// Use private logs, too; user tokens only. Default false.
            include_private_logs: bool = "includePrivateLogs",
            /// What to rank by. Default: the zone's usual one.
            metric: CharacterRankingMetricType = "metric",
            /// Only this partition; default: the zone's default one.
            partition: i64 = "partition",
            /// Only this role. Default `Any`.
            role: RoleType = "role",
            /// Only this group size.
            size: i64 = "size",
            /// Only this specialisation, by slug.
            spec_name: String = "specName",
            /// Ranking of which day. Default `Historical`.
            timeframe: RankingTimeframeType = "timeframe",
            /// Only this zone; in rankings, default the newest one.
            zone_id: ZoneId = "zoneID",
        }
    }
}

call! {
    /// What the game's own service tells of a character, of unknown shape; made by [`CharacterCalls::game_data`].
    pub struct CharacterGameData -> maybe(Raw) {
        method: "client.character(id).game_data()",
        at: "characterData" / "character" / "gameData",
        operation: "CharacterGameData" = CHARACTER_GAME_DATA,
        peer: [],
        parameters: {
            /// Only this specialisation.
            spec_id: SpecId = "specID",
            /// Ask the game's service anew. Default false.
            force_update: bool = "forceUpdate",
        }
    }
}

call! {
    /// The characters of a guild; made by [`Client::characters`].
    pub struct CharacterList -> pages(Page<Character>, Character) {
        method: "client.characters(guild_id)",
        at: "characterData" / "characters",
        operation: "Characters" = CHARACTERS,
        peer: [],
        parameters: {
            /// Entries on a page: 1 to 100, default 100.
            per_page: i64 = "limit" in (1.0, 100.0),
        }
    }
}

impl Client {
    /// The character of this number, and the calls on it.
    pub fn character(&self, id: impl Into<CharacterId>) -> CharacterCalls {
        let id = id.into();
        CharacterCalls::of(Draft::about(self, format!("character {id}")).with("id", id))
    }

    /// The character of this name on a server, named by its slug and its region's (`"megaserver"`, `"NA"`), and the calls on
    /// it.
    pub fn character_by_name(
        &self,
        name: impl Into<String>,
        server_slug: impl Into<String>,
        server_region: impl Into<String>,
    ) -> CharacterCalls {
        CharacterCalls::of(Draft::about_named(self, "character", name.into(), server_slug.into(), server_region.into()))
    }

    /// The characters of a guild, as `characterData` lists them, page by page. [`GuildCalls::members`](crate::GuildCalls::members)
    /// is the guild's own list.
    pub fn characters(&self, guild_id: impl Into<GuildId>) -> CharacterList {
        let id = guild_id.into();
        CharacterList::of(Draft::about(self, format!("characters of guild {id}")).with("guildID", id))
    }
}

impl CharacterCalls {
    /// The reports that the character was in, newest first, page by page.
    pub fn recent_reports(&self) -> CharacterReports {
        CharacterReports::of(self.draft.part("recent reports"))
    }

    /// The character's ranked kills of one encounter.
    pub fn encounter_rankings(&self, encounter_id: impl Into<EncounterId>) -> CharacterEncounterRankings {
        CharacterEncounterRankings::of(self.draft.part("encounter rankings").with("encounterID", encounter_id.into()))
    }

    /// The character's best kills of all encounters of a zone.
    pub fn zone_rankings(&self) -> CharacterZoneRankings {
        CharacterZoneRankings::of(self.draft.part("zone rankings"))
    }

    /// What the game's own service tells of the character. Its shape is not known, so it is handed over raw.
    pub fn game_data(&self) -> CharacterGameData {
        CharacterGameData::of(self.draft.part("game data"))
    }
}
