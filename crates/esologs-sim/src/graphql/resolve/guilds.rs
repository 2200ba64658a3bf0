//! `guildData`: guilds, their members and attendance.

use super::super::args::Args;
use super::super::call::Call;
use super::super::json::{flag, int, millis, opt_text, text};
use super::super::node::{Resolve, Resolved, absent};
use super::super::paginate::{CharacterPagination, GuildAttendancePagination, GuildPagination};
use super::users::rank_in;
use super::{GameFaction, Named, fail_if_asked, priced_page};
use crate::world::World;
use crate::world::dice::derive;
use crate::world::model::{Access, Actor, Character, Guild, Report};

pub(super) struct GuildData;

impl Resolve for GuildData {
    const TYPE: &'static str = "GuildData";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        fail_if_asked(call, args)?;
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
            "currentUserRank" => opt_text(rank_in(call, self)),
            "description" => text(&self.description),
            "faction" => Ok(call.object(Named::<GameFaction>::new(self.faction.0, &self.faction.1))),
            "id" => int(self.id),
            "members" => priced_page::<_, CharacterPagination>(call, &members(call.world, self), args),
            "name" => text(&self.name),
            "server" => Ok(call.nullable(call.world.server(self.server_id))),
            "stealthMode" => flag(self.stealth_mode),
            "tags" => Ok(call.list(self.tags.iter().map(|tag| GuildTag { guild: self, tag }))),
            "zoneRanking" => Ok(call.object(GuildZoneRankings::of(call.world, self, args))),
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
            "players" => {
                let players = self.0.actors.iter().filter(|actor| actor.kind == "Player");
                Ok(call.list(players.map(|actor| Present { actor, report: self.0 })))
            }
            "startTime" => millis(self.0.start_unix_ms),
            "zone" => Ok(call.nullable(call.world.zone(self.0.zone_id))),
            _ => absent(),
        }
    }
}

/// A player who was there.
struct Present<'w> {
    actor: &'w Actor,
    report: &'w Report,
}

impl Present<'_> {
    /// 1: fought a boss; 2: was there, but on the bench.
    fn presence(&self) -> i64 {
        let mut bosses = self.report.fights.iter().filter(|fight| fight.encounter_id != 0);
        if bosses.any(|fight| fight.friendly_players.contains(&self.actor.id)) { 1 } else { 2 }
    }
}

impl Resolve for Present<'_> {
    const TYPE: &'static str = "PlayerAttendance";

    fn field<'a>(&'a self, _: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        match name {
            "name" => text(&self.actor.name),
            "type" => text(&self.actor.sub_type),
            "presence" => int(self.presence()),
            _ => absent(),
        }
    }
}

/// A guild's places in one zone; none in a zone that there is not.
struct GuildZoneRankings {
    seed: Option<u64>,
}

impl GuildZoneRankings {
    fn of(world: &World, guild: &Guild, args: Args<'_>) -> Self {
        let zone = args.int("zoneId").or_else(|| world.zones.last().map(|zone| zone.id));
        let known = zone.filter(|id| world.zone(*id).is_some());
        Self { seed: known.map(|zone| derive(guild.id.unsigned_abs(), zone.unsigned_abs())) }
    }
}

impl Resolve for GuildZoneRankings {
    const TYPE: &'static str = "GuildZoneRankings";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        let purpose = match name {
            "progress" => 1,
            "speed" => 2,
            "completeRaidSpeed" => 3,
            _ => return absent(),
        };
        let purpose = purpose + args.int("difficulty").unwrap_or(122).unsigned_abs() * 8;
        Ok(call.nullable(self.seed.map(|seed| RankPositions { seed: derive(seed, purpose) })))
    }
}

/// Made up, but the same each time, and in the right order of size.
struct RankPositions {
    seed: u64,
}

impl Resolve for RankPositions {
    const TYPE: &'static str = "WorldRegionServerRankPositions";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, _: Args<'a>) -> Resolved<'a> {
        let world_rank = 1 + i64::try_from(self.seed % 900).unwrap_or(0);
        match name {
            "worldRank" => Ok(call.object(Rank(world_rank))),
            "regionRank" | "serverRank" => Ok(call.object(Rank(world_rank.div_euclid(2) + 1))),
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
            "color" => text(color(self.0)),
            _ => absent(),
        }
    }
}

/// Names of the site's colours, from the best places down.
fn color(rank: i64) -> &'static str {
    match rank {
        1 => "artifact",
        2..=25 => "astounding",
        26..=100 => "legendary",
        101..=250 => "epic",
        251..=500 => "rare",
        501..=750 => "uncommon",
        _ => "common",
    }
}
