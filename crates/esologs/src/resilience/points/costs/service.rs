//! A service for these tests, of their own making: a counter that lags, calls that take their time, users that know nothing of each
//! other.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use fastrand::Rng;

use super::{Asked, Charge, Costs, Ended, Prior, Sent, Snapshot, Told};

/// A shape that is only a number, and its true price.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    pub(super) key: u64,
    pub(super) price: f64,
    /// Calls differ by up to this share of it.
    pub(super) noise: f64,
}

impl Asked for Kind {
    fn key(&self) -> u64 {
        self.key
    }

    fn operation(&self) -> &str {
        "Test"
    }

    fn features(&self) -> String {
        format!("kind {}", self.key)
    }

    fn prior(&self) -> Prior {
        Prior { expected: 7.0, at_most: 25.0 }
    }
}

impl Kind {
    pub(super) fn cost(&self, rng: &mut Rng) -> f64 {
        let cost = self.price * (1.0 + self.noise * (2.0 * rng.f64() - 1.0));
        (cost * 100.0).round() / 100.0
    }
}

/// How the service tells of its counter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Telling {
    pub(super) lag_ms: i64,
    pub(super) own_is_in_it: bool,
}

/// The counter of a key.
#[derive(Debug)]
pub(super) struct Counter {
    telling: Telling,
    spent: f64,
    charges: VecDeque<(i64, f64)>,
}

impl Counter {
    fn charge(&mut self, now_ms: i64, points: f64) -> f64 {
        let before = self.told(now_ms);
        self.spent += points;
        self.charges.push_back((now_ms, points));
        if self.telling.own_is_in_it { self.told(now_ms) } else { before }
    }

    fn told(&mut self, now_ms: i64) -> f64 {
        while self.charges.front().is_some_and(|(at, _)| now_ms - at >= self.telling.lag_ms) {
            self.charges.pop_front();
        }
        let unseen: f64 = self.charges.iter().map(|(_, points)| points).sum();
        ((self.spent - unseen) * 100.0).round() / 100.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Send { worker: usize },
    Execute { worker: usize },
    End { worker: usize },
    Burn,
}

#[derive(Debug, Clone, Copy)]
struct Call {
    kind: usize,
    sent: Sent,
    booked: f64,
    cost: f64,
    told: f64,
    /// The window that it was executed in.
    window: u64,
    sent_ms: i64,
}

/// So long others have been at work when the process that is looked at begins.
const HEAD_START_MS: i64 = 150_000;

/// Processes that spend from one key.
pub(super) struct World {
    pub(super) rng: Rng,
    pub(super) kinds: Vec<Kind>,
    pub(super) processes: Vec<Costs>,
    counter: Counter,
    /// What each process has not heard yet of the others.
    unheard: Vec<Vec<Told>>,
    workers_each: usize,
    burn_per_hour: f64,
    pub(super) burnt: f64,
    pause_ms: i64,
    window: u64,
    steps: BinaryHeap<Reverse<(i64, Step)>>,
    calls: Vec<Option<Call>>,
    pub(super) now_ms: i64,
    /// Each finished call of the first process: kind, what was expected, what was set aside, what it cost.
    pub(super) history: Vec<(usize, f64, f64, f64)>,
}

impl World {
    pub(super) fn new(
        seed: u64,
        telling: Telling,
        processes: usize,
        workers_each: usize,
        burn_per_hour: f64,
        pause_ms: i64,
    ) -> Self {
        let mut rng = Rng::with_seed(seed);
        let kinds = (0..6)
            .map(|key| Kind { key, price: 50.0_f64.powf(rng.f64()), noise: if key % 3 == 2 { 0.2 } else { 0.0 } })
            .collect();
        let mut world = Self {
            kinds,
            processes: (0..processes).map(|_| Costs::default()).collect(),
            counter: Counter { telling, spent: 0.0, charges: VecDeque::new() },
            unheard: vec![Vec::new(); processes],
            workers_each,
            burn_per_hour,
            burnt: 0.0,
            pause_ms,
            window: 1,
            steps: BinaryHeap::new(),
            calls: vec![None; processes * workers_each],
            now_ms: 1_790_000_000_000,
            history: Vec::new(),
            rng,
        };
        for worker in 0..processes * workers_each {
            // Where there are others, they have been at it for a while.
            let is_late = processes > 1 && worker < workers_each;
            let at = world.now_ms + world.rng.i64(0..1_000) + if is_late { HEAD_START_MS } else { 0 };
            world.steps.push(Reverse((at, Step::Send { worker })));
        }
        if burn_per_hour > 0.0 {
            world.next_burn();
        }
        world
    }

