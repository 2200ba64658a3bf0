//! What a subscriber keeps about the calls that are going on: bounded, and free to ask while there are none.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The most calls that a subscriber keeps something about at a time. What goes beyond is not observed: far more than that run
/// together only where equal calls share one.
pub(super) const MOST_OPEN_CALLS: usize = 4096;

/// Something about each call that is going on, by the call's number.
#[derive(Debug)]
pub(super) struct OpenCalls<T> {
    number: AtomicUsize,
    calls: Mutex<HashMap<u64, T>>,
}

impl<T> OpenCalls<T> {
    pub(super) fn new() -> Self {
        Self { number: AtomicUsize::new(0), calls: Mutex::default() }
    }

    /// Whether nothing is kept. Costs one load: the events of a call come after its beginning, whoever's task tells them.
    pub(super) fn is_empty(&self) -> bool {
        self.number.load(Ordering::Acquire) == 0
    }

    /// Keeps `about` until the call [ends](Self::close), unless there are too many.
    pub(super) fn open(&self, call: u64, about: T) {
        let mut calls = self.lock();
        if calls.len() < MOST_OPEN_CALLS {
            calls.insert(call, about);
            self.number.store(calls.len(), Ordering::Release);
        }
    }

    /// Looks at, or changes, what is kept about a call. `None` where that is nothing: its caller has left it (and others, who
    /// share it, wait on), or it is beyond the limit.
    pub(super) fn with<R>(&self, call: u64, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        if self.is_empty() { None } else { self.lock().get_mut(&call).map(change) }
    }

    /// Takes what was kept about a call that has ended.
    pub(super) fn close(&self, call: u64) -> Option<T> {
        if self.is_empty() {
            return None;
        }
        let mut calls = self.lock();
        let about = calls.remove(&call);
        self.number.store(calls.len(), Ordering::Release);
        about
    }

    /// Plain data: a panic leaves it whole.
    fn lock(&self) -> MutexGuard<'_, HashMap<u64, T>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_beyond_the_limit_is_not_kept_and_nothing_is_left_behind() {
        let calls = OpenCalls::new();
        let numbers = 1..=MOST_OPEN_CALLS as u64 + 1;
        for call in numbers.clone() {
            calls.open(call, call);
        }
        assert_eq!(calls.with(MOST_OPEN_CALLS as u64, |about| *about), Some(MOST_OPEN_CALLS as u64));
        assert_eq!(calls.with(MOST_OPEN_CALLS as u64 + 1, |about| *about), None);

        let kept = numbers.filter_map(|call| calls.close(call)).count();

        assert_eq!(kept, MOST_OPEN_CALLS);
        assert!(calls.is_empty());
    }
}
