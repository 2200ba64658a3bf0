//! The account of one key: what is spent, what may be, and who is let through. Pure: it is told the time and what happened.
//!
//! The rules (reserve before sending, settle after it, count as spent whatever may be) keep one promise: what the service has
//! charged in a window is never more than `spent + reserved + settling + ambiguous`, as long as no call costs more than
//! was reserved for it and the service's counter is behind by no more than `settle_lag`.

#[cfg(feature = "redis")]
pub(super) mod away;

use serde::{Deserialize, Serialize};

use super::spenders::Spenders;
use super::unsettled::Unsettled;
use super::window::{Relation, WindowEnd};
use super::{Ask, Charge, LedgerSettings, Refusal, Settled, Snapshot, Standing, Why};
use crate::resilience::Priority;

mod apart;
mod kept;
mod rhythm;

pub(crate) use apart::Apart;
use rhythm::Rhythm;

/// Of what a window holds, one call may reserve half at most: a dearer one could wait for ever for a moment in which
/// nothing else is spent.
const LARGEST_SHARE: f64 = 0.5;
/// While no answer has told of a window, a 429 that names no time closes for so long, in milliseconds; and never for longer than this.
const CLOSED_MS: i64 = 60_000;
const LONGEST_CLOSED_MS: i64 = 70 * 60_000;
/// The largest interactive call fades with each of them and each window, what they took in a window fades with each window: so that one dear
/// call long ago does not count for ever.
const FADES_WITH_A_CALL: f64 = 0.99;
const FADES_WITH_A_WINDOW: f64 = 0.9;
/// What the question for a snapshot alone costs at most.
pub(super) const PROBE_POINTS: f64 = 1.5;
/// What it takes of the room that it is to make: it is charged, and its own amount is open until another answer tells. Where no more is left,
/// one look would be followed by another, 35 to 60 in an hour of 400 points.
const LOOK_POINTS: f64 = 2.0 * PROBE_POINTS;
/// Who asks for a snapshot has so long for it, in milliseconds, before another may.
const PROBE_LEASE_MS: i64 = 15_000;
/// While nothing is known of the budget, one call has so long to bring an answer before others are let through.
const FIRST_ANSWER_MS: i64 = 3_000;
/// Who is held back by calls on their way looks again after so long, in milliseconds, if nobody tells it to.
const HELD_MS: i64 = 1_000;

/// Points that are set aside for an attempt on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Reservation {
    id: u64,
    amount: f64,
    /// What such a call costs in the mean, for the account of who spent what.
    expected: f64,
    /// That is a guess.
    #[serde(default)]
    is_guess: bool,
    /// It only asks how the account stands.
    #[serde(default)]
    is_probe: bool,
    spender: u64,
    since_ms: i64,
    /// When its owner must be taken for dead.
    lease_until_ms: i64,
}

/// What is known of the points of one key. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Account {
    /// Windows seen, the running one included.
    pub(super) window: u64,
    limit: Option<f64>,
    /// What the snapshots of this window have said at most.
    spent: f64,
    /// `None` where the last known window is over and no snapshot has told of the next.
    end: Option<WindowEnd>,
    /// Since when the running window is the one that counts here.
    begun_ms: i64,
    /// When the last snapshot that counted was received.
    heard_ms: i64,
    /// The longest time to a window's end that was told: no window is known to be longer.
    length_ms: i64,
    rhythm: Rhythm,
    /// A 429 that no snapshot explains closes the account until then.
    closed_until_ms: i64,
    /// Answers came without a snapshot: nothing is known, so nobody is held back.
    is_passive: bool,
    in_flight: Vec<Reservation>,
    reserved: f64,
    unsettled: Unsettled,
    /// What this window can have been charged for calls of this account, counting none of them twice: a snapshot may hold calls
    /// that are unsettled here.
    bound: f64,
    next_id: u64,
    /// How much the service's counter has grown, over all windows.
    grown: f64,
    /// The largest amount that an interactive call has asked for lately.
    interactive: f64,
    /// What interactive calls take in this window, at the price expected in the mean; and in the windows before at most.
    wanted: f64,
    wanted_before: f64,
    probe_until_ms: i64,
    pub(super) spenders: Spenders,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            window: 0,
            limit: None,
            spent: 0.0,
            end: None,
            begun_ms: i64::MIN,
            heard_ms: i64::MIN,
            length_ms: 0,
            rhythm: Rhythm::default(),
            closed_until_ms: i64::MIN,
            is_passive: false,
            in_flight: Vec::new(),
            reserved: 0.0,
            unsettled: Unsettled::default(),
            bound: 0.0,
            next_id: 1,
            grown: 0.0,
            interactive: 0.0,
            wanted: 0.0,
            wanted_before: 0.0,
            probe_until_ms: i64::MIN,
            spenders: Spenders::default(),
        }
    }
}

