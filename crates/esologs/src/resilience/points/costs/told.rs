//! Calls of other processes on a shared ledger, told so that what they cost is learned as if they were one's own.

use serde::{Deserialize, Serialize};

use super::book::DEAREST;
use super::errors::Errors;
use super::learned::Learned;
use super::study::Streak;
use super::timeline::What;
use super::{Costs, Learning, Prior, Row, Waiting};

/// Of a shape that only others have asked for, a call is taken to cost so many times what they expect, at most.
const GUESSED: f64 = 3.0;

/// A call of another process that is over and was, or may have been, charged.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "Fields", into = "Fields")]
pub(crate) struct Told {
    pub(crate) shape: u64,
    /// What it was expected to cost.
    pub(crate) expected: f64,
    pub(crate) sent_ms: i64,
    pub(crate) ended_ms: i64,
    /// It was charged for sure.
    pub(crate) is_sure: bool,
    /// Where the counter stood by its answer, in which window.
    pub(crate) spent: Option<f64>,
    pub(crate) window: u64,
}

/// Without the names, which would be most of what is kept.
type Fields = (u64, f64, i64, i64, bool, Option<f64>, u64);

impl From<Fields> for Told {
    fn from((shape, expected, sent_ms, ended_ms, is_sure, spent, window): Fields) -> Self {
        Self { shape, expected, sent_ms, ended_ms, is_sure, spent, window }
    }
}

impl From<Told> for Fields {
    fn from(told: Told) -> Self {
        (told.shape, told.expected, told.sent_ms, told.ended_ms, told.is_sure, told.spent, told.window)
    }
}

/// What is new of others.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct News {
    pub(crate) told: Vec<Told>,
    /// Since when their oldest call is on its way.
    pub(crate) since_ms: Option<i64>,
    /// There were more than could be told.
    pub(crate) has_gap: bool,
}

impl News {
    /// The most calls that are kept to be told, of all processes together.
    pub(crate) const MOST: usize = 64;

    /// Where nobody asks for them, they do not pile up.
    pub(crate) fn add(&mut self, told: impl IntoIterator<Item = Told>) {
        self.told.extend(told);
        if self.told.len() > 4 * Self::MOST {
            self.told.clear();
            self.has_gap = true;
        }
    }
}

impl Costs {
    /// Another's call is over.
    pub(crate) fn hear(&mut self, told: &Told) {
        let is_amount = |points: f64| points.is_finite() && points >= 0.0;
        let ends = told.ended_ms;
        let number = self.number_of(told.shape, ends).unwrap_or_else(|| self.enter_nameless(told));
        match told.spent.filter(|spent| told.is_sure && is_amount(*spent)) {
            Some(spent) => {
                self.rows.rows[number].calls += 1;
                let sent_ms = told.sent_ms.min(ends);
                self.wait(Waiting { window: told.window, spent, shape: number, sent_ms, received_ms: ends });
            }
            None if told.is_sure => self.loosely(What::Call(number), told.sent_ms, ends),
            None => self.loosely(What::PerhapsCall(number), told.sent_ms, ends),
        }
        self.read(self.now_ms.max(ends));
    }

    /// Since when others' oldest call is on its way: readings from then on wait for it.
    pub(crate) fn others_since(&mut self, since_ms: Option<i64>) {
        self.others_since_ms = since_ms;
    }

    /// A shape that only others have asked for has no name until this process asks for it, too.
    fn enter_nameless(&mut self, told: &Told) -> usize {
        let expected = told.expected.clamp(0.0, DEAREST);
        let expected = if expected.is_nan() { 0.0 } else { expected };
        let prior = Prior { expected, at_most: GUESSED * expected + 1.0 };
        self.enter(Row {
            key: told.shape,
            operation: String::new(),
            features: String::new(),
            prior,
            calls: 0,
            last_seen_ms: told.ended_ms,
            errors: Errors::default(),
            streak: Streak::default(),
            learning: Learning::starting_at(Learned::guessed(prior)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resilience::points::costs::service::Kind;

    const KIND: Kind = Kind { key: 7, price: 4.0, noise: 0.0 };

    fn told(number: i64) -> Told {
        let sent_ms = 1_790_000_000_000 + 1_000 * number;
        let spent = Some(4.0 * (number + 1) as f64);
        Told { shape: KIND.key, expected: 7.0, sent_ms, ended_ms: sent_ms + 200, is_sure: true, spent, window: 1 }
    }

    #[test]
    fn a_price_that_only_others_have_paid_is_known_and_has_no_row_until_it_is_asked_for_here() {
        let mut costs = Costs::default();
        (0..40).for_each(|number| costs.hear(&told(number)));
        assert!((costs.estimate(&KIND).expected - 4.0).abs() < 0.1 && costs.estimate(&KIND).is_learned);
        assert_eq!((costs.rows().len(), costs.book()), (0, Costs::default().book()));

        costs.sent(&KIND, 1_790_000_050_000);

        assert_eq!(costs.rows()[0].operation, "Test");
    }

    #[test]
    fn a_reading_waits_for_the_call_of_another_that_it_may_hold() {
        let mut costs = Costs::default();
        costs.others_since(Some(told(5).sent_ms));
        (0..10).for_each(|number| costs.hear(&told(number)));
        assert_eq!(costs.waiting.len(), 5, "those that were taken while it was on its way");

        costs.others_since(None);
        costs.hear(&told(10));

        assert!(costs.waiting.is_empty());
    }

    #[test]
    fn news_that_nobody_asks_for_do_not_pile_up() {
        let mut news = News::default();
        (0..1_000).for_each(|number| news.add([told(number)]));
        assert!(news.has_gap && news.told.len() <= 4 * News::MOST);
    }
}
