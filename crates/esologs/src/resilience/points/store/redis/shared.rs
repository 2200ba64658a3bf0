//! A step: in Redis where it is there, alone where it is not.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use super::super::{StoreState, lock};
use super::STEP_TIMEOUT;
use super::link::{Connection, Place};
use super::own::Own;
use super::reply::{Exchanged, Reply, Taken, read};
use super::request::{Request, Rules, Sent};
use super::tokens::Tokens;
use crate::error::Error;
use crate::resilience::points::spenders::Spender;
use crate::resilience::points::{LedgerSettings, Outcome, Step, Stepped};

/// What tests set otherwise.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tuning {
    /// Each process speaks so often at least, so that it counts among those who share, and knows what it may spend alone.
    pub(super) beat: Duration,
    /// Redis goes by the clock of this process.
    pub(super) sends_the_time: bool,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { beat: Duration::from_secs(1), sends_the_time: false }
    }
}

/// What steps and keeper share.
pub(super) struct Shared {
    place: Place,
    tokens: Tokens,
    settings: LedgerSettings,
    pub(super) tuning: Tuning,
    /// This process, among those who share.
    me: String,
    state: Mutex<State>,
    /// One connects, the others wait for it.
    connecting: tokio::sync::Mutex<()>,
    lost: Arc<Notify>,
}

pub(super) struct State {
    pub(super) link: Link,
    pub(super) own: Own,
    pub(super) answered_at: Option<Instant>,
    /// The wall clock of the last step, and when that was.
    clock: (i64, Instant),
}

/// Whether Redis is there.
pub(super) enum Link {
    Untried,
    Up(Connection),
    Away { reason: Arc<str>, tries: u32 },
}

/// What is asked of Redis, or told to it.
#[derive(Debug, Clone, Copy)]
pub(super) enum What<'a> {
    Step(Step<'a>),
    /// Who spent what.
    Spenders,
    /// This process will not be there any more.
    Leave,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) what: What<'a>,
    /// The number that a new reservation gets.
    pub(super) id: u64,
    pub(super) now_ms: i64,
}

impl What<'_> {
    fn step(&self) -> Option<&Step<'_>> {
        if let Self::Step(step) = self { Some(step) } else { None }
    }
}

