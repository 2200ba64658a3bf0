//! The objects of the truth: fields and their order as `docs/data-layout.md` lists them.

use serde::Serialize;
use serde_json::Number;

use crate::world::model::{Ability, Actor, Fight, FightNpc, Guild, Report};
use crate::world::{World, number};

#[derive(Serialize)]
struct Named<'a> {
    id: i64,
    name: &'a str,
}

impl<'a> From<&'a (i64, String)> for Named<'a> {
    fn from((id, name): &'a (i64, String)) -> Self {
        Self { id: *id, name }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RegionRecord<'a> {
    id: i64,
    compact_name: &'a str,
    name: &'a str,
    slug: &'a str,
}

#[derive(Serialize)]
struct ServerRecord<'a> {
    id: i64,
    name: &'a str,
    slug: &'a str,
    region: Option<RegionRecord<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GuildRecord<'a> {
    id: i64,
    name: &'a str,
    description: &'a str,
    competition_mode: bool,
    stealth_mode: bool,
    faction: Named<'a>,
    server: Option<ServerRecord<'a>>,
    tags: Vec<Named<'a>>,
}

pub(super) fn guild<'a>(world: &'a World, guild: &'a Guild) -> GuildRecord<'a> {
    let server = world.server(guild.server_id);
    GuildRecord {
        id: guild.id,
        name: &guild.name,
        description: &guild.description,
        competition_mode: guild.competition_mode,
        stealth_mode: guild.stealth_mode,
        faction: (&guild.faction).into(),
        server: server.map(|server| ServerRecord {
            id: server.id,
            name: &server.name,
            slug: &server.slug,
            region: region(world, server.region_id),
        }),
        tags: guild.tags.iter().map(Named::from).collect(),
    }
}

fn region(world: &World, id: i64) -> Option<RegionRecord<'_>> {
    let region = world.region(id)?;
    Some(RegionRecord { id, compact_name: &region.compact_name, name: &region.name, slug: &region.slug })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArchiveStatus {
    is_archived: bool,
    is_accessible: bool,
    archive_date: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MasterData<'a> {
    log_version: i64,
    game_version: i64,
    lang: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReportRecord<'a> {
    code: &'a str,
    title: &'a str,
    start_time: Number,
    end_time: Number,
    revision: i64,
    segments: i64,
    exported_segments: i64,
    visibility: &'static str,
    archive_status: ArchiveStatus,
    zone: Option<Named<'a>>,
    region: Option<RegionRecord<'a>>,
    owner: Named<'a>,
    guild: Named<'a>,
    guild_tag: Option<Named<'a>>,
    master_data: MasterData<'a>,
}

/// A finished public report.
pub(super) fn report<'a>(world: &'a World, report: &'a Report, guild: &'a Guild) -> ReportRecord<'a> {
    ReportRecord {
        code: &report.code,
        title: &report.title,
        start_time: Number::from(report.start_unix_ms),
        end_time: Number::from(report.end_unix_ms),
        revision: report.revision,
        segments: report.segments,
        exported_segments: report.segments,
        visibility: "public",
        archive_status: ArchiveStatus { is_archived: false, is_accessible: true, archive_date: None },
        zone: world.zone(report.zone_id).map(|zone| Named { id: zone.id, name: &zone.name }),
        region: region(world, report.region_id),
        owner: (&report.owner).into(),
        guild: Named { id: guild.id, name: &guild.name },
        guild_tag: report.guild_tag.as_ref().map(Named::from),
        master_data: MasterData { log_version: report.log_version, game_version: report.game_version, lang: &report.lang },
    }
}

#[derive(Serialize)]
struct NpcRecord {
    id: i64,
    #[serde(rename = "gameID")]
    game_id: i64,
    #[serde(rename = "instanceCount")]
    instance_count: i64,
    #[serde(rename = "groupCount")]
    group_count: i64,
    #[serde(rename = "petOwner")]
    pet_owner: Option<i64>,
}

impl From<&FightNpc> for NpcRecord {
    fn from(npc: &FightNpc) -> Self {
        Self {
            id: npc.id,
            game_id: npc.game_id,
            instance_count: npc.instance_count,
            group_count: npc.group_count,
            pet_owner: npc.pet_owner,
        }
    }
}

#[derive(Serialize)]
struct BoundingBox {
    #[serde(rename = "minX")]
    min_x: i64,
    #[serde(rename = "maxX")]
    max_x: i64,
    #[serde(rename = "minY")]
    min_y: i64,
    #[serde(rename = "maxY")]
    max_y: i64,
}

#[derive(Serialize)]
struct MapRecord<'a> {
    id: i64,
    name: &'a str,
    file: &'a str,
}

