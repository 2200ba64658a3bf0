//! The rules of an account, each at its edge.

use super::*;

pub(super) const NOW_MS: i64 = 1_790_000_000_000;
pub(super) const HOUR_MS: i64 = 3_600_000;
/// When the hour that began at `NOW_MS` is surely over: what it says of its end is in whole seconds.
pub(super) const END_MS: i64 = NOW_MS + HOUR_MS + 1_000;

/// Nothing for safety's sake but what a probe costs, so that figures are easy to follow.
pub(super) fn settings() -> LedgerSettings {
    LedgerSettings { safety: 0.0, ..LedgerSettings::default() }
}

pub(super) fn interactive(estimate: f64) -> Ask<'static> {
    Ask {
        estimate,
        expected: estimate,
        is_guess: false,
        priority: Priority::Interactive,
        owner: "test",
        operation: "Test",
        shape: 0,
        lease_ms: 120_000,
        is_probe: false,
    }
}

pub(super) fn batch(estimate: f64) -> Ask<'static> {
    Ask { priority: Priority::Batch, ..interactive(estimate) }
}

fn probe(estimate: f64) -> Ask<'static> {
    Ask { is_probe: true, ..interactive(estimate) }
}

/// The hour that began at `NOW_MS`, as it is told at this moment.
pub(super) fn told(limit: f64, spent: f64, at_ms: i64) -> Snapshot {
    let reset_in_s = (NOW_MS + HOUR_MS - at_ms) as f64 / 1_000.0;
    Snapshot { limit, spent, reset_in_s, sent_ms: at_ms, received_ms: at_ms }
}

/// An account whose hour has just begun; nothing is open.
pub(super) fn known(limit: f64, spent: f64) -> Account {
    let mut account = Account::default();
    hear(&mut account, told(limit, spent, NOW_MS));
    account
}

/// A snapshot comes with an answer that was not charged.
pub(super) fn hear(account: &mut Account, snapshot: Snapshot) {
    let now_ms = snapshot.received_ms;
    account.finish(u64::MAX, Charge::No, Some(&snapshot), &settings(), now_ms);
}

/// A call of so much, from its beginning to its answer at this moment.
pub(super) fn over(account: &mut Account, ask: &Ask<'_>, charge: Charge, now_ms: i64) {
    let id = account.reserve(ask, &settings(), now_ms).unwrap();
    account.finish(id, charge, None, &settings(), now_ms);
}

pub(super) fn standing(account: &Account, now_ms: i64) -> Standing {
    account.standing(&settings(), now_ms)
}

pub(super) fn refusal(account: &mut Account, ask: &Ask<'_>, now_ms: i64) -> (Why, i64) {
    let refusal = account.reserve(ask, &settings(), now_ms).unwrap_err();
    (refusal.why, refusal.retry_in_ms)
}

#[test]
fn before_the_first_answer_one_call_goes_alone_for_three_seconds() {
    let mut account = Account::default();
    account.reserve(&batch(5.0), &settings(), NOW_MS).unwrap();

    assert_eq!(refusal(&mut account, &interactive(5.0), NOW_MS), (Why::FirstAnswer, 3_000));
    assert_eq!(refusal(&mut account, &interactive(5.0), NOW_MS + 2_999), (Why::FirstAnswer, 1));
    assert_eq!(refusal(&mut account, &batch(5.0), NOW_MS - 60_000), (Why::FirstAnswer, 3_000), "a clock that was set back");
    account.reserve(&batch(5.0), &settings(), NOW_MS + 3_000).unwrap();
    account.reserve(&batch(5.0), &settings(), NOW_MS + 3_000).unwrap();
}

#[test]
fn where_answers_come_without_a_snapshot_nobody_is_held_back_until_one_comes() {
    let mut account = Account::default();
    over(&mut account, &batch(5.0), Charge::No, NOW_MS);
    over(&mut account, &batch(5.0), Charge::Maybe, NOW_MS);
    assert!(!standing(&account, NOW_MS).is_passive, "no answer has come");
    over(&mut account, &batch(5.0), Charge::Yes, NOW_MS);
    assert!(standing(&account, NOW_MS).is_passive);
    for _ in 0..10 {
        account.reserve(&batch(1_000.0), &settings(), NOW_MS).unwrap();
    }
    assert_eq!(standing(&account, NOW_MS).reserved, 10_000.0);

    hear(&mut account, told(3_600.0, 100.0, NOW_MS));

    assert!(!standing(&account, NOW_MS).is_passive);
    assert!(account.reserve(&batch(10.0), &settings(), NOW_MS).is_err());
    over_is_not_passive_again(&mut account);
}

