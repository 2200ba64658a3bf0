//! Where the time of one call goes: every stretch between two events belongs to exactly one cause, so the parts add up.

use crate::decode::Class;
use crate::events::record::What;

use super::cause::Cause;
use super::story::{Ending, Part, Story};

/// Parts of a story that are kept; what goes beyond is added to the last one.
const MOST_PARTS: usize = 200;

/// The books of a call that goes on.
#[derive(Debug)]
pub(super) struct Account {
    call: u64,
    operation: String,
    started: u64,
    /// Everything before this is booked.
    booked: u64,
    /// What the time from there on is for.
    open: Cause,
    attempt: u32,
    parts: Vec<Part>,
    verdict: Option<String>,
}

impl Account {
    pub(super) fn new(call: u64, operation: String, at_ms: u64) -> Self {
        let (parts, verdict) = (Vec::new(), None);
        Self { call, operation, started: at_ms, booked: at_ms, open: Cause::Other, attempt: 0, parts, verdict }
    }

    /// Books the time up to an event; tells the whole story where it is the last one.
    pub(super) fn book(&mut self, what: &What, at: u64) -> Option<Story> {
        match what {
            What::Joined { .. } => self.turn_to(Cause::SharedAnswer, at),
            What::InLine { .. } => self.turn_to(Cause::InLine, at),
            // Further tries for a token, and the waits between them, are time for the token.
            What::TokenRequested { .. } | What::Waiting { .. } if self.open == Cause::Token => {}
            What::TokenRequested { .. } => self.turn_to(Cause::Token, at),
            What::Waiting { reason, .. } => self.turn_to(Cause::of_wait(reason), at),
            What::AttemptStarted { attempt, queued_ms, for_token_ms, .. } => {
                self.attempt = *attempt;
                self.begin_attempt(at.saturating_sub(*queued_ms));
                self.spend_on(self.open, at.saturating_sub(*for_token_ms));
                self.spend_on(Cause::Token, at);
                self.open = Cause::FailedRequests;
            }
            What::AttemptSucceeded { .. } => self.end_request(Cause::AnsweredRequests, None, at),
            What::AttemptFailed { attempt, class, elapsed_ms, .. } => {
                let class = Class::from_name(class);
                self.attempt = *attempt;
                if self.open == Cause::FailedRequests {
                    self.end_request(Cause::FailedRequests, class, at);
                } else {
                    self.begin_attempt(at.saturating_sub(*elapsed_ms));
                    self.end_request(not_sent(class, self.open), class, at);
                }
            }
            What::Decided { verdict, .. } => self.verdict = Some(verdict.clone().into_owned()),
            What::Answered { attempts, .. } => return Some(self.end(Ending::Answered, *attempts, at)),
            What::GaveUp { attempts, kind, .. } => {
                let ending = Ending::GaveUp { kind: kind.clone().into_owned(), verdict: self.verdict.take() };
                return Some(self.end(ending, *attempts, at));
            }
            What::Cancelled { .. } => {
                let attempts = self.attempt;
                return Some(self.end(Ending::Cancelled, attempts, at));
            }
            _ => {}
        }
        None
    }

    /// From here on, time is for something else.
    fn turn_to(&mut self, cause: Cause, at: u64) {
        self.spend_on(self.open, at);
        self.open = cause;
    }

    /// An attempt began then, unless a wait within it was told: whatever was before ended there, and it stood in line since.
    fn begin_attempt(&mut self, began: u64) {
        if !self.open.is_within_an_attempt() {
            self.turn_to(Cause::InLine, began);
        }
    }

    fn spend_on(&mut self, cause: Cause, until: u64) {
        let spent = until.saturating_sub(self.booked);
        if spent > 0 {
            self.add(Part { cause, ms: spent, attempt: self.attempt, class: None, ends_attempt: false });
        }
        self.booked = self.booked.max(until);
    }

    fn end_request(&mut self, cause: Cause, class: Option<Class>, at: u64) {
        let ms = at.saturating_sub(self.booked);
        self.add(Part { cause, ms, attempt: self.attempt, class, ends_attempt: true });
        self.booked = self.booked.max(at);
        self.open = Cause::Other;
    }

    fn add(&mut self, part: Part) {
        let is_full = self.parts.len() >= MOST_PARTS;
        match self.parts.last_mut() {
            Some(last) if is_full => {
                (last.ms, last.cause) = (last.ms + part.ms, Cause::Other);
                (last.class, last.ends_attempt) = (None, false);
            }
            _ => self.parts.push(part),
        }
    }

    fn end(&mut self, ending: Ending, attempts: u32, at: u64) -> Story {
        self.spend_on(self.open, at);
        Story {
            call: self.call,
            operation: std::mem::take(&mut self.operation),
            total_ms: self.booked - self.started,
            attempts,
            ending,
            parts: std::mem::take(&mut self.parts),
        }
    }
}

/// What the time of an attempt went into that sent nothing.
fn not_sent(class: Option<Class>, open: Cause) -> Cause {
    match class {
        Some(Class::BreakerOpen) => Cause::Breaker,
        Some(Class::NoSlot) if open == Cause::RequestRate => Cause::RequestRate,
        Some(Class::NoSlot) => Cause::InLine,
        _ => Cause::Token,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_of_very_many_steps_is_kept_in_bounds_and_still_adds_up() {
        let mut account = Account::new(1, "Fights".to_owned(), 100);
        let steps = 2 * MOST_PARTS as u64;
        for step in 0..steps {
            let at = 100 + 10 * step;
            assert!(account.book(&What::Waiting { call: 1, reason: "backoff".into(), delay_ms: 10 }, at).is_none());
        }

        let story = account.book(&What::Cancelled { call: 1, elapsed_ms: 10 * steps }, 100 + 10 * steps).unwrap();

        assert_eq!((story.parts.len(), story.total_ms), (MOST_PARTS, 10 * steps));
        assert_eq!(story.parts.iter().map(|part| part.ms).sum::<u64>(), story.total_ms);
    }
}
