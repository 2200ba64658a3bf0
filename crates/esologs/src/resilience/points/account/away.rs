//! An account of this process's own beside one that many share: it follows the shared one while that can be asked, stands in
//! for it while it cannot, and tells it afterwards what happened meanwhile.

use super::{Account, Ask, LARGEST_SHARE, LedgerSettings, Priority, Reservation, WindowEnd, planned};

/// What is known of the window, whoever spent in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::resilience::points) struct Known {
    pub(in crate::resilience::points) window: u64,
    pub(in crate::resilience::points) limit: Option<f64>,
    pub(in crate::resilience::points) spent: f64,
    pub(in crate::resilience::points) end: Option<WindowEnd>,
    pub(in crate::resilience::points) begun_ms: i64,
    pub(in crate::resilience::points) heard_ms: i64,
    pub(in crate::resilience::points) length_ms: i64,
    pub(in crate::resilience::points) closed_until_ms: i64,
    pub(in crate::resilience::points) is_passive: bool,
    pub(in crate::resilience::points) grown: f64,
}

/// An attempt of this process that is on its way.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::resilience::points) struct OnItsWay {
    pub(in crate::resilience::points) id: u64,
    pub(in crate::resilience::points) amount: f64,
    pub(in crate::resilience::points) expected: f64,
    pub(in crate::resilience::points) is_guess: bool,
    pub(in crate::resilience::points) owner: String,
    pub(in crate::resilience::points) operation: String,
    pub(in crate::resilience::points) since_ms: i64,
    pub(in crate::resilience::points) lease_until_ms: i64,
}

impl Account {
    /// A number for a reservation that is made elsewhere.
    pub(in crate::resilience::points) fn take_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }

    /// What such an attempt sets aside.
    pub(in crate::resilience::points) fn amount(&self, ask: &Ask<'_>, settings: &LedgerSettings) -> f64 {
        match self.limit {
            Some(limit) if !self.is_passive => ask.estimate.min(planned(limit, settings) * LARGEST_SHARE),
            _ => ask.estimate,
        }
    }

    /// What is kept from such an attempt for others that are more urgent.
    pub(in crate::resilience::points) fn kept_from(&self, ask: &Ask<'_>, settings: &LedgerSettings, now_ms: i64) -> f64 {
        match self.limit {
            Some(limit) if ask.priority == Priority::Batch => self.kept_for_interactive(limit, settings, now_ms),
            _ => 0.0,
        }
    }

    /// Points were set aside elsewhere, whether or not there is room for them here.
    pub(in crate::resilience::points) fn adopt(&mut self, id: u64, ask: &Ask<'_>, settings: &LedgerSettings, now_ms: i64) {
        self.note_interactive(ask);
        self.set_aside(id, self.amount(ask, settings), ask, now_ms);
    }

    /// Takes over what the shared account knows.
    pub(in crate::resilience::points) fn learn(&mut self, known: &Known) {
        if known.window != self.window {
            self.spenders.clear();
        }
        self.window = known.window;
        self.limit = known.limit;
        self.spent = known.spent;
        self.end = known.end;
        self.begun_ms = known.begun_ms;
        self.heard_ms = known.heard_ms;
        self.length_ms = known.length_ms;
        self.closed_until_ms = known.closed_until_ms;
        self.is_passive = known.is_passive;
        self.grown = known.grown;
        self.bound = self.spent + self.open();
    }

    pub(in crate::resilience::points) fn known(&self) -> Known {
        Known {
            window: self.window,
            limit: self.limit,
            spent: self.spent,
            end: self.end,
            begun_ms: self.begun_ms,
            heard_ms: self.heard_ms,
            length_ms: self.length_ms,
            closed_until_ms: self.closed_until_ms,
            is_passive: self.is_passive,
            grown: self.grown,
        }
    }

    /// What is left of the window that nobody has spent or set aside, as far as is known here.
    pub(in crate::resilience::points) fn free(&self, settings: &LedgerSettings) -> f64 {
        self.limit.map_or(0.0, |limit| (planned(limit, settings) - self.spent).max(0.0))
    }

    /// What this process has on its way, or has not seen settled.
    pub(in crate::resilience::points) fn own_open(&self) -> f64 {
        self.open()
    }

    pub(in crate::resilience::points) fn on_their_way(&self) -> Vec<OnItsWay> {
        let with_names = |reservation: &Reservation| {
            let (owner, operation) = self.spenders.names(reservation.spender);
            OnItsWay {
                id: reservation.id,
                amount: reservation.amount,
                expected: reservation.expected,
                is_guess: reservation.is_guess,
                owner: owner.to_owned(),
                operation: operation.to_owned(),
                since_ms: reservation.since_ms,
                lease_until_ms: reservation.lease_until_ms,
            }
        };
        self.in_flight.iter().map(with_names).collect()
    }

    /// What ended at this moment or after it, and no snapshot holds for sure: settling and ambiguous.
    pub(in crate::resilience::points) fn unsettled_since(&self, from_ms: i64) -> (f64, f64) {
        self.unsettled.since(from_ms)
    }
}
