//! Reports: who may see them, what is in them, their events page by page.

use esologs_sim::UserScopes;
use esologs_sim::world::model::Access;
use esologs_sim::world::{DataType, EventFilter, Hostility, MAIN_GUILD_ID};
use serde_json::{Value, json};

use crate::support::{Answer, Client, api_request, client, public_report, report_that, sim};

#[tokio::test]
async fn an_unknown_and_a_private_report_give_the_same_error_with_its_path() {
    let client = client().await;
    let private = report_that(&client.sim, |access| *access == Access::Private);

    for code in ["0000000000000000", &private.code] {
        let answer = client.ask(&format!("{{ reportData {{ report(code: \"{code}\") {{ title }} }} }}")).await;

        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.json(),
            json!({
                "errors": [{
                    "message": "This report does not exist.",
                    "locations": [{"line": 1, "column": 16}],
                    "path": ["reportData", "report"],
                }],
                "data": {"reportData": {"report": null}},
            })
        );
    }
}

#[tokio::test]
async fn a_listing_by_a_guild_that_there_is_not_is_an_error_and_by_one_without_reports_is_empty() {
    let client = client().await;
    let listing = |guild: i64| format!("{{ reportData {{ reports(guildID: {guild}) {{ total }} }} }}");

    assert_eq!(client.ask(&listing(999_999_999)).await.message(), "No guild exists for this id.");
    assert_eq!(client.data(&listing(123)).await["reportData"]["reports"]["total"], 0);
}

#[tokio::test]
async fn an_archived_report_shows_its_cover_and_names_the_user_endpoint_for_the_rest() {
    let client = client().await;
    let archived = report_that(&client.sim, |access| matches!(access, Access::Archived { .. }));
    let Access::Archived { archive_date_unix_s } = archived.access else { unreachable!() };
    let code = &archived.code;

    let inside = "fights { id } masterData { actors { id } } events(startTime: 0, endTime: 1e9) { data }";
    let query = format!(
        "{{ reportData {{ report(code: \"{code}\") {{ title archiveStatus {{ isArchived isAccessible archiveDate }} {inside} }} }} }}"
    );
    let answer = client.ask(&query).await.json();

    assert_eq!(
        answer["data"]["reportData"]["report"],
        json!({
            "title": archived.title,
            "archiveStatus": {"isArchived": true, "isAccessible": false, "archiveDate": archive_date_unix_s},
            "fights": null, "masterData": null, "events": null,
        })
    );
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 3);
    for error in errors {
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("archived") && message.contains("/api/v2/user"), "{message}");
        assert_eq!(error["path"][1], "report");
        assert_eq!(error.get("extensions"), None);
    }
}

#[tokio::test]
async fn a_user_token_opens_archived_reports_and_with_the_scope_private_ones() {
    let sim = sim();
    let archived = &report_that(&sim, |access| matches!(access, Access::Archived { .. })).code;
    let private = &report_that(&sim, |access| *access == Access::Private).code;
    let query = json!({"query": format!(
        "{{ userData {{ currentUser {{ name }} }} reportData {{ a: report(code: \"{archived}\") {{ fights {{ id }} }} p: report(code: \"{private}\") {{ fights {{ id }} }} }} }}"
    )});

    for view_private_reports in [false, true] {
        let token = sim.issue_user_token(UserScopes { view_private_reports });
        let answer = Answer::from(sim.handle(api_request("/api/v2/user", &token, &query)).await).json();
        assert!(answer["data"]["userData"]["currentUser"]["name"].is_string());
        assert!(answer["data"]["reportData"]["a"]["fights"].is_array());
        assert_eq!(answer["data"]["reportData"]["p"].is_object(), view_private_reports);
    }
}

