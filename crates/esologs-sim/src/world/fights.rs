//! The fights of a report: what is fought, how it goes, when.

use super::dice::Dice;
use super::model::{Fight, FightNpc, Zone};
use super::plan::ReportPlan;
use super::reports::encounter_of;
use super::roster::{GROUP_SIZE, Roster};

/// How a fight goes. Boss fights name the place of their encounter in the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    Trash,
    Wipe(usize),
    Kill(usize),
    /// Tens of milliseconds after a boss, which the site counts as a fight.
    Leftover(usize),
}

/// Draws the fights and gives them with the report's length. `lasts` stretches the gaps so that the report is that long.
pub(super) fn schedule(
    plan: &ReportPlan,
    zone: &Zone,
    roster: &Roster,
    lasts: Option<i64>,
    dice: &mut Dice,
) -> (Vec<Fight>, i64) {
    let courses = courses(plan.fights, zone, dice);
    let lengths = lengths(&courses, plan.combat_seconds, dice);
    let gaps = gaps(&courses, lasts.map(|lasts| lasts - lengths.iter().sum::<i64>()), dice);
    let mut fights: Vec<Fight> = Vec::with_capacity(courses.len());
    let mut time = 0;
    for (place, course) in courses.iter().enumerate() {
        let start = time + gaps[place];
        time = start + lengths[place];
        let fight = fight(*course, place, zone, roster, dice);
        fights.push(Fight { start, end: time, ..fight });
    }
    (fights, time + gaps[courses.len()])
}

/// What is fought in which order. The first boss has everything: trash, a wipe, what is left of it, a kill.
fn courses(count: usize, zone: &Zone, dice: &mut Dice) -> Vec<Course> {
    if count == 1 {
        return vec![Course::Kill(0)];
    }
    let mut courses = vec![Course::Trash, Course::Wipe(0), Course::Leftover(0), Course::Kill(0)];
    for place in 1.. {
        if courses.len() >= count {
            break;
        }
        courses.extend(boss_courses(encounter_of(zone, place), dice));
    }
    courses.truncate(count);
    // A night that is cut off should not end on a pull of trash: the last pull is a try at the boss.
    if let (Some(last), 3..) = (courses.last_mut(), count) {
        *last = if *last == Course::Trash { Course::Wipe(encounter_of(zone, count)) } else { *last };
    }
    courses
}

fn boss_courses(encounter: usize, dice: &mut Dice) -> Vec<Course> {
    let mut courses = vec![Course::Trash; 1 + dice.below(2) as usize];
    for _ in 0..dice.below(4) {
        courses.push(Course::Wipe(encounter));
        if dice.chance(250) {
            courses.push(Course::Leftover(encounter));
        }
    }
    courses.push(Course::Kill(encounter));
    if dice.chance(400) {
        courses.push(Course::Leftover(encounter));
    }
    courses
}

/// Shares the seconds of combat out among the fights, in milliseconds.
fn lengths(courses: &[Course], combat_seconds: f64, dice: &mut Dice) -> Vec<i64> {
    let weights: Vec<i64> = courses.iter().map(|course| weight(*course, dice)).collect();
    let total: i64 = weights.iter().sum::<i64>().max(1);
    let length = |(course, weight): (&Course, &i64)| match course {
        Course::Leftover(_) => dice.between(18, 120),
        _ => share(combat_seconds, *weight, total).max(1_500),
    };
    courses.iter().zip(&weights).map(length).collect()
}

fn weight(course: Course, dice: &mut Dice) -> i64 {
    match course {
        Course::Trash => dice.between(15, 50),
        Course::Wipe(_) => dice.between(25, 90),
        Course::Kill(_) => dice.between(80, 120),
        Course::Leftover(_) => 0,
    }
}

fn share(combat_seconds: f64, weight: i64, total: i64) -> i64 {
    let combat_ms = (combat_seconds * 1000.0) as i64;
    combat_ms * weight / total
}

/// Milliseconds before each fight and after the last; they add up to `budget` if there is one.
fn gaps(courses: &[Course], budget: Option<i64>, dice: &mut Dice) -> Vec<i64> {
    let mut gaps: Vec<i64> = courses.iter().enumerate().map(|(place, course)| gap(*course, place, dice)).collect();
    gaps.push(dice.between(5_000, 120_000));
    if let Some(budget) = budget.filter(|budget| *budget > 0) {
        let total = gaps.iter().sum::<i64>().max(1);
        for gap in &mut gaps {
            *gap = (*gap * budget / total).max(1);
        }
    }
    gaps
}

fn gap(course: Course, place: usize, dice: &mut Dice) -> i64 {
    match course {
        Course::Leftover(_) => dice.between(40, 300),
        _ if place == 0 => dice.between(60_000, 900_000),
        _ => dice.between(8_000, 90_000),
    }
}

