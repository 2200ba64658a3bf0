//! A stretch of readings, and the prices that explain them best (expectation and maximisation).
//!
//! One equation after the other, it does not come clear at first which charges a reading holds: nothing is known of any price.
//! Over a stretch that matters little: whatever a reading holds too much, it holds too much once, while the counter grows by all of
//! them. So the counter itself is fitted, not its growth. With those prices comes clearer what each reading holds, and so on.
//!
//! With each window the counter starts anew. What it did between two windows tells nothing, but the stretch goes on: where windows are
//! short, the readings of one alone would not tell when charges show.

use super::filter::{Filter, MOST_FITTED, ROUNDING, SIZE, UNKNOWN};
use super::learned::Learned;
use super::odds::Odds;
use super::sight::Sight;
use super::timeline::{Charged, Reading, Timeline, What};

/// The burn is priced as if so many milliseconds were a call.
pub(super) const BURN_MS: f64 = 10_000.0;
/// Others begin and end as they like: so much is added to the burn's variance each time.
const BURN_DRIFT: f64 = 1e-2;
/// Spread comes from at least so many calls' worth of what was thought before.
const SPREAD_CALLS: f64 = 3.0;
/// One call does not tell of more spread than so many times the old, or this share of the price.
const WORST_SPREAD: f64 = 16.0;
const LEAST_WORST: f64 = 0.3;

/// Mean and variance of some charges.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sum {
    pub(super) mean: f64,
    pub(super) variance: f64,
}

impl Sum {
    pub(super) fn add(&mut self, other: Self) {
        self.mean += other.mean;
        self.variance += other.variance;
    }
}

/// Readings, charges, and what is thought of the prices.
#[derive(Debug, Clone)]
pub(super) struct Stretch<'a> {
    pub(super) timeline: &'a Timeline,
    pub(super) readings: &'a [Reading],
    /// The first charges that the first reading may not hold.
    pub(super) from: (u64, u64),
    /// The shapes that are priced; the burn comes first.
    pub(super) shapes: Vec<usize>,
    /// What was known of them before.
    pub(super) before: Vec<Learned>,
    /// What is thought of them now.
    pub(super) now: Vec<Learned>,
}

/// Stands for the burn among shapes.
pub(super) const BURN: usize = usize::MAX;

impl<'a> Stretch<'a> {
    /// `None` where too many shapes are in it.
    pub(super) fn new(
        timeline: &'a Timeline,
        readings: &'a [Reading],
        from: (u64, u64),
        known: impl Fn(usize) -> Learned,
    ) -> Option<Self> {
        let mut shapes = vec![BURN];
        let ordered = (from.0..timeline.ordered.next()).filter_map(|number| timeline.ordered.get(number));
        let loose = (from.1..timeline.loose.next()).filter_map(|number| timeline.loose.get(number));
        for charged in ordered.chain(loose) {
            if let What::Call(shape) | What::PerhapsCall(shape) = charged.what
                && !shapes.contains(&shape)
            {
                shapes.push(shape);
            }
        }
        if shapes.len() > MOST_FITTED {
            return None;
        }
        let before: Vec<Learned> = shapes.iter().map(|shape| known(*shape)).collect();
        Some(Self { timeline, readings, from, shapes, now: before.clone(), before })
    }

    /// Starts from other prices than those that were known before.
    pub(super) fn start_from(&mut self, known: impl Fn(usize) -> Learned) {
        self.now = self.shapes.iter().map(|shape| known(*shape)).collect();
    }

    fn place(&self, shape: usize) -> Option<usize> {
        self.shapes.iter().position(|known| *known == shape)
    }

    /// What a charge is thought to be.
    pub(super) fn price(&self, charged: Option<&Charged>) -> Sum {
        let of = |shape| self.place(shape).map(|at| self.now[at]);
        match charged.map(|charged| charged.what) {
            Some(What::Call(shape)) => of(shape)
                .map_or(Sum::default(), |learned| Sum { mean: learned.mean, variance: learned.uncertainty + learned.spread }),
            Some(What::PerhapsCall(shape)) => of(shape).map_or(Sum::default(), |learned| Sum {
                mean: 0.5 * learned.mean,
                variance: learned.uncertainty + learned.spread + (0.5 * learned.mean).powi(2),
            }),
            None => Sum::default(),
        }
    }

