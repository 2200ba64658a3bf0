//! When prices are learned anew, and from which readings.

use super::learned::Learned;
use super::odds::{Node, Odds};
use super::sight::Sight;
use super::stretch::{BURN, BURN_MS, Stretch};
use super::timeline::{Charged, Reading, Timeline};
use super::{HOUR_MS, Rows};

/// Readings are studied together up to this many; then the oldest are settled.
const MOST_READINGS: usize = 96;
/// So many new ones make it worth while.
const STEP: usize = 16;
/// At first nothing is known: until so many readings they are studied from scratch each time, with more and more of them.
const COLD: u64 = 96;
/// When charges come into sight is asked until so many answers in a row agree, to so many milliseconds; and again where the
/// readings fit worse than then by so much.
const AGREED: u32 = 3;
const AGREED_MS: i64 = 130;
const WORSE: f64 = 3.0;
/// Lags that are tried, in milliseconds.
const LAG_STEP_MS: i64 = 250;
const LONGEST_LAG_MS: i64 = 5_500;
/// And so many readings later it is asked once more in any case.
const ASK_AGAIN: u64 = 4_096;
/// Where they do not agree after so many readings, it is asked less and less often: by this share of all readings later. An answer
/// takes ten times as long as the rest of a study.
const NO_AGREEMENT: u64 = 256;
const ASK_LATER: u64 = 4;
/// The best are looked at more closely.
const CLOSER: usize = 4;

/// What is studied.
#[derive(Debug)]
pub(super) struct Study {
    pub(super) timeline: Timeline,
    readings: Vec<Reading>,
    from: (u64, u64),
    fresh: usize,
    seen: u64,
    pub(super) sight: Sight,
    agreed: u32,
    ask_from: u64,
    badness: f64,
    odds: Odds,
}

impl Default for Study {
    fn default() -> Self {
        Self {
            timeline: Timeline::default(),
            readings: Vec::with_capacity(MOST_READINGS + STEP + 1),
            from: (0, 0),
            fresh: 0,
            seen: 0,
            sight: Sight::Own,
            agreed: 0,
            ask_from: 0,
            badness: f64::INFINITY,
            odds: Odds::default(),
        }
    }
}

/// What nobody's calls explain, before anything is known: nothing, give or take 1,000 points an hour.
pub(super) fn unknown_burn() -> Learned {
    Learned { mean: 0.0, uncertainty: (1_000.0 * BURN_MS / HOUR_MS).powi(2), spread: 0.01 }
}

impl Study {
    /// Takes a reading in, and the call that carried it.
    pub(super) fn read(&mut self, window: u64, spent: f64, call: Charged, rows: &mut Rows) {
        if let Some(last) = self.readings.last() {
            let goes_back = window < last.window || (window == last.window && spent < last.spent);
            if goes_back && call.when.earliest_ms > last.when.latest_ms {
                self.close(rows);
            } else if goes_back {
                // It comes too late to be put in its place.
                return;
            }
        }
        let carrier = self.timeline.ordered.next();
        let when = call.when;
        self.timeline.ordered.push_in_order(call);
        self.readings.push(Reading { window, spent, carrier, when });
        self.fresh += 1;
        self.seen += 1;
        if self.fresh >= STEP || (self.seen < COLD && self.seen >= 2 && self.seen.is_power_of_two()) {
            self.study(rows);
        }
    }

    /// So many readings more make it worth while to learn anew.
    pub(super) fn readings_wanted(&self) -> usize {
        let step = STEP.saturating_sub(self.fresh);
        let cold = (self.seen < COLD).then(|| ((self.seen + 1).next_power_of_two().max(2) - self.seen) as usize);
        cold.map_or(step, |cold| cold.min(step))
    }

    pub(super) fn loosely(&mut self, charged: Charged) {
        self.timeline.loose.insert(charged, self.from.1);
    }

    /// The thread is lost: what was learned stays.
    pub(super) fn close(&mut self, rows: &mut Rows) {
        if self.fresh > 0 && self.readings.len() > 1 {
            self.study(rows);
        }
        rows.settle();
        self.let_go();
    }

