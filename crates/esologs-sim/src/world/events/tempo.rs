//! How many events fall into each second of a fight: a rush at the pull, bursts, lulls while everybody runs.

use crate::world::dice::Dice;
use crate::world::model::Fight;
use crate::world::plan::EVENTS_PER_SECOND;

/// One second of a fight, or the part of it that the fight still has.
pub(super) struct Beat {
    /// Milliseconds since the report's start.
    pub(super) start: i64,
    /// Its length in milliseconds.
    pub(super) length: i64,
    /// Events that fall into it.
    pub(super) events: i64,
}

/// Shares the events of a fight out among its seconds.
pub(super) fn beats(fight: &Fight, density: f64, dice: &mut Dice) -> Vec<Beat> {
    let length = fight.end - fight.start;
    let total = events_of(length, density);
    let weights = weights(length, dice);
    let all: i64 = weights.iter().sum::<i64>().max(1);
    let (mut weight_so_far, mut events_so_far) = (0, 0);
    let mut beats = Vec::with_capacity(weights.len());
    for (second, weight) in (0..).zip(weights) {
        weight_so_far += weight;
        let events = total * weight_so_far / all - events_so_far;
        events_so_far += events;
        beats.push(Beat { start: fight.start + second * 1000, length: (length - second * 1000).min(1000), events });
    }
    beats
}

fn events_of(length_ms: i64, density: f64) -> i64 {
    (length_ms as f64 * EVENTS_PER_SECOND * density / 1000.0) as i64
}

fn weights(length_ms: i64, dice: &mut Dice) -> Vec<i64> {
    let seconds = (length_ms + 999) / 1000;
    let period = dice.between(18, 34);
    let lull = dice.between(9, 14);
    let weight = |second: i64| {
        let pace = match second % period {
            _ if second < 5 => 2200,
            at if at < 6 => 1800,
            at if at >= lull && at < lull + 3 => 350,
            _ => 900,
        };
        let part = (length_ms - second * 1000).min(1000);
        pace * dice.between(700, 1300) * part / 1_000_000 + 1
    };
    (0..seconds).map(weight).collect()
}
