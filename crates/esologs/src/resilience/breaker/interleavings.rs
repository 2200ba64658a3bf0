//! The machine against a model of its own, in random order: admissions, results that come late or never, hands, and time.

use std::time::Duration;

use fastrand::Rng;
use tokio::time::Instant;

use super::machine::{Admission, BreakerState, Machine, Verdict};
use super::settings::BreakerSettings;

/// All of them in release; in an unoptimised build a sample.
const INTERLEAVINGS: u64 = if cfg!(debug_assertions) { 10_000 } else { 1_000_000 };
const STEPS: u32 = 40;

/// Small numbers, so that forty steps reach every state.
fn settings(rng: &mut Rng) -> BreakerSettings {
    BreakerSettings {
        failure_rate: 0.5 + 0.5 * rng.f64(),
        min_attempts: rng.u32(1..8),
        window: Duration::from_secs(10),
        consecutive_failures: rng.u32(1..6),
        open_for: Duration::from_secs(2),
        open_growth: 1.5,
        open_cap: Duration::from_secs(5),
        open_jitter: 0.2,
        lease: Duration::from_secs(3),
        healthy_after: Duration::from_secs(6),
    }
}

/// What the rules say, written down as a history instead of counters.
struct Model {
    settings: BreakerSettings,
    state: BreakerState,
    /// Counts every change of state and every probe.
    generation: u64,
    /// Attempts of this generation: in which tenth of a window each ended, and how.
    attempts: Vec<(u64, bool)>,
    in_a_row: u32,
    probe_until: Option<Instant>,
    open_until: Option<Instant>,
    failed_probes: u32,
    closed_since: Instant,
    late: u64,
}

impl Model {
    fn turn(&mut self, state: BreakerState) {
        self.state = state;
        self.generation += 1;
        self.attempts.clear();
        (self.in_a_row, self.probe_until, self.open_until) = (0, None, None);
    }

    fn tenth(&self, now: Instant, start: Instant) -> u64 {
        (now - start).as_nanos() as u64 / (self.settings.window.as_nanos() as u64 / 10)
    }

    fn admits(&self, now: Instant) -> bool {
        match self.state {
            BreakerState::Closed => true,
            BreakerState::Open => self.open_until.is_some_and(|until| now >= until),
            BreakerState::HalfOpen => self.probe_until.is_none(),
            BreakerState::Isolated => false,
        }
    }

    /// Whether it opens by this result.
    fn records(&mut self, generation: u64, verdict: Verdict, now: Instant, start: Instant) -> bool {
        if generation != self.generation {
            self.late += 1;
            return false;
        }
        match (self.state, verdict) {
            (BreakerState::Closed, Verdict::Alive) => self.in_a_row = 0,
            (BreakerState::Closed, Verdict::Healthy | Verdict::Unhealthy) => {
                let tenth = self.tenth(now, start);
                self.attempts.push((tenth, verdict == Verdict::Healthy));
                self.in_a_row = if verdict == Verdict::Healthy { 0 } else { self.in_a_row + 1 };
                let seen = self.attempts.iter().filter(|(at, _)| at + 10 > tenth);
                let (all, failed) = (seen.clone().count() as u32, seen.filter(|(_, well)| !well).count() as u32);
                let rate = f64::from(failed) >= self.settings.failure_rate * f64::from(all)
                    && f64::from(failed) >= self.settings.failure_rate * f64::from(self.settings.min_attempts);
                if verdict == Verdict::Unhealthy && (rate || self.in_a_row >= self.settings.consecutive_failures) {
                    if now - self.closed_since >= self.settings.healthy_after {
                        self.failed_probes = 0;
                    }
                    self.turn(BreakerState::Open);
                    return true;
                }
            }
            (BreakerState::HalfOpen, Verdict::Healthy | Verdict::Alive) => {
                self.turn(BreakerState::Closed);
                self.closed_since = now;
            }
            (BreakerState::HalfOpen, Verdict::Unhealthy) => {
                self.failed_probes += 1;
                self.turn(BreakerState::Open);
                return true;
            }
            (BreakerState::HalfOpen, Verdict::Neutral) => self.probe_until = None,
            _ => {}
        }
        false
    }

    /// The longest and the shortest time open at present.
    fn time_open(&self) -> (Duration, Duration) {
        let grown = 2.0 * 1.5_f64.powi(self.failed_probes as i32);
        let open = Duration::from_secs_f64(grown.min(5.0));
        (open.mul_f64(0.8), open.mul_f64(1.2))
    }
}

struct Walk {
    rng: Rng,
    jitter: Rng,
    machine: Machine,
    model: Model,
    start: Instant,
    now: Instant,
    /// Admitted and not heard of: the machine's admission, the model's generation.
    on_their_way: Vec<(Admission, u64)>,
}

