//! Single lines: where each value goes.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array as _, RecordBatch};
use serde_json::{Value, json as value};

use super::super::batches::{BadLine, Batches, MAX_ROWS};
use super::super::tables::{ABILITIES, ACTORS, EVENTS, FIGHTS, REPORTS};
use super::back::{batch, come_back, extras, objects, origin};

fn whole(batch: &RecordBatch, column: &str, row: usize) -> Option<i64> {
    let column = batch.column_by_name(column).unwrap().as_primitive::<Int64Type>();
    column.is_valid(row).then(|| column.value(row))
}

/// An event with some fields beside those that every event has.
fn with(kind: &str, fields: Value) -> String {
    let mut json = value!({
        "timestamp": 259_781, "type": kind, "sourceID": 10, "sourceIsFriendly": true, "targetID": 49, "targetInstance": 2,
        "targetIsFriendly": false, "abilityGameID": 88_802, "fight": 5
    });
    json.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    format!("{json}\n")
}

/// An event of each type that ESO has, with every field that was seen (`docs/events.md`).
fn events_of_each_type() -> String {
    let state = value!({"hitPoints": 20_000, "maxHitPoints": 24_110, "magicka": 1, "maxMagicka": 2, "stamina": 3, "maxStamina": 4,
        "ultimate": 5, "maxUltimate": 500, "werewolf": 0, "maxWerewolf": 1000, "absorb": 0, "championPoints": 2410, "x": 2000.5,
        "y": -17, "facing": 3.25});
    let gear = value!([{"id": 97_022, "slot": 0, "quality": 5, "icon": "x.png", "name": "Hat", "championPoints": 160, "trait": 3}, {"id": 0}]);
    let mut lines = with(
        "damage",
        value!({"buffs": "76518.61687.", "hitType": 2, "amount": 1218, "tick": true, "blocked": 3, "absorbed": 1, "overkill": 9,
                "castTrackID": 7, "sourceResources": state, "targetResources": {"hitPoints": 60_000_000}}),
    );
    for (kind, fields) in [
        ("heal", value!({"hitType": 1, "amount": 900, "overheal": 34, "tick": true})),
        ("cast", value!({"fake": true, "castTrackID": 8})),
        ("begincast", value!({})),
        (
            "resourcechange",
            value!({"resourceChange": 170, "resourceChangeType": 4, "otherResourceChange": 0, "maxResourceAmount": 12_000, "waste": 3}),
        ),
        (
            "absorbed",
            value!({"amount": 55, "attackerID": 31, "attackerInstance": 1, "attackerIsFriendly": false, "totalDamage": 9}),
        ),
        ("death", value!({"amount": 4000, "killerID": 31, "killerInstance": 2, "killingAbilityGameID": 5})),
        ("interrupt", value!({"extraAbilityGameID": 61_919})),
        ("dispel", value!({"extraAbilityGameID": 61_919, "isBuff": 0, "stack": 2})),
        ("summon", value!({})),
        ("playerentercombat", value!({})),
        ("combatantinfo", value!({"gear": gear, "auras": [{"source": 3, "ability": 61_744, "stacks": 1}]})),
        ("applybuff", value!({"extraAbilityGameID": 61_919, "absorb": 400})),
        ("applydebuffstack", value!({"stack": 3})),
    ] {
        lines.push_str(&with(kind, fields));
    }
    lines
}

#[test]
fn an_event_of_each_type_has_a_column_for_every_field_and_comes_back() {
    let lines = events_of_each_type();

    come_back(&EVENTS, &lines);

    assert!(extras(&batch(&EVENTS, &lines)).iter().all(Option::is_none));
}

