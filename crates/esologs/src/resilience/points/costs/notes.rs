//! What calls leave behind to be learned from. Noting it down takes a moment; what it means is studied elsewhere.

use super::{Asked, Costs, Ended, News, Open, Prior, Sent, Told};

/// With so many, nobody has studied for long: they are let go, and what comes is learned from anew.
const MOST_NOTES: usize = 2_048;

/// Something that happened to a call.
#[derive(Debug)]
pub(crate) enum Note {
    /// What came before was not seen; the next call has this number.
    Anew(Sent),
    /// It was sent. In words what it asks for, where that is not known.
    Sent { shape: u64, words: Option<Box<Words>>, now_ms: i64 },
    /// It is over.
    Ended { sent: Sent, ended: Ended },
    /// One of another process is over.
    Told(Told),
    /// Since when the oldest of others is on its way.
    OthersSince(Option<i64>),
}

/// What a shape stands for.
#[derive(Debug)]
pub(crate) struct Words {
    key: u64,
    operation: String,
    features: String,
    prior: Prior,
}

impl Words {
    pub(crate) fn of(shape: &impl Asked) -> Box<Self> {
        let (key, operation) = (shape.key(), shape.operation().to_owned());
        Box::new(Self { key, operation, features: shape.features(), prior: shape.prior() })
    }
}

impl Asked for Words {
    fn key(&self) -> u64 {
        self.key
    }

    fn operation(&self) -> &str {
        &self.operation
    }

    fn features(&self) -> String {
        self.features.clone()
    }

    fn prior(&self) -> Prior {
        self.prior
    }
}

/// Notes in their order.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    notes: Vec<Note>,
    /// How many calls were noted in all.
    calls: u64,
    /// Readings of the counter among the notes.
    readings: usize,
    /// What was noted last of others' oldest call.
    others_since: Option<Option<i64>>,
}

impl Notes {
    pub(crate) fn sent(&mut self, shape: u64, words: Option<Box<Words>>, now_ms: i64) -> Sent {
        if self.notes.len() >= MOST_NOTES {
            self.anew();
        }
        self.notes.push(Note::Sent { shape, words, now_ms });
        self.calls += 1;
        Sent(self.calls - 1)
    }

    pub(crate) fn ended(&mut self, sent: Sent, ended: &Ended) {
        if self.notes.len() >= MOST_NOTES {
            self.anew();
        }
        self.readings += usize::from(ended.snapshot.is_some());
        self.notes.push(Note::Ended { sent, ended: *ended });
    }

    /// What is new of others on the ledger.
    pub(crate) fn news(&mut self, news: News) {
        if news.has_gap || self.notes.len() + news.told.len() >= MOST_NOTES {
            self.anew();
        }
        self.readings += news.told.iter().filter(|told| told.spent.is_some()).count();
        self.notes.extend(news.told.into_iter().map(Note::Told));
        if self.others_since != Some(news.since_ms) {
            self.others_since = Some(news.since_ms);
            self.notes.push(Note::OthersSince(news.since_ms));
        }
    }

    /// What came before was not seen, or cannot be studied.
    pub(crate) fn anew(&mut self) {
        self.notes.clear();
        (self.readings, self.others_since) = (0, None);
        self.notes.push(Note::Anew(Sent(self.calls)));
    }

    pub(crate) fn readings(&self) -> usize {
        self.readings
    }

    pub(crate) fn take(&mut self) -> Vec<Note> {
        self.readings = 0;
        std::mem::take(&mut self.notes)
    }
}

impl Costs {
    /// Learns from notes in their order.
    pub(crate) fn take_in(&mut self, notes: impl IntoIterator<Item = Note>) {
        for note in notes {
            match note {
                Note::Anew(Sent(number)) => {
                    self.let_go();
                    self.first_open = number;
                }
                Note::Sent { words: Some(words), now_ms, .. } => _ = self.sent(&*words, now_ms),
                Note::Sent { shape, words: None, now_ms } => {
                    self.pass_time(now_ms);
                    // Where it was forgotten meanwhile, the call keeps its number and teaches nothing.
                    let open = match self.number_of(shape, now_ms) {
                        Some(shape) => Open { shape, sent_ms: now_ms, is_over: false },
                        None => Open { shape: 0, sent_ms: now_ms, is_over: true },
                    };
                    self.open(open);
                }
                Note::Ended { sent, ended } => self.ended(sent, &ended),
                Note::Told(told) => self.hear(&told),
                Note::OthersSince(since_ms) => self.others_since(since_ms),
            }
        }
    }

    /// So many readings more make it worth while to study.
    pub(crate) fn readings_wanted(&self) -> usize {
        self.study.readings_wanted().saturating_sub(self.waiting.len()).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resilience::points::costs::service::Kind;
    use crate::resilience::points::{Charge, Snapshot};

    const KIND: Kind = Kind { key: 7, price: 3.0, noise: 0.0 };

    fn calls(notes: &mut Notes, numbers: std::ops::Range<i64>) {
        for number in numbers {
            let now_ms = 1_790_000_000_000 + 1_000 * number;
            let sent = notes.sent(KIND.key, Some(Words::of(&KIND)), now_ms);
            let spent = 3.0 * (number + 1) as f64;
            let snapshot = Snapshot { limit: 1e6, spent, reset_in_s: 900.0, sent_ms: now_ms, received_ms: now_ms + 100 };
            let ended = Ended { now_ms: now_ms + 100, charge: Charge::Yes, snapshot: Some(snapshot), window: 1 };
            notes.ended(sent, &ended);
        }
    }

    #[test]
    fn what_was_noted_is_learned() {
        let (mut notes, mut costs) = (Notes::default(), Costs::default());
        calls(&mut notes, 0..40);

        costs.take_in(notes.take());

        assert!(costs.estimate(&KIND).is_learned && (costs.estimate(&KIND).expected - 3.0).abs() < 0.1);
    }

    #[test]
    fn notes_that_nobody_studies_have_their_limit_and_what_comes_after_it_is_learned_from() {
        let (mut notes, mut costs) = (Notes::default(), Costs::default());
        calls(&mut notes, 0..10);
        costs.take_in(notes.take());

        calls(&mut notes, 10..10 + 3 * MOST_NOTES as i64);
        assert!(notes.notes.len() <= MOST_NOTES);
        costs.take_in(notes.take());

        assert!((costs.estimate(&KIND).expected - 3.0).abs() < 0.01, "{:?}", costs.estimate(&KIND));
        let calls = costs.rows()[0].calls;
        assert!((11..2_000).contains(&calls), "{calls} calls were learned from");
    }
}
