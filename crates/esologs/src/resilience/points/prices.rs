//! What calls are expected to cost: prices that are ready when a call comes, and behind them what is learned from what calls did.
//!
//! A call reads a table, and notes down what happened to it. What that says of the prices is found out on a thread of its own, and
//! stands in a new table then.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tokio::time::Instant;

use super::account::PROBE_POINTS;
use super::costs::{Asked as _, Costs, Ended, Estimate, News, Note, Notes, Sent, Shape, Words};
use super::gate::Gate;
use super::store::lock;
use super::watch::{Watch, Watched};
use crate::query::hash;

/// Few calls cost more than this, in points: scans of many fights took 15 to 20.
const TYPICAL_POINTS: f64 = 15.0;

/// What a call is expected to cost, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Price {
    /// In the mean.
    pub(crate) expected: f64,
    /// At most, as far as is known: this much is set aside.
    pub(crate) at_most: f64,
    /// It was learned from such calls, not guessed.
    pub(super) is_known: bool,
    /// Such calls were seen before, so there are no words needed for what they ask.
    is_listed: bool,
}

impl Price {
    /// Of the question for a snapshot alone.
    pub(crate) const PROBE: Self = Self { expected: PROBE_POINTS, at_most: PROBE_POINTS, is_known: false, is_listed: false };

    /// What a limit of the client's own has to have left for it. A guess errs on the dear side by far, and must not refuse what the first call
    /// would show: until that is over, it counts with all that it may cost.
    pub(super) fn needed(&self) -> f64 {
        if self.is_known { self.at_most } else { self.at_most.min(TYPICAL_POINTS) }
    }

    fn listed(estimate: &Estimate, is_named: bool) -> Self {
        let Estimate { expected, at_most, is_learned, .. } = *estimate;
        Self { expected, at_most, is_known: is_learned, is_listed: is_named }
    }
}

/// The prices that a client knows.
#[derive(Debug)]
pub(super) struct Prices {
    ready: RwLock<Ready>,
    notebook: Mutex<Notebook>,
    /// Held for a study, and never across a wait: who is given up in the middle must not hold up others.
    costs: Mutex<Costs>,
    /// Until then calls of known prices are not watched.
    rests_until_ms: AtomicI64,
}

/// The price of each shape.
type Table = HashMap<u64, Price, BuildHasherDefault<hash::AsItIs>>;

/// Prices to read. Those of a study hold from the moment after it was begun: a run whose time stands still while a study is made can be
/// repeated exactly, however long it took.
#[derive(Debug, Default)]
struct Ready {
    before: Table,
    now: Table,
    since: Option<Instant>,
}

impl Ready {
    fn at(&self, now: Instant) -> &Table {
        if self.since.is_some_and(|since| now <= since) { &self.before } else { &self.now }
    }

    fn set(&mut self, table: Table, since: Option<Instant>) {
        let old = std::mem::replace(&mut self.now, table);
        if since != self.since {
            self.before = old;
        }
        self.since = since;
    }
}

/// What calls have left behind.
#[derive(Debug)]
struct Notebook {
    notes: Notes,
    /// Notes that a study was begun with.
    taken: Vec<Note>,
    is_studied: bool,
    studied_at: Option<Instant>,
    /// So many readings are worth a study.
    wanted: usize,
    watch: Watch,
}

impl Default for Prices {
    fn default() -> Self {
        let costs = Costs::default();
        let notebook = Notebook {
            notes: Notes::default(),
            taken: Vec::new(),
            is_studied: false,
            studied_at: None,
            wanted: costs.readings_wanted(),
            watch: Watch::default(),
        };
        Self {
            ready: RwLock::default(),
            notebook: Mutex::new(notebook),
            costs: Mutex::new(costs),
            rests_until_ms: AtomicI64::new(0),
        }
    }
}

impl Prices {
    pub(super) fn of(&self, shape: &Shape<'_>, now: Instant) -> Price {
        let ready = self.ready.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(price) = ready.at(now).get(&shape.number()) {
            return *price;
        }
        drop(ready);
        let prior = shape.prior();
        Price { expected: prior.expected, at_most: prior.at_most, is_known: false, is_listed: false }
    }