/// An answer without a snapshot, once there was one, changes nothing.
fn over_is_not_passive_again(account: &mut Account) {
    account.finish(2, Charge::Yes, None, &settings(), NOW_MS);
    assert!(!standing(account, NOW_MS).is_passive);
}

#[test]
fn of_a_window_all_is_set_aside_but_a_probes_points_and_no_more() {
    let mut account = known(100.0, 0.0);

    for _ in 0..9 {
        account.reserve(&interactive(10.0), &settings(), NOW_MS).unwrap();
    }

    assert_eq!(refusal(&mut account, &interactive(10.0), NOW_MS), (Why::OnTheirWay, 1_000));
    account.reserve(&interactive(8.5), &settings(), NOW_MS).unwrap();
    let standing = standing(&account, NOW_MS);
    assert_eq!((standing.reserved, standing.open(), standing.calls_on_their_way), (98.5, 98.5, 10));
}

#[test]
fn the_safety_margin_is_a_share_of_the_limit_or_what_a_probe_costs() {
    let settings = LedgerSettings { safety: 0.01, ..LedgerSettings::default() };

    assert_eq!(planned(3_600.0, &settings), 3_564.0);
    assert_eq!(planned(100.0, &settings), 98.5);
}

#[test]
fn one_call_sets_aside_half_of_a_window_at_most() {
    let mut account = known(100.0, 0.0);

    account.reserve(&interactive(500.0), &settings(), NOW_MS).unwrap();

    assert_eq!(standing(&account, NOW_MS).reserved, 49.25);
}

#[test]
fn where_calls_on_their_way_have_the_last_points_they_are_waited_for_and_not_the_next_window() {
    let mut account = known(100.0, 90.0);
    account.reserve(&interactive(1.0), &settings(), NOW_MS).unwrap();

    assert_eq!(refusal(&mut account, &interactive(8.5), NOW_MS), (Why::OnTheirWay, 1_000));
}

#[test]
fn where_too_little_is_left_the_end_of_the_window_is_told() {
    let account = known(100.0, 95.0);

    let moment_ms = END_MS + 1;

    let (why, retry_in_ms) = refusal(&mut account.clone(), &interactive(10.0), NOW_MS + 5_000);
    assert_eq!((why, NOW_MS + 5_000 + retry_in_ms), (Why::Spent, moment_ms));
    let nearly_enough = refusal(&mut known(100.0, 88.6), &interactive(10.0), NOW_MS + 5_000);
    assert_eq!(nearly_enough, (why, retry_in_ms), "however little is missing");
    assert!(account.clone().reserve(&interactive(10.0), &settings(), END_MS).is_err(), "it may not be over yet");
    assert!(account.clone().reserve(&interactive(10.0), &settings(), moment_ms).is_ok());
}

#[test]
fn a_probe_takes_from_what_is_never_planned_with_but_not_beyond_the_limit() {
    let mut account = known(100.0, 99.0);

    assert!(account.reserve(&interactive(1.0), &settings(), NOW_MS).is_err());
    account.reserve(&probe(1.0), &settings(), NOW_MS).unwrap();
    assert!(account.reserve(&probe(0.5), &settings(), NOW_MS).is_err());
}

#[test]
fn what_was_given_back_leaves_a_probe_no_more_and_no_less_than_before() {
    let mut account = known(100.0, 50.0);
    over(&mut account, &interactive(40.0), Charge::No, NOW_MS);
    over(&mut account, &interactive(45.0), Charge::Maybe, NOW_MS);
    account.note_refused(None, NOW_MS, &settings(), NOW_MS);

    assert!(account.reserve(&probe(6.0), &settings(), NOW_MS).is_err(), "50 spent, 45 that may be charged");
    assert!(account.reserve(&probe(5.0), &settings(), NOW_MS).is_ok());
}

