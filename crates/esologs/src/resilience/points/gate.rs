//! The gate before the service: an attempt passes it with points set aside, or stands in line until there are some.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use super::keeping::Keeping;
use super::own::OwnSpending;
use super::prices::{Price, Prices};
use super::restart::Restart;
use super::spenders::Spender;
use super::store::lock;
use super::{
    Ask, Charge, Finish, Ledger, LedgerSettings, Outcome, Refusal, Reserved, Settled, Shape, Standing, Step, Store, Why,
};
use crate::auth::SharedTokens;
use crate::clock::Clock;
use crate::error::Error;
use crate::resilience::wait::wait;
use crate::resilience::{Deadline, Priority};
use crate::units::Points;

/// A call that is not to wait for new points waits so long for others' to settle.
const SETTLING: Duration = Duration::from_secs(15);
/// The first of the batch line, while interactive calls stand in theirs, looks again after so long if nobody tells it to.
const YIELD: Duration = Duration::from_secs(1);
/// A moment that moved by less is the same one.
const OTHER_MOMENT: Duration = Duration::from_secs(30);
/// Between two looks of the first in line that nobody told to look, at least.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

/// What an attempt needs to pass.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Want<'a> {
    pub(crate) operation: &'a str,
    /// Stands for what it costs.
    pub(crate) shape: u64,
    pub(crate) price: Price,
    pub(crate) priority: Priority,
    /// How long it holds what is set aside, at most.
    pub(crate) lease: Duration,
    pub(crate) deadline: Deadline,
    /// The time that an attempt may take once it has its points.
    pub(crate) attempt_timeout: Duration,
    /// The longest wait for new points.
    pub(crate) max_wait: Duration,
    /// It only asks how the account stands, so that others can go on.
    pub(crate) is_probe: bool,
}

/// Why an attempt may not pass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Short {
    pub(crate) why: Why,
    /// When it makes sense to come back; `None` where it never does.
    pub(crate) retry_in: Option<Duration>,
    pub(crate) standing: Standing,
}

impl Short {
    fn by(refusal: Refusal, standing: Standing) -> Self {
        let retry_in = Duration::from_millis(u64::try_from(refusal.retry_in_ms).unwrap_or(1));
        Self { why: refusal.why, retry_in: Some(retry_in), standing }
    }

    /// The reason, in words for people.
    pub(crate) fn words(&self, want: &Want<'_>) -> String {
        let Standing { limit, spent, kept_for_interactive: kept, .. } = self.standing;
        let (held, at_most) = (self.standing.open(), want.price.at_most);
        match (self.why, limit) {
            (Why::OwnLimit, _) => {
                format!("this client's own limit of points is reached; the call may take {at_most:.0}")
            }
            (Why::Spent, Some(limit)) => {
                let kept = if kept >= 0.5 && want.priority == Priority::Batch {
                    format!(", {kept:.0} of them kept for interactive calls")
                } else {
                    String::new()
                };
                let left = (limit - spent).max(0.0);
                format!("too few points are left: {left:.0} of {limit:.0}{kept}; the call may take {at_most:.0}")
            }
            (Why::Spent, None) => "the points are spent, as the service said a moment ago".to_owned(),
            (Why::FirstAnswer, _) => "the first answer, which tells how many points there are, did not come in time".to_owned(),
            (Why::OnTheirWay | Why::Unsettled, _) => {
                format!("the points that are left are held for other calls ({held:.0}), and none were settled in time")
            }
        }
    }
}

/// What whoever stands in line is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Notice {
    /// It waits, for this reason, so long at most; so many are in line, it included.
    Waiting { why: Why, longest: Duration, queued: usize },
    /// It is time to ask for a snapshot alone: the budget is held back by calls whose charge nobody knows.
    ProbeIsDue,
}

/// The gate of a client.
#[derive(Debug)]
pub(crate) struct Gate {
    pub(super) store: Store,
    pub(super) settings: LedgerSettings,
    clock: Clock,
    /// Who asks, for the account of who spent what.
    owner: String,
    lines: [Line; 2],
    /// Something was settled or given back.
    moved: Notify,
    own: Mutex<OwnSpending>,
    pub(super) prices: Prices,
    restart: Mutex<Restart>,
    keeping: Keeping,
}