    /// Others begin to spend.
    pub(super) fn begin_burn(&mut self, points_per_hour: f64) {
        self.burn_per_hour = points_per_hour;
        self.next_burn();
    }

    /// The service counts from nothing again.
    pub(super) fn begin_window(&mut self) {
        self.window += 1;
        self.counter.spent = 0.0;
        self.counter.charges.clear();
    }

    /// Somebody else's calls cost 1 to 3 points and come whenever they like.
    fn next_burn(&mut self) {
        let mean_ms = 2.0 * 3_600_000.0 / self.burn_per_hour;
        let in_ms = -mean_ms * (1.0 - self.rng.f64()).ln();
        self.steps.push(Reverse((self.now_ms + in_ms as i64, Step::Burn)));
    }

    /// A process takes a step on the ledger, and hears of the others.
    fn hear(&mut self, process: usize) {
        for told in std::mem::take(&mut self.unheard[process]) {
            self.processes[process].hear(&told);
        }
        let of_others = |(worker, _): &(usize, _)| worker / self.workers_each != process;
        let others = self.calls.iter().enumerate().filter(of_others).filter_map(|(_, call)| call.map(|call| call.sent_ms));
        self.processes[process].others_since(others.min());
    }

    /// Goes on until the first process has finished so many calls in all.
    pub(super) fn run(&mut self, calls: usize) {
        while self.history.len() < calls {
            self.step();
        }
    }

    pub(super) fn run_ms(&mut self, ms: i64) {
        let end_ms = self.now_ms + ms;
        while self.now_ms < end_ms {
            self.step();
        }
    }

    pub(super) fn step(&mut self) {
        let Some(Reverse((now_ms, step))) = self.steps.pop() else { return };
        self.now_ms = now_ms;
        match step {
            Step::Burn => {
                let points = 1.0 + 2.0 * self.rng.f64();
                self.burnt += points;
                self.counter.charge(now_ms, points);
                self.next_burn();
            }
            Step::Send { worker } => {
                let process = worker / self.workers_each;
                let kind = self.rng.usize(0..self.kinds.len());
                let shape = self.kinds[kind];
                let estimate = self.processes[process].estimate(&shape);
                self.hear(process);
                let sent = self.processes[process].sent(&shape, now_ms);
                self.calls[worker] = Some(Call {
                    kind,
                    sent,
                    booked: estimate.expected,
                    cost: shape.cost(&mut self.rng),
                    told: 0.0,
                    window: 0,
                    sent_ms: now_ms,
                });
                let in_ms = self.rng.i64(20..=300);
                self.steps.push(Reverse((now_ms + in_ms, Step::Execute { worker })));
            }
            Step::Execute { worker } => {
                if let Some(call) = &mut self.calls[worker] {
                    (call.told, call.window) = (self.counter.charge(now_ms, call.cost), self.window);
                }
                let in_ms = self.rng.i64(20..=300);
                self.steps.push(Reverse((now_ms + in_ms, Step::End { worker })));
            }
            Step::End { worker } => {
                let process = worker / self.workers_each;
                let Some(call) = self.calls[worker].take() else { return };
                let snapshot =
                    Snapshot { limit: 1e6, spent: call.told, reset_in_s: 1_000.0, sent_ms: call.sent_ms, received_ms: now_ms };
                let ended = Ended { now_ms, charge: Charge::Yes, snapshot: Some(snapshot), window: call.window };
                let estimate = self.processes[process].estimate(&self.kinds[call.kind]);
                self.hear(process);
                self.processes[process].ended(call.sent, &ended);
                let told = Told {
                    shape: self.kinds[call.kind].key,
                    expected: call.booked,
                    sent_ms: call.sent_ms,
                    ended_ms: now_ms,
                    is_sure: true,
                    spent: Some(call.told),
                    window: call.window,
                };
                let others = self.unheard.iter_mut().enumerate().filter(|(other, _)| *other != process);
                others.for_each(|(_, unheard)| unheard.push(told));
                if process == 0 {
                    self.history.push((call.kind, call.booked, estimate.at_most, call.cost));
                }
                let in_ms = self.rng.i64(0..=self.pause_ms);
                self.steps.push(Reverse((now_ms + in_ms, Step::Send { worker })));
            }
        }
    }
}
