//! The account against a service of its own making, in random schedules: one budget, several processes, wrong predictions, lagging
//! snapshots, time-outs. What the service charged must never pass its limit.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use fastrand::Rng;

use super::{Account, Ask, Charge, LedgerSettings, Refusal, Snapshot, Why};
use crate::resilience::Priority;

/// Schedules of a test. The full number takes a release build: `cargo test --release -p esologs --lib schedules`.
const SCHEDULES: u64 = if cfg!(debug_assertions) { 200 } else { 100_000 };

/// The service: fixed windows, a counter that lags, a refusal when all is spent.
struct Service {
    limit: f64,
    window_ms: i64,
    lag_ms: i64,
    own_cost_is_in_snapshot: bool,
    spent: f64,
    window: i64,
    charges: VecDeque<(i64, f64)>,
    /// What was charged in each window that is over, by number.
    history: Vec<(i64, f64)>,
    refusals: u64,
}

impl Service {
    fn roll(&mut self, now_ms: i64) {
        let window = now_ms.div_euclid(self.window_ms);
        if window != self.window {
            self.history.push((self.window, self.spent));
            (self.window, self.spent) = (window, 0.0);
            self.charges.clear();
        }
    }

    /// Executes a request; what `rateLimitData` tells in its answer.
    fn execute(&mut self, now_ms: i64, cost: f64) -> Option<(f64, f64)> {
        self.roll(now_ms);
        if self.spent >= self.limit {
            self.refusals += 1;
            return None;
        }
        let before = self.visible(now_ms);
        self.spent += cost;
        self.charges.push_back((now_ms, cost));
        let told = if self.own_cost_is_in_snapshot { self.visible(now_ms) } else { before };
        let left_ms = self.window_ms - now_ms.rem_euclid(self.window_ms);
        Some((told, (left_ms as f64 / 1_000.0).ceil()))
    }

    fn visible(&self, now_ms: i64) -> f64 {
        let unseen: f64 = self.charges.iter().filter(|(at, _)| now_ms - at < self.lag_ms).map(|(_, cost)| cost).sum();
        self.spent - unseen
    }
}

/// Something that happens at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// A worker wants to ask, or to ask again.
    Want { worker: usize },
    /// A request arrives.
    Execute { worker: usize },
    /// Its answer does, or its time is over.
    End { worker: usize },
}

#[derive(Debug, Clone, Copy, Default)]
struct OnItsWay {
    id: u64,
    cost: f64,
    sent_ms: i64,
    executed_ms: i64,
    told: Option<(f64, f64)>,
    refused: bool,
    timed_out: bool,
}

/// What a schedule came to.
#[derive(Debug)]
struct Outcome {
    /// Charged beyond the limit in a window, at most.
    overshoot: f64,
    /// The share of the limit that was used, of each whole window but the first.
    used: Vec<f64>,
    refusals: u64,
    largest_error: f64,
    /// Calls at once whose true cost no snapshot had told yet: on their way, or charged too lately.
    most_unknown: usize,
}

struct Schedule {
    service: Service,
    settings: LedgerSettings,
    workers: usize,
    interactive_workers: usize,
    /// True costs are up to this, in multiples of the estimate.
    worst_error: f64,
    largest_estimate: f64,
    time_outs: f64,
    slowest_ms: i64,
    windows: i64,
}

impl Schedule {
    fn random(rng: &mut Rng, is_right: bool) -> Self {
        let largest_estimate = 2.0 + 48.0 * rng.f64();
        let window_ms = *rng.choice(&[10_000, 60_000, 600_000, 3_600_000]).unwrap();
        // More than a minute's work in an hour's window brings nothing new but calls.
        let limit = largest_estimate * (50.0 + 50.0 * rng.f64());
        let processes = rng.usize(1..=8);
        Self {
            service: Service {
                limit,
                window_ms,
                lag_ms: rng.i64(0..=5_000),
                own_cost_is_in_snapshot: rng.bool(),
                spent: 0.0,
                window: 0,
                charges: VecDeque::new(),
                history: Vec::new(),
                refusals: 0,
            },
            settings: LedgerSettings::default(),
            workers: processes * rng.usize(1..=2),
            interactive_workers: rng.usize(0..=1),
            worst_error: if is_right { 1.0 } else { 1.0 + 2.0 * rng.f64() },
            largest_estimate,
            time_outs: if rng.bool() { 0.0 } else { 0.1 * rng.f64() },
            slowest_ms: rng.i64(100..=3_000),
            windows: 2,
        }
    }

