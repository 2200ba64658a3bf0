//! What an answer is, by the operation that it answers: a table.

use serde::{Deserialize, Serialize};

use crate::query::Operation;

/// What decides how long an answer is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// It is never kept.
    Never,
    /// It changes while one looks.
    Live,
    /// Of one report: good for as long as the report does not change.
    Report,
    /// Lists, rankings, guilds, characters, users, and callers' own queries: they grow and change at any time.
    List,
    /// The game and its world: they change with patches.
    World,
}

impl Kind {
    /// A name in lower case, for tables and JSON.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Live => "live",
            Self::Report => "report",
            Self::List => "list",
            Self::World => "world",
        }
    }

    /// What an operation brings.
    pub(crate) fn of(operation: &Operation) -> Self {
        if operation.is_of_the_library() { Self::of_call(operation.name()) } else { Self::of_query(operation.document()) }
    }

    /// Of the library's own operations. What does not stand here is not kept: somebody has to think about it first.
    fn of_call(name: &str) -> Self {
        match name {
            // The parses in a final report go on changing, as those they are compared with do.
            "ReportRankings" | "ReportRankedCharacters" => Self::List,
            "Report"
            | "ReportEvents"
            | "ReportFights"
            | "ReportGraph"
            | "ReportMasterData"
            | "ReportPhases"
            | "ReportPlayerDetails"
            | "ReportTable" => Self::Report,
            "Reports" | "GuildReports" | "CharacterReports" => Self::List,
            "Guild" | "Guilds" | "GuildAttendance" | "GuildMembers" | "GuildZoneRanking" | "ServerGuilds" => Self::List,
            "Character"
            | "Characters"
            | "CharacterEncounterRankings"
            | "CharacterGameData"
            | "CharacterZoneRankings"
            | "ServerCharacters" => Self::List,
            "EncounterCharacterRankings" | "EncounterFightRankings" => Self::List,
            "User" | "CurrentUser" | "CurrentUserRank" => Self::List,
            "ProgressRace" | "DetailedComposition" => Self::Live,
            "Abilities" | "Ability" | "Class" | "Classes" | "Factions" | "Item" | "Items" | "ItemSet" | "ItemSets" | "Map"
            | "Maps" | "Npc" | "Npcs" => Self::World,
            "World" | "Encounter" | "Expansion" | "Expansions" | "Region" | "Regions" | "RegionServers" | "Server"
            | "Subregion" | "SubregionServers" | "Zone" | "Zones" => Self::World,
            _ => Self::Never,
        }
    }

    /// Of a caller's own query, by its text without the points that it is made to ask for. How the points stand is a
    /// question about now; whether the rest is about one report, the answer tells.
    fn of_query(text: &str) -> Self {
        if text.matches("rateLimitData").count() > 1 || text.contains("progressRaceData") {
            return Self::Never;
        }
        Self::List
    }

    /// Whether an answer to a caller's own query can be as good as the report that it is about.
    pub(super) fn can_be_of_a_report(text: &str) -> bool {
        !text.contains("rankings") && !text.contains("rankedCharacters")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;
    use crate::api::catalogue;

    #[test]
    fn every_call_of_the_catalogue_but_the_points_has_its_row() {
        for call in catalogue::calls() {
            let kind = Kind::of_call(call.operation);
            assert_eq!(kind == Kind::Never, call.operation == "RateLimit", "{}: how long is it good for?", call.operation);
            let is_about_a_report = call.method.starts_with("client.report(");
            assert!(kind != Kind::Report || is_about_a_report, "{}: which report?", call.operation);
        }
    }

    #[test]
    fn a_callers_query_is_short_lived_whatever_it_is_called_and_never_kept_where_it_asks_for_the_points() {
        let of = |text: &str| {
            let query = crate::query::document::only_query(text).unwrap();
            Kind::of(&Operation::raw(query.name, query.text, Map::new()))
        };
        assert_eq!(of("query Report { reportData { report(code: \"a\") { title } } }"), Kind::List);
        assert_eq!(of("{ worldData { zones { id } } }"), Kind::List);
        assert_eq!(of("{ rateLimitData { limitPerHour } }"), Kind::Never);
        assert_eq!(of("{ mine: rateLimitData { limitPerHour } }"), Kind::Never);
    }
}
