//! What is decided at the edges: each bound from both sides, each price, each kind of wait.

use super::tests::{Scene, asking, failure, is_retry};
use super::*;
use crate::config::MaxWait;

const SECOND: Duration = Duration::from_secs(1);

/// The first decision of a patient call after this failure, for many a chance.
fn first_waits(failure: &Failure) -> Vec<f64> {
    (0..500)
        .map(|seed| {
            let mut scene = Scene { rng: Rng::with_seed(seed), ..Scene::new(CallPolicy::batch()) };
            match scene.fail_at(1.0, failure) {
                Decision::Retry { delay, .. } => delay.as_secs_f64(),
                other => panic!("{other:?}"),
            }
        })
        .collect()
}

fn range(waits: &[f64]) -> (f64, f64) {
    (waits.iter().copied().fold(f64::MAX, f64::min), waits.iter().copied().fold(0.0, f64::max))
}

fn reason_and_price(policy: CallPolicy, failure: &Failure) -> (WaitReason, f64) {
    match Scene::new(policy).fail_at(1.0, failure) {
        Decision::Retry { reason, price, .. } => (reason, price),
        other => panic!("{}: {other:?}", failure.class.name()),
    }
}

fn refused(class: Class, pause: u64) -> Failure {
    Failure { pause: Some(Duration::from_secs(pause)), ..failure(class) }
}

#[test]
fn a_call_that_counts_its_attempts_does_not_repeat_what_the_token_task_has_repeated() {
    let after = |policy, failure: Failure| Scene::new(policy).fail_at(1.0, &failure.at(Stage::Token));
    let counting = CallPolicy::interactive;

    assert_eq!(after(counting(), failure(Class::ServerUnavailable)), Decision::GiveUp(GiveUp::Attempts));
    assert_eq!(after(counting(), failure(Class::CredentialsRejected)), Decision::GiveUp(GiveUp::NotRetryable));
    assert!(is_retry(after(counting(), asking(Class::ServerUnavailable, 1))), "it was told when");
    assert!(is_retry(after(counting(), failure(Class::Throttled))), "a 429 is no failure of the token task's");
    assert!(is_retry(after(CallPolicy::batch(), failure(Class::ServerUnavailable))), "a patient call waits");
    assert!(is_retry(Scene::new(counting()).fail_at(1.0, &failure(Class::ServerUnavailable))), "nor at the API");
}

