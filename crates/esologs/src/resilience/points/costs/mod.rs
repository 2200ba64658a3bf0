//! What calls cost, learned by shape from the growth of the service's counter. Pure: it is told the time and what happened.
//!
//! No answer tells its own price. A reading of the counter may or may not hold the call that carried it, may be seconds behind,
//! and holds what others spent. So several views of the service compete, each with its own assumption of when a charge shows;
//! the one that explains the readings best is believed.

mod alike;
mod book;
mod errors;
mod filter;
mod forecast;
mod learned;
mod notes;
mod odds;
mod prior;
mod report;
mod shape;
mod sight;
mod stretch;
mod study;
mod timeline;
mod told;

#[cfg(test)]
mod accuracy;
#[cfg(test)]
mod garbage;
#[cfg(test)]
mod service;

use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasherDefault;

pub(crate) use book::Book;
use errors::Errors;
pub(crate) use forecast::{Outlook, Pace, Plan, Planned, Range, plan, points, requests, spent_at_ms, window_ms};
use learned::Learned;
pub(crate) use notes::{Note, Notes, Words};
pub(crate) use prior::Prior;
pub(crate) use report::{CostRow, Source};
pub(crate) use shape::Shape;
use stretch::BURN_MS;
use study::{Streak, Study};
use timeline::{Charged, What, When};
pub(crate) use told::{News, Told};

use super::{Charge, Snapshot};
use crate::query::hash;

/// The most shapes that are kept; the least used one goes for a new one.
const MOST_SHAPES: usize = 512;
/// The most calls on their way, and the most readings that wait for them.
const MOST_OPEN: usize = 1_024;
const MOST_WAITING: usize = 128;
/// So long, in milliseconds, a reading waits for calls that were on their way when it was taken.
const PATIENCE_MS: i64 = 15_000;
/// A clock that falls back by more than this was set.
const CLOCK_SET_MS: i64 = 1_000;
const HOUR_MS: f64 = 3_600_000.0;
const DAY_MS: f64 = 86_400_000.0;

/// What a call of a shape costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Estimate {
    /// In the mean, in points.
    pub(crate) expected: f64,
    /// Standard deviation of that mean, in points: how well it is known.
    pub(crate) error: f64,
    /// Standard deviation of single calls, in points.
    pub(crate) deviation: f64,
    /// 95 of 100 calls cost no more.
    pub(crate) p95: f64,
    /// What is set aside: the 95 % and a margin, or a guess that errs on the dear side.
    pub(crate) at_most: f64,
    /// It was learned from such calls, not guessed.
    pub(crate) is_learned: bool,
}

/// A call that was sent. It is given back when the call is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sent(u64);

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ended {
    pub(crate) now_ms: i64,
    pub(crate) charge: Charge,
    /// What its answer said of the budget, and the number of the window that it told of.
    pub(crate) snapshot: Option<Snapshot>,
    pub(crate) window: u64,
}

/// One shape.
#[derive(Debug)]
struct Row {
    key: u64,
    operation: String,
    features: String,
    prior: Prior,
    calls: u64,
    last_seen_ms: i64,
    errors: Errors,
    streak: Streak,
    learning: Learning,
}

impl Row {
    /// This process has asked for it, or an earlier run; not only others.
    fn is_named(&self) -> bool {
        !self.operation.is_empty()
    }
}

/// What was known of a price before the readings that are studied, and what they say.
#[derive(Debug, Clone, Copy)]
struct Learning {
    before: Learned,
    now: Learned,
}

impl Learning {
    fn starting_at(learned: Learned) -> Self {
        Self { before: learned, now: learned }
    }
}

/// All shapes, and the burn.
#[derive(Debug)]
struct Rows {
    rows: Vec<Row>,
    burn: Learning,
    errors: Errors,
}

/// A call on its way.
#[derive(Debug, Clone, Copy)]
struct Open {
    shape: usize,
    sent_ms: i64,
    is_over: bool,
}

/// A reading that waits until all calls are over that it may hold.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    window: u64,
    spent: f64,
    shape: usize,
    sent_ms: i64,
    received_ms: i64,
}

/// What calls cost.
#[derive(Debug)]
pub(crate) struct Costs {
    rows: Rows,
    numbers: HashMap<u64, usize, BuildHasherDefault<hash::AsItIs>>,
    study: Study,
    open: VecDeque<Open>,
    first_open: u64,
    waiting: VecDeque<Waiting>,
    now_ms: i64,
    /// Since when the oldest call of others on the ledger is on its way.
    others_since_ms: Option<i64>,
    /// How long a call takes, smoothed, in milliseconds.
    call_ms: f64,
}