    /// What others on the same ledger did.
    pub(super) fn hear(&self, news: News, now_ms: i64) {
        if !Watch::rests(self.rests_until_ms.load(Ordering::Relaxed), now_ms) {
            lock(&self.notebook).notes.news(news);
        }
    }

    /// A request of this price goes out.
    pub(super) fn sent(&self, shape: &Shape<'_>, price: &Price, now_ms: i64) -> Option<Sent> {
        if price.is_known && Watch::rests(self.rests_until_ms.load(Ordering::Relaxed), now_ms) {
            return None;
        }
        let mut notebook = lock(&self.notebook);
        let watched = notebook.watch.call(price.is_known, now_ms);
        self.rests_until_ms.store(notebook.watch.rests_until_ms, Ordering::Relaxed);
        match watched {
            Watched::No => return None,
            Watched::Anew => notebook.notes.anew(),
            Watched::Yes => {}
        }
        let words = (!price.is_listed).then(|| Words::of(shape));
        Some(notebook.notes.sent(shape.number(), words, now_ms))
    }

    /// A request that is watched is over. Whether there is enough for a study now.
    pub(super) fn ended(&self, sent: Sent, ended: &Ended, now: Instant) -> bool {
        let mut notebook = lock(&self.notebook);
        notebook.notes.ended(sent, ended);
        notebook.begins_to_study(now)
    }

    /// Learns from these of the notes. It may take a while.
    fn study(&self, notes: impl FnOnce(&mut Notebook) -> Vec<Note>, since: Instant) {
        let mut costs = lock(&self.costs);
        let notes = notes(&mut lock(&self.notebook));
        if !notes.is_empty() {
            costs.take_in(notes);
            self.publish(&costs, Some(since));
        }
    }

    fn publish(&self, costs: &Costs, since: Option<Instant>) {
        let table = costs.estimates().map(|(key, estimate, is_named)| (key, Price::listed(&estimate, is_named))).collect();
        self.ready.write().unwrap_or_else(PoisonError::into_inner).set(table, since);
        lock(&self.notebook).wanted = costs.readings_wanted();
    }
}

impl Notebook {
    /// One study at a time, and one in a moment: what is ready by then does not depend on how fast this machine is.
    fn begins_to_study(&mut self, now: Instant) -> bool {
        let is_due = self.notes.readings() >= self.wanted && self.studied_at.is_none_or(|at| at < now);
        if !is_due || self.is_studied {
            return false;
        }
        self.taken.extend(self.notes.take());
        (self.is_studied, self.studied_at) = (true, Some(now));
        true
    }

    /// All notes there are.
    fn take(&mut self) -> Vec<Note> {
        let mut notes = std::mem::take(&mut self.taken);
        notes.extend(self.notes.take());
        notes
    }
}

/// A study that was begun, on a thread of its own or never.
struct Begun(Arc<Gate>);

impl Begun {
    fn finish(self, since: Instant) {
        self.0.prices.study(|notebook| std::mem::take(&mut notebook.taken), since);
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        lock(&self.0.prices.notebook).is_studied = false;
    }
}

impl Gate {
    /// Studies what calls have left behind, where nobody waits for it.
    pub(super) fn study(self: &Arc<Self>, since: Instant) {
        let begun = Begun(Arc::clone(self));
        // Without a runtime it is studied with what comes next.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn_blocking(move || begun.finish(since));
        }
    }

    /// All that was learned, from whatever calls have left behind until now.
    pub(super) async fn learned(self: &Arc<Self>) -> Learned<'_> {
        let (gate, since) = (Arc::clone(self), Instant::now());
        // Where it is broken off, what was learned before is there all the same.
        let _ = tokio::task::spawn_blocking(move || gate.prices.study(Notebook::take, since)).await;
        Learned { prices: &self.prices, costs: lock(&self.prices.costs) }
    }
}

/// What was learned, to be looked at.
pub(super) struct Learned<'a> {
    prices: &'a Prices,
    pub(super) costs: MutexGuard<'a, Costs>,
}

impl Learned<'_> {
    /// Learns what others have learned; it holds at once.
    pub(super) fn take_over(&mut self, book: &super::costs::Book) {
        self.costs.take_over(book);
        self.prices.publish(&self.costs, None);
    }
}

#[cfg(test)]
mod tests;
