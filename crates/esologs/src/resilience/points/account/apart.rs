//! What one process does while it cannot reach the account that it shares, and how the account learns of it afterwards.

use super::{Account, Reservation};
use crate::resilience::points::{Finish, LedgerSettings, Step, Stepped};

/// What others had on their way when the account was lost sight of is taken as possibly charged after so long, in milliseconds.
const OUT_OF_SIGHT_MS: i64 = 60_000;
/// The number that stands for all of that. No account gives it away.
const OUT_OF_SIGHT: u64 = 0;

/// An account for the meantime: it knows what was known of the window, plans with a share of what is left, and keeps what the
/// shared account must be told.
#[derive(Debug, Clone)]
pub(crate) struct Apart {
    account: Account,
    share: f64,
    /// Ends of attempts that the shared account has points set aside for.
    untold: Vec<Finish>,
    /// What the service said last.
    snapshot: Option<Finish>,
    refused: Option<Finish>,
}

impl Apart {
    /// `known` is the shared account as it was seen last, by so many processes. Numbers of reservations begin with `first_id`, which
    /// should be one that nobody else begins with.
    pub(crate) fn new(known: &Account, processes: usize, first_id: u64, now_ms: i64) -> Self {
        let mut account = known.clone();
        account.number_from(first_id);
        let open = account.open();
        account.in_flight.clear();
        account.unsettled = Default::default();
        account.spenders.clear();
        account.reserved = open;
        if open > 0.0 {
            let lease_until_ms = now_ms.saturating_add(OUT_OF_SIGHT_MS);
            account.in_flight.push(Reservation {
                id: OUT_OF_SIGHT,
                amount: open,
                expected: 0.0,
                is_guess: false,
                is_probe: false,
                spender: 0,
                since_ms: i64::MIN,
                lease_until_ms,
            });
        }
        Self { account, share: 1.0 / processes.max(1) as f64, untold: Vec::new(), snapshot: None, refused: None }
    }

    pub(crate) fn account(&self) -> &Account {
        &self.account
    }

    /// Takes one step.
    pub(crate) fn step(&mut self, step: Step<'_>, settings: &LedgerSettings, now_ms: i64) -> Stepped {
        if let Step::Finish(finish) = step {
            if !self.account.is_on_its_way(finish.id) {
                self.untold.push(finish);
            }
            let sent_ms = |finish: &Finish| finish.snapshot.map(|snapshot| snapshot.sent_ms);
            if sent_ms(&finish).is_some() && sent_ms(&finish) >= self.snapshot.as_ref().and_then(sent_ms) {
                self.snapshot = Some(finish);
            }
            if finish.refused.is_some() {
                self.refused = Some(finish);
            }
        }
        self.account.step(step, &LedgerSettings { share: self.share, ..*settings }, now_ms)
    }

    /// Tells the shared account all of it. What is still on its way keeps its number there; these numbers are answered.
    pub(crate) fn tell(self, shared: &mut Account, settings: &LedgerSettings, now_ms: i64) -> Vec<u64> {
        for finish in &self.untold {
            shared.step(Step::Finish(*finish), settings, now_ms);
        }
        // What the service said goes in first: what is open here is what even the last of it may not hold.
        for said in [self.snapshot, self.refused].into_iter().flatten() {
            let said = Finish { id: OUT_OF_SIGHT, charge: super::Charge::No, ..said };
            shared.step(Step::Finish(said), settings, now_ms);
        }
        shared.pass_time(settings, now_ms);
        let Account { in_flight, unsettled, spenders, .. } = self.account;
        if unsettled.total() > 0.0 {
            shared.unsettled.add_settling(now_ms, unsettled.settling());
            shared.unsettled.add_ambiguous(now_ms, unsettled.ambiguous());
        }
        shared.bound += unsettled.total();
        shared.spenders.add(spenders);
        let mut ids = Vec::new();
        for reservation in in_flight.into_iter().filter(|reservation| reservation.id != OUT_OF_SIGHT) {
            shared.reserved += reservation.amount;
            shared.bound += reservation.amount;
            ids.push(reservation.id);
            shared.in_flight.push(reservation);
        }
        ids
    }
}

impl Account {
    /// Whether points are set aside under this number.
    pub(crate) fn is_on_its_way(&self, id: u64) -> bool {
        self.in_flight.iter().any(|reservation| reservation.id == id)
    }

    /// The next reservation gets this number. For an account that is begun where others may remember numbers of an earlier one.
    pub(crate) fn number_from(&mut self, first_id: u64) {
        self.next_id = first_id.max(OUT_OF_SIGHT + 1);
    }

    /// The owner of these reservations is dead; what it had sent may be charged.
    pub(crate) fn bury(&mut self, ids: impl IntoIterator<Item = u64>, settings: &LedgerSettings, now_ms: i64) {
        for id in ids {
            self.finish(id, super::Charge::Maybe, None, settings, now_ms);
        }
    }

    /// What is planned with of a window: a share of what is left, where others plan with the rest unseen.
    pub(super) fn plannable(&self, limit: f64, settings: &LedgerSettings) -> f64 {
        let whole = super::planned(limit, settings);
        if settings.share < 1.0 { self.spent + (whole - self.spent).max(0.0) * settings.share } else { whole }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resilience::points::account::tests::interactive;
    use crate::resilience::points::{Charge, Outcome, Snapshot};

    const NOW_MS: i64 = 1_790_000_000_000;

    fn ask(estimate: f64) -> Step<'static> {
        Step::Reserve(interactive(estimate))
    }

