//! The cache of a client, and of several that share a folder.

use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::*;
use crate::client::AuthScope;
use crate::query::documents;

const NOW: UnixMillis = UnixMillis::new(1_790_000_000_000);
const HOUR: Duration = Duration::from_secs(3600);
const CODE: &str = "aaaaaaaaaaaaaa01";

fn answers_of(settings: &Cache, scope: &AuthScope) -> Arc<Answers> {
    Arc::new(Answers::new(settings, Realm::new("https://logs.test/api/v2/user", scope)))
}

fn in_folder(folder: &TempDir) -> Arc<Answers> {
    answers_of(&Cache::in_folder(folder.path()), &AuthScope::Key("wayrest".into()))
}

fn fights() -> Operation {
    Operation::new("ReportFights", &documents::REPORT_FIGHTS).with("code", CODE)
}

/// The answer about a report that ended so long ago.
fn report(ended: Duration, revision: i64, title: &str) -> Value {
    let end = NOW.get() - ended.as_millis() as i64;
    json!({"data": {"reportData": {"report": {"code": CODE, "endTime": end, "revision": revision, "title": title}}}})
}

/// A list that names the same report.
fn list(ended: Duration, revision: i64) -> Value {
    let end = NOW.get() - ended.as_millis() as i64;
    json!({"data": {"reportData": {"reports": {"data": [{"code": CODE, "endTime": end, "revision": revision}]}}}})
}

async fn keep(answers: &Arc<Answers>, operation: &Operation, body: &Value, now: UnixMillis) {
    answers.keep(&answers.question(operation).unwrap(), body.to_string().into(), now).await;
}

/// What is shown: the answer as it is kept and whether it is fresh.
async fn find(answers: &Arc<Answers>, operation: &Operation, now: UnixMillis) -> Option<(Value, bool)> {
    let (entry, standing) = answers.find(&answers.question(operation).unwrap(), now).await?;
    Some((serde_json::from_slice(&entry.body).unwrap(), standing == Standing::Fresh))
}

#[tokio::test]
async fn two_users_and_the_key_itself_never_share_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let scopes = [AuthScope::User("nadia".into()), AuthScope::User("omar".into()), AuthScope::Key("nadia".into())];
    let settings = Cache::in_folder(folder.path());
    let of_nadia = report(30 * HOUR, 1, "only Nadia may see this");

    keep(&answers_of(&settings, &scopes[0]), &fights(), &of_nadia, NOW).await;

    assert_eq!(find(&answers_of(&settings, &scopes[0]), &fights(), NOW).await, Some((of_nadia, true)));
    for other in &scopes[1..] {
        assert_eq!(find(&answers_of(&settings, other), &fights(), NOW).await, None, "{other:?}");
    }
}

#[tokio::test]
async fn a_higher_revision_that_another_process_saw_in_a_list_makes_an_older_answer_a_miss() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (in_folder(&folder), in_folder(&folder));
    let old = report(30 * HOUR, 1, "old");
    keep(&one, &fights(), &old, NOW).await;
    assert_eq!(find(&one, &fights(), NOW).await, Some((old, true)));

    let reports = Operation::new("Reports", &documents::REPORTS).with("limit", 100).with("page", 1);
    keep(&other, &reports, &list(30 * HOUR, 2), NOW.plus(HOUR)).await;

    assert_eq!(find(&one, &fights(), NOW.plus(HOUR)).await, None, "known within seconds");
    assert_eq!(find(&in_folder(&folder), &fights(), NOW.plus(HOUR)).await, None, "and after a new start");
}

#[tokio::test]
async fn two_looks_make_every_answer_of_a_report_good_for_long_across_runs() {
    let folder = tempfile::tempdir().unwrap();
    let phases = Operation::new("ReportPhases", &documents::REPORT_PHASES).with("code", CODE);
    keep(&in_folder(&folder), &fights(), &report(30 * HOUR, 1, "fights"), NOW).await;
    keep(&in_folder(&folder), &phases, &report(30 * HOUR, 1, "phases"), NOW).await;
    let later = NOW.plus(40 * HOUR);
    assert!(find(&in_folder(&folder), &fights(), later).await.is_some_and(|(_, is_fresh)| !is_fresh), "after one look a day");

    keep(&in_folder(&folder), &phases, &report(30 * HOUR, 1, "phases"), later).await;

    for age in [later, later.plus(29 * 24 * HOUR)] {
        assert!(find(&in_folder(&folder), &fights(), age).await.is_some_and(|(_, is_fresh)| is_fresh));
    }
}

