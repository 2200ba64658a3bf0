//! `worldData`: regions and servers, zones and encounters.

mod calls;
mod models;
mod rankings;

pub use calls::{
    EncounterCalls, ExpansionCall, ExpansionsCall, RegionCalls, RegionServers, RegionsCall, ServerCalls, ServerCharacters,
    ServerGuilds, SubregionCalls, SubregionServers, WorldCall, ZoneCall, ZonesCall,
};
pub use models::{Bracket, Difficulty, Encounter, Expansion, Partition, Region, Server, Subregion, World, Zone};
pub use rankings::{EncounterCharacterRankings, EncounterFightRankings};

use super::catalogue::CallInfo;

/// The calls under this root field.
pub(super) fn calls() -> Vec<CallInfo> {
    vec![
        WorldCall::info(),
        EncounterCalls::info(),
        ExpansionCall::info(),
        ExpansionsCall::info(),
        RegionCalls::info(),
        RegionsCall::info(),
        RegionServers::info(),
        SubregionCalls::info(),
        SubregionServers::info(),
        ServerCalls::info(),
        ServerGuilds::info(),
        ServerCharacters::info(),
        ZoneCall::info(),
        ZonesCall::info(),
        EncounterCharacterRankings::info(),
        EncounterFightRankings::info(),
    ]
}