impl Account {
    /// Sets points aside for one attempt, or says why not and when to come back.
    pub(crate) fn reserve(&mut self, ask: &Ask<'_>, settings: &LedgerSettings, now_ms: i64) -> Result<u64, Refusal> {
        self.pass_time(settings, now_ms);
        self.note_interactive(ask);
        let amount = self.admit(ask, settings, now_ms)?;
        let id = self.next_id;
        self.next_id += 1;
        self.set_aside(id, amount, ask, now_ms);
        Ok(id)
    }

    /// So large are interactive calls, whether or not there is room for them.
    fn note_interactive(&mut self, ask: &Ask<'_>) {
        if ask.priority == Priority::Interactive {
            self.interactive = ask.estimate.max(FADES_WITH_A_CALL * self.interactive);
        }
    }

    /// This amount is set aside for an attempt.
    fn set_aside(&mut self, id: u64, amount: f64, ask: &Ask<'_>, now_ms: i64) {
        if ask.priority == Priority::Interactive {
            self.wanted += ask.expected;
        }
        self.reserved += amount;
        self.bound += amount;
        self.in_flight.push(Reservation {
            id,
            amount,
            expected: ask.expected,
            is_guess: ask.is_guess,
            is_probe: ask.is_probe,
            spender: self.spenders.enter(ask.owner, ask.operation),
            since_ms: now_ms,
            lease_until_ms: now_ms.saturating_add(ask.lease_ms),
        });
    }

    /// The amount that is set aside where there is room for it.
    fn admit(&mut self, ask: &Ask<'_>, settings: &LedgerSettings, now_ms: i64) -> Result<f64, Refusal> {
        let held = |why, retry_ms: i64| Err(Refusal { why, retry_in_ms: (retry_ms - now_ms).max(1) });
        if self.is_passive {
            return Ok(ask.estimate);
        }
        if now_ms < self.closed_until_ms {
            return held(Why::Spent, self.closed_until_ms);
        }
        let Some(limit) = self.limit else {
            // The first answer tells the limit; one asks, and the others wait for it. Not for long: a service that hangs when this
            // program starts must not make a line of all its calls.
            let asked_ms = self.in_flight.iter().map(|reservation| reservation.since_ms).min();
            return match asked_ms.map(|asked_ms| asked_ms.min(now_ms) + FIRST_ANSWER_MS).filter(|until_ms| now_ms < *until_ms) {
                Some(until_ms) => held(Why::FirstAnswer, until_ms),
                None => Ok(ask.estimate),
            };
        };
        let (whole, shared_out) = (self.plannable(limit, settings), limit * settings.share);
        let kept = if ask.priority == Priority::Batch { self.kept_for_interactive(shared_out, settings, now_ms) } else { 0.0 };
        let amount = ask.estimate.min(whole * LARGEST_SHARE);
        let room = whole - kept - self.spent - amount;
        let open = self.open();
        // A probe takes from what is never planned with.
        if open <= room || (ask.is_probe && self.bound + amount <= limit) {
            return Ok(amount);
        }
        if room < 0.0 {
            return held(Why::Spent, self.room_again_ms(amount, shared_out, whole, settings, now_ms));
        }
        // Enough is left; only what is on its way, and what no snapshot is sure to hold, stands before it.
        let Some(ended_ms) = self.unsettled.newest_ms().filter(|_| self.reserved <= room) else {
            return held(Why::OnTheirWay, now_ms + HELD_MS);
        };
        // For people it is asked for in any case.
        let again_ms = |open| self.room_again_ms(amount + open, shared_out, whole, settings, now_ms);
        let without_look_ms = match ask.priority {
            Priority::Batch if self.reserved + LOOK_POINTS > room => Some(again_ms(open.min(LOOK_POINTS))),
            Priority::Batch => Some(again_ms(open)).filter(|at_ms| self.falls_until(*at_ms, now_ms)),
            Priority::Interactive => None,
        };
        match without_look_ms {
            Some(_) if self.reserved > 0.0 => held(Why::OnTheirWay, now_ms + HELD_MS),
            Some(at_ms) => held(Why::Spent, at_ms),
            // A snapshot that is asked for from then on holds all of it. One that holds a part would count it twice.
            None => held(Why::Unsettled, ended_ms + self.lag_ms(settings) + 1),
        }
    }