    /// What its batch workers spend of a window at least that does not end before they do: as much as the limit allows, and as their
    /// calls allow, made one after the other without a wait, by what such calls take and cost; three standard deviations less.
    fn spendable(&self) -> f64 {
        // A call takes two times of one to half the slowest, evenly spread, and is followed by a pause of 1 ms.
        let half_ms = (self.slowest_ms / 2) as f64;
        let (call_ms, variance_ms) = (half_ms + 2.0, 2.0 * (half_ms * half_ms - 1.0) / 12.0);
        // It costs an evenly spread part of an estimate that is 0.02 to 1 times the largest: of both mean and mean square.
        let (mean, mean_square) = (0.5 * 0.51, (0.51 * 0.51 + 0.98 * 0.98 / 12.0) / 3.0);
        let calls = self.workers as f64 * self.service.window_ms as f64 / call_ms;
        let variance = calls * (mean_square - mean * mean + mean * mean * variance_ms / (call_ms * call_ms));
        let spent = self.largest_estimate * (calls * mean - 3.0 * variance.sqrt());
        spent.min(self.service.limit)
    }

    fn run(mut self, rng: &mut Rng) -> Outcome {
        let (mut account, mut steps) = (Account::default(), BinaryHeap::new());
        let start_ms = rng.i64(0..self.service.window_ms);
        self.service.window = start_ms.div_euclid(self.service.window_ms);
        let end_ms = self.service.window_ms * (1 + self.windows);
        let all = self.workers + self.interactive_workers;
        let mut on_their_way = vec![OnItsWay::default(); all];
        let (mut unknown, mut most_unknown, mut largest_error) = (vec![], 0, 0.0_f64);
        for worker in 0..all {
            steps.push(Reverse((start_ms + rng.i64(0..1_000), Step::Want { worker })));
        }
        while let Some(Reverse((now_ms, step))) = steps.pop() {
            if now_ms >= end_ms {
                break;
            }
            match step {
                Step::Want { worker } => {
                    let estimate = self.largest_estimate * (0.02 + 0.98 * rng.f64());
                    let is_batch = worker < self.workers;
                    let ask = |estimate, is_probe| Ask {
                        estimate,
                        // Its cost is an evenly spread part of it.
                        expected: 0.5 * estimate,
                        is_guess: false,
                        priority: if is_batch { Priority::Batch } else { Priority::Interactive },
                        owner: "test",
                        operation: "Test",
                        shape: 0,
                        lease_ms: 3_600_000,
                        is_probe,
                    };
                    let mut asked = account.reserve(&ask(estimate, false), &self.settings, now_ms);
                    let mut estimate = estimate;
                    if let Err(Refusal { why: Why::Unsettled, retry_in_ms }) = asked
                        && retry_in_ms <= 1
                        && account.may_probe(now_ms)
                    {
                        estimate = 1.5;
                        asked = account.reserve(&ask(estimate, true), &self.settings, now_ms);
                    }
                    match asked {
                        Ok(id) => {
                            let share = if self.worst_error == 1.0 { rng.f64() } else { self.worst_error * rng.f64() };
                            // A probe's cost is known well.
                            let cost = if estimate == 1.5 { 1.2 } else { estimate * share };
                            largest_error = largest_error.max(cost - estimate);
                            on_their_way[worker] = OnItsWay { id, cost, sent_ms: now_ms, ..OnItsWay::default() };
                            unknown.push(i64::MAX);
                            most_unknown = most_unknown.max(unknown.len());
                            steps.push(Reverse((now_ms + rng.i64(1..=self.slowest_ms / 2), Step::Execute { worker })));
                        }
                        Err(refusal) => {
                            assert!(refusal.retry_in_ms >= 1);
                            // Nobody is woken here when others end, so nobody sleeps through much of a window.
                            let pause = refusal.retry_in_ms.clamp(1, self.service.window_ms / 400);
                            steps.push(Reverse((now_ms + pause, Step::Want { worker })));
                        }
                    }
                }
                Step::Execute { worker } => {
                    let call = &mut on_their_way[worker];
                    call.told = self.service.execute(now_ms, call.cost);
                    call.refused = call.told.is_none();
                    call.executed_ms = now_ms;
                    if let Some(at) = unknown.iter().position(|at| *at == i64::MAX) {
                        unknown[at] = now_ms;
                    }
                    call.timed_out = rng.f64() < self.time_outs;
                    steps.push(Reverse((now_ms + rng.i64(1..=self.slowest_ms / 2), Step::End { worker })));
                }
                Step::End { worker } => {
                    let call = on_their_way[worker];
                    if !call.timed_out && !call.refused {
                        let told_until = call.executed_ms - self.service.lag_ms;
                        unknown.retain(|at| *at >= told_until);
                    }
                    if call.refused {
                        account.finish(call.id, Charge::No, None, &self.settings, now_ms);
                        account.note_refused(None, call.sent_ms, &self.settings, now_ms);
                    } else if call.timed_out {
                        account.finish(call.id, Charge::Maybe, None, &self.settings, now_ms);
                    } else {
                        let snapshot = call.told.map(|(spent, reset_in_s)| Snapshot {
                            limit: self.service.limit,
                            spent,
                            reset_in_s,
                            sent_ms: call.sent_ms,
                            received_ms: now_ms,
                        });
                        account.finish(call.id, Charge::Yes, snapshot.as_ref(), &self.settings, now_ms);
                    }
                    // Interactive users pause; batch does not.
                    let pause = if worker < self.workers { 1 } else { self.service.window_ms / 50 };
                    steps.push(Reverse((now_ms + pause, Step::Want { worker })));
                }
            }
        }
        self.service.roll(end_ms + self.service.window_ms);
        let limit = self.service.limit;
        let overshoot = self.service.history.iter().map(|(_, spent)| spent - limit).fold(0.0, f64::max);
        let first = self.service.history[0].0;
        let used = self.service.history.iter().filter(|(window, _)| *window > first && *window <= self.windows);
        Outcome {
            overshoot,
            used: used.map(|(_, spent)| spent / limit).collect(),
            refusals: self.service.refusals,
            largest_error,
            most_unknown,
        }
    }
}

