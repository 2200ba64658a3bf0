//! What was learned, kept between runs: JSON with a version. Two processes that save in turn lose nothing of each other's.

use serde::{Deserialize, Serialize};

use super::errors::Errors;
use super::learned::Learned;
use super::study::Streak;
use super::{Costs, Learning, MOST_SHAPES, Prior, Row};

/// Changes with the meaning of the fields, of keys and of shapes.
const VERSION: u32 = 1;
/// Nothing costs more than this in points: whoever says so is mistaken.
pub(super) const DEAREST: f64 = 1e6;
/// Where one of two has seen a shape so much later, what it knows counts, however little; in milliseconds.
const LONG_AFTER_MS: i64 = 7 * 86_400_000;
/// So many calls make a price as well known as it gets.
const ENOUGH_CALLS: u64 = 50;

/// What is known of the prices.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Book {
    version: u32,
    shapes: Vec<Entry>,
}

/// One shape. Points and milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Entry {
    /// In hexadecimal digits: not every reader of JSON has whole numbers of 64 bits.
    key: String,
    operation: String,
    features: String,
    mean: f64,
    /// Standard deviations of the mean and of single calls.
    error: f64,
    deviation: f64,
    calls: u64,
    last_seen_ms: i64,
}

impl Entry {
    fn key(&self) -> Option<u64> {
        u64::from_str_radix(&self.key, 16).ok()
    }

    fn is_sound(&self) -> bool {
        let is_amount = |points: f64| (0.0..=DEAREST).contains(&points);
        self.key().is_some() && is_amount(self.mean) && is_amount(self.error) && is_amount(self.deviation)
    }

    /// Whether this one knows better than the other.
    fn outweighs(&self, other: &Self) -> bool {
        let later_ms = self.last_seen_ms.saturating_sub(other.last_seen_ms);
        if later_ms.saturating_abs() > LONG_AFTER_MS {
            return later_ms > 0;
        }
        // The rest only makes sure that the same one wins whichever side it is on.
        let rank = |entry: &Self| (entry.calls.min(ENOUGH_CALLS), entry.last_seen_ms, entry.calls, entry.mean.to_bits());
        rank(self) > rank(other)
    }
}

impl Book {
    /// Reads a book. One that cannot be read is empty, and the reason is said.
    pub(crate) fn read(bytes: &[u8]) -> (Self, Option<String>) {
        let refuse = |why: String| (Self::empty(), Some(format!("learned prices are forgotten: {why}")));
        let mut book: Self = match serde_json::from_slice(bytes) {
            Ok(book) => book,
            Err(error) => return refuse(format!("their file cannot be read: {error}")),
        };
        if book.version != VERSION {
            return refuse(format!("their file is of version {}, this program reads {VERSION}", book.version));
        }
        let all = book.shapes.len();
        book.shapes.retain(Entry::is_sound);
        book.shapes.truncate(MOST_SHAPES);
        let lost = all - book.shapes.len();
        let told = (lost > 0).then(|| format!("{lost} of {all} learned prices are forgotten: their entries make no sense"));
        (book, told)
    }

    fn empty() -> Self {
        Self { version: VERSION, shapes: Vec::new() }
    }

    /// As it is kept.
    ///
    /// # Errors
    /// Never so far: there is nothing in it that JSON cannot hold.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    /// What both know: of each shape the entry with more calls, or the much later one.
    pub(crate) fn merged_with(mut self, other: Self) -> Self {
        for entry in other.shapes {
            match self.shapes.iter_mut().find(|known| known.key == entry.key) {
                Some(known) if entry.outweighs(known) => *known = entry,
                Some(_) => {}
                None => self.shapes.push(entry),
            }
        }
        self.shapes.sort_by(|a, b| b.calls.cmp(&a.calls).then_with(|| a.key.cmp(&b.key)));
        self.shapes.truncate(MOST_SHAPES);
        self.version = VERSION;
        self
    }
}

impl Costs {
    /// What was learned so far.
    pub(crate) fn book(&self) -> Book {
        let learned = self.rows.rows.iter().filter(|row| row.is_named() && row.learning.now.is_known(row.calls));
        let shapes = learned.map(|row| Entry {
            key: format!("{:016x}", row.key),
            operation: row.operation.clone(),
            features: row.features.clone(),
            mean: row.learning.now.mean,
            error: row.learning.now.uncertainty.sqrt(),
            deviation: row.learning.now.spread.sqrt(),
            calls: row.calls,
            last_seen_ms: row.last_seen_ms,
        });
        Book { version: VERSION, shapes: shapes.collect() }
    }

