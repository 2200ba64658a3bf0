//! Models keep everything: what was decoded encodes back to the same JSON values, of our own fixtures and of recorded answers.
//!
//! Recorded answers lie outside the repository, because they name real players; the folder is named by `ESOLOGS_SAMPLES`.
//! Where it is not set, those tests say so and pass over. The fixtures under `tests/fixtures` have the same shapes with
//! invented names.

use std::fs;
use std::path::{Path, PathBuf};

use esologs::{
    Character, CharacterRankings, Drift, EncounterId, EncounterRankings, EventsPage, FightRankings, GameClass, GameFaction,
    GameItem, GameNpc, Graph, Guild, JsonScalar, Page, PlayerDetails, Points, RateLimitData, Report, ReportEvent, ReportRanks,
    ReportTime, Table, Watched, Zone, ZoneRankings,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json as value};

fn fixture(name: &str) -> Value {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name))
}

/// A recorded answer, where there are any.
fn sample(name: &str) -> Option<Value> {
    let Some(folder) = std::env::var_os("ESOLOGS_SAMPLES").filter(|folder| !folder.is_empty()) else {
        eprintln!("passed over: ESOLOGS_SAMPLES is not set, so the recorded answer {name} is not read");
        return None;
    };
    Some(read(&PathBuf::from(folder).join(name)))
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Decodes, encodes, and holds the two against each other.
fn keeps_everything<T: DeserializeOwned + Serialize>(name: &str, json: &Value) -> T {
    // Through text, as an answer comes, not through a tree.
    let decoded: T = serde_json::from_str(&json.to_string()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let encoded: Value = serde_json::from_str(&serde_json::to_string(&decoded).unwrap()).unwrap();
    same(name, json, &encoded);
    decoded
}

/// Events pages are handed over as text, so they are put together again by hand.
fn events_keep_everything(name: &str, json: &Value) -> EventsPage {
    let page: EventsPage = serde_json::from_str(&json.to_string()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let list: Value = serde_json::from_str(page.json().get()).unwrap();
    let encoded = value!({"data": list, "nextPageTimestamp": page.next_page_timestamp()});
    same(name, json, &encoded);
    let events: Vec<Value> = page.events().unwrap().iter().map(|event| serde_json::from_str(event.get()).unwrap()).collect();
    same(name, &json["data"], &Value::Array(events));
    page
}

/// Equal as JSON values: numbers by value (264591.0 is 264591), fields in any order. Names the first place that differs.
fn same(name: &str, expected: &Value, found: &Value) {
    if let Some((path, expected, found)) = difference(expected, found, String::new()) {
        panic!("{name}: at {path}: expected {expected}, found {found}");
    }
}

fn difference(expected: &Value, found: &Value, path: String) -> Option<(String, String, String)> {
    let differ = |path: String| Some((path, expected.to_string(), found.to_string()));
    match (expected, found) {
        (Value::Number(a), Value::Number(b)) => {
            let equal = a == b || (a.as_f64() == b.as_f64() && (a.is_f64() || b.is_f64()));
            if equal { None } else { differ(path) }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(at, (a, b))| difference(a, b, format!("{path}[{at}]")))
        }
        (Value::Object(a), Value::Object(b)) => {
            let missing = a.keys().find(|key| !b.contains_key(*key)).or_else(|| b.keys().find(|key| !a.contains_key(*key)));
            if let Some(key) = missing {
                let show = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), Value::to_string);
                return Some((format!("{path}.{key}"), show(a.get(key)), show(b.get(key))));
            }
            a.iter().find_map(|(key, value)| difference(value, &b[key], format!("{path}.{key}")))
        }
        _ if expected == found => None,
        _ => differ(path),
    }
}

// Our own fixtures.

