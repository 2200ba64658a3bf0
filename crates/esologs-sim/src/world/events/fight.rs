//! One fight after the other: who takes part, and the order of its moments.

use super::auras::{Auras, gear};
use super::moments::Moment;
use super::scene::Scene;
use super::store::{EventsBuilder, ReportEvents};
use super::tempo::{Beat, beats};
use crate::world::dice::{Dice, derive};
use crate::world::model::{Fight, FightNpc, Report, Role};
use crate::world::plan::EVENTS_PER_SECOND;

/// Fights shorter than this are leftovers: a few last hits, no beginning.
const LEFTOVER_MS: i64 = 500;

/// Somebody who acts or is acted upon.
#[derive(Debug, Clone, Copy)]
pub(super) struct Who {
    pub(super) id: i16,
    /// Which copy, where there are several.
    pub(super) instance: Option<i64>,
    pub(super) friendly: bool,
}

/// A player in a fight.
#[derive(Debug)]
pub(super) struct Player {
    pub(super) who: Who,
    pub(super) role: Role,
    pub(super) auras: Auras,
    /// Dead until then; 0 while alive.
    pub(super) dead_until: i64,
    /// The JSON of the gear.
    pub(super) gear: Vec<u8>,
}

/// An enemy in a fight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Enemy {
    pub(super) id: i16,
    pub(super) instances: i64,
}

impl ReportEvents {
    /// Builds the events of a report from its seed. Each fight has a seed of its own.
    pub(crate) fn generate(report: &Report) -> Self {
        let combat_ms: i64 = report.fights.iter().map(|fight| fight.end - fight.start).sum();
        let expected = (combat_ms as f64 * EVENTS_PER_SECOND * report.density / 1000.0) as usize + report.fights.len() * 40;
        let mut out = EventsBuilder::with_capacity(expected);
        for fight in &report.fights {
            out.begin_fight();
            let mut dice = Dice::new(derive(report.seed, 100 + fight.id.unsigned_abs()));
            let length = fight.end - fight.start;
            let beats = if length < LEFTOVER_MS { Vec::new() } else { beats(fight, report.density, &mut dice) };
            let mut scene = scene(report, fight, &mut out, dice);
            if length < LEFTOVER_MS {
                scene.play_leftover(fight);
            } else {
                scene.play(fight, &beats);
            }
        }
        out.finish()
    }
}

fn scene<'a>(report: &Report, fight: &Fight, out: &'a mut EventsBuilder, mut dice: Dice) -> Scene<'a> {
    let players = fight.friendly_players.iter().filter_map(|&id| player(report, id, &mut dice)).collect();
    let pets = fight.friendly_pets.iter().map(|pet| Who { id: short(pet.id), instance: None, friendly: true }).collect();
    let enemies = fight.enemy_npcs.iter().map(enemy).collect();
    let cast = dice.between(1_000_000, 40_000_000);
    Scene { out, dice, time: fight.start, fight: fight.id, players, pets, enemies, cast }
}

fn player(report: &Report, id: i64, dice: &mut Dice) -> Option<Player> {
    let actor = report.actor(id)?;
    Some(Player {
        who: Who { id: short(id), instance: None, friendly: true },
        role: actor.role.unwrap_or(Role::Damage),
        auras: Auras::draw(dice),
        dead_until: 0,
        gear: gear(report, actor),
    })
}

fn enemy(npc: &FightNpc) -> Enemy {
    Enemy { id: short(npc.id), instances: npc.instance_count }
}

/// Actor ids count from 1 within a report: a few dozen.
fn short(id: i64) -> i16 {
    i16::try_from(id).unwrap_or(i16::MAX)
}

impl Scene<'_> {
    /// Plays a fight from the pull to its end.
    fn play(&mut self, fight: &Fight, beats: &[Beat]) {
        self.time = fight.start;
        self.pull();
        let mut deaths = self.draw_deaths(fight);
        let mut owed = 0;
        for beat in beats {
            owed += beat.events;
            owed -= self.play_beat(beat, owed, &mut deaths);
        }
    }

    /// Plays one second, which should have `events` events, and tells how many it had.
    fn play_beat(&mut self, beat: &Beat, events: i64, deaths: &mut Vec<i64>) -> i64 {
        let before = self.out.row_count();
        // A moment has about two events.
        let moments = (events + 1) / 2;
        for moment in 0..moments {
            let at = beat.start + (moment * beat.length + self.dice.between(0, beat.length - 1)) / moments;
            // Nothing happens in the very millisecond of the pull, which is full as it is.
            self.time = at.max(self.time + i64::from(moment == 0));
            if deaths.last().is_some_and(|at| *at <= self.time) {
                deaths.pop();
                self.play_death();
            }
            let kind = Moment::draw(&mut self.dice);
            self.play_moment(kind);
        }
        i64::from(self.out.row_count() - before)
    }

    /// Draws when players die, the last first: some on a kill, most at the end of a wipe.
    fn draw_deaths(&mut self, fight: &Fight) -> Vec<i64> {
        let length = fight.end - fight.start;
        let (count, from) = match fight.kill {
            Some(false) => (self.dice.between(5, 12), fight.start + length / 2),
            Some(true) => (self.dice.between(0, 4), fight.start),
            None => (self.dice.between(0, 1), fight.start),
        };
        let mut deaths: Vec<i64> = (0..count).map(|_| self.dice.between(from, fight.end - 1)).collect();
        // Adds and trash die, too.
        deaths.extend((0..length / 12_000 + 1).map(|_| self.dice.between(fight.start + length / 4, fight.end - 1)));
        deaths.sort_unstable_by(|a, b| b.cmp(a));
        deaths
    }

    /// A few last hits, spread over tens of milliseconds.
    fn play_leftover(&mut self, fight: &Fight) {
        self.time = fight.start;
        for _ in 0..self.dice.below(7) {
            self.time = self.dice.between(self.time, fight.end);
            self.play_moment(Moment::Ticks);
        }
    }
}
