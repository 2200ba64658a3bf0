//! One call: what its attempts share, and what equal calls share.

use std::any::TypeId;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::Deadline;
use super::cache::Question;
use super::points::Shape;
use super::single_flight::SingleFlight;
use crate::client::{AuthScope, Client};
use crate::config::CallPolicy;
use crate::decode::{Answer, AnyForm, Failure, reread};
use crate::error::{Error, ErrorKind};
use crate::events::Event;
use crate::query::{Operation, hash};

/// One call, from the caller's question on. Its attempts share it, so nothing is cloned to send it again.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) number: u64,
    pub(crate) operation: Operation,
    /// In whose name it begins, and by which rules.
    scope: AuthScope,
    policy: Arc<CallPolicy>,
    /// What it costs depends on this alone.
    shape: u64,
    pub(crate) body: Bytes,
    pub(crate) started: Instant,
    /// It only asks how the points stand, so that others can go on.
    pub(crate) is_points_probe: bool,
    pub(crate) deadline: Deadline,
    /// What the cache is asked; `None` where the answer is not kept.
    pub(crate) question: Option<Box<Question>>,
}

impl Call {
    pub(crate) fn begin(client: &Client, operation: Operation) -> Result<Self, Error> {
        client.policy().check()?;
        let body = operation.to_body().map_err(|error| {
            Error::new(ErrorKind::Usage, "the query's variables cannot be written as JSON").with_source(error)
        })?;
        let started = Instant::now();
        // Everything below reads the time that is left; nothing sleeps past it.
        let deadline = Deadline::after(started, client.policy().deadline);
        let shape = client.gate().map_or(0, |_| Shape::of(&operation).number());
        let (scope, policy) = (client.auth_scope().clone(), Arc::clone(client.shared_policy()));
        let question = client.question(&operation).map(Box::new);
        let number = client.next_call_number();
        Ok(Self { number, operation, scope, policy, shape, body, started, is_points_probe: false, deadline, question })
    }

    /// Whether the answer of one of them is as good for the other. Who wants an answer kept does not join who does not, and one
    /// that has to hold all that was asked for does not join one that need not.
    fn is_equal_to(&self, other: &Self) -> bool {
        let same_policy = Arc::ptr_eq(&self.policy, &other.policy) || self.policy == other.policy;
        let is_kept = |call: &Self| call.question.is_some();
        let is_checked = |call: &Self| call.operation.selection().is_some();
        let same_kind = is_kept(self) == is_kept(other) && is_checked(self) == is_checked(other);
        same_kind && same_policy && self.scope == other.scope && self.body == other.body
    }

    /// The same, as the question that settles the ledger.
    pub(crate) fn into_points_probe(self) -> Self {
        Self { is_points_probe: true, ..self }
    }

    /// What decides about its price.
    pub(crate) fn shape(&self) -> Shape<'_> {
        Shape::known(self.shape, &self.operation)
    }

    pub(crate) fn operation(&self) -> &str {
        self.operation.name()
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Whether its deadline is still to come.
    pub(crate) fn has_time(&self, now: Instant) -> bool {
        self.deadline.remaining(now).is_none_or(|left| !left.is_zero())
    }
}

/// What equal calls have in common: the same question, asked in the same name by the same rules, for the same type of answer.
#[derive(Debug, Clone)]
pub(crate) struct CallKey {
    /// Of the body's end: reckoned once, and looked for several times.
    hash: u64,
    call: Arc<Call>,
    answer: TypeId,
}

impl CallKey {
    pub(crate) fn of(call: &Arc<Call>, form: &dyn AnyForm) -> Self {
        // The end differs where bodies differ (the variables come last); the document is long and mostly the same.
        const TAIL: usize = 64;
        let hash = hash::bytes(&call.body[call.body.len().saturating_sub(TAIL)..]);
        Self { hash, call: Arc::clone(call), answer: form.data_type() }
    }
}

impl PartialEq for CallKey {
    fn eq(&self, other: &Self) -> bool {
        self.answer == other.answer && (Arc::ptr_eq(&self.call, &other.call) || self.call.is_equal_to(&other.call))
    }
}

impl Eq for CallKey {}

impl Hash for CallKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

/// Calls on their way that others may join.
pub(crate) type Flights = SingleFlight<CallKey>;

/// What a successful attempt brought: the answer, and the bytes it was read from where others may want to read them, too.
pub(crate) struct Received {
    pub(crate) answer: Answer,
    pub(crate) body: Option<Bytes>,
    pub(crate) attempts: u32,
    /// When it was there.
    pub(crate) at: Instant,
    /// Parts that failed by themselves, where the operation consists of parts.
    pub(crate) failed: Vec<(usize, Failure)>,
    /// It was shown to the user after the key had been refused.
    pub(crate) is_users: bool,
}

impl Received {
    /// Whether null came in the place of the report that the call is about.
    pub(crate) fn hides_report(&self, call: &Call) -> bool {
        self.answer.data.is_hidden() && call.operation.batch().is_none() && call.operation.reports().next().is_some()
    }
}

/// The answer of a call that others may have joined. The first to come takes the value, the others read it again.
pub(crate) struct Landed {
    first: Mutex<Option<Answer>>,
    body: Bytes,
    form: &'static dyn AnyForm,
    pub(crate) attempts: u32,
}

impl Landed {
    pub(crate) fn new(received: Received, form: &'static dyn AnyForm) -> Self {
        let Received { answer, body, attempts, .. } = received;
        Self { first: Mutex::new(Some(answer)), body: body.unwrap_or_default(), form, attempts }
    }

    /// The answer for one of the callers. It was read once in this very form, so reading it again succeeds.
    pub(crate) fn read(&self) -> Result<Answer, Failure> {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        first.map_or_else(|| reread(&self.body, self.form), Ok)
    }
}

/// Tells that a call was dropped before its end, unless it came to one.
pub(crate) struct Unfinished<'a> {
    client: &'a Client,
    call: &'a Call,
    ended: bool,
}

impl<'a> Unfinished<'a> {
    pub(crate) fn new(client: &'a Client, call: &'a Call) -> Self {
        client.tell(&Event::CallStarted { call: call.number, operation: call.operation() });
        Self { client, call, ended: false }
    }

    pub(crate) fn end(mut self) {
        self.ended = true;
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if !self.ended {
            let elapsed = self.call.elapsed();
            self.client.tell(&Event::Cancelled { call: self.call.number, operation: self.call.operation(), elapsed });
        }
    }
}