impl Gate {
    pub(crate) fn new(ledger: &Ledger, key: &str, clock: Clock, seed: u64) -> Result<Self, Error> {
        Ok(Self {
            store: ledger.store(key)?,
            settings: ledger.settings,
            clock,
            owner: ledger.spender(),
            lines: Default::default(),
            moved: Notify::new(),
            own: Mutex::default(),
            prices: Prices::default(),
            restart: Mutex::new(Restart::new(seed)),
            keeping: Keeping::default(),
        })
    }

    /// Where the key's token is kept for all who use this ledger.
    pub(crate) fn shared_tokens(&self) -> Option<Arc<dyn SharedTokens>> {
        match &self.store {
            Store::Memory(_) => None,
            Store::Shared(store) => Arc::clone(store).tokens(),
        }
    }

    /// What a call of this shape is expected to cost.
    pub(crate) fn price(&self, shape: &Shape<'_>, now: Instant) -> Price {
        self.prices.of(shape, now)
    }

    /// Sets points aside where the account is at hand, nobody stands in line and there are enough; `None` where it takes longer to
    /// find out. Most calls need no more than this.
    pub(crate) fn at_once<'a>(self: &'a Arc<Self>, want: &Want<'_>) -> Option<Reserved<'a>> {
        let Store::Memory(account) = &self.store else { return None };
        if self.settings.max_points.is_some() || !self.is_turn_of(want) {
            return None;
        }
        let now_ms = self.now_ms();
        let id = lock(account).reserve(&want.ask(&self.owner), &self.settings, now_ms).ok()?;
        Some(Reserved::new(self, id, want.price, now_ms))
    }

    /// Sets points aside where that can be done without standing in line; `None` where it cannot.
    pub(crate) async fn pass<'a>(self: &'a Arc<Self>, want: &Want<'_>) -> Result<Option<Reserved<'a>>, Short> {
        if !self.is_turn_of(want) {
            return Ok(None);
        }
        match self.ask(want).await {
            Ok(reserved) => Ok(Some(reserved)),
            Err(short) if want.is_probe || !want.puts_up_with(&short, Duration::ZERO) => Err(short),
            Err(_) => Ok(None),
        }
    }

    /// Whether nobody stands in line before it.
    fn is_turn_of(&self, want: &Want<'_>) -> bool {
        want.is_probe
            || (self.line(Priority::Interactive).is_empty()
                && (want.priority == Priority::Interactive || self.line(Priority::Batch).is_empty()))
    }

