//! Pulls that cannot begin: key, guild, host, folder.

use std::fs;
use std::path::Path;
use std::time::Duration;

use esologs::pull::Pull;
use esologs::transport::TransportErrorKind;
use esologs::{CallPolicy, ErrorKind};
use esologs_sim::Faults;
use esologs_sim::truth::Stream;
use tokio::time::Instant;

use super::fake;
use super::files::{assert_same, files, truth};
use super::wire::{GUILD, Wire, answer, little_world, page};
use crate::support::{Rig, Script, broken};

/// Nothing in it says that there are reports here.
#[track_caller]
fn assert_looks_empty(root: &Path) {
    let found: Vec<_> = files(root).into_keys().filter(|path| path != Path::new(".lock")).collect();
    assert!(found.is_empty(), "{found:?}");
}

/// A pull into the same folder works, and brings all of it.
async fn assert_can_be_filled(root: &Path) {
    let summary = Wire::to(little_world(), Faults::none()).pulled(root).await;
    assert_eq!((summary.complete(), summary.missing()), (3, 0));
    assert_same(&files(&root.join("data")), &truth(little_world(), &Stream::DEFAULT), "after a false start");
}

#[tokio::test(start_paused = true)]
async fn a_wrong_secret_ends_it_at_once_and_leaves_the_folder_fit_for_the_right_one() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());

    let error = Pull::guild(wire.client_with_secret("mistyped"), GUILD, folder.path()).run(|_| {}).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Auth, "{error:?}");
    assert!(error.hint().is_some());
    assert_eq!((wire.asked().len(), wire.sim.stats().requests), (0, 1), "one request for a token, none after");
    assert_looks_empty(folder.path());
    assert_can_be_filled(folder.path()).await;
}

#[tokio::test(start_paused = true)]
async fn an_unknown_guild_is_told_and_leaves_the_folder_fit_for_another() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());

    let error = Pull::guild(wire.client(), 999_999, folder.path()).run(|_| {}).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::NotVisible, "{error:?}");
    assert!(error.to_string().contains("999999"), "{error}");
    assert_eq!(wire.asked().len(), 1);
    assert_looks_empty(folder.path());
    assert_can_be_filled(folder.path()).await;
}

#[tokio::test(start_paused = true)]
async fn a_host_that_cannot_be_reached_is_told_within_25_seconds() {
    for kind in [TransportErrorKind::Dns, TransportErrorKind::Connect] {
        let (script, folder) = (Script::new().token_always(broken(kind)), tempfile::tempdir().unwrap());
        let started = Instant::now();

        let client = Rig::new(script.clone(), CallPolicy::batch()).client;
        let error = Pull::guild(client, GUILD, folder.path()).run(|_| {}).await.unwrap_err();

        assert_eq!(error.kind(), ErrorKind::Unreachable, "{error:?}");
        assert!(started.elapsed() <= Duration::from_secs(25), "{:?}", started.elapsed());
        assert_eq!(script.api_requests(), 0);
        assert_looks_empty(folder.path());
        assert_can_be_filled(folder.path()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_false_start_leaves_nothing_but_its_lock() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());

    Pull::guild(wire.client(), 999_999, folder.path()).run(|_| {}).await.unwrap_err();

    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, [".lock"]);
}

#[tokio::test(start_paused = true)]
async fn a_guild_whose_list_cannot_be_had_leaves_no_folder_that_looks_like_a_pull() {
    let hidden = r#"{"data":{"reportData":{"reports":null}}}"#;
    let folder = tempfile::tempdir().unwrap();
    let wire = Wire::to(little_world(), Faults::none())
        .instead(move |asked| (asked.operation == "GuildReports").then(|| answer(hidden)));

    let error = wire.pull(&folder).run(|_| {}).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::NotVisible, "{error:?}");
    // A README that points to a manifest which is not there, and a guild without reports, look like a pull.
    assert_looks_empty(folder.path());
    assert_can_be_filled(folder.path()).await;
}

#[tokio::test(start_paused = true)]
async fn a_list_that_fails_for_good_is_an_error_and_an_earlier_pull_stays_as_it_was() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    wire.pulled(&folder).await;
    let (before, whole) = (fs::read(folder.path().join("manifest.json")).unwrap(), files(&folder.path().join("data")));

    let down = wire.mended().instead(|asked| (asked.operation == "GuildReports").then(|| page(503)));
    let error = down.pull(&folder).run(|_| {}).await.unwrap_err();

    assert!(error.is_outage(), "{error:?}");
    assert_eq!(fs::read(folder.path().join("manifest.json")).unwrap(), before);
    assert_same(&files(&folder.path().join("data")), &whole, "after a list that failed");
}

#[tokio::test(start_paused = true)]
async fn a_folder_of_something_else_is_refused_before_anything_is_asked() {
    let other_guild = r#"{"format":"esologs-pull/1","host":"www.esologs.com","guild":{"id":12},"reports":[]}"#;
    let other_host = r#"{"format":"esologs-pull/1","host":"other.test","guild":{"id":3468},"reports":[]}"#;
    let newer = r#"{"format":"esologs-pull/4","host":"www.esologs.com","guild":{"id":3468},"reports":[]}"#;
    for (name, text, said) in [
        ("thesis.txt", "mine", "holds something else than a pull"),
        ("manifest.json", other_guild, "is of guild 12, not of guild 3468"),
        ("manifest.json", other_host, "is of the host other.test, not of www.esologs.com"),
        ("manifest.json", newer, "is of the format 'esologs-pull/4'"),
        ("manifest.json", "{\"format\"", "is not one of a pull, or is damaged"),
    ] {
        let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
        fs::write(folder.path().join(name), text).unwrap();

        let error = wire.pull(&folder).run(|_| {}).await.unwrap_err();

        assert_eq!(error.kind(), ErrorKind::LocalFile, "{text}");
        assert!(error.to_string().contains(said) && error.hint().is_some(), "{error:?}");
        assert_eq!(wire.sim.stats().requests, 0, "{text}: nothing is bought that cannot be kept");
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), text, "it is left alone");
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_pull_at_the_same_time_is_told_so_and_does_not_disturb_the_first() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()).slow(Duration::from_secs(1)), tempfile::tempdir().unwrap());
    let late = wire.mended();

    let (first, second) = tokio::join!(wire.pulled(&folder), async {
        tokio::time::sleep(Duration::from_secs(6)).await;
        late.pull(&folder).run(|_| {}).await
    });

    let error = second.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LocalFile);
    assert!(error.to_string().contains("another pull is working in the folder") && error.hint().is_some(), "{error:?}");
    assert_eq!(late.asked().len(), 0);
    assert_eq!((first.complete(), first.missing()), (3, 0));
    assert_same(&files(&folder.path().join("data")), &truth(little_world(), &Stream::DEFAULT), "the first pull");
}

#[tokio::test(start_paused = true)]
async fn a_guild_without_reports_is_a_whole_pull_of_nothing() {
    let (script, folder) = (fake::FakeGuild::new().serve(), tempfile::tempdir().unwrap());

    let summary = fake::pulled(&script, folder.path()).await;

    assert_eq!((summary.reports.len(), summary.missing(), summary.event_count()), (0, 0, 0));
    assert!(summary.ended_early.is_none());
    assert_eq!(fake::asked(&script), ["Guild", "GuildReports"]);
    let manifest = super::files::true_manifest(folder.path());
    assert_eq!((manifest["reports"].as_array().unwrap().len(), &manifest["all_that_can_be_had_is_here"]), (0, &true.into()));
    assert!(folder.path().join("data/guild.json").is_file() && folder.path().join("README.txt").is_file());
}
