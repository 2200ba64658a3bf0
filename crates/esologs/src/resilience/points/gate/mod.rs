//! The gate before the service: an attempt passes it with points set aside, or stands in line until there are some.

mod line;
mod own_limit;
mod want;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use line::Line;
pub(crate) use line::Notice;
use own_limit::Counted;
pub(crate) use want::{Short, Want};

use super::keeping::Keeping;
use super::own::OwnSpending;
use super::prices::{Price, Prices};
use super::restart::Restart;
use super::spenders::Spender;
use super::store::lock;
use super::{Charge, Finish, Ledger, LedgerSettings, Outcome, Reserved, Settled, Shape, Standing, Step, Store, Why};
use crate::auth::SharedTokens;
use crate::clock::Clock;
use crate::error::Error;

/// A call that is not to wait for new points waits so long for others' to settle.
const SETTLING: Duration = Duration::from_secs(15);
/// The first of the batch line, while interactive calls stand in theirs, looks again after so long if nobody tells it to.
const YIELD: Duration = Duration::from_secs(1);

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
        let mut account = lock(account);
        if want.never_fits(account.limit()) {
            return None;
        }
        let id = account.reserve(&want.ask(&self.owner), &self.settings, now_ms).ok()?;
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

    /// One question to the store.
    async fn ask<'a>(self: &'a Arc<Self>, want: &Want<'_>) -> Result<Reserved<'a>, Short> {
        let now_ms = self.now_ms();
        let counted = match self.settings.max_points {
            Some(most) => {
                let standing = self.look().await;
                let counted = self.count_own(want, most, &standing, now_ms);
                counted.map_err(|(why, retry_in)| Short { why, retry_in, standing })?
            }
            None => Counted::nothing(),
        };
        let stepped = self.store.step(Step::Reserve(want.ask(&self.owner)), &self.settings, now_ms).await;
        match stepped.outcome {
            Outcome::Reserved(id) => {
                counted.keep();
                self.hear(now_ms);
                // Dropped, it goes back.
                let reserved = Reserved::new(self, id, want.price, now_ms);
                if want.never_fits(stepped.standing.limit) {
                    return Err(Short { why: Why::NeverFits, retry_in: None, standing: stepped.standing });
                }
                Ok(reserved)
            }
            Outcome::Held(refusal) => Err(Short::by(refusal, stepped.standing)),
            Outcome::MayProbe(_) | Outcome::Done => {
                Err(Short { why: Why::OnTheirWay, retry_in: Some(YIELD), standing: stepped.standing })
            }
        }
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
}
