//! Paging: events of a report by their cursor, reports of a guild by their page.

use esologs::{CallPolicy, Error, ErrorKind, EventDataType, Events, FightId, HostilityType, ReportTime};
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json as value};

use crate::support::{Reply, Rig, Script, To, json, status};

const CODE: &str = "aBcDeFgHiJkLmNpQ";

/// A page of these events, by their times.
fn page(times: &[u32], next: Value) -> Reply {
    let events: Vec<Value> = times.iter().map(|time| event(*time)).collect();
    page_of(value!(events), next)
}

fn page_of(data: Value, next: Value) -> Reply {
    json(value!({"data": {"reportData": {"report": {"events": {"data": data, "nextPageTimestamp": next}}}}}))
}

fn event(time: u32) -> Value {
    value!({"timestamp": time, "type": "damage", "sourceID": 3, "targetID": 40, "abilityGameID": 61919, "fight": 2, "hitType": 1, "amount": 1200})
}

fn damage(rig: &Rig) -> Events {
    rig.client.report(CODE.parse().unwrap()).events(EventDataType::DamageDone)
}

/// The times of all events of a stream.
async fn times(events: &Events) -> Result<Vec<u64>, Error> {
    let texts: Vec<_> = events.stream().try_collect().await?;
    Ok(texts.iter().map(|text| serde_json::from_str::<Value>(text.get()).unwrap()["timestamp"].as_u64().unwrap()).collect())
}

#[tokio::test(start_paused = true)]
async fn a_stream_joins_the_pages_and_asks_for_each_from_the_cursor_on() {
    let script = Script::new().api(page(&[1, 2, 3], value!(7.5))).api(page(&[8, 9], value!(20))).api(page(&[20], Value::Null));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let all = times(&damage(&rig)).await.unwrap();

    assert_eq!(all, [1, 2, 3, 8, 9, 20]);
    let starts: Vec<Value> = script.seen_by(To::Api).iter().map(|seen| seen.variable("startTime")).collect();
    assert_eq!(starts.iter().map(|start| start.as_f64().unwrap()).collect::<Vec<_>>(), [0.0, 7.5, 20.0]);
}

#[tokio::test(start_paused = true)]
async fn every_page_is_asked_for_with_a_start_and_the_same_end() {
    // A start without an end gets an empty list and no error.
    let script = Script::new().api(page(&[100], value!(150))).api(page(&[150], Value::Null));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    times(&damage(&rig).between(ReportTime::new(100.0), ReportTime::new(200.0))).await.unwrap();

    for seen in script.seen_by(To::Api) {
        assert!(seen.variable("startTime").is_number(), "{}", seen.json());
        assert_eq!(seen.variable("endTime").as_f64(), Some(200.0));
    }
}

#[tokio::test(start_paused = true)]
async fn an_end_is_sent_also_where_the_caller_names_none() {
    let script = Script::new().api(page(&[], Value::Null));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    times(&damage(&rig)).await.unwrap();

    let end = script.seen_by(To::Api)[0].variable("endTime").as_f64().unwrap();
    assert!(end >= 2_000_000_000.0, "{end} ms would cut long reports");
}

#[tokio::test(start_paused = true)]
async fn what_the_caller_chose_is_sent_and_nothing_else() {
    let script = Script::new().api(page(&[], Value::Null)).api(page(&[], Value::Null));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    times(&damage(&rig)).await.unwrap();
    let chosen = damage(&rig)
        .fights([FightId::new(17), FightId::new(18)])
        .hostility(HostilityType::Enemies)
        .include_resources(true)
        .per_page(300);
    times(&chosen).await.unwrap();

    let seen = script.seen_by(To::Api);
    let bare = seen[0].json()["variables"].clone();
    assert_eq!((bare["code"].as_str(), bare["dataType"].as_str()), (Some(CODE), Some("DamageDone")));
    let mut names: Vec<&str> = bare.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["code", "dataType", "endTime", "limit", "startTime"], "what is not chosen is left to the API");
    assert_eq!(seen[1].variable("fightIDs"), value!([17, 18]));
    assert_eq!(seen[1].variable("hostilityType"), "Enemies");
    assert_eq!(seen[1].variable("includeResources"), true);
    assert_eq!(seen[1].variable("limit"), 300);
}

