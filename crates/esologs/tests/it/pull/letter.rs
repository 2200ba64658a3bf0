//! What the API sent stands in the files to the letter.

use std::fs;

use esologs::pull::EventStream;

use super::fake::{FakeGuild, MASTER_DATA, asked, fight, pull, pulled, report};
use super::files::{files, lines, true_manifest};

const CODE: &str = "aBcDeFgHiJkLmNpQ";

#[tokio::test(start_paused = true)]
async fn a_report_without_fights_has_empty_files_and_no_events_are_asked_for() {
    for master_data in ["null", MASTER_DATA] {
        let guild = FakeGuild::new().page(&[CODE]).report(CODE, report(CODE, "[]", master_data));
        let (script, folder) = (guild.serve(), tempfile::tempdir().unwrap());

        let summary = pull(&script, folder.path()).streams(EventStream::EVERY).run(|_| {}).await.unwrap();

        assert_eq!((summary.complete(), summary.event_count()), (1, 0), "{summary:?}");
        assert_eq!(asked(&script), ["Guild".to_owned(), "GuildReports".to_owned(), format!("Report {CODE}")]);
        let found = files(&folder.path().join("data/reports").join(CODE));
        let empty = found.iter().filter(|(_, bytes)| bytes.is_empty()).count();
        assert_eq!((found.len(), empty), (1 + 3 + 18, 3 + 18), "{:?}", found.keys());
        true_manifest(folder.path());
    }
}

