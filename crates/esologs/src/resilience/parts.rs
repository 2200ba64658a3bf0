//! A call that consists of parts: what is asked for with each request, and what the answers have brought so far.

use bytes::Bytes;

use super::call::{Call, Received};
use crate::decode::{Failure, failure_of_parts, may_come_again};
use crate::error::Error;
use crate::query::{Batch, Operation};

/// What a request asks for: all of the call's operation, or the parts of it that have not come.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) body: Bytes,
    pub(super) batch: Option<Batch>,
}

impl Asked {
    /// Everything.
    pub(super) fn all(call: &Call) -> Self {
        Self { body: call.body.clone(), batch: call.operation.batch().cloned() }
    }

    /// The codes of the reports that it asks for.
    pub(super) fn reports<'a>(&'a self, call: &'a Call) -> Box<dyn Iterator<Item = &'a str> + 'a> {
        match &self.batch {
            Some(batch) => Box::new(batch.values()),
            None => Box::new(call.operation.reports()),
        }
    }

    /// The parts that failed, in a document of their own.
    fn only(&self, failed: &[(usize, Failure)]) -> Self {
        let parts: Vec<usize> = failed.iter().map(|(part, _)| *part).collect();
        let Some(batch) = self.batch.as_ref().map(|batch| batch.only(&parts)) else {
            return Self { body: self.body.clone(), batch: None };
        };
        let body = Operation::of_parts(batch.clone()).to_body();
        // What could be written with all parts can be written with some; otherwise all are asked for again.
        Self { body: body.unwrap_or_else(|_| self.body.clone()), batch: Some(batch) }
    }
}

/// What the answers to a call have brought so far.
pub(super) struct Gathered(pub(super) Received);

impl Gathered {
    /// This answer, with what came before it. Parts that cannot come are given up with their errors; a part that only a user may see
    /// can, where one is left to ask as.
    pub(super) fn with(
        before: Option<Self>,
        mut received: Received,
        has_other_user: bool,
        error: impl Fn(&Failure) -> Error,
    ) -> Self {
        let may_come = |failure: &Failure| may_come_again(failure) || (has_other_user && failure.class.is_about_who_asks());
        let (again, ended): (Vec<_>, Vec<_>) = received.failed.drain(..).partition(|(_, failure)| may_come(failure));
        received.failed = again;
        if let Some(Self(before)) = before {
            let later = std::mem::replace(&mut received.answer, before.answer);
            received.answer.data.take_parts(later.data);
        }
        for (part, failure) in ended {
            received.answer.data.end_part(part, error(&failure));
        }
        Self(received)
    }

    /// What is to be asked for next, and the failure that tells whether and when; `None` where nothing is missing.
    pub(super) fn missing(&self, asked: &Asked) -> Option<(Asked, Failure)> {
        let count = asked.batch.as_ref().map_or(1, |batch| batch.asked().len());
        let failure = failure_of_parts(self.0.failed.iter().map(|(_, failure)| failure), count)?;
        Some((asked.only(&self.0.failed), failure))
    }

    /// The request for what is missing has failed as a whole.
    pub(super) fn note(&mut self, failure: &Failure) {
        // What we refused ourselves says nothing of the parts.
        if !failure.class.is_local() {
            self.0.failed.iter_mut().for_each(|(_, last)| *last = failure.clone());
        }
    }

    /// What has come; what has not is given up with its error.
    pub(super) fn end(mut self, error: impl Fn(&Failure) -> Error) -> Received {
        for (part, failure) in self.0.failed.drain(..) {
            self.0.answer.data.end_part(part, error(&failure));
        }
        self.0
    }
}
