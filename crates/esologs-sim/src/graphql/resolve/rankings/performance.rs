//! One player's kill, and what it is worth.

use serde_json::{Value, json};

use super::wanted::Wanted;
use crate::world::World;
use crate::world::model::{Access, Actor, Character, Fight, Report, Role};
use crate::world::parses::{self, Parse};

/// A player in a boss fight that was won.
#[derive(Debug, Clone, Copy)]
pub(super) struct Performance<'w> {
    pub(super) report: &'w Report,
    pub(super) fight: &'w Fight,
    pub(super) actor: &'w Actor,
    pub(super) parse: &'w Parse,
}

impl<'w> Performance<'w> {
    pub(super) fn character<'a>(&self, world: &'a World) -> Option<&'a Character> {
        self.actor.character_id.and_then(|id| world.character(id))
    }

    pub(super) fn seconds(&self) -> f64 {
        (self.fight.end - self.fight.start) as f64 / 1000.0
    }

    pub(super) fn start_unix_ms(&self) -> i64 {
        self.report.start_unix_ms + self.fight.start
    }

    pub(super) fn spec(&self) -> &'static str {
        parses::spec(self.actor).unwrap_or("MagickaDPS")
    }

    pub(super) fn champion_points(&self) -> i64 {
        parses::champion_points(self.actor.character_id.unwrap_or(self.actor.id))
    }

    /// Where it was logged.
    pub(super) fn report_json(&self) -> Value {
        json!({"code": self.report.code, "fightID": self.fight.id, "startTime": self.report.start_unix_ms})
    }

    /// What it is worth by that metric; the more the better, but for `playerspeed`.
    pub(super) fn amount(&self, metric: &str) -> f64 {
        let per_second = |amount: i64| amount as f64 / self.seconds();
        match metric {
            "hps" | "tankhps" => per_second(self.parse.healing),
            "krsi" => (100 - 25 * self.parse.deaths).max(0) as f64,
            "playerscore" => 100_000.0 - 50.0 * self.seconds() - 1_000.0 * self.parse.deaths as f64,
            "playerspeed" => self.seconds() * 1000.0,
            _ if metric.starts_with("healercombined") => per_second(self.combined(Role::Healer)),
            _ if metric.starts_with("tankcombined") => per_second(self.combined(Role::Tank)),
            // The world has no buffs that would set the kinds of damage per second apart.
            _ => per_second(self.parse.damage),
        }
    }

    /// Damage of everybody with that role in the fight.
    fn combined(&self, role: Role) -> i64 {
        let in_fight = self.report.parses().iter().filter(|parse| parse.fight_id == self.fight.id);
        let has_role = |id: i64| self.report.actor(id).and_then(|actor| actor.role) == Some(role);
        in_fight.filter(|parse| has_role(parse.actor_id)).map(|parse| parse.damage).sum()
    }

    fn is_wanted(&self, wanted: &Wanted<'_>) -> bool {
        wanted.class.is_none_or(|class| class.eq_ignore_ascii_case(&self.actor.sub_type))
            && wanted.spec.is_none_or(|spec| spec.eq_ignore_ascii_case(self.spec()))
            && wanted.role.is_none_or(|role| self.actor.role == Some(role))
            && wanted.bracket.is_none_or(|bracket| bracket == bracket_of(self.champion_points()))
    }
}

/// Number of the bracket, from 1, that so many champion points fall into.
pub(super) fn bracket_of(champion_points: i64) -> i64 {
    champion_points / 300 + 1
}

/// All kills of an encounter that are wanted, in the order of the world's reports. Private reports count only for those who ask for
/// them and may see them.
pub(super) fn performances<'w>(
    world: &'w World,
    encounter_id: i64,
    wanted: &Wanted<'_>,
    private_too: bool,
) -> Vec<Performance<'w>> {
    let ranked = |report: &&Report| match report.access {
        Access::Public | Access::Archived { .. } => true,
        Access::Private => private_too,
        Access::Live => false,
    };
    let kills = world.reports.iter().filter(ranked).flat_map(|report| {
        let fights = report.fights.iter().filter(|fight| wanted.admits(report, fight, encounter_id));
        fights.flat_map(move |fight| of_fight(report, fight))
    });
    kills.filter(|performance| performance.is_wanted(wanted)).collect()
}

/// Everybody in one fight.
pub(super) fn of_fight<'w>(report: &'w Report, fight: &'w Fight) -> impl Iterator<Item = Performance<'w>> + use<'w> {
    let parses = report.parses().iter().filter(|parse| parse.fight_id == fight.id);
    parses.filter_map(move |parse| Some(Performance { report, fight, actor: report.actor(parse.actor_id)?, parse }))
}
