//! What batch calls leave to interactive ones, and when they are told to come back for it.

use super::*;
use crate::resilience::points::Why;
use crate::resilience::points::account::tests::{
    END_MS, HOUR_MS, NOW_MS, batch, hear, interactive, known, over, refusal, settings, standing, told,
};
use crate::resilience::points::{Ask, Charge, Snapshot};

/// At the moment that a refusal names there is room, and a second earlier there is none.
fn assert_is_told_the_moment(account: &Account, ask: &Ask<'_>, now_ms: i64, moment_ms: i64) {
    let (why, retry_in_ms) = refusal(&mut account.clone(), ask, now_ms);
    assert_eq!((why, now_ms + retry_in_ms), (Why::Spent, moment_ms));
    assert!(account.clone().reserve(ask, &settings(), moment_ms - 1_000).is_err(), "a second earlier there is none");
    assert!(account.clone().reserve(ask, &settings(), moment_ms).is_ok(), "there is room then");
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
fn where_the_window_is_unknown_what_is_kept_is_looked_at_again_every_second() {
    let settings = LedgerSettings { reserve_for_interactive: 0.9, ..settings() };
    let mut account = known(100.0, 0.0);

    let refusal = account.reserve(&batch(10.0), &settings, END_MS + 1).unwrap_err();

    assert_eq!((refusal.why, refusal.retry_in_ms), (Why::Spent, 1_000));
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
    assert_is_told_the_moment(&account, &batch(20.0), NOW_MS, END_MS - NEARLY_OVER_MS - 459_486);
}
