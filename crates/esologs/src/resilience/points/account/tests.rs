//! The rules of an account, each at its edge.

use super::*;

const NOW_MS: i64 = 1_790_000_000_000;
const HOUR_MS: i64 = 3_600_000;
/// When the hour that began at `NOW_MS` is surely over: what it says of its end is in whole seconds.
const END_MS: i64 = NOW_MS + HOUR_MS + 1_000;

/// Nothing for safety's sake but what a probe costs, so that figures are easy to follow.
fn settings() -> LedgerSettings {
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

fn batch(estimate: f64) -> Ask<'static> {
    Ask { priority: Priority::Batch, ..interactive(estimate) }
}

fn probe(estimate: f64) -> Ask<'static> {
    Ask { is_probe: true, ..interactive(estimate) }
}

/// The hour that began at `NOW_MS`, as it is told at this moment.
fn told(limit: f64, spent: f64, at_ms: i64) -> Snapshot {
    let reset_in_s = (NOW_MS + HOUR_MS - at_ms) as f64 / 1_000.0;
    Snapshot { limit, spent, reset_in_s, sent_ms: at_ms, received_ms: at_ms }
}

/// An account whose hour has just begun; nothing is open.
fn known(limit: f64, spent: f64) -> Account {
    let mut account = Account::default();
    hear(&mut account, told(limit, spent, NOW_MS));
    account
}

/// A snapshot comes with an answer that was not charged.
fn hear(account: &mut Account, snapshot: Snapshot) {
    let now_ms = snapshot.received_ms;
    account.finish(u64::MAX, Charge::No, Some(&snapshot), &settings(), now_ms);
}

/// A call of so much, from its beginning to its answer at this moment.
fn over(account: &mut Account, ask: &Ask<'_>, charge: Charge, now_ms: i64) {
    let id = account.reserve(ask, &settings(), now_ms).unwrap();
    account.finish(id, charge, None, &settings(), now_ms);
}

fn standing(account: &Account, now_ms: i64) -> Standing {
    account.standing(&settings(), now_ms)
}

fn refusal(account: &mut Account, ask: &Ask<'_>, now_ms: i64) -> (Why, i64) {
    let refusal = account.reserve(ask, &settings(), now_ms).unwrap_err();
    (refusal.why, refusal.retry_in_ms)
}

