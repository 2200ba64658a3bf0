//! All faults that a simulator shall have: by script, by rate.

use std::time::Duration;

use super::fault::{BodyForm, Fault, Framing};
use super::kind::{FaultKind, Strikes};
use super::mixed;

/// What requests a scripted fault is meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum On {
    /// The token endpoint.
    Token,
    /// The GraphQL endpoints.
    Api,
    /// One operation, by its name.
    Operation(String),
    /// Everything.
    Any,
}

/// A fault for certain requests.
#[derive(Debug, Clone, PartialEq)]
pub struct ScriptedFault {
    /// Which requests it counts.
    pub on: On,
    /// The first of them that is hit, from 1.
    pub nth: u64,
    /// How many in a row are hit.
    pub times: u64,
    /// What happens to them.
    pub fault: Fault,
    /// Requests are counted only so long after the faults were set.
    pub after: Duration,
}

impl ScriptedFault {
    /// Hits the first such request, once.
    #[must_use]
    pub fn new(on: On, kind: FaultKind) -> Self {
        Self { on, nth: 1, times: 1, fault: Fault::new(kind), after: Duration::ZERO }
    }

    /// The first request that is hit, from 1.
    #[must_use]
    pub fn nth(mut self, nth: u64) -> Self {
        self.nth = nth;
        self
    }

    /// How many in a row are hit.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = times;
        self
    }

    /// Counts requests only so long after the faults were set.
    #[must_use]
    pub fn after(mut self, after: Duration) -> Self {
        self.after = after;
        self
    }

    /// The status, for kinds that have a choice.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.fault.status = Some(status);
        self
    }

    /// The body, for kinds that have a choice.
    #[must_use]
    pub fn body(mut self, body: BodyForm) -> Self {
        self.fault.body = Some(body);
        self
    }

    /// The value of `Retry-After`.
    #[must_use]
    pub fn retry_after(mut self, value: impl ToString) -> Self {
        self.fault.retry_after = Some(value.to_string());
        self
    }

    /// Time before the answer.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.fault.delay = delay;
        self
    }

    /// How long it lasts, for kinds that last.
    #[must_use]
    pub fn lasts(mut self, lasts: Duration) -> Self {
        self.fault.lasts = Some(lasts);
        self
    }

    /// The byte, for kinds that have a place.
    #[must_use]
    pub fn at(mut self, at: usize) -> Self {
        self.fault.at = Some(at);
        self
    }

    /// How many bytes, for kinds that count some.
    #[must_use]
    pub fn bytes(mut self, bytes: usize) -> Self {
        self.fault.bytes = Some(bytes);
        self
    }

    /// Time from one piece to the next, for kinds that have pieces.
    #[must_use]
    pub fn every(mut self, every: Duration) -> Self {
        self.fault.every = Some(every);
        self
    }

    /// How the body's end is told, for kinds that have a choice.
    #[must_use]
    pub fn framing(mut self, framing: Framing) -> Self {
        self.fault.framing = Some(framing);
        self
    }

    /// The field or fields, for kinds that have some.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.fault.field = Some(field.into());
        self
    }

    /// Whether points are charged.
    #[must_use]
    pub fn strikes(mut self, strikes: Strikes) -> Self {
        self.fault.strikes = Some(strikes);
        self
    }
}

/// Faults drawn at a rate.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rate {
    /// Share of the requests that are hit, 0 to 1.
    pub(crate) rate: f64,
    pub(crate) weights: Vec<(FaultKind, f64)>,
}

/// A stretch of time with a rate of its own.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spell {
    /// Since the faults were set.
    pub(crate) from: Duration,
    pub(crate) lasts: Duration,
    /// From one beginning to the next; `None` is once.
    pub(crate) every: Option<Duration>,
    pub(crate) rate: Rate,
}

impl Spell {
    /// Whether it goes on, so long after the faults were set.
    pub(crate) fn goes_on_at(&self, since: Duration) -> bool {
        let Some(mut within) = since.checked_sub(self.from) else {
            return false;
        };
        if let Some(every) = self.every {
            let nanos = within.as_nanos() % every.as_nanos().max(1);
            within = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        }
        within < self.lasts
    }
}

/// All faults that a simulator shall have.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faults {
    pub(crate) seed: u64,
    pub(crate) rate: Option<Rate>,
    pub(crate) spells: Vec<Spell>,
    pub(crate) script: Vec<ScriptedFault>,
}

impl Faults {
    /// None.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The mixed set of transient faults, hitting that share of the requests (0 to 1) of both endpoints.
    ///
    /// A client that repeats patiently gets through: the same request is not hit by more than 3 content faults (bad JSON, missing data,
    /// GraphQL internal, HTML with status 200) in a row, by one refusal of its token until it was answered, and a token request by no more than
    /// 2 faults in a row.
    #[must_use]
    pub fn mixed(rate: f64, seed: u64) -> Self {
        let rate = Rate { rate: rate.clamp(0.0, 1.0), weights: mixed::WEIGHTS.to_vec() };
        Self { seed, rate: Some(rate), ..Self::default() }
    }

    /// One kind, hitting that share of the requests (0 to 1). The bounds of [`Faults::mixed`] hold here, too.
    #[must_use]
    pub fn only(kind: FaultKind, rate: f64, seed: u64) -> Self {
        let mut faults = Self::mixed(rate, seed);
        if let Some(rate) = &mut faults.rate {
            rate.weights = vec![(kind, 1.0)];
        }
        faults
    }

    /// The same faults, drawn from another seed.
    #[must_use]
    pub fn seeded(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Adds a scripted fault; the first one that fits a request strikes, and scripted ones come before drawn ones.
    #[must_use]
    pub fn with(mut self, fault: ScriptedFault) -> Self {
        self.script.push(fault);
        self
    }
}
