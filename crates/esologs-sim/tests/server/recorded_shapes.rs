//! The simulator's `JSON` scalars beside recorded ones: every field that a record has is here, with the same type.
//!
//! Recorded answers lie outside the repository, because they name real players; the folder is named by `ESOLOGS_SAMPLES`. Where it is not
//! set, these tests say so and pass over.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::{Client, client, public_report};

fn sample(name: &str) -> Option<Value> {
    let Some(folder) = std::env::var_os("ESOLOGS_SAMPLES").filter(|folder| !folder.is_empty()) else {
        eprintln!("passed over: ESOLOGS_SAMPLES is not set, so the recorded answer {name} is not read");
        return None;
    };
    let text = std::fs::read_to_string(PathBuf::from(folder).join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}")))
}

/// The path of every leaf with its type; places in lists are all the same.
fn shape(value: &Value) -> BTreeSet<String> {
    fn walk(value: &Value, path: &str, found: &mut BTreeSet<String>) {
        let kind = match value {
            Value::Object(map) => return map.iter().for_each(|(key, value)| walk(value, &format!("{path}.{key}"), found)),
            Value::Array(items) => return items.iter().for_each(|item| walk(item, &format!("{path}[]"), found)),
            Value::Null => return,
            Value::Bool(_) => "bool",
            Value::Number(_) => "number",
            Value::String(_) => "text",
        };
        found.insert(format!("{path}: {kind}"));
    }
    let mut found = BTreeSet::new();
    walk(value, "", &mut found);
    found
}

fn holds_the_shape_of(name: &str, recorded: &Value, ours: &Value) {
    let ours = shape(ours);
    let missing: Vec<String> = shape(recorded).into_iter().filter(|leaf| !ours.contains(leaf)).collect();
    assert!(missing.is_empty(), "{name}: the simulator lacks {missing:?}");
}

/// Encounter and zone of a kill in the small world's first public report.
fn killed(client: &Client) -> (i64, i64, i64) {
    let report = public_report(&client.sim);
    let kill = report.fights.iter().find(|fight| fight.kill == Some(true)).unwrap();
    (kill.encounter_id, report.zone_id, kill.difficulty.unwrap())
}

async fn of_members(client: &Client, field: &str) -> Value {
    let query = format!("{{ characterData {{ characters(guildID: 3468) {{ data {{ it: {field} }} }} }} }}");
    let members = client.data(&query).await["characterData"]["characters"]["data"].clone();
    let mut told = members.as_array().unwrap().iter().map(|member| &member["it"]);
    told.find(|it| it["ranks"][0].is_object() || it["allStars"][0].is_object()).unwrap().clone()
}

#[tokio::test]
async fn rankings_of_characters_have_the_recorded_shapes() {
    let client = client().await;
    let (encounter, zone, difficulty) = killed(&client);
    if let Some(recorded) = sample("wcl-official/getCharacterEncounterRankings.json") {
        let ours = of_members(&client, &format!("encounterRankings(encounterID: {encounter}, difficulty: {difficulty})")).await;
        holds_the_shape_of("encounterRankings", &recorded["encounterRankings"], &ours);
    }
    if let Some(mut recorded) = sample("wcl-official/getCharacterZoneRankings.json") {
        let ours = of_members(&client, &format!("zoneRankings(zoneID: {zone}, difficulty: {difficulty})")).await;
        // A rank on the server is null for some and a number for others, here always null.
        recorded["zoneRankings"]["allStars"][0]["serverRank"] = Value::Null;
        recorded["zoneRankings"]["allStars"].as_array_mut().unwrap().truncate(1);
        holds_the_shape_of("zoneRankings", &recorded["zoneRankings"], &ours);
    }
}

#[tokio::test]
async fn rankings_of_encounters_have_the_recorded_shapes() {
    let client = client().await;
    let (encounter, _, difficulty) = killed(&client);
    let query = format!(
        "{{ worldData {{ encounter(id: {encounter}) {{ characters: characterRankings(leaderboard: LogsOnly, includeCombatantInfo: true, difficulty: {difficulty}) fights: fightRankings(leaderboard: LogsOnly, difficulty: {difficulty}) }} }} }}"
    );
    let ours = client.data(&query).await["worldData"]["encounter"].clone();
    if let Some(recorded) = sample("eso-report-excerpts/characterRankings-page-first-2-of-100.json") {
        holds_the_shape_of("characterRankings", &recorded, &ours["characters"]);
    }
    if let Some(recorded) = sample("wcl-official/getEncounterFightRankings.json") {
        holds_the_shape_of("fightRankings", &recorded["fightRankings"], &ours["fights"]);
    }
}

#[tokio::test]
async fn graphs_and_zones_have_the_recorded_shapes() {
    let client = client().await;
    let code = &public_report(&client.sim).code;
    let query = format!(
        "{{ reportData {{ report(code: \"{code}\") {{ graph }} }} worldData {{ zones {{ id name frozen brackets {{ min max bucket type }} difficulties {{ id name sizes }} encounters {{ id name }} expansion {{ id name }} }} }} }}"
    );
    let ours = client.data(&query).await;
    if let Some(recorded) = sample("wcl-official/getReportGraph.json") {
        holds_the_shape_of("graph", &recorded["graph"], &ours["reportData"]["report"]["graph"]);
    }
    if let Some(recorded) = sample("wcl-official/getZones.json") {
        holds_the_shape_of("zones", &recorded, &ours["worldData"]["zones"]);
    }
}

#[tokio::test]
async fn fights_have_the_recorded_shape() {
    let client = client().await;
    let code = &public_report(&client.sim).code;
    let npc = "{ id gameID groupCount instanceCount petOwner __typename }";
    let query = format!(
        "{{ reportData {{ __typename report(code: \"{code}\") {{ __typename code startTime endTime title visibility zone {{ name __typename }} fights {{ __typename id name difficulty startTime endTime kill encounterID originalEncounterID lastPhase lastPhaseAsAbsoluteIndex lastPhaseIsIntermission friendlyPlayers enemyPlayers bossPercentage boundingBox {{ minX maxX minY maxY __typename }} friendlyNPCs {npc} enemyNPCs {npc} maps {{ id name file __typename }} gameZone {{ id name __typename }} }} }} }} }}"
    );
    let ours = client.data(&query).await;
    if let Some(recorded) = sample("eso-report-excerpts/F4f2bMwWtgVKxjB9-fights-1-7.json") {
        holds_the_shape_of("fights", &recorded, &ours);
    }
}