/// A fight without its times.
fn fight(course: Course, place: usize, zone: &Zone, roster: &Roster, dice: &mut Dice) -> Fight {
    let boss = |encounter: usize| zone.encounters.get(encounter);
    let mut fight = bare_fight(place, roster, dice);
    match course {
        Course::Trash => {
            fight.enemy_npcs = npcs(&roster.trash, 2 + dice.below(6) as usize, roster, dice);
            fight.name = fight.enemy_npcs.first().map_or_else(String::new, |first| name_of(roster, first.id));
        }
        Course::Leftover(encounter) => {
            fight.original_encounter_id = boss(encounter).map(|boss| boss.id);
            fight.name = boss(encounter).map_or_else(String::new, |boss| boss.name.clone());
            fight.enemy_npcs = npcs(&roster.bosses[encounter..=encounter], 1, roster, dice);
        }
        Course::Wipe(encounter) | Course::Kill(encounter) => {
            let kill = course == Course::Kill(encounter);
            fight.encounter_id = boss(encounter).map_or(0, |boss| boss.id);
            fight.name = boss(encounter).map_or_else(String::new, |boss| boss.name.clone());
            fight.difficulty = Some(if dice.chance(250) { 121 } else { 122 });
            fight.size = Some(12);
            fight.kill = Some(kill);
            fight.boss_percentage = Some(percentage(kill, dice));
            fight.fight_percentage = fight.boss_percentage;
            fight.enemy_npcs = boss_npcs(encounter, roster, dice);
            crown(&mut fight, kill && encounter + 1 == zone.encounters.len(), dice);
        }
    }
    fight
}

/// Gives score and time to the kill that ends a trial.
fn crown(fight: &mut Fight, ends_trial: bool, dice: &mut Dice) {
    if ends_trial {
        let score = |low, high, dice: &mut Dice| dice.between(low, high) as f64;
        fight.trial_score = Some(score(80_000, 260_000, dice));
        fight.trial_time = Some(score(1_200_000, 3_600_000, dice));
    }
}

/// What is left of the boss: near 0 but not 0 on a kill.
fn percentage(kill: bool, dice: &mut Dice) -> f64 {
    if kill { f64::from(1 + dice.below(13)) / 100.0 } else { f64::from(200 + dice.below(9_700)) / 100.0 }
}

fn bare_fight(place: usize, roster: &Roster, dice: &mut Dice) -> Fight {
    let friendly_players = group(&roster.players, dice);
    Fight {
        id: i64::try_from(place).unwrap_or(0) + 1,
        encounter_id: 0,
        original_encounter_id: None,
        name: String::new(),
        difficulty: None,
        size: None,
        kill: None,
        boss_percentage: None,
        fight_percentage: None,
        start: 0,
        end: 0,
        complete_raid: false,
        last_phase: 0,
        trial_score: None,
        trial_time: None,
        friendly_npcs: helpers(roster, dice),
        enemy_npcs: Vec::new(),
        friendly_pets: pets(roster, &friendly_players),
        friendly_players,
        bounding_box: bounding_box(dice),
    }
}

/// Twelve of the players. The API lists them now upwards, now downwards, now in any order.
fn group(players: &[i64], dice: &mut Dice) -> Vec<i64> {
    let mut group = players.to_vec();
    while group.len() > GROUP_SIZE {
        // Tanks and healers are the first four: only who deals damage is replaced.
        let leaves = 5 + dice.index(group.len() - 5);
        group.remove(leaves);
    }
    match dice.below(3) {
        0 => group.reverse(),
        1 => dice.shuffle(&mut group),
        _ => {}
    }
    group
}

/// In one fight of five somebody helps who is no player.
fn helpers(roster: &Roster, dice: &mut Dice) -> Vec<FightNpc> {
    if dice.chance(200) { npcs(&roster.helpers, 1, roster, dice) } else { Vec::new() }
}

/// The pets of those who take part.
fn pets(roster: &Roster, group: &[i64]) -> Vec<FightNpc> {
    let npc = |&id: &i64| {
        let owner = roster.actors.iter().find(|actor| actor.id == id).and_then(|actor| actor.pet_owner)?;
        group.contains(&owner).then(|| FightNpc { pet_owner: Some(owner), ..npc(id, 1, 1, roster) })
    };
    roster.pets.iter().filter_map(npc).collect()
}

fn boss_npcs(encounter: usize, roster: &Roster, dice: &mut Dice) -> Vec<FightNpc> {
    let mut enemies = npcs(&roster.adds, 1 + dice.below(4) as usize, roster, dice);
    enemies.push(npc(roster.bosses[encounter], 1, 1, roster));
    dice.shuffle(&mut enemies);
    enemies
}

fn npcs(ids: &[i64], count: usize, roster: &Roster, dice: &mut Dice) -> Vec<FightNpc> {
    let mut ids = ids.to_vec();
    dice.shuffle(&mut ids);
    let bosses_come_alone = |id: i64| roster.bosses.contains(&id);
    let npc = |&id: &i64| {
        let instances = if bosses_come_alone(id) { 1 } else { dice.between(1, 6) };
        npc(id, instances, dice.between(1, 2).min(instances), roster)
    };
    ids.iter().take(count).map(npc).collect()
}

fn npc(id: i64, instance_count: i64, group_count: i64, roster: &Roster) -> FightNpc {
    let game_id = roster.actors.iter().find(|actor| actor.id == id).map_or(0, |actor| actor.game_id);
    FightNpc { id, game_id, instance_count, group_count, pet_owner: None }
}

fn name_of(roster: &Roster, id: i64) -> String {
    roster.actors.iter().find(|actor| actor.id == id).map_or_else(String::new, |actor| actor.name.clone())
}

fn bounding_box(dice: &mut Dice) -> (i64, i64, i64, i64) {
    let (x, y) = (dice.between(-12_000, 8_000), dice.between(-9_000, 8_000));
    (x, x + dice.between(1_500, 14_000), y, y + dice.between(1_500, 14_000))
}