    /// Learns from a book whatever it knows better.
    pub(crate) fn take_over(&mut self, book: &Book) {
        let mut own = self.book().shapes;
        own.sort_by(|a, b| a.key.cmp(&b.key));
        for entry in book.shapes.iter().filter(|entry| entry.is_sound()) {
            let known = own.binary_search_by(|own| own.key.cmp(&entry.key)).ok().map(|at| &own[at]);
            let Some(key) = entry.key().filter(|_| known.is_none_or(|known| entry.outweighs(known))) else { continue };
            let learned = Learned {
                mean: entry.mean,
                uncertainty: entry.error.powi(2).max(1e-6),
                spread: entry.deviation.powi(2).max(1e-4),
            };
            if let Some(number) = self.numbers.get(&key) {
                let row = &mut self.rows.rows[*number];
                (row.learning, row.calls) = (Learning::starting_at(learned), entry.calls.max(row.calls));
            } else if self.rows.rows.len() < MOST_SHAPES {
                self.enter(Row {
                    key,
                    operation: entry.operation.clone(),
                    features: entry.features.clone(),
                    prior: Prior { expected: entry.mean, at_most: learned.at_most() },
                    calls: entry.calls,
                    last_seen_ms: entry.last_seen_ms,
                    errors: Errors::default(),
                    streak: Streak::default(),
                    learning: Learning::starting_at(learned),
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_790_000_000_000;

    fn entry(key: u64, mean: f64, calls: u64, last_seen_ms: i64) -> Entry {
        let (operation, features) = ("Reports".to_owned(), "limit 100".to_owned());
        Entry { key: format!("{key:016x}"), operation, features, mean, error: 0.1, deviation: 0.2, calls, last_seen_ms }
    }

    fn book(shapes: Vec<Entry>) -> Book {
        Book { version: VERSION, shapes }
    }

    fn means(book: &Book) -> Vec<f64> {
        book.shapes.iter().map(|entry| entry.mean).collect()
    }

    #[test]
    fn a_book_is_read_as_it_was_written_and_what_it_knows_is_known() {
        let written = book(vec![entry(u64::MAX, 42.5, 30, NOW_MS), entry(1, 1.2, 9, NOW_MS)]);

        let (read, told) = Book::read(&written.to_bytes().unwrap());
        let mut costs = Costs::default();
        costs.take_over(&read);

        assert_eq!((&read, told), (&written, None));
        assert_eq!(costs.book(), written);
    }

    #[test]
    fn what_cannot_be_read_is_an_empty_book_and_a_reason() {
        for (bytes, why) in [
            (&b""[..], "cannot be read"),
            (b"{\"version\":1,\"shapes\":[{", "cannot be read"),
            (b"{\"version\":2,\"shapes\":[]}", "version 2"),
            (b"{\"version\":-1,\"shapes\":[]}", "cannot be read"),
            (b"[]", "cannot be read"),
            (b"\xff\xfe", "cannot be read"),
        ] {
            let (book, told) = Book::read(bytes);
            assert_eq!(book.shapes, [], "{why}");
            assert!(told.unwrap().contains(why), "{why}");
        }
    }

    #[test]
    fn entries_that_make_no_sense_are_left_out_and_said() {
        let mut wrong = book(vec![entry(1, -1.0, 9, NOW_MS), entry(2, 1e7, 9, NOW_MS), entry(3, 3.0, 9, NOW_MS)]);
        wrong.shapes.push(Entry { key: "no number".to_owned(), ..entry(4, 4.0, 9, NOW_MS) });

        let (book, told) = Book::read(&wrong.to_bytes().unwrap());

        assert_eq!(means(&book), [3.0]);
        assert!(told.unwrap().starts_with("3 of 4 learned prices are forgotten"));
    }

    #[test]
    fn of_two_books_the_one_with_more_calls_counts_and_nothing_is_lost() {
        let one = book(vec![entry(1, 10.0, 40, NOW_MS), entry(2, 5.0, 3, NOW_MS)]);
        let other = book(vec![entry(1, 11.0, 30, NOW_MS + 5), entry(2, 6.0, 4, NOW_MS - 5), entry(3, 7.0, 1, NOW_MS)]);

        let merged = one.clone().merged_with(other.clone());

        assert_eq!(means(&merged), [10.0, 6.0, 7.0]);
        assert_eq!(merged, other.clone().merged_with(one.clone()));
        assert_eq!(merged, merged.clone().merged_with(one).merged_with(other));
    }

    #[test]
    fn where_both_have_seen_enough_or_one_much_later_the_later_counts() {
        let old = book(vec![entry(1, 10.0, 900, NOW_MS), entry(2, 5.0, 900, NOW_MS), entry(3, 5.0, 900, NOW_MS)]);
        let new = book(vec![
            entry(1, 11.0, 50, NOW_MS + 1),
            entry(2, 6.0, 2, NOW_MS + LONG_AFTER_MS + 1),
            entry(3, 6.0, 2, NOW_MS + LONG_AFTER_MS),
        ]);

        let mut merged = old.merged_with(new);

        merged.shapes.sort_by(|a, b| a.key.cmp(&b.key));
        assert_eq!(means(&merged), [11.0, 6.0, 5.0]);
    }

    #[test]
    fn a_book_has_its_limit_and_the_least_used_go() {
        let many = (0..MOST_SHAPES as u64 + 10).map(|key| entry(key, 1.0, key, NOW_MS)).collect();
        let merged = book(many).merged_with(Book::empty());
        assert_eq!(merged.shapes.len(), MOST_SHAPES);
        assert!(merged.shapes.iter().all(|entry| entry.calls >= 10));
    }
}
