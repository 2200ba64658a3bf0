//! Pulls after the end: what a rerun asks for, and when it looks further.

use std::sync::Arc;
use std::time::Duration;

use esologs::pull::{Outcome, status};
use esologs_sim::world::World;
use esologs_sim::{Faults, Simulator};

use super::wire::{GUILD, NOW, Wire, finished, little_world, live, private, requests};

const DAY_MS: i64 = 24 * 3_600_000;
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A guild whose finished reports began so many days ago.
fn world(days_ago: &[i64]) -> Arc<World> {
    let report = |day: &i64| {
        let (code, start) = (format!("aaaaaaaaaaaaa{day:03}"), NOW - day * DAY_MS);
        format!("[[report]]\ncode = \"{code}\"\nevents = 200\nfights = 2\nstart_unix_ms = {start}\n")
    };
    let reports: String = days_ago.iter().map(report).collect();
    Arc::new(World::from_toml(&format!("seed = 5\n[[guild]]\nid = {GUILD}\nname = \"Lanterns\"\n{reports}"), NOW).unwrap())
}

/// A service that shows this world so long after now.
fn service(world: &Arc<World>, days: i64) -> Wire {
    Wire::to_sim(Simulator::builder().world(Arc::clone(world)).start_unix_ms(NOW + days * DAY_MS).build().unwrap())
}

fn reports_asked(wire: &Wire) -> Vec<String> {
    wire.asked().into_iter().filter(|asked| asked.operation == "Report").map(|asked| asked.code().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_rerun_asks_for_the_last_fortnight_of_the_list_only() {
    let folder = tempfile::tempdir().unwrap();
    let world = world(&[3, 10, 30, 90]);
    service(&world, 0).pulled(&folder).await;

    let wire = service(&world, 1);
    let summary = wire.pulled(&folder).await;

    assert_eq!(wire.reached(), requests([("GuildReports", 1)]));
    let since = wire.asked()[0].variables["startTime"].as_i64().unwrap();
    assert_eq!(since, NOW - (3 + 14) * DAY_MS, "a fortnight before the newest report");
    assert_eq!((summary.complete(), summary.list_total), (4, Some(4)), "all of the list is known");
}

#[tokio::test(start_paused = true)]
async fn a_new_report_costs_the_list_the_report_and_its_streams() {
    let folder = tempfile::tempdir().unwrap();
    service(&world(&[10, 30]), 0).pulled(&folder).await;

    let wire = service(&world(&[4, 10, 30]), 1);
    let summary = wire.pulled(&folder).await;

    assert_eq!(wire.reached(), requests([("GuildReports", 1), ("Report", 1), ("ReportEvents", 3)]));
    assert_eq!((reports_asked(&wire), summary.complete()), (vec!["aaaaaaaaaaaaa004".to_owned()], 3));
}

#[tokio::test(start_paused = true)]
async fn a_report_that_is_uploaded_late_is_found_at_once_within_a_fortnight_and_after_thirty_days_or_at_wish_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    service(&world(&[10, 30]), 0).pulled(&folder).await;
    // One raid of 20 days ago, one of 60 days ago; both are uploaded today.
    let later = world(&[10, 20, 30, 60]);

    let tomorrow = service(&later, 1);
    tomorrow.pulled(&folder).await;
    assert_eq!(reports_asked(&tomorrow), ["aaaaaaaaaaaaa020"]);

    let wished = super::files::copied(folder.path());
    let at_wish = service(&later, 2);
    at_wish.pull(&wished).refresh_list().run(|_| {}).await.unwrap();
    assert_eq!(reports_asked(&at_wish), ["aaaaaaaaaaaaa060"]);

    let in_29_days = service(&later, 29);
    in_29_days.pulled(&folder).await;
    assert_eq!(reports_asked(&in_29_days), [""; 0]);
    let in_30_days = service(&later, 30);
    let summary = in_30_days.pulled(&folder).await;
    assert_eq!(reports_asked(&in_30_days), ["aaaaaaaaaaaaa060"]);
    assert_eq!(summary.complete(), 4);
}

#[tokio::test(start_paused = true)]
async fn the_mark_waits_for_a_report_that_failed() {
    let folder = tempfile::tempdir().unwrap();
    let world = world(&[3, 40, 90]);
    let broken = service(&world, 0).instead(|asked| asked.is("Report", "aaaaaaaaaaaaa040").then(super::wire::cut_json));
    assert_eq!(broken.pulled(&folder).await.missing(), 1);

    let wire = service(&world, 1);
    assert_eq!(wire.pulled(&folder).await.missing(), 0);
    let again = service(&world, 1);
    again.pulled(&folder).await;

    let since = |wire: &Wire| wire.asked()[0].variables["startTime"].as_i64().unwrap();
    assert_eq!((since(&wire), since(&again)), (NOW - 54 * DAY_MS, NOW - 17 * DAY_MS));
}

#[tokio::test(start_paused = true)]
async fn what_was_not_visible_is_asked_for_again_after_a_week_or_at_wish() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pulled(&folder).await;
    let code = private(little_world());

    wire.pulled(&folder).await;
    assert_eq!(wire.count("Report", code), 1);
    wire.pull(&folder).retry_failed().run(|_| {}).await.unwrap();
    assert_eq!(wire.count("Report", code), 2);
    tokio::time::advance(7 * DAY).await;
    wire.pulled(&folder).await;
    assert_eq!(wire.count("Report", code), 3);
}

