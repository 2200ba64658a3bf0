//! `progressRaceData`: races to a first kill.

use crate::api::call::call;
use crate::api::catalogue::CallInfo;
use crate::api::draft::Draft;
use crate::api::scalar::Raw;
use crate::client::Client;
use crate::ids::{EncounterId, GuildId, ZoneId};

call! {
    /// The standing of a race to a first kill, of unknown shape; made by [`Client::progress_race`]. `None` while none
    /// is on.
    pub struct ProgressRace -> maybe(Raw) {
        method: "client.progress_race()",
        at: "progressRaceData" / "progressRace",
        operation: "ProgressRace" = PROGRESS_RACE,
        peer: ["get_progress_race"],
        parameters: {
            /// Slug of the region ("NA", "EU").
            server_region: String = "serverRegion",
            /// Slug of the subregion.
            server_subregion: String = "serverSubregion",
            /// Slug of the server; needs `serverRegion`.
            server_slug: String = "serverSlug",
            /// Only this zone; in rankings, default the newest one.
            zone_id: ZoneId = "zoneID",
            /// The race, by its number.
            competition_id: i64 = "competitionID",
            /// Only this difficulty (121 or 122).
            difficulty: i64 = "difficulty",
            /// Only this group size.
            size: i64 = "size",
            /// Only this guild.
            guild_id: GuildId = "guildID",
            /// Only this guild, by name; needs its server and region.
            guild_name: String = "guildName",
        }
    }
}

call! {
    /// The group of one guild in a race, of unknown shape; made by [`Client::detailed_composition`]. `None` while none
    /// is on.
    pub struct DetailedComposition -> maybe(Raw) {
        method: "client.detailed_composition()",
        at: "progressRaceData" / "detailedComposition",
        operation: "DetailedComposition" = DETAILED_COMPOSITION,
        peer: [],
        parameters: {
            /// The race, by its number.
            competition_id: i64 = "competitionID",
            /// Only this guild.
            guild_id: GuildId = "guildID",
            /// Only this guild, by name; needs its server and region.
            guild_name: String = "guildName",
            /// Slug of the server; needs `serverRegion`.
            server_slug: String = "serverSlug",
            /// Slug of the region ("NA", "EU").
            server_region: String = "serverRegion",
            /// Only this encounter; 0 for trash.
            encounter_id: EncounterId = "encounterID",
            /// Only this difficulty (121 or 122).
            difficulty: i64 = "difficulty",
            /// Only this group size.
            size: i64 = "size",
        }
    }
}

impl Client {
    /// The standing of a race to a first kill. Its shape is not known, so it is handed over raw; `None` while none is on.
    pub fn progress_race(&self) -> ProgressRace {
        ProgressRace::of(Draft::about(self, "progress race"))
    }

    /// The group of one guild in a race. Its shape is not known, so it is handed over raw; `None` while none is on.
    pub fn detailed_composition(&self) -> DetailedComposition {
        DetailedComposition::of(Draft::about(self, "composition in a progress race"))
    }
}

/// The calls under this root field.
pub(super) fn calls() -> Vec<CallInfo> {
    vec![ProgressRace::info(), DetailedComposition::info()]
}
