//! The buffs of each player, as the `buffs` of damage events list them, and the gear that `combatantinfo` tells.

use super::write::{Json, write_int};
use crate::world::dice::{Dice, derive};
use crate::world::model::{Actor, Report};
use crate::world::skills::{BUFFS, Skill};

/// Fewest and most buffs that a player has at a time.
const BUFFS_AT_A_TIME: (usize, usize) = (12, 24);

/// What one player has on.
#[derive(Debug, Clone)]
pub(super) struct Auras {
    on: Vec<u32>,
    /// The ids with a dot behind each, as events write them.
    text: Vec<u8>,
}

impl Auras {
    /// The buffs that a player enters a fight with.
    pub(super) fn draw(dice: &mut Dice) -> Self {
        let mut buffs: Vec<u32> = BUFFS.iter().map(|skill| skill.0).collect();
        dice.shuffle(&mut buffs);
        buffs.truncate(14 + dice.index(8));
        let mut auras = Self { on: buffs, text: Vec::new() };
        auras.spell();
        auras
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    pub(super) fn on(&self) -> &[u32] {
        &self.on
    }

    /// Puts the buff on or takes it off, and tells whether it is on now. Keeps the number within its bounds.
    pub(super) fn toggle(&mut self, ability: u32) -> bool {
        let there = self.on.iter().position(|on| *on == ability);
        match there {
            Some(at) if self.on.len() > BUFFS_AT_A_TIME.0 => {
                self.on.remove(at);
            }
            None if self.on.len() < BUFFS_AT_A_TIME.1 => self.on.push(ability),
            // Refreshed, or one of those that the log leaves out of the list: the game announces it all the same.
            _ => return there.is_none(),
        }
        self.spell();
        there.is_none()
    }

    fn spell(&mut self) {
        self.text.clear();
        for &ability in &self.on {
            write_int(&mut self.text, i64::from(ability));
            self.text.push(b'.');
        }
    }
}

/// Appends the auras of `combatantinfo`.
pub(super) fn write_auras(out: &mut Vec<u8>, player: i64, on: &[u32]) {
    out.push(b'[');
    for (place, ability) in on.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        let known = BUFFS.iter().find(|skill| skill.0 == *ability);
        write_aura(Json::open(out), player, *ability, known);
    }
    out.push(b']');
}

fn write_aura(mut json: Json<'_>, player: i64, ability: u32, known: Option<&Skill>) {
    json.int("source", player);
    json.int("ability", i64::from(ability));
    json.int("stacks", 1);
    json.text("icon", known.map_or("ability_mage_065", |skill| skill.2));
    json.text("name", known.map_or("Unknown", |skill| skill.1));
    json.close();
}

/// Sets that players wear: id and name.
pub(crate) const SETS: &[(i64, &str)] = &[
    (350, "Zaan"),
    (455, "Perfected False God's Devotion"),
    (518, "Kinras's Wrath"),
    (590, "Perfected Bahsei's Mania"),
    (646, "Perfected Coral Riptide"),
    (691, "Pillager's Profit"),
    (772, "Perfected Null Arca"),
    (127, "Deadly Strike"),
];

/// Places on the body, by the `slot` number of the API.
pub(crate) const SLOTS: &[(i64, &str, &str)] = &[
    (0, "Helmet", "head"),
    (2, "Jerkin", "chest"),
    (3, "Epaulets", "shoulders"),
    (6, "Belt", "waist"),
    (8, "Breeches", "legs"),
    (9, "Shoes", "feet"),
    (16, "Gloves", "hands"),
    (1, "Necklace", "neck"),
    (11, "Ring", "ring"),
    (12, "Ring", "ring"),
    (4, "Dagger", "dagger"),
    (5, "Dagger", "dagger"),
    (20, "Inferno Staff", "staff"),
    (21, "", ""),
];

/// The JSON of a player's gear, the same in every fight of the report.
pub(super) fn gear(report: &Report, player: &Actor) -> Vec<u8> {
    let mut dice = Dice::new(derive(report.seed, 9_000 + player.id.unsigned_abs()));
    let worn = [*dice.pick(SETS), *dice.pick(SETS), *dice.pick(SETS)];
    let mut out = vec![b'['];
    for (place, slot) in SLOTS.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        write_piece(Json::open(&mut out), *slot, worn[place % worn.len()], &mut dice);
    }
    out.push(b']');
    out
}

fn write_piece(mut json: Json<'_>, (slot, piece, icon): (i64, &str, &str), (set, set_name): (i64, &str), dice: &mut Dice) {
    let empty = piece.is_empty();
    json.int("id", if empty { 0 } else { 120_000 + dice.between(0, 90_000) });
    json.int("slot", slot);
    json.int("quality", if empty { 0 } else { dice.between(4, 5) });
    json.text("icon", &if empty { "Unknown".to_owned() } else { format!("gear_{icon}_medium_a") });
    json.text("name", &if empty { "Empty".to_owned() } else { format!("{set_name} {piece}") });
    json.int("championPoints", if empty { 0 } else { 160 });
    json.int("trait", if empty { 0 } else { dice.between(1, 33) });
    json.int("enchantType", if empty { 0 } else { dice.between(1, 60) });
    json.int("enchantQuality", if empty { 0 } else { 5 });
    json.int("setID", if empty { 0 } else { set });
    json.int("type", if empty { 0 } else { dice.between(1, 14) });
    json.text("setName", if empty { "" } else { set_name });
    json.close();
}
