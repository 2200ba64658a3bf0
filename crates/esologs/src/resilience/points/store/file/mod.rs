//! The account of a key in a file, for all processes of one host.
//!
//! A step takes the file's lock, reads what others have written since, takes the step, writes it and gives the lock back: some 20 µs,
//! so it is done where the caller stands. Only who finds the lock taken goes to a thread that may wait. Nobody waits for longer than a
//! second: a process that was stopped while it held the lock does not stop the others.

mod book;
mod costs;
mod desk;
mod member;
mod place;
mod slots;

#[cfg(test)]
mod processes;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::{Arc, Mutex, TryLockError};
use std::thread;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::oneshot;

use self::desk::{Desk, Trouble};
use self::place::Place;
use super::{Pending, SharedStore, StoreState, lock};
use crate::resilience::points::costs::News;
use crate::resilience::points::spenders::Spender;
use crate::resilience::points::{Ask, Charge, Finish, LedgerSettings, Outcome, Step, Stepped};

/// Who has the lock gives it back within microseconds; so often somebody who finds it taken tries again at once.
const TRIES: usize = 20;
/// After that so often, with this pause: a second in all.
const WAITS: usize = 2_000;
const PAUSE: Duration = Duration::from_micros(500);

/// An account in a file.
#[derive(Debug)]
pub(crate) struct FileStore(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    place: Place,
    desk: Mutex<Desk>,
    state: Mutex<StoreState>,
    /// Of this process, one at a time waits for the lock.
    turn: tokio::sync::Mutex<()>,
}

impl FileStore {
    /// The account of this bucket in this folder. Both are made where they are missing. `bucket` stands for a host and a key: a
    /// hash of them, safe as a part of a file's name. The folder must be one of this machine: file systems over a network may not
    /// keep locks.
    ///
    /// This never fails: where the file cannot be used, [`state`](SharedStore::state) says why, each step tries again, and until
    /// then this process plans with its share alone.
    pub(crate) fn open(folder: &Path, bucket: &str, settings: LedgerSettings) -> Self {
        let place = Place::new(folder, bucket);
        let desk = Mutex::new(Desk::new(place.clone(), settings));
        let inner = Inner { place, desk, state: Mutex::new(StoreState::Shared), turn: tokio::sync::Mutex::default() };
        if let Err(Trouble::Unusable(why)) = lock(&inner.desk).open() {
            inner.set_state(StoreState::Alone(why));
        }
        Self(Arc::new(inner))
    }
}

impl SharedStore for FileStore {
    fn step<'a>(&'a self, step: Step<'a>, now_ms: i64) -> Pending<'a, Stepped> {
        Box::pin(async move {
            for _ in 0..TRIES {
                if let Some(stepped) = self.0.try_step(step, now_ms) {
                    return stepped;
                }
                thread::yield_now();
            }
            self.0.wait_and_step(step, now_ms).await
        })
    }

    fn spenders(&self, now_ms: i64) -> Pending<'_, Vec<Spender>> {
        Box::pin(async move {
            self.step(Step::Look, now_ms).await;
            lock(&self.0.desk).account().spenders.rows()
        })
    }

    fn load_costs(&self) -> Pending<'_, Option<Vec<u8>>> {
        let place = self.0.place.clone();
        Box::pin(async move { off_the_runtime(move || costs::load(&place)).await.flatten() })
    }

    fn save_costs(&self, costs: Vec<u8>) -> Pending<'_, ()> {
        let place = self.0.place.clone();
        Box::pin(async move {
            off_the_runtime(move || costs::save(&place, &costs)).await;
        })
    }

    fn news(&self) -> News {
        lock(&self.0.desk).news()
    }

    fn state(&self) -> StoreState {
        lock(&self.0.state).clone()
    }
}

