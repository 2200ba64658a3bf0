//! A guild, who belongs to it, who was there, and where it stands.

use crate::api::enums::{GuildRank, OneOf};
use crate::api::game_data::GameFaction;
use crate::api::model::model;
use crate::api::world_data::{Server, Zone};
use crate::ids::{GuildId, GuildTagId, ReportCode};
use crate::units::UnixMillis;

model! {
    /// A guild on one server.
    pub struct Guild {
        [
            /// Id, as the site numbers them.
            id: GuildId = "id",
        ]
        /// Whether reports are kept back until a race is over.
        competition_mode: bool = "competitionMode",
        /// What the guild says of itself; may be empty.
        description: String = "description",
        /// Its faction.
        faction: GameFaction = "faction",
        /// Name in full.
        name: String = "name",
        /// Its server.
        server: Server = "server",
        /// Whether its reports are hidden.
        stealth_mode: bool = "stealthMode",
        /// Its tags (raid teams); empty if it has none.
        tags: Vec<GuildTag> = "tags",
        /// Rank of the token's user; null for client tokens.
        current_user_rank: OneOf<GuildRank> = "currentUserRank",
    }
}

model! {
    /// A tag of a guild, mostly one of its raid teams.
    pub struct GuildTag {
        /// Id, as the site numbers them.
        id: GuildTagId = "id",
        /// The guild it belongs to.
        guild: Box<Guild> = "guild",
        /// Name in full.
        name: String = "name",
    }
}

model! {
    /// Who was there in one report of a guild.
    pub struct GuildAttendance {
        [
            /// Code of the report.
            code: ReportCode = "code",
        ]
        /// Players who were there.
        players: Vec<PlayerAttendance> = "players",
        /// Start of the report, milliseconds since 1970.
        start_time: UnixMillis = "startTime",
        /// Zone of the report.
        zone: Zone = "zone",
    }
}

model! {
    /// One player in one report.
    pub struct PlayerAttendance {
        /// Name in full.
        name: String = "name",
        /// Class of the player.
        kind: String = "type",
        /// 1: was there. 2: was on the bench.
        presence: i64 = "presence",
    }
}

model! {
    /// Places of a guild in one zone.
    pub struct GuildZoneRankings {
        /// Places by progress.
        progress: RankPositions = "progress",
        /// Places by speed of single kills.
        speed: RankPositions = "speed",
        /// Places by speed of whole runs.
        complete_raid_speed: RankPositions = "completeRaidSpeed",
    }
}

model! {
    /// Places in the world, the region and the server.
    pub struct RankPositions {
        /// In the world; null if it has no place.
        world_rank: Rank = "worldRank",
        /// In the region; null if it has no place.
        region_rank: Rank = "regionRank",
        /// On the server; null if it has no place.
        server_rank: Rank = "serverRank",
    }
}

model! {
    /// A place in a ranking.
    pub struct Rank {
        /// The place, from 1.
        number: i64 = "number",
        /// Share of the ranked that are below, 0 to 100; null if not known.
        percentile: i64 = "percentile",
        /// Name of the colour the site gives it.
        color: String = "color",
    }
}