#[test]
fn what_an_answered_call_may_have_cost_is_unsettled_until_a_snapshot_that_was_asked_for_five_seconds_later() {
    let mut account = known(100.0, 0.0);
    over(&mut account, &interactive(49.0), Charge::Yes, NOW_MS + 100);
    over(&mut account, &interactive(49.0), Charge::Yes, NOW_MS + 400);

    assert_eq!(refusal(&mut account, &interactive(49.0), NOW_MS + 500), (Why::Unsettled, 4_901));
    assert_eq!(standing(&account, NOW_MS + 500).settles_ms, Some(NOW_MS + 5_401));
    hear(&mut account, told(100.0, 20.0, NOW_MS + 5_399));
    let half = standing(&account, NOW_MS + 5_399);
    assert_eq!((half.spent, half.settling), (20.0, 49.0), "the first is in it, the second may not be");
    hear(&mut account, told(100.0, 40.0, NOW_MS + 5_400));

    let all = standing(&account, NOW_MS + 5_400);
    assert_eq!((all.spent, all.settling, all.settles_ms), (40.0, 0.0, None));
    account.reserve(&interactive(49.0), &settings(), NOW_MS + 5_400).unwrap();
}

#[test]
fn calls_on_their_way_are_waited_for_before_what_is_unsettled_is_asked_about() {
    let mut account = known(100.0, 0.0);
    over(&mut account, &interactive(10.0), Charge::Yes, NOW_MS);
    account.reserve(&interactive(40.0), &settings(), NOW_MS).unwrap();
    account.reserve(&interactive(40.0), &settings(), NOW_MS).unwrap();

    assert_eq!(refusal(&mut account, &interactive(20.0), NOW_MS), (Why::OnTheirWay, 1_000));
}

#[test]
fn what_was_not_sent_is_given_back_and_what_timed_out_may_be_charged() {
    let mut account = known(100.0, 0.0);
    over(&mut account, &interactive(7.0), Charge::No, NOW_MS);
    assert_eq!(standing(&account, NOW_MS).open(), 0.0);

    over(&mut account, &interactive(7.0), Charge::Maybe, NOW_MS);

    let standing = standing(&account, NOW_MS);
    assert_eq!((standing.reserved, standing.settling, standing.ambiguous), (0.0, 0.0, 7.0));
    let row = &account.spenders.rows()[0];
    assert_eq!((row.calls, row.points), (1, 7.0), "what was not sent is nobody's");
}

#[test]
fn what_dead_owners_had_set_aside_may_be_charged_and_the_others_keep_theirs() {
    let mut account = known(100.0, 0.0);
    for (estimate, lease_ms) in [(1.0, 5_000), (2.0, 1_000), (4.0, 1_000), (8.0, 5_000)] {
        account.reserve(&Ask { lease_ms, ..interactive(estimate) }, &settings(), NOW_MS).unwrap();
    }

    account.pass_time(&settings(), NOW_MS + 999);
    assert_eq!(standing(&account, NOW_MS + 999).reserved, 15.0);
    account.pass_time(&settings(), NOW_MS + 1_000);

    let standing = standing(&account, NOW_MS + 1_000);
    assert_eq!((standing.reserved, standing.ambiguous, standing.calls_on_their_way), (9.0, 6.0, 2));
    assert_eq!((account.spenders.rows()[0].calls, account.spenders.rows()[0].points), (2, 6.0));
}

#[test]
fn the_only_call_on_its_way_is_given_up_when_its_lease_is_over() {
    let mut account = known(100.0, 0.0);
    account.reserve(&Ask { lease_ms: 1_000, ..interactive(2.0) }, &settings(), NOW_MS).unwrap();

    account.pass_time(&settings(), NOW_MS + 1_000);

    let standing = standing(&account, NOW_MS + 1_000);
    assert_eq!((standing.reserved, standing.ambiguous, standing.calls_on_their_way), (0.0, 2.0, 0));
}

#[test]
fn on_a_shared_account_the_way_to_it_is_added_to_the_time_that_the_counter_may_lag() {
    let far = LedgerSettings { on_its_way_ms: 700, ..settings() };
    let mut account = known(100.0, 0.0);
    over(&mut account, &interactive(2.0), Charge::Yes, NOW_MS);

    assert_eq!(account.standing(&far, NOW_MS).settles_ms, Some(NOW_MS + 5_701));
}