#[tokio::test(start_paused = true)]
async fn a_page_over_the_limit_is_taken_whole() {
    // Pages never split a timestamp, so 314 events come where 300 were asked for, with and without a successor.
    let (long, last) = ((1..=314).collect::<Vec<u32>>(), (400..=713).collect::<Vec<u32>>());
    let script = Script::new().api(page(&long, value!(400))).api(page(&last, Value::Null));
    let rig = Rig::new(script, CallPolicy::interactive());

    let all = times(&damage(&rig).per_page(300)).await.unwrap();

    assert_eq!(all.len(), 628);
}

#[tokio::test(start_paused = true)]
async fn a_short_or_empty_page_with_a_cursor_is_not_the_end() {
    let script = Script::new().api(page(&[1], value!(50))).api(page(&[], value!(60))).api(page(&[60, 61], Value::Null));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let all = times(&damage(&rig)).await.unwrap();

    assert_eq!(all, [1, 60, 61]);
    assert_eq!(script.api_requests(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_full_page_without_a_cursor_is_the_end() {
    let script = Script::new().api(page(&(1..=300).collect::<Vec<u32>>(), Value::Null));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let all = times(&damage(&rig).per_page(300)).await.unwrap();

    assert_eq!((all.len(), script.api_requests()), (300, 1));
}

#[tokio::test(start_paused = true)]
async fn equal_events_are_all_kept_also_over_a_page_border() {
    let script = Script::new().api(page(&[5, 5, 5, 6], value!(6.5))).api(page(&[6, 7, 7], Value::Null));
    let rig = Rig::new(script, CallPolicy::interactive());

    let all = times(&damage(&rig)).await.unwrap();

    assert_eq!(all, [5, 5, 5, 6, 6, 7, 7]);
}

#[tokio::test(start_paused = true)]
async fn an_event_is_handed_over_to_the_letter() {
    let text = r#"{"timestamp":264591.0,"type":"damage","amount":1e3,"buffs":"61687.","novelty":{"b":null,"a":[1.50]}}"#;
    let body = format!(r#"{{"data":{{"reportData":{{"report":{{"events":{{"data":[{text}],"nextPageTimestamp":null}}}}}}}}}}"#);
    let rig = Rig::new(Script::new().api(status(200).body(body)), CallPolicy::interactive());

    let events: Vec<_> = damage(&rig).stream().try_collect().await.unwrap();

    assert_eq!(events[0].get(), text);
}

#[tokio::test(start_paused = true)]
async fn a_page_of_events_inside_a_string_is_a_page() {
    let script = Script::new().api(page_of(value!(value!([event(1), event(2)]).to_string()), Value::Null));
    let rig = Rig::new(script, CallPolicy::interactive());

    assert_eq!(times(&damage(&rig)).await.unwrap(), [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_cursor_that_does_not_move_forward_is_an_error_after_the_events_before_it() {
    for (stuck, moved) in [(value!(50), "the same"), (value!(49.9), "back")] {
        let script = Script::new().api(page(&[1, 2], value!(50))).api(page(&[51], stuck));
        let rig = Rig::new(script.clone(), CallPolicy::batch());

        let items: Vec<Result<_, Error>> = damage(&rig).stream().collect().await;

        let error = items.last().unwrap().as_ref().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::CursorStuck, "{moved}: {error:?}");
        assert!(error.to_string().contains(CODE), "{error}");
        assert!(items[..items.len() - 1].iter().all(Result::is_ok));
        assert_eq!(script.api_requests(), 2, "it is not asked again");
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_page_alone_can_be_stuck() {
    let script = Script::new().api(page(&[], value!(0)));
    let rig = Rig::new(script, CallPolicy::batch());

    assert_eq!(times(&damage(&rig)).await.unwrap_err().kind(), ErrorKind::CursorStuck);
}

#[tokio::test(start_paused = true)]
async fn null_data_at_the_end_is_an_empty_page_and_before_the_end_a_broken_answer() {
    let rig = Rig::new(Script::new().api(page_of(Value::Null, Value::Null)), CallPolicy::interactive());
    assert_eq!(times(&damage(&rig)).await.unwrap(), [0_u64; 0]);

    let script = Script::new().api(page_of(Value::Null, value!(9))).api(page(&[1], Value::Null));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());
    assert_eq!(times(&damage(&rig)).await.unwrap(), [1], "it was asked for again");
    assert_eq!(script.api_requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_page_without_its_cursor_field_is_not_taken_for_the_last() {
    // The document asks for `nextPageTimestamp`; where it is missing, the answer is incomplete, not the stream complete.
    let cut = json(value!({"data": {"reportData": {"report": {"events": {"data": [event(1)]}}}}}));
    let script = Script::new().api(cut).api(page(&[1, 2], Value::Null));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    assert_eq!(times(&damage(&rig)).await.unwrap(), [1, 2]);
    assert_eq!(script.api_requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_page_is_asked_for_again_where_it_failed_and_no_event_is_doubled() {
    let script = Script::new().api(page(&[1, 2], value!(3))).api_times(2, status(502).html()).api(page(&[3, 4], Value::Null));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    assert_eq!(times(&damage(&rig)).await.unwrap(), [1, 2, 3, 4]);
    assert_eq!(script.api_requests(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_report_that_is_not_visible_ends_the_stream_with_that() {
    let rig = Rig::new(Script::new().api(json(value!({"data": {"reportData": {"report": null}}}))), CallPolicy::interactive());

    let error = times(&damage(&rig)).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::NotVisible);
    assert!(error.to_string().contains(CODE), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_stream_sends_nothing_before_it_is_read_and_no_page_more_than_is_read() {
    let script = Script::new().api(page(&[1, 2], value!(3))).api(page(&[3], Value::Null));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let mut stream = Box::pin(damage(&rig).stream());
    assert_eq!(script.seen().len(), 0);
    stream.next().await.unwrap().unwrap();
    stream.next().await.unwrap().unwrap();

    assert_eq!(script.api_requests(), 1);
}

// Reports of a guild.

fn reports(number: u64, codes: &[&str], more: bool) -> Reply {
    let data: Vec<Value> =
        codes.iter().map(|code| value!({"code": code, "title": "Tuesday", "startTime": 5, "endTime": 9})).collect();
    json(value!({"data": {"reportData": {"reports": {
        "data": data, "total": 3, "per_page": 2, "current_page": number, "from": 1, "to": 2, "last_page": 2, "has_more_pages": more
    }}}}))
}

async fn codes(rig: &Rig) -> Result<Vec<String>, Error> {
    let pages: Vec<_> = rig.client.guild(3468).reports().per_page(2).pages().try_collect().await?;
    Ok(pages.into_iter().flat_map(|page| page.data).flatten().map(|report| report.code.to_string()).collect())
}

#[tokio::test(start_paused = true)]
async fn the_list_of_reports_is_read_page_by_page_to_its_end() {
    let script = Script::new().api(reports(1, &["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"], true)).api(reports(
        2,
        &["cccccccccccccccc"],
        false,
    ));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    assert_eq!(codes(&rig).await.unwrap(), ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc"]);

    let seen = script.seen_by(To::Api);
    assert_eq!(seen.iter().map(|seen| seen.variable("page")).collect::<Vec<_>>(), [value!(1), value!(2)]);
    assert!(seen.iter().all(|seen| seen.variable("guildID") == 3468 && seen.variable("limit") == 2));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_answers_with_another_page_is_an_error() {
    let script = Script::new().api(reports(1, &["aaaaaaaaaaaaaaaa"], true)).api(reports(1, &["aaaaaaaaaaaaaaaa"], true));
    let rig = Rig::new(script, CallPolicy::batch());

    let error = codes(&rig).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::CursorStuck);
    assert!(error.to_string().contains("page 2 was asked for, page 1 came"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_goes_on_behind_its_last_page_or_with_nothing_is_left_at_once() {
    let last = Script::new().api_by(|seen| reports(seen.variable("page").as_u64().unwrap(), &["aaaaaaaaaaaaaaaa"], true));
    let empty = Script::new().api_by(|seen| reports(seen.variable("page").as_u64().unwrap(), &[], true));
    for script in [last, empty] {
        let rig = Rig::new(script.clone(), CallPolicy::batch());

        let error = codes(&rig).await.unwrap_err();

        assert_eq!(error.kind(), ErrorKind::CursorStuck);
        assert!(error.to_string().contains("says that more follow"), "{error}");
        assert!(script.api_requests() <= 2, "{} requests", script.api_requests());
    }
}
