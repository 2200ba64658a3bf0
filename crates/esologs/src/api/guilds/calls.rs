//! The calls on guilds.

use super::models::{Guild, GuildAttendance, GuildZoneRankings};
use crate::api::call::call;
use crate::api::characters::Character;
use crate::api::draft::Draft;
use crate::api::enums::{GuildRank, OneOf};
use crate::api::page::Page;
use crate::api::reports::Report;
use crate::api::verbatim::Verbatim;
use crate::client::Client;
use crate::ids::{GuildId, GuildTagId, ServerId, ZoneId};
use crate::units::UnixMillis;

call! {
    /// A guild, and the calls on it; made by [`Client::guild`] and [`Client::guild_by_name`].
    pub struct GuildCalls -> one(Verbatim<Guild>) {
        method: "client.guild(id), client.guild_by_name(name, server_slug, server_region)",
        at: "guildData" / "guild",
        operation: "Guild" = GUILD,
        peer: ["get_guild_by_id", "get_guild"],
        parameters: {}
    }
}

call! {
    /// A guild's reports, newest first; made by [`GuildCalls::reports`].
    pub struct GuildReports -> pages(Page<Report>, Report) {
        method: "client.guild(id).reports()",
        at: "reportData" / "reports",
        operation: "GuildReports" = GUILD_REPORTS,
        peer: ["get_guild_reports"],
        parameters: {
            /// Only reports that began then or earlier, milliseconds since 1970.
            until: Option<UnixMillis> = "endTime",
            /// Only this tag of the guild.
            guild_tag_id: GuildTagId = "guildTagID",
            /// Reports on a page: 1 to 100, default 100.
            per_page: i64 = "limit" in (1.0, 100.0),
            /// Only reports that began then or later, milliseconds since 1970.
            since: Option<UnixMillis> = "startTime",
            /// Only reports of this zone.
            zone_id: ZoneId = "zoneID",
            /// Only this zone, by the game's own id.
            game_zone_id: i64 = "gameZoneID",
        }
    }
}

call! {
    /// Who was there, report by report, newest first; made by [`GuildCalls::attendance`].
    pub struct GuildAttendanceList -> pages(Page<GuildAttendance>, GuildAttendance) {
        method: "client.guild(id).attendance()",
        at: "guildData" / "guild" / "attendance",
        operation: "GuildAttendance" = GUILD_ATTENDANCE,
        peer: ["get_guild_attendance"],
        parameters: {
            /// Only this tag of the guild.
            guild_tag_id: GuildTagId = "guildTagID",
            /// Entries on a page: 1 to 100, default 100.
            per_page: i64 = "limit" in (1.0, 100.0),
            /// Only this zone; in rankings, default the newest one.
            zone_id: ZoneId = "zoneID",
        }
    }
}

call! {
    /// The characters of a guild, as far as the site knows them; made by [`GuildCalls::members`].
    pub struct GuildMembers -> pages(Page<Character>, Character) {
        method: "client.guild(id).members()",
        at: "guildData" / "guild" / "members",
        operation: "GuildMembers" = GUILD_MEMBERS,
        peer: ["get_guild_members"],
        parameters: {
            /// Entries on a page: 1 to 100, default 100.
            per_page: i64 = "limit" in (1.0, 100.0),
        }
    }
}

call! {
    /// The places of a guild in a zone; made by [`GuildCalls::zone_ranking`].
    pub struct GuildZoneRankingCall -> one(Verbatim<GuildZoneRankings>) {
        method: "client.guild(id).zone_ranking()",
        at: "guildData" / "guild" / "zoneRanking",
        operation: "GuildZoneRanking" = GUILD_ZONE_RANKING,
        peer: [],
        parameters: {
            /// The zone; default the newest one.
            zone_id: ZoneId = "zoneId",
            /// Only this group size.
            size: i64 = "size",
            /// Only this difficulty (121 or 122); counts for the places by speed.
            difficulty: i64 = "difficulty",
        }
    }
}

call! {
    /// The rank of the token's user in a guild; made by [`GuildCalls::current_user_rank`]. Needs a user token.
    pub struct CurrentUserRank -> maybe(OneOf<GuildRank>) {
        method: "client.guild(id).current_user_rank()",
        at: "guildData" / "guild" / "currentUserRank",
        operation: "CurrentUserRank" = CURRENT_USER_RANK,
        peer: [],
        needs_user: true,
        parameters: {}
    }
}

call! {
    /// Guilds, of one server or of all; made by [`Client::guilds`].
    pub struct GuildList -> pages(Page<Guild>, Guild) {
        method: "client.guilds()",
        at: "guildData" / "guilds",
        operation: "Guilds" = GUILDS,
        peer: ["get_guilds"],
        parameters: {
            /// Entries on a page: 1 to 100, default 100.
            per_page: i64 = "limit" in (1.0, 100.0),
            /// Id of the server.
            server_id: ServerId = "serverID",
            /// Slug of the server; needs `serverRegion`.
            server_slug: String = "serverSlug",
            /// Slug of the region ("NA", "EU").
            server_region: String = "serverRegion",
        }
    }
}

/// Where a guild's number is found.
const HINT: &str = "the number stands in the guild's address: https://www.esologs.com/guild/id/NUMBER";

impl Client {
    /// The guild of this number, and the calls on it.
    pub fn guild(&self, id: impl Into<GuildId>) -> GuildCalls {
        let id = id.into();
        let unseen = format!("there is no guild {id} that this key can see");
        GuildCalls::of(Draft::about_one(self, format!("guild {id}"), unseen, Some(HINT)).with("id", id))
    }

    /// The guild of this name on a server, named by its slug and its region's (`"megaserver"`, `"NA"`), and the calls on it.
    pub fn guild_by_name(
        &self,
        name: impl Into<String>,
        server_slug: impl Into<String>,
        server_region: impl Into<String>,
    ) -> GuildCalls {
        GuildCalls::of(Draft::about_named(self, "guild", name.into(), server_slug.into(), server_region.into()))
    }

    /// Guilds, of one server or of all, page by page.
    pub fn guilds(&self) -> GuildList {
        GuildList::of(Draft::about(self, "guilds"))
    }
}

impl GuildCalls {
    /// The guild's reports, newest first, page by page.
    pub fn reports(&self) -> GuildReports {
        const IN_LISTS: &[(&str, &str)] =
            &[("id", "guildID"), ("name", "guildName"), ("serverSlug", "guildServerSlug"), ("serverRegion", "guildServerRegion")];
        GuildReports::of(self.draft.part("reports").with_renamed(IN_LISTS))
    }

    /// Who was there, report by report, newest first, page by page.
    pub fn attendance(&self) -> GuildAttendanceList {
        GuildAttendanceList::of(self.draft.part("attendance"))
    }

    /// The guild's characters, page by page.
    pub fn members(&self) -> GuildMembers {
        GuildMembers::of(self.draft.part("members"))
    }

    /// The guild's places in a zone.
    pub fn zone_ranking(&self) -> GuildZoneRankingCall {
        GuildZoneRankingCall::of(self.draft.part("zone ranking"))
    }

    /// The rank that the token's user has in the guild. Needs a user token: the service answers null to a client's own, which is
    /// `None` here.
    pub fn current_user_rank(&self) -> CurrentUserRank {
        CurrentUserRank::of(self.draft.part("current user's rank"))
    }
}
