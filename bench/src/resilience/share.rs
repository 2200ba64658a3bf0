//! Many scenarios, on all cores.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// `work` on each item, results in the order of the items. Each has a runtime and a virtual time of its own, so that they do
/// not depend on each other.
pub(crate) fn in_parallel<I: Send + Sync + Clone, R: Send>(
    items: impl IntoIterator<Item = I>,
    work: impl Fn(I) -> R + Sync,
) -> Vec<R> {
    let items: Vec<I> = items.into_iter().collect();
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut results: Vec<(usize, R)> = thread::scope(|scope| {
        let worker = || {
            let take = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|index| *index < items.len());
            std::iter::from_fn(take).map(|index| (index, work(items[index].clone()))).collect::<Vec<_>>()
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