#[test]
fn a_report_with_fights_actors_and_abilities_keeps_everything() {
    let report: Report = keeps_everything("report_fights.json", &fixture("report_fights.json")["reportData"]["report"]);

    let fights = report.fights.as_ref().unwrap();
    assert_eq!(fights.len(), 4);
    assert_eq!((fights[0].kill, fights[0].encounter_id), (None, Some(EncounterId::new(0))), "trash");
    assert_eq!((fights[1].kill, fights[1].boss_percentage), (Some(false), Some(38.27)), "a wipe");
    assert_eq!((fights[2].kill, fights[2].boss_percentage), (Some(true), Some(0.01)), "a kill");
    assert_eq!(fights[3].original_encounter_id, Some(EncounterId::new(50)), "a leftover");
    assert_eq!(fights[1].end_time, Some(ReportTime::new(264_591.0)));
    assert_eq!(fights[2].extra["hardModeOfTheMonth"], value!({"on": true}), "what is not known is kept");
}

#[test]
fn a_null_in_a_list_is_kept_where_the_schema_allows_it() {
    // `fights: [ReportFight]`, `enemyNPCs: [ReportFightNPC]`, `friendlyPlayers: [Int]`: every entry may be null.
    let null_fight = value!({"code": "qW3rTyUiOpAsDfGh", "fights": [{"id": 1, "friendlyPlayers": [1]}, null]});
    let null_npc = value!({"code": "qW3rTyUiOpAsDfGh", "fights": [{"id": 1, "enemyNPCs": [null], "friendlyPlayers": [1, null]}]});
    for json in [null_fight, null_npc] {
        keeps_everything::<Report>("a list with a null", &json);
    }
}

#[test]
fn a_page_of_reports_keeps_everything() {
    let page: Page<Report> = keeps_everything("guild_reports_page.json", &fixture("guild_reports_page.json"));
    assert_eq!((page.data.len(), page.data.iter().flatten().count()), (3, 2));
    assert!(page.has_more_pages);

    let empty: Page<Report> = keeps_everything("empty_page.json", &fixture("empty_page.json"));
    assert_eq!((empty.data.len(), empty.from), (0, None));
}

#[test]
fn a_page_keeps_fields_that_it_does_not_know() {
    let mut json = fixture("empty_page.json");
    json["__typename"] = value!("ReportPagination");
    keeps_everything::<Page<Report>>("a page with __typename", &json);
}

#[test]
fn a_guild_keeps_everything() {
    let guild: Guild = keeps_everything("guild.json", &fixture("guild.json"));
    assert_eq!(guild.name.as_deref(), Some("Lanterns of Alinor"));
    assert!(guild.extra.contains_key("motto"));
}

#[test]
fn a_page_of_events_keeps_everything_and_every_equal_event() {
    let json = fixture("events_page.json");
    let page = events_keep_everything("events_page.json", &json);

    let events = page.events().unwrap();
    assert_eq!(events.len(), 9);
    assert_eq!(events[0].get(), events[1].get(), "two hits of one millisecond");
    assert_eq!(page.next_page_timestamp(), Some(ReportTime::new(264_591.0)));
}

#[test]
fn typed_events_keep_everything() {
    for json in fixture("events_page.json")["data"].as_array().unwrap() {
        keeps_everything::<ReportEvent>("events_page.json", json);
    }
}

#[test]
fn a_snapshot_of_the_budget_is_read_from_integers_and_fractions() {
    for spent in [value!(9058.65), value!(9058), value!(9058.0)] {
        let json = value!({"limitPerHour": 9000, "pointsSpentThisHour": spent, "pointsResetIn": 17});
        let snapshot: RateLimitData = keeps_everything("rateLimitData", &json);
        assert_eq!(snapshot.points_left(), Points::new(0.0), "more than the limit can be spent");
    }
}

