//! The calls on regions and servers, zones and encounters.

use super::models::{Encounter, Expansion, Region, Server, Subregion, World, Zone};
use super::rankings::{EncounterCharacterRankings, EncounterFightRankings};
use crate::api::call::call;
use crate::api::characters::Character;
use crate::api::draft::Draft;
use crate::api::guilds::Guild;
use crate::api::page::Page;
use crate::api::verbatim::Verbatim;
use crate::client::Client;
use crate::ids::{EncounterId, ExpansionId, RegionId, ServerId, SubregionId, ZoneId};

call! {
    /// All there is of the world in one answer: expansions, regions, zones; made by [`Client::world`].
    pub struct WorldCall -> one(Verbatim<World>) {
        method: "client.world()",
        at: "worldData",
        operation: "World" = WORLD,
        peer: ["get_world_data"],
        parameters: {}
    }
}

call! {
    /// An encounter, and the calls on it; made by [`Client::encounter`].
    pub struct EncounterCalls -> one(Verbatim<Encounter>) {
        method: "client.encounter(id)",
        at: "worldData" / "encounter",
        operation: "Encounter" = ENCOUNTER,
        peer: [],
        parameters: {}
    }
}

call! {
    /// An expansion of the game; made by [`Client::expansion`].
    pub struct ExpansionCall -> one(Verbatim<Expansion>) {
        method: "client.expansion(id)",
        at: "worldData" / "expansion",
        operation: "Expansion" = EXPANSION,
        peer: [],
        parameters: {}
    }
}

call! {
    /// The expansions of the game; made by [`Client::expansions`].
    pub struct ExpansionsCall -> one(Verbatim<Vec<Expansion>>) {
        method: "client.expansions()",
        at: "worldData" / "expansions",
        operation: "Expansions" = EXPANSIONS,
        peer: [],
        parameters: {}
    }
}

call! {
    /// A region, and the calls on it; made by [`Client::region`].
    pub struct RegionCalls -> one(Verbatim<Region>) {
        method: "client.region(id)",
        at: "worldData" / "region",
        operation: "Region" = REGION,
        peer: [],
        parameters: {}
    }
}

call! {
    /// The regions; made by [`Client::regions`].
    pub struct RegionsCall -> one(Verbatim<Vec<Region>>) {
        method: "client.regions()",
        at: "worldData" / "regions",
        operation: "Regions" = REGIONS,
        peer: ["get_regions"],
        parameters: {}
    }
}

call! {
    /// The servers of a region; made by [`RegionCalls::servers`].
    pub struct RegionServers -> pages(Page<Server>, Server) {
        method: "client.region(id).servers()",
        at: "worldData" / "region" / "servers",
        operation: "RegionServers" = REGION_SERVERS,
        peer: [],
        parameters: {
            /// Entries on a page: 1 to 100, default 100.
            per_page: i64 = "limit" in (1.0, 100.0),
        }
    }
}

call! {
    /// A part of a region, and the calls on it; made by [`Client::subregion`].
    pub struct SubregionCalls -> one(Verbatim<Subregion>) {
        method: "client.subregion(id)",
        at: "worldData" / "subregion",
        operation: "Subregion" = SUBREGION,
        peer: [],
        parameters: {}
    }
}

call! {
    /// The servers of a part of a region; made by [`SubregionCalls::servers`].
    pub struct SubregionServers -> pages(Page<Server>, Server) {
        method: "client.subregion(id).servers()",
        at: "worldData" / "subregion" / "servers",
        operation: "SubregionServers" = SUBREGION_SERVERS,
        peer: [],
        parameters: {
            /// Entries on a page: 1 to 100, default 100.
            per_page: i64 = "limit" in (1.0, 100.0),
        }
    }
}

call! {
    /// A game server, and the calls on it; made by [`Client::server`] and [`Client::server_by_slug`].
    pub struct ServerCalls -> one(Verbatim<Server>) {
        method: "client.server(id), client.server_by_slug(region, slug)",
        at: "worldData" / "server",
        operation: "Server" = SERVER,
        peer: [],
        parameters: {}
    }
}

call! {
    /// The guilds of a server; made by [`ServerCalls::guilds`].
    pub struct ServerGuilds -> pages(Page<Guild>, Guild) {
        method: "client.server(id).guilds()",
        at: "worldData" / "server" / "guilds",
        operation: "ServerGuilds" = SERVER_GUILDS,
        peer: [],
        parameters: {
            /// Entries on a page: 1 to 100, default 100.
            per_page: i64 = "limit" in (1.0, 100.0),
        }
    }
}

