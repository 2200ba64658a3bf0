//! Row 1: how many calls succeed, and how many requests that takes, for each kind of fault and each share of it.

pub(crate) mod model;

use std::time::Duration;

use esologs::CallPolicy;

use self::model::Reached;
use super::share::in_parallel;
use super::world::{Answer, Ended, LATENCY, World, at_random, client_of, in_virtual_time, traffic};
use crate::figures::Table;

/// How a request fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Status,
    Reset,
    Cut,
    BadJson,
    Hang,
    GraphqlInternal,
}

const FAULTS: [Fault; 6] = [Fault::Status, Fault::Reset, Fault::Cut, Fault::BadJson, Fault::Hang, Fault::GraphqlInternal];
const SHARES: [f64; 7] = [0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0];

impl Fault {
    fn answer(self) -> Answer {
        match self {
            Self::Status => Answer::status(503),
            Self::Reset => Answer::Reset,
            Self::Cut => Answer::Cut,
            Self::BadJson => Answer::BadJson,
            Self::Hang => Answer::Hang,
            Self::GraphqlInternal => Answer::GraphqlInternal,
        }
    }

    /// Whether an answer came that cannot be used, so that it may be the call's own fault.
    fn is_content(self) -> bool {
        matches!(self, Self::BadJson | Self::GraphqlInternal)
    }

    /// The most repeats of an interactive call.
    fn most_repeats(self) -> u32 {
        if self.is_content() { 2 } else { 3 }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Status => "5xx",
            Self::Reset => "reset",
            Self::Cut => "truncation",
            Self::BadJson => "bad JSON",
            Self::Hang => "hang",
            Self::GraphqlInternal => "GraphQL internal",
        }
    }
}

