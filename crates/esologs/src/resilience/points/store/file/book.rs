//! What stands in the file: the account, and which process holds which reservation.

use std::collections::VecDeque;
use std::io;

use serde::{Deserialize, Serialize};

use crate::resilience::points::costs::{News, Told};
use crate::resilience::points::{Account, Apart, Charge, Finish, LedgerSettings, Outcome, Settled, Step, Stepped};

/// Two processes read the clock one after the other and take their steps the other way round, or wait for their turn: by so much the
/// time may seem to go back without the clock being set back, in milliseconds.
const OUT_OF_TURN_MS: i64 = 2_000;
/// How often somebody looks who is still alive, in milliseconds.
const LOOK_MS: i64 = 1_000;

/// The account and what the processes of a host need beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Book {
    pub(super) account: Account,
    holders: Vec<Holder>,
    /// The last calls that ended, with whose they were; and how many that were in all.
    told: VecDeque<(u64, Told)>,
    told_in_all: u64,
    latest_ms: i64,
    looked_ms: i64,
}

/// Whose a reservation is, and for what.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Holder {
    id: u64,
    member: u64,
    /// 0 where it is not known.
    shape: u64,
    expected: f64,
    since_ms: i64,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            account: Account::default(),
            holders: Vec::new(),
            told: VecDeque::new(),
            told_in_all: 0,
            latest_ms: i64::MIN,
            looked_ms: i64::MIN,
        }
    }
}

impl Book {
    /// MessagePack with the names of the fields: exact numbers, which JSON would round with each step, and fields that another
    /// version of this library does not know do not matter to it.
    pub(super) fn to_bytes(&self) -> io::Result<Vec<u8>> {
        rmp_serde::to_vec_named(self).map_err(io::Error::other)
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        rmp_serde::from_slice(bytes).ok()
    }

    /// The moment at which the next step is taken by a process whose clock shows this.
    pub(super) fn moment_ms(&mut self, now_ms: i64) -> i64 {
        let is_out_of_turn = self.latest_ms > now_ms && self.latest_ms.saturating_sub(now_ms) <= OUT_OF_TURN_MS;
        if !is_out_of_turn {
            self.latest_ms = now_ms;
        }
        self.latest_ms
    }

    /// Takes one step of this member.
    pub(super) fn step(&mut self, step: Step<'_>, member: u64, settings: &LedgerSettings, now_ms: i64) -> Stepped {
        let stepped = self.account.step(step, settings, now_ms);
        if let (Step::Reserve(ask), Outcome::Reserved(id)) = (&step, stepped.outcome) {
            self.holders.push(Holder { id, member, shape: ask.shape, expected: ask.expected, since_ms: now_ms });
        }
        if let Step::Finish(finish) = &step
            && let Some(at) = self.holders.iter().position(|holder| holder.id == finish.id)
        {
            let holder = self.holders.swap_remove(at);
            let window = Settled::from(stepped.standing).window_of(finish.snapshot.as_ref());
            self.note_end(&holder, finish, window, now_ms);
        }
        stepped
    }

    /// A call is over; those who learn from it are told.
    fn note_end(&mut self, holder: &Holder, finish: &Finish, window: u64, now_ms: i64) {
        if holder.shape == 0 || finish.charge == Charge::No {
            return;
        }
        let told = Told {
            shape: holder.shape,
            expected: holder.expected,
            sent_ms: finish.snapshot.map_or(holder.since_ms, |snapshot| snapshot.sent_ms),
            ended_ms: now_ms,
            is_sure: finish.charge == Charge::Yes,
            spent: finish.snapshot.map(|snapshot| snapshot.spent),
            window,
        };
        if self.told.len() == News::MOST {
            self.told.pop_front();
        }
        self.told.push_back((holder.member, told));
        self.told_in_all += 1;
    }

    /// Tells a member what is new of others since so many calls were told of; how many it are now.
    pub(super) fn tell(&self, member: u64, heard: Option<u64>, news: &mut News) -> u64 {
        let new = heard.and_then(|heard| self.told_in_all.checked_sub(heard)).unwrap_or(u64::MAX);
        if new > self.told.len() as u64 {
            news.has_gap = true;
        } else {
            let new = self.told.iter().skip(self.told.len() - new as usize);
            news.add(new.filter(|(whose, _)| *whose != member).map(|(_, told)| *told));
        }
        let others = self.holders.iter().filter(|holder| holder.member != member);
        news.since_ms = others.map(|holder| holder.since_ms).min();
        self.told_in_all
    }

    /// Takes in what this member did while it could not be here.
    pub(super) fn take_in(&mut self, apart: Apart, member: u64, settings: &LedgerSettings, now_ms: i64) {
        let ids = apart.tell(&mut self.account, settings, now_ms);
        let held = |id| Holder { id, member, shape: 0, expected: 0.0, since_ms: now_ms };
        self.holders.extend(ids.into_iter().map(held));
    }