    /// Ends a reservation. `charge` says whether the service has charged for it; a snapshot that came with the answer is
    /// taken in.
    pub(crate) fn finish(
        &mut self,
        id: u64,
        charge: Charge,
        snapshot: Option<&Snapshot>,
        settings: &LedgerSettings,
        now_ms: i64,
    ) {
        self.pass_time(settings, now_ms);
        if let Some(at) = self.in_flight.iter().position(|reservation| reservation.id == id) {
            let reservation = self.in_flight.swap_remove(at);
            self.take_from_reserved(reservation.amount);
            match charge {
                Charge::No => self.bound -= reservation.amount,
                Charge::Yes => {
                    self.unsettled.add_settling(now_ms, reservation.amount);
                    self.spenders.spend(reservation.spender, reservation.expected, reservation.is_guess);
                }
                Charge::Maybe => {
                    if reservation.is_probe {
                        // It has failed; the next may try when it has been as long as the counter may be behind.
                        self.probe_until_ms = self.probe_until_ms.min(now_ms + self.lag_ms(settings));
                    }
                    self.unsettled.add_ambiguous(now_ms, reservation.amount);
                    self.spenders.spend(reservation.spender, reservation.expected, reservation.is_guess);
                }
            }
        }
        match snapshot {
            Some(snapshot) => self.observe(snapshot, settings),
            // An answer without a snapshot, and none ever: nothing can be planned.
            None if charge == Charge::Yes && self.limit.is_none() => self.is_passive = true,
            None => {}
        }
    }

    /// The service said that the points are spent, in answer to a request sent at `sent_ms`.
    pub(crate) fn note_refused(&mut self, retry_after_ms: Option<i64>, sent_ms: i64, settings: &LedgerSettings, now_ms: i64) {
        self.pass_time(settings, now_ms);
        match (self.limit, self.end) {
            (Some(limit), Some(_)) if sent_ms >= self.begun_ms => self.spent = self.spent.max(limit),
            // It was sent in a window that is over by now.
            (Some(_), _) if sent_ms < self.begun_ms => {}
            // `Retry-After` is known to be too long, so it is a bound; the next who asks goes alone.
            _ => {
                let closed_ms = retry_after_ms.unwrap_or(CLOSED_MS).clamp(1_000, LONGEST_CLOSED_MS);
                self.closed_until_ms = now_ms + closed_ms;
            }
        }
    }

    /// Leave to ask for a snapshot alone: one at a time.
    pub(crate) fn may_probe(&mut self, now_ms: i64) -> bool {
        let may = now_ms >= self.probe_until_ms || self.probe_until_ms > now_ms + PROBE_LEASE_MS;
        if may {
            self.probe_until_ms = now_ms + PROBE_LEASE_MS;
        }
        may
    }

    /// Takes a snapshot in, whenever it comes: they lag, come out of order, and may not hold the query that carried them.
    fn observe(&mut self, snapshot: &Snapshot, settings: &LedgerSettings) {
        if !(snapshot.limit > 0.0 && snapshot.spent >= 0.0 && snapshot.reset_in_s >= 0.0) {
            return;
        }
        let told = WindowEnd::told_by(snapshot);
        let relation = match self.end {
            Some(end) => match end.relation(&told) {
                // Newer than what is known and yet of an earlier window: the clock was set back, or the service counts anew.
                Relation::Earlier if snapshot.sent_ms > self.heard_ms => Relation::Later,
                relation => relation,
            },
            // The window that was known is over. What was sent after its end tells of the next.
            None if snapshot.sent_ms >= self.begun_ms => Relation::Later,
            None => Relation::Earlier,
        };
        match relation {
            Relation::Earlier => return,
            Relation::Same => {
                self.end = self.end.map(|end| end.sharpened_by(&told));
                self.grown += (snapshot.spent - self.spent).max(0.0);
                self.spent = self.spent.max(snapshot.spent);
            }
            Relation::Later => {
                if let Some(end) = self.end {
                    // It was over when this was taken, even if the clock says otherwise.
                    let over_ms = WindowEnd {
                        earliest_ms: end.earliest_ms.min(snapshot.sent_ms),
                        latest_ms: end.latest_ms.min(snapshot.received_ms),
                    };
                    self.begin_window(over_ms, settings);
                    self.rhythm.window_cut_short();
                }
                if self.limit.is_some() {
                    self.grown += snapshot.spent;
                }
                self.window += u64::from(self.window == 0);
                self.spent = snapshot.spent;
                self.end = Some(told);
            }
        }
        self.limit = Some(snapshot.limit);
        self.is_passive = false;
        self.closed_until_ms = i64::MIN;
        self.heard_ms = self.heard_ms.max(snapshot.received_ms);
        let left_ms = (snapshot.reset_in_s * 1_000.0).min(1e12) as i64;
        self.rhythm.hear(snapshot, self.end.unwrap_or(told), left_ms);
        self.length_ms = self.rhythm.length_ms(self.length_ms.max(left_ms));
        self.probe_until_ms = i64::MIN;
        // What ended so long before it was asked for is in it.
        self.unsettled.forget_until(snapshot.sent_ms - self.lag_ms(settings));
        self.bound = self.bound.min(self.spent + self.open()).max(self.spent);
    }