#[test]
fn large_and_odd_numbers_keep_their_value() {
    let code = "qW3rTyUiOpAsDfGh";
    for number in ["9007199254740993", "18446744073709551615", "-1", "0.1", "60248.418477509", "1e300", "-0.5"] {
        let json: Value =
            serde_json::from_str(&format!(r#"{{"code":"{code}","novelty":{number},"list":[{number}],"deep":{{"x":{number}}}}}"#))
                .unwrap();
        keeps_everything::<Report>(number, &json);
    }
}

/// A scalar, as it comes and inside a string.
fn scalar_keeps_everything<T: DeserializeOwned + Serialize + Watched>(name: &str, json: &Value) -> Drift {
    let mut drift = Drift::default();
    for sent in [json.clone(), Value::String(json.to_string())] {
        let scalar: JsonScalar<T> = serde_json::from_str(&sent.to_string()).unwrap_or_else(|error| panic!("{name}: {error}"));
        same(name, json, &serde_json::from_str(scalar.json().get()).unwrap());
        let read = scalar.read().unwrap_or_else(|error| panic!("{name}: {error}"));
        same(name, json, &serde_json::to_value(&read).unwrap());
        drift = Drift::of(&read);
    }
    drift
}

#[test]
fn every_scalar_whose_shape_is_known_keeps_everything_and_has_a_typed_field_for_it() {
    let fixtures = fixture("scalars.json");
    let Value::Object(fixtures) = &fixtures else { panic!("scalars.json is no object") };
    for (name, json) in fixtures {
        let drift = match name.as_str() {
            "character_rankings" => scalar_keeps_everything::<CharacterRankings>(name, json),
            "encounter_rankings" => scalar_keeps_everything::<EncounterRankings>(name, json),
            "fight_rankings" => scalar_keeps_everything::<FightRankings>(name, json),
            "graph" => scalar_keeps_everything::<Graph>(name, json),
            "player_details" => scalar_keeps_everything::<PlayerDetails>(name, json),
            "report_rankings" => scalar_keeps_everything::<ReportRanks>(name, json),
            "zone_rankings" => scalar_keeps_everything::<ZoneRankings>(name, json),
            _ => scalar_keeps_everything::<Table>(name, json),
        };
        let expected = match name.as_str() {
            "table_of_damage" => "field TableEntry.novelty (1)\n",
            "zone_rankings" => "value ZoneRankings.metric = a metric of tomorrow (1)\n",
            _ => "",
        };
        assert_eq!(drift.to_string(), expected, "{name}");
    }
}

// Recorded answers.

#[test]
fn recorded_fights_of_esologs_keep_everything() {
    for name in ["eso-report-excerpts/F4f2bMwWtgVKxjB9-fights-1-7.json", "eso-report-excerpts/YArFDbq7BdhwL691-fights-1-14.json"]
    {
        let Some(json) = sample(name) else { return };
        let report: Report = keeps_everything(name, &json["reportData"]["report"]);
        let fights = report.fights.unwrap();
        assert!(fights.len() >= 7 && fights.iter().any(|fight| fight.encounter_id.is_some_and(|id| id.get() > 0)), "{name}");
    }
}

#[test]
fn recorded_fights_of_the_sister_site_keep_everything() {
    let name = "wcl-official/getReportFights.json";
    let Some(json) = sample(name) else { return };
    let report: Report = keeps_everything(name, &json);
    assert!(report.fights.unwrap().iter().all(|fight| fight.extra.contains_key("keystoneLevel")));
}

#[test]
fn recorded_lists_of_reports_keep_everything() {
    for name in ["wcl-official/getGuildReports.json", "wcl-official/getUserReports.json"] {
        let Some(json) = sample(name) else { return };
        let page: Page<Report> = keeps_everything(name, &json);
        assert!(page.has_more_pages && page.data.iter().flatten().count() == 1, "{name}");
    }
}

#[test]
fn recorded_events_keep_everything() {
    for name in ["wcl-official/getReportEvents.json", "eso-report-excerpts/events-first-3-of-300.json"] {
        let Some(json) = sample(name) else { return };
        let page = events_keep_everything(name, &json["events"]);
        assert!(page.events().unwrap().len() >= 3, "{name}");
    }
}

#[test]
fn recorded_events_are_typed_and_keep_everything() {
    let mut count = 0;
    for (name, list) in [
        ("wcl-official/getReportEvents.json", "/events/data"),
        ("eso-report-excerpts/events-first-3-of-300.json", "/events/data"),
        ("wcl-v1-events/747378_769458_0_10_Flame_Imp.json", "/events"),
        ("wcl-v1-events/2088836_2150381_665_26_Gehennas.json", "/events"),
        ("wcl-v1-full-fights/nzoth-mistweaver-2020/events.json", ""),
        ("wcl-v1-full-fights/nzoth-mistweaver-2020/combatants.json", ""),
        ("wcl-v1-full-fights/taloc-destruction-2018/events.json", ""),
        ("wcl-v1-full-fights/taloc-destruction-2018/combatants.json", ""),
    ] {
        let Some(json) = sample(name) else { return };
        for event in json.pointer(list).and_then(Value::as_array).unwrap_or_else(|| panic!("{name} has no {list}")) {
            let typed = keeps_everything::<ReportEvent>(name, event);
            assert!(typed.kind.is_known(), "{name}: {event}");
            // The sister site has figures of its own; they are kept, not typed.
            assert!(typed.extra.is_empty() || !name.starts_with("eso-"), "{name}: {:?} of {event}", typed.extra);
            count += 1;
        }
    }
    assert!(count > 13_000, "only {count} events");
}

/// Recorded answers of the sister site whose root field the schema here has not: nothing of ESO answers like them.
const NOT_HERE: [&str; 2] = ["getAchievement.json", "getEnchant.json"];

#[test]
fn recorded_answers_of_every_other_call_keep_everything() {
    let of = |name: &str| sample(&format!("wcl-official/{name}.json"));
    let Some(zones) = of("getZones") else { return };
    let zones: Vec<Zone> = keeps_everything("getZones", &zones);
    assert!(zones.iter().any(|zone| zone.brackets.is_some()) && zones.iter().all(|zone| zone.encounters.is_some()));
    assert_eq!(Drift::of(&zones).to_string(), "");
    let classes: Vec<GameClass> = keeps_everything("getClasses", &of("getClasses").unwrap());
    assert!(classes.iter().all(|class| class.specs.as_ref().is_some_and(|specs| !specs.is_empty())));
    assert_eq!(keeps_everything::<Vec<GameFaction>>("getFactions", &of("getFactions").unwrap()).len(), 2);
    assert!(keeps_everything::<GameItem>("getItem", &of("getItem").unwrap()).icon.is_some());
    assert!(keeps_everything::<GameNpc>("getNpc", &of("getNpc").unwrap()).name.is_some());
    let ranked: Vec<Character> = keeps_everything("ranked", &of("getReportRankedCharacters").unwrap());
    assert!(ranked.len() > 20 && ranked.iter().all(|character| character.class_id.is_some()));

    for drift in [
        scalar_keeps_everything::<Graph>("graph", &of("getReportGraph").unwrap()["graph"]),
        scalar_keeps_everything::<CharacterRankings>(
            "characters",
            &of("getEncounterCharacterRankings").unwrap()["characterRankings"],
        ),
        scalar_keeps_everything::<FightRankings>("fights", &of("getEncounterFightRankings").unwrap()["fightRankings"]),
        scalar_keeps_everything::<EncounterRankings>(
            "encounter",
            &of("getCharacterEncounterRankings").unwrap()["encounterRankings"],
        ),
        scalar_keeps_everything::<ZoneRankings>("zone", &of("getCharacterZoneRankings").unwrap()["zoneRankings"]),
    ] {
        assert_eq!(drift.to_string(), "", "no typed field");
    }
}

#[test]
fn a_recorded_page_of_character_rankings_of_esologs_keeps_everything() {
    let name = "eso-report-excerpts/characterRankings-page-first-2-of-100.json";
    let Some(json) = sample(name) else { return };
    assert_eq!(scalar_keeps_everything::<CharacterRankings>(name, &json).to_string(), "");
    let board: CharacterRankings = serde_json::from_value(json).unwrap();
    let rank = &board.rankings.unwrap()[0];
    let gear = rank.gear.as_ref().unwrap();
    assert_eq!((gear.len(), gear[0].cp, rank.sets.as_ref().unwrap().len()), (16, Some(160), 5));
}

#[test]
fn every_recorded_answer_of_the_v2_api_is_read_by_some_test_here() {
    let Some(folder) = std::env::var_os("ESOLOGS_SAMPLES").filter(|folder| !folder.is_empty()) else { return };
    let tests = include_str!("samples.rs");
    for folder in ["wcl-official", "eso-report-excerpts"].map(|name| PathBuf::from(&folder).join(name)) {
        for file in fs::read_dir(&folder).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            let stem = name.trim_end_matches(".json");
            assert!(NOT_HERE.contains(&name.as_str()) || tests.contains(stem), "{name} is read by no test");
        }
    }
}
