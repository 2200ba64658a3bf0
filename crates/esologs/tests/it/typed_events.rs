//! Typed events: pages and streams, beside the same events to the letter.

use std::collections::BTreeMap;

use esologs::{
    CallPolicy, ErrorKind, EventDataType, EventDetails, EventType, HostilityType, ReportCode, ReportEvent, ReportTime,
};
use esologs_sim::Simulator;
use esologs_sim::world::{Size, WorldConfig};
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json as value};

use crate::support::in_process::client_of;
use crate::support::{Reply, Rig, Script, json, status};

const CODE: &str = "aBcDeFgHiJkLmNpQ";

fn page(data: Value, next: Value) -> Reply {
    json(value!({"data": {"reportData": {"report": {"events": {"data": data, "nextPageTimestamp": next}}}}}))
}

fn event(time: u32, kind: &str) -> Value {
    value!({"timestamp": time, "type": kind, "sourceID": 3, "targetID": 40, "abilityGameID": 61919, "fight": 2, "amount": 1200})
}

fn typed(rig: &Rig) -> esologs::TypedEvents {
    rig.client.report(CODE.parse().unwrap()).events(EventDataType::All).typed()
}

#[tokio::test(start_paused = true)]
async fn a_stream_of_typed_events_joins_the_pages() {
    let script = Script::new()
        .api(page(value!([event(1, "damage"), event(1, "damage"), event(2, "heal")]), value!(7.5)))
        .api(page(value!([event(8, "death")]), Value::Null));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let events: Vec<ReportEvent> = typed(&rig).stream().try_collect().await.unwrap();

    let told: Vec<(f64, &str)> = events.iter().map(|event| (event.timestamp.get(), event.kind.name())).collect();
    assert_eq!(told, [(1.0, "damage"), (1.0, "damage"), (2.0, "heal"), (8.0, "death")]);
    assert_eq!(events[0], events[1], "equal events are all kept");
    assert!(matches!(&events[2].details, EventDetails::Heal(heal) if heal.amount == Some(1200)));
    assert_eq!(script.api_requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_type_costs_nothing_and_can_be_counted() {
    let list = value!([event(1, "damage"), event(2, "skyshardfound"), event(3, "skyshardfound"), event(4, "fishing")]);
    let rig = Rig::new(Script::new().api(page(list, Value::Null)), CallPolicy::interactive());

    let page = typed(&rig).page(ReportTime::ZERO).await.unwrap();

    assert_eq!(page.events().len(), 4);
    assert_eq!(page.unknown_types(), BTreeMap::from([("fishing", 1), ("skyshardfound", 2)]));
    assert_eq!(page.next_page_timestamp(), None);
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_is_no_event_is_named_by_its_place_and_is_not_left_out() {
    let script = Script::new().api(page(value!([event(1, "damage"), {"timestamp": 2}]), Value::Null));
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let error = typed(&rig).page(ReportTime::ZERO).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::BadAnswer);
    assert_eq!(
        error.to_string(),
        "events of report aBcDeFgHiJkLmNpQ: event 2 of the page from 0 ms: this event cannot be used, it has no `type`: {\"timestamp\":2}"
    );
    assert_eq!(script.api_requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_page_with_white_space_or_in_a_string_is_read_alike() {
    let list = value!([event(1, "damage"), event(2, "heal")]);
    let pretty = serde_json::to_string_pretty(
        &value!({"data": {"reportData": {"report": {"events": {"data": list, "nextPageTimestamp": null}}}}}),
    );
    let script = Script::new()
        .api(page(list.clone(), Value::Null))
        .api(status(200).body(pretty.unwrap()))
        .api(page(value!(list.to_string()), Value::Null));
    let rig = Rig::new(script, CallPolicy::interactive());

    let plain = typed(&rig).page(ReportTime::ZERO).await.unwrap().into_events();
    for _ in 0..2 {
        assert_eq!(typed(&rig).page(ReportTime::ZERO).await.unwrap().into_events(), plain);
    }
}

#[tokio::test(start_paused = true)]
async fn a_cursor_that_does_not_move_ends_the_typed_stream_too() {
    let script =
        Script::new().api(page(value!([event(1, "damage")]), value!(50))).api(page(value!([event(51, "heal")]), value!(50)));
    let rig = Rig::new(script.clone(), CallPolicy::batch());

    let items: Vec<_> = typed(&rig).pages().collect().await;

    assert_eq!(items.len(), 2);
    assert_eq!(items[1].as_ref().unwrap_err().kind(), ErrorKind::CursorStuck);
}

#[tokio::test(start_paused = true)]
async fn a_page_as_lines_is_what_goes_into_a_file() {
    let rig =
        Rig::new(Script::new().api(page(value!([event(1, "damage"), {"x": [1, 2]}]), value!(9))), CallPolicy::interactive());
    let events = rig.client.report(CODE.parse().unwrap()).events(EventDataType::All);

    let page = events.page_as_lines(ReportTime::ZERO).await.unwrap();

    let lines: Vec<Value> = page
        .as_bytes()
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(lines, [event(1, "damage"), value!({"x": [1, 2]})]);
    assert!(page.as_bytes().ends_with(b"\n"));
    assert_eq!((page.count(), page.next_page_timestamp()), (2, Some(ReportTime::new(9.0))));
}

#[tokio::test(start_paused = true)]
async fn every_event_of_a_simulated_report_is_typed_whole_in_every_form() {
    let world = WorldConfig { seed: 2, size: Size::Small };
    let sim = Simulator::builder().world_config(world).start_unix_ms(1_790_000_000_000).without_throttle().build().unwrap();
    let client = client_of(&sim, CallPolicy::batch());
    let reports = sim.world().guilds.iter().flat_map(|guild| sim.world().reports_of_guild(guild.id));
    let mut types = BTreeMap::<EventType, usize>::new();
    let (mut with_resources, mut as_objects) = (0, 0);

    for (number, code) in reports.map(|report| report.code.parse::<ReportCode>().unwrap()).take(4).enumerate() {
        for hostility in [HostilityType::Friendlies, HostilityType::Enemies] {
            let by_number = number % 2 == 0;
            let events = client.report(code.clone()).events(EventDataType::All).hostility(hostility).include_resources(true);
            let events = events.use_ability_ids(by_number).use_actor_ids(by_number);
            let letters: Vec<_> = match events.stream().try_collect().await {
                Ok(letters) => letters,
                Err(error) if matches!(error.kind(), ErrorKind::Archived | ErrorKind::NotVisible) => continue,
                Err(error) => panic!("{error}"),
            };
            let typed: Vec<ReportEvent> = events.typed().stream().try_collect().await.unwrap();

            assert_eq!(typed.len(), letters.len());
            for (event, letter) in typed.iter().zip(&letters) {
                let (sent, written): (Value, Value) =
                    (serde_json::from_str(letter.get()).unwrap(), serde_json::to_value(event).unwrap());
                assert_eq!(by_value(&written), by_value(&sent), "{}", letter.get());
                assert!(event.kind.is_known() && event.extra.is_empty(), "{}", letter.get());
                as_objects += usize::from(event.ability.is_some() && event.ability_id().is_some());
                with_resources +=
                    usize::from(event.resources_of_source().is_some_and(|resources| resources.hit_points.is_some()));
                *types.entry(event.kind.clone()).or_default() += 1;
            }
        }
    }

    assert!(types.len() >= 12, "only {types:?}");
    assert!(as_objects > 100, "{as_objects} events with their ability as an object");
    assert!(with_resources > 100, "{with_resources} events with resources");
}

fn by_value(json: &Value) -> Value {
    match json {
        Value::Number(number) => value!(number.as_f64()),
        Value::Array(list) => list.iter().map(by_value).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), by_value(value))).collect(),
        other => other.clone(),
    }
}
