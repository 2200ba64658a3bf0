//! Nanoseconds (of the thread's CPU time) and allocations of one operation, several operations taking turns.

use std::fmt;
use std::io;

use tokio::runtime::{Builder, Runtime};

use crate::figures::median;
use crate::process::thread_cpu_seconds;

/// What one operation takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    pub(super) nanos: f64,
    pub(super) allocations: f64,
}

impl Cost {
    pub(super) fn minus(self, other: Self) -> Self {
        Self { nanos: self.nanos - other.nanos, allocations: self.allocations - other.allocations }
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} ns, {:.1} allocations", self.nanos, self.allocations)
    }
}

/// Operations that are measured in turns, so that what the machine does meanwhile befalls all of them.
pub(super) struct Race<'a> {
    runtime: Runtime,
    runners: Vec<Runner<'a>>,
}

/// Does an operation so many times.
type Repeat<'a> = Box<dyn Fn(&Runtime, usize) + 'a>;

struct Runner<'a> {
    run: Repeat<'a>,
    nanos: Vec<f64>,
    allocations: f64,
}

/// The number of an operation in its race.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number(usize);

impl<'a> Race<'a> {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { runtime: Builder::new_current_thread().enable_all().build()?, runners: Vec::new() })
    }

    pub(super) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// An operation that waits for nothing.
    pub(super) fn add(&mut self, operation: impl Fn() + 'a) -> Number {
        self.push(move |runtime, times| {
            let _entered = runtime.enter();
            (0..times).for_each(|_| operation());
        })
    }

    /// An operation that could wait.
    pub(super) fn add_async<F: Future>(&mut self, operation: impl Fn() -> F + 'a) -> Number {
        self.push(move |runtime, times| {
            runtime.block_on(async {
                for _ in 0..times {
                    operation().await;
                }
            });
        })
    }

    pub(super) fn push(&mut self, run: impl Fn(&Runtime, usize) + 'a) -> Number {
        self.runners.push(Runner { run: Box::new(run), nanos: Vec::new(), allocations: 0.0 });
        Number(self.runners.len() - 1)
    }

    /// Runs one of them alone.
    pub(super) fn run_only(self, number: usize, times: usize) {
        if let Some(runner) = self.runners.get(number) {
            (runner.run)(&self.runtime, times);
        }
    }

    /// Runs all of them in turns, `rounds` times, each about `millis` long; the medians.
    pub(super) fn run(mut self, rounds: usize, millis: f64) -> Costs {
        let runtime = &self.runtime;
        let times: Vec<usize> = self.runners.iter().map(|runner| runner.times_in(runtime, millis)).collect();
        for runner in &mut self.runners {
            const COUNTED: usize = 1_000;
            let counted = allocation_counter::measure(|| (runner.run)(runtime, COUNTED)).count_total;
            let idle = allocation_counter::measure(|| (runner.run)(runtime, 0)).count_total;
            runner.allocations = (counted.saturating_sub(idle)) as f64 / COUNTED as f64;
        }
        for _ in 0..rounds {
            for (runner, times) in self.runners.iter_mut().zip(&times) {
                let began = thread_cpu_seconds();
                (runner.run)(runtime, *times);
                runner.nanos.push((thread_cpu_seconds() - began) * 1e9 / *times as f64);
            }
        }
        Costs(self.runners.into_iter().map(Runner::cost).collect())
    }
}

impl Runner<'_> {
    /// How often it runs in so many milliseconds; warms it up as well.
    fn times_in(&self, runtime: &Runtime, millis: f64) -> usize {
        let mut times = 100;
        loop {
            let began = thread_cpu_seconds();
            (self.run)(runtime, times);
            let took = (thread_cpu_seconds() - began) * 1e3;
            if took >= millis / 4.0 {
                return ((times as f64 * millis / took) as usize).max(1);
            }
            times *= 2;
        }
    }

    fn cost(self) -> Cost {
        Cost { nanos: median(self.nanos), allocations: self.allocations }
    }
}

/// What each operation of a race takes.
pub(super) struct Costs(Vec<Cost>);

impl Costs {
    pub(super) fn of(&self, number: Number) -> Cost {
        self.0[number.0]
    }
}
