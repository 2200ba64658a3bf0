//! Equal calls at the same time share one: one retry loop, one budget, one answer.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Wake, Waker};

type Work<V> = Pin<Box<dyn Future<Output = V> + Send>>;

/// The work that is going on, by what it is about.
pub(crate) struct SingleFlight<K, V>(Arc<Mutex<HashMap<K, Weak<Flight<V>>>>>);

/// One piece of work and everybody who waits for it.
///
/// No task of its own runs it: whichever participant is polled first goes on with it where it stands. So it outlives whoever
/// began it, does not depend on one participant that nobody polls, and ends when the last one leaves.
struct Flight<V> {
    state: Mutex<State<V>>,
}

struct State<V> {
    /// The work, except while somebody polls it.
    work: Option<Work<V>>,
    landed: Option<V>,
    /// It panicked while somebody polled it (that one gets the panic, the others begin anew), or everybody has left.
    over: bool,
    /// The work woke up while it was being polled.
    woken: bool,
    participants: Participants,
}

/// Everybody who waits, by number, with their wakers from the first poll that brought nothing. Mostly there is one, who needs
/// no list.
#[derive(Default)]
struct Participants {
    sole: Option<(u64, Option<Waker>)>,
    others: BTreeMap<u64, Option<Waker>>,
    next: u64,
}

impl Participants {
    fn enter(&mut self) -> u64 {
        let number = self.next;
        self.next += 1;
        match self.sole {
            None if self.others.is_empty() => self.sole = Some((number, None)),
            _ => drop(self.others.insert(number, None)),
        }
        number
    }

    fn leave(&mut self, number: u64) {
        match &self.sole {
            Some((sole, _)) if *sole == number => self.sole = None,
            _ => drop(self.others.remove(&number)),
        }
    }

    fn is_empty(&self) -> bool {
        self.sole.is_none() && self.others.is_empty()
    }

    fn waker(&mut self, number: u64) -> Option<&mut Option<Waker>> {
        match &mut self.sole {
            Some((sole, waker)) if *sole == number => Some(waker),
            _ => self.others.get_mut(&number),
        }
    }

    fn wakers(&self) -> Vec<Waker> {
        let sole = self.sole.iter().filter_map(|(_, waker)| waker.clone());
        sole.chain(self.others.values().flatten().cloned()).collect()
    }
}

/// How a participant came by the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It began the work.
    Leader,
    /// It joined work that was going on.
    Follower,
}

/// A call's part in a flight.
pub(crate) struct Participant<K: Hash + Eq, V> {
    flights: SingleFlight<K, V>,
    key: K,
    flight: Arc<Flight<V>>,
    number: u64,
    role: Role,
    /// It has its result, and the flight is off the list.
    has_landed: bool,
}

impl<K: Hash + Eq + Clone, V: Clone + Send + 'static> SingleFlight<K, V> {
    pub(crate) fn new() -> Self {
        Self(Arc::default())
    }

    /// Joins the work that is going on about `key`, or begins it.
    pub(crate) fn join(&self, key: K, begin: impl FnOnce() -> Work<V>) -> Participant<K, V> {
        let mut flights = lock(&self.0);
        let listed = flights.entry(key.clone());
        let going_on = match &listed {
            Entry::Occupied(listed) => listed.get().upgrade().filter(|flight| flight.can_be_joined()),
            Entry::Vacant(_) => None,
        };
        let (flight, role) = match going_on {
            Some(flight) => (flight, Role::Follower),
            None => {
                let flight = Arc::new(Flight::new(begin()));
                listed.insert_entry(Arc::downgrade(&flight));
                (flight, Role::Leader)
            }
        };
        drop(flights);
        let number = flight.enter();
        Participant { flights: Self(Arc::clone(&self.0)), key, flight, number, role, has_landed: false }
    }

    /// Pieces of work going on.
    #[cfg(test)]
    fn len(&self) -> usize {
        lock(&self.0).len()
    }
}

impl<K: Hash + Eq, V> Participant<K, V> {
    pub(crate) fn role(&self) -> Role {
        self.role
    }
}

