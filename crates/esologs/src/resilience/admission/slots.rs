//! Slots: at most so many calls on their way at once, the others in line, interactive ones first.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// Who goes first where calls have to wait in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Priority {
    /// Somebody waits for the answer.
    Interactive,
    /// Work that has time.
    Batch,
}

/// The most calls of one priority that stand in line for a slot; more are refused.
pub(crate) const LONGEST_LINE: usize = 1024;

/// The slots of a client.
#[derive(Clone)]
pub(crate) struct Slots(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// The largest limit that any call came with: the bound of both priorities together.
    most: usize,
    in_use: [usize; 2],
    lines: [VecDeque<Waiting>; 2],
}

#[derive(Debug)]
struct Waiting {
    limit: usize,
    slot: oneshot::Sender<Slot>,
}

/// The line is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LineFull;

impl Slots {
    pub(crate) fn new() -> Self {
        Self(Arc::default())
    }

    /// A slot where there is one without standing in line.
    pub(crate) fn try_acquire(&self, priority: Priority, limit: usize) -> Option<Slot> {
        let mut state = self.lock();
        state.most = state.most.max(limit);
        let is_free = state.lines[priority as usize].is_empty() && state.admits(priority, limit);
        is_free.then(|| self.occupy(&mut state, priority))
    }

    /// A slot, when it is this call's turn: fewer than `limit` calls of its priority are on their way, and all together
    /// fewer than the largest limit in use. Cancelled, it leaves the line, or gives the slot on. `in_line` is told when it has
    /// to wait.
    pub(crate) async fn acquire(&self, priority: Priority, limit: usize, in_line: impl FnOnce()) -> Result<Slot, LineFull> {
        let place = {
            let mut state = self.lock();
            state.most = state.most.max(limit);
            let line = &mut state.lines[priority as usize];
            if line.is_empty() && state.admits(priority, limit) {
                return Ok(self.occupy(&mut state, priority));
            }
            let line = &mut state.lines[priority as usize];
            // Who was cancelled stands in line no longer.
            line.retain(|waiting| !waiting.slot.is_closed());
            if line.len() >= LONGEST_LINE {
                return Err(LineFull);
            }
            let (slot, place) = oneshot::channel();
            line.push_back(Waiting { limit, slot });
            // The line was empty but for the cancelled: it may be our turn at once.
            self.serve(state);
            place
        };
        in_line();
        // The sender is in the line until it is served, and the line lives as long as `self`.
        place.await.map_err(|_| LineFull)
    }

    /// Calls on their way, and calls in line.
    pub(crate) fn load(&self) -> (usize, usize) {
        let state = self.lock();
        let in_line = state.lines.iter().flatten().filter(|waiting| !waiting.slot.is_closed()).count();
        (state.in_use.iter().sum(), in_line)
    }

    fn occupy(&self, state: &mut State, priority: Priority) -> Slot {
        state.in_use[priority as usize] += 1;
        Slot { slots: self.clone(), priority }
    }

    /// Hands free slots to those first in line.
    fn serve(&self, mut state: MutexGuard<'_, State>) {
        let mut handed = Vec::new();
        for priority in [Priority::Interactive, Priority::Batch] {
            while let Some(first) = state.lines[priority as usize].front() {
                if first.slot.is_closed() {
                    state.lines[priority as usize].pop_front();
                } else if state.admits(priority, first.limit) {
                    let slot = self.occupy(&mut state, priority);
                    handed.extend(state.lines[priority as usize].pop_front().map(|waiting| (waiting.slot, slot)));
                } else {
                    break;
                }
            }
        }
        drop(state);
        for (place, slot) in handed {
            // Cancelled in this very moment: the slot comes back, is dropped, and goes to the next.
            let _ = place.send(slot);
        }
    }

    fn release(&self, priority: Priority) {
        let mut state = self.lock();
        state.in_use[priority as usize] -= 1;
        if state.lines.iter().any(|line| !line.is_empty()) {
            self.serve(state);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn admits(&self, priority: Priority, limit: usize) -> bool {
        self.in_use[priority as usize] < limit && self.in_use.iter().sum::<usize>() < self.most
    }
}

impl fmt::Debug for Slots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (in_use, in_line) = self.load();
        f.debug_struct("Slots").field("in_use", &in_use).field("in_line", &in_line).finish()
    }
}

