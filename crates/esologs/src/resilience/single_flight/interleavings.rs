//! Flights in random order: participants join, are polled and leave; work wakes up, lands or panics. Participants are polled
//! only where they were woken, so a wake-up that is lost leaves one behind.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use fastrand::Rng;

use super::*;

/// All of them in release; in an unoptimised build a sample.
const INTERLEAVINGS: u64 = if cfg!(debug_assertions) { 10_000 } else { 1_000_000 };
const STEPS: u32 = 30;

/// One piece of work, steered from outside.
#[derive(Default)]
struct Steered {
    fate: Mutex<(Fate, Option<Waker>)>,
    dropped: AtomicBool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Fate {
    #[default]
    GoesOn,
    /// It wakes itself while it is polled, once.
    Yields,
    Lands,
    Panics,
}

impl Steered {
    fn is_over(&self) -> bool {
        self.dropped.load(Ordering::SeqCst)
    }

    /// Work that is going to panic does not say so: whoever polls it next finds out.
    fn steer(&self, fate: Fate) {
        let mut locked = lock(&self.fate);
        locked.0 = fate;
        if fate != Fate::Panics {
            drop(locked);
            self.wake();
        }
    }

    fn wake(&self) {
        let waker = lock(&self.fate).1.take();
        waker.into_iter().for_each(Waker::wake);
    }
}

struct SteeredWork(Arc<Steered>, usize);

impl Future for SteeredWork {
    type Output = usize;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<usize> {
        let mut locked = lock(&self.0.fate);
        match locked.0 {
            Fate::Lands => return Poll::Ready(self.1),
            Fate::Panics => {
                drop(locked);
                resume_unwind(Box::new("a bug of the work"));
            }
            Fate::Yields => {
                locked.0 = Fate::GoesOn;
                locked.1 = Some(context.waker().clone());
                drop(locked);
                context.waker().wake_by_ref();
            }
            Fate::GoesOn => locked.1 = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}

impl Drop for SteeredWork {
    fn drop(&mut self) {
        self.0.dropped.store(true, Ordering::SeqCst);
    }
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

struct Part<'a> {
    participant: Participant<'a, u8, usize>,
    /// Number of the work that it is to get, where nothing crashes.
    work: usize,
    woken: Arc<Woken>,
}

struct Walk<'a> {
    rng: Rng,
    flights: &'a SingleFlight<u8>,
    works: Vec<Arc<Steered>>,
    /// The work of each key that may be joined.
    going_on: [Option<usize>; 2],
    parts: Vec<Part<'a>>,
    crashed: Vec<usize>,
}

impl<'a> Walk<'a> {
    fn new(seed: u64, flights: &'a SingleFlight<u8>) -> Self {
        let (works, parts, crashed) = Default::default();
        Self { rng: Rng::with_seed(seed), flights, works, going_on: [None; 2], parts, crashed }
    }

    fn join(&mut self) {
        let key = self.rng.u8(..2);
        let number = self.works.len();
        let began = AtomicUsize::new(0);
        let (steered, of_work) = (Arc::<Steered>::default(), &mut self.works);
        let participant = self.flights.join(key, || {
            began.fetch_add(1, Ordering::SeqCst);
            of_work.push(Arc::clone(&steered));
            Box::pin(SteeredWork(steered, number))
        });
        let is_leader = began.into_inner() == 1;
        assert_eq!(participant.role() == Role::Leader, is_leader);
        let going_on = &mut self.going_on[usize::from(key)];
        match *going_on {
            // One piece of work about one thing at a time.
            Some(work) if !self.works[work].is_over() => assert!(!is_leader, "a second one beside work {work}"),
            _ => assert!(is_leader, "what is over is not joined"),
        }
        if is_leader {
            *going_on = Some(number);
        }
        let work = going_on.expect("set above");
        let woken = Arc::new(Woken(AtomicBool::new(true)));
        self.parts.push(Part { participant, work, woken });
    }

    /// Polls one that was woken.
    fn poll(&mut self, at: usize) {
        if !self.parts[at].woken.0.swap(false, Ordering::SeqCst) {
            return;
        }
        let part = &mut self.parts[at];
        let waker = Waker::from(Arc::clone(&part.woken));
        let polled = catch_unwind(AssertUnwindSafe(|| Pin::new(&mut part.participant).poll(&mut Context::from_waker(&waker))));
        match polled {
            Ok(Poll::Pending) => return,
            Ok(Poll::Ready(Some(landing))) => assert_eq!(landing.result(), Some(&part.work)),
            Ok(Poll::Ready(None)) => assert!(self.crashed.contains(&part.work), "told to begin anew without a crash"),
            Err(_) => {
                assert!(!self.crashed.contains(&part.work), "a crash hits one");
                self.crashed.push(part.work);
            }
        }
        self.parts.swap_remove(at);
    }

    fn step(&mut self) {
        match self.rng.u32(..10) {
            0..3 => self.join(),
            3..7 if !self.parts.is_empty() => {
                let at = self.rng.usize(..self.parts.len());
                self.poll(at);
            }
            7 if !self.parts.is_empty() => drop(self.parts.swap_remove(self.rng.usize(..self.parts.len()))),
            8 if !self.works.is_empty() => {
                let fate = [Fate::GoesOn, Fate::Yields, Fate::Yields, Fate::Lands, Fate::Panics][self.rng.usize(..5)];
                self.works[self.rng.usize(..self.works.len())].steer(fate);
            }
            _ => {}
        }
    }

    /// All work lands; whoever is woken is polled, until nobody is.
    fn ends(mut self) {
        for work in self.works.iter().filter(|work| !work.is_over()) {
            let panics = lock(&work.fate).0 == Fate::Panics;
            if panics { work.wake() } else { work.steer(Fate::Lands) }
        }
        while let Some(at) = self.parts.iter().position(|part| part.woken.0.load(Ordering::SeqCst)) {
            self.poll(at);
        }
        assert!(self.parts.is_empty(), "{} are never woken again", self.parts.len());
        assert_eq!(self.flights.len(), 0, "a flight is left on the list");
        assert!(self.works.iter().all(|work| work.is_over()), "work is left behind");
    }
}

#[test]
fn nobody_is_left_behind_and_nothing_leaks_whatever_the_order() {
    let mut crashes = 0;
    for seed in 0..INTERLEAVINGS {
        let flights = SingleFlight::new();
        let mut walk = Walk::new(seed, &flights);
        (0..STEPS).for_each(|_| walk.step());
        crashes += walk.crashed.len();
        walk.ends();
    }
    assert!(crashes as u64 > INTERLEAVINGS / 20, "crashes are part of it, not {crashes}");
}
