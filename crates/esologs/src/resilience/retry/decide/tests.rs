//! What is decided, by the story of a call.

use proptest::prelude::{any, prop, prop_assert, proptest};

use super::*;
use crate::config::CallPolicy;

/// A call that has failed some times in the same way, one attempt a second, without waits between.
pub(super) struct Scene {
    pub(super) policy: CallPolicy,
    pub(super) history: History,
    pub(super) started: Instant,
    pub(super) host_has_answered: bool,
    pub(super) last_answer: Option<Instant>,
    pub(super) points_back_in: Option<Duration>,
    pub(super) has_other_user: bool,
    pub(super) rng: Rng,
}

impl Scene {
    pub(super) fn new(policy: CallPolicy) -> Self {
        Self {
            policy,
            history: History::new(),
            started: Instant::now(),
            host_has_answered: true,
            last_answer: None,
            points_back_in: None,
            has_other_user: false,
            rng: Rng::with_seed(3),
        }
    }

    /// The decision after an attempt of one second that ended `at` seconds into the call.
    pub(super) fn fail_at(&mut self, at: f64, failure: &Failure) -> Decision {
        self.fail_after_line(at, Duration::ZERO, failure)
    }

    /// The same, where it had stood in line for points for so long.
    pub(super) fn fail_after_line(&mut self, at: f64, in_line: Duration, failure: &Failure) -> Decision {
        self.history.begin();
        let now = self.started + Duration::from_secs_f64(at);
        let situation = Situation {
            policy: &self.policy,
            deadline: Deadline::after(self.started, self.policy.deadline),
            now,
            began: now - in_line - Duration::from_secs(1),
            in_line,
            host_has_answered: self.host_has_answered,
            last_answer: self.last_answer,
            points_back_in: self.points_back_in,
            has_other_user: self.has_other_user,
        };
        decide(failure, &mut self.history, situation, &mut self.rng)
    }
}

pub(super) fn failure(class: Class) -> Failure {
    Failure::new(class, "x")
}

pub(super) fn asking(class: Class, seconds: u64) -> Failure {
    Failure { retry_after: Some(Duration::from_secs(seconds)), ..failure(class) }
}

pub(super) fn is_retry(decision: Decision) -> bool {
    matches!(decision, Decision::Retry { .. })
}

#[test]
fn an_interactive_call_makes_four_attempts_at_a_5xx_and_three_at_a_page_without_json() {
    for (class, repeats) in [(Class::ServerError, 3), (Class::NotJson, 2), (Class::Incomplete, 1), (Class::Throttled, 2)] {
        let mut scene = Scene::new(CallPolicy::interactive());
        let made = (1..10).take_while(|at| is_retry(scene.fail_at(f64::from(*at), &failure(class)))).count();
        assert_eq!(made, repeats, "{}", class.name());
    }
}

#[test]
fn a_patient_call_goes_on_through_an_outage_for_ten_minutes() {
    let mut scene = Scene::new(CallPolicy::batch());
    for at in 1..500 {
        assert!(is_retry(scene.fail_at(f64::from(at), &failure(Class::ServerUnavailable))), "after {at} s");
    }
    assert!(matches!(scene.fail_at(601.0, &failure(Class::ServerUnavailable)), Decision::GiveUp(GiveUp::MaxWait(_))));
}

#[test]
fn a_wait_for_the_breaker_does_not_interrupt_a_row_of_useless_answers() {
    let mut scene = Scene::new(CallPolicy::batch());
    let refused = Failure { pause: Some(Duration::from_secs(1)), ..failure(Class::BreakerOpen) };
    for at in [1.0, 3.0, 5.0, 7.0] {
        assert!(is_retry(scene.fail_at(at, &failure(Class::GraphqlInternal))));
        assert!(is_retry(scene.fail_at(at + 1.0, &refused)));
    }
    assert_eq!(scene.fail_at(9.0, &failure(Class::GraphqlInternal)), Decision::GiveUp(GiveUp::Content));
}

#[test]
fn an_answer_in_between_starts_the_ten_minutes_anew() {
    let mut scene = Scene::new(CallPolicy::batch());
    assert!(is_retry(scene.fail_at(1.0, &failure(Class::ServerUnavailable))));
    assert!(is_retry(scene.fail_at(590.0, &failure(Class::Throttled))));
    assert!(is_retry(scene.fail_at(601.0, &failure(Class::ServerUnavailable))));
    assert!(is_retry(scene.fail_at(1100.0, &failure(Class::ServerUnavailable))));
}

#[test]
fn a_host_that_never_answered_is_given_up_after_twenty_seconds() {
    let mut scene = Scene { host_has_answered: false, ..Scene::new(CallPolicy::batch()) };
    assert!(is_retry(scene.fail_at(1.0, &failure(Class::ConnectFailed))));
    assert!(matches!(scene.fail_at(21.0, &failure(Class::ConnectFailed)), Decision::GiveUp(GiveUp::MaxWait(_))));
}

