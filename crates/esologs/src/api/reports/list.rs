//! The list of reports.

use super::report::Report;
use crate::api::call::call;
use crate::api::draft::Draft;
use crate::api::page::Page;
use crate::client::Client;
use crate::ids::{GuildId, GuildTagId, UserId, ZoneId};
use crate::units::UnixMillis;

call! {
    /// Reports, newest first; made by [`Client::reports`]. Costs about 4.25 points for each report listed.
    pub struct ReportList -> pages(Page<Report>, Report) {
        method: "client.reports()",
        at: "reportData" / "reports",
        operation: "Reports" = REPORTS,
        peer: ["get_reports", "search_reports", "get_user_reports"],
        parameters: {
            /// Only reports that began then or earlier, milliseconds since 1970.
            until: Option<UnixMillis> = "endTime",
            /// Only this guild.
            guild_id: GuildId = "guildID",
            /// Only this guild, by name; needs its server and region.
            guild_name: String = "guildName",
            /// Slug of the guild's server.
            guild_server_slug: String = "guildServerSlug",
            /// Slug of the guild's region.
            guild_server_region: String = "guildServerRegion",
            /// Only this tag of the guild.
            guild_tag_id: GuildTagId = "guildTagID",
            /// Only reports of this user.
            user_id: UserId = "userID",
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

impl Client {
    /// Reports of a guild, a user, a zone or a span of time, newest first, page by page.
    pub fn reports(&self) -> ReportList {
        ReportList::of(Draft::about(self, "reports"))
    }
}
