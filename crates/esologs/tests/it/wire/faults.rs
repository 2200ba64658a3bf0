//! Every fault of a connection, over HTTP/1.1, at the API: what the client takes it for, how often it asks, and what that costs.
//!
//! Patience is interactive with short limits where the limit is the subject; the pauses between tries are as short as they
//! can be.

use std::time::Duration;

use esologs::{CallPolicy, Class};
use esologs_sim::{FaultKind, Faults, Framing, On, ScriptedFault};
use tokio::time::Instant;

use crate::support::served::Served;
use crate::support::{Rig, Told, hasty};

const MILLIS: Duration = Duration::from_millis(1);

fn interactive() -> CallPolicy {
    hasty(CallPolicy::interactive())
}

fn fault(kind: FaultKind) -> ScriptedFault {
    ScriptedFault::new(On::Api, kind)
}

/// One call to a service that has this fault, once: it is found to be of this class, repeated once, and paid for twice.
async fn is_found_and_repeated_once(fault: ScriptedFault, policy: CallPolicy, class: Class) {
    let what = format!("{fault:?}");
    let served = Served::struck_by(fault, policy).await;

    served.rig.call().await.unwrap_or_else(|error| panic!("{what}: {error:?}"));

    assert_eq!(served.rig.classes(), [class], "{what}: {:?}", served.rig.told());
    assert_eq!(served.rig.attempts(), [2], "{what}");
    assert_eq!(served.requests(), (2, 1), "{what}");
    assert_eq!(served.stats().faults_total, 1, "{what}");
    assert_eq!(served.charged().await, (2.0, 1.0), "{what}: the service had answered both");
}

/// One call to a service that has this fault: it is as if there were none.
async fn makes_no_difference(fault: ScriptedFault, policy: CallPolicy) {
    let what = format!("{fault:?}");
    let served = Served::struck_by(fault, policy).await;

    served.rig.call().await.unwrap_or_else(|error| panic!("{what}: {error:?}"));

    assert_eq!((served.rig.classes(), served.rig.attempts()), (vec![], vec![1]), "{what}");
    assert_eq!(served.requests(), (1, 1), "{what}");
    assert_eq!(served.stats().faults_total, 1, "{what}");
    assert_eq!(served.charged().await, (1.0, 0.0), "{what}");
}

// The connection ends.

#[tokio::test]
async fn a_reset_instead_of_an_answer_is_a_lost_connection() {
    for at in [0, 20] {
        is_found_and_repeated_once(fault(FaultKind::ResetBeforeHeaders).at(at), interactive(), Class::ConnectionLost).await;
    }
}

#[tokio::test]
async fn a_close_instead_of_an_answer_is_a_lost_connection() {
    for at in [0, 20] {
        is_found_and_repeated_once(fault(FaultKind::CloseBeforeHeaders).at(at), interactive(), Class::ConnectionLost).await;
    }
}

#[tokio::test]
async fn a_reset_or_close_in_the_body_is_a_broken_body_with_a_length_and_in_chunks() {
    for kind in [FaultKind::ResetInBody, FaultKind::CloseInBody] {
        for framing in [Framing::Length, Framing::Chunked] {
            for at in [0, 30, usize::MAX] {
                is_found_and_repeated_once(fault(kind).framing(framing).at(at), interactive(), Class::BodyBroken).await;
            }
        }
    }
}

#[tokio::test]
async fn a_reset_or_close_in_a_compressed_body_is_a_broken_body() {
    for kind in [FaultKind::ResetInBody, FaultKind::CloseInBody] {
        for framing in [Framing::Length, Framing::Chunked] {
            for at in [0, 5, 300, usize::MAX] {
                let served = Served::struck_by(fault(kind).framing(framing).at(at), interactive()).await;

                let report = a_whole_report(&served).await;

                assert!(report.len() > 2_000, "this one is compressed");
                assert_eq!(served.rig.classes(), [Class::BodyBroken], "{kind}, {framing:?}, at {at}");
                assert_eq!((served.rig.attempts(), served.requests()), (vec![2], (2, 1)), "{kind}, {framing:?}, at {at}");
                // A whole answer from the same service without faults is the same to the letter.
                assert_eq!(report, a_whole_report(&served).await);
            }
        }
    }
}

async fn a_whole_report(served: &Served) -> String {
    let reports = &served.sim().world().reports;
    let code = reports.iter().find(|report| report.access == esologs_sim::world::model::Access::Public).unwrap().code.clone();
    let report = served.rig.client.report(code.parse().unwrap()).get().await.unwrap();
    report.json().get().to_owned()
}

// The length is wrong.

