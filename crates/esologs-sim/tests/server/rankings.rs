//! Rankings: of an encounter's best, of a character, of a report; each adds up with the others.

use esologs_sim::world::model::Access;
use serde_json::{Value, json};

use crate::support::{Client, client, sim};

/// A kill of the world that is ranked: encounter, difficulty, code of the report, id of a player who has a character.
struct Kill {
    encounter_id: i64,
    difficulty: i64,
    code: String,
    fight_id: i64,
    character_id: i64,
    duration: i64,
}

fn kill(client: &Client) -> Kill {
    let world = client.sim.world();
    let reports = world.reports.iter().filter(|report| report.access == Access::Public);
    let mut kills = reports
        .flat_map(|report| report.fights.iter().filter(|fight| fight.kill == Some(true)).map(move |fight| (report, fight)));
    let (report, fight) = kills.next().unwrap();
    let shown = |id: &i64| {
        let character = world.character(report.actor(*id)?.character_id?)?;
        (!character.hidden && !character.anonymous).then_some(character.id)
    };
    Kill {
        encounter_id: fight.encounter_id,
        difficulty: fight.difficulty.unwrap(),
        code: report.code.clone(),
        fight_id: fight.id,
        character_id: fight.friendly_players.iter().find_map(shown).unwrap(),
        duration: fight.end - fight.start,
    }
}

async fn of_encounter(client: &Client, encounter_id: i64, field: &str) -> Value {
    let query = format!("{{ worldData {{ encounter(id: {encounter_id}) {{ it: {field} }} }} }}");
    client.data(&query).await["worldData"]["encounter"]["it"].clone()
}

async fn of_character(client: &Client, id: i64, field: &str) -> Value {
    let query = format!("{{ characterData {{ character(id: {id}) {{ it: {field} }} }} }}");
    client.data(&query).await["characterData"]["character"]["it"].clone()
}

#[tokio::test]
async fn a_leaderboard_has_100_entries_a_page_by_falling_amounts_and_no_codes() {
    let client = client().await;
    let first = of_encounter(&client, 52, "characterRankings").await;
    let second = of_encounter(&client, 52, "characterRankings(page: 2)").await;
    let beyond = of_encounter(&client, 52, "characterRankings(page: 99)").await;

    assert_eq!((&first["page"], &first["count"], &first["hasMorePages"]), (&json!(1), &json!(100), &json!(true)));
    assert_eq!((&second["page"], &second["hasMorePages"]), (&json!(2), &json!(false)));
    assert_eq!(beyond, json!({"page": 99, "count": 0, "hasMorePages": false, "rankings": []}));
    let both = [&first, &second].into_iter().flat_map(|page| page["rankings"].as_array().unwrap());
    let amounts: Vec<f64> = both.clone().map(|entry| entry["amount"].as_f64().unwrap()).collect();
    assert!(amounts.is_sorted_by(|a, b| a >= b), "{amounts:?}");
    for entry in both {
        assert_eq!(entry["report"], json!({"code": null, "fightID": 0, "startTime": 0}));
        assert!(entry["gear"].is_null() && entry["bracketData"].is_i64() && entry["server"]["region"].is_string(), "{entry}");
    }
}

#[tokio::test]
async fn logs_only_names_the_report_and_gear_comes_with_numbers_as_strings() {
    let client = client().await;
    let kill = kill(&client);
    let arguments = format!("leaderboard: LogsOnly, includeCombatantInfo: true, difficulty: {}", kill.difficulty);
    let page = of_encounter(&client, kill.encounter_id, &format!("characterRankings({arguments})")).await;

    let entries = page["rankings"].as_array().unwrap();
    assert!(!entries.is_empty());
    for entry in entries {
        let report = client.sim.world().report(entry["report"]["code"].as_str().unwrap()).unwrap();
        let fight = report.fight(entry["report"]["fightID"].as_i64().unwrap()).unwrap();
        assert_eq!((fight.encounter_id, fight.kill), (kill.encounter_id, Some(true)));
        assert_eq!(entry["duration"], fight.end - fight.start);
        assert_eq!(entry["gear"].as_array().unwrap().len(), 16);
        assert_eq!((&entry["gear"][0]["cp"], &entry["gear"][15]["cp"]), (&json!("160"), &json!("0")));
        assert!(entry["gear"][0]["id"].is_i64() && entry["talents"][0]["id"].is_i64() && entry["sets"][0]["id"].is_i64());
    }
}

#[tokio::test]
async fn what_names_nothing_is_told_inside_the_scalar_and_the_broken_metric_as_an_error() {
    let client = client().await;
    for (arguments, message) in [
        ("className: \"Bard\"", "Invalid class name specified."),
        ("specName: \"Juggler\"", "Invalid spec name specified."),
        ("serverRegion: \"XX\"", "Invalid region specified."),
        ("serverRegion: \"NA\", serverSlug: \"nowhere\"", "Invalid server specified."),
        ("partition: 99", "Invalid partition specified."),
    ] {
        assert_eq!(of_encounter(&client, 52, &format!("characterRankings({arguments})")).await, json!({"error": message}));
    }
    let unknown = of_character(&client, 700_001, "zoneRankings(zoneID: 99999)").await;
    assert_eq!(unknown, json!({"error": "Invalid zone id specified."}));

    let broken = client.ask("{ worldData { encounter(id: 52) { id characterRankings(metric: rdps) } } }").await;
    assert_eq!(broken.message(), "Internal server error");
    assert_eq!(broken.json()["data"]["worldData"]["encounter"], json!({"id": 52, "characterRankings": null}));
}