#[tokio::test(start_paused = true)]
async fn master_data_that_is_null_stays_null_in_the_report() {
    let guild = FakeGuild::new().page(&[CODE]).report(CODE, report(CODE, "[]", "null"));
    let (script, folder) = (guild.serve(), tempfile::tempdir().unwrap());

    pulled(&script, folder.path()).await;

    let line = lines(&folder.path().join("data/reports").join(CODE).join("report.json")).remove(0);
    assert_eq!(format!("{line}\n"), format!("{}\n", report(CODE, "[]", "null").replace(r#","fights":[]"#, "")));
}

#[tokio::test(start_paused = true)]
async fn pretty_printed_events_become_one_line_each_and_stay_to_the_letter_otherwise() {
    let events = "{\n  \"data\" : [\n    {\n      \"timestamp\" : 264591.0,\r\n\t\"type\": \"damage\", \"amount\": 1e3,\n \
                  \"name\": \"two  words,\\n \\\"quoted\\\" \\\\ \\u00e9 ✦\" , \"buffs\": \"61687. \", \"z\": null, \"a\": [ 1.50, -0 ]\n    },\n    \
                  {\"timestamp\": 264591.0},\n{\"timestamp\": 264591.0}\n , {} ],\n \"nextPageTimestamp\" : null }";
    let (script, folder) = (FakeGuild::new().page(&[CODE]).events(CODE, events).serve(), tempfile::tempdir().unwrap());

    pull(&script, folder.path()).streams([EventStream::Deaths]).run(|_| {}).await.unwrap();

    let first = r#"{"timestamp":264591.0,"type":"damage","amount":1e3,"name":"two  words,\n \"quoted\" \\ \u00e9 ✦","buffs":"61687. ","z":null,"a":[1.50,-0]}"#;
    let found = lines(&folder.path().join("data/reports").join(CODE).join("events/deaths.jsonl"));
    assert_eq!(found, [first, r#"{"timestamp":264591.0}"#, r#"{"timestamp":264591.0}"#, "{}"]);
    true_manifest(folder.path());
}

#[tokio::test(start_paused = true)]
async fn pretty_printed_events_inside_a_string_become_one_line_each() {
    let inner = "[\n {\"timestamp\": 5.0,\n \"text\": \"a\\tb \"},\n {\"timestamp\": 6}\n]";
    let events = format!(r#"{{"data":{},"nextPageTimestamp":null}}"#, serde_json::to_string(inner).unwrap());
    let (script, folder) = (FakeGuild::new().page(&[CODE]).events(CODE, &events).serve(), tempfile::tempdir().unwrap());

    pull(&script, folder.path()).streams([EventStream::Deaths]).run(|_| {}).await.unwrap();

    let found = lines(&folder.path().join("data/reports").join(CODE).join("events/deaths.jsonl"));
    assert_eq!(found, [r#"{"timestamp":5.0,"text":"a\tb "}"#, r#"{"timestamp":6}"#]);
}

#[tokio::test(start_paused = true)]
async fn a_report_and_its_lists_keep_unknown_fields_their_order_and_the_spelling_of_numbers() {
    let fights = format!(
        "[\n {},\n {}]",
        fight(1).replace(r#""kill":null"#, r#""novelty" : {"b": 1.0, "a": "x  y"}, "kill":null"#),
        fight(2)
    );
    let master = r#"{"novel": 7, "logVersion":15,"gameVersion":1,"lang":"en","actors":[ {"id": 1.0, "zebra": true, "name": "A"} ],"abilities":[{"gameID": 61919, "type": "4"}]}"#;
    let whole = report(CODE, &fights, master).replacen(r#""revision":3"#, r#""novelty": [ 1, 2.50 ], "revision":3"#, 1);
    let (script, folder) = (FakeGuild::new().page(&[CODE]).report(CODE, whole).serve(), tempfile::tempdir().unwrap());

    pulled(&script, folder.path()).await;

    let place = folder.path().join("data/reports").join(CODE);
    let line = lines(&place.join("report.json")).remove(0);
    assert!(line.contains(r#""segments":1"#) && line.contains(r#""novelty":[1,2.50],"revision":3"#), "{line}");
    assert!(line.ends_with(r#""masterData":{"novel":7,"logVersion":15,"gameVersion":1,"lang":"en"}}"#), "{line}");
    assert_eq!(lines(&place.join("actors.jsonl")), [r#"{"id":1.0,"zebra":true,"name":"A"}"#]);
    assert_eq!(lines(&place.join("abilities.jsonl")), [r#"{"gameID":61919,"type":"4"}"#]);
    let found = lines(&place.join("fights.jsonl"));
    assert_eq!(found[1], fight(2));
    assert!(found[0].contains(r#""novelty":{"b":1.0,"a":"x  y"},"kill":null"#), "{}", found[0]);
}

#[tokio::test(start_paused = true)]
async fn each_stream_is_asked_for_over_all_fights_and_the_whole_length_of_the_report() {
    let fights = format!("[{},{},{}]", fight(2), fight(5), fight(9));
    let guild = FakeGuild::new().page(&[CODE]).report(CODE, report(CODE, &fights, MASTER_DATA));
    let (script, folder) = (guild.serve(), tempfile::tempdir().unwrap());

    pull(&script, folder.path()).streams(EventStream::EVERY).run(|_| {}).await.unwrap();

    let events: Vec<_> = script
        .seen_by(crate::support::To::Api)
        .into_iter()
        .filter(|seen| seen.json()["query"].as_str().unwrap().starts_with("query ReportEvents"))
        .map(|seen| seen.json()["variables"].clone())
        .collect();
    assert_eq!(events.len(), 18);
    let (mut friends, mut enemies) = (Vec::new(), Vec::new());
    for variables in &events {
        assert_eq!(variables["fightIDs"], serde_json::json!([2, 5, 9]));
        // The end lies behind the last event, whatever fraction of a millisecond that has.
        assert_eq!((variables["startTime"].as_f64(), variables["endTime"].as_f64()), (Some(0.0), Some(600_001.0)));
        assert_eq!((variables["limit"].as_u64(), variables.get("includeResources")), (Some(10_000), None));
        match variables.get("hostilityType").and_then(|it| it.as_str()) {
            Some("Friendlies") => friends.push(variables["dataType"].as_str().unwrap().to_owned()),
            Some("Enemies") => enemies.push(variables["dataType"].as_str().unwrap().to_owned()),
            other => assert_eq!(other, None),
        }
    }
    assert_eq!(friends, enemies);
    assert_eq!(friends, ["Buffs", "Debuffs", "CombatantInfo", "All"]);
    assert!(fs::read_dir(folder.path().join("data/reports").join(CODE).join("events")).unwrap().count() == 18);
}