impl Default for Costs {
    fn default() -> Self {
        Self {
            rows: Rows { rows: Vec::new(), burn: Learning::starting_at(study::unknown_burn()), errors: Errors::default() },
            numbers: HashMap::default(),
            study: Study::default(),
            open: VecDeque::new(),
            first_open: 0,
            waiting: VecDeque::new(),
            now_ms: i64::MIN,
            others_since_ms: None,
            call_ms: 300.0,
        }
    }
}

/// What is asked about: a key, and in words what it stands for where it is new.
pub(crate) trait Asked {
    fn key(&self) -> u64;
    fn operation(&self) -> &str;
    fn features(&self) -> String;
    fn prior(&self) -> Prior;
}

/// A number that stands for a text, the same in every process and version.
pub(crate) fn stable_hash(text: &str) -> u64 {
    hash::finish(hash::text(text))
}

impl Costs {
    /// What a call of this shape costs.
    pub(crate) fn estimate(&self, shape: &impl Asked) -> Estimate {
        match self.numbers.get(&shape.key()) {
            Some(number) => self.estimate_of(*number),
            None => estimate(&Learned::guessed(shape.prior()), shape.prior(), 0),
        }
    }

    /// What calls of every known shape cost, and whether it has a name.
    pub(crate) fn estimates(&self) -> impl Iterator<Item = (u64, Estimate, bool)> {
        self.rows.rows.iter().enumerate().map(|(number, row)| (row.key, self.estimate_of(number), row.is_named()))
    }

    fn estimate_of(&self, number: usize) -> Estimate {
        estimate(&self.rows.rows[number].learning.now, self.rows.rows[number].prior, self.rows.rows[number].calls)
    }

    /// A call is sent.
    pub(crate) fn sent(&mut self, shape: &impl Asked, now_ms: i64) -> Sent {
        self.pass_time(now_ms);
        let shape = self.number(shape, now_ms);
        self.open(Open { shape, sent_ms: now_ms, is_over: false })
    }

    fn open(&mut self, call: Open) -> Sent {
        if self.open.len() == MOST_OPEN {
            self.open.pop_front();
            self.first_open += 1;
        }
        self.open.push_back(call);
        Sent(self.first_open + self.open.len() as u64 - 1)
    }

    /// A call is over.
    pub(crate) fn ended(&mut self, sent: Sent, ended: &Ended) {
        self.pass_time(ended.now_ms);
        let open = sent.0.checked_sub(self.first_open).and_then(|at| self.open.get_mut(usize::try_from(at).ok()?));
        let Some(open) = open.filter(|open| !open.is_over) else { return };
        open.is_over = true;
        let Open { shape, sent_ms, .. } = *open;
        while self.open.front().is_some_and(|oldest| oldest.is_over) {
            self.open.pop_front();
            self.first_open += 1;
        }
        let snapshot = ended.snapshot.filter(|snapshot| snapshot.spent.is_finite() && snapshot.spent >= 0.0);
        match (ended.charge, snapshot) {
            (Charge::No, _) => {}
            (Charge::Yes, Some(snapshot)) => {
                self.rows.rows[shape].calls += 1;
                let took_ms = (ended.now_ms - sent_ms).clamp(0, 60_000);
                self.call_ms += 0.05 * (took_ms as f64 - self.call_ms);
                let waiting = Waiting { window: ended.window, spent: snapshot.spent, shape, sent_ms, received_ms: ended.now_ms };
                self.wait(waiting);
            }
            (Charge::Yes, None) => self.loosely(What::Call(shape), sent_ms, ended.now_ms),
            (Charge::Maybe, _) => self.loosely(What::PerhapsCall(shape), sent_ms, ended.now_ms),
        }
        self.read(ended.now_ms);
    }

    /// A reading's place is where the counter stood.
    fn wait(&mut self, new: Waiting) {
        let order = |one: &Waiting| (one.window, one.spent, one.sent_ms + one.received_ms);
        let mut at = self.waiting.len();
        while at > 0 && order(&self.waiting[at - 1]) > order(&new) {
            at -= 1;
        }
        self.waiting.insert(at, new);
    }

    fn loosely(&mut self, what: What, earliest_ms: i64, latest_ms: i64) {
        self.study.loosely(Charged { what, when: When { earliest_ms, latest_ms } });
    }

