//! What happens at one moment of a fight: which events belong together.

use super::emit::Hit;
use super::kind::EventKind;
use super::scene::Scene;
use crate::world::dice::Dice;
use crate::world::model::Role;
use crate::world::skills::{
    AFFLICTIONS, BLOWS, BUFFS, DEBUFFS, DISPELS, DOTS, HEALS, INTERRUPTS, SOURCES, STACKING, STRIKES, SUMMONS,
};

/// What can happen at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// A player casts and hits.
    Strike,
    /// Damage over time.
    Ticks,
    /// An enemy hits.
    Blow,
    /// One or two heals.
    Heal,
    /// A heal for everybody near.
    HealWave,
    /// A buff comes or goes.
    Buff,
    /// A buff for everybody near.
    BuffWave,
    /// A debuff comes or goes.
    Debuff,
    /// Somebody gains or spends resources.
    Resource,
    /// An enemy casts.
    EnemyCast,
    /// Interrupts, dispels, summons, an enemy that heals.
    Rare,
}

/// How often each happens. With the usual number of events in each this gives 55 % damage, 20 % heals, 15 % auras.
const WEIGHTS: &[(Moment, u32)] = &[
    (Moment::Strike, 900),
    (Moment::Ticks, 1700),
    (Moment::Blow, 500),
    (Moment::Heal, 600),
    (Moment::HealWave, 150),
    (Moment::Buff, 400),
    (Moment::BuffWave, 75),
    (Moment::Debuff, 350),
    (Moment::Resource, 220),
    (Moment::EnemyCast, 40),
    (Moment::Rare, 12),
];

impl Moment {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        const ALL: u32 = {
            let (mut sum, mut at) = (0, 0);
            while at < WEIGHTS.len() {
                sum += WEIGHTS[at].1;
                at += 1;
            }
            sum
        };
        let mut rest = dice.below(ALL);
        for &(moment, weight) in WEIGHTS {
            if rest < weight {
                return moment;
            }
            rest -= weight;
        }
        Self::Strike
    }
}

