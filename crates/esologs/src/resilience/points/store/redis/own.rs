//! What this process knows by itself: an account that follows the shared one, and stands in for it while Redis is away, with
//! what was promised to this process.
//!
//! A promise is made inside Redis, with every step: the others set aside nothing of it until this process is promised
//! something else, and has shown with its next step that it heard so. The promises of all, together, are never more than what is
//! left, whenever Redis goes away.

use std::collections::HashMap;

use super::reply::{Hearsay, Promise, Taken};
use super::request::{Home, Life, name};
use crate::resilience::points::costs::News;
use crate::resilience::points::spenders::Spender;
use crate::resilience::points::{Account, Ask, Charge, LedgerSettings, Outcome, Refusal, Step, Stepped, Why};

/// Of what is left, so much is for a process that Redis has promised nothing to: one that started while Redis was away. What
/// is promised leaves room for two of them; each sees by its snapshots what the others spend.
const STRANGERS_SHARE: f64 = 1.0 / 16.0;
/// After so long without an answer the others do not count with this process any more, in milliseconds.
const MEMBER_MS: i64 = 30_000;
/// Who may not spend alone looks again after so long, in milliseconds.
const HELD_MS: i64 = 1_000;
/// Whose question went astray asks again after so long, in milliseconds.
const AGAIN_MS: i64 = 50;
/// The most reservations that are remembered as perhaps left behind in Redis. Their leases end them, too.
const MAX_GONE: usize = 1_000;

#[derive(Debug, Default)]
pub(super) struct Own {
    pub(super) account: Account,
    life: Option<Life>,
    promise: Promise,
    /// The window that this was promised in.
    promised_in: u64,
    /// When Redis answered last.
    heard_ms: Option<i64>,
    alone: Alone,
    /// Something happened that the shared account does not know.
    must_tell: bool,
    /// From when on.
    untold_from_ms: i64,
    /// Changes whenever something is done that must be told.
    changes: u64,
    gone: Vec<u64>,
    /// How many calls Redis had told of when it was heard last, and what of it was not taken up yet.
    pub(super) heard: Option<u64>,
    pub(super) news: News,
}

/// What may be spent without Redis.
#[derive(Debug, Default)]
struct Alone {
    /// Redis is away.
    is_now: bool,
    left: f64,
    /// The share of each new window.
    fraction: f64,
    /// The window that `left` is of.
    window: u64,
    /// What was taken of it for attempts on their way.
    taken: HashMap<u64, f64>,
    taken_in_all: f64,
    taken_before: f64,
    /// Who had spent what when Redis was lost.
    spenders: Vec<Spender>,
}

/// What was told to the shared account, until it answers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Telling {
    changes: u64,
    at_ms: i64,
    taken_in_all: f64,
    has_home: bool,
}

impl Own {
    pub(super) fn life(&self) -> Option<Life> {
        self.life
    }