#[test]
fn a_snapshot_leaves_a_probe_what_is_neither_spent_nor_on_its_way() {
    let mut account = known(100.0, 50.0);
    account.reserve(&interactive(40.0), &settings(), NOW_MS).unwrap();

    hear(&mut account, told(100.0, 50.0, NOW_MS + 10));

    assert!(account.clone().reserve(&probe(10.5), &settings(), NOW_MS + 10).is_err());
    assert!(account.reserve(&probe(10.0), &settings(), NOW_MS + 10).is_ok());
}

#[test]
fn a_refusal_by_the_service_means_that_the_points_of_the_window_are_spent() {
    let mut account = known(100.0, 30.0);

    account.note_refused(Some(1_000), NOW_MS, &settings(), NOW_MS + 100);

    assert_eq!(standing(&account, NOW_MS + 100).spent, 100.0);
    assert_eq!(refusal(&mut account, &interactive(1.0), NOW_MS + 100), (Why::Spent, END_MS + 1 - NOW_MS - 100));
    hear(&mut account, told(100.0, 130.0, NOW_MS + 200));
    account.note_refused(None, NOW_MS + 300, &settings(), NOW_MS + 400);
    assert_eq!(standing(&account, NOW_MS + 400).spent, 130.0, "it is never less than what was told");
}

#[test]
fn a_refusal_of_a_window_that_is_over_says_nothing_of_the_next() {
    let mut account = known(100.0, 30.0);

    account.note_refused(None, END_MS - 1, &settings(), END_MS + 1);

    let standing = standing(&account, END_MS + 1);
    assert_eq!((standing.spent, standing.closed_until_ms), (0.0, None));
    account.note_refused(None, END_MS, &settings(), END_MS + 1);
    assert_eq!(refusal(&mut account, &interactive(1.0), END_MS + 1), (Why::Spent, 60_000), "one that was sent in it does");
    hear(&mut account, Snapshot { reset_in_s: 3_600.0, ..told(100.0, 7.0, END_MS + 2) });
    account.note_refused(None, END_MS - 1, &settings(), END_MS + 3);
    assert_eq!(account.standing(&settings(), END_MS + 3).spent, 7.0, "nor when that is known");
}

#[test]
fn while_nothing_is_known_of_the_window_a_refusal_closes_for_what_it_says_within_bounds() {
    for (said_ms, closed_ms) in [(None, 60_000), (Some(10), 1_000), (Some(36_000_000), 70 * 60_000), (Some(90_000), 90_000)] {
        let mut account = Account::default();
        account.note_refused(said_ms, NOW_MS, &settings(), NOW_MS);

        assert_eq!(refusal(&mut account, &interactive(1.0), NOW_MS), (Why::Spent, closed_ms));
        assert_eq!(refusal(&mut account, &interactive(1.0), NOW_MS + closed_ms - 1), (Why::Spent, 1));
        assert_eq!(standing(&account, NOW_MS + closed_ms - 1).closed_until_ms, Some(NOW_MS + closed_ms));
        assert_eq!(standing(&account, NOW_MS + closed_ms).closed_until_ms, None);
        assert!(account.clone().reserve(&interactive(1.0), &settings(), NOW_MS + closed_ms).is_ok());
        hear(&mut account, told(100.0, 0.0, NOW_MS + 500));
        assert!(account.reserve(&interactive(1.0), &settings(), NOW_MS + 500).is_ok(), "a snapshot opens it");
    }
}

#[test]
fn batch_calls_are_looked_for_where_a_look_makes_room_and_otherwise_wait_for_what_falls() {
    // 15 are kept until the last quarter; 85 less 1.5 are for batch calls.
    let held = |spent: f64, unsettled: f64, left_ms: i64| {
        let now_ms = NOW_MS + HOUR_MS - left_ms;
        let mut account = known(100.0, spent);
        over(&mut account, &interactive(0.5), Charge::No, NOW_MS);
        let id = account.reserve(&interactive(unsettled), &settings(), now_ms - 6_000).unwrap();
        account.finish(id, Charge::Yes, None, &settings(), now_ms - 6_000);
        account.interactive = 0.0;
        refusal(&mut account, &batch(5.0), now_ms)
    };

    assert_eq!(held(75.5, 3.5, 3_000_000), (Why::Unsettled, 1), "3 are left beside the call");
    assert_eq!(held(75.6, 3.5, 3_000_000).0, Why::Spent, "no look leaves more than it takes");
    // 15 fall to nothing from 900 s before the end to 22 s before it: one in 58.5 s, and what the window's end is rounded by.
    assert_eq!(held(76.5, 3.5, 3_000_000), (Why::Spent, 2_100_000 + 1_000 + 58_534));
    assert_eq!(held(78.5, 7.5, 900_000).0, Why::Spent, "it falls, and will have made room for all of it");
    assert_eq!(held(82.0, 12.0, 100_000), (Why::Unsettled, 1), "it will not have: a look is what is left");
}