impl Walk {
    fn new(start: Instant, seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let settings = settings(&mut rng);
        let model = Model {
            settings,
            state: BreakerState::Closed,
            generation: 0,
            attempts: Vec::new(),
            in_a_row: 0,
            probe_until: None,
            open_until: None,
            failed_probes: 0,
            closed_since: start,
            late: 0,
        };
        let (machine, jitter) = (Machine::new(settings, start), rng.fork());
        Self { rng, jitter, machine, model, start, now: start, on_their_way: Vec::new() }
    }

    fn step(&mut self) {
        match self.rng.u32(..20) {
            0..8 => self.admit(),
            8..16 => self.record(),
            16..19 => self.now += Duration::from_millis(self.rng.u64(..3_000)),
            _ if self.rng.u32(..8) == 0 => {
                self.machine.isolate(&mut |_| ());
                self.model.turn(BreakerState::Isolated);
            }
            _ if self.rng.u32(..4) == 0 => {
                self.machine.close(self.now, &mut |_| ());
                self.model.turn(BreakerState::Closed);
                (self.model.failed_probes, self.model.closed_since) = (0, self.now);
            }
            _ => {}
        }
        assert_eq!(self.machine.state(), self.model.state);
        assert_eq!(self.machine.late_results(), self.model.late);
    }

    fn admit(&mut self) {
        // A probe that was not heard of within its lease has failed at the end of it.
        if let Some(end) = self.model.probe_until.filter(|end| self.now >= *end) {
            self.model.failed_probes += 1;
            self.model.turn(BreakerState::Open);
            let (_, admitted) = self.ask();
            let opened = self.open_from(end);
            assert_eq!(admitted.is_ok(), opened);
            self.admitted(admitted);
            return;
        }
        let (peeked, admitted) = self.ask();
        assert_eq!(peeked, self.model.admits(self.now));
        assert_eq!(admitted.is_ok(), self.model.admits(self.now));
        self.admitted(admitted);
    }

    fn ask(&mut self) -> (bool, Result<Admission, Option<Instant>>) {
        let peeked = self.machine.peek(self.now).is_ok();
        (peeked, self.machine.admit(Duration::ZERO, self.now, &mut self.jitter, &mut |_| ()))
    }

    /// Reads how long it stays open, holds it against the bounds, and tells whether that is over already.
    fn open_from(&mut self, from: Instant) -> bool {
        let (shortest, longest) = self.model.time_open();
        match self.machine.peek(self.now) {
            Err(Some(until)) if self.machine.state() == BreakerState::Open => {
                assert!((shortest..=longest).contains(&(until - from)), "{:?}", until - from);
                self.model.open_until = Some(until);
                false
            }
            _ => {
                assert!(self.now - from >= shortest);
                self.model.open_until = Some(self.now);
                true
            }
        }
    }

    fn admitted(&mut self, admitted: Result<Admission, Option<Instant>>) {
        let Ok(admission) = admitted else { return };
        if self.model.state == BreakerState::Open {
            self.model.turn(BreakerState::HalfOpen);
        }
        if self.model.state == BreakerState::HalfOpen {
            self.model.generation += 1;
            self.model.probe_until = Some(self.now + self.model.settings.lease);
        }
        self.on_their_way.push((admission, self.model.generation));
    }

    fn record(&mut self) {
        if self.on_their_way.is_empty() {
            return;
        }
        let (admission, generation) = self.on_their_way.swap_remove(self.rng.usize(..self.on_their_way.len()));
        let verdict = match self.rng.u32(..10) {
            0..3 => Verdict::Healthy,
            3 => Verdict::Alive,
            4 => Verdict::Neutral,
            _ => Verdict::Unhealthy,
        };
        self.machine.record(admission, verdict, self.now, &mut self.jitter, &mut |_| ());
        if self.model.records(generation, verdict, self.now, self.start) {
            assert!(!self.open_from(self.now), "open for no time at all");
        }
    }

    /// Whatever happened: after lease and time open somebody is let through, and an answer closes it.
    fn comes_round(mut self) {
        if self.machine.state() == BreakerState::Isolated {
            assert_eq!(self.machine.peek(self.now), Err(None));
            return;
        }
        // Nobody who is on their way is heard of again.
        for _ in 0..2 {
            self.now += Duration::from_secs(6);
            let admitted = self.machine.admit(Duration::ZERO, self.now, &mut self.jitter, &mut |_| ());
            if let Ok(admission) = admitted {
                self.machine.record(admission, Verdict::Healthy, self.now, &mut self.jitter, &mut |_| ());
                assert_eq!(self.machine.state(), BreakerState::Closed);
                return;
            }
        }
        panic!("wedged: {:?}", self.machine);
    }
}

#[test]
fn whatever_comes_in_whatever_order_the_machine_does_as_the_rules_say_and_is_never_wedged() {
    let start = Instant::now();
    let mut reached = [0_u64; 4];
    for seed in 0..INTERLEAVINGS {
        let mut walk = Walk::new(start, seed);
        (0..STEPS).for_each(|_| walk.step());
        reached[walk.machine.state() as usize] += 1;
        walk.comes_round();
    }
    assert!(reached.iter().all(|count| *count > INTERLEAVINGS / 100), "ended closed, open, half open, isolated: {reached:?}");
}