    /// Sets points aside when it is this call's turn: interactive calls before batch calls, then first come, first served.
    /// Cancelled, it leaves the line.
    pub(crate) async fn stand_in_line<'a>(
        self: &'a Arc<Self>,
        want: &Want<'_>,
        tell: &(dyn Fn(Notice) + Sync),
    ) -> Result<Reserved<'a>, Short> {
        let (entered, line) = (Instant::now(), self.line(want.priority));
        let _place = Place::take(line, &self.moved);
        let turn = line.turn.lock();
        let Ok(_turn) = timeout(want.time_left(entered), turn).await else { return Err(self.too_late().await) };
        let mut told = None::<(Why, Instant)>;
        loop {
            // From here on nothing that moves is missed.
            let mut moved = std::pin::pin!(self.moved.notified());
            moved.as_mut().enable();
            let is_paced = want.priority == Priority::Batch;
            let gap = if is_paced { lock(&self.restart).gap(Instant::now()) } else { Duration::ZERO };
            if !gap.is_zero() {
                wait(gap, &self.clock).await;
            }
            let (short, pause) = if want.priority == Priority::Batch && !self.line(Priority::Interactive).is_empty() {
                (None, YIELD)
            } else {
                match self.ask(want).await {
                    Ok(reserved) => {
                        if is_paced {
                            lock(&self.restart).passed(Instant::now());
                        }
                        return Ok(reserved);
                    }
                    Err(short) => (Some(short), short.retry_in.unwrap_or_default().max(SHORTEST_PAUSE)),
                }
            };
            let left = want.time_left(entered);
            if let Some(short) = short {
                if !want.puts_up_with(&short, entered.elapsed()) || left.is_zero() {
                    return Err(short);
                }
                if self.is_due_to_probe(&short).await {
                    tell(Notice::ProbeIsDue);
                }
                // Told once for each reason, and again for each new moment of the points to come.
                let until = if short.why == Why::Spent { Instant::now() + pause } else { entered };
                let is_news = told.is_none_or(|(why, then)| why != short.why || until > then + OTHER_MOMENT);
                if is_news {
                    told = Some((short.why, until));
                    let longest = if short.why == Why::OnTheirWay { want.lease } else { pause };
                    tell(Notice::Waiting { why: short.why, longest, queued: line.len() });
                }
                if short.why == Why::Spent && is_paced {
                    lock(&self.restart).hold(line.len(), short.standing.length_ms);
                }
            }
            tokio::select! {
                // In this order, not a random one, so that a run can be repeated exactly.
                biased;
                () = moved => {}
                _ = wait(pause.min(left), &self.clock) => {}
            }
        }
    }

    /// Its turn did not come while it had time.
    async fn too_late(&self) -> Short {
        let standing = self.look().await;
        let left_ms = standing.end_ms.map_or(0, |end_ms| end_ms - self.now_ms());
        let retry_in = Duration::from_millis(u64::try_from(left_ms).unwrap_or(0)).max(YIELD);
        Short { why: Why::OnTheirWay, retry_in: Some(retry_in), standing }
    }

    /// One question to the store.
    async fn ask<'a>(self: &'a Arc<Self>, want: &Want<'_>) -> Result<Reserved<'a>, Short> {
        let now_ms = self.now_ms();
        let counted = match self.settings.max_points {
            Some(most) => {
                let standing = self.look().await;
                let counted = self.count_own(want, most, &standing, now_ms);
                counted.map_err(|(why, retry_in)| Short { why, retry_in, standing })?
            }
            None => Counted(None),
        };
        let stepped = self.store.step(Step::Reserve(want.ask(&self.owner)), &self.settings, now_ms).await;
        match stepped.outcome {
            Outcome::Reserved(id) => {
                counted.keep();
                self.hear(now_ms);
                Ok(Reserved::new(self, id, want.price, now_ms))
            }
            Outcome::Held(refusal) => Err(Short::by(refusal, stepped.standing)),
            Outcome::MayProbe(_) | Outcome::Done => {
                Err(Short { why: Why::OnTheirWay, retry_in: Some(YIELD), standing: stepped.standing })
            }
        }
    }

    /// Counts what is asked for against the client's own limit, before it is asked for, so that two at once do not both find
    /// room for one. Otherwise why not, and when it makes sense to come back.
    fn count_own(
        &self,
        want: &Want<'_>,
        most: Points,
        standing: &Standing,
        now_ms: i64,
    ) -> Result<Counted<'_>, (Why, Option<Duration>)> {
        let amount = want.price.at_most;
        let mut own = lock(&self.own);
        let needed = want.price.needed();
        let admitted = if want.is_probe { Ok(()) } else { own.admit(needed, most.get(), standing) };
        admitted.map_err(|why| {
            let settles_in_ms = standing.settles_ms.map_or(0, |settles_ms| settles_ms - now_ms).max(1);
            let retry_in = match why {
                Why::OwnLimit => None,
                Why::Unsettled => Some(Duration::from_millis(settles_in_ms.unsigned_abs())),
                _ => Some(YIELD),
            };
            (why, retry_in)
        })?;
        own.open(amount);
        Ok(Counted(Some((&self.own, amount))))
    }

    async fn is_due_to_probe(&self, short: &Short) -> bool {
        if short.why != Why::Unsettled || short.retry_in > Some(Duration::from_millis(1)) {
            return false;
        }
        let stepped = self.store.step(Step::Probe, &self.settings, self.now_ms()).await;
        stepped.outcome == Outcome::MayProbe(true)
    }

    /// How the account stands.
    pub(crate) async fn look(&self) -> Standing {
        self.store.step(Step::Look, &self.settings, self.now_ms()).await.standing
    }

    /// Who spent the points of the running window.
    pub(super) async fn spenders(&self) -> Vec<Spender> {
        self.store.spenders(self.now_ms()).await
    }

    /// An attempt of this price is over. How the account stands, where that is at hand.
    pub(super) fn finish_at_once(&self, finish: &Finish, price: &Price, now_ms: i64) -> Option<Settled> {
        let Store::Memory(account) = &self.store else { return None };
        let settled = lock(account).settle(finish, &self.settings, now_ms);
        self.finished(finish.charge, price.at_most);
        Some(settled)
    }

    /// The same, where it takes time.
    pub(super) async fn finish(self: &Arc<Self>, finish: Finish, price: Price, now_ms: i64) -> Settled {
        let standing = self.store.step(Step::Finish(finish), &self.settings, now_ms).await.standing;
        self.finished(finish.charge, price.at_most);
        self.keep_costs_now_and_then(now_ms);
        self.hear(now_ms);
        standing.into()
    }

    /// The same, where nobody can wait for it.
    pub(super) fn finish_behind(self: &Arc<Self>, finish: Finish, price: Price, now_ms: i64) {
        let is_over = self.finish_at_once(&finish, &price, now_ms).is_some();
        if let Ok(runtime) = tokio::runtime::Handle::try_current()
            && !is_over
        {
            // Without a runtime its lease runs out.
            let gate = Arc::clone(self);
            runtime.spawn(async move { gate.finish(finish, price, now_ms).await });
        }
    }

    /// What the last steps told of others' calls is learned from as if they were this client's own.
    fn hear(&self, now_ms: i64) {
        if let Store::Shared(store) = &self.store {
            self.prices.hear(store.news(), now_ms);
        }
    }

    fn finished(&self, charge: Charge, amount: f64) {
        if self.settings.max_points.is_some() {
            lock(&self.own).end(amount, charge != Charge::No);
        }
        // Whoever stood in line before the account was asked is seen here, and whoever came after it sees what moved.
        if self.lines.iter().any(|line| !line.is_empty()) {
            self.moved.notify_waiters();
        }
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.clock.now().get()
    }

    pub(super) fn keeping(&self) -> &Keeping {
        &self.keeping
    }

    fn line(&self, priority: Priority) -> &Line {
        &self.lines[priority as usize]
    }
}