    pub(super) fn let_go(&mut self) {
        self.timeline.ordered.clear();
        self.timeline.loose.clear();
        self.readings.clear();
        self.from = (self.timeline.ordered.first(), self.timeline.loose.first());
        self.fresh = 0;
    }

    fn study(&mut self, rows: &mut Rows) {
        self.sharpen();
        let is_cold = self.seen <= COLD || self.agreed < AGREED;
        let stretch = Stretch::new(&self.timeline, &self.readings, self.from, |shape| rows.before(shape));
        let Some(mut stretch) = stretch else {
            rows.settle();
            self.let_go();
            return;
        };
        if (self.agreed < AGREED && self.seen >= self.ask_from) || self.seen % ASK_AGAIN < STEP as u64 {
            let found = best_sight(&stretch, self.sight, &mut self.odds);
            let agrees = self.sight.differs_by_ms(found) <= AGREED_MS && self.readings.len() >= 5 * STEP;
            self.agreed = if agrees { (self.agreed + 1).min(AGREED) } else { 0 };
            self.sight = found;
            if self.seen > NO_AGREEMENT {
                self.ask_from = self.seen + self.seen / ASK_LATER;
            }
        }
        if is_cold {
            stretch.begin(&mut self.odds, self.sight);
        } else {
            stretch.start_from(|shape| rows.now(shape));
            self.odds.lay(&stretch, self.sight);
        }
        let mut badness = 0.0;
        for _ in 0..if is_cold { 4 } else { 2 } {
            badness = stretch.improve(&mut self.odds);
        }
        if self.agreed < AGREED {
            self.badness = badness;
        } else if badness > self.badness + WORSE {
            self.agreed = 0;
        }
        let first_fresh = self.readings.len() - self.fresh;
        let mut moved = None;
        for at in first_fresh.max(1)..self.readings.len() {
            if let Some((shape, actual)) = stretch.sample(&self.odds, at) {
                let number = self.seen - (self.readings.len() - at) as u64;
                moved = rows.note(shape, actual, number).filter(|_| !is_cold).or(moved);
            }
        }
        if let Some((shape, learned, number)) = moved {
            // The readings before tell of the old price.
            let back = usize::try_from(self.seen - number).unwrap_or(usize::MAX);
            self.forget_until(self.readings.len().saturating_sub(back));
            self.fresh = 0;
            rows.settle();
            rows.learn(shape, learned);
            rows.settle_at(shape, learned);
            return self.study(rows);
        }
        let is_full = self.readings.len() >= if is_cold { 2 * MOST_READINGS } else { MOST_READINGS + STEP };
        let (halfway, _) = stretch.filter(&self.odds, is_full.then_some(STEP - 1));
        for (shape, learned) in stretch.shapes.iter().zip(&stretch.now) {
            rows.learn(*shape, *learned);
        }
        self.fresh = 0;
        if let Some(halfway) = halfway {
            for (shape, learned) in stretch.shapes.iter().zip(halfway) {
                rows.settle_at(*shape, learned);
            }
            self.forget_until(STEP - 1);
        }
        self.from = (self.from.0.max(self.timeline.ordered.first()), self.from.1.max(self.timeline.loose.first()));
    }

    /// This reading is the first from now on.
    fn forget_until(&mut self, reading: usize) {
        let nodes = self.odds.of(reading);
        let first = |number: fn(&Node) -> u64, old| nodes.iter().map(number).min().unwrap_or(old).max(old);
        self.from = (first(|node| node.ordered, self.from.0), first(|node| node.loose, self.from.1));
        self.readings.drain(..reading);
        self.fresh = self.fresh.min(self.readings.len());
    }

    /// Later readings have narrowed down when earlier ones were taken.
    fn sharpen(&mut self) {
        for reading in &mut self.readings {
            if let Some(call) = self.timeline.ordered.get(reading.carrier) {
                reading.when = call.when;
            }
        }
    }
}