/// The result; `None` where the work panicked at another participant, or was abandoned while we joined: begin anew.
impl<K: Hash + Eq + Unpin, V: Clone + Send + 'static> Future for Participant<K, V> {
    type Output = Option<V>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<V>> {
        let this = self.get_mut();
        let polled = this.flight.poll(this.number, context.waker());
        if polled.is_ready() {
            this.has_landed = true;
            this.forget_flight();
        }
        polled
    }
}

impl<K: Hash + Eq, V> Participant<K, V> {
    /// Takes the flight off the list, so that the next equal call begins a new one.
    fn forget_flight(&self) {
        let mut flights = lock(&self.flights.0);
        if let Some((key, listed)) = flights.remove_entry(&self.key)
            && !std::ptr::eq(listed.as_ptr(), &*self.flight)
        {
            // Another one by now.
            flights.insert(key, listed);
        }
    }
}

impl<K: Hash + Eq, V> Drop for Participant<K, V> {
    fn drop(&mut self) {
        let is_last = self.flight.leave(self.number);
        if is_last && !self.has_landed {
            self.forget_flight();
        }
    }
}

impl<V> Flight<V> {
    fn new(work: Work<V>) -> Self {
        let participants = Participants::default();
        let state = State { work: Some(work), landed: None, over: false, woken: false, participants };
        Self { state: Mutex::new(state) }
    }

    fn can_be_joined(&self) -> bool {
        let state = lock(&self.state);
        state.landed.is_none() && !state.over
    }

    fn enter(&self) -> u64 {
        lock(&self.state).participants.enter()
    }

    /// Whether it was the last one.
    fn leave(&self, number: u64) -> bool {
        let mut state = lock(&self.state);
        state.participants.leave(number);
        let is_last = state.participants.is_empty();
        state.over |= is_last;
        // The work of an abandoned flight ends here, outside of the lock: dropping it runs code of others.
        let abandoned = if is_last { state.work.take() } else { None };
        drop(state);
        drop(abandoned);
        is_last
    }

    fn wake_all(&self, change: impl FnOnce(&mut State<V>)) {
        let mut state = lock(&self.state);
        change(&mut state);
        let wakers = state.participants.wakers();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }
}

impl<V> State<V> {
    fn wake_later(&mut self, number: u64, waker: &Waker) {
        if let Some(kept) = self.participants.waker(number)
            && !kept.as_ref().is_some_and(|kept| kept.will_wake(waker))
        {
            *kept = Some(waker.clone());
        }
    }
}

impl<V: Clone + Send + 'static> Flight<V> {
    fn poll(self: &Arc<Self>, number: u64, waker: &Waker) -> Poll<Option<V>> {
        let mut state = lock(&self.state);
        loop {
            if let Some(value) = &state.landed {
                return Poll::Ready(Some(value.clone()));
            }
            if state.over {
                return Poll::Ready(None);
            }
            // Somebody else polls it now.
            let Some(mut work) = state.work.take() else {
                state.wake_later(number, waker);
                return Poll::Pending;
            };
            state.woken = false;
            drop(state);
            let crash = Crash(self);
            let polled = work.as_mut().poll(&mut Context::from_waker(&Waker::from(Arc::clone(self))));
            std::mem::forget(crash);
            match polled {
                Poll::Ready(value) => {
                    // Dropping finished work runs code of others.
                    drop(work);
                    self.wake_all(|state| {
                        state.landed = Some(value.clone());
                        // This one is here and need not be woken.
                        state.participants.waker(number).map(Option::take);
                    });
                    return Poll::Ready(Some(value));
                }
                Poll::Pending => {
                    state = lock(&self.state);
                    state.work = Some(work);
                    if !state.woken {
                        state.wake_later(number, waker);
                        return Poll::Pending;
                    }
                }
            }
        }
    }
}

/// The work woke up.
impl<V: Send + 'static> Wake for Flight<V> {
    fn wake(self: Arc<Self>) {
        self.wake_all(|state| state.woken = true);
    }
}

/// Dropped only when the work panics.
struct Crash<'a, V>(&'a Flight<V>);

impl<V> Drop for Crash<'_, V> {
    fn drop(&mut self) {
        self.0.wake_all(|state| state.over = true);
    }
}

impl<K, V> fmt::Debug for SingleFlight<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SingleFlight").field("flights", &lock(&self.0).len()).finish()
    }
}

