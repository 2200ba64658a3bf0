//! What the manifest and the README say, at the end and on the way.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use esologs::pull::PullEvent;
use esologs_sim::Faults;
use esologs_sim::truth::Stream;
use serde_json::{Value, json};

use super::files::{assert_part_of, assert_tidy, entry, files, manifest, true_manifest, truth};
use super::wire::{GUILD, Wire, answer, archived, finished, little_world, live, private};

#[tokio::test(start_paused = true)]
async fn every_report_is_named_with_its_status_its_reason_and_its_folder() {
    let (world, folder) = (little_world(), tempfile::tempdir().unwrap());
    let wire = Wire::to(world, Faults::none());

    wire.pulled(&folder).await;

    let manifest = true_manifest(folder.path());
    let said = |code: &str| {
        let entry = entry(&manifest, code);
        (entry["status"].clone(), entry["reason"].clone(), entry["folder"].clone())
    };
    for code in finished(world) {
        assert_eq!(said(code), (json!("complete"), Value::Null, json!(format!("data/reports/{code}"))));
    }
    let (status, reason, place) = said(live(world));
    assert_eq!((status, place), (json!("live"), json!(format!("live/{}", live(world)))));
    assert!(reason.as_str().unwrap().starts_with("may still grow: it ended less than 24 hours ago"), "{reason}");
    assert_eq!(
        said(archived(world)),
        (json!("archived"), json!("archived: needs a user token with a subscription"), Value::Null)
    );
    let not_visible = json!("not visible to this key (private, deleted or mistyped)");
    assert_eq!(said(private(world)), (json!("not_visible"), not_visible, Value::Null));
    assert_eq!(manifest["reports"].as_array().unwrap().len(), 6);
    assert_eq!(manifest["all_that_can_be_had_is_here"], true, "what cannot be had is not missing");
}

#[tokio::test(start_paused = true)]
async fn the_manifest_names_guild_host_streams_and_title_and_the_readme_explains_the_folder() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());

    wire.pulled(&folder).await;

    let manifest = manifest(folder.path());
    let guild = little_world().guild(GUILD).unwrap();
    assert_eq!(manifest["target"], json!({"kind": "guild", "id": GUILD, "name": guild.name}));
    assert_eq!(manifest["host"], "www.esologs.com");
    assert_eq!(manifest["streams"], json!(["deaths", "damage", "healing"]));
    assert_eq!((&manifest["since_unix_ms"], &manifest["until_unix_ms"]), (&Value::Null, &Value::Null));
    let report = little_world().report(finished(little_world())[0]).unwrap();
    let entry = entry(&manifest, &report.code);
    assert_eq!(
        (entry["title"].as_str(), entry["start_unix_ms"].as_i64()),
        (Some(report.title.as_str()), Some(report.start_unix_ms))
    );
    let readme = fs::read_to_string(folder.path().join("README.txt")).unwrap();
    assert!(readme.contains(&guild.name) && readme.contains("Event streams: deaths, damage, healing"), "{readme}");
    let mut names: Vec<String> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, [".journal", ".lock", "README.txt", "data", "live", "manifest.json"]);
    assert_tidy(folder.path());
}

#[tokio::test(start_paused = true)]
async fn an_archived_report_is_not_asked_for_and_a_private_one_once() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());

    wire.pulled(&folder).await;

    let about = |code: &str| wire.asked().iter().filter(|asked| asked.code() == code).count();
    assert_eq!(about(archived(little_world())), 0);
    assert_eq!((about(private(little_world())), wire.count("Report", private(little_world()))), (1, 1));
}

