//! `progressRaceData`: races to a first kill. Their answers were recorded nowhere: the shapes are made up.
//!
//! Races are rare and over quickly. One that is over has the id [`PAST_RACE`]; whether one is on now is a setting of the simulator.

use serde_json::{Value, json};

use super::super::args::Args;
use super::super::call::Call;
use super::super::node::{Resolve, Resolved, absent};
use super::fail_if_asked;
use super::guilds::members;
use crate::limits::cost::Priced;
use crate::world::World;
use crate::world::atlas::CLASSES;
use crate::world::dice::{Dice, derive};
use crate::world::model::{Character, Encounter, Guild, Role, Zone};
use crate::world::parses::spec_of;

/// The id of the race that is over.
const PAST_RACE: i64 = 1;
/// The id of the race that is on, if one is.
const PRESENT_RACE: i64 = 2;
/// 2026-03-01: the past race began.
const PAST_START_UNIX_MS: i64 = 1_772_323_200_000;
const DAY_MS: i64 = 86_400_000;

pub(super) struct ProgressRaceData;

impl Resolve for ProgressRaceData {
    const TYPE: &'static str = "ProgressRaceData";

    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a> {
        fail_if_asked(call, args)?;
        call.price(Priced::ProgressRace);
        let Some(race) = Race::meant(call, args) else {
            return absent();
        };
        match name {
            "progressRace" => Ok(call.json(race.standing(call.world, args))),
            "detailedComposition" => Ok(call.json(race.composition(call.world, args))),
            _ => absent(),
        }
    }
}

/// A race to the last kill of a zone.
struct Race<'w> {
    id: i64,
    zone: &'w Zone,
    start_unix_ms: i64,
    now_unix_ms: i64,
}

impl<'w> Race<'w> {
    /// The race of that id, else the one that is on. A zone without a race is none.
    fn meant(call: &Call<'w>, args: Args<'_>) -> Option<Self> {
        let id = args.int("competitionID").unwrap_or(PRESENT_RACE);
        let zones = &call.world.zones;
        let race = match id {
            PAST_RACE => Self {
                id,
                zone: zones.get(zones.len().checked_sub(2)?)?,
                start_unix_ms: PAST_START_UNIX_MS,
                now_unix_ms: PAST_START_UNIX_MS + 14 * DAY_MS,
            },
            PRESENT_RACE if call.race_is_on => {
                Self { id, zone: zones.last()?, start_unix_ms: call.now_unix_ms - 2 * DAY_MS, now_unix_ms: call.now_unix_ms }
            }
            _ => return None,
        };
        args.int("zoneID").is_none_or(|zone| zone == race.zone.id).then_some(race)
    }

    /// The guilds that take part, the furthest first.
    fn standing(&self, world: &World, args: Args<'_>) -> Value {
        let guilds = world.guilds.iter().filter(|guild| is_meant(world, guild, args));
        let mut runs: Vec<(usize, i64, &Guild, Vec<Value>)> = guilds.map(|guild| self.run(guild)).collect();
        runs.sort_by_key(|(kills, latest, ..)| (std::cmp::Reverse(*kills), *latest));
        let entries = runs.into_iter().enumerate().map(|(place, (kills, _, guild, encounters))| {
            json!({
                "competitionID": self.id, "rank": place + 1, "guild": entry(world, guild), "zoneID": self.zone.id,
                "difficulty": args.int("difficulty").unwrap_or(122), "size": args.int("size").unwrap_or(self.zone.group_size),
                "killedCount": kills, "startTime": self.start_unix_ms, "encounters": encounters,
            })
        });
        Value::from_iter(entries)
    }

    /// How far one guild came: bosses killed, time of the last kill, boss by boss.
    fn run<'g>(&self, guild: &'g Guild) -> (usize, i64, &'g Guild, Vec<Value>) {
        let mut dice = Dice::new(derive(guild.id.unsigned_abs(), self.id.unsigned_abs()));
        let (mut kills, mut at) = (0, self.start_unix_ms);
        let mut encounters = Vec::new();
        for encounter in &self.zone.encounters {
            let pulls = dice.between(3, 90);
            let killed_at = at + pulls * dice.between(900_000, 2_400_000);
            let killed = killed_at <= self.now_unix_ms && kills == encounters.len();
            let best = if killed { 0.0 } else { dice.between(100, 9_900) as f64 / 100.0 };
            encounters.push(pull(encounter, killed.then_some(killed_at), pulls, best));
            if killed {
                (kills, at) = (kills + 1, killed_at);
            }
        }
        (kills, at, guild, encounters)
    }

    /// The group of the guild that is asked for; none without one.
    fn composition(&self, world: &World, args: Args<'_>) -> Value {
        let named = args.int("guildID").is_some() || args.text("guildName").is_some();
        let Some(guild) = world.guilds.iter().find(|guild| named && is_meant(world, guild, args)) else {
            return Value::Null;
        };
        let encounter = args.int("encounterID").or_else(|| self.zone.encounters.last().map(|encounter| encounter.id));
        let group = members(world, guild).into_iter().take(usize::try_from(self.zone.group_size).unwrap_or(0));
        let players: Vec<Value> = group.enumerate().map(|(place, character)| player(place, character)).collect();
        json!({"competitionID": self.id, "guild": entry(world, guild), "encounterID": encounter, "players": players})
    }
}

fn is_meant(world: &World, guild: &Guild, args: Args<'_>) -> bool {
    let server = world.server(guild.server_id);
    let region = server.and_then(|server| world.region(server.region_id));
    let is = |asked: &str, actual: Option<&str>| {
        args.text(asked).is_none_or(|asked| actual.is_some_and(|actual| actual.eq_ignore_ascii_case(asked)))
    };
    args.int("guildID").is_none_or(|id| id == guild.id)
        && is("guildName", Some(&guild.name))
        && is("serverSlug", server.map(|server| server.slug.as_str()))
        && is("serverRegion", region.map(|region| region.slug.as_str()))
        && is("serverSubregion", region.map(|region| region.name.as_str()))
}

fn entry(world: &World, guild: &Guild) -> Value {
    let server = world.server(guild.server_id);
    let region = server.and_then(|server| world.region(server.region_id));
    json!({
        "id": guild.id, "name": guild.name, "faction": guild.faction.0,
        "server": {"slug": server.map(|it| &it.slug), "region": region.map(|it| &it.slug)},
    })
}

fn pull(encounter: &Encounter, killed_at: Option<i64>, pulls: i64, best: f64) -> Value {
    json!({
        "encounter": {"id": encounter.id, "name": encounter.name}, "isKilled": killed_at.is_some(), "killedAt": killed_at,
        "pullCount": pulls, "bestPercent": best,
    })
}

fn player(place: usize, character: &Character) -> Value {
    let role = match place {
        0 | 1 => Role::Tank,
        2 | 3 => Role::Healer,
        _ => Role::Damage,
    };
    let class = CLASSES.iter().find(|(id, _)| *id == character.class_id).map(|(_, name)| name);
    json!({"id": character.id, "name": character.name, "class": class, "spec": spec_of(role, character.id)})
}
