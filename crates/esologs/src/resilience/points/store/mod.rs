//! Where the account of a key is kept: in this process, in a file of this host, in Redis for many hosts.

mod file;
#[cfg(feature = "redis")]
pub(crate) mod redis;

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use super::costs::News;
use super::spenders::Spender;
use super::{Account, LedgerSettings, Step, Stepped};
use crate::auth::SharedTokens;
pub(crate) use file::FileStore;

/// What a store that others use, too, may take a while for.
pub(crate) type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An account that other processes use, too.
///
/// A step never fails: where the place itself fails, the store answers from what it has (an account of its own, with its
/// share of what was left) and says so in [`state`](Self::state).
pub(crate) trait SharedStore: Send + Sync + fmt::Debug {
    /// Takes one step. `now_ms` is this process's wall clock, as all moments in the step are; a store whose clock is another
    /// one reckons with how long ago they were.
    fn step<'a>(&'a self, step: Step<'a>, now_ms: i64) -> Pending<'a, Stepped>;

    /// Who spent the points of the running window, the largest first.
    fn spenders(&self, now_ms: i64) -> Pending<'_, Vec<Spender>>;

    /// This process may be at its end: nothing is kept for it any more. With its next step it is there again.
    fn leave(&self) -> Pending<'_, ()> {
        Box::pin(async {})
    }

    /// What was learned of costs, as it was kept last; `None` where nothing was, or it cannot be had.
    fn load_costs(&self) -> Pending<'_, Option<Vec<u8>>>;

    /// Keeps what was learned of costs, in place of what was kept before.
    fn save_costs(&self, costs: Vec<u8>) -> Pending<'_, ()>;

    /// What the last steps told of the calls of others, and has not been asked for yet.
    fn news(&self) -> News;

    /// Whether the place that is shared is in use.
    fn state(&self) -> StoreState;

    /// Where the key's token is kept for all; `None` where each process has its own.
    fn tokens(self: Arc<Self>) -> Option<Arc<dyn SharedTokens>> {
        None
    }
}

/// Whether others see what this process spends, and it sees what they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StoreState {
    /// One account for all.
    Shared,
    /// The shared place cannot be used, for this reason; this process plans with its share alone.
    Alone(Arc<str>),
}

/// Where the account is kept.
#[derive(Debug, Clone)]
pub(crate) enum Store {
    /// In this process alone: steps take no time.
    Memory(Arc<Mutex<Account>>),
    /// Where others use it, too.
    Shared(Arc<dyn SharedStore>),
}

impl Store {
    pub(crate) fn memory() -> Self {
        Self::Memory(Arc::default())
    }

    /// Takes one step.
    pub(crate) async fn step(&self, step: Step<'_>, settings: &LedgerSettings, now_ms: i64) -> Stepped {
        match self {
            Self::Memory(account) => lock(account).step(step, settings, now_ms),
            Self::Shared(store) => store.step(step, now_ms).await,
        }
    }

    /// Why this process plans alone, where it should not.
    pub(crate) fn alone(&self) -> Option<Arc<str>> {
        match self {
            Self::Memory(_) => None,
            Self::Shared(store) => match store.state() {
                StoreState::Shared => None,
                StoreState::Alone(why) => Some(why),
            },
        }
    }

    /// Who spent the points of the running window, the largest first.
    pub(crate) async fn spenders(&self, now_ms: i64) -> Vec<Spender> {
        match self {
            Self::Memory(account) => lock(account).spenders.rows(),
            Self::Shared(store) => store.spenders(now_ms).await,
        }
    }
}

/// Nothing panics while an account is held; if it did, the plain data in it would still be whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
