//! The JSON of each type of event: fields, their order and which are absent, as the recorded samples have them.

use super::auras::write_auras;
use super::fight::Who;
use super::kind::EventKind;
use super::scene::Scene;
use super::store::{EventsBuilder, Row};
use super::write::Json;
use crate::world::model::Role;
use crate::world::skills::{SHIELDS, STRIKES};

/// Hits and heals in 1000 that come twice, equal in every byte: two of one millisecond. (0.1 to 1 % in recorded fights.)
const TWINS_PER_MILLE: u32 = 4;

/// How damage comes about, which decides its optional fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hit {
    /// By a cast: `castTrackID`.
    Direct,
    /// Over time: `tick`.
    Tick,
    /// By a passive: neither.
    Proc,
}

/// The fields that (nearly) every event has.
#[derive(Debug, Clone, Copy)]
struct Stamp {
    kind: EventKind,
    time: i64,
    fight: i64,
    source: Who,
    target: Who,
    skill: u32,
}

impl Stamp {
    fn row(&self) -> Row {
        Row {
            time: u32::try_from(self.time).expect("a report lasts less than 49 days"),
            offset: 0,
            ability: self.skill,
            fight: u16::try_from(self.fight).expect("world files are limited to 1000 fights"),
            source: self.source.id,
            target: self.target.id,
            kind: self.kind,
            source_is_friendly: self.source.friendly,
            target_is_friendly: self.target.friendly,
        }
    }