    /// The part of a charge that no price is learned from.
    pub(super) fn foreign(&self, charged: Option<&Charged>) -> f64 {
        match charged.map(|charged| charged.what) {
            Some(What::Call(_)) | None => 0.0,
            Some(_) => self.price(charged).mean,
        }
    }

    /// Whether the counter started anew before it.
    pub(super) fn begins_window(&self, reading: usize) -> bool {
        reading > 0 && self.readings[reading].window != self.readings[reading - 1].window
    }

    fn elapsed_ms(&self, reading: usize) -> f64 {
        if reading == 0 || self.begins_window(reading) {
            return 0.0;
        }
        (self.readings[reading].when.middle_ms() - self.readings[reading - 1].when.middle_ms()).max(0) as f64
    }

    /// What the counter did up to a reading from the one before, the burn taken off.
    pub(super) fn edge(&self, reading: usize) -> Sum {
        let [before, after] = [&self.readings[reading - 1], &self.readings[reading]];
        let units = self.elapsed_ms(reading) / BURN_MS;
        let burn = self.now[0];
        Sum {
            mean: after.spent - before.spent - units * burn.mean,
            variance: units * burn.spread + units * units * burn.uncertainty + 2.0 * ROUNDING,
        }
    }

    /// Finds the prices by the times alone; how badly they fit, per reading.
    pub(super) fn begin(&mut self, odds: &mut Odds, sight: Sight) -> f64 {
        odds.lay(self, sight);
        odds.price(self);
        self.filter(odds, None).1
    }

    /// Improves on them; how badly they fit, per reading.
    pub(super) fn improve(&mut self, odds: &mut Odds) -> f64 {
        let badness = odds.weigh(self);
        self.filter(odds, None);
        self.scatter(odds);
        badness
    }

    /// Sets the prices from the odds. What they were at reading `then` is given back too.
    pub(super) fn filter(&mut self, odds: &Odds, then: Option<usize>) -> (Option<Vec<Learned>>, f64) {
        let level = self.shapes.len();
        let mut filter = Filter::new(&self.before, self.readings.first().map_or(0.0, |first| first.spent));
        let mut row = [0.0; SIZE];
        row[level] = 1.0;
        let (mut ordered, mut loose) = self.from;
        let (mut badness, mut halfway) = (0.0, None);
        for (at, reading) in self.readings.iter().enumerate() {
            let nodes = odds.of(at);
            let units = self.elapsed_ms(at) / BURN_MS;
            row[0] += units;
            let mut walked = units * self.now[0].spread;
            filter.loosen(0, units * BURN_DRIFT);
            let first = |numbers: fn(&super::odds::Node) -> u64| nodes.iter().map(numbers).min().unwrap_or(0);
            let last = |numbers: fn(&super::odds::Node) -> u64| nodes.iter().map(numbers).max().unwrap_or(0);
            let mut count = |charged: Option<&Charged>| {
                if let Some(What::Call(shape)) = charged.map(|charged| charged.what)
                    && let Some(place) = self.place(shape)
                {
                    row[place] += 1.0;
                    walked += self.now[place].spread;
                    filter.loosen(place, self.now[place].drift(1.0));
                }
            };
            let (first_ordered, first_loose) = (first(|node| node.ordered).max(ordered), first(|node| node.loose).max(loose));
            (ordered..first_ordered).for_each(|number| count(self.timeline.ordered.get(number)));
            (loose..first_loose).for_each(|number| count(self.timeline.loose.get(number)));
            (ordered, loose) = (first_ordered, first_loose);
            let mut held = row;
            let mut hold = |charged: Option<&Charged>, share: f64| {
                if let Some(What::Call(shape)) = charged.map(|charged| charged.what)
                    && let Some(place) = self.place(shape)
                {
                    held[place] += share;
                }
            };
            for number in ordered..last(|node| node.ordered) {
                let share = nodes.iter().filter(|node| node.ordered > number).map(|node| node.odds).sum();
                hold(self.timeline.ordered.get(number), share);
            }
            for number in loose..last(|node| node.loose) {
                let share = nodes.iter().filter(|node| node.loose > number).map(|node| node.odds).sum();
                hold(self.timeline.loose.get(number), share);
            }
            let mean: f64 = nodes.iter().map(|node| node.odds * node.sum.mean).sum();
            let variance: f64 = nodes.iter().map(|node| node.odds * (node.sum.mean - mean).powi(2)).sum();
            let foreign: f64 = nodes.iter().map(|node| node.odds * node.foreign).sum();
            filter.loosen(level, if self.begins_window(at) { UNKNOWN } else { walked });
            let misfit = filter.observe(&held, reading.spent - foreign, variance + ROUNDING);
            badness += if self.begins_window(at) { 0.0 } else { misfit };
            if then == Some(at) {
                halfway = Some(self.taken_from(&filter));
            }
        }
        self.now = self.taken_from(&filter);
        (halfway, badness / self.readings.len().max(1) as f64)
    }