    fn finish(id: u64, spent: Option<f64>, now_ms: i64) -> Step<'static> {
        let snapshot =
            spent.map(|spent| Snapshot { limit: 1_000.0, spent, reset_in_s: 3_000.0, sent_ms: now_ms, received_ms: now_ms });
        Step::Finish(Finish { id, charge: Charge::Yes, snapshot, refused: None })
    }

    fn id_of(stepped: Stepped) -> Option<u64> {
        match stepped.outcome {
            Outcome::Reserved(id) => Some(id),
            _ => None,
        }
    }

    /// An account whose window is known, with 100 points spent, 10 settling and 50 set aside under the number that is answered.
    fn known(settings: &LedgerSettings) -> (Account, u64) {
        let mut account = Account::default();
        let first = id_of(account.step(ask(10.0), settings, NOW_MS)).unwrap();
        account.step(finish(first, Some(100.0), NOW_MS), settings, NOW_MS);
        let id = id_of(account.step(ask(50.0), settings, NOW_MS)).unwrap();
        (account, id)
    }

    #[test]
    fn apart_a_process_plans_with_its_share_of_what_is_left() {
        let settings = LedgerSettings { safety: 0.0, ..LedgerSettings::default() };
        let (shared, _) = known(&settings);
        let mut apart = Apart::new(&shared, 4, 1 << 52, NOW_MS);

        let reserved = (0..1_000).filter(|_| id_of(apart.step(ask(1.0), &settings, NOW_MS)).is_some()).count();

        // 1,000 less a probe's 1.5 less 100 spent: a quarter is 224.6, of which 60 were open already.
        assert_eq!(reserved, 164);
    }

    #[test]
    fn afterwards_the_shared_account_holds_all_that_was_done() {
        let settings = LedgerSettings::default();
        let (mut shared, id) = known(&settings);
        let mut apart = Apart::new(&shared, 2, 1 << 52, NOW_MS);
        apart.step(finish(id, None, NOW_MS), &settings, NOW_MS);
        let over = id_of(apart.step(ask(3.0), &settings, NOW_MS + 1)).unwrap();
        apart.step(finish(over, Some(150.0), NOW_MS + 1), &settings, NOW_MS + 2);
        let open = id_of(apart.step(ask(4.0), &settings, NOW_MS + 2)).unwrap();
        for (said, sent_ms) in [(Some(120.0), NOW_MS), (None, NOW_MS + 2)] {
            let late = id_of(apart.step(ask(1.0), &settings, NOW_MS + 2)).unwrap();
            let Step::Finish(late) = finish(late, said, sent_ms) else { unreachable!() };
            apart.step(Step::Finish(Finish { charge: Charge::No, ..late }), &settings, NOW_MS + 2);
        }

        let ids = apart.tell(&mut shared, &settings, NOW_MS + 3);

        assert_eq!(ids, [open]);
        let standing = shared.standing(&settings, NOW_MS + 3);
        assert_eq!((standing.spent, standing.reserved, standing.settling), (150.0, 4.0, 10.0 + 50.0 + 3.0));
        assert!(!shared.is_on_its_way(id) && shared.is_on_its_way(open));
        shared.step(finish(open, None, NOW_MS + 4), &settings, NOW_MS + 4);
        assert_eq!(shared.standing(&settings, NOW_MS + 4).reserved, 0.0);
    }

    #[test]
    fn going_apart_and_back_again_and_again_adds_nothing() {
        let settings = LedgerSettings::default();
        let (mut shared, _) = known(&settings);
        let before = shared.standing(&settings, NOW_MS);

        for round in 0..100 {
            Apart::new(&shared, 2, 1 << 52, NOW_MS + round).tell(&mut shared, &settings, NOW_MS + round);
        }

        assert_eq!(shared.standing(&settings, NOW_MS), before);
    }

    #[test]
    fn apart_numbers_begin_where_nobody_else_begins() {
        let settings = LedgerSettings::default();
        let (shared, _) = known(&settings);

        let ids = [7, 0].map(|first| id_of(Apart::new(&shared, 2, first, NOW_MS).step(ask(1.0), &settings, NOW_MS)));

        assert_eq!(ids, [Some(7), Some(1)], "0 stands for what is out of sight");
    }

    #[test]
    fn afterwards_a_question_for_a_snapshot_has_room_for_all_that_was_done_and_is_on_its_way() {
        let settings = LedgerSettings::default();
        let probe = || Step::Reserve(crate::resilience::points::Ask { is_probe: true, ..interactive(1.5) });
        // Charged can be 150 by then, of 1,000; a probe takes from what is never planned with.
        let has_room = |done: f64, on_its_way: f64, of_others: f64| {
            let (mut shared, _) = known(&settings);
            let mut apart = Apart::new(&shared, 1, 1 << 52, NOW_MS);
            let over = id_of(apart.step(ask(done), &settings, NOW_MS)).unwrap();
            apart.step(finish(over, None, NOW_MS), &settings, NOW_MS);
            id_of(apart.step(ask(on_its_way), &settings, NOW_MS)).unwrap();
            id_of(shared.step(ask(of_others), &settings, NOW_MS)).unwrap();
            apart.tell(&mut shared, &settings, NOW_MS);
            id_of(shared.step(probe(), &settings, NOW_MS)).is_some()
        };

        assert!(has_room(420.0, 400.0, 28.0));
        assert!(!has_room(420.0, 400.0, 29.0));
        assert!(!has_room(400.0, 420.0, 29.0), "what is over counts as what is on its way");
    }

    #[test]
    fn what_a_dead_owner_had_on_its_way_may_be_charged() {
        let settings = LedgerSettings::default();
        let (mut shared, id) = known(&settings);

        shared.bury([id, id, 4_711], &settings, NOW_MS);

        let standing = shared.standing(&settings, NOW_MS);
        assert_eq!((standing.reserved, standing.ambiguous), (0.0, 50.0));
    }
}