    /// The points of a window, where that is known.
    pub(crate) fn limit(&self) -> Option<f64> {
        self.limit
    }

    fn open(&self) -> f64 {
        self.reserved + self.unsettled.total()
    }

    /// How far the service's counter may be behind, as it is seen from here.
    fn lag_ms(&self, settings: &LedgerSettings) -> i64 {
        self.rhythm.lag_ms(settings.lag_ms()) + settings.on_its_way_ms
    }

    /// What is due by the time that has passed: leases that ran out, a window that is over.
    pub(crate) fn pass_time(&mut self, settings: &LedgerSettings, now_ms: i64) {
        self.unsettled.not_after(now_ms);
        if self.in_flight.iter().any(|reservation| reservation.lease_until_ms <= now_ms) {
            let mut at = 0;
            while at < self.in_flight.len() {
                if self.in_flight[at].lease_until_ms > now_ms {
                    at += 1;
                    continue;
                }
                // Its owner is dead; what it had sent may be charged.
                let dead = self.in_flight.swap_remove(at);
                self.take_from_reserved(dead.amount);
                self.unsettled.add_ambiguous(now_ms, dead.amount);
                self.spenders.spend(dead.spender, dead.expected, dead.is_guess);
            }
        }
        if let Some(end) = self.end.filter(|end| now_ms > end.latest_ms) {
            self.begin_window(end, settings);
        }
    }

    /// A new window, of which nothing is known but that the old one is over. What ended well before that was charged to the old one;
    /// everything else may be charged to this.
    fn begin_window(&mut self, old: WindowEnd, settings: &LedgerSettings) {
        self.window += 1;
        self.spent = 0.0;
        self.end = None;
        self.begun_ms = old.latest_ms;
        self.interactive *= FADES_WITH_A_WINDOW;
        self.wanted_before = self.wanted.max(FADES_WITH_A_WINDOW * self.wanted_before);
        self.wanted = 0.0;
        self.closed_until_ms = i64::MIN;
        self.probe_until_ms = i64::MIN;
        self.unsettled.forget_until(old.earliest_ms - self.lag_ms(settings));
        self.rhythm.window_over(old);
        self.bound = self.open();
        self.spenders.clear();
    }

    fn take_from_reserved(&mut self, amount: f64) {
        // Rounding does not add up: with nobody on the way it is nothing.
        self.reserved = if self.in_flight.is_empty() { 0.0 } else { (self.reserved - amount).max(0.0) };
    }

    /// How things stand, as far as it is told after each attempt.
    pub(crate) fn settled(&self) -> Settled {
        let (reserved, unsettled) = (self.reserved, self.unsettled.total());
        let end_ms = self.end.map(|end| end.latest_ms);
        Settled { window: self.window, limit: self.limit, spent: self.spent, reserved, unsettled, end_ms }
    }

    /// How things stand.
    pub(crate) fn standing(&self, settings: &LedgerSettings, now_ms: i64) -> Standing {
        let kept = self.limit.map_or(0.0, |limit| self.kept_for_interactive(limit, settings, now_ms));
        Standing {
            window: self.window,
            limit: self.limit,
            spent: self.spent,
            reserved: self.reserved,
            settling: self.unsettled.settling(),
            ambiguous: self.unsettled.ambiguous(),
            kept_for_interactive: kept,
            calls_on_their_way: self.in_flight.len(),
            end_ms: self.end.map(|end| end.latest_ms),
            length_ms: (self.length_ms > 0).then_some(self.length_ms),
            settles_ms: self.unsettled.newest_ms().map(|ended_ms| ended_ms + self.lag_ms(settings) + 1),
            closed_until_ms: (self.closed_until_ms > now_ms).then_some(self.closed_until_ms),
            is_passive: self.is_passive,
            grown: self.grown,
        }
    }
}

/// What is planned with of a window: all but the safety margin, which holds at least one probe.
fn planned(limit: f64, settings: &LedgerSettings) -> f64 {
    limit - (limit * settings.safety).max(PROBE_POINTS)
}

#[cfg(test)]
mod looks;
#[cfg(test)]
mod tests;
