//! The phases of the encounters of a report.

use crate::api::model::model;
use crate::ids::EncounterId;

model! {
    /// The phases of one encounter.
    pub struct EncounterPhases {
        [
            /// The encounter.
            encounter_id: EncounterId = "encounterID",
        ]
        /// Whether wipes are told apart by phase.
        separates_wipes: bool = "separatesWipes",
        /// Its phases, in order; null if it has none.
        phases: Vec<PhaseMetadata> = "phases",
    }
}

model! {
    /// One phase of an encounter.
    pub struct PhaseMetadata {
        /// Id, as the site numbers them.
        id: i64 = "id",
        /// Name in full.
        name: String = "name",
        /// Whether it is a break between phases.
        is_intermission: bool = "isIntermission",
    }
}
