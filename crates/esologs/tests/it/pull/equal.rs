//! A pull brings home exactly what there is.

use std::sync::Mutex;

use esologs::UnixMillis;
use esologs::pull::{EventStream, Outcome, PullEvent};
use esologs_sim::truth::Stream;
use esologs_sim::{FaultKind, Faults, Simulator};

use super::files::{assert_same, assert_tidy, files, true_manifest, truth};
use super::wire::{NOW, Wire, finished, paged_world, requests, small_world, world};

/// A moment that leaves out the live report of a world.
const BEFORE_TODAY: UnixMillis = UnixMillis::new(NOW - 24 * 3_600_000);

#[tokio::test(start_paused = true)]
async fn all_streams_equal_the_truth_at_any_concurrency_for_the_same_points() {
    let truth = truth(small_world(), &Stream::EVERY);
    let mut points = Vec::new();

    for concurrency in [1, 2, 8] {
        let (wire, folder) = (Wire::to(small_world(), Faults::none()), tempfile::tempdir().unwrap());
        let pull = wire.pull(&folder).streams(EventStream::EVERY).concurrency(concurrency);
        let summary = pull.run(|_| {}).await.unwrap();

        assert!(summary.ended_early.is_none(), "{summary:?}");
        assert_eq!((summary.complete(), summary.missing()), (3, 0));
        assert_same(&files(&folder.path().join("data")), &truth, &format!("{concurrency} at a time"));
        // 18 files each of 3 finished reports and the live one; the archived is not looked at, the private once.
        assert_eq!(
            wire.reached(),
            requests([("Guild", 1), ("GuildReports", 1), ("Report", 5), ("ReportEvents", 4 * 18)]),
            "{concurrency} at a time"
        );
        assert_tidy(folder.path());
        points.push(wire.sim.stats().points_spent);
    }

    assert_eq!([points[1], points[2]], [points[0]; 2]);
}

#[tokio::test(start_paused = true)]
async fn all_streams_equal_the_truth_through_mixed_faults_and_nothing_is_paid_twice_that_came_whole() {
    let faultless = Wire::to(small_world(), Faults::none());
    let spare = tempfile::tempdir().unwrap();
    faultless.pull(&spare).until(BEFORE_TODAY).streams(EventStream::EVERY).run(|_| {}).await.unwrap();
    let truth = truth(small_world(), &Stream::EVERY);

    for (seed, concurrency) in [(1, 2), (2, 1), (3, 8)] {
        let (wire, folder) = (Wire::to(small_world(), Faults::mixed(0.3, seed)), tempfile::tempdir().unwrap());
        let pull = wire.pull(&folder).until(BEFORE_TODAY).streams(EventStream::EVERY).concurrency(concurrency);
        let summary = pull.run(|_| {}).await.unwrap();

        assert_eq!((summary.complete(), summary.missing()), (3, 0), "seed {seed}: {summary:?}");
        assert_same(&files(&folder.path().join("data")), &truth, &format!("seed {seed}"));
        assert_eq!(true_manifest(folder.path())["all_that_can_be_had_is_here"], true);
        assert_tidy(folder.path());
        let (stats, points) = (wire.sim.stats(), faultless.sim.stats().points_spent);
        assert!(stats.faults_total >= 15, "seed {seed}: only {} faults struck", stats.faults_total);
        let useful = stats.points_spent - stats.points_spent_on_broken_answers;
        assert!((useful - points).abs() < 0.5, "seed {seed}: {useful} points, faultless {points}");
    }
}

#[tokio::test(start_paused = true)]
async fn other_worlds_equal_their_truth_through_mixed_faults() {
    for seed in 2..=4 {
        let world = world(seed);
        let (wire, folder) = (Wire::to(&world, Faults::mixed(0.3, seed)), tempfile::tempdir().unwrap());

        let summary = wire.pulled(&folder).await;

        assert_eq!((summary.complete(), summary.missing()), (3, 0), "seed {seed}: {summary:?}");
        assert_same(&files(&folder.path().join("data")), &truth(&world, &Stream::DEFAULT), &format!("seed {seed}"));
        true_manifest(folder.path());
    }
}