#[test]
fn five_unusable_answers_in_a_row_end_a_patient_call_and_a_502_between_starts_the_count_anew() {
    let mut scene = Scene::new(CallPolicy::batch());
    for at in 1..=4 {
        assert!(is_retry(scene.fail_at(f64::from(at), &failure(Class::InvalidJson))));
    }
    assert!(is_retry(scene.fail_at(5.0, &failure(Class::ServerUnavailable))));
    for at in 6..=9 {
        assert!(is_retry(scene.fail_at(f64::from(at), &failure(Class::GraphqlInternal))));
    }
    assert_eq!(scene.fail_at(10.0, &failure(Class::GraphqlInternal)), Decision::GiveUp(GiveUp::Content));
}

#[test]
fn a_page_instead_of_data_is_an_outage_unless_other_calls_are_answered_meanwhile() {
    let mut scene = Scene::new(CallPolicy::batch());
    for at in 1..100 {
        assert!(is_retry(scene.fail_at(f64::from(at), &failure(Class::NotJson))));
    }
    scene.last_answer = Some(scene.started + Duration::from_secs(100));
    assert_eq!(scene.fail_at(101.0, &failure(Class::NotJson)), Decision::GiveUp(GiveUp::Content));
}

#[test]
fn spent_points_are_waited_for_by_a_patient_call_and_by_an_interactive_one_where_they_come_soon() {
    let back_in = Some(Duration::from_secs(1800));
    let mut patient = Scene { points_back_in: back_in, ..Scene::new(CallPolicy::batch()) };
    // The service's own value is longer, and known to be wrong.
    let Decision::Retry { delay, reason, .. } = patient.fail_at(1.0, &asking(Class::Throttled, 3_000)) else { panic!("gave up") };
    assert_eq!(reason, WaitReason::Points);
    assert!((1800.0..=1802.0).contains(&delay.as_secs_f64()), "{delay:?}");

    let interactive = |back_in_s| {
        let back_in = Some(Duration::from_secs(back_in_s));
        Scene { points_back_in: back_in, ..Scene::new(CallPolicy::interactive()) }.fail_at(1.0, &failure(Class::Throttled))
    };
    assert!(is_retry(interactive(5)));
    assert!(matches!(interactive(30), Decision::GiveUp(GiveUp::MaxWait(_))));
}

#[test]
fn a_rejected_token_is_renewed_once_and_a_refused_stream_repeated_once_at_no_cost() {
    let mut scene = Scene::new(CallPolicy::plain());
    assert_eq!(scene.fail_at(1.0, &failure(Class::Unauthenticated)), Decision::RetryWithNewToken);
    assert_eq!(scene.fail_at(2.0, &failure(Class::Unauthenticated)), Decision::GiveUp(GiveUp::NotRetryable));

    let mut scene = Scene::new(CallPolicy::plain());
    assert!(is_retry(scene.fail_at(1.0, &failure(Class::NotProcessed))));
    assert_eq!(scene.history.attempts(), 0, "it does not count");
    assert_eq!(scene.fail_at(2.0, &failure(Class::NotProcessed)), Decision::GiveUp(GiveUp::Attempts));
}

proptest! {
    /// Whatever the failure: no wait ends after the deadline, none is shorter than the server asked, and a call that
    /// counts its attempts ends.
    #[test]
    fn no_wait_passes_the_deadline_or_undercuts_the_server(
        class in prop::sample::select(Class::ALL.to_vec()),
        asked in prop::option::of(0_u64..200),
        ends in prop::collection::vec(0.0_f64..29.0, 1..8),
        seed in any::<u64>(),
    ) {
        let mut scene = Scene { rng: Rng::with_seed(seed), ..Scene::new(CallPolicy::interactive()) };
        let mut ends = ends;
        ends.sort_by(f64::total_cmp);
        let failure = Failure { retry_after: asked.map(Duration::from_secs), ..failure(class) };
        let mut repeats = 0;
        for at in ends {
            let Decision::Retry { delay, .. } = scene.fail_at(at, &failure) else { break };
            repeats += 1;
            prop_assert!(at + delay.as_secs_f64() < 30.0);
            if let (Some(asked), true) = (asked, delay > Duration::ZERO) {
                prop_assert!(delay >= Duration::from_secs(asked));
            }
        }
        prop_assert!(repeats <= 3, "{repeats} repeats of {}", class.name());
    }
}

#[test]
fn what_the_key_may_not_see_is_asked_for_once_more_as_the_user_where_there_is_one() {
    for class in [Class::Archived, Class::NotVisible, Class::PermissionDenied] {
        for policy in [CallPolicy::plain(), CallPolicy::interactive(), CallPolicy::batch()] {
            let mut with_user = Scene { has_other_user: true, ..Scene::new(policy.clone()) };
            assert_eq!(with_user.fail_at(1.0, &failure(class)), Decision::AskAsUser, "{}", class.name());
            let mut without = Scene::new(policy);
            assert_eq!(without.fail_at(1.0, &failure(class)), Decision::GiveUp(GiveUp::NotRetryable), "{}", class.name());
        }
    }
}

#[test]
fn a_user_is_no_help_against_what_is_not_about_who_asks() {
    let mut scene = Scene { has_other_user: true, ..Scene::new(CallPolicy::interactive()) };
    for class in [Class::Forbidden, Class::QueryInvalid, Class::GraphqlUnknown, Class::CredentialsRejected] {
        assert_eq!(scene.fail_at(1.0, &failure(class)), Decision::GiveUp(GiveUp::NotRetryable), "{}", class.name());
    }
}
