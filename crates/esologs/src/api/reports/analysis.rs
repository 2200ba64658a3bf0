//! The calls on what the site makes of a report: tables, graphs, rankings, players.

use serde_json::value::RawValue;

use super::filter::{FightIds, filtered};
use super::graph::Graph;
use super::player_details::PlayerDetails;
use super::ranks::ReportRanks;
use super::table::Table;
use crate::api::call::call;
use crate::api::enums::{
    GraphDataType, HostilityType, KillType, RankingCompareType, RankingTimeframeType, ReportRankingMetricType, TableDataType,
    ViewType,
};
use crate::api::found::{At, Typed};
use crate::api::scalar::{JsonScalar, WithData};
use crate::error::Error;
use crate::ids::{AbilityId, ActorId, EncounterId, FightId};
use crate::query::{Operation, documents};
use crate::units::ReportTime;

filtered! {
    /// Series over time; made by [`ReportCalls::graph`](super::ReportCalls::graph).
    pub struct ReportGraph -> one(JsonScalar<Graph>) {
        method: "client.report(code).graph()",
        at: "reportData" / "report" / "graph",
        operation: "ReportGraph" = REPORT_GRAPH,
        peer: ["get_report_graph"],
        parameters: {
            /// Which graph. Default `Summary`.
            data_type: GraphDataType = "dataType",
            /// What rows stand for. Default `Default`.
            view_by: ViewType = "viewBy",
        }
    }
}

filtered! {
    /// Sums of a report: by ability, source or target; made by [`ReportCalls::table`](super::ReportCalls::table).
    /// Without a source only the first abilities of each actor are listed.
    pub struct ReportTable -> one(JsonScalar<Table>) {
        method: "client.report(code).table()",
        at: "reportData" / "report" / "table",
        operation: "ReportTable" = REPORT_TABLE,
        peer: ["get_report_table"],
        parameters: {
            /// Which table. Default `Summary`.
            data_type: TableDataType = "dataType",
            /// What rows stand for. Default `Default`.
            view_by: ViewType = "viewBy",
        }
    }
}

call! {
    /// The parses of the kills of a report; made by [`ReportCalls::rankings`](super::ReportCalls::rankings).
    pub struct ReportRankings -> one(JsonScalar<ReportRanks>) {
        method: "client.report(code).rankings()",
        at: "reportData" / "report" / "rankings",
        operation: "ReportRankings" = REPORT_RANKINGS,
        peer: ["get_report_rankings"],
        parameters: {
            /// What to compare with. Default `Rankings`.
            compare: RankingCompareType = "compare",
            /// Only this difficulty (121 or 122).
            difficulty: i64 = "difficulty",
            /// Only this encounter; 0 for trash.
            encounter_id: EncounterId = "encounterID",
            /// Only these fights, by their numbers. Alone they stand for the whole of those fights.
            fights: FightIds = "fightIDs",
            /// What to rank by. Default: the zone's usual one.
            player_metric: ReportRankingMetricType = "playerMetric",
            /// Ranking of which day. Default `Historical`.
            timeframe: RankingTimeframeType = "timeframe",
        }
    }
}

call! {
    /// The players of a report by role, with their gear where asked for; made by
    /// [`ReportCalls::player_details`](super::ReportCalls::player_details).
    pub struct ReportPlayerDetails -> one(JsonScalar<PlayerDetails>) {
        method: "client.report(code).player_details()",
        at: "reportData" / "report" / "playerDetails",
        operation: "ReportPlayerDetails" = REPORT_PLAYER_DETAILS,
        peer: ["get_report_player_details"],
        parameters: {
            /// Only this difficulty (121 or 122).
            difficulty: i64 = "difficulty",
            /// Only this encounter; 0 for trash.
            encounter_id: EncounterId = "encounterID",
            /// End of the range, in milliseconds since the report's start.
            end_time: ReportTime = "endTime",
            /// Only these fights, by their numbers. Alone they stand for the whole of those fights.
            fights: FightIds = "fightIDs",
            /// Only fights that went like this.
            kill_type: KillType = "killType",
            /// Start of the range, in milliseconds since the report's start.
            start_time: ReportTime = "startTime",
            /// Names in the language of the site asked, not of the log. Default true.
            translate: bool = "translate",
            /// Add gear and the like. Default false.
            include_combatant_info: bool = "includeCombatantInfo",
        }
    }
}

/// For pulls, which keep what was sent as it is, and to which null is an answer like another.
macro_rules! to_the_letter {
    ($($name:ident: $field:literal, $operation:literal = $document:ident;)*) => {$(
        impl $name {
            const WHOLE: At<Typed<WithData>> = At::typed(&["reportData", "report", $field]);

            pub(crate) fn operation(&self) -> Result<Operation, Error> {
                self.draft.operation($operation, &documents::$document)
            }

            pub(crate) async fn json_or_null(&self) -> Result<Option<Box<RawValue>>, Error> {
                let found = self.draft.fetch_or_null(&Self::WHOLE, self.operation()?).await?;
                Ok(found.map(|value| value.json().to_owned()))
            }
        }
    )*};
}

to_the_letter! {
    ReportTable: "table", "ReportTable" = REPORT_TABLE;
    ReportRankings: "rankings", "ReportRankings" = REPORT_RANKINGS;
    ReportPlayerDetails: "playerDetails", "ReportPlayerDetails" = REPORT_PLAYER_DETAILS;
}
