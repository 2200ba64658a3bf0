//! One report, from its plan: everything but the events.

use std::sync::OnceLock;

use super::World;
use super::dice::{Dice, derive};
use super::fights;
use super::model::{Access, Guild, Report, Zone};
use super::names::{ACCOUNTS, TITLES};
use super::plan::{Kind, LIVE_AGE_MS, LIVE_REST_MS, ReportPlan};
use super::roster::Roster;
use super::skills;
use super::view::SEGMENT_MS;

/// Letters that the API's codes are made of.
const CODE_LETTERS: &[u8] = b"ABCDFGHJKLMNPQRTVWXYZabcdfghjkmnpqrtvwxyz12346789";
/// A report is archived two years after its end.
const ARCHIVED_AFTER_S: i64 = 2 * 365 * 86_400;

/// Builds a report. Its draws come from its own seed only; the world tells its guild, members and zone.
pub(super) fn build(plan: &ReportPlan, world: &World, now_unix_ms: i64) -> Report {
    let mut dice = Dice::new(derive(plan.seed, 2));
    let guild = world.guild(plan.guild_id).expect("a plan names guilds that it has");
    let zone = world.zone(plan.zone_id).expect("a plan names zones of the atlas");
    let code = plan.code.clone().unwrap_or_else(|| code(&mut dice));
    let title = plan.title.clone().unwrap_or_else(|| dice.pick(TITLES).replace("{zone}", &zone.name));
    let roster = Roster::draw(world, guild, zone, &mut dice);
    let lasts = (plan.kind == Kind::Live).then(|| LIVE_AGE_MS + LIVE_REST_MS + dice.between(0, 240_000));
    let (fights, length) = fights::schedule(plan, zone, &roster, lasts, &mut dice);
    let start_unix_ms = start(plan, now_unix_ms, &mut dice);
    let end_unix_ms = start_unix_ms + length;
    Report {
        code,
        title,
        access: access(plan.kind, end_unix_ms),
        owner: (50_000 + dice.between(0, 9_999), (*dice.pick(ACCOUNTS)).to_owned()),
        guild_id: Some(guild.id),
        guild_tag: tag(guild, &mut dice),
        zone_id: zone.id,
        region_id: region_of(world, guild),
        start_unix_ms,
        end_unix_ms,
        revision: if plan.kind == Kind::Live { length / SEGMENT_MS + 1 } else { dice.between(1, 60) },
        segments: length / SEGMENT_MS + 1,
        log_version: 15,
        game_version: 1,
        lang: "en".to_owned(),
        fights,
        actors: roster.actors,
        abilities: skills::all(),
        density: plan.density,
        seed: plan.seed,
        events: OnceLock::new(),
    }
}

fn code(dice: &mut Dice) -> String {
    (0..16).map(|_| char::from(*dice.pick(CODE_LETTERS))).collect()
}

fn access(kind: Kind, end_unix_ms: i64) -> Access {
    match kind {
        Kind::Public => Access::Public,
        Kind::Live => Access::Live,
        Kind::Private => Access::Private,
        Kind::Archived => Access::Archived { archive_date_unix_s: end_unix_ms / 1000 + ARCHIVED_AFTER_S },
    }
}

fn start(plan: &ReportPlan, now_unix_ms: i64, dice: &mut Dice) -> i64 {
    match plan.kind {
        Kind::Live => now_unix_ms - LIVE_AGE_MS - dice.between(0, 120_000),
        _ => plan.start_unix_ms,
    }
}

fn tag(guild: &Guild, dice: &mut Dice) -> Option<(i64, String)> {
    if guild.tags.is_empty() || dice.chance(400) { None } else { Some(dice.pick(&guild.tags).clone()) }
}

fn region_of(world: &World, guild: &Guild) -> i64 {
    world.server(guild.server_id).map_or(1, |server| server.region_id)
}

/// The zone's encounter of that place, counted round and round.
pub(super) fn encounter_of(zone: &Zone, place: usize) -> usize {
    place % zone.encounters.len().max(1)
}
