//! One step at the file, from taking its lock to giving it back; and steps apart from it while that cannot be.

use std::fs::{File, TryLockError};
use std::io;
use std::sync::Arc;

use super::book::Book;
use super::member::Member;
use super::place::Place;
use super::slots::{self, Found};
use crate::resilience::points::costs::News;
use crate::resilience::points::{Apart, LedgerSettings, Step, Stepped};

/// A file that is replaced this often while it is opened will not be had in this step.
const MOST_REOPENED: usize = 10;
/// Numbers of reservations made apart begin above this; those of a file begin below it, at one of 2^51 places. All can be told exactly by
/// a floating point number.
const APART_FROM: u64 = 1 << 52;

/// Why a step was not taken at the file.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Another process has the lock.
    Busy,
    /// It cannot be used.
    Unusable(Arc<str>),
}

/// What one store works with.
#[derive(Debug)]
pub(super) struct Desk {
    place: Place,
    settings: LedgerSettings,
    ledger: Option<Ledger>,
    member: Option<Member>,
    /// The book as this process saw it last.
    book: Book,
    members: usize,
    /// How many calls were told of when this process looked last, and what it has not taken up yet of others'.
    heard: Option<u64>,
    news: News,
    pub(super) apart: Option<Apart>,
}

/// The open file. A fork shares its lock with the process it was forked from, so it opens its own.
#[derive(Debug)]
struct Ledger {
    file: File,
    pid: u32,
    /// Under which number the book that this process has in memory stands in it.
    known: Option<u64>,
}

impl Desk {
    pub(super) fn new(place: Place, settings: LedgerSettings) -> Self {
        Self {
            place,
            settings,
            ledger: None,
            member: None,
            book: Book::default(),
            members: 1,
            heard: None,
            news: News::default(),
            apart: None,
        }
    }

    /// Opens the file, to see early whether it can be.
    pub(super) fn open(&mut self) -> Result<(), Trouble> {
        self.ledger = Some(self.open_ledger()?);
        Ok(())
    }

    /// Takes a step at the file, if nobody else is there.
    pub(super) fn step(&mut self, step: Step<'_>, now_ms: i64) -> Result<Stepped, Trouble> {
        let mut ledger = self.locked_ledger()?;
        let number = self.read(&mut ledger)?;
        let now_ms = self.book.moment_ms(now_ms);
        let member = self.enter()?;
        let mut is_changed = !matches!(step, Step::Look);
        if self.book.is_look_due(now_ms) {
            self.look(now_ms)?;
            is_changed = true;
        }
        if let Some(apart) = &self.apart {
            self.book.take_in(apart.clone(), member, &self.settings, now_ms);
            is_changed = true;
        }
        let stepped = self.book.step(step, member, &self.settings, now_ms);
        self.heard = Some(self.book.tell(member, self.heard, &mut self.news));
        if is_changed {
            let written = self.book.to_bytes().and_then(|contents| slots::write(&ledger.file, number + 1, &contents));
            written.map_err(|error| self.unusable("written", &error))?;
            ledger.known = Some(number + 1);
        }
        // It stands in the file before anybody hears of it.
        self.apart = None;
        // Closing gives the lock back, too.
        self.ledger = ledger.file.unlock().is_ok().then_some(ledger);
        Ok(stepped)
    }

    /// Takes a step apart from the file.
    pub(super) fn step_apart(&mut self, step: Step<'_>, now_ms: i64) -> Stepped {
        let apart = self.apart.get_or_insert_with(|| {
            // Where nobody was seen there may be others all the same.
            let processes = self.members.max(2);
            Apart::new(&self.book.account, processes, APART_FROM + fastrand::u64(..APART_FROM / 2), now_ms)
        });
        apart.step(step, &self.settings, now_ms)
    }

    /// What is new of others.
    pub(super) fn news(&mut self) -> News {
        let since_ms = self.news.since_ms;
        std::mem::replace(&mut self.news, News { since_ms, ..News::default() })
    }

    /// The account that steps are taken on at present, as this process saw it last.
    pub(super) fn account(&self) -> &crate::resilience::points::Account {
        self.apart.as_ref().map_or(&self.book.account, Apart::account)
    }

    /// The file with its lock. Where a step ends early it is closed, which gives the lock back, and the next step opens it anew.
    fn locked_ledger(&mut self) -> Result<Ledger, Trouble> {
        for _ in 0..MOST_REOPENED {
            let kept = self.ledger.take().filter(|ledger| ledger.pid == std::process::id());
            let ledger = match kept {
                Some(ledger) => ledger,
                None => self.open_ledger()?,
            };
            match ledger.file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    self.ledger = Some(ledger);
                    return Err(Trouble::Busy);
                }
                Err(TryLockError::Error(error)) => return Err(self.unusable("locked", &error)),
            }
            if self.place.is_ledger(&ledger.file).map_err(|error| self.unusable("found", &error))? {
                return Ok(ledger);
            }
        }
        Err(self.unusable("used", &io::Error::other("others keep replacing it")))
    }

    fn open_ledger(&self) -> Result<Ledger, Trouble> {
        let file = self.place.open_ledger().map_err(|error| self.unusable("opened", &error))?;
        Ok(Ledger { file, pid: std::process::id(), known: None })
    }

    /// Brings the book up to date; the number under which it stands in the file.
    fn read(&mut self, ledger: &mut Ledger) -> Result<u64, Trouble> {
        let found = slots::read(&ledger.file, ledger.known).map_err(|error| self.unusable("read", &error))?;
        match found {
            Found::Known => {}
            Found::Contents(number, contents) => match Book::from_bytes(&contents) {
                Some(book) => {
                    self.book = book;
                    ledger.known = Some(number);
                }
                None => return Err(self.move_aside()),
            },
            Found::Nothing => {
                // What this process knows of a file that was removed is better than nothing.
                self.book.number_from(fastrand::u64(1..APART_FROM / 2));
                ledger.known = Some(0);
            }
            Found::Newer(version) => {
                let why = format!("it has format {version}, of a later version of this program; update this one");
                return Err(self.unusable("shared", &io::Error::other(why)));
            }
            Found::Unreadable => return Err(self.move_aside()),
        }
        Ok(ledger.known.unwrap_or(0))
    }

    fn move_aside(&self) -> Trouble {
        match self.place.move_ledger_aside() {
            Ok(aside) => {
                self.unusable("read", &io::Error::other(format!("it was moved to {}; a new one is begun", aside.display())))
            }
            Err(error) => self.unusable("read or moved aside", &error),
        }
    }

    /// This store as a member.
    fn enter(&mut self) -> Result<u64, Trouble> {
        if let Some(member) = self.member.as_ref().filter(|member| member.is_this_process()) {
            return Ok(member.id);
        }
        let member = Member::enter(&self.place).map_err(|error| self.unusable("entered", &error))?;
        Ok(self.member.insert(member).id)
    }

    /// Looks who is alive.
    fn look(&mut self, now_ms: i64) -> Result<(), Trouble> {
        let Some(member) = &mut self.member else { return Ok(()) };
        let living = member.living();
        let living = living.map_err(|error| self.unusable("looked after", &error))?;
        self.members = living.len();
        self.book.bury_others(&living, &self.settings, now_ms);
        Ok(())
    }

    fn unusable(&self, what: &str, error: &io::Error) -> Trouble {
        Trouble::Unusable(format!("the points ledger {} cannot be {what}: {error}", self.place.ledger().display()).into())
    }
}
