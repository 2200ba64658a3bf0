//! One account for many hosts, in Redis or Valkey: every step is one script there, in one round trip.
//!
//! While Redis is away, each process goes on alone with what was promised to it, and tells what happened when Redis is back.

mod keeper;
mod link;
mod own;
mod reply;
mod request;
mod shared;
mod tokens;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use redis::AsyncCommands as _;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use self::shared::{Shared, Tuning};
use super::{Pending, SharedStore, StoreState, lock};
use crate::auth::SharedTokens;
use crate::error::Error;
use crate::resilience::points::costs::News;
use crate::resilience::points::spenders::Spender;
use crate::resilience::points::{LedgerSettings, Step, Stepped};

/// How long Redis has for a step, with the connection where there is none.
const STEP_TIMEOUT: Duration = Duration::from_millis(500);
/// What was learned of costs is kept for so long after it was written, in seconds.
const COSTS_EXPIRY_S: u64 = 30 * 24 * 3_600;

/// The account of one key in Redis.
pub(crate) struct RedisStore {
    shared: Arc<Shared>,
    keeper: Mutex<Option<JoinHandle<()>>>,
}

impl RedisStore {
    /// The account of this name in the Redis at this address (`redis://:PASSWORD@HOST:6379/0`). It is connected to with the
    /// first step; that it is away is no error.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) where address, name or settings cannot be used.
    pub(crate) fn connect(url: &str, bucket: &str, settings: LedgerSettings) -> Result<Self, Error> {
        Self::tuned(url, bucket, settings, Tuning::default())
    }

    fn tuned(url: &str, bucket: &str, settings: LedgerSettings, tuning: Tuning) -> Result<Self, Error> {
        settings.check()?;
        let shared = Arc::new(Shared::new(url, bucket, settings, tuning)?);
        Ok(Self { shared, keeper: Mutex::default() })
    }

    /// The same; the token of this key (whose, and where) is shared, too.
    pub(crate) fn sharing_the_token_of(self, key: &str) -> Self {
        self.shared.tokens().share(key);
        self
    }

    /// Sees to it that somebody speaks for this process while it is idle, and looks for Redis while it is away.
    fn see_to_keeper(&self) {
        let mut keeper = lock(&self.keeper);
        // The runtime that it ran on may be gone.
        if keeper.as_ref().is_none_or(JoinHandle::is_finished) {
            *keeper = Some(tokio::spawn(keeper::keep(Arc::downgrade(&self.shared), self.shared.lost())));
        }
    }

    fn stop_keeper(&self) {
        if let Some(keeper) = lock(&self.keeper).take() {
            keeper.abort();
        }
    }
}

impl Drop for RedisStore {
    fn drop(&mut self) {
        self.stop_keeper();
        if let Ok(runtime) = Handle::try_current() {
            let shared = Arc::clone(&self.shared);
            runtime.spawn(async move { shared.leave().await });
        }
    }
}

impl SharedStore for RedisStore {
    fn step<'a>(&'a self, step: Step<'a>, now_ms: i64) -> Pending<'a, Stepped> {
        self.see_to_keeper();
        Box::pin(self.shared.step(step, now_ms))
    }

    fn spenders(&self, now_ms: i64) -> Pending<'_, Vec<Spender>> {
        self.see_to_keeper();
        Box::pin(self.shared.spenders(now_ms))
    }

    fn leave(&self) -> Pending<'_, ()> {
        self.stop_keeper();
        Box::pin(self.shared.leave())
    }

    fn load_costs(&self) -> Pending<'_, Option<Vec<u8>>> {
        Box::pin(async {
            let loading = async {
                let mut connection = self.shared.connection().await.ok()?;
                connection.get(self.shared.place().costs()).await.ok()?
            };
            timeout(STEP_TIMEOUT, loading).await.ok()?
        })
    }

    fn save_costs(&self, costs: Vec<u8>) -> Pending<'_, ()> {
        Box::pin(async {
            let saving = async {
                if let Ok(mut connection) = self.shared.connection().await {
                    // Costs are learned again where they are lost.
                    let _: Result<(), _> = connection.set_ex(self.shared.place().costs(), costs, COSTS_EXPIRY_S).await;
                }
            };
            let _ = timeout(STEP_TIMEOUT, saving).await;
        })
    }

    fn news(&self) -> News {
        let mut state = self.shared.lock();
        let since_ms = state.own.news.since_ms;
        std::mem::replace(&mut state.own.news, News { since_ms, ..News::default() })
    }

    fn state(&self) -> StoreState {
        self.shared.state()
    }

    fn tokens(self: Arc<Self>) -> Option<Arc<dyn SharedTokens>> {
        if self.shared.tokens().are_shared() { Some(self) } else { None }
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (address, bucket) = (self.shared.place().address(), self.shared.place().bucket());
        f.debug_struct("RedisStore").field("address", &address).field("bucket", &bucket).finish_non_exhaustive()
    }
}
