//! Tables, graphs and player details add up to what the events say.

use esologs_sim::world::model::{Fight, Report};
use esologs_sim::world::{DataType, EventFilter, EventKind, Hostility};
use serde_json::{Value, json};

use crate::support::{Client, client, public_report};

async fn of_report(client: &Client, field: &str) -> Value {
    let code = &public_report(&client.sim).code;
    let query = format!("{{ reportData {{ report(code: \"{code}\") {{ it: {field} }} }} }}");
    client.data(&query).await["reportData"]["report"]["it"]["data"].clone()
}

fn first_kill(report: &Report) -> &Fight {
    report.fights.iter().find(|fight| fight.kill == Some(true)).unwrap()
}

/// The amounts of a fight's events, added up.
fn sum(report: &Report, fight: &Fight, data_type: DataType, hostility: Hostility) -> i64 {
    let filter = EventFilter { fight_ids: Some(vec![fight.id]), ..EventFilter::of(data_type, hostility) };
    report.events().select(report, &filter, 0.0, 1e9, report.length_ms()).map(|event| event.amount()).sum()
}

fn totals(entries: &Value) -> i64 {
    entries.as_array().unwrap().iter().map(|entry| entry["total"].as_i64().unwrap()).sum()
}

#[tokio::test]
async fn sums_of_damage_and_healing_are_those_of_the_events_whatever_the_rows_stand_for() {
    let client = client().await;
    let report = public_report(&client.sim);
    let fight = first_kill(report);
    for (name, data_type) in
        [("DamageDone", DataType::DamageDone), ("Healing", DataType::Healing), ("DamageTaken", DataType::DamageTaken)]
    {
        for (side, hostility) in [("Friendlies", Hostility::Friendlies), ("Enemies", Hostility::Enemies)] {
            for view in ["Default", "Source", "Target", "Ability"] {
                let arguments = format!("dataType: {name}, hostilityType: {side}, viewBy: {view}, fightIDs: [{}]", fight.id);
                let table = of_report(&client, &format!("table({arguments})")).await;
                assert_eq!(totals(&table["entries"]), sum(report, fight, data_type, hostility), "{arguments}");
                assert_eq!(table["totalTime"], fight.end - fight.start);
                let graph = of_report(&client, &format!("graph({arguments})")).await;
                let last = graph["series"].as_array().unwrap().last().cloned();
                let total = last.map_or(0, |series| series["total"].as_i64().unwrap());
                assert_eq!(total, totals(&table["entries"]), "graph({arguments})");
            }
        }
    }
}

#[tokio::test]
async fn without_a_source_rows_are_actors_with_five_abilities_at_most_and_with_one_they_are_its_abilities() {
    let client = client().await;
    let report = public_report(&client.sim);
    let fight = first_kill(report);
    let arguments = format!("dataType: DamageDone, fightIDs: [{}]", fight.id);

    let all = of_report(&client, &format!("table({arguments})")).await["entries"].clone();
    let first = &all[0];
    let (id, listed) = (first["id"].as_i64().unwrap(), first["abilities"].as_array().unwrap());
    assert_eq!(report.actor(id).unwrap().name, first["name"]);
    assert!(listed.len() == 5 && listed.iter().all(|ability| ability["guid"].is_i64() && ability["type"].is_i64()));

    let own = of_report(&client, &format!("table({arguments}, sourceID: {id})")).await["entries"].clone();
    assert!(own.as_array().unwrap().len() > 5);
    // A pet's damage is its owner's in the table of all, but not its owner's own.
    assert!(totals(&own) <= first["total"].as_i64().unwrap());
    assert!(own[0]["hitCount"].is_i64() && own[0]["abilityIcon"].is_string());
}