/// When charges come into sight, as the readings have it.
fn best_sight(stretch: &Stretch<'_>, believed: Sight, odds: &mut Odds) -> Sight {
    let lags = (1..=LONGEST_LAG_MS / LAG_STEP_MS).map(|step| Sight::After { ms: step * LAG_STEP_MS, within_ms: 150 });
    let mut all: Vec<(f64, Sight)> = [Sight::Own, Sight::Next, believed]
        .into_iter()
        .chain(lags)
        .map(|sight| (stretch.clone().begin(odds, sight), sight))
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let closer = |sight: Sight, odds: &mut Odds| {
        let mut stretch = stretch.clone();
        stretch.begin(odds, sight);
        stretch.improve(odds);
        (stretch.improve(odds), sight)
    };
    let mut best: Vec<(f64, Sight)> = all.into_iter().take(CLOSER).map(|(_, sight)| closer(sight, odds)).collect();
    best.sort_by(|a, b| a.0.total_cmp(&b.0));
    let Some((badness, sight)) = best.first().copied() else { return believed };
    let Sight::After { ms, .. } = sight else { return sight };
    let narrow = (-2..=2).map(|step| Sight::After { ms: ms + 60 * step, within_ms: 40 });
    let wide = [Sight::After { ms, within_ms: 400 }];
    let found = narrow.chain(wide).map(|sight| closer(sight, odds)).min_by(|a, b| a.0.total_cmp(&b.0));
    found.filter(|(other, _)| *other < badness).map_or(sight, |(_, sight)| sight)
}

/// The burn's part.
impl Rows {
    fn before(&self, shape: usize) -> Learned {
        if shape == BURN { self.burn.before } else { self.rows[shape].learning.before }
    }

    fn now(&self, shape: usize) -> Learned {
        if shape == BURN { self.burn.now } else { self.rows[shape].learning.now }
    }

    fn learning(&mut self, shape: usize) -> &mut super::Learning {
        if shape == BURN { &mut self.burn } else { &mut self.rows[shape].learning }
    }

    fn learn(&mut self, shape: usize, learned: Learned) {
        self.learning(shape).now = learned;
    }

    fn settle_at(&mut self, shape: usize, learned: Learned) {
        self.learning(shape).before = learned;
    }

    fn settle(&mut self) {
        self.burn.before = self.burn.now;
        for row in &mut self.rows {
            row.learning.before = row.learning.now;
        }
    }

    /// A call of this shape is seen to have cost so much, by the reading of this number. Where the price has moved, what to start
    /// from, and since when.
    fn note(&mut self, shape: usize, actual: f64, number: u64) -> Option<(usize, Learned, u64)> {
        let row = &mut self.rows[shape];
        let now = row.learning.now;
        if !now.is_known(row.calls) {
            return None;
        }
        row.errors.note(now.mean, actual);
        self.errors.note(now.mean, actual);
        row.streak.note(&now, actual, number).map(|(learned, since)| (shape, learned, since))
    }
}

/// Samples in a row that are far off in the same direction.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Streak {
    samples: i32,
    points: f64,
    since: u64,
    /// What was thought of the price when it began.
    mean: f64,
    deviation: f64,
}

impl Streak {
    /// So many in a row mean that the price has moved.
    const MOVED: i32 = 4;
    /// Far off: by so many deviations and this share of the price.
    const DEVIATIONS: f64 = 2.0;
    const SHARE: f64 = 0.05;

    fn note(&mut self, now: &Learned, actual: f64, number: u64) -> Option<(Learned, u64)> {
        if self.samples == 0 {
            // Held against what was thought before the first of them: what is thought now follows them.
            *self = Self { since: number, mean: now.mean, deviation: (now.spread + now.uncertainty).sqrt(), ..Self::default() };
        }
        let off_by = actual - self.mean;
        let is_far_off = off_by.abs() > Self::DEVIATIONS * self.deviation + Self::SHARE * self.mean;
        let direction = if off_by > 0.0 { 1 } else { -1 };
        if !is_far_off || self.samples * direction < 0 {
            *self = Self::default();
            return None;
        }
        self.samples += direction;
        self.points += actual;
        if self.samples.abs() < Self::MOVED {
            return None;
        }
        let mean = self.points / f64::from(Self::MOVED);
        let share = mean / self.mean.max(0.1);
        let since = self.since;
        let uncertainty = (mean - self.mean).powi(2);
        let spread = (self.deviation * share).powi(2);
        *self = Self::default();
        Some((Learned { mean, uncertainty, spread }, since))
    }
}