#[test]
fn while_no_call_costs_more_than_was_set_aside_for_it_the_limit_is_never_passed_and_nobody_is_refused() {
    for seed in 0..SCHEDULES / 2 {
        let mut rng = Rng::with_seed(seed);
        let outcome = Schedule::random(&mut rng, true).run(&mut rng);
        assert!(outcome.overshoot <= 0.0 && outcome.refusals == 0, "seed {seed}: {outcome:?}");
    }
}

#[test]
fn wrong_predictions_pass_the_limit_by_no_more_than_the_calls_that_no_snapshot_holds_are_wrong_by() {
    for seed in 0..SCHEDULES / 2 {
        let mut rng = Rng::with_seed(1_000_000 + seed);
        let outcome = Schedule::random(&mut rng, false).run(&mut rng);
        let most = outcome.largest_error * outcome.most_unknown as f64;
        assert!(outcome.overshoot <= most + 1e-9, "seed {seed}: {outcome:?}");
    }
}

#[test]
fn batch_calls_use_95_percent_of_what_limit_and_workers_allow_in_every_window_of_10_minutes_or_more() {
    let (mut windows, mut saturated, mut least, mut too_little) = (0, 0, 1.0_f64, Vec::new());
    for seed in 0..SCHEDULES / 5 {
        let mut rng = Rng::with_seed(2_000_000 + seed);
        let mut schedule = Schedule::random(&mut rng, true);
        schedule.service.window_ms = *rng.choice(&[600_000, 3_600_000]).unwrap();
        let what = format!(
            "seed {seed}: {} s, {} workers, calls of up to {} ms",
            schedule.service.window_ms / 1_000,
            schedule.workers,
            schedule.slowest_ms
        );
        let spendable = schedule.spendable() / schedule.service.limit;
        let used = schedule.run(&mut rng).used;
        windows += used.len() as u64;
        saturated += if spendable >= 1.0 { used.len() as u64 } else { 0 };
        least = used.iter().map(|used| used / spendable).fold(least, f64::min);
        let is_too_little = |used: &f64| *used < 0.95 * spendable;
        too_little.extend(used.into_iter().filter(is_too_little).map(|used| format!("{what}: {used:.4} of {spendable:.4}")));
    }
    println!("{windows} windows, of which {saturated} could be spent to the limit; used of what could be, the least: {least:.4}");
    assert!(windows > SCHEDULES / 5 && saturated > windows / 100 * 99, "only {saturated} of {windows} windows are saturated");
    assert!(too_little.is_empty(), "{} of {windows}: {too_little:#?}", too_little.len());
}