#[tokio::test]
async fn the_guilds_reports_are_listed_newest_first_and_page_by_page() {
    let client = client().await;
    let all = client.sim.world().reports_of_guild(MAIN_GUILD_ID);
    let mut codes = Vec::new();
    for page in 1.. {
        let query = format!(
            "{{ reportData {{ reports(guildID: {MAIN_GUILD_ID}, limit: 2, page: {page}) {{ data {{ code startTime }} total per_page current_page from to last_page has_more_pages }} }} }}"
        );
        let reports = client.data(&query).await["reportData"]["reports"].clone();
        assert_eq!(reports["total"], all.len());
        assert_eq!(reports["from"], codes.len() + 1);
        codes.extend(reports["data"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap().to_owned()));
        if reports["has_more_pages"] == false {
            assert_eq!(reports["last_page"], page);
            break;
        }
    }
    assert_eq!(codes, all.iter().map(|report| report.code.clone()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_listing_can_be_limited_to_a_range_of_time() {
    let client = client().await;
    let all = client.sim.world().reports_of_guild(MAIN_GUILD_ID);
    let from = all[1].start_unix_ms;
    let query = format!("{{ reportData {{ reports(guildID: {MAIN_GUILD_ID}, startTime: {from}.0) {{ data {{ code }} }} }} }}");
    let listed = client.data(&query).await["reportData"]["reports"]["data"].clone();
    assert_eq!(listed, json!([{"code": all[0].code}, {"code": all[1].code}]));
}

#[tokio::test]
async fn a_report_tells_its_fights_and_actors_in_the_order_that_was_asked_for() {
    let client = client().await;
    let report = public_report(&client.sim);
    let query = format!(
        "{{ reportData {{ report(code: \"{}\") {{ startTime code fights {{ endTime id kill }} masterData {{ gameVersion actors(type: \"Player\") {{ type id }} }} }} }} }}",
        report.code
    );
    let answer = client.ask(&query).await;

    assert!(answer.text().starts_with(&format!(
        "{{\"data\":{{\"reportData\":{{\"report\":{{\"startTime\":{},\"code\":\"{}\",\"fights\":[{{\"endTime\":{},\"id\":1,",
        report.start_unix_ms, report.code, report.fights[0].end
    )));
    let shown = answer.data()["reportData"]["report"].clone();
    assert_eq!(shown["fights"].as_array().unwrap().len(), report.fights.len());
    let players = report.actors.iter().filter(|actor| actor.kind == "Player").count();
    assert_eq!(shown["masterData"]["actors"].as_array().unwrap().len(), players);
}

#[tokio::test]
async fn fights_can_be_chosen_by_id_and_by_how_they_went() {
    let client = client().await;
    let report = public_report(&client.sim);
    let query = format!(
        "{{ reportData {{ report(code: \"{}\") {{ two: fights(fightIDs: [1, 2, 9999]) {{ id }} kills: fights(killType: Kills) {{ kill }} }} }} }}",
        report.code
    );
    let shown = client.data(&query).await["reportData"]["report"].clone();
    assert_eq!(shown["two"], json!([{"id": 1}, {"id": 2}]));
    let kills = shown["kills"].as_array().unwrap();
    assert_eq!(kills.len(), report.fights.iter().filter(|fight| fight.kill == Some(true)).count());
    assert!(kills.iter().all(|fight| fight["kill"] == true));
}

/// Follows the cursor from 0 to the end; gives the texts of all pages' arrays.
async fn pages(client: &Client, code: &str, arguments: &str) -> Vec<Value> {
    let (mut start, mut events) = (json!(0), Vec::new());
    loop {
        let query = format!(
            "{{ reportData {{ report(code: \"{code}\") {{ events({arguments}, startTime: {start}, endTime: 99999999) {{ data nextPageTimestamp }} }} }} }}"
        );
        let page = client.data(&query).await["reportData"]["report"]["events"].clone();
        events.extend(page["data"].as_array().unwrap().iter().cloned());
        if page["nextPageTimestamp"].is_null() {
            return events;
        }
        assert!(page["nextPageTimestamp"].as_f64() > start.as_f64());
        start = page["nextPageTimestamp"].clone();
    }
}

#[tokio::test]
async fn pages_of_events_join_to_exactly_what_one_large_page_holds() {
    let client = client().await;
    let report = public_report(&client.sim);
    let joined = pages(&client, &report.code, "dataType: DamageDone, limit: 100").await;

    let filter = EventFilter::of(DataType::DamageDone, Hostility::Friendlies);
    let whole = report.events().page(report, &filter, 0.0, 1e9, report.length_ms(), usize::MAX);
    assert_eq!(whole.next_page_timestamp, None);
    assert!(whole.count > 300, "{}", whole.count);
    let whole: Vec<Value> = serde_json::from_slice(&whole.data).unwrap();
    assert_eq!(joined, whole);
}

#[tokio::test]
async fn a_page_is_spliced_in_byte_for_byte_and_two_pages_do_not_mix() {
    let client = client().await;
    let report = public_report(&client.sim);
    let query = format!(
        "{{ reportData {{ report(code: \"{}\") {{ d: events(fightIDs: [1], dataType: DamageDone, limit: 100) {{ data }} h: events(fightIDs: [1], dataType: Healing, limit: 100) {{ data }} }} }} }}",
        report.code
    );
    let text = client.ask(&query).await.text();

    let page = |data_type| {
        let filter = EventFilter { fight_ids: Some(vec![1]), ..EventFilter::of(data_type, Hostility::Friendlies) };
        String::from_utf8(report.events().page(report, &filter, 0.0, 1e9, report.length_ms(), 100).data).unwrap()
    };
    let expected = format!(
        "{{\"data\":{{\"reportData\":{{\"report\":{{\"d\":{{\"data\":{}}},\"h\":{{\"data\":{}}}}}}}}}}}",
        page(DataType::DamageDone),
        page(DataType::Healing)
    );
    assert_eq!(text, expected);
}

#[tokio::test]
async fn a_start_without_an_end_gives_an_empty_list_and_no_error() {
    let client = client().await;
    let code = &public_report(&client.sim).code;
    let query = format!(
        "{{ reportData {{ report(code: \"{code}\") {{ a: events(startTime: 0) {{ data nextPageTimestamp }} b: events(startTime: 0, fightIDs: [1]) {{ data }} c: events {{ data }} }} }} }}"
    );
    let report = client.data(&query).await["reportData"]["report"].clone();
    assert_eq!(report, json!({"a": {"data": [], "nextPageTimestamp": null}, "b": {"data": []}, "c": {"data": []}}));
}

#[tokio::test]
async fn objects_replace_ids_and_resources_are_added_when_asked_for() {
    let client = client().await;
    let code = &public_report(&client.sim).code;
    let query = format!(
        "{{ reportData {{ report(code: \"{code}\") {{ events(fightIDs: [1], dataType: DamageDone, useAbilityIDs: false, useActorIDs: false, includeResources: true, limit: 100) {{ data }} }} }} }}"
    );
    let event = client.data(&query).await["reportData"]["report"]["events"]["data"][0].clone();
    assert!(event["ability"]["guid"].is_number(), "{event}");
    assert!(event["source"]["id"].is_number(), "{event}");
    assert!(event["sourceResources"]["hitPoints"].is_number(), "{event}");
}

#[tokio::test]
async fn limits_out_of_range_and_far_too_large_ones_have_their_own_errors() {
    let client = client().await;
    let code = &public_report(&client.sim).code;
    for limit in [0, -10, 101] {
        let answer = client.ask(&format!("{{ reportData {{ reports(guildID: 1, limit: {limit}) {{ total }} }} }}")).await;
        assert_eq!(answer.message(), "The limit argument must be between 1 and 100.");
        assert_eq!(answer.json()["data"]["reportData"]["reports"], Value::Null);
    }
    let events = |limit: i64| {
        format!("{{ reportData {{ report(code: \"{code}\") {{ events(limit: {limit}, fightIDs: [1]) {{ data }} }} }} }}")
    };
    for limit in [0, -1] {
        let answer = client.ask(&events(limit)).await;
        assert_eq!(answer.message(), "The limit argument must be between 100 and 10000.");
    }
    // Beyond the bounds of the schema is the nearest of them.
    for (asked, taken) in [(1, 100), (99, 100), (10_001, 10_000), (1_000_000, 10_000)] {
        assert_eq!(client.data(&events(asked)).await, client.data(&events(taken)).await, "{asked}");
    }
    let answer = client.ask("{ gameData { abilities(limit: 999999) { total } } }").await;
    assert_eq!(answer.json(), json!({"errors": [{"message": "Max query complexity should be 100000 but got 999999."}]}));
}

#[tokio::test(start_paused = true)]
async fn a_live_report_grows_while_time_passes() {
    let client = client().await;
    let code = &report_that(&client.sim, |access| *access == Access::Live).code;
    let query =
        format!("{{ reportData {{ report(code: \"{code}\") {{ endTime revision segments fights {{ id inProgress }} }} }} }}");
    let before = client.data(&query).await["reportData"]["report"].clone();
    tokio::time::sleep(std::time::Duration::from_secs(120)).await;
    let after = client.data(&query).await["reportData"]["report"].clone();
    assert!(after["endTime"].as_f64() > before["endTime"].as_f64(), "{before} {after}");
    assert!(after["revision"].as_i64() > before["revision"].as_i64());
}
