//! `characterRankings` and `fightRankings` of an encounter.
//!
//! Under `LogsOnly` the entries are kills of the world, with their reports. Otherwise everybody of the world has an entry, and none tells
//! its report: those who have no logged kill have an amount that is drawn from their id and the encounter.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::super::args::Args;
use super::gear;
use super::performance::{Performance, bracket_of, performances};
use super::wanted::Wanted;
use super::{class_name, error, guild, guild_of, server};
use crate::world::World;
use crate::world::dice::{Dice, derive};
use crate::world::model::{Character, Guild, Role};
use crate::world::parses::{champion_points, spec_of};

/// Entries of a page of `characterRankings`.
const CHARACTERS_PER_PAGE: usize = 100;
/// Entries of a page of `fightRankings`.
const FIGHTS_PER_PAGE: usize = 50;
/// Kills without a log that each guild has.
const UNLOGGED_KILLS: u64 = 9;
/// 2026-06-01: unlogged kills are of the weeks after it.
const UNLOGGED_FROM_MS: i64 = 1_780_272_000_000;

/// The best characters of an encounter.
pub(in super::super) fn character_rankings(world: &World, encounter_id: i64, args: Args<'_>) -> Value {
    let wanted = match Wanted::read(world, args) {
        Ok(wanted) => wanted,
        Err(message) => return error(message),
    };
    let mut entries = logged(world, encounter_id, &wanted);
    if !wanted.logs_only && !wanted.impossible {
        add_unlogged(world, encounter_id, &wanted, &mut entries);
    }
    let smallest_first = wanted.metric == "playerspeed";
    entries.sort_by(|a, b| if smallest_first { a.amount.total_cmp(&b.amount) } else { b.amount.total_cmp(&a.amount) });
    page(&entries, args.page(), CHARACTERS_PER_PAGE, |entry| entry.json(world, &wanted))
}

/// A character in a ranking.
struct Entry<'w> {
    character: &'w Character,
    amount: f64,
    spec: &'static str,
    duration: i64,
    start_unix_ms: i64,
    report: Value,
}

/// The best logged kill of each character.
fn logged<'w>(world: &'w World, encounter_id: i64, wanted: &Wanted<'_>) -> Vec<Entry<'w>> {
    let mut best: BTreeMap<i64, Entry<'_>> = BTreeMap::new();
    for performance in performances(world, encounter_id, wanted, false) {
        let amount = performance.amount(wanted.metric);
        let Some(character) = performance.character(world).filter(|character| is_listed(world, character, wanted)) else {
            continue;
        };
        if best.get(&character.id).is_none_or(|known| known.amount < amount) {
            best.insert(character.id, Entry::of(&performance, character, amount));
        }
    }
    best.into_values().collect()
}

fn is_listed(world: &World, character: &Character, wanted: &Wanted<'_>) -> bool {
    let region = world.server(character.server_id).map(|server| server.region_id);
    !character.hidden
        && wanted.region_id.is_none_or(|id| region == Some(id))
        && wanted.server_id.is_none_or(|id| character.server_id == id)
        && wanted.class.is_none_or(|class| class.eq_ignore_ascii_case(class_name(character.class_id)))
        && wanted.bracket.is_none_or(|bracket| bracket == bracket_of(champion_points(character.id)))
}

fn add_unlogged<'w>(world: &'w World, encounter_id: i64, wanted: &Wanted<'_>, entries: &mut Vec<Entry<'w>>) {
    let without_log: Vec<&Character> = world
        .characters
        .iter()
        .filter(|character| is_listed(world, character, wanted))
        .filter(|character| entries.iter().all(|entry| entry.character.id != character.id))
        .collect();
    let unlogged = without_log.into_iter().map(|character| Entry::unlogged(character, encounter_id, wanted.metric));
    entries.extend(unlogged.filter(|entry| wanted.spec.is_none_or(|spec| spec.eq_ignore_ascii_case(entry.spec))));
}

impl<'w> Entry<'w> {
    fn of(performance: &Performance<'w>, character: &'w Character, amount: f64) -> Self {
        Self {
            character,
            amount,
            spec: performance.spec(),
            duration: performance.fight.end - performance.fight.start,
            start_unix_ms: performance.start_unix_ms(),
            report: performance.report_json(),
        }
    }

    fn unlogged(character: &'w Character, encounter_id: i64, metric: &str) -> Self {
        let mut dice = Dice::new(derive(character.id.unsigned_abs(), encounter_id.unsigned_abs()));
        let duration = dice.between(90_000, 900_000);
        let amount = match metric {
            "playerspeed" => duration as f64,
            "krsi" => 100.0,
            _ => dice.between(200_000, 9_000_000) as f64 / 128.0,
        };
        let start_unix_ms = UNLOGGED_FROM_MS + dice.between(0, 8_000_000_000);
        Self { character, amount, spec: spec_of(Role::Damage, character.id), duration, start_unix_ms, report: Value::Null }
    }

