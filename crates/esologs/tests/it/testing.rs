//! `esologs::testing`: tests are repeated on the service's trouble and on nothing else.

use std::cell::Cell;
use std::error::Error as StdError;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use esologs::testing::{Flaky, TestRetry, retry};
use esologs::{CallPolicy, Clock, Error, ErrorKind};
use tokio::time::Instant;

use crate::support::alone::{run_alone, stderr};
use crate::support::{BASE, Reply, Rig, Script, graphql_error, rate_limit, status};

const SECOND: Duration = Duration::from_secs(1);

/// A service that fails so many times, then answers.
fn failing(times: usize, reply: Reply) -> (Script, Rig) {
    let script = Script::new().api_times(times, reply).api_always(rate_limit());
    (script.clone(), Rig::new(script, CallPolicy::plain()))
}

/// Settings that keep what is reported.
fn kept(settings: TestRetry) -> (TestRetry, Arc<Mutex<Vec<Flaky>>>) {
    let flaky = Arc::<Mutex<Vec<Flaky>>>::default();
    let log = Arc::clone(&flaky);
    (settings.on_flaky(move |one| log.lock().unwrap().push(one.clone())), flaky)
}

#[tokio::test(start_paused = true)]
async fn a_test_that_passes_on_a_later_attempt_passes_and_is_reported_as_flaky() {
    let (script, rig) = failing(2, status(503));
    let (settings, flaky) = kept(TestRetry::new());

    let passed: Result<f64, Error> = retry(settings, || async { Ok(rig.call().await?.points_left().get()) }).await;

    assert_eq!(passed.unwrap(), 3590.0);
    assert_eq!(script.api_pauses(), [SECOND, 2 * SECOND]);
    let flaky = flaky.lock().unwrap();
    let [flaky] = flaky.as_slice() else { panic!("one report, not {flaky:?}") };
    assert_eq!((flaky.attempts, flaky.most, flaky.errors.len()), (3, 3, 2));
    assert!(flaky.test.as_deref().is_none_or(|name| name.ends_with("reported_as_flaky")), "{flaky:?}");
    assert!(flaky.at.contains("testing.rs:"), "{flaky:?}");
    assert!(flaky.to_string().starts_with("FLAKY 3/3 ") && flaky.to_string().contains("503"), "{flaky}");
}

