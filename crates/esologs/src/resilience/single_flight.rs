//! Equal calls at the same time share one: one retry loop, one budget, one answer.

use std::any::Any;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::future::Future;
use std::hash::{BuildHasherDefault, Hash};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::task::{Context, Poll, Wake, Waker};

use crate::query::hash;

type Work<V> = Pin<Box<dyn Future<Output = V> + Send>>;

/// The work that is going on, by what it is about: flights of all types, since a key belongs to one type of result.
pub(crate) struct SingleFlight<K>(Mutex<List<K>>);

/// Keys hash well by themselves.
type List<K> = HashMap<K, Weak<AnyFlight>, BuildHasherDefault<hash::AsItIs>>;

type AnyFlight = dyn Any + Send + Sync;

/// One piece of work and everybody who waits for it.
///
/// No task of its own runs it: whichever participant is polled first goes on with it where it stands. So it outlives whoever
/// began it, does not depend on one participant that nobody polls, and ends when the last one leaves.
struct Flight<V> {
    state: Mutex<State<V>>,
    landed: OnceLock<V>,
}

struct State<V> {
    /// The work, except while somebody polls it.
    work: Option<Work<V>>,
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

/// A flight that has landed: the result, for all its participants.
pub(crate) struct Landing<V>(Arc<Flight<V>>);

impl<V> Landing<V> {
    /// The result. (There is one: a flight is a landing when it was set.)
    pub(crate) fn result(&self) -> Option<&V> {
        self.0.landed.get()
    }
}

/// A call's part in a flight.
pub(crate) struct Participant<'a, K: Hash + Eq, V> {
    flights: &'a SingleFlight<K>,
    key: K,
    /// `None` when it has its result, and the flight is off the list.
    flight: Option<Arc<Flight<V>>>,
    number: u64,
    role: Role,
}

impl<K: Hash + Eq + Clone> SingleFlight<K> {
    pub(crate) fn new() -> Self {
        Self(Mutex::default())
    }

    /// Joins the work that is going on about `key`, or begins it.
    pub(crate) fn join<V: Send + Sync + 'static>(&self, key: K, begin: impl FnOnce() -> Work<V>) -> Participant<'_, K, V> {
        let mut flights = lock(&self.0);
        let listed = flights.entry(key.clone());
        let going_on = match &listed {
            Entry::Occupied(listed) => listed.get().upgrade().and_then(|flight| flight.downcast::<Flight<V>>().ok()),
            Entry::Vacant(_) => None,
        };
        let joined = going_on.and_then(|flight| flight.enter().map(|number| (flight, number, Role::Follower)));
        let (flight, number, role) = joined.unwrap_or_else(|| {
            let (flight, number) = Flight::begin(begin());
            let flight = Arc::new(flight);
            let any: Weak<Flight<V>> = Arc::downgrade(&flight);
            listed.insert_entry(any);
            (flight, number, Role::Leader)
        });
        drop(flights);
        Participant { flights: self, key, flight: Some(flight), number, role }
    }

    /// Pieces of work going on.
    #[cfg(test)]
    fn len(&self) -> usize {
        lock(&self.0).len()
    }
}

impl<K: Hash + Eq, V> Participant<'_, K, V> {
    pub(crate) fn role(&self) -> Role {
        self.role
    }
}

/// The result; `None` where the work panicked at another participant: begin anew.
impl<K: Hash + Eq + Unpin, V: Send + Sync + 'static> Future for Participant<'_, K, V> {
    type Output = Option<Landing<V>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Landing<V>>> {
        let this = self.get_mut();
        // Asked again after its end it answers as after a crash: begin anew.
        let Some(flight) = &this.flight else { return Poll::Ready(None) };
        let Poll::Ready(has_landed) = flight.poll(this.number, context.waker()) else { return Poll::Pending };
        Poll::Ready(this.leave_list().filter(|_| has_landed).map(Landing))
    }
}

