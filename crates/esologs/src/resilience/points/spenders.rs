//! Who spent the points of the running window: which process, on which operation.

use std::hash::{DefaultHasher, Hash, Hasher as _};

use serde::{Deserialize, Serialize};

/// The most rows that are kept; the smallest goes for a new one.
const MAX_SPENDERS: usize = 64;

/// What one process spent on one operation in the running window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub(crate) struct Spender {
    key: u64,
    /// Who: the name that the client was given, and its process.
    pub(crate) owner: String,
    /// On what.
    pub(crate) operation: String,
    /// Calls that were, or may have been, charged.
    pub(crate) calls: u64,
    /// Points, about: by what such calls cost in the mean.
    pub(crate) points: f64,
    /// Those of them that are guesses, until a call of a known price tells better.
    #[serde(default)]
    guesses: Guesses,
}

/// Calls whose price was not known, and the points that were guessed for them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct Guesses {
    calls: u64,
    points: f64,
}

#[cfg(feature = "redis")]
impl Spender {
    pub(crate) fn new(owner: String, operation: String, calls: u64, points: f64) -> Self {
        Self { key: key(&owner, &operation), owner, operation, calls, points, guesses: Guesses::default() }
    }
}

/// The rows of the running window.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spenders(Vec<Spender>);

impl Spenders {
    /// The key of this row, which is made where it is not there.
    pub(crate) fn enter(&mut self, owner: &str, operation: &str) -> u64 {
        // Names are compared faster than a key is made of them.
        if let Some(row) = self.0.iter().find(|row| row.operation == operation && row.owner == owner) {
            return row.key;
        }
        let key = key(owner, operation);
        if self.0.len() == MAX_SPENDERS
            && let Some(smallest) = (0..self.0.len()).min_by(|a, b| self.0[*a].points.total_cmp(&self.0[*b].points))
        {
            self.0.swap_remove(smallest);
        }
        self.0.push(Spender {
            key,
            owner: owner.to_owned(),
            operation: operation.to_owned(),
            calls: 0,
            points: 0.0,
            guesses: Guesses::default(),
        });
        key
    }

    /// A call was, or may have been, charged. What was guessed of calls before it is put right by the first whose price is known.
    pub(crate) fn spend(&mut self, key: u64, points: f64, is_guess: bool) {
        let Some(spender) = self.0.iter_mut().find(|spender| spender.key == key) else { return };
        spender.calls += 1;
        spender.points += points;
        if is_guess {
            spender.guesses.calls += 1;
            spender.guesses.points += points;
        } else if spender.guesses.calls > 0 {
            let Guesses { calls, points: guessed } = std::mem::take(&mut spender.guesses);
            spender.points += calls as f64 * points - guessed;
        }
    }

    /// Adds the rows of another account of the same window.
    pub(crate) fn add(&mut self, others: Self) {
        for other in others.0 {
            let key = self.enter(&other.owner, &other.operation);
            if let Some(row) = self.0.iter_mut().find(|row| row.key == key) {
                row.calls += other.calls;
                row.points += other.points;
                row.guesses.calls += other.guesses.calls;
                row.guesses.points += other.guesses.points;
            }
        }
    }

    /// The names of a row.
    #[cfg(feature = "redis")]
    pub(crate) fn names(&self, key: u64) -> (&str, &str) {
        let row = self.0.iter().find(|spender| spender.key == key);
        row.map_or(("", ""), |spender| (spender.owner.as_str(), spender.operation.as_str()))
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The rows that spent something, the largest first.
    pub(crate) fn rows(&self) -> Vec<Spender> {
        let mut rows: Vec<Spender> = self.0.iter().filter(|spender| spender.calls > 0).cloned().collect();
        rows.sort_by(|a, b| b.points.total_cmp(&a.points).then_with(|| a.key.cmp(&b.key)));
        rows
    }
}

/// Two processes of one version agree on it; of two versions each keeps rows of its own.
fn key(owner: &str, operation: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (owner, operation).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_add_up_and_the_largest_comes_first() {
        let mut spenders = Spenders::default();
        let pull = spenders.enter("pull", "ReportEvents");
        let bot = spenders.enter("bot", "Guild");
        spenders.spend(pull, 3.0, false);
        spenders.spend(bot, 5.0, false);
        spenders.spend(pull, 3.0, false);
        let rows: Vec<(String, u64, f64)> = spenders.rows().into_iter().map(|row| (row.owner, row.calls, row.points)).collect();
        assert_eq!(rows, [("pull".to_owned(), 2, 6.0), ("bot".to_owned(), 1, 5.0)]);
    }

    #[test]
    fn what_was_guessed_is_put_right_when_the_price_is_known() {
        let mut spenders = Spenders::default();
        let pull = spenders.enter("pull", "ReportEvents");
        spenders.spend(pull, 7.2, true);
        spenders.spend(pull, 7.2, true);
        assert_eq!(spenders.rows()[0].points, 14.4);

        spenders.spend(pull, 2.0, false);
        spenders.spend(pull, 2.5, false);

        let row = &spenders.rows()[0];
        assert_eq!(row.calls, 4);
        assert!((row.points - 8.5).abs() < 1e-9, "{row:?}");
    }

    #[test]
    fn the_smallest_row_goes_for_a_new_one() {
        let mut spenders = Spenders::default();
        for row in 0..=MAX_SPENDERS {
            let key = spenders.enter("site", &row.to_string());
            spenders.spend(key, 1.0 + row as f64, false);
        }
        let rows = spenders.rows();
        assert_eq!(rows.len(), MAX_SPENDERS);
        assert!(rows.iter().all(|row| row.operation != "0"));
    }
}