    fn taken_from(&self, filter: &Filter) -> Vec<Learned> {
        let taken = self.now.iter().enumerate().map(|(at, now)| Learned {
            mean: filter.state[at].max(0.0),
            uncertainty: filter.covariance[at][at].max(1e-6),
            spread: now.spread,
        });
        taken.collect()
    }

    /// Learns how single calls differ, from what the likeliest places leave unexplained.
    fn scatter(&mut self, odds: &Odds) {
        let mut sums = vec![(0.0, 0.0); self.shapes.len()];
        for at in 1..self.readings.len() {
            let (before, after) = (odds.likeliest(at - 1), odds.likeliest(at));
            let sure = before.odds * after.odds;
            if sure < 0.3 || before.ordered > after.ordered || self.begins_window(at) {
                continue;
            }
            let counts = self.counts(before.ordered, after.ordered, at);
            let variance: f64 = counts.iter().map(|(place, calls)| calls * self.now[*place].spread).sum::<f64>() + 2.0 * ROUNDING;
            let of_calls: f64 = counts.iter().map(|(place, calls)| calls * self.now[*place].mean).sum();
            let growth = self.readings[at].spent - self.readings[at - 1].spent;
            let off_by = growth - of_calls - (after.foreign - before.foreign);
            for (place, calls) in counts {
                let old = self.now[place].spread;
                let most = (WORST_SPREAD * old).max((LEAST_WORST * self.now[place].mean).powi(2));
                let seen = old - old * old * calls / variance + (old * off_by / variance).powi(2) * calls;
                sums[place].0 += sure * calls * seen.clamp(0.0, most);
                sums[place].1 += sure * calls;
            }
        }
        for ((now, before), (sum, calls)) in self.now.iter_mut().zip(&self.before).zip(sums) {
            now.set_spread((sum + SPREAD_CALLS * before.spread) / (calls + SPREAD_CALLS));
        }
    }

    /// How many calls of each shape lie between two numbers, and how much time.
    fn counts(&self, from: u64, until: u64, reading: usize) -> Vec<(usize, f64)> {
        let mut counts = vec![(0, self.elapsed_ms(reading) / BURN_MS)];
        for number in from..until {
            if let Some(What::Call(shape)) = self.timeline.ordered.get(number).map(|charged| charged.what)
                && let Some(place) = self.place(shape)
            {
                match counts.iter_mut().find(|(known, _)| *known == place) {
                    Some((_, calls)) => *calls += 1.0,
                    None => counts.push((place, 1.0)),
                }
            }
        }
        counts
    }

    /// Where the equation up to a reading is about one shape alone: which, and what one of its calls cost.
    pub(super) fn sample(&self, odds: &Odds, reading: usize) -> Option<(usize, f64)> {
        let (before, after) = (odds.likeliest(reading.checked_sub(1)?), odds.likeliest(reading));
        if self.begins_window(reading) {
            return None;
        }
        if before.odds * after.odds < 0.8 || before.loose != after.loose || before.ordered >= after.ordered {
            return None;
        }
        let counts = self.counts(before.ordered, after.ordered, reading);
        let [_, (place, calls)] = counts.as_slice() else { return None };
        Some((self.shapes[*place], self.edge(reading).mean / calls))
    }
}