#[tokio::test(start_paused = true)]
async fn streams_of_many_pages_equal_the_truth_through_mixed_faults() {
    let (wire, folder) = (Wire::to(paged_world(), Faults::mixed(0.3, 11)), tempfile::tempdir().unwrap());
    let pages = Mutex::new(Vec::new());

    let summary = wire
        .pull(&folder)
        .streams([EventStream::Damage, EventStream::All])
        .run(|event| {
            if let PullEvent::PageWritten { code, file, events, .. } = event {
                pages.lock().unwrap().push((code.to_string(), (*file).to_owned(), *events));
            }
        })
        .await
        .unwrap();

    assert_same(&files(&folder.path().join("data")), &truth(paged_world(), &[Stream::Damage, Stream::All]), "many pages");
    let pages = pages.into_inner().unwrap();
    assert!(pages.iter().filter(|(_, file, _)| file == "all.friendlies").count() >= 3 + 3, "{pages:?}");
    for report in &summary.reports {
        for (file, count) in &report.events {
            let told = pages.iter().filter(|page| page.0 == report.code.as_str() && page.1 == *file).map(|page| page.2);
            assert_eq!(told.sum::<u64>(), *count, "{file} of {}", report.code);
        }
    }
    assert_eq!(summary.event_count(), pages.iter().map(|page| page.2).sum::<u64>());
}

#[tokio::test(start_paused = true)]
async fn a_pull_waits_for_the_points_of_the_next_hours_and_equals_the_truth() {
    let sim = Simulator::builder().world(small_world().clone()).start_unix_ms(NOW).limit(40).build().unwrap();
    let (wire, folder) = (Wire::to_sim(sim), tempfile::tempdir().unwrap());
    let started = tokio::time::Instant::now();

    let summary = wire.pull(&folder).until(BEFORE_TODAY).run(|_| {}).await.unwrap();

    assert_eq!((summary.complete(), summary.missing()), (3, 0), "{summary:?}");
    assert_same(&files(&folder.path().join("data")), &truth(small_world(), &Stream::DEFAULT), "two budgets");
    let stats = wire.sim.stats();
    let hours = started.elapsed().as_secs() / 3_600;
    assert!(hours >= 1, "the budget was enough for all of it: {} points", stats.points_spent);
    assert!(
        stats.refused_for_points <= 2 * hours,
        "{} requests against a spent budget in {hours} hours",
        stats.refused_for_points
    );
}

#[tokio::test(start_paused = true)]
async fn events_that_come_as_strings_are_the_same_events() {
    let faults = Faults::only(FaultKind::StringScalars, 1.0, 1);
    let (wire, folder) = (Wire::to(small_world(), faults), tempfile::tempdir().unwrap());

    wire.pulled(&folder).await;

    assert_same(&files(&folder.path().join("data")), &truth(small_world(), &Stream::DEFAULT), "string scalars");
}

#[tokio::test(start_paused = true)]
async fn a_pull_without_streams_takes_reports_only_and_asks_for_no_events() {
    let (wire, folder) = (Wire::to(small_world(), Faults::none()), tempfile::tempdir().unwrap());

    let summary = wire.pull(&folder).streams([]).run(|_| {}).await.unwrap();

    assert_eq!((summary.complete(), summary.event_count()), (3, 0));
    assert_same(&files(&folder.path().join("data")), &truth(small_world(), &[]), "no streams");
    assert!(!wire.reached().contains_key("ReportEvents"), "{:?}", wire.reached());
}

#[tokio::test(start_paused = true)]
async fn the_list_in_the_summary_is_newest_first_and_every_report_is_told_as_done_once() {
    let (wire, folder) = (Wire::to(small_world(), Faults::none()), tempfile::tempdir().unwrap());
    let done = Mutex::new(Vec::new());

    let summary = wire
        .pull(&folder)
        .run(|event| {
            if let PullEvent::ReportDone { result, done: so_far, total, .. } = event {
                done.lock().unwrap().push((result.code.to_string(), *so_far, *total));
            }
        })
        .await
        .unwrap();

    let listed: Vec<&str> =
        small_world().reports_of_guild(super::wire::GUILD).iter().map(|report| report.code.as_str()).collect();
    assert_eq!(summary.reports.iter().map(|report| report.code.as_str()).collect::<Vec<_>>(), listed);
    let mut done = done.into_inner().unwrap();
    assert_eq!(
        done.iter().map(|entry| (entry.1, entry.2)).collect::<Vec<_>>(),
        (1..=6).map(|count| (count, 6)).collect::<Vec<_>>()
    );
    done.sort();
    done.dedup_by(|a, b| a.0 == b.0);
    assert_eq!(done.len(), 6);
    let complete: Vec<&str> =
        summary.reports.iter().filter(|it| matches!(it.outcome, Outcome::Complete)).map(|it| it.code.as_str()).collect();
    assert_eq!(complete, finished(small_world()));
}