    pub(super) fn take_gone(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.gone)
    }

    /// Nothing is on its way for these, but they may be set aside in the shared account.
    pub(super) fn leave_behind(&mut self, ids: impl IntoIterator<Item = u64>) {
        self.gone.extend(ids);
        let too_many = self.gone.len().saturating_sub(MAX_GONE);
        self.gone.drain(..too_many);
    }

    /// The shared account may not have what happened from this moment on.
    pub(super) fn must_tell_from(&mut self, from_ms: i64) {
        self.untold_from_ms = if self.must_tell { self.untold_from_ms.min(from_ms) } else { from_ms };
        self.must_tell = true;
        self.changes += 1;
    }

    /// What has to be told with the next step.
    pub(super) fn tell(&mut self, me: &str, now_ms: i64) -> (Telling, Option<Home>) {
        let home = self.must_tell.then(|| {
            let known = self.account.known();
            let mut home = Home::new(&known, self.account.on_their_way(), me, now_ms);
            home.meanwhile = self.account.unsettled_since(self.untold_from_ms).into();
            home.all = self.account.unsettled_since(i64::MIN).into();
            home.spenders = self.spent_alone();
            home.promised = self.promise.points;
            home.fraction = self.promise.fraction;
            home.promised_to_others = self.promise.points_of_others;
            home.fraction_of_others = self.promise.fraction_of_others;
            home.promised_in = self.promised_in;
            home
        });
        let telling =
            Telling { changes: self.changes, at_ms: now_ms, taken_in_all: self.alone.taken_in_all, has_home: home.is_some() };
        (telling, home)
    }

    fn spent_alone(&self) -> Vec<Spender> {
        let mut rows = self.account.spenders.rows();
        for row in &mut rows {
            let before = self.alone.spenders.iter().find(|before| before.owner == row.owner && before.operation == row.operation);
            if let Some(before) = before.filter(|before| before.calls <= row.calls) {
                row.calls -= before.calls;
                row.points = (row.points - before.points).max(0.0);
            }
        }
        rows.retain(|row| row.calls > 0);
        rows
    }

    /// The shared account has answered.
    pub(super) fn hear(&mut self, taken: &Taken, telling: Telling, now_ms: i64) {
        if telling.has_home {
            self.was_told(telling);
        }
        let is_newer = self.life.is_none_or(|life| life.born != taken.life.born || life.steps < taken.life.steps);
        if !is_newer {
            return;
        }
        self.life = Some(taken.life);
        self.heard_ms = Some(now_ms);
        self.account.learn(&taken.known);
        self.promise = taken.promise;
        self.promised_in = taken.known.window;
        // What was taken alone since the question was asked was taken of this promise.
        self.promise.points -= self.alone.taken_in_all - telling.taken_in_all;
        if self.alone.is_now && self.alone.window == self.promised_in {
            // An answer that was on its way when Redis was lost.
            let taken = self.alone.taken_in_all - self.alone.taken_before;
            self.alone.left = self.alone.left.min(self.promise.points - taken);
        }
    }

    /// What Redis tells of the calls of others. Answers may overtake each other.
    pub(super) fn hear_of_others(&mut self, taken: &Taken, me: &str) {
        let Hearsay { in_all, last, since_ms } = &taken.hearsay;
        let is_same_life = self.life.is_some_and(|life| life.born == taken.life.born);
        let heard = self.heard.filter(|_| is_same_life);
        let first = in_all - (last.len() as u64).min(*in_all);
        match heard {
            Some(heard) if *in_all < heard => return,
            Some(heard) if first <= heard => {
                let new = last.iter().skip((heard - first) as usize);
                self.news.add(new.filter(|(whose, _)| whose != me).map(|(_, told)| *told));
            }
            _ => self.news.has_gap = true,
        }
        self.heard = Some(*in_all);
        self.news.since_ms = *since_ms;
    }

    fn was_told(&mut self, telling: Telling) {
        self.alone.taken.clear();
        self.alone.spenders = self.account.spenders.rows();
        self.must_tell = self.changes != telling.changes;
        // What happened meanwhile is told next time.
        self.untold_from_ms = telling.at_ms;
    }

    /// Redis is away, since this moment.
    pub(super) fn begin_alone(&mut self, since_ms: i64, settings: &LedgerSettings) {
        let is_known = self.heard_ms.is_some_and(|heard_ms| since_ms - heard_ms < MEMBER_MS) && self.promise.fraction > 0.0;
        self.alone.is_now = true;
        self.alone.taken.clear();
        self.alone.taken_before = self.alone.taken_in_all;
        self.alone.spenders = self.account.spenders.rows();
        self.alone.window = if is_known { self.promised_in } else { self.account.window };
        (self.alone.left, self.alone.fraction) = if is_known {
            (self.promise.points, self.promise.fraction)
        } else {
            (STRANGERS_SHARE * self.account.free(settings) - self.account.own_open(), STRANGERS_SHARE)
        };
        self.must_tell_from(since_ms);
    }

    /// Redis is back.
    pub(super) fn end_alone(&mut self) {
        self.alone.is_now = false;
    }

    /// A step that Redis did not answer, though it answers others again.
    pub(super) fn step_unanswered(&mut self, step: Step<'_>, settings: &LedgerSettings, now_ms: i64) -> Stepped {
        let outcome = match step {
            Step::Reserve(_) => Outcome::Held(Refusal { why: Why::OnTheirWay, retry_in_ms: AGAIN_MS }),
            Step::Probe => Outcome::MayProbe(false),
            Step::Finish(_) | Step::Look => Outcome::Done,
        };
        Stepped { outcome, standing: self.account.standing(settings, now_ms) }
    }

    /// Takes a step without Redis.
    pub(super) fn step_alone(&mut self, step: Step<'_>, settings: &LedgerSettings, now_ms: i64) -> Stepped {
        self.account.pass_time(settings, now_ms);
        self.renew_share(settings);
        if let Step::Reserve(ask) = &step
            && let Some(refusal) = self.refuse(ask, settings, now_ms)
        {
            return Stepped { outcome: Outcome::Held(refusal), standing: self.account.standing(settings, now_ms) };
        }
        let stepped = self.account.step(step, settings, now_ms);
        match (step, stepped.outcome) {
            (Step::Reserve(ask), Outcome::Reserved(id)) => {
                let amount = self.account.amount(&ask, settings);
                self.alone.left -= amount;
                self.alone.taken_in_all += amount;
                self.alone.taken.insert(id, amount);
                self.changes += 1;
            }
            (Step::Finish(finish), _) => self.finish_alone(finish.id, finish.charge),
            _ => {}
        }
        self.renew_share(settings);
        stepped
    }

    fn finish_alone(&mut self, id: u64, charge: Charge) {
        self.changes += 1;
        match self.alone.taken.remove(&id) {
            Some(amount) if charge == Charge::No => {
                self.alone.left += amount;
                self.alone.taken_in_all -= amount;
            }
            Some(_) => {}
            None => self.leave_behind([id]),
        }
    }

    /// A window that begins without Redis is shared as it is: what is on its way into it is taken from this share.
    fn renew_share(&mut self, settings: &LedgerSettings) {
        if self.alone.window != self.account.window {
            self.alone.window = self.account.window;
            self.alone.left = self.alone.fraction * self.account.free(settings) - self.account.own_open();
            self.alone.taken.values_mut().for_each(|amount| *amount = 0.0);
            self.alone.spenders.clear();
        }
    }

    fn refuse(&self, ask: &Ask<'_>, settings: &LedgerSettings, now_ms: i64) -> Option<Refusal> {
        let known = self.account.known();
        if known.limit.is_none() || known.is_passive || now_ms < known.closed_until_ms {
            return None;
        }
        let kept = self.alone.fraction * self.account.kept_from(ask, settings, now_ms);
        let is_enough = self.account.amount(ask, settings) + kept <= self.alone.left;
        let over_ms = known.end.map_or(HELD_MS, |end| end.latest_ms + 1 - now_ms);
        (!is_enough).then_some(Refusal { why: Why::Spent, retry_in_ms: over_ms.max(1) })
    }

    /// What is taken in here before the shared account hears of it, so that it is known whatever becomes of that.
    pub(super) fn finish(&mut self, step: &Step<'_>, settings: &LedgerSettings, now_ms: i64) {
        if let Step::Finish(_) = step {
            self.account.step(*step, settings, now_ms);
        } else {
            self.account.pass_time(settings, now_ms);
        }
    }

    /// The names of reservations, for Redis.
    pub(super) fn names(ids: &[u64], me: &str) -> Vec<String> {
        ids.iter().map(|id| name(me, *id)).collect()
    }
}