#[tokio::test]
async fn filters_of_a_leaderboard_leave_only_what_fits() {
    let client = client().await;
    let all = |page: Value| page["rankings"].as_array().unwrap().clone();
    let healers = all(of_encounter(&client, 52, "characterRankings(className: \"Warden\", serverRegion: \"EU\")").await);
    assert!(!healers.is_empty());
    assert!(healers.iter().all(|entry| entry["class"] == "Warden" && entry["server"]["region"] == "EU"));
    assert_eq!(all(of_encounter(&client, 52, "characterRankings(externalBuffs: Require)").await), Vec::<Value>::new());

    let fights = of_encounter(&client, 52, "fightRankings(metric: speed)").await;
    assert_eq!((&fights["count"], &fights["hasMorePages"]), (&json!(50), &json!(true)));
    let durations: Vec<i64> = fights["rankings"].as_array().unwrap().iter().map(|it| it["duration"].as_i64().unwrap()).collect();
    assert!(durations.is_sorted(), "{durations:?}");
    let logged = of_encounter(&client, 52, "fightRankings(leaderboard: LogsOnly, partition: -1)").await;
    assert!(logged["rankings"].as_array().unwrap().iter().all(|it| it["report"]["code"].is_string()));
}

#[tokio::test]
async fn a_characters_rankings_name_the_kills_that_its_reports_hold() {
    let client = client().await;
    let kill = kill(&client);
    let arguments = format!("encounterID: {}, difficulty: {}", kill.encounter_id, kill.difficulty);
    let rankings = of_character(&client, kill.character_id, &format!("encounterRankings({arguments})")).await;

    let ranks = rankings["ranks"].as_array().unwrap();
    assert_eq!(rankings["totalKills"], ranks.len());
    let own = json!({"code": kill.code, "fightID": kill.fight_id});
    let found = ranks.iter().find(|rank| rank["report"]["code"] == own["code"] && rank["report"]["fightID"] == own["fightID"]);
    let found = found.unwrap_or_else(|| panic!("{own} is not in {rankings}"));
    assert_eq!((&found["duration"], &found["lockedIn"]), (&json!(kill.duration), &json!(true)));
    assert!((0.0..=100.0).contains(&found["rankPercent"].as_f64().unwrap()));
    assert_eq!(rankings["bestAmount"], ranks[0]["amount"]);

    let zone = client.sim.world().encounter(kill.encounter_id).unwrap().0;
    let arguments = format!("zoneID: {}, difficulty: {}", zone.id, kill.difficulty);
    let zone_rankings = of_character(&client, kill.character_id, &format!("zoneRankings({arguments})")).await;
    let entries = zone_rankings["rankings"].as_array().unwrap();
    assert_eq!(entries.len(), zone.encounters.len());
    let entry = entries.iter().find(|entry| entry["encounter"]["id"] == kill.encounter_id).unwrap();
    assert_eq!((&entry["bestAmount"], &entry["totalKills"]), (&rankings["bestAmount"], &rankings["totalKills"]));
    assert_eq!(zone_rankings["allStars"][0]["spec"], entry["spec"]);
}

#[tokio::test]
async fn a_reports_rankings_have_the_same_amounts_as_the_characters() {
    let client = client().await;
    let kill = kill(&client);
    let query = format!(
        "{{ reportData {{ report(code: \"{}\") {{ rankings(fightIDs: [{}], playerMetric: dps) }} }} }}",
        kill.code, kill.fight_id
    );
    let data = client.data(&query).await["reportData"]["report"]["rankings"]["data"].clone();

    assert_eq!(data.as_array().unwrap().len(), 1);
    assert_eq!(data[0]["encounter"]["id"], kill.encounter_id);
    let roles = data[0]["roles"].as_object().unwrap();
    let everybody: Vec<&Value> = roles.values().flat_map(|role| role["characters"].as_array().unwrap()).collect();
    assert_eq!(everybody.len(), 12);
    let it = everybody.iter().find(|it| it["id"] == kill.character_id).unwrap();
    assert!(it["rank"].as_str().unwrap().starts_with('~'));
    let arguments = format!("encounterID: {}, difficulty: {}, metric: dps", kill.encounter_id, kill.difficulty);
    let rankings = of_character(&client, kill.character_id, &format!("encounterRankings({arguments})")).await;
    assert!(rankings["ranks"].as_array().unwrap().iter().any(|rank| rank["amount"] == it["amount"]), "{it} in {rankings}");
}

#[tokio::test]
async fn rankings_of_a_hidden_character_are_not_told() {
    let sim = sim();
    let client = Client::of(&sim).await;
    let hidden = sim.world().characters.iter().find(|character| character.hidden).unwrap().id;
    let told = of_character(&client, hidden, "zoneRankings").await;
    assert!(told["error"].as_str().unwrap().contains("hidden"), "{told}");
}
