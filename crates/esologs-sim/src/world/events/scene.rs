//! A fight that is being played: who is there, what time it is, who acts next.

use super::fight::{Enemy, Player, Who};
use super::store::EventsBuilder;
use crate::world::dice::Dice;
use crate::world::model::Role;

/// A fight that is being played.
pub(super) struct Scene<'a> {
    pub(super) out: &'a mut EventsBuilder,
    pub(super) dice: Dice,
    /// Now, in milliseconds since the report's start.
    pub(super) time: i64,
    pub(super) fight: i64,
    pub(super) players: Vec<Player>,
    pub(super) pets: Vec<Who>,
    pub(super) enemies: Vec<Enemy>,
    /// Number of the latest cast; the game counts them up.
    pub(super) cast: i64,
}

impl Scene<'_> {
    /// Picks a player who is alive and has such a role.
    pub(super) fn living(&mut self, has_role: impl Fn(Role) -> bool) -> Option<usize> {
        let count = self.players.len();
        if count == 0 {
            return None;
        }
        let first = self.dice.index(count);
        let fits = |at: &usize| self.players[*at].dead_until <= self.time && has_role(self.players[*at].role);
        (first..count).chain(0..first).find(fits)
    }

    /// Picks a player, dead or alive.
    pub(super) fn anybody(&mut self) -> Who {
        let at = self.dice.index(self.players.len());
        self.players.get(at).map_or(Who { id: -1, instance: None, friendly: true }, |player| player.who)
    }

    /// Picks an enemy, and which copy of it. Nobody there: the environment, which the API calls -1.
    pub(super) fn an_enemy(&mut self) -> Who {
        let at = self.dice.index(self.enemies.len());
        let Some(enemy) = self.enemies.get(at).copied() else { return Who { id: -1, instance: None, friendly: false } };
        // The first copy is not numbered when it is the only one.
        let instance = (enemy.instances > 1).then(|| self.dice.between(1, enemy.instances));
        Who { id: enemy.id, instance, friendly: false }
    }

    /// Picks a pet, if there is any.
    pub(super) fn pet(&mut self) -> Option<Who> {
        let at = self.dice.index(self.pets.len());
        self.pets.get(at).copied()
    }

    /// A new cast begins: the game counts on, over casts that concern nobody here, too.
    pub(super) fn next_cast(&mut self) {
        self.cast += self.dice.between(1, 40);
    }

    /// Rolls the outcome of a hit: 1 normal, 2 critical, 10 nothing.
    pub(super) fn roll(&mut self, low: i64, high: i64) -> (i64, i64) {
        match self.dice.below(100) {
            0..68 => (1, self.dice.between(low, high)),
            68..96 => (2, self.dice.between(low, high) * 3 / 2),
            _ => (10, 0),
        }
    }
}