impl Inner {
    /// Takes a step unless the lock would have to be waited for.
    fn try_step(&self, step: Step<'_>, now_ms: i64) -> Option<Stepped> {
        let mut desk = match self.desk.try_lock() {
            Ok(desk) => desk,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        match desk.step(step, now_ms) {
            Ok(stepped) => {
                self.set_state(StoreState::Shared);
                Some(stepped)
            }
            // It was waited for once already.
            Err(Trouble::Busy) => desk.apart.is_some().then(|| desk.step_apart(step, now_ms)),
            Err(Trouble::Unusable(why)) => {
                self.set_state(StoreState::Alone(why));
                Some(desk.step_apart(step, now_ms))
            }
        }
    }

    /// Waits for the lock in a thread that may wait. (With that a paused clock stands still; a timer would let it run.)
    async fn wait_and_step(self: &Arc<Self>, step: Step<'_>, now_ms: i64) -> Stepped {
        let (inner, owned) = (Arc::clone(self), OwnedStep::of(step));
        let (answer, answered) = oneshot::channel();
        let work = move || {
            let stepped = inner.insist(owned.as_step(), now_ms);
            if let (Err(_), Outcome::Reserved(id)) = (answer.send(stepped), stepped.outcome) {
                // Nobody waits for it any more.
                let nothing_sent = Finish { id, charge: Charge::No, snapshot: None, refused: None };
                inner.insist(Step::Finish(nothing_sent), now_ms);
            }
        };
        // In a task of its own: a caller that is held without being driven must not keep the others' turn.
        let inner = Arc::clone(self);
        let waiting = async move {
            let _turn = inner.turn.lock().await;
            off_the_runtime(work).await;
        };
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(waiting)),
            Err(_) => waiting.await,
        }
        match answered.await {
            Ok(stepped) => stepped,
            // The runtime is shutting down: nobody waits for long now.
            Err(_) => lock(&self.desk).step_apart(step, now_ms),
        }
    }

    /// Takes a step, at the file within a second or apart from it.
    fn insist(&self, step: Step<'_>, now_ms: i64) -> Stepped {
        for _ in 0..WAITS {
            if let Some(stepped) = self.try_step(step, now_ms) {
                return stepped;
            }
            // Real time on purpose: who has the lock is another process, which knows of no paused clock.
            thread::park_timeout(PAUSE);
        }
        let why = format!("another process has had the lock of {} for a second; is it stopped?", self.place.ledger().display());
        self.set_state(StoreState::Alone(why.into()));
        lock(&self.desk).step_apart(step, now_ms)
    }

    fn set_state(&self, state: StoreState) {
        let mut known = lock(&self.state);
        if *known == state {
            return;
        }
        match &state {
            StoreState::Shared => tracing::info!("the points ledger is shared again"),
            StoreState::Alone(why) => tracing::warn!(%why, "this process plans with its share of the points alone"),
        }
        *known = state;
    }
}

/// Runs what may take a while where it holds up nobody; `None` where the runtime is shutting down.
async fn off_the_runtime<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    match Handle::try_current() {
        Ok(runtime) => runtime.spawn_blocking(work).await.ok(),
        Err(_) => Some(work()),
    }
}

/// A step that can be taken in another thread.
struct OwnedStep {
    step: Step<'static>,
    owner: String,
    operation: String,
}

impl OwnedStep {
    fn of(step: Step<'_>) -> Self {
        match step {
            Step::Reserve(Ask { estimate, expected, is_guess, priority, owner, operation, shape, lease_ms, is_probe }) => {
                let nameless =
                    Ask { estimate, expected, is_guess, priority, owner: "", operation: "", shape, lease_ms, is_probe };
                Self { step: Step::Reserve(nameless), owner: owner.to_owned(), operation: operation.to_owned() }
            }
            Step::Finish(finish) => Self::nameless(Step::Finish(finish)),
            Step::Probe => Self::nameless(Step::Probe),
            Step::Look => Self::nameless(Step::Look),
        }
    }

    fn nameless(step: Step<'static>) -> Self {
        Self { step, owner: String::new(), operation: String::new() }
    }

    fn as_step(&self) -> Step<'_> {
        match self.step {
            Step::Reserve(ask) => Step::Reserve(Ask { owner: &self.owner, operation: &self.operation, ..ask }),
            step => step,
        }
    }
}