#[test]
fn a_call_that_counts_its_attempts_and_has_no_deadline_comes_back_after_the_pause_of_the_token_task() {
    let unhurried = CallPolicy { deadline: None, ..CallPolicy::interactive().attempts(3) };
    let mut scene = Scene::new(unhurried.clone());
    let no_token = || refused(Class::ServerUnavailable, 5).at(Stage::Token);

    for at in [1.0, 7.0] {
        match scene.fail_at(at, &no_token()) {
            Decision::Retry { delay, price, .. } => assert!(delay >= 5 * SECOND && price == 0.0, "{delay:?} for {price}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(scene.fail_at(13.0, &no_token()), Decision::GiveUp(GiveUp::Attempts));
    let rejected = failure(Class::CredentialsRejected).at(Stage::Token);
    assert_eq!(Scene::new(unhurried).fail_at(1.0, &rejected), Decision::GiveUp(GiveUp::NotRetryable));
}

#[test]
fn a_425_is_repeated_once_and_every_attempt_is_counted() {
    let mut scene = Scene::new(CallPolicy::batch());
    assert!(is_retry(scene.fail_at(1.0, &failure(Class::TooEarly))));
    assert_eq!(scene.fail_at(2.0, &failure(Class::TooEarly)), Decision::GiveUp(GiveUp::Attempts));
    assert!(is_retry(scene.fail_at(3.0, &failure(Class::ServerError))));
    assert_eq!(scene.history.attempts(), 3);
}

#[test]
fn a_token_that_was_renewed_may_be_renewed_again_after_another_failure() {
    let mut scene = Scene::new(CallPolicy::batch());
    assert_eq!(scene.fail_at(1.0, &failure(Class::Unauthenticated)), Decision::RetryWithNewToken);
    assert!(is_retry(scene.fail_at(2.0, &failure(Class::ServerError))));
    assert_eq!(scene.fail_at(3.0, &failure(Class::Unauthenticated)), Decision::RetryWithNewToken);
}

#[test]
fn who_does_not_wait_for_points_gives_up_where_nobody_knows_when_they_come() {
    let spent = failure(Class::PointsSpent);
    assert_eq!(Scene::new(CallPolicy::interactive()).fail_at(1.0, &spent), Decision::GiveUp(GiveUp::Attempts));

    let told = |back_in| Scene { points_back_in: Some(back_in), ..Scene::new(CallPolicy::interactive()) };
    assert!(is_retry(told(5 * SECOND).fail_at(1.0, &spent)));
    let given_up = told(30 * SECOND).fail_at(1.0, &spent);
    assert!(matches!(given_up, Decision::GiveUp(GiveUp::MaxWait(delay)) if delay >= 30 * SECOND), "{given_up:?}");
    assert!(
        is_retry(Scene::new(CallPolicy::interactive()).fail_at(1.0, &asking(Class::PointsSpent, 2))),
        "the service said when"
    );
    assert_eq!(reason_and_price(CallPolicy::batch(), &spent), (WaitReason::Points, 0.0));
}

#[test]
fn each_repeat_has_its_price_and_each_wait_its_reason() {
    for (failure, reason, price) in [
        (failure(Class::ServerError), WaitReason::Backoff, 1.0),
        (failure(Class::AttemptTimeout), WaitReason::Backoff, 2.0),
        (failure(Class::Throttled), WaitReason::Throttled, 0.0),
        (asking(Class::Throttled, 3), WaitReason::RetryAfter, 0.0),
        (asking(Class::ServerUnavailable, 3), WaitReason::RetryAfter, 1.0),
        (failure(Class::NotProcessed), WaitReason::Backoff, 0.0),
        (refused(Class::BreakerOpen, 3), WaitReason::Breaker, 0.0),
        (refused(Class::NoSlot, 3), WaitReason::Slot, 0.0),
    ] {
        assert_eq!(reason_and_price(CallPolicy::batch(), &failure), (reason, price), "{}", failure.class.name());
    }
}

#[test]
fn a_wait_that_was_asked_for_is_never_shorter_and_spreads_by_a_fifth_or_two_seconds() {
    for (asked, spread) in [(1, 0.2), (2, 0.4), (3, 2.0), (20, 4.0)] {
        let (shortest, longest) = range(&first_waits(&asking(Class::ServerUnavailable, asked)));
        let least = asked as f64 + 0.05;
        assert!((least..least + 0.05 * spread).contains(&shortest), "{asked} s: {shortest}");
        assert!((least + 0.95 * spread..=least + spread).contains(&longest), "{asked} s: {longest}");
    }
}

#[test]
fn a_repeat_waits_50_ms_after_an_error_and_300_ms_after_a_failed_connect_at_least() {
    let (shortest, longest) = range(&first_waits(&failure(Class::ServerError)));
    assert!((0.05..0.06).contains(&shortest) && longest <= 0.5, "{shortest} {longest}");
    let (shortest, _) = range(&first_waits(&failure(Class::ConnectFailed)));
    assert!((0.3..0.31).contains(&shortest), "{shortest}");
}

#[test]
fn the_backoff_grows_with_each_failure_and_starts_anew_after_a_wait_that_was_asked_for() {
    let mut scene = Scene::new(CallPolicy::batch());
    let mut waits = |class: Class, asked: Option<u64>, count: u32| -> Vec<f64> {
        let failure = Failure { retry_after: asked.map(Duration::from_secs), ..failure(class) };
        (0..count)
            .filter_map(|_| match scene.fail_at(1.0, &failure) {
                Decision::Retry { delay, .. } => Some(delay.as_secs_f64()),
                _ => None,
            })
            .collect()
    };

    assert!(range(&waits(Class::ServerError, None, 12)).1 > 10.0);
    assert!(range(&waits(Class::Throttled, None, 12)).1 > 10.0, "each of the two backoffs has its own step");
    waits(Class::ServerUnavailable, Some(1), 1);
    assert!(range(&waits(Class::ServerError, None, 1)).1 <= 0.5);
    assert!(range(&waits(Class::Throttled, None, 1)).1 <= 1.0);
}

#[test]
fn behind_an_open_breaker_a_patient_call_waits_as_long_as_its_policy_says() {
    let decided = |scene: &mut Scene, at, pause| scene.fail_at(at, &refused(Class::BreakerOpen, pause));
    let mut batch = Scene::new(CallPolicy::batch());
    let Decision::Retry { delay, .. } = decided(&mut batch, 1.0, 60) else { panic!("gave up") };
    assert!((60.0..=61.0).contains(&delay.as_secs_f64()), "{delay:?}");
    assert_eq!(batch.history.attempts(), 0, "nothing was sent");

    assert!(is_retry(decided(&mut Scene::new(CallPolicy::batch()), 1.0, 598)));
    let too_long = decided(&mut Scene::new(CallPolicy::batch()), 1.0, 700);
    assert_eq!(too_long, Decision::GiveUp(GiveUp::MaxWait(700 * SECOND)));
    assert_eq!(decided(&mut Scene::new(CallPolicy::interactive()), 1.0, 1), Decision::GiveUp(GiveUp::MaxWait(SECOND)));

    let silent = || Scene { host_has_answered: false, ..Scene::new(CallPolicy::batch()) };
    assert!(is_retry(decided(&mut silent(), 1.0, 18)));
    assert!(!is_retry(decided(&mut silent(), 1.0, 30)), "a host that never answered is not waited for");

    let policy = CallPolicy { deadline: Some(30 * SECOND), ..CallPolicy::batch() };
    assert!(matches!(decided(&mut Scene::new(policy), 1.0, 40), Decision::GiveUp(GiveUp::Deadline(_))));
    let by_hand = Scene::new(CallPolicy::batch()).fail_at(1.0, &failure(Class::BreakerOpen));
    assert_eq!(by_hand, Decision::GiveUp(GiveUp::Attempts), "nobody knows for how long");
}

#[test]
fn the_time_since_the_trouble_began_counts_for_the_breaker_and_not_for_a_place_in_line() {
    let troubled = || {
        let mut scene = Scene::new(CallPolicy::batch());
        assert!(is_retry(scene.fail_at(1.0, &failure(Class::ServerUnavailable))));
        scene
    };
    assert!(!is_retry(troubled().fail_at(500.0, &refused(Class::BreakerOpen, 200))));
    assert!(is_retry(troubled().fail_at(500.0, &refused(Class::BreakerOpen, 90))));
    assert!(is_retry(troubled().fail_at(500.0, &refused(Class::NoSlot, 200))));

    let mut behind = Scene::new(CallPolicy::batch());
    assert!(is_retry(behind.fail_at(1.0, &refused(Class::BreakerOpen, 1))));
    assert!(!is_retry(behind.fail_at(650.0, &refused(Class::BreakerOpen, 1))), "behind an open breaker the trouble goes on");
}

#[test]
fn time_in_line_for_points_is_no_time_of_an_outage_nor_of_a_run_of_429s() {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    let mut first = Scene::new(CallPolicy::batch());
    assert!(is_retry(first.fail_after_line(3_601.0, minutes(60), &failure(Class::ServerUnavailable))));
    assert!(is_retry(first.fail_at(4_100.0, &failure(Class::ServerUnavailable))), "for eight minutes");
    assert!(!is_retry(first.fail_at(4_205.0, &failure(Class::ServerUnavailable))), "for ten");

    let mut between = Scene::new(CallPolicy::batch());
    assert!(is_retry(between.fail_at(1.0, &failure(Class::ServerUnavailable))));
    assert!(is_retry(between.fail_after_line(3_700.0, minutes(60), &failure(Class::ServerUnavailable))));
    assert!(!is_retry(between.fail_at(4_300.0, &failure(Class::ServerUnavailable))));

    let mut limited = Scene::new(CallPolicy::batch());
    assert!(is_retry(limited.fail_after_line(3_601.0, minutes(60), &asking(Class::PointsSpent, 1_800))));
}

#[test]
fn a_stream_that_was_refused_once_is_no_outage_and_one_that_is_refused_for_ten_minutes_is() {
    let mut once = Scene::new(CallPolicy::batch());
    assert!(is_retry(once.fail_at(1.0, &failure(Class::NotProcessed))));
    assert!(is_retry(once.fail_at(602.0, &failure(Class::ServerUnavailable))), "the outage has just begun");

    let mut always = Scene::new(CallPolicy::batch());
    assert!((1..=3).all(|at| is_retry(always.fail_at(f64::from(at), &failure(Class::NotProcessed)))));
    assert!(!is_retry(always.fail_at(700.0, &failure(Class::NotProcessed))));
}

#[test]
fn two_429s_in_a_row_are_no_outage() {
    let mut scene = Scene::new(CallPolicy::batch());
    assert!((2..=4).all(|at| is_retry(scene.fail_at(f64::from(at), &failure(Class::Throttled)))));
    assert!(is_retry(scene.fail_at(604.0, &failure(Class::ServerUnavailable))));
}

#[test]
fn an_answer_to_another_call_at_the_moment_a_page_came_means_that_the_service_is_there() {
    let mut scene = Scene::new(CallPolicy::batch());
    // The first attempt began just then.
    scene.last_answer = Some(scene.started);
    assert!((1..=4).all(|at| is_retry(scene.fail_at(f64::from(at), &failure(Class::NotJson)))));
    assert_eq!(scene.fail_at(5.0, &failure(Class::NotJson)), Decision::GiveUp(GiveUp::Content));
}

#[test]
fn a_patient_call_without_a_deadline_does_not_wait_longer_for_a_429_than_for_points() {
    assert!(is_retry(Scene::new(CallPolicy::batch()).fail_at(1.0, &asking(Class::Throttled, 3_000))));
    assert!(!is_retry(Scene::new(CallPolicy::batch()).fail_at(1.0, &asking(Class::Throttled, 10_000))));
    let policy = CallPolicy { deadline: Some(20_000 * SECOND), ..CallPolicy::batch() };
    assert!(is_retry(Scene::new(policy).fail_at(1.0, &asking(Class::Throttled, 10_000))), "the deadline bounds it");
}

#[test]
fn a_host_that_never_answered_gets_no_attempt_that_would_end_after_its_time() {
    let mut scene = Scene { host_has_answered: false, ..Scene::new(CallPolicy::batch()) };
    assert!(is_retry(scene.fail_at(1.0, &failure(Class::ConnectFailed))));
    assert!(!is_retry(scene.fail_at(19.2, &failure(Class::ConnectFailed))), "19.2 s, a pause, and an attempt of a second");
    let mut early = Scene { host_has_answered: false, ..Scene::new(CallPolicy::batch()) };
    assert!(is_retry(early.fail_at(1.0, &failure(Class::ConnectFailed))));
    assert!(is_retry(early.fail_at(15.0, &failure(Class::ConnectFailed))));
}

#[test]
fn a_wait_that_ends_exactly_at_its_bound_is_made_and_one_a_nanosecond_longer_is_not() {
    for (failure, host_has_answered, before, bound) in [
        // What counts beside the wait: the attempt of a second that failed; with a host that never answered the next one, too.
        (refused(Class::BreakerOpen, 5), true, SECOND, (|most, bound| most.breaker = bound) as fn(&mut MaxWait, Duration)),
        (failure(Class::PointsSpent), true, SECOND, |most, bound| most.points = bound),
        (failure(Class::Throttled), true, SECOND, |most, bound| most.points = bound),
        (failure(Class::ServerError), true, SECOND, |most, bound| most.outage = Some(bound)),
        (failure(Class::ServerError), false, 2 * SECOND, |most, bound| most.never_answered = bound),
    ] {
        // Chance is the same each time, and with it the wait.
        let decided = |most: Duration| {
            let mut policy = CallPolicy::batch();
            bound(&mut policy.max_wait, most);
            Scene { host_has_answered, ..Scene::new(policy) }.fail_at(1.0, &failure)
        };
        let Decision::Retry { delay, .. } = decided(100 * SECOND) else { panic!("{}: gave up", failure.class.name()) };

        assert!(is_retry(decided(before + delay)), "{}: {delay:?}", failure.class.name());
        let longer = decided(before + delay - Duration::from_nanos(1));
        assert!(matches!(longer, Decision::GiveUp(GiveUp::MaxWait(_))), "{}: {longer:?}", failure.class.name());
    }
}