    fn write<'a>(&self, out: &'a mut Vec<u8>) -> Json<'a> {
        let mut json = Json::open(out);
        json.int("timestamp", self.time);
        json.plain("type", self.kind.name());
        json.int("sourceID", i64::from(self.source.id));
        if let Some(instance) = self.source.instance {
            json.int("sourceInstance", instance);
        }
        json.bool("sourceIsFriendly", self.source.friendly);
        json.int("targetID", i64::from(self.target.id));
        if let Some(instance) = self.target.instance {
            json.int("targetInstance", instance);
        }
        json.bool("targetIsFriendly", self.target.friendly);
        json.int("abilityGameID", i64::from(self.skill));
        json.int("fight", self.fight);
        json
    }

    /// Adds the event, with more fields behind those of every event.
    fn emit(&self, out: &mut EventsBuilder, more: impl FnOnce(&mut Json<'_>)) {
        out.push(self.row(), |buffer| {
            let mut json = self.write(buffer);
            more(&mut json);
            json.close();
        });
    }

    /// Adds an event that tells of one player only: no target, no ability.
    fn emit_of_player(&self, out: &mut EventsBuilder, more: impl FnOnce(&mut Json<'_>)) {
        out.push(self.row(), |buffer| {
            let mut json = Json::open(buffer);
            json.int("timestamp", self.time);
            json.plain("type", self.kind.name());
            json.int("fight", self.fight);
            json.int("sourceID", i64::from(self.source.id));
            more(&mut json);
            json.close();
        });
    }
}

impl Scene<'_> {
    fn stamp(&self, kind: EventKind, source: Who, target: Who, skill: u32) -> Stamp {
        Stamp { kind, time: self.time, fight: self.fight, source, target, skill }
    }

    /// Everybody enters combat: that they do, then what they wear and have on.
    pub(super) fn pull(&mut self) {
        for player in &self.players {
            self.stamp(EventKind::PlayerEnterCombat, player.who, player.who, 0).emit_of_player(self.out, |_| {});
        }
        for player in &self.players {
            self.stamp(EventKind::CombatantInfo, player.who, player.who, 0).emit_of_player(self.out, |json| {
                json.name("gear").extend_from_slice(&player.gear);
                write_auras(json.name("auras"), i64::from(player.who.id), player.auras.on());
            });
        }
    }

    pub(super) fn death_event(&mut self, source: Who, target: Who, skill: u32) {
        let (amount, cast) = (self.dice.between(0, 60_000), self.cast);
        self.stamp(EventKind::Death, source, target, skill).emit(self.out, |json| {
            json.int("castTrackID", cast);
            json.int("amount", amount);
        });
    }

    /// Damage by the player at that place, or by a pet.
    pub(super) fn player_damage(&mut self, at: usize, pet: Option<Who>, target: Who, skill: u32, hit: Hit) {
        let (hit_type, amount) = self.roll(600, 42_000);
        let listed = pet.is_none() && self.dice.chance(880);
        let source = pet.unwrap_or(self.players[at].who);
        let stamp = self.stamp(EventKind::Damage, source, target, skill);
        let (buffs, cast) = (self.players[at].auras.text(), self.cast);
        stamp.emit(self.out, |json| {
            if listed {
                json.digits("buffs", buffs);
            }
            json.int("hitType", hit_type);
            json.int("amount", amount);
            match hit {
                Hit::Direct => json.int("castTrackID", cast),
                Hit::Tick => json.bool("tick", true),
                Hit::Proc => {}
            }
        });
        self.twin();
    }

    /// Damage to the player at that place. Tanks block half of it.
    pub(super) fn enemy_damage(&mut self, source: Who, at: usize, skill: u32) {
        let (hit_type, amount) = self.roll(400, 24_000);
        let blocked = self.players[at].role == Role::Tank && self.dice.chance(550);
        let cast = self.cast;
        self.stamp(EventKind::Damage, source, self.players[at].who, skill).emit(self.out, |json| {
            json.int("hitType", hit_type);
            json.int("amount", amount);
            if blocked {
                json.int("blocked", 1);
            }
            json.int("castTrackID", cast);
        });
        self.twin();
    }

    /// A shield of the player at that place takes a blow.
    pub(super) fn absorbed_event(&mut self, at: usize, attacker: Who, blow: u32) {
        let (who, skill, amount) = (self.players[at].who, self.dice.pick(SHIELDS).0, self.dice.between(300, 9_000));
        self.stamp(EventKind::Absorbed, who, who, skill).emit(self.out, |json| {
            json.int("attackerID", i64::from(attacker.id));
            json.bool("attackerIsFriendly", attacker.friendly);
            json.int("amount", amount);
            json.int("extraAbilityGameID", i64::from(blow));
        });
    }

    /// A heal; half of all healing is lost on people who are unhurt.
    pub(super) fn heal_event(&mut self, healer: usize, at: usize, skill: u32) {
        let (hit_type, amount) = self.roll(300, 14_000);
        let overheal = if self.dice.chance(500) { amount } else { 0 };
        let (ticks, cast) = (self.dice.chance(600), self.cast);
        self.stamp(EventKind::Heal, self.players[healer].who, self.players[at].who, skill).emit(self.out, |json| {
            json.int("hitType", hit_type);
            json.int("amount", amount - overheal);
            json.int("overheal", overheal);
            if ticks {
                json.bool("tick", true);
            } else {
                json.int("castTrackID", cast);
            }
        });
        self.twin();
    }

    pub(super) fn enemy_heal_event(&mut self, enemy: Who) {
        let (skill, amount) = (self.dice.pick(SHIELDS).0, self.dice.between(10_000, 400_000));
        self.stamp(EventKind::Heal, enemy, enemy, skill).emit(self.out, |json| {
            json.int("hitType", 1);
            json.int("amount", amount);
            json.int("overheal", 0);
        });
    }

    /// The player at that place gains magicka (1), stamina (4) or ultimate (8).
    pub(super) fn resource_event(&mut self, at: usize, skill: u32) {
        let (change, resource) = (self.dice.between(60, 2_400), *self.dice.pick(&[1, 4, 8]));
        let waste = if self.dice.chance(300) { self.dice.between(0, change) } else { 0 };
        let (who, cast) = (self.players[at].who, self.cast);
        self.stamp(EventKind::ResourceChange, who, who, skill).emit(self.out, |json| {
            json.int("resourceChange", change);
            json.int("resourceChangeType", resource);
            json.int("otherResourceChange", 0);
            json.int("maxResourceAmount", if resource == 8 { 500 } else { 28_000 });
            json.int("waste", waste);
            json.int("castTrackID", cast);
        });
    }

    pub(super) fn cast_event(&mut self, kind: EventKind, source: Who, target: Who, skill: u32) {
        let (fake, cast) = (self.dice.chance(40), self.cast);
        self.stamp(kind, source, target, skill).emit(self.out, |json| {
            json.int("castTrackID", cast);
            if fake {
                json.bool("fake", true);
            }
        });
    }

    pub(super) fn aura_event(&mut self, kind: EventKind, source: Who, target: Who, skill: u32, stack: Option<i64>) {
        let extra = if self.dice.chance(700) { Some(self.dice.pick(STRIKES).0) } else { None };
        self.stamp(kind, source, target, skill).emit(self.out, |json| {
            if let Some(stack) = stack {
                json.int("stack", stack);
            }
            if let Some(extra) = extra {
                json.int("extraAbilityGameID", i64::from(extra));
            }
        });
    }

    /// An event that concerns a second ability: what is interrupted or taken off.
    pub(super) fn extra_event(&mut self, kind: EventKind, source: Who, target: Who, skill: u32, extra: u32) {
        let stamp = self.stamp(kind, source, target, skill);
        stamp.emit(self.out, |json| json.int("extraAbilityGameID", i64::from(extra)));
    }

    pub(super) fn bare_event(&mut self, kind: EventKind, source: Who, target: Who, skill: u32) {
        self.stamp(kind, source, target, skill).emit(self.out, |_| {});
    }

    fn twin(&mut self) {
        if self.dice.chance(TWINS_PER_MILLE) {
            self.out.repeat();
        }
    }
}
