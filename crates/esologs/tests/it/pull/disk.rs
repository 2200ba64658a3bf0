//! The local disk is in the way.

use std::fs;
use std::path::Path;

use esologs::pull::{Outcome, PullEvent};
use esologs::{Error, ErrorKind};
use esologs_sim::Faults;
use esologs_sim::truth::Stream;

use super::files::{assert_part_of, assert_same, files, true_manifest, truth};
use super::wire::{Wire, little_world};

#[track_caller]
fn assert_local(error: &Error, named: &Path) {
    assert_eq!(error.kind(), ErrorKind::LocalFile, "{error:?}");
    assert!(error.hint().is_some_and(|hint| !hint.is_empty()), "no hint: {error:?}");
    assert!(error.to_string().contains(named.to_str().unwrap()), "{} is not named: {error}", named.display());
    assert!(std::error::Error::source(error).is_some(), "no cause: {error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_folder_that_cannot_be_made_is_told_before_anything_is_asked() {
    let desk = tempfile::tempdir().unwrap();
    let file = desk.path().join("notes");
    fs::write(&file, "mine").unwrap();
    for folder in [file.clone(), file.join("logs"), file.join("a/b/logs")] {
        let wire = Wire::to(little_world(), Faults::none());

        let error = wire.pull(&folder).run(|_| {}).await.unwrap_err();

        assert_local(&error, &folder);
        assert!(error.hint().unwrap().contains("a file is in the way"), "{error:?}");
        assert_eq!(wire.sim.stats().requests, 0);
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    }
}

/// What stands where something of the pull belongs, and how it got there.
type InTheWay = (&'static str, fn(&Path));

const IN_THE_WAY: [InTheWay; 6] = [
    ("manifest.json", |path| fs::create_dir(path).unwrap()),
    ("data/reports", |path| fs::write(path, "x").unwrap()),
    ("data", |path| fs::write(path, "x").unwrap()),
    (".unfinished", |path| fs::write(path, "x").unwrap()),
    ("README.txt", |path| fs::create_dir(path).unwrap()),
    ("data/guild.json", |path| fs::create_dir(path).unwrap()),
];

#[tokio::test(start_paused = true)]
async fn something_in_the_way_at_the_start_is_told_with_its_path_and_the_pull_works_once_it_is_gone() {
    for (name, put) in IN_THE_WAY {
        let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
        let path = folder.path().join(name);
        if name != "manifest.json" {
            let ours = r#"{"format":"esologs-pull/1","host":"www.esologs.com","guild":{"id":3468},"reports":[]}"#;
            fs::write(folder.path().join("manifest.json"), ours).unwrap();
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        put(&path);

        let error = wire.pull(&folder).run(|_| {}).await.unwrap_err();

        assert_local(&error, folder.path());
        let bought = wire.asked().into_iter().filter(|asked| asked.operation.starts_with("Report")).count();
        assert_eq!(bought, 0, "{name}: reports were bought that cannot be kept");
        let _ = fs::remove_dir(&path);
        let _ = fs::remove_file(&path);
        assert_eq!(wire.pulled(&folder).await.missing(), 0, "{name}");
        assert_same(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), name);
    }
}

/// Pulls, and breaks something after the first report is done.
async fn broken_after_the_first(
    wire: &Wire,
    root: &Path,
    break_it: impl Fn() + Send + Sync,
) -> Result<esologs::pull::Summary, Error> {
    let once = std::sync::Once::new();
    let is_first = |event: &PullEvent<'_>| matches!(event, PullEvent::ReportDone { result, .. } if matches!(result.outcome, Outcome::Complete));
    wire.pull(root)
        .concurrency(1)
        .run(|event| {
            if is_first(event) {
                once.call_once(&break_it);
            }
        })
        .await
}

#[tokio::test(start_paused = true)]
async fn a_manifest_that_cannot_be_written_any_more_ends_the_pull_and_the_summary_says_so() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let path = folder.path().join("manifest.json");

    let ended = broken_after_the_first(&wire, folder.path(), || {
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
    })
    .await;

    // `Pull::run`: "Where … the disk fails, the pull ends early, and the summary says so in `ended_early`."
    let summary = ended.unwrap_or_else(|error| panic!("an error instead of a summary: {error:?}"));
    assert_local(summary.ended_early.as_ref().unwrap(), &path);
    assert_eq!(summary.complete(), 1, "what was finished counts: {summary:?}");
    assert!(summary.missing() >= 2, "{summary:?}");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_lost_where_the_manifest_could_not_be_written_and_the_next_pull_counts_right() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let path = folder.path().join("manifest.json");
    let _ = broken_after_the_first(&wire, folder.path(), || {
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
    })
    .await;
    assert_eq!(assert_part_of(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "broken off"), 1);
    fs::remove_dir(&path).unwrap();

    let summary = wire.mended().pulled(&folder).await;

    assert_eq!((summary.complete(), summary.missing()), (3, 0));
    assert_same(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "completed");
    true_manifest(folder.path());
}

#[tokio::test(start_paused = true)]
async fn a_report_that_cannot_be_put_in_its_place_ends_the_pull_and_the_summary_says_so() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let reports = folder.path().join("data/reports");
    let aside = folder.path().join("aside");

    let summary = broken_after_the_first(&wire, folder.path(), || {
        fs::rename(&reports, &aside).unwrap();
        fs::write(&reports, "x").unwrap();
    })
    .await
    .unwrap();

    assert_local(summary.ended_early.as_ref().unwrap(), &reports);
    assert_eq!(summary.complete(), 1);
    assert!(summary.missing() >= 1, "{summary:?}");
    assert_eq!(super::files::manifest(folder.path())["all_that_can_be_had_is_here"], false);

    fs::remove_file(&reports).unwrap();
    fs::rename(&aside, &reports).unwrap();
    assert_eq!(wire.mended().pulled(&folder).await.missing(), 0);
    assert_same(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "completed");
}

#[tokio::test(start_paused = true)]
async fn a_page_that_cannot_be_written_ends_the_pull_and_leaves_no_half_report() {
    // The folder of unfinished things vanishes under the pull: the next file cannot be made.
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let unfinished = folder.path().join(".unfinished");

    let ended = wire
        .pull(&folder)
        .concurrency(1)
        .run(|event| {
            if matches!(event, PullEvent::PageWritten { .. }) {
                let _ = fs::remove_dir_all(&unfinished);
            }
        })
        .await;

    match &ended {
        Ok(summary) => assert_local(summary.ended_early.as_ref().unwrap(), folder.path()),
        Err(error) => assert_local(error, folder.path()),
    }
    assert_part_of(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "broken off");
    assert_eq!(wire.mended().pulled(&folder).await.missing(), 0);
    assert_same(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "completed");
}