#[test]
fn every_table_comes_back() {
    let fight = value!({"id": 3, "encounterID": 27, "name": "Lokkestiiz", "kill": true, "bossPercentage": 0.01, "startTime": 5,
        "endTime": 65_005, "friendlyPlayers": [1, 2, 3], "enemyPlayers": [], "enemyNPCs": [{"id": 4, "gameID": 9}],
        "gameZone": {"id": 1121, "name": "Sunspire"}, "boundingBox": {"minX": -1, "maxX": 2, "minY": 3, "maxY": 4}});
    let actor = value!({"id": 1, "gameID": 0, "name": "Ayrenn", "type": "Player", "subType": "Templar", "server": "NA",
        "icon": "Templar", "displayName": "@queen", "anonymous": false});
    let ability = value!({"gameID": 26_209, "name": "Breath of \"Life\"", "icon": "bol", "type": "4"});
    let report = value!({"code": "xb7TKHXR8DJByp4Q", "title": "Sunspire", "startTime": 1_772_395_200_000_u64, "revision": 2,
        "archiveStatus": {"isArchived": false, "isAccessible": true}, "zone": {"id": 12, "name": "Sunspire"},
        "owner": {"id": 7, "name": "naryu"}, "masterData": {"logVersion": 15, "gameVersion": 1, "lang": "en"}});
    for (table, json) in [(&FIGHTS, fight), (&ACTORS, actor), (&ABILITIES, ability), (&REPORTS, report)] {
        let line = format!("{json}\n");

        come_back(table, &line);

        assert_eq!(extras(&batch(table, &line)), [None], "{}", table.name);
    }
}