#[test]
fn where_no_look_makes_room_and_calls_are_on_their_way_those_are_waited_for() {
    let now_ms = NOW_MS + 600_000;
    let mut account = known(100.0, 75.5);
    let ended = account.reserve(&interactive(3.5), &settings(), now_ms - 6_000).unwrap();
    account.finish(ended, Charge::Yes, None, &settings(), now_ms - 6_000);
    account.reserve(&interactive(0.5), &settings(), now_ms - 100).unwrap();
    account.interactive = 0.0;

    // 3 are left beside the call, a look takes 3, and half a point is on its way.
    assert_eq!(refusal(&mut account, &batch(5.0), now_ms), (Why::OnTheirWay, 1_000));
}

#[test]
fn one_probe_at_a_time_has_leave_for_fifteen_seconds() {
    let mut account = known(100.0, 0.0);

    assert!(account.may_probe(NOW_MS));
    assert!(!account.may_probe(NOW_MS) && !account.may_probe(NOW_MS + 14_999));
    assert!(account.may_probe(NOW_MS + 15_000));
    assert!(account.may_probe(NOW_MS), "a clock that was set back");
    assert!(!account.may_probe(NOW_MS + 1));
    hear(&mut account, told(100.0, 0.0, NOW_MS + 2));
    assert!(account.may_probe(NOW_MS + 2), "the answer is there");
}

#[test]
fn after_a_probe_that_failed_another_has_leave_when_the_counter_may_tell_more() {
    let mut account = known(100.0, 0.0);
    assert!(account.may_probe(NOW_MS));

    over(&mut account, &probe(1.0), Charge::Maybe, NOW_MS + 100);

    assert!(!account.may_probe(NOW_MS + 5_099));
    assert!(account.may_probe(NOW_MS + 5_100));
    over(&mut account, &interactive(1.0), Charge::Maybe, NOW_MS + 5_200);
    over(&mut account, &probe(1.0), Charge::No, NOW_MS + 5_200);
    assert!(!account.may_probe(NOW_MS + 20_099), "others that fail, or one that was not sent, change nothing");
}

#[test]
fn a_counter_that_lags_takes_nothing_back_and_nonsense_is_not_taken_in() {
    let mut account = known(100.0, 30.0);

    hear(&mut account, told(100.0, 20.0, NOW_MS + 1_000));
    for (limit, spent, reset_in_s) in
        [(0.0, 50.0, 60.0), (-1.0, 50.0, 60.0), (f64::NAN, 50.0, 60.0), (100.0, -1.0, 60.0), (100.0, 50.0, -1.0)]
    {
        let (sent_ms, received_ms) = (NOW_MS + 2_000, NOW_MS + 2_000);
        hear(&mut account, Snapshot { limit, spent, reset_in_s, sent_ms, received_ms });
    }

    let standing = standing(&account, NOW_MS + 2_000);
    assert_eq!((standing.limit, standing.spent, standing.window, standing.grown), (Some(100.0), 30.0, 1, 0.0));
    hear(&mut account, Snapshot { reset_in_s: 0.0, ..told(100.0, 0.0, NOW_MS + 3_000) });
    assert_eq!(account.standing(&settings(), NOW_MS + 3_000).window, 2, "nought spent and nought left are none: an hour ends");
}

#[test]
fn the_growth_of_the_counter_is_counted_over_windows_but_not_what_was_there_at_first() {
    let mut account = known(100.0, 30.0);
    assert_eq!(standing(&account, NOW_MS).grown, 0.0);

    hear(&mut account, told(100.0, 45.0, NOW_MS + 1_000));
    hear(&mut account, told(100.0, 40.0, NOW_MS + 2_000));
    assert_eq!(standing(&account, NOW_MS + 2_000).grown, 15.0);
    hear(&mut account, Snapshot { reset_in_s: 3_600.0, ..told(100.0, 7.0, END_MS + 1) });

    let standing = standing(&account, END_MS + 1);
    assert_eq!((standing.grown, standing.spent, standing.window), (22.0, 7.0, 2));
}

