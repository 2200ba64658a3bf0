//! GraphQL itself: the schema, its introspection, and what is wrong with a query.

use serde_json::{Value, json};

use esologs_sim::world::MAIN_GUILD_ID;

use crate::support::{Answer, Client, client};

#[tokio::test]
async fn the_schema_describes_every_type_field_and_enum_value() {
    let client = client().await;
    let query = "{ __schema { queryType { name } types { name description fields(includeDeprecated: true) { name description } enumValues(includeDeprecated: true) { name description } } } }";
    let schema = client.data(query).await["__schema"].clone();
    assert_eq!(schema["queryType"]["name"], "Query");
    let mut bare = Vec::new();
    for a_type in schema["types"].as_array().unwrap() {
        let name = a_type["name"].as_str().unwrap();
        if name.starts_with("__") {
            continue;
        }
        if a_type["description"].as_str().is_none_or(str::is_empty) {
            bare.push(name.to_owned());
        }
        for part in ["fields", "enumValues"].iter().flat_map(|key| a_type[key].as_array().into_iter().flatten()) {
            if part["description"].as_str().is_none_or(str::is_empty) {
                bare.push(format!("{name}.{}", part["name"].as_str().unwrap()));
            }
        }
    }
    assert_eq!(bare, Vec::<String>::new());
}

#[tokio::test]
async fn aliases_fragments_variables_and_operation_names_work_together() {
    let client = client().await;
    let query = "
        query Other { rateLimitData { limitPerHour } }
        query Guilds($id: Int!, $with: Boolean = false) {
            guildData {
                mine: guild(id: $id) { ...Names server @include(if: $with) { slug } }
                none: guild(id: 1) { ...Names }
            }
        }
        fragment Names on Guild { __typename title: name }";
    let answer = client.send(&json!({"query": query, "operationName": "Guilds", "variables": {"id": MAIN_GUILD_ID}})).await;
    let name = &client.sim.world().guild(MAIN_GUILD_ID).unwrap().name;
    assert_eq!(
        answer.text(),
        json!({"data": {"guildData": {"mine": {"__typename": "Guild", "title": name}, "none": null}}}).to_string()
    );
    assert_eq!(client.sim.stats().by_operation["Guilds"], 1);
}

async fn first_error(client: &Client, body: Value) -> (Answer, String) {
    let answer = client.send(&body).await;
    let message = answer.message();
    (answer, message)
}

#[tokio::test]
async fn mistakes_are_told_in_the_manner_of_the_service_with_status_200_and_no_data() {
    let client = client().await;
    let mistakes = [
        ("{ nope }", "Cannot query field \"nope\" on type \"Query\"."),
        ("{ guildData { guild(ID: 1) { id } } }", "Unknown argument \"ID\" on field \"guild\" of type \"GuildData\"."),
        ("query Q($a: Int) { rateLimitData { limitPerHour } }", "Variable \"$a\" is never used."),
        ("{ guildData { guild(id: $a) { id } } }", "Variable \"$a\" is not defined."),
        (
            "query Q($a: String) { guildData { guild(id: $a) { id } } }",
            "Variable \"$a\" of type \"String\" used in position expecting type \"Int\".",
        ),
        ("{ guildData }", "Field must have a selection of subfields."),
        ("{ ...F }", "Unknown fragment \"F\"."),
        ("query Q($a: Nope) { rateLimitData { limitPerHour } }", "Unknown type \"Nope\"."),
    ];
    for (query, expected) in mistakes {
        let (answer, message) = first_error(&client, json!({"query": query})).await;
        assert_eq!(answer.status, 200);
        assert_eq!(message, expected);
        let json = answer.json();
        assert_eq!(json.get("data"), None, "{query}");
        assert!(json["errors"][0]["locations"][0]["line"].is_number(), "{query}");
        assert_eq!(json["errors"][0].get("extensions"), None, "{query}");
    }
    let (_, message) = first_error(&client, json!({"query": "{ guildData { "})).await;
    assert!(message.starts_with("Syntax Error: "), "{message}");
}

