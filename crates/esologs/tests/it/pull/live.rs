//! Reports that may still grow.

use std::sync::Arc;
use std::time::Duration;

use esologs_sim::Faults;
use esologs_sim::truth::Stream;
use esologs_sim::world::World;
use esologs_sim::world::model::Access;
use serde_json::{Value, json};

use super::files::{assert_same, entry, files, true_manifest, truth, without};
use super::wire::{NOW, Wire, finished, little_world, live, new_little_world, requests};

/// The world once its live report has come to its end.
fn afterwards() -> World {
    let mut world = new_little_world();
    for report in world.reports.iter_mut().filter(|report| report.access == Access::Live) {
        report.access = Access::Public;
    }
    world
}

/// A wire on which the list tells something else of a report than the report itself.
fn differing(code: &str, change: impl Fn(&mut Value) + Send + Sync + 'static) -> Wire {
    let code = code.to_owned();
    Wire::to(little_world(), Faults::none()).edited(move |asked, text| {
        if asked.operation != "GuildReports" {
            return text;
        }
        let mut answer: Value = serde_json::from_str(&text).unwrap();
        for entry in answer["data"]["reportData"]["reports"]["data"].as_array_mut().unwrap() {
            if entry["code"] == code {
                change(entry);
            }
        }
        answer.to_string()
    })
}

#[tokio::test(start_paused = true)]
async fn a_live_report_lies_under_live_with_what_there_was_and_moves_to_data_when_it_is_final() {
    let (wire, folder, code) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap(), live(little_world()));
    wire.pulled(&folder).await;
    let early = files(&folder.path().join("live").join(code));
    assert_eq!(entry(&true_manifest(folder.path()), code)["status"], "live");
    assert!(!folder.path().join("data/reports").join(code).exists());

    tokio::time::advance(Duration::from_secs(26 * 3_600)).await;
    let summary = wire.pulled(&folder).await;

    assert_eq!((summary.complete(), summary.missing()), (4, 0));
    assert_same(&files(&folder.path().join("data")), &truth(&afterwards(), &Stream::DEFAULT), "after the night");
    assert_eq!(entry(&true_manifest(folder.path()), code)["folder"], format!("data/reports/{code}"));
    assert!(files(&folder.path().join("live")).is_empty() && !folder.path().join("live").join(code).exists());
    let late = files(&folder.path().join("data/reports").join(code));
    assert!(late.values().map(Vec::len).sum::<usize>() > early.values().map(Vec::len).sum(), "it has grown since");
}

#[tokio::test(start_paused = true)]
async fn a_live_report_that_has_grown_is_fetched_anew_and_replaced_whole() {
    let (wire, folder, code) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap(), live(little_world()));
    wire.pulled(&folder).await;
    let place = folder.path().join("live").join(code);
    let (first, before) = (files(&place), wire.reached());

    tokio::time::advance(Duration::from_secs(300)).await;
    wire.pulled(&folder).await;

    let second = files(&place);
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    assert!(first != second, "it has grown in five minutes");
    let report: Value = serde_json::from_slice(&second[std::path::Path::new("report.json")]).unwrap();
    assert_eq!(report["code"], code);
    assert_eq!(wire.reached_since(&before)["ReportEvents"], 3);
    assert_same(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "finished reports");
    true_manifest(folder.path());
}

#[tokio::test(start_paused = true)]
async fn a_report_is_final_24_hours_after_its_end_and_not_a_minute_before() {
    let code = live(little_world());
    let ends_in = u64::try_from(little_world().report(code).unwrap().end_unix_ms - NOW).unwrap();
    for (after_end_s, place) in [(24 * 3_600 - 60, "live"), (24 * 3_600, "data/reports")] {
        let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
        tokio::time::advance(Duration::from_millis(ends_in) + Duration::from_secs(after_end_s)).await;

        wire.pulled(&folder).await;

        assert_eq!(
            entry(&true_manifest(folder.path()), code)["folder"],
            format!("{place}/{code}"),
            "{after_end_s} s after its end"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_that_changes_between_the_list_and_the_look_is_live_and_final_the_next_time() {
    let code = finished(little_world())[1];
    let changes: [fn(&mut Value); 3] = [
        |entry| entry["revision"] = json!(entry["revision"].as_i64().unwrap() - 1),
        |entry| entry["endTime"] = json!(entry["endTime"].as_i64().unwrap() - 20_000),
        |entry| entry["revision"] = Value::Null,
    ];
    for change in changes {
        let (wire, folder) = (differing(code, change), tempfile::tempdir().unwrap());

        let summary = wire.pulled(&folder).await;

        assert_eq!((summary.complete(), summary.missing()), (2, 0));
        assert_eq!(entry(&true_manifest(folder.path()), code)["status"], "live");
        assert_same(
            &files(&folder.path().join("data")),
            &without(truth(little_world(), &Stream::DEFAULT), &[code]),
            "without the changed report",
        );

        let before = wire.reached();
        wire.mended().pulled(&folder).await;

        assert_same(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "the next time");
        assert!(!folder.path().join("live").join(code).exists());
        assert_eq!(wire.reached_since(&before), requests([("GuildReports", 1)]), "it is final as it is here");
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_that_is_live_while_faults_strike_is_whole_in_its_place() {
    let world = Arc::new(afterwards());
    let (wire, folder, code) =
        (Wire::to(little_world(), Faults::mixed(0.3, 5)), tempfile::tempdir().unwrap(), live(little_world()));

    wire.pulled(&folder).await;

    true_manifest(folder.path());
    let whole = truth(&world, &Stream::DEFAULT);
    for (name, bytes) in files(&folder.path().join("live").join(code)) {
        // What there was is the beginning of what there will be.
        if name.starts_with("events") {
            let later = &whole[&std::path::Path::new("reports").join(code).join(&name)];
            assert!(later.starts_with(&bytes), "{} is not the beginning of the final one", name.display());
        }
    }
}
