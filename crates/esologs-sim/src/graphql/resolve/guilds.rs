//! `guildData`: guilds, their members and attendance.

use super::super::args::Args;
use super::super::call::Call;
use super::super::json::{flag, int, millis, text};
use super::super::node::{Resolve, Resolved, absent};
use super::super::paginate::{CharacterPagination, GuildAttendancePagination, GuildPagination};
use super::{GameFaction, Named, fail_if_asked, priced_page};
use crate::world::World;
use crate::world::model::{Access, Actor, Character, Guild, Report};

pub(super) struct GuildData;

impl Resolve for GuildData {
    const TYPE: &'static str = "GuildData";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        fail_if_asked(call)?;
        match name {
            "guild" => Ok(call.nullable(find(call.world, args))),
            "guilds" => priced_page::<_, GuildPagination>(call, &on_server(call.world, args), args),
            _ => absent(),
        }
    }
}

/// The guild of an id, or of a name on a server; an unknown one is null without an error.
fn find<'w>(world: &'w World, args: Args<'_>) -> Option<&'w Guild> {
    if let Some(id) = args.int("id") {
        return world.guild(id);
    }
    world.guild_by_name(args.text("name")?, args.text("serverSlug")?, args.text("serverRegion")?)
}

fn on_server<'w>(world: &'w World, args: Args<'_>) -> Vec<&'w Guild> {
    let by_slug = || world.server_by_slug(args.text("serverSlug")?, args.text("serverRegion")?);
    let server_id = args.int("serverID").or_else(|| Some(by_slug()?.id));
    let guilds = world.guilds.iter();
    guilds.filter(|guild| server_id.is_none_or(|id| id == guild.server_id)).collect()
}

impl Resolve for &Guild {
    const TYPE: &'static str = "Guild";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        match name {
            "attendance" => priced_page::<_, GuildAttendancePagination>(call, &attendance(call.world, self, args), args),
            "competitionMode" => flag(self.competition_mode),
            "description" => text(&self.description),
            "faction" => Ok(call.object(Named::<GameFaction>::new(self.faction.0, &self.faction.1))),
            "id" => int(self.id),
            "members" => priced_page::<_, CharacterPagination>(call, &members(call.world, self), args),
            "name" => text(&self.name),
            "server" => Ok(call.nullable(call.world.server(self.server_id))),
            "stealthMode" => flag(self.stealth_mode),
            "tags" => Ok(call.list(self.tags.iter().map(|tag| GuildTag { guild: self, tag }))),
            "zoneRanking" => Ok(call.object(GuildZoneRankings { guild: self })),
            _ => absent(),
        }
    }
}

/// The guild's members, in the order of the roster.
pub(super) fn members<'w>(world: &'w World, guild: &Guild) -> Vec<&'w Character> {
    guild.member_ids.iter().filter_map(|id| world.character(*id)).collect()
}

/// A raid team of a guild.
pub(super) struct GuildTag<'w> {
    pub(super) guild: &'w Guild,
    pub(super) tag: &'w (i64, String),
}

impl Resolve for GuildTag<'_> {
    const TYPE: &'static str = "GuildTag";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "id" => int(self.tag.0),
            "name" => text(&self.tag.1),
            "guild" => Ok(call.object(self.guild)),
            _ => absent(),
        }
    }
}

/// Who was there in one report.
#[derive(Clone, Copy)]
struct GuildAttendance<'w>(&'w Report);

/// Attendance of the guild's reports, newest first; private ones are left out.
fn attendance<'w>(world: &'w World, guild: &Guild, args: Args<'_>) -> Vec<GuildAttendance<'w>> {
    let (tag_id, zone_id) = (args.int("guildTagID"), args.int("zoneID"));
    let reports = world.reports_of_guild(guild.id).into_iter();
    let meant = reports.filter(|report| {
        report.access != Access::Private
            && tag_id.is_none_or(|id| report.guild_tag.as_ref().is_some_and(|tag| tag.0 == id))
            && zone_id.is_none_or(|id| id == report.zone_id)
    });
    meant.map(GuildAttendance).collect()
}

impl Resolve for GuildAttendance<'_> {
    const TYPE: &'static str = "GuildAttendance";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "code" => text(&self.0.code),
            "players" => Ok(call.list(self.0.actors.iter().filter(|actor| actor.kind == "Player").map(Present))),
            "startTime" => millis(self.0.start_unix_ms),
            "zone" => Ok(call.nullable(call.world.zone(self.0.zone_id))),
            _ => absent(),
        }
    }
}

/// A player who was there.
struct Present<'w>(&'w Actor);

impl Resolve for Present<'_> {
    const TYPE: &'static str = "PlayerAttendance";

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "name" => text(&self.0.name),
            "type" => text(&self.0.sub_type),
            // 1: there; 2 would be "on the bench".
            "presence" => int(1),
            _ => absent(),
        }
    }
}

struct GuildZoneRankings<'w> {
    guild: &'w Guild,
}

impl Resolve for GuildZoneRankings<'_> {
    const TYPE: &'static str = "GuildZoneRankings";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "progress" | "speed" | "completeRaidSpeed" => Ok(call.object(RankPositions { guild: self.guild })),
            _ => absent(),
        }
    }
}

struct RankPositions<'w> {
    guild: &'w Guild,
}

impl Resolve for RankPositions<'_> {
    const TYPE: &'static str = "WorldRegionServerRankPositions";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        // Made up, but the same each time, and in the right order of size.
        let world_rank = 50 + self.guild.id % 900;
        match name {
            "worldRank" => Ok(call.object(Rank(world_rank))),
            "regionRank" | "serverRank" => Ok(call.object(Rank(world_rank / 2))),
            _ => absent(),
        }
    }
}

struct Rank(i64);

impl Resolve for Rank {
    const TYPE: &'static str = "Rank";

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "number" => int(self.0),
            "percentile" => int((100 - self.0 / 10).clamp(1, 99)),
            "color" => text("rare"),
            _ => absent(),
        }
    }
}