#[tokio::test(start_paused = true)]
async fn a_live_report_that_has_not_grown_is_fetched_at_wish_only() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pulled(&folder).await;
    let code = live(little_world());

    let summary = wire.pulled(&folder).await;
    assert_eq!(wire.count("Report", code), 1);
    assert_eq!(summary.count(|outcome| matches!(outcome, Outcome::Live)), 1);
    wire.pull(&folder).refresh_live().run(|_| {}).await.unwrap();
    assert_eq!(wire.count("Report", code), 2);
}

#[tokio::test(start_paused = true)]
async fn a_live_report_settles_without_a_request_once_it_is_a_day_past_and_unchanged() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let code = live(little_world());
    tokio::time::advance(Duration::from_secs(12 * 3600)).await;
    wire.pulled(&folder).await;
    assert!(folder.path().join("live").join(code).is_dir());
    let before = wire.reached();

    tokio::time::advance(DAY).await;
    let summary = wire.pulled(&folder).await;

    assert_eq!(wire.reached_since(&before), requests([("GuildReports", 1)]));
    assert_eq!(summary.complete(), 4);
    let report = folder.path().join("data/reports").join(code).join("report.json");
    assert!(report.is_file() && !folder.path().join("live").join(code).exists());
    assert!(esologs::pull::verify(folder.path()).await.unwrap().is_whole());
}

#[tokio::test(start_paused = true)]
async fn the_status_tells_what_is_here_what_is_missing_and_why_without_a_request() {
    let code = finished(little_world())[1];
    let folder = tempfile::tempdir().unwrap();
    let wire =
        Wire::to(little_world(), Faults::none()).instead(move |asked| asked.is("ReportEvents", code).then(super::wire::cut_json));
    wire.pulled(&folder).await;
    let asked = wire.asked().len();

    let status = status(folder.path()).await.unwrap();

    assert_eq!(wire.asked().len(), asked);
    assert_eq!(
        (status.target.id(), status.target_name.as_str(), status.host.as_str()),
        (Some(GUILD), "Lanterns", "www.esologs.com")
    );
    let counts = ["complete", "live", "archived", "not_visible", "failed", "not_tried"].map(|name| status.count(name));
    assert_eq!((counts, status.missing(), status.is_at_its_end), ([2, 1, 1, 1, 1, 0], 1, true));
    let failed = status.reports.iter().find(|report| report.status == "failed").unwrap();
    assert!(failed.code.as_str() == code && failed.reason.as_ref().unwrap().starts_with("failed: ReportEvents: "), "{failed:?}");
    let verified = esologs::pull::verify(folder.path()).await.unwrap();
    assert_eq!(
        verified.gaps.iter().map(|gap| (gap.kind.name(), gap.code.as_deref())).collect::<Vec<_>>(),
        [("not_fetched", Some(code))]
    );
}

#[tokio::test(start_paused = true)]
async fn a_folder_that_holds_no_pull_has_no_status_and_is_not_verified() {
    let folder = tempfile::tempdir().unwrap();
    let errors = [status(folder.path()).await.unwrap_err(), esologs::pull::verify(folder.path()).await.unwrap_err()];
    for error in errors {
        assert_eq!(error.kind(), esologs::ErrorKind::LocalFile);
        assert!(error.to_string().contains("is not the folder of a pull") && error.hint().is_some(), "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_verifies_an_export_is_told_what_looks_after_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("export.json"), "{}").unwrap();

    let error = esologs::pull::verify(folder.path()).await.unwrap_err();

    assert!(error.hint().unwrap().starts_with("this is an export: name the folder of the pull"), "{error:?}");
}