#[test]
fn what_has_no_column_or_does_not_fit_stays_in_extra_to_the_letter() {
    for (fields, extra) in [
        (r#""novelty":[1, 2]"#, Some(r#"{"novelty":[1,2]}"#)),
        (r#""amount":null"#, Some(r#"{"amount":null}"#)),
        (r#""amount":12.5"#, Some(r#"{"amount":12.5}"#)),
        (r#""amount":99999999999999999999"#, Some(r#"{"amount":99999999999999999999}"#)),
        (r#""tick":1"#, Some(r#"{"tick":1}"#)),
        (r#""buffs":[1]"#, Some(r#"{"buffs":[1]}"#)),
        (r#""buffs":"\ud800""#, Some(r#"{"buffs":"\ud800"}"#)),
        (r#""sourceResources":[]"#, Some(r#"{"sourceResources":[]}"#)),
        (r#""sourceResources":{"x":9007199254740993}"#, Some(r#"{"sourceResources":{"x":9007199254740993}}"#)),
        (r#""sourceResources":{"hitPoints":7,"shield":1,"x":null}"#, Some(r#"{"sourceResources":{"shield":1,"x":null}}"#)),
        (r#""sourceResources":{}"#, None),
        (r#""amount":1200.0"#, None),
        (r#""am\u006funt":5"#, Some(r#"{"am\u006funt":5}"#)),
    ] {
        let line = format!("{{\"timestamp\":1,\"type\":\"damage\",{fields},\"targetID\":4}}\n");

        let batch = batch(&EVENTS, &line);

        assert_eq!(extras(&batch), [extra], "{line}");
        assert_eq!(whole(&batch, "target_id", 0), Some(4), "what follows is read");
        if !fields.contains("ud800") {
            come_back(&EVENTS, &line);
        }
    }
}

#[test]
fn a_number_in_a_string_fills_its_column_and_stays_in_extra_as_it_was() {
    let batch = batch(&EVENTS, "{\"timestamp\":1,\"amount\":\"1200\"}\n");

    assert_eq!(whole(&batch, "amount", 0), Some(1200));
    assert_eq!(extras(&batch), [Some(r#"{"amount":"1200"}"#)]);
}

#[test]
fn a_name_that_comes_twice_keeps_both_values() {
    let batch = batch(&EVENTS, "{\"amount\":1,\"amount\":2}\n{\"amount\":3}\n");

    assert_eq!((whole(&batch, "amount", 0), whole(&batch, "amount", 1)), (Some(1), Some(3)));
    assert_eq!(extras(&batch), [Some(r#"{"amount":2}"#), None]);
    assert_eq!(objects(&EVENTS, &batch)[0], value!({"amount": 2}), "the last one counts, as everywhere");
}

#[test]
fn null_is_kept_in_events_where_it_is_odd_and_is_nothing_elsewhere() {
    let line = "{\"id\":1,\"kill\":null,\"gameZone\":null,\"dungeonPulls\":null}\n";
    assert_eq!(extras(&batch(&FIGHTS, line)), [Some(r#"{"dungeonPulls":null}"#)]);
    assert_eq!(extras(&batch(&EVENTS, "{\"tick\":null}\n")), [Some(r#"{"tick":null}"#)]);
}

#[test]
fn absent_null_and_zero_are_told_apart() {
    let batch = batch(&EVENTS, "{\"fight\":1}\n{\"amount\":null}\n{\"amount\":0}\n");

    let amounts: Vec<_> = (0..3).map(|row| (whole(&batch, "amount", row), extras(&batch)[row].is_some())).collect();

    assert_eq!(amounts, [(None, false), (None, true), (Some(0), false)]);
}

#[test]
fn white_space_and_any_depth_are_read_as_well() {
    let deep = "[".repeat(100) + &"]".repeat(100);
    let lines = format!(
        "{{ \"amount\" : 5, \"sourceResources\": {{ \"x\": 1.5 }} }}\n{{\"deep\":{deep},\"sourceResources\":{{\"deep\":{deep}}},\"amount\":6}}\n"
    );

    let batch = batch(&EVENTS, &lines);

    assert_eq!((whole(&batch, "amount", 0), whole(&batch, "amount", 1)), (Some(5), Some(6)));
    let resources = batch.column_by_name("source_resources").unwrap().as_struct();
    assert_eq!(resources.column_by_name("x").unwrap().as_primitive::<Float64Type>().value(0), 1.5);
    assert_eq!(extras(&batch)[0], None);
    come_back(&EVENTS, &lines);
}

#[test]
fn a_line_that_is_no_object_is_named_by_its_number() {
    for (broken, why) in [
        ("{\"amount\":1", "no JSON"),
        ("{\"amount\":01}", "no JSON"),
        ("{\"sourceResources\":{\"x\":}}", "no JSON"),
        ("", "no JSON"),
        ("7", "no object"),
        ("{\"amount\":1}{\"amount\":2}", "no JSON"),
    ] {
        let lines = format!("{{\"amount\":1}}\n{broken}\n{{\"amount\":2}}\n");
        let mut batches = Batches::new(&EVENTS, &origin());

        let BadLine { number, why: told } = batches.append(&lines).unwrap_err();

        assert_eq!(number, 2, "{broken}");
        assert!(told.contains(why), "{broken}: {told}");
    }
}

#[test]
fn times_are_told_from_the_report_s_start_and_in_utc() {
    let batch = batch(&EVENTS, "{\"timestamp\":1500.25}\n{\"type\":\"x\"}\n");

    let millis = batch.column_by_name("timestamp_ms").unwrap().as_primitive::<Float64Type>();
    let moments = batch.column_by_name("time_utc").unwrap().as_primitive::<TimestampMicrosecondType>();
    assert_eq!(millis.value(0), 1500.25);
    assert_eq!(format!("{:?}", moments.value_as_datetime(0).unwrap()), "2026-03-01T20:00:01.500250");
    assert!(moments.is_null(1));
}

#[test]
fn the_columns_of_the_origin_are_the_same_in_every_row() {
    let batch = batch(&EVENTS, "{}\n{}\n");

    for (column, text) in [("report", "xb7TKHXR8DJByp4Q"), ("stream", "buffs"), ("hostility", "enemies")] {
        let column = batch.column_by_name(column).unwrap().as_string::<i32>();
        assert_eq!([column.value(0), column.value(1)], [text; 2]);
    }
    assert!(!batch.column_by_name("live").unwrap().as_boolean().value(1));
}

#[test]
fn a_batch_ends_with_its_rows_and_the_next_one_goes_on() {
    let lines = "{\"amount\":1}\n".repeat(MAX_ROWS + 1);
    let mut batches = Batches::new(&EVENTS, &origin());

    let taken = batches.append(&lines).unwrap();
    assert!(batches.is_full() && taken == lines.len() - 13);
    assert_eq!(batches.take().unwrap().unwrap().num_rows(), MAX_ROWS);
    assert_eq!(batches.append(&lines[taken..]).unwrap(), 13);

    assert_eq!(batches.take().unwrap().unwrap().num_rows(), 1);
    assert_eq!(batches.row_count(), MAX_ROWS as u64 + 1);
    assert!(batches.take().unwrap().is_none());
}