#[tokio::test]
async fn variables_are_checked_before_anything_runs() {
    let client = client().await;
    let query = "query Q($id: Int!) { guildData { guild(id: $id) { id } } }";
    let (_, message) = first_error(&client, json!({"query": query})).await;
    assert_eq!(message, "Variable \"$id\" of required type was not provided.");
    let (_, message) = first_error(&client, json!({"query": query, "variables": {"id": "x"}})).await;
    assert_eq!(message, "Variable \"$id\" got invalid value \"x\"; Expected type Int.");
    // PHP writes an empty object as an empty list.
    let answer = client.send(&json!({"query": "{ rateLimitData { limitPerHour } }", "variables": []})).await;
    assert_eq!(answer.data()["rateLimitData"]["limitPerHour"], 18_000);
}

#[tokio::test]
async fn a_body_that_is_no_query_is_answered_with_an_error() {
    let client = client().await;
    for body in [json!({}), json!([]), json!({"query": null}), json!("x")] {
        let (answer, message) = first_error(&client, body).await;
        assert_eq!(answer.status, 200);
        assert!(message.contains("\"query\""), "{message}");
    }
}

#[tokio::test]
async fn every_field_without_required_arguments_answers_without_an_internal_failure() {
    let client = client().await;
    let query = "{
        gameData { abilities { total } classes { id slug specs { name class { name } } } factions { id name } items { data { id icon name } }
            item(id: 94461) { name } item_sets { total } maps { data { id name } } npcs { total } class(id: 1) { name } ability(id: 0) { name } }
        worldData { regions { id servers { data { name subregion { region { slug } } } } subregions { name } } expansions { zones { id } }
            zones { id name frozen expansion { name } difficulties { id name sizes } partitions { id default } brackets { min }
                encounters { id name characterRankings fightRankings } } zone(id: 12345) { id } encounter(id: 12345) { id } }
        guildData { guilds { data { id name tags { id name guild { id } } currentUserRank zoneRanking { progress { worldRank { number percentile color } } }
            attendance(limit: 3) { data { code players { name type presence } zone { name } } } members(limit: 2) { data { name classID server { slug } } } } } }
        characterData { characters(guildID: 3468) { total data { id displayName guildRank zoneRankings(zoneID: 16) recentReports { total } guilds { name } } } character(id: 0) { id } }
        progressRaceData { progressRace detailedComposition }
        userData { user(id: 1) { id } currentUser { id } }
        reportData { reports { data { code owner { name id } visibility region { slug } zone { name } guildTag { name } guild { name } exportedSegments } } }
    }";
    let data = client.data(query).await;
    assert_eq!(data["worldData"]["zone"], Value::Null);
    assert_eq!(data["characterData"]["character"], Value::Null);
    assert_eq!(data["userData"], json!({"user": null, "currentUser": null}));
    assert_eq!(data["gameData"]["item"]["name"], "Cuirass of the Reef");
}

#[tokio::test]
async fn analysis_fields_have_the_services_shapes() {
    let client = client().await;
    let code = &crate::support::public_report(&client.sim).code;
    let query = format!(
        "{{ reportData {{ report(code: \"{code}\") {{ table(startTime: 0, endTime: 1000) graph playerDetails rankings phases {{ encounterID }} rankedCharacters {{ name }} buffs: table(dataType: Buffs) }} }} }}"
    );
    let report = client.data(&query).await["reportData"]["report"].clone();
    assert_eq!(report["table"]["data"]["totalTime"], 1000);
    assert!(report["graph"]["data"]["series"].is_array());
    assert!(report["playerDetails"]["data"]["playerDetails"]["tanks"].is_array());
    assert!(report["buffs"]["data"]["auras"].is_array());
    assert!(report["rankings"]["data"].is_array());
}
