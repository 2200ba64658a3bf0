//! The service goes away in the middle.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use esologs::ErrorKind;
use esologs::pull::{Outcome, Summary};
use esologs_sim::truth::Stream;
use esologs_sim::{Faults, Simulator};
use http::Response;
use tempfile::TempDir;
use tokio::time::Instant;

use super::files::{assert_part_of, assert_same, entry, files, true_manifest, truth};
use super::wire::{NOW, Wire, finished, little_world, page};

/// Makes an answer.
type Answer = fn() -> Response<Bytes>;

/// A pull whose every request to the API from the `nth` on gets this answer; how long it took.
async fn through(nth: usize, answer: Answer) -> (Wire, TempDir, Summary, Duration) {
    let (folder, started) = (tempfile::tempdir().unwrap(), Instant::now());
    let wire = Wire::to(little_world(), Faults::none()).instead(move |asked| (asked.number >= nth).then(answer));
    let summary = wire.pulled(&folder).await;
    (wire, folder, summary, started.elapsed())
}

#[tokio::test(start_paused = true)]
async fn an_outage_ends_the_pull_after_ten_minutes_and_names_what_was_not_tried() {
    let (wire, folder, summary, took) = through(14, || page(503)).await;

    let error = summary.ended_early.as_ref().unwrap();
    assert!(error.is_outage() && error.kind() == ErrorKind::Upstream, "{error:?}");
    // It ends when the next wait, of a minute at most, would pass the ten.
    assert!((540..=660).contains(&took.as_secs()), "it took {took:?}");
    let asked = wire.asked().len();
    assert!((20..=100).contains(&(asked - 13)), "{} requests to a dead service", asked - 13);
    let manifest = true_manifest(folder.path());
    assert_eq!(manifest["all_that_can_be_had_is_here"], false);
    assert!(summary.missing() >= 1 && summary.complete() >= 1, "{summary:?}");
    for report in summary.reports.iter().filter(|report| report.outcome.is_missing()) {
        assert!(matches!(report.outcome, Outcome::NotTried), "{report:?}");
        assert_eq!(entry(&manifest, report.code.as_str())["reason"], "not tried: the pull ended before");
    }
    let here = assert_part_of(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "after the outage");
    assert_eq!(here, summary.complete(), "what was finished stays");
}

#[tokio::test(start_paused = true)]
async fn a_bad_gateway_after_an_hour_in_line_for_points_does_not_end_the_pull() {
    let sim =
        Simulator::builder().world(Arc::clone(little_world())).start_unix_ms(NOW).limit(60).without_throttle().build().unwrap();
    let (folder, started, broken) = (tempfile::tempdir().unwrap(), Instant::now(), Arc::new(AtomicU32::new(0)));
    let breaks = Arc::clone(&broken);
    // The first request after the first hour's points were spent.
    let wire = Wire::to_sim(sim).instead(move |asked| {
        let is_late = started.elapsed() > Duration::from_secs(3_500) && asked.operation != "RateLimit";
        (is_late && breaks.fetch_add(1, Ordering::Relaxed) == 0).then(|| page(502))
    });

    let summary = wire.pulled(&folder).await;

    assert!(broken.load(Ordering::Relaxed) > 1, "it was not asked for again");
    assert!(summary.ended_early.is_none(), "{summary:?}");
    assert_eq!((summary.complete(), summary.missing()), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn the_pull_after_an_outage_buys_only_what_was_not_finished() {
    let (wire, folder, summary, _) = through(14, || page(503)).await;
    let whole = summary.reports.iter().filter(|report| matches!(report.outcome, Outcome::Complete));
    let whole: Vec<String> = whole.map(|report| report.code.to_string()).collect();

    let mended = wire.mended();
    let rerun = mended.pulled(&folder).await;

    assert_eq!((rerun.complete(), rerun.missing()), (3, 0));
    assert_same(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "after the rerun");
    assert_eq!(true_manifest(folder.path())["all_that_can_be_had_is_here"], true);
    for code in &whole {
        assert!(mended.asked().iter().all(|asked| asked.code() != code), "{code} was asked for again");
    }
}

#[tokio::test(start_paused = true)]
async fn a_maintenance_page_that_stays_ends_the_pull_as_any_outage_does() {
    // Status 200, so it is told by its content. Ten minutes of it befall every report alike.
    let (_, folder, summary, took) = through(5, || page(200)).await;

    assert!(summary.ended_early.as_ref().is_some_and(esologs::Error::is_outage), "after {took:?}: {:?}", summary.ended_early);
    assert!((540..=660).contains(&took.as_secs()), "it took {took:?}");
    assert_eq!(true_manifest(folder.path())["all_that_can_be_had_is_here"], false);
}

#[tokio::test(start_paused = true)]
async fn a_throttle_that_never_opens_and_a_refusal_end_the_pull() {
    let throttled = || Response::builder().status(429).header("retry-after", "5000").body(Bytes::new()).unwrap();
    let banned = || {
        let body = r#"{"error":"This client is not valid."}"#;
        Response::builder().status(403).header("content-type", "application/json").body(Bytes::from(body)).unwrap()
    };
    let challenge = || {
        let mut response = page(403);
        response.headers_mut().insert("cf-mitigated", "challenge".parse().unwrap());
        response
    };
    let cases: [(Answer, ErrorKind); 3] =
        [(throttled, ErrorKind::RateLimited), (banned, ErrorKind::Forbidden), (challenge, ErrorKind::CdnBlocked)];
    for (answer, kind) in cases {
        let (wire, folder, summary, took) = through(14, answer).await;

        assert_eq!(summary.ended_early.as_ref().map(esologs::Error::kind), Some(kind), "{summary:?}");
        assert!(took < Duration::from_secs(60), "{kind:?}: {took:?}");
        assert!(wire.asked().len() <= 13 + 2, "{kind:?}: {} requests", wire.asked().len());
        assert_part_of(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "after a refusal");
        assert_eq!(true_manifest(folder.path())["all_that_can_be_had_is_here"], false);
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_of_eight_minutes_is_lived_through() {
    for answer in [|| page(503), || page(200)] as [Answer; 2] {
        let (folder, started) = (tempfile::tempdir().unwrap(), Instant::now());
        let wire = Wire::to(little_world(), Faults::none())
            .slow(Duration::from_secs(1))
            .instead(move |_| (10..490).contains(&started.elapsed().as_secs()).then(answer));

        let summary = wire.pulled(&folder).await;

        assert!(summary.ended_early.is_none(), "{summary:?}");
        assert_eq!((summary.complete(), summary.missing()), (3, 0));
        assert_same(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "after eight minutes");
        assert!(started.elapsed() < Duration::from_secs(490 + 90), "{:?}", started.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_after_a_report_was_put_back_does_not_say_that_it_was_never_tried() {
    // The first report fails by its content and waits at the back of the queue when the service goes away.
    let code = finished(little_world())[0];
    let folder = tempfile::tempdir().unwrap();
    let wire = Wire::to(little_world(), Faults::none()).instead(move |asked| match asked.number {
        number if number >= 16 => Some(page(503)),
        _ => asked.is("Report", code).then(super::wire::cut_json),
    });

    let summary = wire.pull(&folder).concurrency(1).run(|_| {}).await.unwrap();

    assert!(summary.ended_early.is_some());
    assert_eq!(wire.count("Report", code), 5, "it was tried");
    let manifest = true_manifest(folder.path());
    assert_ne!(entry(&manifest, code)["reason"], "not tried: the pull ended before", "{:#}", entry(&manifest, code));
}
