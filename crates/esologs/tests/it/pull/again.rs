//! The same pull again, and others into the same folder.

use std::fs;
use std::sync::Mutex;

use esologs::UnixMillis;
use esologs::pull::{EventStream, Outcome, PullEvent};
use esologs_sim::Faults;
use esologs_sim::truth::Stream;

use super::files::{assert_same, entry, files, reports_in, true_manifest, truth};
use super::wire::{NOW, Wire, finished, little_world, live, paged_world, private, requests};

const BEFORE_TODAY: UnixMillis = UnixMillis::new(NOW - 24 * 3_600_000);

/// When a report begins.
fn start_of(code: &str) -> UnixMillis {
    UnixMillis::new(little_world().report(code).unwrap().start_unix_ms)
}

#[tokio::test(start_paused = true)]
async fn a_second_pull_asks_for_the_newest_part_of_the_list_and_for_nothing_else_where_nothing_has_changed() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let first = wire.pulled(&folder).await;
    let (before, after_first) = (wire.reached(), true_manifest(folder.path()));

    let second = wire.pulled(&folder).await;

    // Neither the live report, which has not grown, nor the private one, nor the guild.
    assert_eq!(wire.reached_since(&before), requests([("GuildReports", 1)]));
    for code in finished(little_world()) {
        assert_eq!((wire.count("Report", code), wire.count("ReportEvents", code)), (1, 3), "{code}");
    }
    assert_eq!((wire.count("Report", live(little_world())), wire.count("Report", private(little_world()))), (1, 1));
    assert_eq!(second.count(|outcome| matches!(outcome, Outcome::AlreadyHere)), 3);
    assert_eq!((second.complete(), second.missing()), (3, 0));
    assert_eq!(second.event_count(), first.event_count(), "what is here already counts as well");
    assert_same(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "after the second");
    assert_eq!(true_manifest(folder.path())["reports"], after_first["reports"]);
}

#[tokio::test(start_paused = true)]
async fn a_second_pull_of_finished_reports_only_costs_one_page_of_the_list() {
    let (wire, folder) = (Wire::to(paged_world(), Faults::none()), tempfile::tempdir().unwrap());
    let for_the_list = Mutex::new(0.0);
    let note_points = |event: &PullEvent<'_>| {
        if matches!(event, PullEvent::Listed { .. }) {
            *for_the_list.lock().unwrap() = wire.sim.stats().points_spent;
        }
    };
    wire.pull(&folder).run(note_points).await.unwrap();
    let (before, spent) = (wire.reached(), wire.sim.stats().points_spent);

    wire.pulled(&folder).await;

    assert_eq!(wire.reached_since(&before), requests([("GuildReports", 1)]));
    let again = wire.sim.stats().points_spent - spent;
    assert!(again < *for_the_list.lock().unwrap(), "{again} points, {for_the_list:?} for guild and list");
}

#[tokio::test(start_paused = true)]
async fn a_stream_more_brings_that_stream_and_keeps_the_others() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pull(&folder).streams([EventStream::Deaths]).until(BEFORE_TODAY).run(|_| {}).await.unwrap();

    let both = [EventStream::Deaths, EventStream::Damage];
    let summary = wire.pull(&folder).streams(both).until(BEFORE_TODAY).run(|_| {}).await.unwrap();

    assert_eq!((summary.complete(), summary.missing()), (3, 0), "{summary:?}");
    assert_same(&files(&folder.path().join("data")), &truth(little_world(), &[Stream::Deaths, Stream::Damage]), "both streams");
    true_manifest(folder.path());
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_here_is_not_asked_for_again_when_another_is_added() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pull(&folder).streams([EventStream::Deaths]).run(|_| {}).await.unwrap();

    wire.pull(&folder).streams([EventStream::Deaths, EventStream::Damage]).run(|_| {}).await.unwrap();

    let of = |code, kind| {
        let is_it = |asked: &&super::wire::Asked| asked.is("ReportEvents", code) && asked.variables["dataType"] == kind;
        wire.asked().iter().filter(is_it).count()
    };
    for code in finished(little_world()) {
        assert_eq!((of(code, "Deaths"), of(code, "DamageDone")), (1, 1), "{code}: deaths, damage");
    }
}

#[tokio::test(start_paused = true)]
async fn another_stream_does_not_take_away_what_an_earlier_pull_brought_home() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pull(&folder).streams([EventStream::Deaths]).until(BEFORE_TODAY).run(|_| {}).await.unwrap();

    wire.pull(&folder).streams([EventStream::Damage]).until(BEFORE_TODAY).run(|_| {}).await.unwrap();

    assert_same(
        &files(&folder.path().join("data")),
        &truth(little_world(), &[Stream::Deaths, Stream::Damage]),
        "deaths, then damage",
    );
}

