//! `reportData`: a report with its fights and actors, its events, and what the site makes of them.

mod analysis;
mod batch;
mod calls;
mod dungeon_pull;
mod event;
mod events;
mod fight;
mod filter;
mod graph;
mod lines_page;
mod list;
mod parts;
mod phases;
mod player_details;
mod ranks;
mod report;
mod table;

pub use analysis::{ReportGraph, ReportPlayerDetails, ReportRankings, ReportTable};
pub use batch::{BatchedReport, ReportBatch};
pub use calls::ReportCalls;
pub use dungeon_pull::{DungeonPull, DungeonPullNpc};
#[cfg(feature = "fuzzing")]
pub(crate) use event::read_lines;
pub use event::{
    Absorbed, Aura, Buffs, Cast, ClassResource, CombatantAura, CombatantInfo, Damage, Death, Ended, EventAbility, EventActor,
    EventDetails, EventType, ExtraFields, FlatResources, GearPiece, Heal, HitType, PlayerEnterCombat, ReportEvent, ResourceActor,
    ResourceChange, Resources, Summon, TypedEvents, TypedEventsPage,
};
#[cfg(feature = "export")]
pub(crate) use event::{number, walk, whole_number};
#[cfg(feature = "fuzzing")]
pub(crate) use events::judged;
pub(crate) use events::{EventLines, PageOf};
pub use events::{Events, EventsPage};
pub use fight::{BoundingBox, Fight, FightNpc, GameZone, PhaseTransition, ReportMap};
pub use filter::FightIds;
pub use graph::{Graph, GraphData, GraphSeries};
pub use lines_page::EventLinesPage;
pub use list::ReportList;
pub use parts::{ReportFights, ReportMasterData, ReportPhases, ReportRankedCharacters};
pub use phases::{EncounterPhases, PhaseMetadata};
pub use player_details::{
    CountedSpec, Gear, Player, PlayerCombatantInfo, PlayerDetails, PlayerDetailsData, PlayerRoles, SpecCount, Talent,
};
pub use ranks::{GroupRank, RankedCharacter, RankedFight, RankedRole, RankedRoles, ReportRanks};
pub use report::{ArchiveStatus, MasterData, Report, ReportAbility, ReportActor};
pub use table::{AuraBand, Composition, DeathEvent, Table, TableAura, TableData, TableEntry};

use super::catalogue::CallInfo;

/// The calls under this root field.
pub(super) fn calls() -> Vec<CallInfo> {
    vec![
        ReportCalls::info(),
        Events::info(),
        ReportGraph::info(),
        ReportTable::info(),
        ReportRankings::info(),
        ReportPlayerDetails::info(),
        ReportList::info(),
        ReportFights::info(),
        ReportMasterData::info(),
        ReportPhases::info(),
        ReportRankedCharacters::info(),
    ]
}
