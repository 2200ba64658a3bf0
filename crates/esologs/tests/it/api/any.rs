//! Calls of whatever kind: what is set by name, and what comes to the letter.

use esologs::{AnyCall, CallPolicy, ErrorKind, EventDataType, PageStart, RateLimit, ReportTime, catalogue};
use serde_json::{Value, json as value};

use crate::support::{Rig, Script, json};

const CODE: &str = "aBcDeFgHiJkLmNpQ";

fn rig(answer: impl Fn(&Value) -> Value + Send + Sync + 'static) -> Rig {
    Rig::new(Script::new().api_by(move |seen| json(answer(&seen.json()["variables"]))), CallPolicy::plain())
}

fn members(page: u64, has_more: bool) -> Value {
    value!({"data": {"guildData": {"guild": {"members": {
        "data": [{"id": page, "shoeSize": 9.0}, null], "total": 4, "per_page": 2, "current_page": page, "from": 1, "to": 2, "last_page": 2,
        "has_more_pages": has_more,
    }}}}})
}

#[tokio::test(start_paused = true)]
async fn the_pages_of_a_list_lead_from_one_to_the_next_with_their_entries_to_the_letter() {
    let rig = rig(|variables| {
        let page = variables["page"].as_u64().unwrap();
        members(page, page < 2)
    });
    let call: Box<dyn AnyCall> = Box::new(rig.client.guild(7).members());

    let first = call.fetch(None).await.unwrap();
    let second = call.fetch(first.next).await.unwrap();

    let entries = |answer: &esologs::AnyAnswer| -> Vec<String> {
        answer.entries.as_ref().unwrap().iter().map(|entry| entry.get().to_owned()).collect()
    };
    assert_eq!((first.next, first.total), (Some(PageStart::Number(2)), Some(4)));
    assert_eq!(entries(&first), [r#"{"id":1,"shoeSize":9.0}"#, "null"]);
    assert_eq!((entries(&second)[0].as_str(), second.next), (r#"{"id":2,"shoeSize":9.0}"#, None));
    let drift = call.info().drift_of(&first.json).unwrap();
    assert_eq!(drift.unknown_fields().keys().collect::<Vec<_>>(), ["Character.shoeSize"]);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_does_not_come_to_its_end_is_an_error_here_too() {
    let list = rig(|_| members(2, true));
    let error = list.client.guild(7).members().fetch(Some(PageStart::Number(2))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CursorStuck, "{error}");

    let events = rig(|_| value!({"data": {"reportData": {"report": {"events": {"data": [], "nextPageTimestamp": 5.0}}}}}));
    let call = events.client.report(CODE.parse().unwrap()).events(EventDataType::All);
    let error = call.fetch(Some(PageStart::Time(ReportTime::new(5.0)))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CursorStuck, "{error}");
    assert_eq!(call.fetch(Some(PageStart::Number(2))).await.unwrap_err().kind(), ErrorKind::Usage, "events go by time");
}

#[tokio::test(start_paused = true)]
async fn json_comes_out_of_the_string_it_was_sent_in_and_an_error_in_its_place_is_one() {
    let sent = |scalar: Value| rig(move |_| value!({"data": {"reportData": {"report": {"table": scalar.clone()}}}}));
    let code = || CODE.parse().unwrap();

    let packed = sent(value!(r#"{"data":{"entries":[]}}"#)).client.report(code()).table().fetch(None).await.unwrap();
    assert_eq!((packed.json.get(), packed.entries.is_none()), (r#"{"data":{"entries":[]}}"#, true));

    let error = sent(value!({"error": "Invalid metric"})).client.report(code()).table().fetch(None).await.unwrap_err();
    assert!(error.to_string().contains("Invalid metric"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn null_is_an_answer_only_where_it_is_one() {
    let nothing = rig(|_| value!({"data": {"progressRaceData": {"progressRace": null}, "guildData": {"guild": null}}}));
    let race = nothing.client.progress_race().fetch(None).await.unwrap();
    assert_eq!(race.json.get(), "null");
    let error = nothing.client.guild(7).fetch(None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotVisible);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_set_is_told_and_nothing_is_sent() {
    let script = Script::new();
    let rig = Rig::new(script.clone(), CallPolicy::plain());
    let mut table = rig.client.report(CODE.parse().unwrap()).table();
    for (method, argument, expected) in [
        ("dataTyp", value!("Healing"), "there is no argument dataTyp: expected one of data_type, view_by, ability_id"),
        ("data_type", value!("Healin"), "data_type: 'Healin' is none of Summary, Buffs"),
        ("fights", value!([0]), "fights is 0, but the API takes 1 to"),
        ("translate", value!("yes"), "translate is \"yes\": expected true or false"),
    ] {
        let error = table.set(method, &argument).unwrap_err();
        assert!(error.kind() == ErrorKind::Usage && error.to_string().starts_with(expected), "{error}");
    }
    let error = RateLimit::of(&rig.client).set("page", &value!(1)).unwrap_err();
    assert_eq!(error.to_string(), "there is no argument page: this call takes none");
    assert_eq!(script.seen().len(), 0);
}

#[test]
fn every_parameter_tells_what_it_does_and_enums_their_words() {
    for call in catalogue::calls() {
        for parameter in call.parameters {
            assert!(parameter.about().ends_with(['.', ')']), "{}: {}: {}", call.operation, parameter.method, parameter.about());
            let is_enum =
                parameter.takes.ends_with("Type") || parameter.takes.ends_with("Filter") || parameter.takes.ends_with("Rank");
            assert_eq!(is_enum, !parameter.values.is_empty(), "{}: {}", call.operation, parameter.method);
        }
    }
}