impl Want<'_> {
    fn ask<'a>(&'a self, owner: &'a str) -> Ask<'a> {
        Ask {
            estimate: self.price.at_most,
            expected: self.price.expected,
            priority: self.priority,
            owner,
            operation: self.operation,
            shape: self.shape,
            lease_ms: i64::try_from(self.lease.as_millis()).unwrap_or(i64::MAX),
            is_probe: self.is_probe,
        }
    }

    /// Whether it waits for this, after it has waited for so long.
    fn puts_up_with(&self, short: &Short, waited: Duration) -> bool {
        match (short.why, short.retry_in) {
            (Why::OwnLimit, _) | (_, None) => false,
            // It is worth nothing where no time is left for the attempt, which hardly ever takes all of its own.
            (Why::Spent, Some(retry_in)) => {
                waited + retry_in <= self.max_wait && self.deadline.allows(Instant::now(), retry_in + self.attempt_timeout / 2)
            }
            (Why::OnTheirWay | Why::Unsettled | Why::FirstAnswer, _) => true,
        }
    }

    /// How long it may still stand in line.
    fn time_left(&self, entered: Instant) -> Duration {
        let most = self.max_wait.max(SETTLING).saturating_sub(entered.elapsed());
        self.deadline.cut(Instant::now(), most)
    }
}

/// Points that are counted against the client's own limit; taken off again when dropped.
struct Counted<'a>(Option<(&'a Mutex<OwnSpending>, f64)>);

impl Counted<'_> {
    /// They are set aside, and counted until the attempt is over.
    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        if let Some((own, amount)) = self.0 {
            lock(own).end(amount, false);
        }
    }
}

/// Those who wait, of one priority. The first of them asks, the others wait for their turn.
#[derive(Debug, Default)]
struct Line {
    turn: tokio::sync::Mutex<()>,
    waiting: AtomicUsize,
}

impl Line {
    fn len(&self) -> usize {
        self.waiting.load(Ordering::Acquire)
    }

    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A place in a line; left when dropped.
struct Place<'a> {
    line: &'a Line,
    moved: &'a Notify,
}

impl<'a> Place<'a> {
    fn take(line: &'a Line, moved: &'a Notify) -> Self {
        line.waiting.fetch_add(1, Ordering::AcqRel);
        Self { line, moved }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        // Batch calls wait for the end of the interactive line.
        if self.line.waiting.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.moved.notify_waiters();
        }
    }
}