/// Nothing of others runs while one of these locks is held.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod interleavings;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Flights whose work counts how often it was begun, takes a time and brings its number.
    #[derive(Clone)]
    struct Airport {
        flights: Arc<SingleFlight<&'static str, usize>>,
        begun: Arc<AtomicUsize>,
        ended: Arc<AtomicUsize>,
    }

    impl Airport {
        fn new() -> Self {
            Self { flights: Arc::new(SingleFlight::new()), begun: Arc::default(), ended: Arc::default() }
        }

        fn call(&self, key: &'static str, takes: Duration) -> Participant<&'static str, usize> {
            self.flights.join(key, || {
                let number = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
                let ended = Arc::clone(&self.ended);
                Box::pin(async move {
                    tokio::time::sleep(takes).await;
                    ended.fetch_add(1, Ordering::SeqCst);
                    number
                })
            })
        }

        fn begun(&self) -> usize {
            self.begun.load(Ordering::SeqCst)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_thousand_equal_calls_are_one_and_others_are_their_own() {
        let airport = Airport::new();
        let equal: Vec<_> = (0..1000).map(|_| tokio::spawn(airport.call("guild", SECOND))).collect();
        let other = airport.call("report", SECOND);

        assert_eq!(other.await, Some(2));
        for call in equal {
            assert_eq!(call.await.unwrap(), Some(1));
        }
        assert_eq!((airport.begun(), airport.flights.len()), (2, 0));
        assert_eq!(airport.call("guild", SECOND).await, Some(3), "what has landed is not joined");
    }

    #[tokio::test(start_paused = true)]
    async fn the_work_outlives_whoever_began_it() {
        let airport = Airport::new();
        let leader = tokio::spawn(airport.call("guild", 10 * SECOND));
        let follower = tokio::spawn(airport.call("guild", 10 * SECOND));
        tokio::time::sleep(4 * SECOND).await;
        let started = tokio::time::Instant::now();

        leader.abort();

        assert_eq!(follower.await.unwrap(), Some(1));
        assert_eq!(started.elapsed(), 6 * SECOND, "it goes on where it stood");
    }

    #[tokio::test(start_paused = true)]
    async fn the_work_ends_when_the_last_participant_leaves() {
        let airport = Airport::new();
        for _ in 0..3 {
            let call = airport.call("guild", 10 * SECOND);
            assert!(tokio::time::timeout(SECOND, call).await.is_err());
        }
        tokio::time::sleep(60 * SECOND).await;

        assert_eq!(airport.begun(), 3);
        assert_eq!(airport.ended.load(Ordering::SeqCst), 0);
        assert_eq!(airport.flights.len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_hits_one_participant_and_the_others_are_told_to_begin_anew() {
        let flights = Arc::new(SingleFlight::<&str, u32>::new());
        let join = || {
            let joined = flights.join("guild", || {
                Box::pin(async {
                    tokio::time::sleep(SECOND).await;
                    panic!("a bug")
                })
            });
            tokio::spawn(joined)
        };
        let (first, second, third) = (join(), join(), join());

        let results = [first.await, second.await, third.await];

        assert_eq!(results.iter().filter(|result| result.is_err()).count(), 1);
        assert_eq!(results.iter().filter(|result| matches!(result, Ok(None))).count(), 2);
        assert_eq!(flights.len(), 0);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn no_call_hangs_whoever_leaves_when() {
        let airport = Airport::new();
        let calls: Vec<_> = (0..20_000_u64)
            .map(|call| {
                let airport = airport.clone();
                tokio::spawn(async move {
                    let mut rng = fastrand::Rng::with_seed(call);
                    tokio::time::sleep(Duration::from_micros(rng.u64(..200_000))).await;
                    let patience = if rng.bool() { Duration::from_micros(rng.u64(..3_000)) } else { 30 * SECOND };
                    let joined = airport.call(["a", "b", "c"][rng.usize(..3)], Duration::from_micros(rng.u64(..2_000)));
                    let came = tokio::time::timeout(patience, joined).await;
                    assert!(came.is_ok() || patience < SECOND, "a patient call hangs");
                })
            })
            .collect();
        for call in calls {
            call.await.unwrap();
        }
        assert_eq!(airport.flights.len(), 0, "and none is left behind");
    }
}