impl Shared {
    pub(super) fn new(url: &str, bucket: &str, settings: LedgerSettings, tuning: Tuning) -> Result<Self, Error> {
        let state = State { link: Link::Untried, own: Own::default(), answered_at: None, clock: (0, Instant::now()) };
        Ok(Self {
            place: Place::new(url, bucket)?,
            tokens: Tokens::new(bucket),
            settings,
            tuning,
            me: format!("{:016x}", RandomState::new().build_hasher().finish()),
            state: Mutex::new(state),
            connecting: tokio::sync::Mutex::default(),
            lost: Arc::default(),
        })
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    pub(super) fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    pub(super) fn me(&self) -> &str {
        &self.me
    }

    pub(super) fn lost(&self) -> Arc<Notify> {
        Arc::clone(&self.lost)
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(super) fn state(&self) -> StoreState {
        match &self.lock().link {
            Link::Untried | Link::Up(_) => StoreState::Shared,
            Link::Away { reason, .. } => StoreState::Alone(Arc::clone(reason)),
        }
    }

    /// The wall clock, as far as the last step told it.
    pub(super) fn now_ms(&self) -> i64 {
        let (told_ms, at) = self.lock().clock;
        self.after(told_ms, at)
    }

    /// What the clock shows now that showed this then.
    fn after(&self, then_ms: i64, then: Instant) -> i64 {
        let passed = if self.tuning.sends_the_time { Duration::ZERO } else { then.elapsed() };
        then_ms.saturating_add(i64::try_from(passed.as_millis()).unwrap_or(i64::MAX))
    }

    pub(super) async fn step(&self, step: Step<'_>, now_ms: i64) -> Stepped {
        let id = {
            let mut state = self.lock();
            state.clock = (now_ms, Instant::now());
            match state.link {
                Link::Away { .. } => return state.own.step_alone(step, &self.settings, now_ms),
                _ if matches!(step, Step::Reserve(_)) => state.own.account.take_id(),
                _ => 0,
            }
        };
        let question = Question { what: What::Step(step), id, now_ms };
        let mut unanswered = Unanswered { shared: self, question: Some(question) };
        if let Ok(taken) = self.ask(question).await {
            unanswered.question = None;
            return taken.stepped;
        }
        drop(unanswered);
        let mut state = self.lock();
        match state.link {
            Link::Away { .. } => state.own.step_alone(step, &self.settings, now_ms),
            _ => state.own.step_unanswered(step, &self.settings, now_ms),
        }
    }

    pub(super) async fn spenders(&self, now_ms: i64) -> Vec<Spender> {
        match self.ask(Question { what: What::Spenders, id: 0, now_ms }).await {
            Ok(taken) => taken.spenders,
            Err(()) => self.lock().own.account.spenders.rows(),
        }
    }

    /// What this process may spend alone, were Redis away, is free for the others at once, not only when they have missed it for a while.
    /// With its next step it is there again.
    pub(super) async fn leave(&self) {
        if matches!(self.lock().link, Link::Up(_)) {
            // Without an answer the others wait a while.
            let _ = self.ask(Question { what: What::Leave, id: 0, now_ms: self.now_ms() }).await;
        }
    }

    /// Asks Redis. Where it has no answer, it is away from now on.
    async fn ask(&self, question: Question<'_>) -> Result<Taken, ()> {
        let mut used = 0;
        let asking = async {
            let connection = self.connection_with_number().await?;
            used = connection.number;
            self.ask_on(connection.inner, question).await
        };
        let answer = timeout(STEP_TIMEOUT, asking).await.unwrap_or_else(|_| Err(self.place.no_answer(STEP_TIMEOUT)));
        answer.map_err(|reason| self.lose(used, reason, question.now_ms))
    }

    /// Asks on this connection, and takes the answer in.
    pub(super) async fn ask_on(&self, connection: MultiplexedConnection, question: Question<'_>) -> Result<Taken, Arc<str>> {
        let Question { what, id, now_ms } = question;
        let step = what.step();
        let mut is_told = false;
        // Twice where Redis has lost its memory: the second time with what this process knows.
        for _ in 0..2 {
            let (telling, gone, request) = {
                let mut state = self.lock();
                let gone = Gone { shared: self, ids: state.own.take_gone() };
                let (telling, home) = state.own.tell(&self.me, now_ms);
                let request = Request {
                    me: &self.me,
                    life: state.own.life(),
                    gone: Own::names(&gone.ids, &self.me),
                    settings: Rules::new(&self.settings, STEP_TIMEOUT),
                    heard: state.own.heard,
                    home,
                    step: match &what {
                        What::Step(step) => Sent::new(step, &self.me, id, now_ms),
                        What::Spenders => Sent::Spenders(()),
                        What::Leave => Sent::Leave(()),
                    },
                    now_ms: self.tuning.sends_the_time.then_some(now_ms),
                };
                if let Some(step) = step.filter(|_| !is_told) {
                    state.own.finish(step, &self.settings, now_ms);
                    is_told = true;
                }
                (telling, gone, request)
            };
            let asked = Instant::now();
            let rows = self.place.run(connection.clone(), &request).await?;
            let exchanged = Exchanged { asked_ms: now_ms, answered_ms: self.after(now_ms, asked) };
            let reply = read(&rows, id, exchanged).ok_or_else(|| self.place.strange_answer())?;
            if let Reply::Taken(_) = reply {
                gone.are_told();
            }
            let mut state = self.lock();
            match reply {
                Reply::Lost => state.own.must_tell_from(now_ms),
                Reply::Taken(taken) => {
                    if let (Some(Step::Reserve(ask)), Outcome::Reserved(id)) = (&step, taken.stepped.outcome) {
                        state.own.account.adopt(id, ask, &self.settings, now_ms);
                    }
                    state.own.hear_of_others(&taken, &self.me);
                    state.own.hear(&taken, telling, now_ms);
                    state.answered_at = Some(Instant::now());
                    return Ok(*taken);
                }
            }
        }
        Err(self.place.strange_answer())
    }

    pub(super) async fn connection(&self) -> Result<MultiplexedConnection, Arc<str>> {
        self.connection_with_number().await.map(|connection| connection.inner)
    }

    pub(super) async fn connection_with_number(&self) -> Result<Connection, Arc<str>> {
        if let Some(known) = self.lock().link.get() {
            return known;
        }
        // Not for ever: who connects may be held by its caller without being driven.
        let _connecting = timeout(STEP_TIMEOUT / 2, self.connecting.lock()).await.ok();
        if let Some(known) = self.lock().link.get() {
            return known;
        }
        let connection = self.place.connect().await?;
        self.lock().link = Link::Up(connection.clone());
        Ok(connection)
    }

    /// Redis is away: it did not answer on this connection.
    pub(super) fn lose(&self, used: u64, reason: Arc<str>, now_ms: i64) {
        let mut state = self.lock();
        let is_it = match &state.link {
            Link::Untried => true,
            Link::Up(connection) => connection.number == used,
            Link::Away { .. } => false,
        };
        if is_it {
            state.link = Link::Away { reason, tries: 0 };
            state.own.begin_alone(now_ms, &self.settings);
            self.lost.notify_one();
        }
    }
}

impl Link {
    /// The connection, or why there is none; `None` where nobody has tried yet.
    fn get(&self) -> Option<Result<Connection, Arc<str>>> {
        match self {
            Self::Untried => None,
            Self::Up(connection) => Some(Ok(connection.clone())),
            Self::Away { reason, .. } => Some(Err(Arc::clone(reason))),
        }
    }
}

/// Reservations that Redis is told are not needed; told again with the next step where it does not answer.
struct Gone<'a> {
    shared: &'a Shared,
    ids: Vec<u64>,
}

impl Gone<'_> {
    fn are_told(mut self) {
        self.ids.clear();
    }
}

impl Drop for Gone<'_> {
    fn drop(&mut self) {
        if !self.ids.is_empty() {
            self.shared.lock().own.leave_behind(std::mem::take(&mut self.ids));
        }
    }
}

/// A step that Redis has not answered. It may have been taken all the same; whoever asked may have gone away.
struct Unanswered<'a> {
    shared: &'a Shared,
    question: Option<Question<'a>>,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        match self.question {
            Some(Question { what: What::Step(Step::Reserve(_)), id, .. }) => self.shared.lock().own.leave_behind([id]),
            Some(Question { what: What::Step(Step::Finish(finish)), now_ms, .. }) => {
                let mut state = self.shared.lock();
                state.own.leave_behind([finish.id]);
                state.own.must_tell_from(now_ms);
            }
            _ => {}
        }
    }
}