    /// Whether it is time to look who is alive.
    pub(super) fn is_look_due(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.looked_ms) >= LOOK_MS || self.looked_ms > now_ms
    }

    /// What members who are not among the living had on its way may be charged.
    pub(super) fn bury_others(&mut self, living: &[u64], settings: &LedgerSettings, now_ms: i64) {
        self.looked_ms = now_ms;
        let holders = std::mem::take(&mut self.holders);
        let is_held = |holder: &Holder| living.contains(&holder.member) && self.account.is_on_its_way(holder.id);
        let (held, gone): (Vec<_>, Vec<_>) = holders.into_iter().partition(is_held);
        self.holders = held;
        self.account.bury(gone.iter().map(|holder| holder.id), settings, now_ms);
        let window = self.account.settled().window;
        for holder in &gone {
            let dead = Finish { id: holder.id, charge: Charge::Maybe, snapshot: None, refused: None };
            self.note_end(holder, &dead, window, now_ms);
        }
    }

    /// Numbers of reservations begin here: others may remember numbers of a file that is gone.
    pub(super) fn number_from(&mut self, first_id: u64) {
        self.account.number_from(first_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resilience::Priority;
    use crate::resilience::points::{Ask, Snapshot};

    fn ask() -> Step<'static> {
        Step::Reserve(Ask {
            estimate: 0.1,
            expected: 0.3,
            is_guess: true,
            priority: Priority::Batch,
            owner: "bot",
            operation: "Guild",
            shape: 7,
            lease_ms: 60_000,
            is_probe: false,
        })
    }

    #[test]
    fn it_reads_back_to_the_last_bit() {
        let (mut book, settings) = (Book::default(), LedgerSettings::default());
        book.step(ask(), 7, &settings, 1_790_000_000_000);

        assert_eq!(Book::from_bytes(&book.to_bytes().unwrap()).unwrap(), book);
        assert_eq!(Book::from_bytes(&Book::default().to_bytes().unwrap()).unwrap(), Book::default());
        assert_eq!(Book::from_bytes(b"something else"), None);
    }

    #[test]
    fn a_step_out_of_turn_does_not_set_the_clock_back_and_a_clock_that_was_set_back_is_believed() {
        let mut book = Book::default();
        assert_eq!(book.moment_ms(10_000), 10_000);
        assert_eq!(book.moment_ms(9_000), 10_000);
        assert_eq!(book.moment_ms(11_000), 11_000);
        assert_eq!(book.moment_ms(8_000), 8_000);
        assert_eq!(book.moment_ms(1_000_000), 1_000_000);
    }

    #[test]
    fn what_the_dead_held_is_ambiguous_and_the_living_keep_theirs() {
        let (mut book, settings) = (Book::default(), LedgerSettings::default());
        book.account.step(Step::Finish(known_window()), &settings, 0);
        let held = [1, 1, 2].map(|member| book.step(ask(), member, &settings, 0).outcome);
        assert!(book.is_look_due(0));

        book.bury_others(&[2], &settings, 0);

        let standing = book.account.standing(&settings, 0);
        assert_eq!((standing.calls_on_their_way, standing.ambiguous), (1, 0.2));
        assert!(matches!(held[2], Outcome::Reserved(id) if book.account.is_on_its_way(id)));
        assert!(!book.is_look_due(999) && book.is_look_due(1_000) && book.is_look_due(-1));
    }

    #[test]
    fn each_member_is_told_of_the_calls_of_others_once_and_of_a_gap() {
        let (mut book, settings) = (Book::default(), LedgerSettings::default());
        book.account.step(Step::Finish(known_window()), &settings, 0);
        let call = |book: &mut Book, member| {
            let Outcome::Reserved(id) = book.step(ask(), member, &settings, 1_000).outcome else { panic!("no room") };
            book.step(Step::Finish(Finish { id, charge: Charge::Yes, ..known_window() }), member, &settings, 1_200);
        };
        let mut news = News::default();
        let heard = book.tell(1, Some(0), &mut news);
        call(&mut book, 1);
        call(&mut book, 2);
        book.step(ask(), 2, &settings, 1_300);

        let heard = book.tell(1, Some(heard), &mut news);

        assert_eq!((news.told.len(), news.has_gap, news.since_ms), (1, false, Some(1_300)));
        assert_eq!((news.told[0].shape, news.told[0].spent, news.told[0].is_sure), (7, Some(0.0), true));
        book.tell(1, Some(heard), &mut news);
        assert_eq!(news.told.len(), 1, "not twice");
        (0..=News::MOST).for_each(|_| call(&mut book, 2));
        book.tell(1, Some(heard), &mut news);
        assert!(news.has_gap);
    }

    #[test]
    fn an_answer_of_the_window_before_is_told_as_one_of_that() {
        let (mut book, settings) = (Book::default(), LedgerSettings::default());
        book.account.step(Step::Finish(known_window()), &settings, 0);
        let mut news = News::default();
        let heard = book.tell(1, Some(0), &mut news);
        let sent_ms = 2_999_000;
        let ids = [0, 1].map(|_| match book.step(ask(), 2, &settings, sent_ms).outcome {
            Outcome::Reserved(id) => id,
            held => panic!("{held:?}"),
        });
        let answer = |id, reset_in_s, sent_ms, received_ms| {
            let snapshot = Snapshot { limit: 100.0, spent: 5.0, reset_in_s, sent_ms, received_ms };
            Step::Finish(Finish { id, charge: Charge::Yes, snapshot: Some(snapshot), refused: None })
        };
        book.step(answer(ids[0], 2_999.0, 3_001_500, 3_002_000), 2, &settings, 3_002_000);

        book.step(answer(ids[1], 1.0, sent_ms, 3_003_000), 2, &settings, 3_003_000);

        book.tell(1, Some(heard), &mut news);
        assert_eq!(news.told.iter().map(|told| told.window).collect::<Vec<_>>(), [2, 1]);
    }

    fn known_window() -> Finish {
        let snapshot = Snapshot { limit: 100.0, spent: 0.0, reset_in_s: 3_000.0, sent_ms: 0, received_ms: 0 };
        Finish { id: 0, charge: Charge::No, snapshot: Some(snapshot), refused: None }
    }
}
