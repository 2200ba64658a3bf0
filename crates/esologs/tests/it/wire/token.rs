//! The same faults of a connection at the token endpoint: a call outlives them as well, and they cost it no attempt.

use std::time::Duration;

use esologs::{CallPolicy, Class, ErrorKind};
use esologs_sim::{FaultKind, Framing, On, ScriptedFault};
use tokio::time::Instant;

use crate::support::hasty;
use crate::support::served::Served;

const MILLIS: Duration = Duration::from_millis(1);

fn fault(kind: FaultKind) -> ScriptedFault {
    ScriptedFault::new(On::Token, kind)
}

fn interactive() -> CallPolicy {
    hasty(CallPolicy::interactive())
}

/// One call to a service whose token endpoint has this fault, once: it is asked so often, and the API once.
async fn costs_requests_for_a_token(fault: ScriptedFault, policy: CallPolicy, requests: u64) {
    let what = format!("{fault:?}");
    let served = Served::struck_by(fault, policy).await;

    served.rig.call().await.unwrap_or_else(|error| panic!("{what}: {error:?}"));

    assert_eq!((served.rig.attempts(), served.rig.classes()), (vec![1], vec![]), "{what}: attempts at the API");
    assert_eq!(served.requests(), (1, requests), "{what}");
    assert_eq!(served.stats().faults_total, 1, "{what}");
    assert_eq!(served.charged().await, (1.0, 0.0), "{what}: tokens cost no points");
}

#[tokio::test]
async fn a_token_is_asked_for_again_where_the_connection_ends_before_the_answer() {
    for kind in [FaultKind::ResetBeforeHeaders, FaultKind::CloseBeforeHeaders] {
        for at in [0, 20] {
            costs_requests_for_a_token(fault(kind).at(at), interactive(), 2).await;
        }
    }
}

#[tokio::test]
async fn a_token_is_asked_for_again_where_its_answer_is_cut_with_a_length_and_in_chunks() {
    for kind in [FaultKind::ResetInBody, FaultKind::CloseInBody] {
        for framing in [Framing::Length, Framing::Chunked] {
            for at in [0, 30, usize::MAX] {
                costs_requests_for_a_token(fault(kind).framing(framing).at(at), interactive(), 2).await;
            }
        }
    }
}

#[tokio::test]
async fn a_token_is_asked_for_again_where_the_length_of_its_answer_is_wrong() {
    for kind in [FaultKind::LengthTooLarge, FaultKind::LengthTooSmall] {
        for bytes in [1, 30] {
            costs_requests_for_a_token(fault(kind).bytes(bytes), interactive(), 2).await;
        }
    }
}

#[tokio::test]
async fn a_token_whose_answer_stands_still_is_asked_for_again_by_the_same_rule() {
    let policy = CallPolicy { body_stall: 300 * MILLIS, ..interactive() };
    let started = Instant::now();

    costs_requests_for_a_token(fault(FaultKind::StallInBody).at(10), policy, 2).await;

    assert!((300 * MILLIS..5_000 * MILLIS).contains(&started.elapsed()), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_silent_token_endpoint_is_asked_again_after_ten_seconds_within_the_patience_for_people() {
    let started = Instant::now();

    costs_requests_for_a_token(fault(FaultKind::StallBeforeHeaders), CallPolicy::interactive(), 2).await;

    assert!((10_000 * MILLIS..20_000 * MILLIS).contains(&started.elapsed()), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_slow_token_is_a_token() {
    for slow in [
        fault(FaultKind::StallBeforeHeaders).lasts(300 * MILLIS),
        fault(FaultKind::StallInBody).at(10).lasts(300 * MILLIS),
        fault(FaultKind::Drip).bytes(20).every(20 * MILLIS),
        fault(FaultKind::SlowAccept).lasts(300 * MILLIS),
        fault(FaultKind::CloseIdle).lasts(MILLIS),
    ] {
        costs_requests_for_a_token(slow, interactive(), 1).await;
    }
}

#[tokio::test]
async fn a_token_endpoint_whose_port_is_closed_for_a_moment_is_outlived() {
    costs_requests_for_a_token(fault(FaultKind::PortClosed).lasts(250 * MILLIS), CallPolicy::interactive(), 2).await;
}

#[tokio::test]
async fn a_token_endpoint_that_stays_broken_ends_an_interactive_call_after_three_tries_and_the_api_is_not_asked() {
    for kind in [FaultKind::ResetBeforeHeaders, FaultKind::CloseInBody] {
        let served = Served::struck_by(fault(kind).times(100), interactive()).await;

        let error = served.rig.call().await.unwrap_err();

        assert_eq!((served.requests(), error.kind()), ((0, 3), ErrorKind::Upstream), "{kind}: {error:?}");
        assert!(error.to_string().contains("token endpoint: "), "{kind}: {error}");
        assert!(error.is_retryable() && error.retry_at().is_some(), "{kind}: {error:?}");
        assert_eq!(served.charged().await, (0.0, 0.0));
    }
}

#[tokio::test]
async fn a_token_endpoint_that_breaks_in_the_middle_of_work_costs_its_call_a_new_token_only() {
    let served = Served::struck_by(fault(FaultKind::CloseInBody).nth(2), interactive()).await;
    served.rig.call().await.unwrap();
    served.sim().revoke_tokens();

    served.rig.call().await.unwrap();

    assert_eq!((served.rig.attempts(), served.rig.classes()), (vec![1, 2], vec![Class::Unauthenticated]));
    assert_eq!(served.requests(), (3, 3), "two answers and a refusal; two tokens and a cut one");
}
