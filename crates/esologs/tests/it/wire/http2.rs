//! Faults of a connection that speaks HTTP/2: a stream is told from its connection, and what was not processed from what may
//! have been.
//!
//! TLS stands before the simulator, so each test runs in a process of its own that trusts the test's authority.

use std::time::Duration;

use esologs::{CallPolicy, Class};
use esologs_sim::{FaultKind, Faults, On, ScriptedFault};

use crate::support::own_process::{is_child, trusted, trusting};
use crate::support::served::Served;
use crate::support::server::Identity;
use crate::support::{Rig, hasty};

const MILLIS: Duration = Duration::from_millis(1);

fn interactive() -> CallPolicy {
    hasty(CallPolicy::interactive())
}

/// Whether the test has to be run again where its authority is trusted; it has been, then.
fn was_run_apart(test: &str) -> bool {
    if is_child() {
        return false;
    }
    trusting(&format!("wire::http2::{test}"), &Identity::of("localhost"));
    true
}

async fn served(fault: ScriptedFault, policy: CallPolicy) -> Served {
    Served::in_http2(Faults::none().with(fault), policy, &trusted()).await
}

fn fault(kind: FaultKind) -> ScriptedFault {
    ScriptedFault::new(On::Api, kind)
}

#[tokio::test]
async fn a_refused_stream_and_a_goodbye_before_it_are_repeated_free_at_once() {
    if was_run_apart("a_refused_stream_and_a_goodbye_before_it_are_repeated_free_at_once") {
        return;
    }
    for (kind, connections) in [(FaultKind::RefusedStream, 1), (FaultKind::GoAway, 2)] {
        let served = served(fault(kind), CallPolicy::plain()).await;

        served.rig.call().await.unwrap();

        assert_eq!((served.rig.classes(), served.rig.attempts()), (vec![Class::NotProcessed], vec![1]), "{kind}");
        assert!(served.rig.waits().iter().all(|(_, delay)| delay.is_zero()), "{kind}: {:?}", served.rig.waits());
        assert_eq!((served.requests(), served.stats().connections), ((2, 1), connections), "{kind}");
        assert_eq!(served.charged().await, (1.0, 0.0), "{kind}: what was not processed is not charged");
    }
}

#[tokio::test]
async fn streams_that_are_refused_again_and_again_end_a_plain_call_after_the_free_repeat_and_not_a_batch_call() {
    if was_run_apart("streams_that_are_refused_again_and_again_end_a_plain_call_after_the_free_repeat_and_not_a_batch_call") {
        return;
    }
    let impatient = served(fault(FaultKind::RefusedStream).times(100), CallPolicy::plain()).await;
    let patient = served(fault(FaultKind::RefusedStream).times(5), hasty(CallPolicy::batch())).await;

    let error = impatient.rig.call().await.unwrap_err();
    patient.rig.call().await.unwrap();

    assert_eq!((error.to_string().as_str(), impatient.requests()), ("RateLimit: the server did not process the request", (2, 1)));
    assert_eq!((patient.rig.attempts(), patient.requests()), (vec![5], (6, 1)), "one of five refusals is free");
    assert_eq!(patient.charged().await, (1.0, 0.0));
}

#[tokio::test]
async fn a_refused_stream_does_not_disturb_the_other_streams_of_its_connection() {
    if was_run_apart("a_refused_stream_does_not_disturb_the_other_streams_of_its_connection") {
        return;
    }
    let served = served(fault(FaultKind::RefusedStream).nth(5), interactive()).await;
    served.rig.call().await.unwrap();

    let calls = futures_util::future::join_all((0..10).map(|_| Rig::call(&served.rig))).await;

    assert!(calls.iter().all(Result::is_ok), "{calls:?}");
    assert_eq!((served.rig.attempts(), served.rig.classes()), (vec![1; 11], vec![Class::NotProcessed]));
    assert_eq!((served.requests(), served.stats().connections), ((12, 1), 1));
}

#[tokio::test]
async fn a_connection_that_ends_under_a_stream_is_lost_or_a_broken_body_and_paid_for() {
    if was_run_apart("a_connection_that_ends_under_a_stream_is_lost_or_a_broken_body_and_paid_for") {
        return;
    }
    for (kind, class) in [
        (FaultKind::ResetBeforeHeaders, Class::ConnectionLost),
        (FaultKind::CloseBeforeHeaders, Class::ConnectionLost),
        (FaultKind::ResetInBody, Class::BodyBroken),
        (FaultKind::CloseInBody, Class::BodyBroken),
        (FaultKind::LengthTooLarge, Class::BodyBroken),
        (FaultKind::LengthTooSmall, Class::BodyBroken),
    ] {
        let served = served(fault(kind), interactive()).await;

        served.rig.call().await.unwrap();

        assert_eq!((served.rig.classes(), served.rig.attempts()), (vec![class], vec![2]), "{kind}: {:?}", served.rig.told());
        assert_eq!(served.requests(), (2, 1), "{kind}");
        assert_eq!(served.charged().await, (2.0, 1.0), "{kind}");
    }
}

#[tokio::test]
async fn a_stream_that_is_silent_or_stands_still_ends_by_its_own_limits() {
    if was_run_apart("a_stream_that_is_silent_or_stands_still_ends_by_its_own_limits") {
        return;
    }
    let policy = CallPolicy { attempt_timeout: 900 * MILLIS, body_stall: 300 * MILLIS, ..interactive() };
    for (fault, class) in [
        (fault(FaultKind::StallBeforeHeaders), Class::AttemptTimeout),
        (fault(FaultKind::StallInBody).at(30), Class::BodyBroken),
        (fault(FaultKind::Drip).bytes(1).every(50 * MILLIS), Class::AttemptTimeout),
    ] {
        let what = fault.fault.kind;
        let served = served(fault, policy.clone()).await;

        served.rig.call().await.unwrap();

        assert_eq!((served.rig.classes(), served.rig.attempts()), (vec![class], vec![2]), "{what}: {:?}", served.rig.told());
        assert_eq!((served.requests(), served.stats().connections), ((2, 1), 1), "{what}: the connection is still good");
    }
}

#[tokio::test]
async fn a_token_that_was_not_processed_or_lost_is_asked_for_again() {
    if was_run_apart("a_token_that_was_not_processed_or_lost_is_asked_for_again") {
        return;
    }
    for kind in [FaultKind::RefusedStream, FaultKind::GoAway, FaultKind::ResetBeforeHeaders, FaultKind::CloseInBody] {
        let served = served(ScriptedFault::new(On::Token, kind), hasty(CallPolicy::batch())).await;

        served.rig.call().await.unwrap_or_else(|error| panic!("{kind}: {error:?}"));

        assert_eq!(served.requests(), (1, 2), "{kind}");
        assert_eq!(served.charged().await, (1.0, 0.0), "{kind}");
    }
}
