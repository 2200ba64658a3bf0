//! Odd answers: scalars in strings and errors in their place, nulls on every level, and what nobody knows yet.

use esologs::{CallPolicy, CharacterRankings, Class, Drift, ErrorKind, JsonScalar, SignedIn, Table};
use serde_json::{Value, json as value};

use crate::support::{Rig, Script, graphql_error, json};

const CODE: &str = "aBcDeFgHiJkLmNpQ";

fn report(part: &str, answer: Value) -> Script {
    Script::new().api_always(json(value!({"data": {"reportData": {"report": {part: answer}}}})))
}

async fn table(script: Script, policy: CallPolicy) -> (Rig, Result<JsonScalar<Table>, esologs::Error>) {
    let rig = Rig::new(script, policy);
    let table = rig.client.report(CODE.parse().unwrap()).table().await;
    (rig, table)
}

#[tokio::test(start_paused = true)]
async fn a_scalar_in_a_string_is_the_same_as_one_without() {
    let plain = value!({"data": {"totalTime": 4_800.5, "entries": [{"name": "Aela", "total": 12}]}});
    for answer in [plain.clone(), value!(plain.to_string())] {
        let (_, table) = table(report("table", answer), CallPolicy::plain()).await;
        let table = table.unwrap();
        assert_eq!(serde_json::from_str::<Value>(table.json().get()).unwrap(), plain);
        let data = table.read().unwrap().data.unwrap();
        assert_eq!((data.total_time, data.entries.unwrap()[0].total), (Some(4_800.5), Some(12.0)));
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_inside_a_scalar_is_an_error_and_repeated_only_where_that_can_help() {
    for (words, kind, class, requests) in [
        ("Invalid metric specified", ErrorKind::BadAnswer, Class::GraphqlUnknown, 1),
        ("You do not have permission to see this", ErrorKind::PermissionDenied, Class::PermissionDenied, 1),
        ("Internal server error", ErrorKind::Upstream, Class::GraphqlInternal, 3),
    ] {
        for answer in [value!({"error": words}), value!(value!({"error": words}).to_string())] {
            let script = report("table", answer);
            let (_, table) = table(script.clone(), CallPolicy::interactive()).await;
            let error = table.unwrap_err();
            assert_eq!((error.kind(), error.class()), (kind, Some(class)), "{error}");
            assert!(error.to_string().contains(words), "{error}");
            assert_eq!(script.api_requests(), requests, "{words}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_table_of_another_shape_is_no_failed_call_and_names_the_place_when_it_is_read() {
    let script = report("table", value!({"data": {"entries": "none of your business", "totalTime": 1}}));
    let (_, table) = table(script.clone(), CallPolicy::interactive()).await;
    let table = table.unwrap();

    let error = table.read().unwrap_err();

    assert_eq!((error.kind(), script.api_requests()), (ErrorKind::BadAnswer, 1), "it was paid for once");
    assert!(error.to_string().contains("entries"), "{error}");
    assert!(table.json().get().contains("none of your business"));
    assert_eq!(Drift::of(&table).unreadable().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_null_is_told_for_what_it_is() {
    let client = |answer: Value| Rig::new(Script::new().api_always(json(value!({"data": answer}))), CallPolicy::plain()).client;

    let none = client(value!({"reportData": {"report": null}})).report(CODE.parse().unwrap()).table().await.unwrap_err();
    let text = "report aBcDeFgHiJkLmNpQ is not visible to this key (private, deleted or mistyped)";
    assert_eq!((none.kind(), none.to_string().as_str()), (ErrorKind::NotVisible, text));

    let none = client(value!({"reportData": {"report": {"table": null}}})).report(CODE.parse().unwrap()).table().await;
    let none = none.unwrap_err();
    assert_eq!(none.to_string(), "table of report aBcDeFgHiJkLmNpQ: the service has none to show to this key");

    let none = client(value!({"guildData": {"guild": null}})).guild(7).members().await.unwrap_err();
    assert_eq!((none.kind(), none.to_string().as_str()), (ErrorKind::NotVisible, "there is no guild 7 that this key can see"));
    assert!(none.hint().unwrap().contains("guild/id/NUMBER"));

    let none = client(value!({"characterData": {"character": null}})).character_by_name("Aela", "megaserver", "NA").await;
    let text = "there is no character 'Aela' on server 'megaserver' of region NA that this key can see";
    assert_eq!(none.unwrap_err().to_string(), text);

    // Where null is an answer.
    assert!(client(value!({"progressRaceData": {"progressRace": null}})).progress_race().await.unwrap().is_none());
    assert!(
        client(value!({"reportData": {"report": {"phases": null}}}))
            .report(CODE.parse().unwrap())
            .phases()
            .await
            .unwrap()
            .is_none()
    );
    let answer = json(value!({"data": {"guildData": {"guild": {"currentUserRank": null}}}}));
    let user = Rig::of_user(Script::new().api(answer), CallPolicy::plain(), SignedIn::with_token("me", "token-1"));
    assert!(user.client.guild(7).current_user_rank().await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn what_was_asked_for_and_is_not_there_is_an_incomplete_answer_and_asked_for_again() {
    let cut = json(value!({"data": {"gameData": {}}}));
    let whole = json(value!({"data": {"gameData": {"ability": {"id": 7, "name": "Surprise Attack"}}}}));
    let script = Script::new().api(cut).api(whole);
    let rig = Rig::new(script.clone(), CallPolicy::interactive());

    let ability = rig.client.ability(7).await.unwrap();

    assert_eq!((ability.value().name.as_deref(), script.api_requests()), (Some("Surprise Attack"), 2));
}

#[tokio::test(start_paused = true)]
async fn errors_beside_a_page_cost_no_entry_where_only_fields_of_entries_are_null() {
    let page = value!({"data": [{"id": 7, "name": null}, {"id": 8, "name": "Aela"}], "total": 2, "per_page": 100,
        "current_page": 1, "from": 1, "to": 2, "last_page": 1, "has_more_pages": false});
    let answer = |path: Value, members: &Value| {
        let body = value!({"errors": [{"message": "Internal server error", "path": path}],
            "data": {"guildData": {"guild": {"members": members}}}});
        Rig::new(Script::new().api_always(json(body)), CallPolicy::plain()).client
    };

    let field = answer(value!(["guildData", "guild", "members", "data", 0, "name"]), &page).guild(7).members().await.unwrap();
    let list = answer(value!(["guildData", "guild", "members", "data"]), &page).guild(7).members().await.unwrap_err();

    assert_eq!(field.data.len(), 2);
    assert_eq!(list.kind(), ErrorKind::Upstream, "whoever lost the list got nothing");
}

#[tokio::test(start_paused = true)]
async fn fields_and_values_that_nobody_knows_fail_nothing_and_are_counted() {
    let guild = value!({"id": 3468, "name": "Lanterns of Alinor", "currentUserRank": "QuarterMaster", "motto": "By moonlight",
        "server": {"id": 1, "name": "NA Megaserver", "season": 4}, "tags": [{"id": 1, "color": "red"}, null, {"id": 2, "color": "blue"}]});
    let script = Script::new().api_always(json(value!({"data": {"guildData": {"guild": guild}}})));
    let rig = Rig::new(script, CallPolicy::plain());

    let found = rig.client.guild(3468).await.unwrap();
    let drift = Drift::of(&found);

    let fields: Vec<(&str, u64)> = drift.unknown_fields().iter().map(|(place, count)| (place.as_str(), *count)).collect();
    assert_eq!(fields, [("Guild.motto", 1), ("GuildTag.color", 2), ("Server.season", 1)]);
    assert_eq!(drift.unknown_values().iter().next().unwrap().0, "Guild.currentUserRank = QuarterMaster");
    assert_eq!(found.value().current_user_rank.as_ref().unwrap().name(), "QuarterMaster");
    assert_eq!(serde_json::to_value(found.value()).unwrap(), guild, "and written again as they came");
}

#[tokio::test(start_paused = true)]
async fn gear_in_numbers_and_gear_in_strings_is_the_same_gear() {
    let rank = |cp: Value| {
        value!({"page": 1, "hasMorePages": false, "count": 1, "rankings": [{"name": "Aela",
        "report": {"code": null, "fightID": 0, "startTime": 0}, "class": 12, "gear": [{"id": "5", "cp": cp, "setID": "350"}]}]})
    };
    for (cp, board) in [("in a string", rank(value!("160"))), ("as a number", rank(value!(160)))] {
        let scalar: JsonScalar<CharacterRankings> = serde_json::from_value(board.clone()).unwrap();
        let read = scalar.read().unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), board, "{cp}");
        let rank = &read.rankings.unwrap()[0];
        let gear = &rank.gear.as_ref().unwrap()[0];
        assert_eq!((gear.cp, gear.id.unwrap().get(), gear.set_id.unwrap().get()), (Some(160), 5, 350), "{cp}");
        assert_eq!(rank.class.as_deref(), Some("12"), "a class by its number");
        assert_eq!(rank.report.as_ref().unwrap().code, None, "no log");
    }
}

#[tokio::test(start_paused = true)]
async fn a_graphql_error_of_a_part_is_told_as_for_the_whole() {
    let rig = Rig::new(Script::new().api_always(graphql_error("This report does not exist.")), CallPolicy::plain());
    let error = rig.client.report(CODE.parse().unwrap()).graph().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotVisible);
}
