//! The list of reports, and the codes in it.

use std::fs;

use serde_json::Value;

use super::fake::{FakeGuild, asked, pulled};
use super::files::{entry, files, reports_in, true_manifest};
use crate::support::{To, status};

const A: &str = "aaaaaaaaaaaaaaaa";
const B: &str = "bbbbbbbbbbbbbbbb";
const C: &str = "cccccccccccccccc";

/// The requests for reports, in order.
fn reports_asked(script: &crate::support::Script) -> Vec<String> {
    let mut reports: Vec<String> =
        asked(script).into_iter().filter_map(|label| label.strip_prefix("Report ").map(str::to_owned)).collect();
    reports.sort();
    reports
}

#[tokio::test(start_paused = true)]
async fn a_report_that_comes_twice_because_the_pages_shifted_is_pulled_once() {
    let (script, folder) = (FakeGuild::new().page(&[A, B]).page(&[B, C]).serve(), tempfile::tempdir().unwrap());

    let summary = pulled(&script, folder.path()).await;

    assert_eq!(summary.reports.iter().map(|report| report.code.as_str()).collect::<Vec<_>>(), [A, B, C]);
    assert_eq!(reports_asked(&script), [A, B, C]);
    assert_eq!(true_manifest(folder.path())["reports"].as_array().unwrap().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn null_entries_of_the_list_are_passed_over() {
    let guild = FakeGuild::new().page(&[A]).entry(Value::Null).page(&[B]).entry(Value::Null);
    let (script, folder) = (guild.serve(), tempfile::tempdir().unwrap());

    let summary = pulled(&script, folder.path()).await;

    assert_eq!((summary.complete(), summary.reports.len()), (2, 2));
    assert_eq!(reports_asked(&script), [A, B]);
}

#[tokio::test(start_paused = true)]
async fn a_page_of_the_list_that_had_to_be_asked_for_twice_doubles_nothing() {
    let (good, bad) = (FakeGuild::new().page(&[A, B]).page(&[C]).serve(), status(502).html());
    // The first answer of the list is lost each time.
    let script = good.clone().api(super::super::support::json(serde_json::json!(
        {"data": {"guildData": {"guild": {"id": 3468, "name": "Lanterns"}}}}
    )));
    let (script, folder) = (script.api(bad.clone()), tempfile::tempdir().unwrap());

    let summary = pulled(&script, folder.path()).await;

    assert_eq!((summary.complete(), summary.reports.len()), (3, 3));
    let lists: Vec<Value> = script.seen_by(To::Api)[1..4].iter().map(|seen| seen.variable("page")).collect();
    assert_eq!(lists, [1, 1, 2]);
    assert_eq!(reports_asked(&script), [A, B, C]);
}

#[tokio::test(start_paused = true)]
async fn the_list_is_asked_for_in_pages_of_a_hundred_with_the_bounds_on_every_page() {
    let (script, folder) = (FakeGuild::new().page(&[A]).page(&[B]).serve(), tempfile::tempdir().unwrap());
    let (since, until) = (esologs::UnixMillis::new(1_700_000_000_000), esologs::UnixMillis::new(1_780_000_000_000));

    super::fake::pull(&script, folder.path()).since(since).until(until).run(|_| {}).await.unwrap();

    let seen = script.seen_by(To::Api);
    let lists: Vec<_> =
        seen.iter().filter(|seen| seen.json()["query"].as_str().unwrap().starts_with("query GuildReports")).collect();
    assert_eq!(lists.len(), 2);
    for list in lists {
        assert_eq!((list.variable("limit"), list.variable("guildID")), (100.into(), 3468.into()));
        assert_eq!(list.variable("startTime").as_i64(), Some(since.get()));
        assert!(list.variable("endTime").as_i64().is_some_and(|end| (until.get() - 1..=until.get()).contains(&end)));
    }
}

#[tokio::test(start_paused = true)]
async fn an_anonymous_report_lies_in_a_folder_without_a_colon_and_keeps_its_code() {
    let code = "a:XyXyXyXyXyXyXyXy";
    let (script, folder) = (FakeGuild::new().page(&[code]).serve(), tempfile::tempdir().unwrap());

    pulled(&script, folder.path()).await;
    pulled(&script, folder.path()).await;

    let manifest = true_manifest(folder.path());
    assert_eq!(entry(&manifest, code)["folder"], "data/reports/a_XyXyXyXyXyXyXyXy");
    assert_eq!(reports_asked(&script), [code], "the second pull knows it by its folder");
    let report: Value =
        serde_json::from_slice(&fs::read(folder.path().join("data/reports/a_XyXyXyXyXyXyXyXy/report.json")).unwrap()).unwrap();
    assert_eq!(report["code"], code);
}

#[tokio::test(start_paused = true)]
async fn a_hostile_code_cannot_leave_the_folder() {
    for code in ["../../x", "/etc/x", "..", ".", "x/../../../y", "..\\\\..\\\\x", "data"] {
        let desk = tempfile::tempdir().unwrap();
        let root = desk.path().join("deep/er/logs");
        let script = FakeGuild::new().page(&[A, code]).serve();

        // JSON writes a backslash as two; the code has one.
        let summary = pulled(&script, &root).await;

        assert_eq!(summary.reports.len(), 2, "{code}");
        let outside: Vec<_> = files(desk.path()).into_keys().filter(|path| !path.starts_with("deep/er/logs")).collect();
        assert!(outside.is_empty(), "{code}: {outside:?}");
        assert!(root.join("data/reports").join(A).join("report.json").is_file(), "{code}");
        let found = files(&root.join("data"));
        let strange = reports_in(&found).into_iter().filter(|name| !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
        assert_eq!(strange.count(), 0, "{code}: {:?}", reports_in(&found));
    }
}

#[tokio::test(start_paused = true)]
async fn an_empty_code_in_the_list_does_not_harm_the_other_reports() {
    let (script, folder) = (FakeGuild::new().page(&[A, "", B]).serve(), tempfile::tempdir().unwrap());

    let _ = super::fake::pull(&script, folder.path()).concurrency(1).run(|_| {}).await;

    assert!(folder.path().join("data/reports").join(A).join("report.json").is_file(), "{A} is gone");
    assert!(folder.path().join("data/reports").join(B).join("report.json").is_file(), "{B} is not here");
}

#[tokio::test(start_paused = true)]
async fn a_code_longer_than_a_file_name_does_not_end_the_pull() {
    let long = "x".repeat(300);
    let (script, folder) = (FakeGuild::new().page(&[A, &long, B]).serve(), tempfile::tempdir().unwrap());

    let summary = super::fake::pull(&script, folder.path()).concurrency(1).run(|_| {}).await.unwrap();

    assert_eq!(summary.complete(), 2, "{summary:?}");
    assert!(folder.path().join("data/reports").join(B).join("report.json").is_file(), "{B} is not here");
}

#[tokio::test(start_paused = true)]
async fn two_codes_never_share_a_folder() {
    let (first, second) = ("a:XyXyXyXyXyXyXyXy", "a_XyXyXyXyXyXyXyXy");
    let (script, folder) = (FakeGuild::new().page(&[first, second]).serve(), tempfile::tempdir().unwrap());

    let _ = super::fake::pull(&script, folder.path()).concurrency(1).run(|_| {}).await;

    let manifest = super::files::manifest(folder.path());
    let (first, second) = (&entry(&manifest, first)["folder"], &entry(&manifest, second)["folder"]);
    assert!(first != second || first.is_null(), "both are said to be in {first}");
}

#[tokio::test(start_paused = true)]
async fn an_entry_of_the_list_without_a_code_is_told_as_a_broken_answer() {
    let guild = FakeGuild::new().page(&[A]).entry(serde_json::json!({"title": "no code"}));
    let (script, folder) = (guild.serve(), tempfile::tempdir().unwrap());

    let error = super::fake::pull(&script, folder.path()).run(|_| {}).await.unwrap_err();

    assert_eq!(error.kind(), esologs::ErrorKind::BadAnswer, "{error:?}");
    assert!(error.to_string().contains("code"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_report_at_the_until_on_an_earlier_page_is_not_counted_as_one_that_the_service_hides() {
    let until = esologs::UnixMillis::new(1_780_000_000_000);
    let beyond = serde_json::json!({"code": C, "title": "Later", "startTime": until, "endTime": until.get() + 1});
    let (script, folder) = (FakeGuild::new().page(&[]).entry(beyond).page(&[A, B]).serve(), tempfile::tempdir().unwrap());

    let summary = super::fake::pull(&script, folder.path()).until(until).run(|_| {}).await.unwrap();

    assert_eq!(reports_asked(&script), [A, B]);
    assert_eq!((summary.reports.len(), summary.list_total), (2, Some(2)));
}