#[tokio::test(start_paused = true)]
async fn a_test_that_passes_at_once_is_no_flaky_one() {
    let (_, rig) = failing(0, status(503));
    let (settings, flaky) = kept(TestRetry::new());

    retry(settings, || rig.call()).await.unwrap();

    assert!(flaky.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_assertion_that_fails_is_never_repeated() {
    let (script, rig) = failing(0, status(503));
    let rig = Arc::new(rig);

    let broken = tokio::spawn(retry(TestRetry::new().attempts(5), move || {
        let rig = Arc::clone(&rig);
        async move {
            let left = rig.call().await?.points_left();
            assert_eq!(left.get(), 1.0, "the answer is not what the test wants");
            Ok::<_, Error>(())
        }
    }));

    let panic = broken.await.unwrap_err().into_panic();
    assert!(panic.downcast_ref::<String>().is_some_and(|words| words.contains("not what the test wants")));
    assert_eq!(script.api_requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_error_that_does_not_pass_and_one_of_somebody_else_end_the_test_at_once() {
    let (script, rig) = failing(9, graphql_error("This report does not exist."));
    let error = retry(TestRetry::new(), || rig.call()).await.unwrap_err();
    assert_eq!((error.kind(), script.api_requests()), (ErrorKind::NotVisible, 1));

    let asked = Cell::new(0);
    let words = retry(TestRetry::new(), || async {
        asked.set(asked.get() + 1);
        Err::<(), Box<dyn StdError>>("the roster is empty".into())
    });
    assert_eq!((words.await.unwrap_err().to_string().as_str(), asked.get()), ("the roster is empty", 1));
}

#[tokio::test(start_paused = true)]
async fn trouble_is_seen_through_boxes_and_other_errors() {
    let (script, rig) = failing(1, status(503));
    let (settings, flaky) = kept(TestRetry::new());
    let boxed = retry(settings, || async {
        rig.call().await?;
        Ok::<_, Box<dyn StdError + Send + Sync>>(())
    });
    boxed.await.unwrap();
    assert_eq!((script.api_requests(), flaky.lock().unwrap().len()), (2, 1));

    let (script, rig) = failing(1, status(503));
    let (settings, flaky) = kept(TestRetry::new());
    retry(settings, || async { rig.call().await.map_err(std::io::Error::other) }).await.unwrap();
    assert_eq!((script.api_requests(), flaky.lock().unwrap().len()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn each_test_has_its_own_settings() {
    let (script, rig) = failing(4, status(503));
    let (settings, flaky) = kept(TestRetry::new().attempts(5).initial_delay(2 * SECOND).named("a large fetch"));
    retry(settings, || rig.call()).await.unwrap();
    assert_eq!(script.api_pauses(), [2, 4, 8, 16].map(Duration::from_secs));
    assert_eq!(flaky.lock().unwrap()[0].test.as_deref(), Some("a large fetch"));

    let (script, rig) = failing(1, status(503));
    retry(TestRetry::off(), || rig.call()).await.unwrap_err();
    assert_eq!(script.api_requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_services_own_time_is_kept_and_one_that_is_too_long_fails_now() {
    let settings = || kept(TestRetry::new().clock(Clock::starting_at(BASE))).0;
    let (script, rig) = failing(1, status(503).retry_after(30));
    retry(settings(), || rig.call()).await.unwrap();
    assert!(script.api_pauses()[0] >= 30 * SECOND);

    let (script, rig) = failing(1, status(429).retry_after(1800));
    let started = Instant::now();
    retry(settings(), || rig.call()).await.unwrap_err();
    assert_eq!((script.api_requests(), started.elapsed()), (1, Duration::ZERO));

    let (script, rig) = failing(1, status(429).retry_after(1800));
    retry(settings().max_wait(3600 * SECOND), || rig.call()).await.unwrap();
    assert!(script.api_pauses()[0] >= 1800 * SECOND);
}

// The environment: a run of its own for each test, since it belongs to the process.

const CHILD: &str = "testing::a_flaky_test_for_the_tests_below";

#[tokio::test(start_paused = true)]
#[ignore = "started by the tests below"]
async fn a_flaky_test_for_the_tests_below() -> Result<(), Error> {
    let (_, rig) = failing(1, status(503));
    retry(TestRetry::new(), || async { rig.call().await.map(drop) }).await
}

#[test]
fn a_flaky_pass_is_told_on_stderr_though_the_harness_captures_what_tests_print() {
    let run = run_alone(CHILD, &[]);

    let told = stderr(&run);
    assert!(run.status.success(), "{told}");
    let line = told.lines().find(|line| line.starts_with("FLAKY 2/3 ")).unwrap_or_else(|| panic!("no such line in: {told}"));
    assert!(line.contains(CHILD) && line.contains("503"), "{line}");
}

#[test]
fn the_report_file_gets_a_line_of_json_for_each_flaky_pass() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flaky.jsonl");

    for _ in 0..2 {
        assert!(run_alone(CHILD, &[("ESOLOGS_FLAKY_REPORT", file.to_str().unwrap())]).status.success());
    }

    let lines = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["test"], &lines[0]["attempts"], &lines[0]["most"]), (&CHILD.into(), &2.into(), &3.into()));
}

#[test]
fn the_environment_switches_off_repeats_for_all_tests() {
    let run = run_alone(CHILD, &[("ESOLOGS_TEST_RETRY", "off")]);

    assert!(!run.status.success(), "the test fails on its first attempt, and has no other");
}

#[test]
fn a_report_file_that_cannot_be_written_is_told_and_fails_no_test() {
    let run = run_alone(CHILD, &[("ESOLOGS_FLAKY_REPORT", "/nowhere/at/all/flaky.jsonl")]);

    let told = stderr(&run);
    assert!(run.status.success() && told.contains("ESOLOGS_FLAKY_REPORT: /nowhere/at/all/flaky.jsonl: "), "{told}");
}
