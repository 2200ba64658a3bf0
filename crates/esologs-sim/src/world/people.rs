//! Guilds and their members.

use super::atlas::{CLASSES, FACTIONS, RACES};
use super::dice::{Dice, derive};
use super::model::{Character, Guild};
use super::names::{ACCOUNTS, NAME_ENDS, NAME_STARTS, TEAMS};
use super::plan::GuildPlan;

/// Members in 1000 who are anonymous in reports.
const ANONYMOUS_PER_MILLE: u32 = 60;

/// Ids of characters that are not named by the plan begin here.
pub(super) const FIRST_NUMBERED: i64 = 700_001;

/// Makes the guilds of a plan and all their members; ids of characters that are not named go up from guild to guild.
pub(super) fn settle(plans: &[GuildPlan], seed: u64) -> (Vec<Guild>, Vec<Character>) {
    let mut characters = Vec::new();
    let guilds = plans.iter().map(|plan| settle_guild(plan, seed, &mut characters)).collect();
    (guilds, characters)
}

fn settle_guild(plan: &GuildPlan, seed: u64, characters: &mut Vec<Character>) -> Guild {
    let mut dice = Dice::new(derive(seed, plan.id.unsigned_abs() ^ 0x6775_696c_6400));
    let mut member_ids = Vec::new();
    for place in 0..plan.members {
        let member = member(&mut dice, plan, plan.characters.get(place).copied(), characters);
        member_ids.push(member.id);
        characters.push(member);
    }
    let (faction, faction_name) = *dice.pick(FACTIONS);
    Guild {
        id: plan.id,
        name: plan.name.clone(),
        description: format!("{}: trials on weekday evenings, everybody welcome.", plan.name),
        competition_mode: false,
        stealth_mode: false,
        faction: (faction, faction_name.to_owned()),
        server_id: plan.server_id,
        tags: tags(plan, &mut dice),
        member_ids,
    }
}

fn tags(plan: &GuildPlan, dice: &mut Dice) -> Vec<(i64, String)> {
    let first = 10_000 + dice.between(0, 80_000);
    (first..).zip(TEAMS.iter().take(plan.tags)).map(|(id, name)| (id, (*name).to_owned())).collect()
}

fn member(dice: &mut Dice, plan: &GuildPlan, id: Option<i64>, others: &[Character]) -> Character {
    let id = id.unwrap_or_else(|| FIRST_NUMBERED + i64::try_from(others.len()).unwrap_or(0));
    Character {
        id,
        name: unused_name(dice, others),
        // The id makes the account's name unique.
        display_name: format!("@{}{}", dice.pick(ACCOUNTS), id % 100_000),
        class_id: dice.pick(CLASSES).0,
        race_id: dice.pick(RACES).0,
        server_id: plan.server_id,
        anonymous: dice.chance(ANONYMOUS_PER_MILLE),
        hidden: dice.chance(30),
        guild_id: Some(plan.id),
    }
}

fn unused_name(dice: &mut Dice, others: &[Character]) -> String {
    let name = format!("{}{}", dice.pick(NAME_STARTS), dice.pick(NAME_ENDS));
    if others.iter().any(|other| other.name == name) {
        return format!("{name} {}", others.len() + 2);
    }
    name
}