    fn json(&self, world: &World, wanted: &Wanted<'_>) -> Value {
        let character = self.character;
        let (talents, gear, sets) =
            if wanted.combatant_info { gear::build(character.id) } else { (Value::Null, Value::Null, Value::Null) };
        let mut entry = json!({
            "name": character.name, "class": class_name(character.class_id), "spec": self.spec, "amount": self.amount,
            "hardModeLevel": 0, "duration": self.duration, "startTime": self.start_unix_ms,
            "report": if wanted.logs_only { self.report.clone() } else { no_report() },
            "server": server(world, world.server(character.server_id)),
            "bracketData": champion_points(character.id), "displayName": character.display_name,
            "talents": talents, "gear": gear, "sets": sets,
        });
        // Absent, not null, where there is none.
        if let (Some(guild_of), Some(entry)) = (guild_of(world, character), entry.as_object_mut()) {
            entry.insert("guild".to_owned(), guild(Some(guild_of)));
        }
        entry
    }
}

fn no_report() -> Value {
    json!({"code": null, "fightID": 0, "startTime": 0})
}

/// The best kills of an encounter.
pub(in super::super) fn fight_rankings(world: &World, encounter_id: i64, args: Args<'_>) -> Value {
    let wanted = match Wanted::read(world, args) {
        Ok(wanted) => wanted,
        Err(message) => return error(message),
    };
    let mut kills = logged_kills(world, encounter_id, &wanted);
    if !wanted.logs_only && !wanted.impossible {
        kills.extend(unlogged_kills(world, encounter_id, &wanted));
    }
    kills.sort_by_key(|kill| (kill.order(wanted.metric), kill.start_unix_ms));
    page(&kills, args.page(), FIGHTS_PER_PAGE, |kill| kill.json(world, wanted.logs_only))
}

/// A kill in a ranking.
struct Kill<'w> {
    guild: Option<&'w Guild>,
    duration: i64,
    start_unix_ms: i64,
    damage_taken: i64,
    deaths: i64,
    /// Tanks, healers, all others.
    roles: [usize; 3],
    report: Value,
}

fn logged_kills<'w>(world: &'w World, encounter_id: i64, wanted: &Wanted<'_>) -> Vec<Kill<'w>> {
    let mut kills: BTreeMap<(&str, i64), Kill<'_>> = BTreeMap::new();
    for performance in performances(world, encounter_id, wanted, false) {
        let guild = performance.report.guild_id.and_then(|id| world.guild(id));
        if !guild.is_none_or(|guild| is_there(world, guild, wanted)) {
            continue;
        }
        let kill = kills.entry((performance.report.code.as_str(), performance.fight.id)).or_insert_with(|| Kill {
            guild,
            duration: performance.fight.end - performance.fight.start,
            start_unix_ms: performance.start_unix_ms(),
            damage_taken: 0,
            deaths: 0,
            roles: [0; 3],
            report: performance.report_json(),
        });
        kill.damage_taken += performance.parse.damage_taken;
        kill.deaths += performance.parse.deaths;
        kill.roles[match performance.actor.role {
            Some(Role::Tank) => 0,
            Some(Role::Healer) => 1,
            _ => 2,
        }] += 1;
    }
    kills.into_values().collect()
}

fn is_there(world: &World, guild: &Guild, wanted: &Wanted<'_>) -> bool {
    let region = world.server(guild.server_id).map(|server| server.region_id);
    wanted.region_id.is_none_or(|id| region == Some(id)) && wanted.server_id.is_none_or(|id| guild.server_id == id)
}

fn unlogged_kills<'w>(world: &'w World, encounter_id: i64, wanted: &Wanted<'_>) -> Vec<Kill<'w>> {
    let guilds = world.guilds.iter().filter(|guild| is_there(world, guild, wanted));
    guilds.flat_map(|guild| (0..UNLOGGED_KILLS).map(move |number| Kill::unlogged(guild, encounter_id, number))).collect()
}

impl<'w> Kill<'w> {
    fn unlogged(guild: &'w Guild, encounter_id: i64, number: u64) -> Self {
        let mut dice = Dice::new(derive(guild.id.unsigned_abs() << 8 | number, encounter_id.unsigned_abs()));
        Self {
            guild: Some(guild),
            duration: dice.between(90_000, 900_000),
            start_unix_ms: UNLOGGED_FROM_MS + dice.between(0, 8_000_000_000),
            damage_taken: dice.between(1_000_000, 90_000_000),
            deaths: dice.between(0, 9),
            roles: [2, 2, 8],
            report: Value::Null,
        }
    }

    /// What kills are sorted by, the best first.
    fn order(&self, metric: &str) -> i64 {
        match metric {
            "execution" => self.deaths * 1_000_000_000 + self.damage_taken,
            "progress" => self.start_unix_ms,
            _ => self.duration,
        }
    }

    fn json(&self, world: &World, with_report: bool) -> Value {
        let [tanks, healers, others] = self.roles;
        json!({
            "server": server(world, self.guild.and_then(|guild| world.server(guild.server_id))),
            "duration": self.duration, "startTime": self.start_unix_ms, "damageTaken": self.damage_taken, "deaths": self.deaths,
            "tanks": tanks, "healers": healers, "melee": others / 2, "ranged": others - others / 2, "bracketData": 2_000,
            "report": if with_report { self.report.clone() } else { no_report() }, "guild": guild(self.guild),
        })
    }
}

/// A page as encounters' rankings have it; beyond the end it is empty.
fn page<T>(all: &[T], number: usize, per_page: usize, json: impl Fn(&T) -> Value) -> Value {
    let from = (number - 1).saturating_mul(per_page).min(all.len());
    let to = from.saturating_add(per_page).min(all.len());
    let rankings: Vec<Value> = all[from..to].iter().map(json).collect();
    json!({"page": number, "hasMorePages": to < all.len(), "count": to - from, "rankings": rankings})
}