#[tokio::test]
async fn a_graph_has_241_points_that_add_up_to_its_total() {
    let client = client().await;
    let fight = first_kill(public_report(&client.sim)).clone();
    let graph = of_report(&client, &format!("graph(fightIDs: [{}])", fight.id)).await;

    let names: Vec<&str> = graph["series"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Damage Done", "Damage Taken", "Healing Done", "Healing Received"]);
    for series in graph["series"].as_array().unwrap() {
        let points: Vec<f64> = series["data"].as_array().unwrap().iter().map(|point| point.as_f64().unwrap()).collect();
        let interval_s = series["pointInterval"].as_f64().unwrap() / 1000.0;
        let (sum, total) = (points.iter().sum::<f64>() * interval_s, series["total"].as_f64().unwrap());
        assert_eq!((points.len(), &series["pointStart"]), (241, &json!(fight.start)));
        assert!((sum - total).abs() <= 241.0 * interval_s, "{sum} is not {total}");
    }
}

#[tokio::test]
async fn a_summary_holds_everybody_and_every_death() {
    let client = client().await;
    let report = public_report(&client.sim);
    let summary = of_report(&client, &format!("table(startTime: 0, endTime: {})", report.length_ms())).await;

    let deaths = EventFilter::of(DataType::Deaths, Hostility::Friendlies);
    let deaths = report.events().select(report, &deaths, 0.0, 1e9, report.length_ms()).count();
    assert!(deaths > 0);
    assert_eq!(summary["deathEvents"].as_array().unwrap().len(), deaths);
    let players = report.actors.iter().filter(|actor| actor.kind == "Player").count();
    assert_eq!(summary["composition"].as_array().unwrap().len(), players);
    let everything: i64 = report.fights.iter().map(|fight| sum(report, fight, DataType::DamageDone, Hostility::Friendlies)).sum();
    assert_eq!(totals(&summary["damageDone"]), everything);
    assert!(summary["damageTaken"][0]["guid"].is_i64() && summary["playerDetails"]["tanks"].is_array());
}

#[tokio::test]
async fn the_deaths_table_tells_the_blow_and_what_came_before() {
    let client = client().await;
    let report = public_report(&client.sim);
    let deaths = of_report(&client, "table(dataType: Deaths)").await["entries"].clone();
    let events: Vec<_> = report.events().iter().filter(|it| it.kind == EventKind::Death && it.target_is_friendly).collect();

    assert_eq!(deaths.as_array().unwrap().len(), events.len());
    for (entry, event) in deaths.as_array().unwrap().iter().zip(events) {
        assert_eq!((entry["timestamp"].as_i64(), entry["id"].as_i64()), (Some(event.timestamp), Some(event.target)));
        assert_eq!(entry["killingBlow"]["guid"], event.ability);
        assert!(entry["damage"]["total"].is_i64() && entry["events"].is_array());
    }
    let survivors = of_report(&client, "table(dataType: Survivability)").await["entries"].clone();
    let died: i64 = survivors.as_array().unwrap().iter().map(|it| it["deaths"].as_i64().unwrap()).sum();
    let of_players = report.events().iter().filter(|it| it.kind == EventKind::Death && it.target_is_friendly).count();
    assert_eq!(died, i64::try_from(of_players).unwrap());
}

#[tokio::test]
async fn aura_tables_tell_bands_inside_the_range_that_add_up_to_the_uptime() {
    let client = client().await;
    let fight = first_kill(public_report(&client.sim)).clone();
    for arguments in ["dataType: Buffs", "dataType: Debuffs", "dataType: Debuffs, hostilityType: Enemies"] {
        let table = of_report(&client, &format!("table({arguments}, fightIDs: [{}])", fight.id)).await;
        let auras = table["auras"].as_array().unwrap();
        assert!(!auras.is_empty(), "{arguments}");
        for aura in auras {
            let bands = aura["bands"].as_array().unwrap().iter();
            let ends = bands.map(|band| (band["startTime"].as_i64().unwrap(), band["endTime"].as_i64().unwrap()));
            let ends: Vec<(i64, i64)> = ends.collect();
            assert!(ends.iter().all(|(start, end)| fight.start <= *start && start <= end && *end <= fight.end));
            assert_eq!(aura["totalUptime"], ends.iter().map(|(start, end)| end - start).sum::<i64>(), "{aura}");
            assert!(aura["totalUses"].as_u64() >= Some(ends.len() as u64));
        }
    }
}

#[tokio::test]
async fn every_type_of_table_and_graph_is_answered() {
    let client = client().await;
    for data_type in ["Casts", "Dispels", "Interrupts", "Resources", "Summons", "Survivability", "Threat", "Deaths", "Buffs"] {
        for hostility in ["Friendlies", "Enemies"] {
            let arguments = format!("dataType: {data_type}, hostilityType: {hostility}");
            let table = of_report(&client, &format!("table({arguments})")).await;
            assert!(table["totalTime"].is_i64(), "{arguments}: {table}");
            let graph = of_report(&client, &format!("graph({arguments})")).await;
            assert!(graph["series"].is_array(), "{arguments}: {graph}");
        }
    }
    let casts = of_report(&client, "table(dataType: Casts)").await;
    let report = public_report(&client.sim);
    let by_friends = report.events().iter().filter(|it| it.kind == EventKind::Cast && it.source_is_friendly).count();
    assert_eq!(totals(&casts["entries"]), i64::try_from(by_friends).unwrap());
}

#[tokio::test]
async fn gear_comes_when_it_is_asked_for_and_else_there_is_an_empty_list() {
    let client = client().await;
    let fight = first_kill(public_report(&client.sim)).clone();
    let players = |details: &Value| -> Vec<Value> {
        let roles = details["playerDetails"].as_object().unwrap().values();
        roles.flat_map(|role| role.as_array().unwrap().clone()).collect()
    };

    let bare = of_report(&client, &format!("playerDetails(fightIDs: [{}])", fight.id)).await;
    let full = of_report(&client, &format!("playerDetails(fightIDs: [{}], includeCombatantInfo: true)", fight.id)).await;

    assert_eq!((players(&bare).len(), players(&full).len()), (12, 12));
    assert!(players(&bare).iter().all(|player| player["combatantInfo"] == json!([])));
    for player in players(&full) {
        assert_eq!(player["combatantInfo"]["gear"].as_array().unwrap().len(), 16, "{player}");
        assert_eq!(player["combatantInfo"]["talents"].as_array().unwrap().len(), 12);
        assert!(player["combatantInfo"]["gear"][0]["championPoints"].is_i64());
    }
    // Nobody is there: PHP does not tell an empty object from an empty list.
    assert_eq!(of_report(&client, "playerDetails(fightIDs: [999])").await, json!({"playerDetails": []}));
}