#[tokio::test]
async fn a_length_that_is_too_large_is_a_broken_body() {
    for bytes in [1, 1_000] {
        is_found_and_repeated_once(fault(FaultKind::LengthTooLarge).bytes(bytes), interactive(), Class::BodyBroken).await;
    }
}

#[tokio::test]
async fn a_length_that_is_too_small_leaves_json_that_ends_early() {
    for bytes in [1, 20] {
        is_found_and_repeated_once(fault(FaultKind::LengthTooSmall).bytes(bytes), interactive(), Class::InvalidJson).await;
    }
}

#[tokio::test]
async fn a_length_that_is_too_small_breaks_a_compressed_body_and_its_rest_is_no_other_answer() {
    let served = Served::struck_by(fault(FaultKind::LengthTooSmall).bytes(12), interactive()).await;

    let report = a_whole_report(&served).await;
    let again = a_whole_report(&served).await;

    assert_eq!(report, again);
    assert_eq!((served.rig.classes(), served.rig.attempts()), (vec![Class::BodyBroken], vec![2, 1]));
    assert_eq!(served.stats().connections, 2, "the connection with the rest in it was let go");
}

// Nothing comes.

#[tokio::test]
async fn silence_instead_of_an_answer_ends_with_the_attempt() {
    let policy = CallPolicy { attempt_timeout: 400 * MILLIS, ..interactive() };
    let started = Instant::now();

    is_found_and_repeated_once(fault(FaultKind::StallBeforeHeaders), policy, Class::AttemptTimeout).await;

    assert!(started.elapsed() >= 400 * MILLIS, "{:?}", started.elapsed());
}

#[tokio::test]
async fn silence_for_a_while_costs_nothing() {
    makes_no_difference(fault(FaultKind::StallBeforeHeaders).lasts(300 * MILLIS), interactive()).await;
}

#[tokio::test]
async fn a_body_that_stands_still_is_given_up_long_before_the_attempt() {
    let policy = CallPolicy { body_stall: 300 * MILLIS, ..interactive() };
    for framing in [Framing::Length, Framing::Chunked] {
        for at in [0, 30] {
            let started = Instant::now();
            let stall = fault(FaultKind::StallInBody).framing(framing).at(at);
            is_found_and_repeated_once(stall, policy.clone(), Class::BodyBroken).await;
            let time = started.elapsed();
            assert!((300 * MILLIS..policy.attempt_timeout / 2).contains(&time), "{framing:?}, at {at}: {time:?}");
        }
    }
}

#[tokio::test]
async fn a_body_that_stands_still_for_less_than_the_rule_allows_is_read_to_its_end() {
    let policy = CallPolicy { body_stall: 2_000 * MILLIS, ..interactive() };
    for framing in [Framing::Length, Framing::Chunked] {
        makes_no_difference(fault(FaultKind::StallInBody).framing(framing).at(30).lasts(300 * MILLIS), policy.clone()).await;
    }
}

// It comes slowly.

#[tokio::test]
async fn a_drip_of_less_than_a_byte_a_second_stands_still() {
    let policy = CallPolicy { body_stall: 2_000 * MILLIS, attempt_timeout: 9_000 * MILLIS, ..interactive() };
    let drip = fault(FaultKind::Drip).bytes(1).every(1_300 * MILLIS);
    let started = Instant::now();
    let served = Served::struck_by(drip, policy).await;

    served.rig.call().await.unwrap();

    let told = served.rig.told();
    assert!(
        told.iter().any(|told| matches!(told, Told::Failed(Class::BodyBroken, why) if why.contains("stood still"))),
        "{told:?}"
    );
    assert_eq!((served.rig.attempts(), served.requests()), (vec![2], (2, 1)));
    assert!(started.elapsed() < 8_000 * MILLIS, "{:?}", started.elapsed());
    assert_eq!(served.charged().await, (2.0, 1.0), "a drip that nobody waits for was paid for nothing");
}

#[tokio::test]
async fn a_drip_that_is_slow_but_alive_is_read_to_its_end() {
    let policy = CallPolicy { body_stall: 1_000 * MILLIS, ..interactive() };
    for framing in [Framing::Length, Framing::Chunked] {
        makes_no_difference(fault(FaultKind::Drip).framing(framing).bytes(10).every(60 * MILLIS), policy.clone()).await;
    }
}

#[tokio::test]
async fn a_drip_that_would_never_end_is_cut_with_its_attempt() {
    let policy = CallPolicy { attempt_timeout: 700 * MILLIS, ..interactive() };
    let drip = fault(FaultKind::Drip).bytes(1).every(50 * MILLIS);
    let served = Served::struck_by(drip, policy).await;

    served.rig.call().await.unwrap();

    assert_eq!((served.rig.classes(), served.rig.attempts()), (vec![Class::AttemptTimeout], vec![2]));
    assert_eq!((served.requests(), served.charged().await), ((2, 1), (2.0, 1.0)));
}

