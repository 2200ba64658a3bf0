//! `reportData`: a report with its fights and actors, and its events.

mod calls;
mod events;
mod fight;
mod report;

pub use calls::ReportCalls;
pub use events::{EventDataType, Events, EventsPage, HostilityType};
pub(crate) use events::{EventLines, PageOf};
pub use fight::{BoundingBox, Fight, FightNpc, GameZone, PhaseTransition, ReportMap};
pub use report::{ArchiveStatus, MasterData, Region, Report, ReportAbility, ReportActor, ReportGuild, ReportUser, ReportZone};