/// Reads the manifest whenever the pull tells something.
async fn watched(wire: &Wire, folder: &Path) -> (usize, Vec<(String, bool)>) {
    let (seen, truth) = (Mutex::new((0, Vec::new())), truth(little_world(), &Stream::DEFAULT));
    wire.pull(folder)
        .run(|event| {
            let mut seen = seen.lock().unwrap();
            if folder.join("manifest.json").exists() {
                let manifest = true_manifest(folder);
                assert_part_of(&files(&folder.join("data")), &truth, "on the way");
                seen.0 += 1;
                if let PullEvent::ReportStarted { code, .. } = event {
                    seen.1.push((
                        entry(&manifest, code.as_str())["status"].to_string(),
                        manifest["all_that_can_be_had_is_here"] == true,
                    ));
                }
            }
        })
        .await
        .unwrap();
    seen.into_inner().unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_manifest_is_true_at_every_moment_of_a_pull() {
    let (wire, folder) = (Wire::to(little_world(), Faults::mixed(0.3, 7)), tempfile::tempdir().unwrap());

    let (looks, at_starts) = watched(&wire, folder.path()).await;

    assert!(looks >= 20, "the manifest was looked at {looks} times only");
    assert_eq!(at_starts, vec![("\"not_tried\"".to_owned(), false); 5]);
    assert_eq!(true_manifest(folder.path())["all_that_can_be_had_is_here"], true);
}

#[tokio::test(start_paused = true)]
async fn the_manifest_is_true_at_every_moment_of_a_second_pull() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pulled(&folder).await;

    let (looks, _) = watched(&wire, folder.path()).await;

    assert!(looks >= 6, "the manifest was looked at {looks} times only");
    let manifest = true_manifest(folder.path());
    for code in finished(little_world()) {
        assert_eq!(entry(&manifest, code)["status"], "complete");
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_pull_that_is_stopped_does_not_deny_what_lies_under_live() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pulled(&folder).await;
    let stuck = wire.mended().instead(|asked| (asked.operation == "Report").then(|| super::wire::page(503)));

    let summary = stuck.pull(&folder).refresh_live().run(|_| {}).await.unwrap();

    assert!(summary.ended_early.is_some());
    let (manifest, code) = (manifest(folder.path()), live(little_world()));
    assert!(folder.path().join("live").join(code).join("report.json").is_file());
    // The folder is null "where nothing of it is here".
    assert_eq!(entry(&manifest, code)["folder"], format!("live/{code}"), "{:#}", entry(&manifest, code));
}

#[tokio::test(start_paused = true)]
async fn a_pull_for_one_more_stream_that_is_stopped_does_not_forget_what_is_here() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pulled(&folder).await;
    let before = true_manifest(folder.path());
    let stuck = wire.mended().instead(|asked| (asked.operation == "Report").then(|| super::wire::page(503)));
    let more = [esologs::pull::EventStream::Deaths, esologs::pull::EventStream::Casts];
    assert!(stuck.pull(&folder).streams(more).run(|_| {}).await.unwrap().ended_early.is_some());

    wire.pulled(&folder).await;

    let after = true_manifest(folder.path());
    for code in finished(little_world()) {
        assert_eq!(entry(&after, code), entry(&before, code));
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_that_closes_while_it_is_fetched_is_named_and_counts_nothing() {
    let world = little_world();
    let (gone, shut) = (finished(world)[0].to_owned(), finished(world)[1].to_owned());
    let refusal = |message| answer(&json!({"errors": [{"message": message}], "data": null}).to_string());
    let wire = {
        let (gone, shut) = (gone.clone(), shut.clone());
        Wire::to(world, Faults::none()).instead(move |asked| {
            let healing = asked.operation == "ReportEvents" && asked.variables["dataType"] == "Healing";
            match asked.code() {
                code if healing && code == gone => Some(refusal("This report does not exist.")),
                code if healing && code == shut => Some(refusal("This report has been archived.")),
                _ => None,
            }
        })
    };
    let folder = tempfile::tempdir().unwrap();

    let summary = wire.pulled(&folder).await;

    let manifest = true_manifest(folder.path());
    assert_eq!(entry(&manifest, &gone)["status"], "not_visible");
    assert_eq!(entry(&manifest, &shut)["status"], "archived");
    assert_eq!((summary.complete(), summary.missing()), (1, 0));
    assert_tidy(folder.path());
    assert!(!folder.path().join("data/reports").join(&gone).exists());
    for code in [&gone, &shut] {
        let entry = entry(&manifest, code);
        assert_eq!((&entry["fights"], &entry["events"]), (&json!(0), &json!({})), "nothing of it is here: {entry}");
    }
}