impl Scene<'_> {
    pub(super) fn play_moment(&mut self, moment: Moment) {
        match moment {
            Moment::Strike => self.strike(),
            Moment::Ticks => self.ticks(),
            Moment::Blow => self.blow(),
            Moment::Heal => self.heal(),
            Moment::HealWave => self.heal_wave(),
            Moment::Buff => self.buff(),
            Moment::BuffWave => self.buff_wave(),
            Moment::Debuff => self.debuff(),
            Moment::Resource => self.resource(),
            Moment::EnemyCast => self.enemy_cast(),
            Moment::Rare => self.rare(),
        }
    }

    fn strike(&mut self) {
        let Some(at) = self.living(|role| role != Role::Healer) else { return };
        let skill = self.dice.pick(STRIKES).0;
        let target = self.an_enemy();
        self.next_cast();
        if self.dice.chance(600) {
            self.cast_event(EventKind::Cast, self.players[at].who, target, skill);
        }
        for _ in 0..1 + u32::from(self.dice.chance(350)) {
            self.player_damage(at, None, target, skill, Hit::Direct);
        }
        if self.dice.chance(60) {
            let skill = self.dice.pick(SOURCES).0;
            self.resource_event(at, skill);
        }
    }

    fn ticks(&mut self) {
        let Some(at) = self.living(|_| true) else { return };
        let pet = if self.dice.chance(80) { self.pet() } else { None };
        let target = self.an_enemy();
        for _ in 0..1 + self.dice.below(4) {
            let skill = self.dice.pick(DOTS).0;
            let target = if self.dice.chance(600) { target } else { self.an_enemy() };
            let hit = if self.dice.chance(700) { Hit::Tick } else { Hit::Proc };
            self.player_damage(at, pet, target, skill, hit);
        }
    }

    fn blow(&mut self) {
        let source = self.an_enemy();
        let skill = self.dice.pick(BLOWS).0;
        if self.dice.chance(60) {
            for at in 0..self.players.len() {
                self.enemy_damage(source, at, skill);
            }
            return;
        }
        let tanks_first = self.dice.chance(600);
        if let Some(at) = self.living(|role| role == Role::Tank || !tanks_first) {
            if self.dice.chance(80) {
                self.absorbed_event(at, source, skill);
            }
            self.enemy_damage(source, at, skill);
        }
    }

    fn heal(&mut self) {
        let Some(healer) = self.living(|role| role == Role::Healer) else { return };
        let skill = self.dice.pick(HEALS).0;
        if self.dice.chance(250) {
            self.next_cast();
            let target = self.anybody();
            self.cast_event(EventKind::Cast, self.players[healer].who, target, skill);
        }
        for _ in 0..1 + u32::from(self.dice.chance(300)) {
            let at = self.dice.index(self.players.len());
            self.heal_event(healer, at, skill);
        }
    }

    fn heal_wave(&mut self) {
        let Some(healer) = self.living(|role| role == Role::Healer) else { return };
        let waves = 1 + u32::from(self.dice.chance(100));
        let reach = 3 + self.dice.index(self.players.len().saturating_sub(2));
        for _ in 0..waves {
            let skill = self.dice.pick(HEALS).0;
            for at in 0..reach.min(self.players.len()) {
                self.heal_event(healer, at, skill);
            }
        }
    }

    fn buff(&mut self) {
        let Some(at) = self.living(|_| true) else { return };
        let who = self.players[at].who;
        if self.dice.chance(250) {
            let skill = self.dice.pick(STACKING).0;
            let kind = if self.dice.chance(700) { EventKind::ApplyBuffStack } else { EventKind::RemoveBuffStack };
            let stack = self.dice.between(1, 5);
            self.aura_event(kind, who, who, skill, Some(stack));
            return;
        }
        let (skill, from) = (self.dice.pick(BUFFS).0, self.dice.index(self.players.len()));
        self.toggle(from, at, skill);
    }

    fn buff_wave(&mut self) {
        let Some(from) = self.living(|_| true) else { return };
        let skill = self.dice.pick(BUFFS).0;
        let reach = 5 + self.dice.index(self.players.len().saturating_sub(4));
        for at in 0..reach.min(self.players.len()) {
            self.toggle(from, at, skill);
        }
    }

    fn toggle(&mut self, from: usize, at: usize, skill: u32) {
        let kind = if self.players[at].auras.toggle(skill) { EventKind::ApplyBuff } else { EventKind::RemoveBuff };
        self.aura_event(kind, self.players[from].who, self.players[at].who, skill, None);
    }

    fn debuff(&mut self) {
        let Some(at) = self.living(|_| true) else { return };
        let (player, enemy) = (self.players[at].who, self.an_enemy());
        if self.dice.chance(150) {
            let skill = self.dice.pick(AFFLICTIONS).0;
            let kind = if self.dice.chance(520) { EventKind::ApplyDebuff } else { EventKind::RemoveDebuff };
            self.aura_event(kind, enemy, player, skill, None);
            return;
        }
        for _ in 0..1 + u32::from(self.dice.chance(500)) {
            let skill = self.dice.pick(DEBUFFS).0;
            let (kind, stack) = match self.dice.below(20) {
                0 => (EventKind::ApplyDebuffStack, Some(self.dice.between(2, 5))),
                1 => (EventKind::RemoveDebuffStack, Some(self.dice.between(1, 4))),
                2..=10 => (EventKind::RemoveDebuff, None),
                _ => (EventKind::ApplyDebuff, None),
            };
            self.aura_event(kind, player, enemy, skill, stack);
        }
    }

    fn resource(&mut self) {
        for _ in 0..1 + u32::from(self.dice.chance(400)) {
            let Some(at) = self.living(|_| true) else { return };
            let skill = self.dice.pick(SOURCES).0;
            self.resource_event(at, skill);
        }
    }

    fn enemy_cast(&mut self) {
        let source = self.an_enemy();
        let kind = if self.dice.chance(500) { EventKind::BeginCast } else { EventKind::Cast };
        let skill = self.dice.pick(BLOWS).0;
        if let Some(at) = self.living(|_| true) {
            self.next_cast();
            self.cast_event(kind, source, self.players[at].who, skill);
        }
    }

    fn rare(&mut self) {
        let Some(at) = self.living(|_| true) else { return };
        let (player, enemy) = (self.players[at].who, self.an_enemy());
        match self.dice.below(4) {
            0 => {
                let (skill, stopped) = (self.dice.pick(INTERRUPTS).0, self.dice.pick(BLOWS).0);
                self.extra_event(EventKind::Interrupt, player, enemy, skill, stopped);
            }
            1 => {
                let (skill, taken_off) = (self.dice.pick(DISPELS).0, self.dice.pick(AFFLICTIONS).0);
                let friend = self.anybody();
                self.extra_event(EventKind::Dispel, player, friend, skill, taken_off);
            }
            2 => {
                let (skill, pet) = (self.dice.pick(SUMMONS).0, self.pet().unwrap_or(player));
                self.bare_event(EventKind::Summon, player, pet, skill);
            }
            _ => self.enemy_heal_event(enemy),
        }
    }

    /// A player or an add dies.
    pub(super) fn play_death(&mut self) {
        let (enemy, skill) = (self.an_enemy(), self.dice.pick(BLOWS).0);
        let Some(at) = self.living(|_| true) else { return };
        let player = self.players[at].who;
        if self.dice.chance(450) {
            self.players[at].dead_until = self.time + self.dice.between(6_000, 25_000);
            self.death_event(enemy, player, skill);
        } else {
            let skill = self.dice.pick(STRIKES).0;
            self.death_event(player, enemy, skill);
        }
    }
}