/// Whether this attempt of this call fails: a function of its arguments (SplitMix64's mixing), so that the client and the model
/// meet the same faults.
pub(crate) fn fails(faults: u64, call: u32, attempt: u32, share: f64) -> bool {
    let mut mixed = faults ^ (u64::from(call) << 32 | u64::from(attempt)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    for factor in [0xBF58_476D_1CE4_E5B9, 0x94D0_49BB_1331_11EB] {
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(factor);
    }
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 <= share
}

/// One cell of the table.
#[derive(Debug, Clone, Copy)]
struct Cell {
    fault: Fault,
    share: f64,
    calls: u32,
    per_second: f64,
}

const SEED: u64 = 2026;

/// Lets the client make all calls of a cell; the breaker is off for interactive calls, on for patient ones.
fn played(cell: Cell, policy: CallPolicy) -> (Reached, u64) {
    let Cell { fault, share, calls, per_second } = cell;
    in_virtual_time(async {
        let world = World::new(move |ask| {
            // The client's own probe meets the same weather.
            let (call, attempt) = ask.call.map_or((u32::MAX, ask.at.as_micros() as u32), |call| (call, ask.attempt));
            let answer = if fails(SEED, call, attempt, share) { fault.answer() } else { Answer::Good };
            (answer, if answer_hangs(fault, share, call, attempt) { Duration::ZERO } else { LATENCY })
        });
        let is_patient = policy.deadline.is_none();
        let policy = CallPolicy { concurrency: usize::MAX, ..policy };
        let builder = client_of(&world, policy, SEED).without_request_rate();
        let builder = if is_patient { builder } else { builder.without_breaker() };
        let client = builder.build().expect("consistent settings");
        let mut successes = 0_u32;
        traffic(&client, at_random(per_second, calls, SEED), |Ended { result, .. }| successes += u32::from(result.is_ok())).await;
        (Reached { successes: f64::from(successes), attempts: world.requests() as f64 }, world.probes())
    })
}

fn answer_hangs(fault: Fault, share: f64, call: u32, attempt: u32) -> bool {
    fault == Fault::Hang && fails(SEED, call, attempt, share)
}

/// The same calls in the model, with so many seeds of the jitter: mean and standard deviation of successes and attempts.
fn modelled(cell: Cell, jitters: u64) -> (Reached, Reached) {
    let moments: Vec<f64> = at_random(cell.per_second, cell.calls, SEED).map(|moment| moment.as_secs_f64()).collect();
    let runs: Vec<Reached> =
        (0..jitters).map(|jitter| model::interactive(&moments, cell.fault, cell.share, SEED, jitter)).collect();
    let moment = |value: fn(&Reached) -> f64| {
        let mean = runs.iter().map(value).sum::<f64>() / runs.len() as f64;
        let variance = runs.iter().map(|run| (value(run) - mean).powi(2)).sum::<f64>() / (runs.len() - 1) as f64;
        (mean, variance.sqrt())
    };
    let (successes, attempts) = (moment(|run| run.successes), moment(|run| run.attempts));
    (Reached { successes: successes.0, attempts: attempts.0 }, Reached { successes: successes.1, attempts: attempts.1 })
}

/// A cell and what it is held against.
#[derive(Debug)]
struct Judged {
    /// Share of the calls that succeeded, and how far that may be off to either side of what it is held against.
    succeeded: f64,
    expected: std::ops::RangeInclusive<f64>,
    /// Attempts for each call.
    attempts: f64,
    most_attempts: f64,
    probes: u64,
}

impl Judged {
    fn held(&self) -> bool {
        self.expected.contains(&self.succeeded) && self.attempts <= self.most_attempts
    }
}

/// Seeds of the model's jitter.
const JITTERS: u64 = 20;

fn interactive(cell: Cell) -> Judged {
    let (ours, probes) = played(cell, CallPolicy::interactive());
    let (mean, sigma) = modelled(cell, JITTERS);
    let calls = f64::from(cell.calls);
    // The mean of the model's runs is itself uncertain.
    let allowed = 0.001 * calls + 3.0 * sigma.successes * (1.0 + 1.0 / JITTERS as f64).sqrt();
    Judged {
        succeeded: ours.successes / calls,
        expected: (mean.successes - allowed) / calls..=(mean.successes + allowed) / calls,
        attempts: ours.attempts / calls,
        most_attempts: most_attempts(cell),
        probes,
    }
}

/// Attempts for each interactive call: what the budget gives in an outage, and with successes 0.3 repeats for each.
fn most_attempts(cell: Cell) -> f64 {
    match (cell.share >= 1.0, cell.per_second >= 5.0) {
        (true, true) => 1.01,
        (true, false) => 1.04,
        _ => 1.35,
    }
}

fn batch(cell: Cell) -> Judged {
    let (ours, probes) = played(cell, CallPolicy::batch());
    let calls = f64::from(cell.calls);
    let (least_failed, most_failed) = patient_failures(cell);
    Judged {
        succeeded: ours.successes / calls,
        expected: (calls - most_failed) / calls..=(calls - least_failed) / calls,
        attempts: ours.attempts / calls,
        most_attempts: 1.05 / (1.0 - cell.share),
        probes,
    }
}

/// Failures of patient calls, 3 sigma each way: a call ends after five useless answers in a row, or where ten minutes hold no
/// more attempts.
fn patient_failures(cell: Cell) -> (f64, f64) {
    if cell.share >= 1.0 {
        return (f64::from(cell.calls), f64::from(cell.calls));
    }
    if !cell.fault.is_content() && cell.fault != Fault::Hang {
        return (0.0, 0.0);
    }
    let attempts = if cell.fault.is_content() { 5..=5 } else { HANGS_IN_TEN_MINUTES };
    let around = |attempts: i32, sign: f64| {
        let (calls, share) = (f64::from(cell.calls), cell.share.powi(attempts));
        calls * share + sign * 3.0 * (calls * share * (1.0 - share)).sqrt()
    };
    (around(*attempts.end(), -1.0).floor().max(0.0), around(*attempts.start(), 1.0).ceil())
}

/// How many attempts of 60 s each, with the waits between them, ten minutes hold (decision 0011).
const HANGS_IN_TEN_MINUTES: std::ops::RangeInclusive<i32> = 7..=9;

/// The rows of the table, with so many calls in each cell.
pub(crate) fn rows(table: &mut Table, calls: u32) {
    for (who, per_second, how) in
        [("interactive", 1.0, interactive as fn(Cell) -> Judged), ("interactive", 5.0, interactive), ("batch", 0.5, batch)]
    {
        let cells: Vec<Cell> =
            FAULTS.into_iter().flat_map(|fault| SHARES.map(|share| Cell { fault, share, calls, per_second })).collect();
        let judged = in_parallel(cells, how);
        for (fault, judged) in FAULTS.iter().zip(judged.chunks(SHARES.len())) {
            let name = format!("1: {who}, {per_second} calls/s, {}", fault.name());
            row(table, &name, judged);
        }
    }
}

/// One kind of fault at all shares.
fn row(table: &mut Table, name: &str, judged: &[Judged]) {
    let list = |value: &dyn Fn(&Judged) -> String| judged.iter().map(value).collect::<Vec<_>>().join(" / ");
    let percent = |share: f64| format!("{:.2}", 100.0 * share);
    let probes: u64 = judged.iter().map(|cell| cell.probes).sum();
    let figure = format!(
        "{} %; {} attempts; {probes} probes",
        list(&|cell| percent(cell.succeeded)),
        list(&|cell| format!("{:.3}", cell.attempts))
    );
    let bound = format!(
        "{} %; at most {}",
        list(&|cell| format!("{} to {}", percent(*cell.expected.start()), percent(*cell.expected.end()))),
        list(&|cell| format!("{:.3}", cell.most_attempts))
    );
    table.bounded(name, figure, bound, judged.iter().all(Judged::held));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cell of a size that the tests have time for.
    fn small(fault: Fault, share: f64, per_second: f64) -> Cell {
        Cell { fault, share, calls: 2_000, per_second }
    }

    #[test]
    fn interactive_calls_reach_what_attempts_deadline_and_budget_allow_and_no_more_requests() {
        for fault in FAULTS {
            for share in [0.1, 0.4] {
                let judged = interactive(small(fault, share, 5.0));
                assert!(judged.held(), "{fault:?} {share}: {judged:?}");
            }
        }
    }

    #[test]
    fn in_an_outage_there_are_no_more_repeats_than_the_budget_holds() {
        for fault in FAULTS {
            let cell = small(fault, 1.0, 5.0);
            let (ours, _) = played(cell, CallPolicy::interactive());
            let seconds = f64::from(cell.calls) / cell.per_second + 30.0;
            let (successes, repeats) = (ours.successes, ours.attempts - f64::from(cell.calls));
            assert_eq!(successes, 0.0, "{fault:?}");
            // Random moments last 3 sigma longer at most.
            assert!((10.0..=20.0 + 1.06 * seconds / 30.0).contains(&repeats), "{fault:?}: {repeats} repeats");
        }
    }

    #[test]
    fn every_patient_call_succeeds_while_half_of_all_requests_fail() {
        for fault in FAULTS {
            for share in [0.1, 0.5] {
                let judged = batch(Cell { calls: 500, ..small(fault, share, 0.5) });
                assert!(judged.held(), "{fault:?} {share}: {judged:?}");
            }
        }
    }

    #[test]
    fn faults_come_as_often_as_they_should() {
        for share in SHARES {
            let failed = (0..100_000).filter(|call| fails(SEED, *call, 1, share)).count() as f64;
            let sigma = (100_000.0 * share * (1.0 - share)).sqrt();
            assert!((failed - 100_000.0 * share).abs() <= 3.0 * sigma, "{share}: {failed}");
        }
    }
}
