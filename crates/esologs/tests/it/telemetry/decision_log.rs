//! The decision log: a closed schema, and the same bytes for the same seed.

use std::collections::BTreeSet;
use std::io::{self, Write};

use esologs::events::{Record, read_records};
use esologs::{CallPolicy, DecisionLog};
use futures_util::future::join_all;
use serde_json::Value;

use super::{Paper, SECOND, answer, answer_to, ask, breaker, builder, clock};
use crate::support::{Rig, Script, status};

/// Six calls of a job at the same time; the service is down for half a minute, so that the breaker opens and probes find it.
async fn log_of_an_outage(seed: u64) -> String {
    let script =
        Script::new().api_by(|seen| if seen.at < 30 * SECOND { status(503) } else { answer_to(seen).after(SECOND / 10) });
    let paper = Paper::default();
    let log = DecisionLog::new(paper.clone(), clock());
    let client =
        builder(script, CallPolicy::batch(), seed).breaker(breaker(5, 2 * SECOND)).on_event(log.subscriber()).build().unwrap();

    let names = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta"];
    let all_answered = join_all(names.map(|name| ask(&client, name))).await;
    log.finish().unwrap();

    assert_eq!(all_answered, [true; 6]);
    paper.text()
}

fn lines(log: &str) -> Vec<Value> {
    log.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_writes_the_same_bytes_and_another_seed_others() {
    let first = log_of_an_outage(7).await;
    let second = log_of_an_outage(7).await;
    let other = log_of_an_outage(8).await;

    assert_eq!(first, second);
    assert_ne!(first, other);
    for event in ["breaker_changed", "attempt_failed", "waiting", "in_line", "answered", "token_fetched"] {
        assert!(first.contains(&format!("\"event\":\"{event}\"")), "the scenario has no {event}:\n{first}");
    }
    assert!(first.contains("\"to\":\"half_open\""), "no probe:\n{first}");
}

#[tokio::test(start_paused = true)]
async fn a_line_holds_the_fields_of_the_manual_and_no_other() {
    let manual = std::fs::read_to_string(crate::support::sources::workspace().join("docs/telemetry.md")).unwrap();

    for line in lines(&log_of_an_outage(7).await) {
        let fields: BTreeSet<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
        let event = line["event"].as_str().unwrap();
        let row = manual.lines().find(|row| row.starts_with(&format!("| `{event}` |"))).unwrap_or_else(|| panic!("{event}"));
        let documented: BTreeSet<&str> = row.split('`').skip(3).step_by(2).chain(["at_ms", "event"]).collect();
        assert_eq!(fields, documented, "{line}");
    }
}

#[tokio::test(start_paused = true)]
async fn times_begin_at_zero_and_never_go_back() {
    let times: Vec<u64> = lines(&log_of_an_outage(7).await).iter().map(|line| line["at_ms"].as_u64().unwrap()).collect();

    assert_eq!(times[0], 0);
    assert!(times.is_sorted(), "{times:?}");
    assert!(*times.last().unwrap() >= 30_000);
}

#[tokio::test(start_paused = true)]
async fn neither_variables_nor_texts_of_the_service_nor_secrets_are_in_it() {
    let script = Script::new().api(status(500).body("the-text-of-the-service hidden-variable")).api_always(answer());
    let paper = Paper::default();
    let log = DecisionLog::new(paper.clone(), clock());
    let client = builder(script, CallPolicy::batch(), 1).on_event(log.subscriber()).build().unwrap();

    assert!(ask(&client, "Alpha").await);
    drop((client, log));

    let text = paper.text();
    assert!(text.contains("\"class\":\"server_error\""), "it is flushed when the last clone goes: {text}");
    for hidden in ["hidden-variable", "the-text-of-the-service", "token-1", Rig::SECRET, Rig::ID] {
        assert!(!text.contains(hidden), "{hidden}:\n{text}");
    }
}

/// Fails, or panics, at each write.
struct Broken {
    panics: bool,
}

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        assert!(!self.panics, "this disk is on fire");
        Err(io::Error::new(io::ErrorKind::StorageFull, "no space"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_writer_that_fails_or_panics_does_not_disturb_calls() {
    for panics in [false, true] {
        let log = DecisionLog::new(Broken { panics }, clock());
        let script = Script::new().api_always(answer());
        let client = builder(script, CallPolicy::batch(), 1).without_request_rate().on_event(log.subscriber()).build().unwrap();

        // More than the buffer holds.
        for number in 0..400 {
            assert!(ask(&client, &format!("Call{number}")).await);
        }

        let error = log.finish().unwrap_err().to_string();
        assert_eq!(error, if panics { "the writer panicked" } else { "no space" });
        assert!(log.finish().is_err(), "and it stays told");
    }
}

#[tokio::test(start_paused = true)]
async fn a_log_can_be_read_back_also_one_of_a_later_version() {
    let text = log_of_an_outage(7).await;
    let records = read_records(text.as_bytes()).unwrap();

    let written: Vec<String> = records.iter().map(|record| serde_json::to_string(record).unwrap()).collect();

    assert_eq!(written, text.lines().collect::<Vec<_>>());
    let later: Record = serde_json::from_str(r#"{"at_ms":5,"event":"dreamt","of":["sheep"]}"#).unwrap();
    assert_eq!((later.at().as_millis(), later.call()), (5, None));
    let cut = read_records("{\"at_ms\":0,\"event\":\"token_fetched\"}\n{\"at_m".as_bytes()).unwrap_err();
    assert!(cut.to_string().starts_with("line 2 of the decision log: "), "{cut}");
}
