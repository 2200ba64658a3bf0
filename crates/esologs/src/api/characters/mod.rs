//! `characterData`: characters.

mod calls;
mod models;

pub use calls::{
    CharacterCalls, CharacterEncounterRankings, CharacterGameData, CharacterList, CharacterReports, CharacterZoneRankings,
};
pub use models::Character;

use super::catalogue::CallInfo;

/// The calls under this root field.
pub(super) fn calls() -> Vec<CallInfo> {
    vec![
        CharacterCalls::info(),
        CharacterReports::info(),
        CharacterEncounterRankings::info(),
        CharacterZoneRankings::info(),
        CharacterGameData::info(),
        CharacterList::info(),
    ]
}