#[tokio::test(start_paused = true)]
async fn fewer_streams_ask_for_nothing_and_the_counts_of_all_that_is_here_stay() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pull(&folder).until(BEFORE_TODAY).run(|_| {}).await.unwrap();
    let before = wire.reached();

    wire.pull(&folder).until(BEFORE_TODAY).streams([EventStream::Healing]).run(|_| {}).await.unwrap();

    assert!(!wire.reached_since(&before).contains_key("ReportEvents"));
    assert_same(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "fewer streams");
    true_manifest(folder.path());
}

#[tokio::test(start_paused = true)]
async fn since_and_until_narrow_the_list_to_reports_that_start_within() {
    let [newest, middle, oldest] = finished(little_world())[..] else { panic!("three finished reports") };
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let (since, until) = (start_of(middle), UnixMillis::new(start_of(newest).get() - 1));

    wire.pull(&folder).since(since).until(until).run(|_| {}).await.unwrap();

    let manifest = true_manifest(folder.path());
    assert_eq!((manifest["since_unix_ms"].as_i64(), manifest["until_unix_ms"].as_i64()), (Some(since.get()), Some(until.get())));
    assert_eq!(reports_in(&files(&folder.path().join("data"))), [middle]);
    assert_eq!((wire.count("Report", newest), wire.count("Report", oldest)), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_report_that_starts_at_the_until_is_left_out() {
    // `Pull::until`: "only reports that start before this moment". The service's own bound may take it in.
    let newest = finished(little_world())[0];
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());

    let summary = wire.pull(&folder).until(start_of(newest)).run(|_| {}).await.unwrap();

    assert!(summary.reports.iter().all(|report| report.code.as_str() != newest), "it is in the list");
}

#[tokio::test(start_paused = true)]
async fn reports_of_earlier_pulls_outside_the_range_stay_in_the_folder_and_in_the_manifest() {
    let [newest, middle, oldest] = finished(little_world())[..] else { panic!("three finished reports") };
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pulled(&folder).await;
    let all = true_manifest(folder.path());
    let only_newest = || wire.pull(&folder).since(start_of(newest)).until(BEFORE_TODAY);

    // Twice: what is kept must not be forgotten by the pull after the next.
    for _ in 0..2 {
        only_newest().run(|_| {}).await.unwrap();

        let manifest = true_manifest(folder.path());
        assert_eq!(entry(&manifest, newest)["status"], "complete");
        let kept = manifest["kept_from_earlier_pulls"].as_array().unwrap();
        for code in [middle, oldest] {
            assert!(kept.contains(entry(&all, code)), "{code}: {kept:?}");
        }
        assert!(!kept.iter().any(|entry| entry["code"] == newest));
    }

    wire.pulled(&folder).await;
    let again = true_manifest(folder.path());
    assert_eq!(again["reports"], all["reports"]);
    assert_eq!(again["kept_from_earlier_pulls"].as_array().unwrap().len(), 0);
    assert_eq!(wire.count("ReportEvents", oldest), 3, "it was never asked for again");
}

#[tokio::test(start_paused = true)]
async fn a_live_report_of_an_earlier_pull_outside_the_range_is_still_named() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pulled(&folder).await;

    wire.pull(&folder).until(BEFORE_TODAY).run(|_| {}).await.unwrap();

    let manifest = true_manifest(folder.path());
    let code = live(little_world());
    assert!(folder.path().join("live").join(code).is_dir());
    assert!(manifest["kept_from_earlier_pulls"].as_array().unwrap().iter().any(|entry| entry["code"] == code), "{manifest:#}");
}

#[tokio::test(start_paused = true)]
async fn the_counts_are_right_where_the_manifest_was_lost() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let first = wire.pulled(&folder).await;
    let before = true_manifest(folder.path());
    fs::remove_file(folder.path().join("manifest.json")).unwrap();

    let second = wire.pulled(&folder).await;

    assert_eq!(true_manifest(folder.path())["reports"], before["reports"]);
    assert_eq!(second.event_count(), first.event_count());
}

#[tokio::test(start_paused = true)]
async fn a_report_of_which_a_file_was_deleted_is_fetched_again() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pulled(&folder).await;
    let [first, second, third] = finished(little_world())[..] else { panic!("three finished reports") };
    let reports = folder.path().join("data/reports");
    fs::remove_file(reports.join(first).join("events/deaths.jsonl")).unwrap();
    fs::remove_file(reports.join(second).join("fights.jsonl")).unwrap();
    fs::remove_file(reports.join(third).join("actors.jsonl")).unwrap();

    wire.pulled(&folder).await;

    assert_same(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "after a file was deleted");
}