#[tokio::test]
async fn a_report_that_is_not_shown_any_more_is_forgotten_with_all_that_is_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let phases = Operation::new("ReportPhases", &documents::REPORT_PHASES).with("code", CODE);
    let answers = in_folder(&folder);
    keep(&answers, &fights(), &report(30 * HOUR, 1, "fights"), NOW).await;
    keep(&answers, &phases, &report(30 * HOUR, 1, "phases"), NOW).await;

    answers.forget(&answers.question(&phases).unwrap(), NOW.plus(HOUR)).await;

    for operation in [fights(), phases] {
        assert_eq!(find(&answers, &operation, NOW.plus(HOUR)).await, None);
        assert_eq!(find(&in_folder(&folder), &operation, NOW.plus(HOUR)).await, None);
    }
}

#[tokio::test]
async fn a_later_page_of_a_list_is_not_shown_beside_a_newer_first_page() {
    let answers = answers_of(&Cache::in_memory(), &AuthScope::Key("wayrest".into()));
    let page = |number: i64| Operation::new("Guilds", &documents::GUILDS).with("limit", 2).with("page", number);
    let body = |number: i64| json!({"data": {"guildData": {"guilds": {"data": [], "current_page": number}}}});
    keep(&answers, &page(1), &body(1), NOW).await;
    keep(&answers, &page(2), &body(2), NOW.plus(Duration::from_secs(1))).await;
    let now = NOW.plus(Duration::from_secs(200));
    assert!(find(&answers, &page(2), now).await.is_some());

    keep(&answers, &page(1), &body(1), now).await;

    assert!(find(&answers, &page(1), now).await.is_some());
    assert_eq!(find(&answers, &page(2), now).await, None, "what moved over the edge would be on neither");
}

#[tokio::test]
async fn a_callers_query_about_one_report_alone_is_as_good_as_the_report_and_any_other_is_short() {
    let answers = answers_of(&Cache::in_memory(), &AuthScope::Key("wayrest".into()));
    let query = |text: &str| Operation::raw(None, text.to_owned(), Map::new());
    let about_one = query("{ reportData { report(code: \"a\") { code endTime revision title } } }");
    let ranked = query("{ reportData { report(code: \"a\") { code endTime revision rankings } } }");
    let in_an_hour = NOW.plus(HOUR * 2);
    for operation in [&about_one, &ranked] {
        keep(&answers, operation, &report(30 * HOUR, 1, "x"), NOW).await;
    }

    assert!(find(&answers, &about_one, in_an_hour).await.is_some_and(|(_, is_fresh)| is_fresh));
    assert!(find(&answers, &ranked, in_an_hour).await.is_some_and(|(_, is_fresh)| !is_fresh));
}

#[tokio::test]
async fn trouble_is_told_once_and_answers_are_kept_in_memory_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let answers = answers_of(&Cache::in_folder(file.join("cache")), &AuthScope::Key("wayrest".into()));

    for revision in 1..10 {
        keep(&answers, &fights(), &report(30 * HOUR, revision, "x"), NOW).await;
    }

    let news = answers.news();
    assert!(news.len() == 1 && news[0].contains("cannot be made: "), "{news:?}");
    assert!(find(&answers, &fights(), NOW).await.is_some());
    assert!(answers.news().is_empty());
}

#[test]
fn what_is_known_of_reports_has_a_bound_and_the_longest_unseen_go() {
    let mut reports = Reports::default();
    let look = Look { end: NOW, revision: 1 };
    for number in 0..=MOST_REPORTS {
        let seen_at = NOW.plus(Duration::from_secs(number as u64));
        reports.put(number.to_string(), Facts::new(look, true, seen_at));
    }
    assert!(reports.known.len() <= MOST_REPORTS / 2 + 1, "{}", reports.known.len());
    assert!(reports.known.contains_key(&MOST_REPORTS.to_string()) && !reports.known.contains_key("0"));
}
