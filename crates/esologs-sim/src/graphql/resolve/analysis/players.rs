//! `playerDetails`: who was there, by role, with gear if it is asked for.

use serde_json::{Map, Value, json};

use super::names::{guid, object};
use super::scope::Scope;
use crate::world::EventKind;
use crate::world::dice::{Dice, derive};
use crate::world::model::{Actor, Report, Role};
use crate::world::parses::{champion_points, spec};
use crate::world::skills::{DOTS, STRIKES, Skill};

/// Places of gear: those that events tell, and empty ones behind them.
const PIECES: usize = 16;
/// Abilities on the two bars.
const TALENTS: usize = 12;

/// Players by role. A role that nobody has is absent.
pub(super) fn of(scope: &Scope<'_>) -> Value {
    let mut roles = Map::new();
    for actor in present(scope) {
        let role = match actor.role {
            Some(Role::Tank) => "tanks",
            Some(Role::Healer) => "healers",
            _ => "dps",
        };
        if let Value::Array(players) = roles.entry(role).or_insert_with(|| json!([])) {
            players.push(player(scope, actor));
        }
    }
    Value::Object(roles)
}

/// Players of the fights that are meant, by actor id.
fn present<'a>(scope: &Scope<'a>) -> Vec<&'a Actor> {
    let is_there = |actor: &&Actor| scope.fights().any(|fight| fight.friendly_players.contains(&actor.id));
    scope.report().actors.iter().filter(|actor| actor.kind == "Player").filter(is_there).collect()
}

fn item_level(actor: &Actor) -> i64 {
    champion_points(actor.character_id.unwrap_or(actor.id))
}

pub(super) fn mean_item_level(scope: &Scope<'_>) -> f64 {
    let players = present(scope);
    let sum: i64 = players.iter().map(|actor| item_level(actor)).sum();
    sum as f64 / players.len().max(1) as f64
}

pub(super) fn composition(scope: &Scope<'_>) -> Vec<Value> {
    let told = |actor: &Actor| {
        json!({
            "name": actor.name, "id": actor.id, "guid": guid(actor), "type": actor.sub_type, "icon": actor.icon,
            "specs": [{"spec": spec(actor), "role": role_word(actor)}],
        })
    };
    present(scope).into_iter().map(told).collect()
}

fn role_word(actor: &Actor) -> &'static str {
    match actor.role {
        Some(Role::Tank) => "tank",
        Some(Role::Healer) => "healer",
        _ => "dps",
    }
}

fn player(scope: &Scope<'_>, actor: &Actor) -> Value {
    let level = item_level(actor);
    json!({
        "name": actor.name, "id": actor.id, "guid": guid(actor), "type": actor.sub_type, "server": actor.server,
        "displayName": actor.display_name, "anonymous": actor.anonymous, "icon": actor.icon, "specs": specs(scope, actor),
        "minItemLevel": level, "maxItemLevel": level, "potionUse": 0, "healthstoneUse": 0,
        "combatantInfo": combatant_info(scope, actor),
    })
}

/// Both forms were seen: texts, and objects that count. Here it depends on the report.
fn specs(scope: &Scope<'_>, actor: &Actor) -> Value {
    if scope.report().seed.is_multiple_of(2) {
        return json!([spec(actor)]);
    }
    let fights = scope.fights().filter(|fight| fight.friendly_players.contains(&actor.id)).count();
    json!([{"spec": spec(actor), "count": fights}])
}

/// An empty list unless it is asked for and the player was there at a pull.
fn combatant_info(scope: &Scope<'_>, actor: &Actor) -> Value {
    let Some(mut gear) = Some(scope).filter(|scope| scope.combatant_info).and_then(|scope| gear(scope, actor)) else {
        return json!([]);
    };
    while gear.len() < PIECES {
        gear.push(json!({
            "id": 0, "slot": gear.len() + 6, "quality": 0, "icon": "Unknown", "name": "Empty", "championPoints": 0, "trait": 0,
            "enchantType": 0, "enchantQuality": 0, "setID": 0, "type": 0, "setName": "",
        }));
    }
    json!({"stats": [], "talents": talents(scope.report(), actor), "gear": gear})
}

/// The gear that the first pull tells.
fn gear(scope: &Scope<'_>, actor: &Actor) -> Option<Vec<Value>> {
    let (report, is_it) = (scope.report(), |kind, source| kind == EventKind::CombatantInfo && source == actor.id);
    let event =
        scope.fights().find_map(|fight| report.events().of_fight(report, fight).find(|event| is_it(event.kind, event.source)))?;
    let mut told = object(serde_json::from_slice(event.json).ok()?);
    match told.remove("gear")? {
        Value::Array(gear) => Some(gear),
        _ => None,
    }
}

fn talents(report: &Report, actor: &Actor) -> Vec<Value> {
    let mut dice = Dice::new(derive(report.seed, 12_000 + actor.id.unsigned_abs()));
    let mut skills: Vec<&Skill> = STRIKES.iter().chain(DOTS).collect();
    dice.shuffle(&mut skills);
    let school = |skill: &Skill| skill.3.parse::<i64>().unwrap_or(1);
    let told =
        |skill: &Skill| json!({"name": skill.1, "guid": skill.0, "type": school(skill), "abilityIcon": skill.2, "flags": 1});
    skills.into_iter().take(TALENTS).map(told).collect()
}
