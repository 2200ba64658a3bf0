//! A token in the store, for all processes of a user: one renews it, the others take what came.

use std::collections::HashSet;
use std::future::ready;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::ExposeSecret as _;

use super::entry::Entry;
use super::lock::{Lock, try_lock};
use super::{KeptToken, Place, file};
use crate::auth::shared::{Kept, Life, Pending, SharedTokens, Turn, Unwanted};
use crate::clock::Clock;
use crate::units::UnixMillis;

/// Longer than the three tries of the process that renews.
const PATIENCE: Duration = Duration::from_secs(40);

/// The tokens of one sign-in.
pub(super) struct StoredTokens {
    place: Place,
    /// Whose they are.
    entry: Mutex<Entry>,
    clock: Clock,
    /// This process's turn to fetch.
    turn: Mutex<Option<Lock>>,
    news: Mutex<News>,
}

/// What the user should hear, each once.
#[derive(Default)]
struct News {
    told: HashSet<String>,
    untold: Vec<String>,
}

impl StoredTokens {
    pub(super) fn new(place: Place, entry: Entry, clock: Clock) -> Self {
        Self { place, entry: Mutex::new(entry), clock, turn: Mutex::default(), news: Mutex::default() }
    }

    /// What the file says now, where it is of the same API client. Another sign-in took its place otherwise: that is for the
    /// next run, so this one goes on with what it has.
    fn ours(&self, there: Option<Entry>) -> Option<Entry> {
        there.filter(|entry| entry.client_id == lock(&self.entry).client_id)
    }

    fn usable(&self, entry: &Entry, unwanted: Unwanted<'_>) -> Option<Kept> {
        let token = entry.token.as_ref()?;
        let is_unwanted = unwanted.iter().flatten().any(|other| other.expose_secret() == token.token.expose_secret());
        let now = self.clock.now();
        let is_over = token.ends_at_ms.is_some_and(|end| end <= now.get());
        (!is_unwanted && !is_over).then(|| Kept {
            token: token.token.clone(),
            life: life(token, now),
            refresh_token: entry.refresh_token.clone(),
        })
    }

    fn turn(&self, unwanted: Unwanted<'_>, would_fetch: bool) -> io::Result<Turn> {
        let usable = |entry: &Option<Entry>| entry.as_ref().and_then(|entry| self.usable(entry, unwanted));
        if let Some(kept) = usable(&self.ours(self.telling(|told| file::read(&self.place, told))?)) {
            return Ok(Turn::Use(kept));
        }
        if !would_fetch {
            return Ok(Turn::Wait);
        }
        let Some(turn) = try_lock(&self.place)? else { return Ok(Turn::Wait) };
        // Whoever had it until now may have brought one.
        let there = self.ours(self.telling(|told| file::read_locked(&self.place, told))?);
        if let Some(kept) = usable(&there) {
            return Ok(Turn::Use(kept));
        }
        *lock(&self.turn) = Some(turn);
        let refresh_token = there.and_then(|entry| entry.refresh_token);
        Ok(Turn::Fetch(refresh_token))
    }

    fn write(&self, kept: &Kept) -> io::Result<()> {
        let now = self.clock.now();
        let mut entry = lock(&self.entry);
        let moment = |left: Duration| now.plus(left).get();
        entry.token = Some(KeptToken {
            token: kept.token.clone(),
            ends_at_ms: kept.life.map(|life| moment(life.left)),
            renew_at_ms: kept.life.map(|life| moment(life.left.saturating_sub(life.renewed_before))),
        });
        if kept.refresh_token.is_some() {
            entry.refresh_token.clone_from(&kept.refresh_token);
        }
        self.telling(|told| file::write(&self.place, &entry, told))
    }

    /// Does what may have something to tell, and remembers that.
    fn telling<T>(&self, work: impl FnOnce(&mut Vec<String>) -> T) -> T {
        let mut told = Vec::new();
        let done = work(&mut told);
        told.into_iter().for_each(|why| self.note(why));
        done
    }

    fn note_loss(&self, kept: &Kept, error: &io::Error) {
        let file = self.place.file().display();
        if kept.refresh_token.is_some() {
            // The one that renewed this token may be good no more.
            self.note(format!(
                "the user's new token cannot be kept at {file}: {error}; if the next run asks for it, sign in again"
            ));
        } else if lock(&self.news).told.is_empty() {
            self.note(format!("the new token cannot be kept at {file} for the next run: {error}"));
        }
    }

    fn note(&self, why: String) {
        let mut news = lock(&self.news);
        if news.told.insert(why.clone()) {
            news.untold.push(why);
        }
    }
}

impl SharedTokens for StoredTokens {
    fn ask<'a>(&'a self, unwanted: Unwanted<'a>, would_fetch: bool) -> Pending<'a, Turn> {
        let turn = self.turn(unwanted, would_fetch).unwrap_or_else(|error| {
            let file = self.place.file().display();
            self.note(format!("the token at {file} cannot be shared with other processes: {error}"));
            Turn::Alone
        });
        Box::pin(ready(turn))
    }

    fn hold(&self) -> Pending<'_, ()> {
        Box::pin(ready(()))
    }

    fn leave(&self) {
        *lock(&self.turn) = None;
    }

    fn keep(&self, kept: Kept) {
        if let Err(error) = self.write(&kept) {
            self.note_loss(&kept, &error);
        }
        self.leave();
    }

    fn patience(&self) -> Duration {
        PATIENCE
    }

    fn news(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.news).untold)
    }
}

fn life(token: &KeptToken, now: UnixMillis) -> Option<Life> {
    let end = UnixMillis::new(token.ends_at_ms?);
    let renewed_before = token.renew_at_ms.map_or(Duration::ZERO, |renew| end.since(UnixMillis::new(renew)));
    Some(Life { left: end.since(now), renewed_before })
}

/// Nothing panics while one of these locks is held.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