    /// Takes in the readings that nothing is missing for any more.
    fn read(&mut self, now_ms: i64) {
        while let Some(first) = self.waiting.front() {
            let oldest_ms = self.open.front().map(|oldest| oldest.sent_ms).into_iter().chain(self.others_since_ms).min();
            let is_held = oldest_ms.is_some_and(|oldest_ms| oldest_ms <= first.received_ms);
            if is_held && now_ms - first.received_ms < PATIENCE_MS && self.waiting.len() < MOST_WAITING {
                return;
            }
            let Some(Waiting { window, spent, shape, sent_ms, received_ms }) = self.waiting.pop_front() else { return };
            let call = Charged { what: What::Call(shape), when: When { earliest_ms: sent_ms, latest_ms: received_ms } };
            self.study.read(window, spent, call, &mut self.rows);
        }
    }

    fn pass_time(&mut self, now_ms: i64) {
        if now_ms.saturating_add(CLOCK_SET_MS) < self.now_ms {
            self.let_go();
        }
        self.now_ms = now_ms;
    }

    /// Forgets what is on its way, not what was learned.
    pub(super) fn let_go(&mut self) {
        self.first_open += self.open.len() as u64;
        self.open.clear();
        self.waiting.clear();
        self.others_since_ms = None;
        self.study.close(&mut self.rows);
    }

    /// The number of a shape, which is entered where it is new.
    fn number(&mut self, shape: &impl Asked, now_ms: i64) -> usize {
        if let Some(number) = self.number_of(shape.key(), now_ms) {
            let row = &mut self.rows.rows[number];
            if !row.is_named() {
                (row.operation, row.features) = (shape.operation().to_owned(), shape.features());
            }
            return number;
        }
        self.enter(Row {
            key: shape.key(),
            operation: shape.operation().to_owned(),
            features: shape.features(),
            prior: shape.prior(),
            calls: 0,
            last_seen_ms: now_ms,
            errors: Errors::default(),
            streak: Streak::default(),
            learning: Learning::starting_at(Learned::guessed(shape.prior())),
        })
    }

    /// The number of a shape that is known, and is seen now.
    fn number_of(&mut self, key: u64, now_ms: i64) -> Option<usize> {
        let number = self.numbers.get(&key).copied()?;
        let row = &mut self.rows.rows[number];
        let days = now_ms.saturating_sub(row.last_seen_ms) as f64 / DAY_MS;
        row.last_seen_ms = now_ms;
        if days > 1.0 {
            row.learning.before.fade(days);
            row.learning.now.fade(days);
        }
        Some(number)
    }

    fn enter(&mut self, row: Row) -> usize {
        let rows = &mut self.rows.rows;
        if rows.len() < MOST_SHAPES {
            self.numbers.insert(row.key, rows.len());
            rows.push(row);
            return rows.len() - 1;
        }
        let number = self.least_used(row.last_seen_ms);
        // Charges on their way carry its number.
        self.let_go();
        self.numbers.remove(&self.rows.rows[number].key);
        self.numbers.insert(row.key, number);
        self.rows.rows[number] = row;
        number
    }

    fn least_used(&self, now_ms: i64) -> usize {
        let use_of =
            |row: &Row| (1.0 + row.calls as f64) / (1.0 + now_ms.saturating_sub(row.last_seen_ms).max(0) as f64 / DAY_MS);
        let rows = &self.rows.rows;
        (0..rows.len()).min_by(|a, b| use_of(&rows[*a]).total_cmp(&use_of(&rows[*b]))).unwrap_or(0)
    }

    /// How long a call takes from its sending to its answer, smoothed, in milliseconds.
    pub(crate) fn call_ms(&self) -> f64 {
        self.call_ms
    }

    /// What others spend, in points per hour, smoothed.
    pub(crate) fn burn_per_hour(&self) -> f64 {
        self.rows.burn.now.mean * HOUR_MS / BURN_MS
    }
}

fn estimate(learned: &Learned, prior: Prior, calls: u64) -> Estimate {
    let is_learned = learned.is_known(calls);
    Estimate {
        expected: learned.mean,
        error: learned.uncertainty.sqrt(),
        deviation: learned.spread.sqrt(),
        p95: learned.p95(),
        at_most: if is_learned { learned.at_most() } else { prior.at_most.max(learned.mean) },
        is_learned,
    }
}
