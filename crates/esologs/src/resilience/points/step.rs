//! The steps of an account, and what came of each. Every store takes the same steps, so that they can be held against each other.

use super::{Account, Ask, Charge, LedgerSettings, Refusal, Settled, Snapshot, Standing};

/// Something that is asked of an account, or that it is told.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step<'a> {
    /// Set points aside for an attempt.
    Reserve(Ask<'a>),
    /// An attempt is over.
    Finish(Finish),
    /// Is it this one's turn to ask for a snapshot alone?
    Probe,
    /// Only the standing is wanted.
    Look,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Finish {
    pub(crate) id: u64,
    pub(crate) charge: Charge,
    /// What its answer said of the budget.
    pub(crate) snapshot: Option<Snapshot>,
    /// The service said that the points are spent.
    pub(crate) refused: Option<Refused>,
}

/// The service refused a request because the points are spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) retry_after_ms: Option<i64>,
    pub(crate) sent_ms: i64,
}

/// What came of a step, and how the account stands after it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stepped {
    pub(crate) outcome: Outcome,
    pub(crate) standing: Standing,
}

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Points are set aside under this number.
    Reserved(u64),
    /// None are.
    Held(Refusal),
    /// Whether a snapshot may be asked for alone.
    MayProbe(bool),
    /// It was taken in.
    Done,
}

impl Account {
    /// Takes one step.
    pub(crate) fn step(&mut self, step: Step<'_>, settings: &LedgerSettings, now_ms: i64) -> Stepped {
        let outcome = match step {
            Step::Reserve(ask) => match self.reserve(&ask, settings, now_ms) {
                Ok(id) => Outcome::Reserved(id),
                Err(refusal) => Outcome::Held(refusal),
            },
            Step::Finish(finish) => {
                self.settle(&finish, settings, now_ms);
                Outcome::Done
            }
            Step::Probe => {
                self.pass_time(settings, now_ms);
                Outcome::MayProbe(self.may_probe(now_ms))
            }
            Step::Look => {
                self.pass_time(settings, now_ms);
                Outcome::Done
            }
        };
        Stepped { outcome, standing: self.standing(settings, now_ms) }
    }

    /// An attempt is over.
    pub(crate) fn settle(&mut self, finish: &Finish, settings: &LedgerSettings, now_ms: i64) -> Settled {
        self.finish(finish.id, finish.charge, finish.snapshot.as_ref(), settings, now_ms);
        if let Some(Refused { retry_after_ms, sent_ms }) = finish.refused {
            self.note_refused(retry_after_ms, sent_ms, settings, now_ms);
        }
        self.settled()
    }
}
