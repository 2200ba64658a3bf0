//! Actors and abilities as tables and graphs tell them.

use serde_json::{Map, Value, json};

use crate::world::model::{Ability, Actor, Report};

/// Players have no id in the game, so the site makes one up from this.
const PLAYER_GUIDS: i64 = 1_000_000;

pub(super) fn guid(actor: &Actor) -> i64 {
    if actor.kind == "Player" { PLAYER_GUIDS + actor.id } else { actor.game_id }
}

/// `{name id guid type icon}`; an actor that the report does not name is the environment.
pub(super) fn actor(report: &Report, id: i64) -> Map<String, Value> {
    let known = report.actor(id);
    let told = known.map_or_else(
        || json!({"name": "Environment", "id": id, "guid": 0, "type": "NPC", "icon": "NPC"}),
        |actor| json!({"name": actor.name, "id": id, "guid": guid(actor), "type": actor.sub_type, "icon": actor.icon}),
    );
    object(told)
}

/// `{name guid type abilityIcon}`; the type is the school, as a number here.
pub(super) fn ability(report: &Report, id: i64) -> Map<String, Value> {
    let known = report.ability(id);
    let school = known.and_then(|ability| ability.kind.parse::<i64>().ok()).unwrap_or(1);
    object(json!({
        "name": known.map_or("Unknown Ability", |ability| &ability.name), "guid": id, "type": school,
        "abilityIcon": known.map_or("ability_mage_065", |ability: &Ability| &ability.icon),
    }))
}

/// The fields of an object.
pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// An object and more fields behind its own.
pub(super) fn with(mut map: Map<String, Value>, more: Value) -> Value {
    map.extend(object(more));
    Value::Object(map)
}
