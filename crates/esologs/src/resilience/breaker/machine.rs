//! The breaker's state machine: pure, given the time and a random generator.

use std::time::Duration;

use fastrand::Rng;
use tokio::time::Instant;

use super::settings::BreakerSettings;
use super::window::Window;

/// As good as for ever, and still within the range of every clock.
const FOR_EVER: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// What a breaker does with calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BreakerState {
    /// It lets calls through.
    Closed,
    /// It refuses calls, for a time.
    Open,
    /// It lets one call through, to see.
    HalfOpen,
    /// It was opened by hand and stays so until it is closed by hand.
    Isolated,
}

impl BreakerState {
    /// A name in lower case with underscores, for logs and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
            Self::Isolated => "isolated",
        }
    }
}

/// Why a breaker changed its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BreakerCause {
    /// Too large a share of the window's attempts failed.
    FailureRate,
    /// Too many attempts in a row failed.
    ConsecutiveFailures,
    /// The time open is over.
    TimeOver,
    /// The probe was answered.
    ProbeSucceeded,
    /// The probe failed.
    ProbeFailed,
    /// The probe was not heard of within its lease.
    ProbeLost,
    /// Somebody did it by hand.
    ByHand,
}

impl BreakerCause {
    /// A name in lower case with underscores, for logs and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FailureRate => "failure_rate",
            Self::ConsecutiveFailures => "consecutive_failures",
            Self::TimeOver => "time_over",
            Self::ProbeSucceeded => "probe_succeeded",
            Self::ProbeFailed => "probe_failed",
            Self::ProbeLost => "probe_lost",
            Self::ByHand => "by_hand",
        }
    }
}

/// A change of state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Transition {
    pub(crate) from: BreakerState,
    pub(crate) to: BreakerState,
    pub(crate) cause: BreakerCause,
    /// The generation that begins with it.
    pub(super) generation: u64,
}

/// Leave to make one attempt. A result of another generation says nothing about the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Admission {
    pub(super) generation: u64,
}

/// What an attempt says about the health of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Healthy,
    /// An answer of the service's own code, though not what was asked for (a 404, a 429): it is alive. No part of the rate.
    Alive,
    Unhealthy,
    /// Nothing: cancelled, or failed for reasons of our own.
    Neutral,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Phase {
    Closed { since: Instant },
    Open { until: Instant },
    HalfOpen { lease_end: Option<Instant> },
    Isolated,
}

#[derive(Debug)]
pub(crate) struct Machine {
    settings: BreakerSettings,
    phase: Phase,
    generation: u64,
    window: Window,
    failures_in_a_row: u32,
    /// Failed probes since it was last healthy for long: the exponent of the time open.
    failed_probes: u32,
    late_results: u64,
}

impl Machine {
    pub(crate) fn new(settings: BreakerSettings, now: Instant) -> Self {
        Self {
            settings,
            phase: Phase::Closed { since: now },
            generation: 0,
            window: Window::new(settings.window, now),
            failures_in_a_row: 0,
            failed_probes: 0,
            late_results: 0,
        }
    }

    pub(crate) fn settings(&self) -> &BreakerSettings {
        &self.settings
    }

    pub(crate) fn state(&self) -> BreakerState {
        match self.phase {
            Phase::Closed { .. } => BreakerState::Closed,
            Phase::Open { .. } => BreakerState::Open,
            Phase::HalfOpen { .. } => BreakerState::HalfOpen,
            Phase::Isolated => BreakerState::Isolated,
        }
    }

    /// Results that came from a generation that was over.
    pub(crate) fn late_results(&self) -> u64 {
        self.late_results
    }

    /// Whether a call would be admitted now; otherwise when asking again makes sense (`None`: only when closed by hand).
    pub(crate) fn peek(&self, now: Instant) -> Result<(), Option<Instant>> {
        match self.phase {
            Phase::Closed { .. } | Phase::HalfOpen { lease_end: None } => Ok(()),
            Phase::Open { until } | Phase::HalfOpen { lease_end: Some(until) } if now < until => Err(Some(until)),
            // Open for long enough; or a lost probe, about which `admit` decides.
            Phase::Open { .. } | Phase::HalfOpen { .. } => Ok(()),
            Phase::Isolated => Err(None),
        }
    }

    /// Admits an attempt, or says until when not. In half-open exactly one is admitted, with a lease.
    pub(crate) fn admit(
        &mut self,
        lease: Duration,
        now: Instant,
        rng: &mut Rng,
        told: &mut dyn FnMut(Transition),
    ) -> Result<Admission, Option<Instant>> {
        if matches!(self.phase, Phase::Closed { .. }) {
            return Ok(Admission { generation: self.generation });
        }
        if let Phase::HalfOpen { lease_end: Some(end) } = self.phase
            && now >= end
        {
            // It was lost when its lease ended, not when somebody noticed.
            self.probe_failed(BreakerCause::ProbeLost, end, rng, told);
        }
        self.peek(now)?;
        if matches!(self.phase, Phase::Open { .. }) {
            self.turn(Phase::HalfOpen { lease_end: None }, BreakerCause::TimeOver, told);
        }
        self.phase = Phase::HalfOpen { lease_end: Some(now + lease.max(self.settings.lease).min(FOR_EVER)) };
        // A generation for each probe: what an abandoned one says later is not about this one.
        self.generation += 1;
        Ok(Admission { generation: self.generation })
    }

