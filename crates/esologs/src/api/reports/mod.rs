//! `reportData`: a report with its fights and actors, and its events.

mod batch;
mod calls;
mod event;
mod events;
mod fight;
mod lines_page;
mod report;

pub use batch::{BatchedReport, ReportBatch};
pub use calls::ReportCalls;
#[cfg(feature = "fuzzing")]
pub(crate) use event::read_lines;
pub use event::{
    Absorbed, Aura, Buffs, Cast, ClassResource, CombatantAura, CombatantInfo, Damage, Death, Ended, EventAbility, EventActor,
    EventDetails, EventType, ExtraFields, FlatResources, GearPiece, Heal, HitType, PlayerEnterCombat, ReportEvent, ResourceActor,
    ResourceChange, Resources, Summon, TypedEvents, TypedEventsPage,
};
#[cfg(feature = "fuzzing")]
pub(crate) use events::judged;
pub use events::{EventDataType, Events, EventsPage, HostilityType};
pub(crate) use events::{EventLines, PageOf};
pub use fight::{BoundingBox, Fight, FightNpc, GameZone, PhaseTransition, ReportMap};
pub use lines_page::EventLinesPage;
pub use report::{ArchiveStatus, MasterData, Region, Report, ReportAbility, ReportActor, ReportGuild, ReportUser, ReportZone};
