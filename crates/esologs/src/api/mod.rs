//! Typed calls and models, a module for each root field of the API's schema.

mod found;
mod guilds;
mod lines;
mod model;
mod page;
mod query;
mod rate_limit;
mod reports;
mod verbatim;

pub use guilds::{Guild, GuildCalls, GuildFaction, GuildReports, GuildServer, GuildTag};
pub(crate) use lines::{Lines, on_one_line};
pub use page::Page;
#[cfg(feature = "fuzzing")]
pub(crate) use query::Data as QueryData;
pub use query::QueryAnswer;
pub(crate) use rate_limit::RateLimitCall;
pub use rate_limit::RateLimitData;
pub use reports::{
    Absorbed, Aura, BatchedReport, Buffs, Cast, ClassResource, CombatantAura, CombatantInfo, Damage, Death, Ended, EventAbility,
    EventActor, EventDetails, EventLinesPage, EventType, ExtraFields, FlatResources, GearPiece, Heal, HitType, PlayerEnterCombat,
    ReportBatch, ReportEvent, ResourceActor, ResourceChange, Resources, Summon, TypedEvents, TypedEventsPage,
};
pub use reports::{
    ArchiveStatus, BoundingBox, EventDataType, Events, EventsPage, Fight, FightNpc, GameZone, HostilityType, MasterData,
    PhaseTransition, Region, Report, ReportAbility, ReportActor, ReportCalls, ReportGuild, ReportMap, ReportUser, ReportZone,
};
pub(crate) use reports::{EventLines, PageOf};
#[cfg(feature = "fuzzing")]
pub(crate) use reports::{judged, read_lines};
pub use verbatim::Verbatim;