/// A place on the way; given back when dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    slots: Slots,
    priority: Priority,
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.slots.release(self.priority);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn interactive_calls_pass_batch_calls_in_line_and_each_line_keeps_its_order() {
        let slots = Slots::new();
        let held = slots.acquire(Priority::Interactive, 1, || {}).await.unwrap();
        let order = Arc::<Mutex<Vec<&str>>>::default();
        let mut tasks = Vec::new();
        for (name, priority) in [
            ("batch 1", Priority::Batch),
            ("batch 2", Priority::Batch),
            ("interactive 1", Priority::Interactive),
            ("interactive 2", Priority::Interactive),
        ] {
            let (slots, order) = (slots.clone(), Arc::clone(&order));
            tasks.push(tokio::spawn(async move {
                let _slot = slots.acquire(priority, 1, || {}).await.unwrap();
                order.lock().unwrap().push(name);
                tokio::time::sleep(Duration::from_secs(1)).await;
            }));
            tokio::task::yield_now().await;
        }

        drop(held);
        for task in tasks {
            task.await.unwrap();
        }

        assert_eq!(*order.lock().unwrap(), ["interactive 1", "interactive 2", "batch 1", "batch 2"]);
        assert_eq!(slots.load(), (0, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn batch_calls_leave_room_for_interactive_ones() {
        let slots = Slots::new();
        slots.acquire(Priority::Interactive, 4, || {}).await.unwrap();
        let _first = slots.acquire(Priority::Batch, 2, || {}).await.unwrap();
        let _second = slots.acquire(Priority::Batch, 2, || {}).await.unwrap();

        let third = slots.acquire(Priority::Batch, 2, || {});
        assert!(tokio::time::timeout(Duration::from_secs(9), third).await.is_err(), "two of batch are the most");

        let _interactive = slots.acquire(Priority::Interactive, 4, || {}).await.unwrap();
        assert_eq!(slots.load(), (3, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_has_an_end_and_the_cancelled_do_not_stand_in_it() {
        let slots = Slots::new();
        let _held = slots.acquire(Priority::Batch, 1, || {}).await.unwrap();
        let in_line = || {
            let slots = slots.clone();
            tokio::spawn(async move { slots.acquire(Priority::Batch, 1, || {}).await.map(drop) })
        };
        let waiting: Vec<_> = (0..LONGEST_LINE).map(|_| in_line()).collect();
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert_eq!(slots.load(), (1, LONGEST_LINE));

        assert_eq!(slots.acquire(Priority::Batch, 1, || {}).await.err(), Some(LineFull));
        waiting[7].abort();
        tokio::time::sleep(Duration::from_millis(1)).await;
        let late = in_line();
        tokio::time::sleep(Duration::from_millis(1)).await;

        assert!(!late.is_finished(), "there is one place again");
        assert_eq!(slots.load(), (1, LONGEST_LINE));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn no_slot_is_lost_and_no_limit_passed_whatever_is_cancelled_when() {
        let slots = Slots::new();
        let on_their_way = Arc::new(AtomicUsize::new(0));
        let calls: Vec<_> = (0..4_000_u64)
            .map(|call| {
                let (slots, on_their_way) = (slots.clone(), Arc::clone(&on_their_way));
                let mut rng = fastrand::Rng::with_seed(call);
                let (priority, limit) = if rng.bool() { (Priority::Interactive, 4) } else { (Priority::Batch, 2) };
                let patience = Duration::from_micros(rng.u64(..20_000));
                tokio::spawn(tokio::time::timeout(patience, async move {
                    let Ok(_slot) = slots.acquire(priority, limit, || {}).await else { return };
                    assert!(on_their_way.fetch_add(1, Ordering::SeqCst) < 4);
                    let _leave = scopeguard(&on_their_way);
                    tokio::time::sleep(Duration::from_micros(rng.u64(..200))).await;
                }))
            })
            .collect();
        for call in calls {
            let _ = call.await.unwrap();
        }
        assert_eq!(slots.load(), (0, 0));
    }

    /// Counts a call out when it ends, however it does.
    fn scopeguard(count: &AtomicUsize) -> impl Drop {
        struct Leave<'a>(&'a AtomicUsize);
        impl Drop for Leave<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::SeqCst);
            }
        }
        Leave(count)
    }
}