/// What the world has none of is `()`, which is written as null.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FightRecord<'a> {
    id: i64,
    #[serde(rename = "encounterID")]
    encounter_id: i64,
    #[serde(rename = "originalEncounterID")]
    original_encounter_id: Option<i64>,
    name: &'a str,
    difficulty: Option<i64>,
    size: Option<i64>,
    kill: Option<bool>,
    boss_percentage: Option<Number>,
    fight_percentage: Option<Number>,
    start_time: Number,
    end_time: Number,
    in_progress: bool,
    complete_raid: bool,
    average_item_level: (),
    last_phase: i64,
    last_phase_as_absolute_index: i64,
    last_phase_is_intermission: bool,
    wipe_called_time: (),
    trial_score: Option<Number>,
    trial_time: Option<Number>,
    friendly_players: &'a [i64],
    enemy_players: [i64; 0],
    #[serde(rename = "friendlyNPCs")]
    friendly_npcs: Vec<NpcRecord>,
    #[serde(rename = "enemyNPCs")]
    enemy_npcs: Vec<NpcRecord>,
    friendly_pets: Vec<NpcRecord>,
    enemy_pets: [NpcRecord; 0],
    phase_transitions: (),
    maps: Option<[MapRecord<'a>; 1]>,
    game_zone: Option<Named<'a>>,
    bounding_box: BoundingBox,
}

pub(super) fn fights<'a>(world: &'a World, report: &'a Report) -> impl Iterator<Item = FightRecord<'a>> {
    let zone = world.zone(report.zone_id);
    report.fights.iter().map(move |record| FightRecord {
        maps: zone.and_then(|zone| zone.map_of(record)).map(|map| [MapRecord { id: map.id, name: &map.name, file: &map.file }]),
        game_zone: zone.map(|zone| Named { id: zone.game_zone_id, name: &zone.name }),
        ..fight(record)
    })
}

fn fight(fight: &Fight) -> FightRecord<'_> {
    let npcs = |npcs: &[FightNpc]| npcs.iter().map(NpcRecord::from).collect();
    let (min_x, max_x, min_y, max_y) = fight.bounding_box;
    FightRecord {
        id: fight.id,
        encounter_id: fight.encounter_id,
        original_encounter_id: fight.original_encounter_id,
        name: &fight.name,
        difficulty: fight.difficulty,
        size: fight.size,
        kill: fight.kill,
        boss_percentage: fight.boss_percentage.map(number),
        fight_percentage: fight.fight_percentage.map(number),
        start_time: Number::from(fight.start),
        end_time: Number::from(fight.end),
        in_progress: false,
        complete_raid: fight.complete_raid,
        average_item_level: (),
        last_phase: fight.last_phase,
        last_phase_as_absolute_index: 0,
        last_phase_is_intermission: false,
        wipe_called_time: (),
        trial_score: fight.trial_score.map(number),
        trial_time: fight.trial_time.map(number),
        friendly_players: &fight.friendly_players,
        enemy_players: [],
        friendly_npcs: npcs(&fight.friendly_npcs),
        enemy_npcs: npcs(&fight.enemy_npcs),
        friendly_pets: npcs(&fight.friendly_pets),
        enemy_pets: [],
        phase_transitions: (),
        maps: None,
        game_zone: None,
        bounding_box: BoundingBox { min_x, max_x, min_y, max_y },
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ActorRecord<'a> {
    id: i64,
    #[serde(rename = "gameID")]
    game_id: i64,
    name: &'a str,
    r#type: &'a str,
    sub_type: &'a str,
    server: Option<&'a str>,
    pet_owner: Option<i64>,
    icon: &'a str,
    display_name: &'a str,
    anonymous: bool,
}

pub(super) fn actor(actor: &Actor) -> ActorRecord<'_> {
    ActorRecord {
        id: actor.id,
        game_id: actor.game_id,
        name: &actor.name,
        r#type: &actor.kind,
        sub_type: &actor.sub_type,
        server: actor.server.as_deref(),
        pet_owner: actor.pet_owner,
        icon: &actor.icon,
        display_name: &actor.display_name,
        anonymous: actor.anonymous,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AttendanceRecord<'a> {
    code: &'a str,
    start_time: Number,
    zone: Option<Named<'a>>,
    players: Vec<PresentRecord<'a>>,
}

#[derive(Serialize)]
struct PresentRecord<'a> {
    name: &'a str,
    r#type: &'a str,
    presence: i64,
}

/// Who was there: 1 in a fight against a boss, 2 without one.
pub(super) fn attendance<'a>(world: &'a World, report: &'a Report) -> AttendanceRecord<'a> {
    let fought = |actor: &Actor| report.fights.iter().any(|it| it.encounter_id != 0 && it.friendly_players.contains(&actor.id));
    let players = report.actors.iter().filter(|actor| actor.kind == "Player");
    let present = |actor: &'a Actor| PresentRecord {
        name: &actor.name,
        r#type: &actor.sub_type,
        presence: if fought(actor) { 1 } else { 2 },
    };
    AttendanceRecord {
        code: &report.code,
        start_time: Number::from(report.start_unix_ms),
        zone: world.zone(report.zone_id).map(|zone| Named { id: zone.id, name: &zone.name }),
        players: players.map(present).collect(),
    }
}

#[derive(Serialize)]
pub(super) struct AbilityRecord<'a> {
    #[serde(rename = "gameID")]
    game_id: i64,
    name: &'a str,
    icon: &'a str,
    r#type: &'a str,
}

pub(super) fn ability(ability: &Ability) -> AbilityRecord<'_> {
    AbilityRecord { game_id: ability.game_id, name: &ability.name, icon: &ability.icon, r#type: &ability.kind }
}
