//! What was charged, in the order in which the service did it, as far as that can be told from outside.

use std::collections::VecDeque;

/// The most charges that are looked back at.
const MOST_CHARGES: usize = 512;

/// When something happened that is known to lie between two moments, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct When {
    pub(super) earliest_ms: i64,
    pub(super) latest_ms: i64,
}

impl When {
    pub(super) fn middle_ms(&self) -> i64 {
        i64::midpoint(self.earliest_ms, self.latest_ms)
    }

    /// How uncertain it is: a variance, in milliseconds².
    pub(super) fn variance(&self) -> f64 {
        let width = (self.latest_ms - self.earliest_ms) as f64;
        width * width / 12.0
    }
}

/// Something that the service has, or may have, charged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Charged {
    pub(super) what: What,
    pub(super) when: When,
}

/// Whose charge it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum What {
    /// A call of this shape.
    Call(usize),
    /// A call of this shape that was charged, or was not: it failed.
    PerhapsCall(usize),
}

/// A row of charges. Each keeps its number when older ones are forgotten.
#[derive(Debug, Default)]
pub(super) struct Charges {
    first: u64,
    charges: VecDeque<Charged>,
}

impl Charges {
    /// The number of the oldest one that is still there.
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// The number that the next one gets.
    pub(super) fn next(&self) -> u64 {
        self.first + self.charges.len() as u64
    }

    pub(super) fn get(&self, number: u64) -> Option<&Charged> {
        self.charges.get(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    /// At the end: its place in the order is known.
    pub(super) fn push(&mut self, charged: Charged) {
        if self.charges.len() == MOST_CHARGES {
            self.charges.pop_front();
            self.first += 1;
        }
        self.charges.push_back(charged);
    }

    /// At the end, where what comes before it in the row was charged before it.
    pub(super) fn push_in_order(&mut self, mut charged: Charged) {
        if let Some(last) = self.charges.back() {
            charged.when.earliest_ms = charged.when.earliest_ms.max(last.when.earliest_ms);
            charged.when.latest_ms = charged.when.latest_ms.max(charged.when.earliest_ms);
        }
        for earlier in self.charges.iter_mut().rev() {
            if earlier.when.latest_ms <= charged.when.latest_ms {
                break;
            }
            earlier.when.latest_ms = charged.when.latest_ms;
        }
        self.push(charged);
    }

    /// Where its time places it, but not before number `settled`: views have passed those.
    pub(super) fn insert(&mut self, charged: Charged, settled: u64) {
        self.push(charged);
        let settled = usize::try_from(settled.saturating_sub(self.first)).unwrap_or(usize::MAX);
        let mut at = self.charges.len() - 1;
        while at > settled && self.charges[at - 1].when.middle_ms() > charged.when.middle_ms() {
            self.charges.swap(at - 1, at);
            at -= 1;
        }
    }

    pub(super) fn clear(&mut self) {
        self.first = self.next();
        self.charges.clear();
    }
}

/// What one answer said of the counter, and the number of the charge of the call that carried it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reading {
    pub(super) window: u64,
    pub(super) spent: f64,
    pub(super) carrier: u64,
    pub(super) when: When,
}

/// All charges that matter yet.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    /// Of calls whose answers carried a reading: within a window the counter only grows, so readings tell their true order.
    pub(super) ordered: Charges,
    /// Of calls that brought no reading: only their time tells where they belong.
    pub(super) loose: Charges,
}
