//! What was learned of costs, kept where the account is: read at the start, written now and then.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::sync::OnceCell;

use super::costs::Book;
use super::gate::Gate;
use super::store::Store;
use crate::client::Client;

/// Costs are written at most this often, in milliseconds.
const PAUSE_MS: i64 = 30_000;

/// What was read, and when it was written last.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    recalled: OnceCell<()>,
    kept_ms: AtomicI64,
}

impl Gate {
    /// Before the first price is needed: what others, and earlier runs, have learned.
    pub(crate) async fn recall_costs(self: &Arc<Self>) {
        if matches!(self.store, Store::Shared(_)) && !self.keeping().recalled.initialized() {
            // In a task of its own, so that a caller who is given up in the middle holds up no other.
            let gate = Arc::clone(self);
            let recalling = tokio::spawn(async move {
                gate.keeping().recalled.get_or_init(|| gate.take_over_costs()).await;
            });
            // It cannot fail: what is not recalled is learned anew.
            let _ = recalling.await;
        }
    }

    async fn take_over_costs(self: &Arc<Self>) {
        self.keeping().kept_ms.store(self.now_ms(), Ordering::Relaxed);
        if let Some(book) = self.kept_book().await {
            self.learned().await.take_over(&book);
        }
    }

    /// `None` where nothing is kept, or it cannot be read: then it is learned anew.
    async fn kept_book(&self) -> Option<Book> {
        let Store::Shared(store) = &self.store else { return None };
        let bytes = store.load_costs().await?;
        let (book, trouble) = Book::read(&bytes);
        if let Some(why) = trouble {
            tracing::warn!(target: "esologs", "{why}");
        }
        Some(book)
    }

    /// In the background, where it is time to.
    pub(super) fn keep_costs_now_and_then(self: &Arc<Self>, now_ms: i64) {
        let Store::Shared(_) = &self.store else { return };
        let kept = &self.keeping().kept_ms;
        let kept_ms = kept.load(Ordering::Relaxed);
        let is_due = now_ms - kept_ms > PAUSE_MS || now_ms < kept_ms;
        if is_due && kept.compare_exchange(kept_ms, now_ms, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            let gate = Arc::clone(self);
            tokio::spawn(async move { gate.keep_costs().await });
        }
    }

    /// Writes what was learned, and learns what others have written.
    async fn keep_costs(self: &Arc<Self>) {
        let Store::Shared(store) = &self.store else { return };
        let kept = self.kept_book().await.unwrap_or_default();
        let book = {
            let mut learned = self.learned().await;
            learned.take_over(&kept);
            learned.costs.book().merged_with(kept)
        };
        if let Ok(bytes) = book.to_bytes() {
            store.save_costs(bytes).await;
        }
    }
}

impl Client {
    /// Leaves the ledger, where it is one that others use, too: for the end of a program. What was learned of costs is kept for the next
    /// run (otherwise, every 30 s), and in Redis what this process could have spent while Redis is away is free for the others
    /// at once (otherwise, 30 s after its end). A call that is made after it is as good as any: the client comes back with it.
    pub async fn leave(&self) {
        for gate in self.gates() {
            gate.keep_costs().await;
            if let Store::Shared(store) = &gate.store {
                store.leave().await;
            }
        }
    }
}
