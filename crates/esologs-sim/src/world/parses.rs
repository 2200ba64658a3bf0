//! What each player did in each boss fight: the sums that rankings are made of.

use std::collections::BTreeMap;

use super::dice::derive;
use super::events::{EventKind, ReportEvents};
use super::model::{Actor, Report, Role};

/// What one player did in one boss fight. A pet's damage is its owner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parse {
    /// The fight's number within the report.
    pub fight_id: i64,
    /// The player's actor id.
    pub actor_id: i64,
    /// Damage to enemies.
    pub damage: i64,
    /// Healing, without what was lost on people who were unhurt.
    pub healing: i64,
    /// Damage that the player took.
    pub damage_taken: i64,
    /// How often the player died.
    pub deaths: i64,
}

/// Sums up the events of all boss fights, in order of fights and actors.
pub(super) fn sum_up(report: &Report, events: &ReportEvents) -> Vec<Parse> {
    let mut sums: BTreeMap<(i64, i64), Parse> = BTreeMap::new();
    for fight in report.fights.iter().filter(|fight| fight.encounter_id != 0) {
        for &actor_id in &fight.friendly_players {
            let parse = Parse { fight_id: fight.id, actor_id, damage: 0, healing: 0, damage_taken: 0, deaths: 0 };
            sums.insert((fight.id, actor_id), parse);
        }
    }
    let owner = |id: i64| report.actor(id).and_then(|actor| actor.pet_owner).unwrap_or(id);
    for event in events.iter() {
        let (source, target) = ((event.fight, owner(event.source)), (event.fight, event.target));
        match event.kind {
            EventKind::Damage if !event.target_is_friendly => add(&mut sums, source, |parse| parse.damage += event.amount()),
            EventKind::Damage => add(&mut sums, target, |parse| parse.damage_taken += event.amount()),
            EventKind::Heal => add(&mut sums, source, |parse| parse.healing += event.amount()),
            EventKind::Death => add(&mut sums, target, |parse| parse.deaths += 1),
            _ => {}
        }
    }
    sums.into_values().collect()
}

fn add(sums: &mut BTreeMap<(i64, i64), Parse>, key: (i64, i64), change: impl FnOnce(&mut Parse)) {
    if let Some(parse) = sums.get_mut(&key) {
        change(parse);
    }
}

/// What a player specialises in, as the API spells it; `None` for others than players.
#[must_use]
pub fn spec(actor: &Actor) -> Option<&'static str> {
    Some(spec_of(actor.role?, actor.character_id.unwrap_or(actor.id)))
}

/// The specialisation of a character with that role.
#[must_use]
pub fn spec_of(role: Role, character_id: i64) -> &'static str {
    match role {
        Role::Tank => "Tank",
        Role::Healer => "Healer",
        Role::Damage if character_id % 2 == 0 => "MagickaDPS",
        Role::Damage => "StaminaDPS",
    }
}

/// Champion points of a character: what rankings tell as `bracketData` and player details as item level.
#[must_use]
pub fn champion_points(character_id: i64) -> i64 {
    1_200 + i64::try_from(derive(character_id.unsigned_abs(), 160) % 1_300).unwrap_or(0)
}
