//! One report fails, the others do not.

use std::sync::Mutex;

use bytes::Bytes;
use esologs::ErrorKind;
use esologs::pull::{Outcome, PullEvent};
use esologs_sim::Faults;
use esologs_sim::truth::Stream;
use http::Response;

use super::files::{assert_same, entry, files, true_manifest, truth, without};
use super::wire::{Wire, answer, cut_json, finished, little_world, requests};

/// What an answer is called, the answer, and the kind of error that it ends in.
type Broken = (&'static str, fn() -> Response<Bytes>, ErrorKind);

/// Answers that are of no use, however often they are asked for.
fn broken_answers() -> [Broken; 4] {
    [
        ("cut JSON", cut_json, ErrorKind::BadAnswer),
        ("an internal error", || answer(r#"{"errors":[{"message":"Internal server error"}],"data":null}"#), ErrorKind::Upstream),
        ("nothing", || answer(""), ErrorKind::BadAnswer),
        ("data null", || answer(r#"{"data":null}"#), ErrorKind::BadAnswer),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_report_whose_events_stay_broken_is_put_back_once_and_named_and_the_others_are_complete() {
    let code = finished(little_world())[1];
    for (what, broken, kind) in broken_answers() {
        let folder = tempfile::tempdir().unwrap();
        let wire = Wire::to(little_world(), Faults::none())
            .instead(move |asked| (asked.is("ReportEvents", code) && asked.variables["dataType"] == "Healing").then(broken));
        let put_back = Mutex::new(Vec::new());

        let summary = wire
            .pull(&folder)
            .run(|event| {
                if let PullEvent::ReportPutBack { code, error, .. } = event {
                    put_back.lock().unwrap().push((code.to_string(), error.kind()));
                }
            })
            .await
            .unwrap();

        assert_eq!(put_back.into_inner().unwrap(), [(code.to_owned(), kind)], "{what}");
        assert!(summary.ended_early.is_none(), "{what}: {summary:?}");
        assert_eq!((summary.complete(), summary.missing()), (2, 1), "{what}: {summary:?}");
        // Once the report, its deaths and damage, and twice five tries for the healing: a patient call takes it for permanent then.
        assert_eq!((wire.count("Report", code), wire.count("ReportEvents", code)), (1, 1 + 1 + 2 * 5), "{what}");
        let failed = summary.reports.iter().find(|report| report.code.as_str() == code).unwrap();
        assert!(
            matches!(&failed.outcome, Outcome::Failed(error) if error.kind() == kind && error.attempts() == 5),
            "{what}: {failed:?}"
        );
        let manifest = true_manifest(folder.path());
        assert_eq!(manifest["all_that_can_be_had_is_here"], false, "{what}");
        let reason = entry(&manifest, code)["reason"].as_str().unwrap();
        assert!(reason.starts_with("failed: ReportEvents: ") && reason.contains("(after 5 attempts in "), "{what}: {reason}");
        assert_same(&files(&folder.path().join("data")), &without(truth(little_world(), &Stream::DEFAULT), &[code]), what);
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_of_html_that_stays_fails_its_report_while_others_are_answered_and_is_an_outage_once_it_is_alone() {
    let code = finished(little_world())[1];
    let folder = tempfile::tempdir().unwrap();
    let wire = Wire::to(little_world(), Faults::none())
        .instead(move |asked| asked.is("ReportEvents", code).then(|| super::wire::page(200)));

    let summary = wire.pulled(&folder).await;

    // The second try of its events is all that is left to be asked for: nothing tells it from an outage.
    assert!(summary.ended_early.as_ref().is_some_and(esologs::Error::is_outage), "{summary:?}");
    assert_eq!((summary.complete(), summary.missing()), (2, 1));
    let reason = entry(&true_manifest(folder.path()), code)["reason"].as_str().unwrap().to_owned();
    assert!(reason.starts_with("failed: ReportEvents: "), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn a_failed_report_is_completed_by_the_next_pull_and_nothing_else_is_asked_for() {
    let code = finished(little_world())[1];
    let folder = tempfile::tempdir().unwrap();
    let wire = Wire::to(little_world(), Faults::none()).instead(move |asked| asked.is("ReportEvents", code).then(cut_json));
    assert_eq!(wire.pulled(&folder).await.missing(), 1);
    let before = wire.reached();

    let rerun = wire.mended().pulled(&folder).await;

    assert_eq!((rerun.complete(), rerun.missing()), (3, 0));
    assert_same(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "after the rerun");
    assert_eq!(true_manifest(folder.path())["all_that_can_be_had_is_here"], true);
    // The events of the failed report.
    let expected = requests([("GuildReports", 1), ("ReportEvents", 3)]);
    assert_eq!(wire.reached_since(&before), expected);
}

#[tokio::test(start_paused = true)]
async fn a_report_that_fails_once_and_not_at_the_back_of_the_queue_is_complete() {
    let code = finished(little_world())[0];
    let folder = tempfile::tempdir().unwrap();
    let (left, orders) = (Mutex::new(5), Mutex::new(Vec::new()));
    let wire = Wire::to(little_world(), Faults::none()).instead(move |asked| {
        let mut left = left.lock().unwrap();
        (asked.is("Report", code) && *left > 0).then(|| {
            *left -= 1;
            cut_json()
        })
    });

    let summary = wire
        .pull(&folder)
        .concurrency(1)
        .run(|event| match event {
            PullEvent::ReportPutBack { code, .. } => orders.lock().unwrap().push(format!("back {code}")),
            PullEvent::ReportDone { result, .. } => orders.lock().unwrap().push(format!("done {}", result.code)),
            _ => {}
        })
        .await
        .unwrap();

    assert_eq!((summary.complete(), summary.missing()), (3, 0));
    assert_eq!(wire.count("Report", code), 6);
    let orders = orders.into_inner().unwrap();
    assert_eq!(orders.iter().filter(|order| order.starts_with("back")).collect::<Vec<_>>(), [&format!("back {code}")]);
    assert_eq!(orders.last().unwrap(), &format!("done {code}"), "it came after all others: {orders:?}");
    assert_same(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "at the back of the queue");
}

#[tokio::test(start_paused = true)]
async fn a_cursor_that_stands_still_fails_its_report_only() {
    let code = finished(little_world())[2];
    let folder = tempfile::tempdir().unwrap();
    let stuck = r#"{"data":{"reportData":{"report":{"events":{"data":[{"timestamp":1}],"nextPageTimestamp":0}}}}}"#;
    let wire =
        Wire::to(little_world(), Faults::none()).instead(move |asked| asked.is("ReportEvents", code).then(|| answer(stuck)));

    let summary = wire.pulled(&folder).await;

    assert_eq!((summary.complete(), summary.missing()), (2, 1));
    assert_eq!(wire.count("ReportEvents", code), 2, "a cursor is not asked again but by the second try of its report");
    let manifest = true_manifest(folder.path());
    assert!(entry(&manifest, code)["reason"].as_str().unwrap().contains("which is not later"), "{manifest:#}");
    assert!(!folder.path().join("data/reports").join(code).exists());
}

#[tokio::test(start_paused = true)]
async fn a_query_that_is_refused_for_one_report_fails_that_report_only() {
    let code = finished(little_world())[0];
    let folder = tempfile::tempdir().unwrap();
    let refusal = r#"{"errors":[{"message":"Max query complexity should be 10000 but got 999999."}],"data":null}"#;
    let wire = Wire::to(little_world(), Faults::none()).instead(move |asked| asked.is("Report", code).then(|| answer(refusal)));

    let summary = wire.pulled(&folder).await;

    assert_eq!((summary.complete(), summary.missing(), summary.ended_early.is_none()), (2, 1, true));
    assert_eq!(wire.count("Report", code), 2);
}

#[tokio::test(start_paused = true)]
async fn nothing_of_a_failed_report_counts() {
    let code = finished(little_world())[1];
    let folder = tempfile::tempdir().unwrap();
    let wire = Wire::to(little_world(), Faults::none())
        .instead(move |asked| (asked.is("ReportEvents", code) && asked.variables["dataType"] == "Healing").then(cut_json));

    let summary = wire.pulled(&folder).await;

    let lines: u64 = ["data/reports", "live"]
        .iter()
        .flat_map(|place| files(&folder.path().join(place)))
        .filter(|(path, _)| path.iter().any(|part| part == "events"))
        .map(|(_, bytes)| bytes.iter().filter(|byte| **byte == b'\n').count() as u64)
        .sum();
    assert_eq!(summary.event_count(), lines);
}
