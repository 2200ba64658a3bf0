//! `useAbilityIDs: false` and `useActorIDs: false`: objects in the place of ids.

use super::filter::EventFilter;
use super::write::Json;
use crate::world::model::{Ability, Actor, Report};

/// Appends the event with the ids replaced that the filter wants as objects.
///
/// The names looked for stand outside strings only: no ability and no actor is called `"sourceID":`.
pub(super) fn with_objects(out: &mut Vec<u8>, json: &[u8], report: &Report, filter: &EventFilter) {
    let mut rest = json;
    while let Some((before, field, after)) = next_id(rest, filter) {
        out.extend_from_slice(before);
        let digits = after.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'-').count();
        let id = std::str::from_utf8(&after[..digits]).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
        write_object(out, field, id, report);
        rest = &after[digits..];
    }
    out.extend_from_slice(rest);
}

/// An id's name in the event and the name of the object that stands for it.
struct Field {
    id: &'static [u8],
    object: &'static str,
    is_actor: bool,
}

const FIELDS: [Field; 4] = [
    Field { id: b"\"sourceID\":", object: "source", is_actor: true },
    Field { id: b"\"targetID\":", object: "target", is_actor: true },
    Field { id: b"\"abilityGameID\":", object: "ability", is_actor: false },
    Field { id: b"\"extraAbilityGameID\":", object: "extraAbility", is_actor: false },
];

/// The next id to replace: what stands before it, which it is, what comes after its colon.
fn next_id<'a>(json: &'a [u8], filter: &EventFilter) -> Option<(&'a [u8], &'static Field, &'a [u8])> {
    let wanted = |field: &&Field| if field.is_actor { !filter.use_actor_ids } else { !filter.use_ability_ids };
    let found = FIELDS.iter().filter(wanted).filter_map(|field| Some((find(json, field.id)?, field)));
    let (at, field) = found.min_by_key(|(at, _)| *at)?;
    Some((&json[..at], field, &json[at + field.id.len()..]))
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn write_object(out: &mut Vec<u8>, field: &Field, id: i64, report: &Report) {
    out.extend_from_slice(format!("\"{}\":", field.object).as_bytes());
    let json = Json::open(out);
    if field.is_actor {
        write_actor(json, id, report.actor(id));
    } else {
        write_ability(json, id, report.ability(id));
    }
}

/// Actors that the master data does not name are the environment, id -1.
fn write_actor(mut json: Json<'_>, id: i64, actor: Option<&Actor>) {
    json.text("name", actor.map_or("Environment", |actor| &actor.name));
    json.int("id", id);
    json.int("guid", actor.map_or(0, |actor| actor.game_id));
    json.text("type", actor.map_or("NPC", |actor| &actor.sub_type));
    json.text("icon", actor.map_or("NPC", |actor| &actor.icon));
    json.close();
}

fn write_ability(mut json: Json<'_>, id: i64, ability: Option<&Ability>) {
    json.text("name", ability.map_or("Unknown Ability", |ability| &ability.name));
    json.int("guid", id);
    json.int("type", ability.and_then(|ability| ability.kind.parse().ok()).unwrap_or(0));
    json.text("abilityIcon", ability.map_or("ability_mage_065", |ability| &ability.icon));
    json.close();
}