// The connection is not there when it is needed.

#[tokio::test]
async fn a_connection_that_was_closed_while_idle_costs_no_attempt() {
    let served = Served::struck_by(fault(FaultKind::CloseIdle).lasts(20 * MILLIS), interactive()).await;
    served.rig.call().await.unwrap();
    tokio::time::sleep(300 * MILLIS).await;

    served.rig.call().await.unwrap();

    assert_eq!((served.rig.attempts(), served.rig.classes()), (vec![1, 1], vec![]));
    assert_eq!(served.stats().connections, 2);
    assert_eq!(served.charged().await, (2.0, 0.0));
}

#[tokio::test]
async fn a_connection_that_is_closed_just_when_it_is_used_costs_one_attempt_at_most() {
    let served = Served::struck_by(fault(FaultKind::CloseIdle).times(200).lasts(5 * MILLIS), interactive()).await;

    for call in 0..100_u32 {
        served.rig.call().await.unwrap();
        // Around the moment of the end, which is seen with a delay of up to 5 ms.
        tokio::time::sleep(4 * MILLIS + (call % 10) * MILLIS).await;
    }

    let (attempts, lost) = (served.rig.attempts(), served.rig.classes());
    assert_eq!(attempts.len(), 100);
    assert!(attempts.iter().all(|attempts| *attempts <= 2), "{attempts:?}");
    assert!(lost.iter().all(|class| *class == Class::ConnectionLost), "{lost:?}");
    assert_eq!(attempts.iter().sum::<u32>() as usize, 100 + lost.len(), "no attempt is hidden");
    assert!(served.stats().connections > 10, "{}: connections were not closed", served.stats().connections);
    // A request on a connection that is just being closed is not seen by the service, and is not charged.
    assert_eq!(served.charged().await, (100.0, 0.0));
}

#[tokio::test]
async fn a_service_that_is_slow_to_accept_is_waited_for() {
    let served = Served::struck_by(fault(FaultKind::SlowAccept).lasts(500 * MILLIS), interactive()).await;
    served.rig.call().await.unwrap();
    let started = Instant::now();

    served.rig.call().await.unwrap();

    assert!(started.elapsed() >= 400 * MILLIS, "{:?}", started.elapsed());
    assert_eq!((served.rig.attempts(), served.requests()), (vec![1, 1], (2, 1)));
}

#[tokio::test]
async fn a_port_that_is_closed_for_a_second_is_outlived_with_the_patience_for_people() {
    let served = Served::struck_by(fault(FaultKind::PortClosed).lasts(1_000 * MILLIS), CallPolicy::interactive()).await;

    served.rig.call().await.unwrap();

    let classes = served.rig.classes();
    assert_eq!(classes[0], Class::ConnectionLost, "the request that met it");
    assert!(classes[1..].iter().all(|class| *class == Class::ConnectFailed), "{classes:?}");
    assert!((2..=4).contains(&served.rig.attempts()[0]), "{:?}", served.rig.told());
    assert_eq!((served.requests(), served.charged().await), ((2, 1), (1.0, 0.0)), "refused connections cost nothing");
}

#[tokio::test]
async fn a_fault_that_stays_ends_an_interactive_call_after_four_attempts_and_says_what_it_was() {
    for (kind, says) in [
        (FaultKind::ResetBeforeHeaders, "the connection ended before an answer came"),
        (FaultKind::CloseInBody, "the answer broke off after"),
        (FaultKind::LengthTooLarge, "the answer broke off after"),
    ] {
        let served = Served::struck_by(fault(kind).times(100), interactive()).await;

        let error = served.rig.call().await.unwrap_err();

        assert_eq!((error.attempts(), served.requests()), (4, (4, 1)), "{kind}");
        assert!(error.to_string().contains(says) && error.is_retryable(), "{kind}: {error}");
        assert_eq!(served.charged().await, (4.0, 4.0), "{kind}");
    }
}

#[tokio::test]
async fn calls_at_the_same_time_do_not_suffer_from_the_broken_connection_of_another() {
    let faults = Faults::none().with(fault(FaultKind::ResetInBody).nth(7)).with(fault(FaultKind::CloseBeforeHeaders).nth(13));
    let served = Served::with(faults, interactive()).await;
    // One token for all of them.
    served.rig.call().await.unwrap();

    let calls = futures_util::future::join_all((0..20).map(|_| Rig::call(&served.rig))).await;

    assert!(calls.iter().all(Result::is_ok), "{calls:?}");
    let mut attempts = served.rig.attempts();
    attempts.sort_unstable();
    assert_eq!(attempts, [[1; 19].as_slice(), &[2, 2]].concat());
    assert_eq!(served.requests(), (23, 1));
}