impl<K: Hash + Eq, V> Participant<'_, K, V> {
    /// Takes the flight off the list, so that the next equal call begins a new one.
    fn leave_list(&mut self) -> Option<Arc<Flight<V>>> {
        let flight = self.flight.take()?;
        let mut flights = lock(&self.flights.0);
        if let Some((key, listed)) = flights.remove_entry(&self.key)
            && !std::ptr::addr_eq(listed.as_ptr(), Arc::as_ptr(&flight))
        {
            // Another one by now.
            flights.insert(key, listed);
        }
        Some(flight)
    }
}

impl<K: Hash + Eq, V> Drop for Participant<'_, K, V> {
    fn drop(&mut self) {
        if self.flight.as_ref().is_some_and(|flight| flight.leave(self.number)) {
            self.leave_list();
        }
    }
}

impl<V> Flight<V> {
    /// With its first participant.
    fn begin(work: Work<V>) -> (Self, u64) {
        let mut participants = Participants::default();
        let number = participants.enter();
        let state = State { work: Some(work), over: false, woken: false, participants };
        (Self { state: Mutex::new(state), landed: OnceLock::new() }, number)
    }

    /// One more participant, unless it comes too late.
    fn enter(&self) -> Option<u64> {
        let mut state = lock(&self.state);
        (self.landed.get().is_none() && !state.over).then(|| state.participants.enter())
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

impl<V: Send + Sync + 'static> Flight<V> {
    /// Goes on with the work; whether it has landed or, where it is over without, not.
    fn poll(self: &Arc<Self>, number: u64, waker: &Waker) -> Poll<bool> {
        let mut state = lock(&self.state);
        loop {
            if self.landed.get().is_some() {
                return Poll::Ready(true);
            }
            if state.over {
                return Poll::Ready(false);
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
                        // In the lock, so that nobody looks before it and waits after it. Work lands once.
                        let _ = self.landed.set(value);
                        // This one is here and need not be woken.
                        state.participants.leave(number);
                    });
                    return Poll::Ready(true);
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
impl<V: Send + Sync + 'static> Wake for Flight<V> {
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

impl<K> fmt::Debug for SingleFlight<K> {
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
        flights: Arc<SingleFlight<&'static str>>,
        begun: Arc<AtomicUsize>,
        ended: Arc<AtomicUsize>,
    }

    impl Airport {
        fn new() -> Self {
            Self { flights: Arc::new(SingleFlight::new()), begun: Arc::default(), ended: Arc::default() }
        }

        /// The number of the work that brought it.
        fn call(&self, key: &'static str, takes: Duration) -> impl Future<Output = Option<usize>> + Send + 'static {
            let airport = self.clone();
            async move {
                let joined = airport.flights.join(key, || {
                    let number = airport.begun.fetch_add(1, Ordering::SeqCst) + 1;
                    let ended = Arc::clone(&airport.ended);
                    Box::pin(async move {
                        tokio::time::sleep(takes).await;
                        ended.fetch_add(1, Ordering::SeqCst);
                        number
                    })
                });
                joined.await?.result().copied()
            }
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

        assert_eq!(other.await, Some(1));
        for call in equal {
            assert_eq!(call.await.unwrap(), Some(2));
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
        let flights = Arc::new(SingleFlight::<&str>::new());
        let join = || {
            let flights = Arc::clone(&flights);
            tokio::spawn(async move {
                let joined = flights.join::<u32>("guild", || {
                    Box::pin(async {
                        tokio::time::sleep(SECOND).await;
                        panic!("a bug")
                    })
                });
                joined.await.is_some()
            })
        };
        let (first, second, third) = (join(), join(), join());

        let results = [first.await, second.await, third.await];

        assert_eq!(results.iter().filter(|result| result.is_err()).count(), 1);
        assert_eq!(results.iter().filter(|result| matches!(result, Ok(false))).count(), 2);
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