call! {
    /// The characters of a server; made by [`ServerCalls::characters`].
    pub struct ServerCharacters -> pages(Page<Character>, Character) {
        method: "client.server(id).characters()",
        at: "worldData" / "server" / "characters",
        operation: "ServerCharacters" = SERVER_CHARACTERS,
        peer: [],
        parameters: {
            /// Entries on a page: 1 to 100, default 100.
            per_page: i64 = "limit" in (1.0, 100.0),
        }
    }
}

call! {
    /// A zone with its encounters; made by [`Client::zone`].
    pub struct ZoneCall -> one(Verbatim<Zone>) {
        method: "client.zone(id)",
        at: "worldData" / "zone",
        operation: "Zone" = ZONE,
        peer: ["get_encounters_by_zone"],
        parameters: {}
    }
}

call! {
    /// The zones with their encounters; made by [`Client::zones`].
    pub struct ZonesCall -> one(Verbatim<Vec<Zone>>) {
        method: "client.zones()",
        at: "worldData" / "zones",
        operation: "Zones" = ZONES,
        peer: ["get_zones"],
        parameters: {
            /// Only this expansion.
            expansion_id: ExpansionId = "expansion_id",
        }
    }
}

impl Client {
    /// Expansions, regions and zones in one answer.
    pub fn world(&self) -> WorldCall {
        WorldCall::of(Draft::about(self, "the world"))
    }

    /// The encounter of this number, and the calls on it.
    pub fn encounter(&self, id: impl Into<EncounterId>) -> EncounterCalls {
        let id = id.into();
        EncounterCalls::of(Draft::about(self, format!("encounter {id}")).with("id", id))
    }

    /// The expansion of this number.
    pub fn expansion(&self, id: impl Into<ExpansionId>) -> ExpansionCall {
        let id = id.into();
        ExpansionCall::of(Draft::about(self, format!("expansion {id}")).with("id", id))
    }

    /// All expansions.
    pub fn expansions(&self) -> ExpansionsCall {
        ExpansionsCall::of(Draft::about(self, "expansions"))
    }

    /// The region of this number, and the calls on it.
    pub fn region(&self, id: impl Into<RegionId>) -> RegionCalls {
        let id = id.into();
        RegionCalls::of(Draft::about(self, format!("region {id}")).with("id", id))
    }

    /// All regions with their parts.
    pub fn regions(&self) -> RegionsCall {
        RegionsCall::of(Draft::about(self, "regions"))
    }

    /// The part of a region of this number, and the calls on it.
    pub fn subregion(&self, id: impl Into<SubregionId>) -> SubregionCalls {
        let id = id.into();
        SubregionCalls::of(Draft::about(self, format!("subregion {id}")).with("id", id))
    }

    /// The server of this number, and the calls on it.
    pub fn server(&self, id: impl Into<ServerId>) -> ServerCalls {
        let id = id.into();
        ServerCalls::of(Draft::about(self, format!("server {id}")).with("id", id))
    }

    /// The server of this name in addresses, in this region (`"NA"`, `"megaserver"`), and the calls on it.
    pub fn server_by_slug(&self, region: impl Into<String>, slug: impl Into<String>) -> ServerCalls {
        let (region, slug) = (region.into(), slug.into());
        let draft = Draft::about(self, format!("server '{slug}' of region {region}"));
        ServerCalls::of(draft.with("region", region).with("slug", slug))
    }

    /// The zone of this number, with its encounters, difficulties and partitions.
    pub fn zone(&self, id: impl Into<ZoneId>) -> ZoneCall {
        let id = id.into();
        ZoneCall::of(Draft::about(self, format!("zone {id}")).with("id", id))
    }

    /// All zones.
    pub fn zones(&self) -> ZonesCall {
        ZonesCall::of(Draft::about(self, "zones"))
    }
}

impl RegionCalls {
    /// The servers of the region, page by page.
    pub fn servers(&self) -> RegionServers {
        RegionServers::of(self.draft.part("servers"))
    }
}

impl SubregionCalls {
    /// The servers of this part of a region, page by page.
    pub fn servers(&self) -> SubregionServers {
        SubregionServers::of(self.draft.part("servers"))
    }
}

impl ServerCalls {
    /// The guilds of the server, page by page.
    pub fn guilds(&self) -> ServerGuilds {
        ServerGuilds::of(self.draft.part("guilds"))
    }

    /// The characters of the server, page by page.
    pub fn characters(&self) -> ServerCharacters {
        ServerCharacters::of(self.draft.part("characters"))
    }
}

impl EncounterCalls {
    /// The best characters, page by page.
    pub fn character_rankings(&self) -> EncounterCharacterRankings {
        EncounterCharacterRankings::of(self.draft.part("character rankings"))
    }

    /// The best fights, page by page.
    pub fn fight_rankings(&self) -> EncounterFightRankings {
        EncounterFightRankings::of(self.draft.part("fight rankings"))
    }
}