/// At the moment that a refusal names there is room, and a second earlier there is none.
fn assert_is_told_the_moment(account: &Account, ask: &Ask<'_>, now_ms: i64, moment_ms: i64) {
    let (why, retry_in_ms) = refusal(&mut account.clone(), ask, now_ms);
    assert_eq!((why, now_ms + retry_in_ms), (Why::Spent, moment_ms));
    assert!(account.clone().reserve(ask, &settings(), moment_ms - 1_000).is_err(), "a second earlier there is none");
    assert!(account.clone().reserve(ask, &settings(), moment_ms).is_ok(), "there is room then");
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
fn what_is_kept_for_interactive_calls_falls_to_nothing_over_the_last_quarter_of_the_window() {
    let account = known(3_600.0, 0.0);
    let kept = |left_ms: i64| standing(&account, END_MS - left_ms).kept_for_interactive;

    assert_eq!((kept(HOUR_MS), kept(900_000)), (540.0, 540.0));
    assert_eq!(kept(22_000 + 878_000 / 2), 270.0, "half of the way down");
    assert_eq!((kept(22_000), kept(0), kept(-1_000)), (0.0, 0.0, 0.0));
    let mut without_a_window = account.clone();
    without_a_window.pass_time(&settings(), END_MS + 1);
    assert_eq!(standing(&without_a_window, END_MS + 1).kept_for_interactive, 540.0);
}

#[test]
fn in_a_short_window_it_is_nothing_from_an_eighth_before_the_end() {
    let mut account = Account::default();
    hear(&mut account, Snapshot { limit: 300.0, spent: 0.0, reset_in_s: 60.0, sent_ms: NOW_MS, received_ms: NOW_MS });
    let kept = |left_ms: i64| standing(&account, NOW_MS + 61_000 - left_ms).kept_for_interactive;

    assert_eq!((kept(15_000), kept(11_250), kept(7_500)), (45.0, 22.5, 0.0));
}

#[test]
fn what_interactive_calls_may_want_in_the_time_left_is_kept_and_nothing_from_22_seconds_before_the_end() {
    let mut account = known(3_600.0, 0.0);
    for _ in 0..45 {
        over(&mut account, &interactive(20.0), Charge::No, NOW_MS);
    }

    let kept = |left_ms: i64| standing(&account, END_MS - left_ms).kept_for_interactive;

    // Of the 900 in an hour, in a 16th of it 56.25 in the mean; four deviations of at most 33.54; and one call.
    assert!((kept(22_000 + HOUR_MS / 16) - (56.25 + 4.0 * (56.25_f64 * 20.0).sqrt() + 20.0)).abs() < 1e-9);
    assert!((20.0..21.0).contains(&kept(22_001)), "one call: {}", kept(22_001));
    assert_eq!((kept(22_000), kept(0)), (0.0, 0.0));
}

#[test]
fn however_much_people_took_twice_what_is_set_is_kept_at_most() {
    let mut account = known(3_600.0, 0.0);
    for _ in 0..60 {
        over(&mut account, &interactive(50.0), Charge::No, NOW_MS);
    }

    assert_eq!(standing(&account, NOW_MS).kept_for_interactive, 1_080.0);
}

#[test]
fn the_largest_interactive_call_fades_with_others_and_with_windows() {
    let mut account = known(3_600.0, 0.0);
    over(&mut account, &interactive(20.0), Charge::No, NOW_MS);
    over(&mut account, &Ask { expected: 0.0, ..interactive(1.0) }, Charge::No, NOW_MS);
    assert!((account.interactive - 19.8).abs() < 1e-9);

    over(&mut account, &batch(40.0), Charge::No, NOW_MS);

    assert!((account.interactive - 19.8).abs() < 1e-9, "batch calls do not count");
    account.pass_time(&settings(), END_MS + 1);
    hear(&mut account, Snapshot { reset_in_s: 3_600.0, ..told(3_600.0, 0.0, END_MS + 1) });
    let kept = standing(&account, END_MS + 1 + HOUR_MS + 1_000 - 22_001).kept_for_interactive;
    assert!((19.8 * 0.9..19.8 * 0.9 + 0.1).contains(&kept), "{kept}");
}

#[test]
fn more_is_kept_where_interactive_calls_take_more_up_to_twice_what_is_set() {
    let mut account = known(3_600.0, 0.0);
    for _ in 0..20 {
        over(&mut account, &interactive(20.0), Charge::No, NOW_MS);
    }
    let kept = |account: &Account, now_ms: i64| standing(account, now_ms).kept_for_interactive;
    let of_a_window = |wanted: f64, largest: f64| wanted + 4.0 * (wanted * largest).sqrt() + largest;

    account.pass_time(&settings(), END_MS + 1);
    let after_one = kept(&account, END_MS + 1);
    hear(&mut account, Snapshot { reset_in_s: 3_600.0, ..told(3_600.0, 0.0, END_MS + 1) });
    let next_end_ms = END_MS + 1 + HOUR_MS + 1_000;
    account.pass_time(&settings(), next_end_ms + 1);
    let after_two = kept(&account, next_end_ms + 1);

    assert!((after_one - of_a_window(400.0, 18.0)).abs() < 1e-9, "{after_one}");
    assert!((after_two - of_a_window(360.0, 16.2)).abs() < 1e-9, "{after_two}");
    over(&mut account, &interactive(500.0), Charge::No, next_end_ms + 1);
    let with_this_window = kept(&account, next_end_ms + 1);
    assert_eq!(with_this_window, 1_080.0, "it takes more already");
}

#[test]
fn batch_calls_wait_until_what_is_kept_from_them_has_fallen_far_enough() {
    let account = known(3_600.0, 3_200.0);

    // 3,598.5 are planned with; 388.5 are left beside the call's own 10, which is 631,672 ms of the way down from 540.
    assert_is_told_the_moment(&account, &batch(10.0), NOW_MS, END_MS - 22_000 - 631_672);
}

#[test]
fn batch_calls_wait_for_the_last_22_seconds_where_less_is_left_than_one_interactive_call_needs() {
    let mut account = known(3_600.0, 3_569.0);
    over(&mut account, &interactive(20.0), Charge::No, NOW_MS);

    assert_is_told_the_moment(&account, &batch(10.0), NOW_MS, END_MS - 22_000);
}

#[test]
fn batch_calls_wait_until_interactive_calls_may_want_no_more_than_is_left() {
    let mut account = known(3_600.0, 3_488.5);
    for _ in 0..30 {
        over(&mut account, &interactive(20.0), Charge::No, NOW_MS);
    }

    // 100 are left beside the call's own 10: one of the largest, a mean of 13.73 (as of 600 in an hour in 82,359 ms), four deviations.
    assert_is_told_the_moment(&account, &batch(10.0), NOW_MS, END_MS - 22_000 - 82_354);
}

#[test]
fn the_moment_that_is_told_is_the_first_at_which_no_more_is_kept_than_is_left() {
    for (calls, largest) in [(0, 0.0), (1, 3.0), (3, 90.0), (10, 20.0), (40, 7.0), (60, 30.0)] {
        for spent in [2_000.0, 2_900.0, 3_200.0, 3_400.0, 3_500.0, 3_550.0, 3_585.0] {
            let mut account = known(3_600.0, 0.0);
            for _ in 0..calls {
                over(&mut account, &interactive(largest), Charge::No, NOW_MS);
            }
            hear(&mut account, told(3_600.0, spent, NOW_MS));
            let room = 3_598.5 - spent - 10.0;
            let Err(refusal) = account.clone().reserve(&batch(10.0), &settings(), NOW_MS) else { continue };

            let moment_ms = NOW_MS + refusal.retry_in_ms;

            let kept = |at_ms: i64| standing(&account, at_ms).kept_for_interactive;
            let what = format!("{calls} of {largest}, {spent} spent: {} of {room} left", kept(moment_ms));
            assert!(kept(moment_ms) <= room && kept(moment_ms - 2) > room, "{what}");
        }
    }
}

#[test]
fn the_very_last_points_are_for_batch_calls_in_the_last_22_seconds() {
    let account = known(3_600.0, 3_588.5);

    assert_is_told_the_moment(&account, &batch(10.0), NOW_MS, END_MS - 22_000);
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
fn where_the_window_is_unknown_what_is_kept_is_looked_at_again_every_second() {
    let settings = LedgerSettings { reserve_for_interactive: 0.9, ..settings() };
    let mut account = known(100.0, 0.0);

    let refusal = account.reserve(&batch(10.0), &settings, END_MS + 1).unwrap_err();

    assert_eq!((refusal.why, refusal.retry_in_ms), (Why::Spent, 1_000));
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
fn what_falls_is_waited_for_only_where_time_is_left_to_look_and_to_spend_what_that_brings() {
    let account = known(3_600.0, 0.0);

    // Three times the 22 s from which on nothing is kept.
    assert!(account.falls_until(END_MS - 66_001, END_MS - 800_000));
    assert!(!account.falls_until(END_MS - 66_000, END_MS - 800_000));
    assert!(!account.falls_until(END_MS - 66_001, END_MS - 1_000_000), "before the last quarter it does not fall");
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

#[test]
fn of_a_share_of_the_window_as_large_a_share_is_kept_for_interactive_calls() {
    let settings = LedgerSettings { share: 0.5, reserve_for_interactive: 0.2, ..settings() };
    let account = known(1_000.0, 0.0);

    // Half of 998.5 is planned with; a fifth of half the limit is kept.
    assert!(account.clone().reserve(&batch(200.0), &settings, NOW_MS).is_ok());
    let fill = |first: f64| {
        let mut account = account.clone();
        account.reserve(&batch(first), &settings, NOW_MS).unwrap();
        account.reserve(&batch(199.0), &settings, NOW_MS)
    };
    assert!(fill(200.0).is_ok(), "399 of 399.25");
    assert_eq!(fill(201.0).unwrap_err().why, Why::OnTheirWay);
}

#[test]
fn a_call_that_fits_when_half_of_the_reserve_is_gone_is_told_that_moment() {
    let account = known(1_000.0, 900.0);

    // 78.5 of the 150 that are kept for people may still be kept, which is so 459,486 ms after the last quarter of the hour would be over.
    assert_is_told_the_moment(&account, &batch(20.0), NOW_MS, END_MS - kept::NEARLY_OVER_MS - 459_486);
}
