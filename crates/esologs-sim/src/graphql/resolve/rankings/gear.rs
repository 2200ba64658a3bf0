//! Gear, talents and sets of a ranked character. Numbers inside `gear` are strings here, and numbers everywhere else.

use serde_json::{Value, json};

use crate::world::dice::{Dice, derive};
use crate::world::events::{SETS, SLOTS};
use crate::world::skills::{BUFFS, DOTS, STRIKES, Skill};

/// Abilities on the two bars.
const TALENTS: usize = 12;
/// Places of gear: those of the body, and two that are empty.
const PIECES: usize = 16;

/// `talents`, `gear` and `sets`.
pub(super) fn build(character_id: i64) -> (Value, Value, Value) {
    let mut dice = Dice::new(derive(character_id.unsigned_abs(), 161));
    let worn = [*dice.pick(SETS), *dice.pick(SETS), *dice.pick(SETS)];
    let talents: Vec<Value> = skills(&mut dice).map(|skill| json!({"name": skill.1, "id": skill.0, "icon": skill.2})).collect();
    let gear: Vec<Value> = (0..PIECES).map(|place| piece(place, worn[place % worn.len()], &mut dice)).collect();
    let mut sets: Vec<Value> = Vec::new();
    for (id, name) in worn {
        let set = json!({"name": name, "id": id});
        if !sets.contains(&set) {
            sets.push(set);
        }
    }
    (json!(talents), json!(gear), json!(sets))
}

/// The abilities on somebody's bars.
fn skills(dice: &mut Dice) -> impl Iterator<Item = &'static Skill> + use<> {
    let mut skills: Vec<&Skill> = STRIKES.iter().chain(DOTS).chain(BUFFS).collect();
    dice.shuffle(&mut skills);
    skills.into_iter().take(TALENTS)
}

fn piece(place: usize, (set, set_name): (i64, &str), dice: &mut Dice) -> Value {
    let Some((slot, name, icon)) = SLOTS.get(place).filter(|slot| !slot.1.is_empty()) else {
        return json!({
            "name": "Unknown Item", "quality": "primary", "id": 0, "icon": "???", "cp": "0", "trait": "0",
            "enchantType": "0", "enchantQuality": "0", "setID": "0",
        });
    };
    json!({
        "name": format!("{set_name} {name}"), "quality": "primary", "id": 200_000 + set * 32 + slot,
        "icon": format!("gear_{icon}_medium_a"), "cp": "160", "trait": dice.between(1, 33).to_string(),
        "enchantType": dice.between(1, 60).to_string(), "enchantQuality": "5", "setID": set.to_string(),
    })
}
