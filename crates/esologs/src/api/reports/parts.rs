//! The calls on parts of a report: fights, actors and abilities, phases, characters.

use super::fight::Fight;
use super::filter::FightIds;
use super::phases::EncounterPhases;
use super::report::MasterData;
use crate::api::call::call;
use crate::api::characters::Character;
use crate::api::enums::KillType;
use crate::api::verbatim::Verbatim;
use crate::ids::EncounterId;

call! {
    /// Fights of a report; made by [`ReportCalls::fights`](super::ReportCalls::fights).
    pub struct ReportFights -> one(Verbatim<Vec<Fight>>) {
        method: "client.report(code).fights()",
        at: "reportData" / "report" / "fights",
        operation: "ReportFights" = REPORT_FIGHTS,
        peer: [],
        parameters: {
            /// Only this difficulty (121 or 122).
            difficulty: i64 = "difficulty",
            /// Only this encounter; 0 for trash.
            encounter_id: EncounterId = "encounterID",
            /// Only these fights, by their numbers.
            fights: FightIds = "fightIDs",
            /// Only fights that went like this.
            kill_type: KillType = "killType",
            /// Names in the language of the site asked, not of the log. Default true.
            translate: bool = "translate",
        }
    }
}

call! {
    /// Who and what the events of a report name by number; made by
    /// [`ReportCalls::master_data`](super::ReportCalls::master_data).
    pub struct ReportMasterData -> one(Verbatim<MasterData>) {
        method: "client.report(code).master_data()",
        at: "reportData" / "report" / "masterData",
        operation: "ReportMasterData" = REPORT_MASTER_DATA,
        peer: [],
        parameters: {
            /// Names in the language of the site asked, not of the log. Default true.
            translate: bool = "translate",
            /// Only actors of this type: `Player`, `NPC` or `Pet`.
            actor_type: String = "actorType",
            /// Only actors of this sub-type.
            actor_sub_type: String = "actorSubType",
        }
    }
}

call! {
    /// The phases of the encounters of a report; made by [`ReportCalls::phases`](super::ReportCalls::phases).
    pub struct ReportPhases -> maybe(Verbatim<Vec<EncounterPhases>>) {
        method: "client.report(code).phases()",
        at: "reportData" / "report" / "phases",
        operation: "ReportPhases" = REPORT_PHASES,
        peer: [],
        parameters: {}
    }
}

call! {
    /// The characters with ranked kills in a report; made by
    /// [`ReportCalls::ranked_characters`](super::ReportCalls::ranked_characters).
    pub struct ReportRankedCharacters -> maybe(Verbatim<Vec<Character>>) {
        method: "client.report(code).ranked_characters()",
        at: "reportData" / "report" / "rankedCharacters",
        operation: "ReportRankedCharacters" = REPORT_RANKED_CHARACTERS,
        peer: [],
        parameters: {}
    }
}