#[test]
fn at_its_end_a_window_is_forgotten_but_not_what_may_be_charged_to_the_next() {
    let earliest_ms = END_MS - 2_000;
    let mut account = known(100.0, 30.0);
    over(&mut account, &interactive(1.0), Charge::Yes, earliest_ms - 5_000);
    over(&mut account, &interactive(2.0), Charge::Yes, earliest_ms - 4_000);
    assert!(account.may_probe(END_MS));

    account.pass_time(&settings(), END_MS);
    assert_eq!(standing(&account, END_MS).window, 1, "it may not be over");
    account.pass_time(&settings(), END_MS + 1);

    let standing = standing(&account, END_MS + 1);
    assert_eq!((standing.window, standing.spent, standing.end_ms, standing.settling), (2, 0.0, None, 2.0));
    assert!(account.spenders.rows().is_empty());
    assert!(account.may_probe(END_MS + 1));
}

#[test]
fn the_next_window_is_believed_before_the_clock_says_that_the_last_is_over() {
    let mut account = known(100.0, 90.0);
    over(&mut account, &interactive(3.0), Charge::Yes, NOW_MS + 60_000);

    // Ten minutes later the service says that an hour begins.
    let begins_ms = NOW_MS + 600_000;
    hear(&mut account, Snapshot { reset_in_s: 3_600.0, ..told(100.0, 5.0, begins_ms) });

    let standing = standing(&account, begins_ms);
    assert_eq!((standing.window, standing.spent, standing.settling), (2, 5.0, 0.0));
    assert_eq!(standing.end_ms, Some(begins_ms + HOUR_MS + 1_000));
    hear(&mut account, told(100.0, 99.0, NOW_MS + 61_000));
    assert_eq!(account.standing(&settings(), begins_ms).spent, 5.0, "a late answer of the window before changes nothing");
    let sent_with_it = Snapshot { sent_ms: begins_ms, received_ms: begins_ms, ..told(100.0, 99.0, NOW_MS + 61_000) };
    hear(&mut account, sent_with_it);
    assert_eq!(account.standing(&settings(), begins_ms).spent, 5.0, "nor one that was sent when that was heard");
}

#[test]
fn a_snapshot_that_was_sent_before_the_end_of_the_last_window_tells_nothing_of_the_next() {
    let mut account = known(100.0, 90.0);
    account.pass_time(&settings(), END_MS + 1);

    // Half a second before the end, by the service's clock.
    let late = Snapshot { received_ms: END_MS + 2_000, ..told(100.0, 95.0, END_MS - 1_500) };
    hear(&mut account, late);

    assert_eq!((standing(&account, END_MS + 2_000).spent, standing(&account, END_MS + 2_000).end_ms), (0.0, None));
}

#[test]
fn what_is_told_after_an_attempt_is_how_the_account_stands() {
    let mut account = known(100.0, 30.0);
    over(&mut account, &interactive(2.0), Charge::Yes, NOW_MS);
    over(&mut account, &interactive(4.0), Charge::Maybe, NOW_MS);
    account.reserve(&interactive(8.0), &settings(), NOW_MS).unwrap();

    assert_eq!(account.settled(), Settled::from(standing(&account, NOW_MS)));
    assert_eq!(account.settled().unsettled, 6.0);
    assert_eq!(standing(&account, NOW_MS).length_ms, Some(HOUR_MS));
    assert_eq!(standing(&Account::default(), NOW_MS).length_ms, None);
}

#[test]
fn each_reservation_is_ended_by_its_own_number() {
    let mut account = known(1_000.0, 0.0);
    let ids: Vec<u64> =
        [3.0, 5.0, 9.0].iter().map(|points| account.reserve(&interactive(*points), &settings(), NOW_MS).unwrap()).collect();

    account.finish(ids[1], Charge::No, None, &settings(), NOW_MS);
    assert_eq!(standing(&account, NOW_MS).reserved, 12.0);
    account.finish(ids[1], Charge::Yes, None, &settings(), NOW_MS);
    assert_eq!((account.reserved, account.unsettled.total()), (12.0, 0.0), "it is over already");
    account.finish(ids[2], Charge::Yes, None, &settings(), NOW_MS);

    assert_eq!((account.reserved, account.unsettled.total()), (3.0, 9.0));
}