    /// Takes the result of an admitted attempt.
    pub(crate) fn record(
        &mut self,
        admission: Admission,
        verdict: Verdict,
        now: Instant,
        rng: &mut Rng,
        told: &mut dyn FnMut(Transition),
    ) {
        if admission.generation != self.generation {
            self.late_results += 1;
            return;
        }
        match (self.phase, verdict) {
            (Phase::Closed { .. }, Verdict::Healthy) => {
                self.failures_in_a_row = 0;
                self.window.record(true, now);
            }
            (Phase::Closed { .. }, Verdict::Alive) => self.failures_in_a_row = 0,
            (Phase::Closed { since }, Verdict::Unhealthy) => {
                self.failures_in_a_row = self.failures_in_a_row.saturating_add(1);
                let counts = self.window.record(false, now);
                if let Some(cause) = self.trips(counts.attempts(), counts.failures) {
                    if now.saturating_duration_since(since) >= self.settings.healthy_after {
                        self.failed_probes = 0;
                    }
                    let until = now + self.time_open(rng);
                    self.turn(Phase::Open { until }, cause, told);
                }
            }
            (Phase::HalfOpen { .. }, Verdict::Healthy | Verdict::Alive) => {
                self.turn(Phase::Closed { since: now }, BreakerCause::ProbeSucceeded, told);
            }
            (Phase::HalfOpen { .. }, Verdict::Unhealthy) => self.probe_failed(BreakerCause::ProbeFailed, now, rng, told),
            (Phase::HalfOpen { .. }, Verdict::Neutral) => self.phase = Phase::HalfOpen { lease_end: None },
            (Phase::Closed { .. } | Phase::Open { .. } | Phase::Isolated, _) => {}
        }
    }

    /// Opens it until [`close`](Self::close).
    pub(crate) fn isolate(&mut self, told: &mut dyn FnMut(Transition)) {
        self.turn(Phase::Isolated, BreakerCause::ByHand, told);
    }

    pub(crate) fn close(&mut self, now: Instant, told: &mut dyn FnMut(Transition)) {
        self.failed_probes = 0;
        self.turn(Phase::Closed { since: now }, BreakerCause::ByHand, told);
    }

    fn trips(&self, attempts: u32, failures: u32) -> Option<BreakerCause> {
        if self.failures_in_a_row >= self.settings.consecutive_failures {
            return Some(BreakerCause::ConsecutiveFailures);
        }
        // Of fewer attempts it takes as many failures as of the fewest: they say more, not less.
        let attempts = attempts.max(self.settings.min_attempts);
        let reached = f64::from(failures) >= self.settings.failure_rate * f64::from(attempts);
        reached.then_some(BreakerCause::FailureRate)
    }

    fn probe_failed(&mut self, cause: BreakerCause, at: Instant, rng: &mut Rng, told: &mut dyn FnMut(Transition)) {
        self.failed_probes = self.failed_probes.saturating_add(1);
        let until = at + self.time_open(rng);
        self.turn(Phase::Open { until }, cause, told);
    }

    fn time_open(&self, rng: &mut Rng) -> Duration {
        let jitter = self.settings.open_jitter * (2.0 * rng.f64() - 1.0);
        let grown = self.settings.open_time_after(self.failed_probes).as_secs_f64();
        Duration::try_from_secs_f64(grown * (1.0 + jitter)).unwrap_or(FOR_EVER).min(FOR_EVER)
    }

    /// Every change of state begins a generation, with nothing counted.
    fn turn(&mut self, phase: Phase, cause: BreakerCause, told: &mut dyn FnMut(Transition)) {
        let from = self.state();
        self.phase = phase;
        self.generation += 1;
        self.failures_in_a_row = 0;
        self.window.clear();
        told(Transition { from, to: self.state(), cause, generation: self.generation });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_six_failures_open_it_of_sixty_attempts_and_of_fewer_but_not_of_more() {
        let settings = BreakerSettings { consecutive_failures: u32::MAX, ..BreakerSettings::interactive() };
        for (successes, failures, expected) in [
            (24, 36, BreakerState::Open),
            (10, 36, BreakerState::Open),
            (10, 35, BreakerState::Closed),
            (25, 36, BreakerState::Closed),
        ] {
            let (now, mut rng) = (Instant::now(), Rng::with_seed(1));
            let mut machine = Machine::new(settings, now);
            for verdict in [Verdict::Healthy; 25][..successes].iter().chain(&[Verdict::Unhealthy; 36][..failures]) {
                machine.record(Admission { generation: 0 }, *verdict, now, &mut rng, &mut |_| ());
            }
            assert_eq!(machine.state(), expected, "{failures} failures beside {successes} successes");
        }
    }

    #[test]
    fn what_an_abandoned_probe_says_later_is_not_about_the_next_one() {
        let (start, second, mut rng) = (Instant::now(), Duration::from_secs(1), Rng::with_seed(1));
        let mut machine = Machine::new(BreakerSettings::after(1, second), start);
        machine.record(Admission { generation: 0 }, Verdict::Unhealthy, start, &mut rng, &mut |_| ());
        let now = start + 2 * second;
        let abandoned = machine.admit(second, now, &mut rng, &mut |_| ()).unwrap();
        machine.record(abandoned, Verdict::Neutral, now, &mut rng, &mut |_| ());
        let next = machine.admit(second, now, &mut rng, &mut |_| ()).unwrap();

        machine.record(abandoned, Verdict::Healthy, now, &mut rng, &mut |_| ());

        assert_eq!((machine.state(), machine.late_results()), (BreakerState::HalfOpen, 1));
        machine.record(next, Verdict::Healthy, now, &mut rng, &mut |_| ());
        assert_eq!(machine.state(), BreakerState::Closed);
    }
}
