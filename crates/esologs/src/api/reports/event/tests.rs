use std::collections::BTreeMap;

use bytes::Bytes;
use proptest::prelude::*;
use serde_json::{Value, json as value};

use super::page::read_lines;
use super::*;
use crate::api::Lines;
use crate::decode::any_json::tokens;

fn event(json: &Value) -> ReportEvent {
    serde_json::from_str(&json.to_string()).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn written(event: &ReportEvent) -> Value {
    serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap()
}

/// An event with some fields beside those that every event has.
fn with(kind: &str, fields: Value) -> Value {
    let mut json = value!({
        "timestamp": 259_781, "type": kind, "sourceID": 10, "sourceIsFriendly": true, "targetID": 49, "targetInstance": 2,
        "targetIsFriendly": false, "abilityGameID": 88_802, "fight": 5
    });
    json.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    json
}

#[test]
fn an_event_of_each_type_is_typed_whole_and_written_back_whole() {
    let auras = ["applybuff", "removebuff", "refreshbuff", "applydebuff", "removedebuff", "refreshdebuff"];
    let stacks = ["applybuffstack", "removebuffstack", "applydebuffstack", "removedebuffstack"];
    let change = value!({"resourceChange": 170, "resourceChangeType": 4, "otherResourceChange": 0, "maxResourceAmount": 12_000, "waste": 3});
    let mut cases = vec![
        (
            "damage",
            value!({"buffs": "76518.61687.", "hitType": 2, "amount": 1218, "tick": true, "blocked": 3, "absorbed": 1, "overkill": 9, "castTrackID": 7}),
        ),
        ("heal", value!({"hitType": 1, "amount": 900, "overheal": 34, "tick": true})),
        ("cast", value!({"fake": true, "castTrackID": 8})),
        ("begincast", value!({})),
        ("resourcechange", change.clone()),
        ("energize", change.clone()),
        ("drain", change),
        (
            "absorbed",
            value!({"amount": 55, "attackerID": 31, "attackerInstance": 1, "attackerIsFriendly": false, "extraAbilityGameID": 4}),
        ),
        ("death", value!({"amount": 4000, "killerID": 31, "killingAbilityGameID": 5})),
        ("interrupt", value!({"extraAbilityGameID": 61_919})),
        ("dispel", value!({"extraAbilityGameID": 61_919, "isBuff": 0, "stack": 2})),
        (
            "aurabroken",
            value!({"extraAbility": {"name": "Frost", "guid": 61_919, "type": 16, "abilityIcon": "a.png"}, "isBuff": 0}),
        ),
        ("summon", value!({})),
        ("playerentercombat", value!({})),
        (
            "combatantinfo",
            value!({
                "gear": [{"id": 97_022, "slot": 0, "quality": 5, "icon": "x.png", "name": "Hat", "championPoints": 160, "trait": 3,
                          "enchantType": 26, "enchantQuality": 5, "setID": 107, "setName": "Sets", "type": 1}, {"id": 0}],
                "auras": [{"source": 3, "ability": 61_744, "stacks": 1, "icon": "y.png", "name": "Minor Berserk"}]
            }),
        ),
    ];
    cases.extend(auras.map(|kind| (kind, value!({"extraAbilityGameID": 61_919}))));
    cases.extend(stacks.map(|kind| (kind, value!({"stack": 3}))));
    let types: Vec<&str> = EventType::KNOWN.iter().map(EventType::name).collect();
    assert!(types.iter().all(|kind| cases.iter().any(|(case, _)| case == kind)), "a type has no case here");

    for (kind, fields) in cases {
        let json = with(kind, fields);
        let event = event(&json);

        assert_eq!(event.kind.name(), kind);
        assert!(event.extra.is_empty(), "{kind}: not typed: {:?}", event.extra);
        assert_ne!(event.details, EventDetails::Other);
        assert_eq!(written(&event), json);
    }
}

#[test]
fn fields_have_their_types() {
    let event = event(&with("damage", value!({"hitType": 10, "amount": 0, "buffs": "76518.61687.", "castTrackID": 7})));

    assert_eq!((event.timestamp, event.fight), (ReportTime::new(259_781.0), Some(FightId::new(5))));
    assert_eq!((event.source_id, event.source_is_friendly), (Some(ActorId::new(10)), Some(true)));
    assert_eq!((event.target_id, event.target_instance), (Some(ActorId::new(49)), Some(2)));
    assert_eq!((event.ability_id(), event.cast_track_id), (Some(AbilityId::new(88_802)), Some(7)));
    let buffs: Vec<i64> = event.buffs.as_ref().unwrap().ids().map(AbilityId::get).collect();
    assert_eq!(buffs, [76_518, 61_687]);
    let EventDetails::Damage(damage) = &event.details else { panic!("{event:?}") };
    assert_eq!((damage.hit_type, damage.amount, damage.tick), (Some(HitType::Other(10)), Some(0), None));
}

#[test]
fn actors_and_abilities_come_as_numbers_or_as_objects() {
    let json = value!({
        "timestamp": 1, "type": "heal", "amount": 5, "fight": 1,
        "source": {"name": "Ayrenn", "id": 3, "guid": 4_096, "type": "Templar", "icon": "Templar-Heal", "server": "NA"},
        "target": {"name": "Environment", "id": -1, "guid": 0, "type": "NPC", "icon": "NPC"},
        "ability": {"name": "Breath of Life", "guid": 26_209, "type": 4, "abilityIcon": "bol.png"}
    });
    let event = event(&json);

    assert_eq!((event.source_id, event.source_actor()), (None, Some(ActorId::new(3))));
    assert_eq!((event.target_actor(), event.ability_id()), (Some(ActorId::new(-1)), Some(AbilityId::new(26_209))));
    let source = event.source.as_ref().unwrap();
    assert_eq!((source.name.as_deref(), source.extra.get("server").map(RawValue::get)), (Some("Ayrenn"), Some("\"NA\"")));
    assert_eq!(written(&event), json);
}

#[test]
fn resources_stand_in_objects_of_their_own() {
    let source = value!({"hitPoints": 20_000, "maxHitPoints": 24_110, "magicka": 1, "maxMagicka": 2, "stamina": 3, "maxStamina": 4, "ultimate": 5,
        "maxUltimate": 500, "werewolf": 0, "maxWerewolf": 1000, "absorb": 0, "championPoints": 2410, "x": 2000.5, "y": -17, "facing": 3.25});
    let json = with("damage", value!({"sourceResources": source, "targetResources": {"hitPoints": 60_000_000, "shield": 1}}));
    let event = event(&json);

    let source = event.resources_of_source().unwrap();
    assert_eq!((source.max_hit_points, source.champion_points), (Some(24_110), Some(2410)));
    assert_eq!((source.x, source.y, source.facing), (Some(2000.5), Some(-17.0), Some(3.25)));
    assert!(source.extra.is_empty());
    let target = event.resources_of_target().unwrap();
    assert_eq!((target.hit_points, target.extra.get("shield").map(RawValue::get)), (Some(60_000_000), Some("1")));
    assert_eq!(written(&event)["targetResources"], json["targetResources"]);
}

#[test]
fn resources_stand_flat_in_the_event_and_belong_to_source_or_target() {
    let flat = |actor: i64| {
        let fields = value!({"absorb": 0, "classResources": [{"amount": 43, "max": 100, "type": 3}], "hitPoints": 900, "mapID": 2233, "resourceActor": actor, "x": 5});
        with("cast", fields)
    };
    let of = |event: &ReportEvent| {
        let hit_points = |resources: Option<&Resources>| resources.and_then(|resources| resources.hit_points);
        (hit_points(event.resources_of_source()), hit_points(event.resources_of_target()))
    };
    for (actor, expected) in [(1, (Some(900), None)), (2, (None, Some(900))), (3, (None, None))] {
        let json = flat(actor);
        let event = event(&json);

        assert_eq!(of(&event), expected, "resourceActor {actor}");
        assert!(event.extra.is_empty(), "{:?}", event.extra);
        assert_eq!(by_value(&written(&event)), by_value(&json));
    }
}

#[test]
fn the_same_name_means_what_it_means_in_its_type() {
    // What a shield can take, not what is left of one.
    let shield = event(&with("applybuff", value!({"absorb": 400})));
    let EventDetails::Aura(aura) = &shield.details else { panic!("{shield:?}") };
    assert_eq!((aura.absorb, shield.flat_resources.is_none()), (Some(400), true));
    // Ratings of the player, not stamina left.
    let info = event(&value!({"timestamp": 1, "type": "combatantinfo", "sourceID": 1, "stamina": 2000, "armor": 7}));
    assert_eq!(info.extra.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["armor", "stamina"]);
}

#[test]
fn a_value_that_a_field_does_not_expect_stays_as_it_came() {
    for (field, odd) in [
        ("amount", "null"),
        ("amount", "12.5"),
        ("amount", "\"many\""),
        ("amount", "{\"a\":[1]}"),
        ("tick", "1"),
        ("buffs", "[1]"),
        ("fight", "1e300"),
        ("sourceResources", "[]"),
        ("sourceID", "true"),
    ] {
        let json = format!(r#"{{"timestamp":1,"type":"damage","{field}":{odd},"targetID":4}}"#);
        let event: ReportEvent = serde_json::from_str(&json).unwrap();

        assert_eq!(event.extra.get(field).map(RawValue::get), Some(odd), "{json}");
        assert_eq!(event.target_id, Some(ActorId::new(4)), "what follows is read");
        assert_eq!(written(&event), serde_json::from_str::<Value>(&json).unwrap());
    }
}

#[test]
fn numbers_come_in_several_spellings() {
    for spelling in ["1200", "1200.0", "1.2e3", "\"1200\""] {
        let json = format!(r#"{{"timestamp":{spelling},"type":"damage","amount":{spelling}}}"#);
        let event: ReportEvent = serde_json::from_str(&json).unwrap();
        let EventDetails::Damage(damage) = &event.details else { panic!("{event:?}") };
        assert_eq!((event.timestamp.get(), damage.amount), (1200.0, Some(1200)), "{spelling}");
    }
    let largest = format!(r#"{{"timestamp":1,"type":"damage","amount":{}}}"#, i64::MIN);
    let event: ReportEvent = serde_json::from_str(&largest).unwrap();
    let EventDetails::Damage(damage) = &event.details else { panic!("{event:?}") };
    assert_eq!(damage.amount, Some(i64::MIN));
}

#[test]
fn an_unknown_type_is_an_event_like_any_other() {
    let json = with("skyshardfound", value!({"amount": 3, "where": {"zone": "Auridon"}, "hitPoints": 4}));
    let event = event(&json);

    assert_eq!(event.kind, EventType::Other("skyshardfound".into()));
    assert_eq!((event.source_id, &event.details), (Some(ActorId::new(10)), &EventDetails::Other));
    assert_eq!(event.extra.len(), 3);
    assert_eq!(written(&event), json);
}

#[test]
fn the_type_may_stand_anywhere_and_in_any_spelling() {
    let last = r#"{"abilityGameID":3,"amount":7,"source":{"name":"x","type":"NPC"},"timestamp":1,"type":"damage"}"#;
    let escaped = r#"{"timestamp":1,"type":"d\u0061mage","amount":7}"#;
    for json in [last, escaped] {
        let event: ReportEvent = serde_json::from_str(json).unwrap();
        assert!(matches!(&event.details, EventDetails::Damage(damage) if damage.amount == Some(7)), "{event:?}");
        assert_eq!(written(&event), serde_json::from_str::<Value>(json).unwrap());
    }
}

#[test]
fn an_event_without_time_or_type_is_refused_with_what_is_missing() {
    for (json, what) in [
        (r#"{"type":"damage","amount":3}"#, "no `timestamp`"),
        (r#"{"timestamp":1,"amount":3}"#, "no `type`"),
        (r#"{"timestamp":1,"source":{"type":"NPC"}}"#, "no `type`"),
        (r#"{"timestamp":null,"type":"damage"}"#, "no `timestamp`"),
        (r#"{"timestamp":1,"type":7}"#, "no `type`"),
        ("null", "no object"),
        ("[]", "no object"),
    ] {
        let error = serde_json::from_str::<ReportEvent>(json).unwrap_err().to_string();
        assert!(error.contains(what) && error.contains(json), "{json}: {error}");
    }
}

#[test]
fn an_event_nested_deeper_than_the_scanner_goes_is_read_all_the_same() {
    let deep = "[".repeat(100) + &"]".repeat(100);
    let json = format!(r#"{{"timestamp":1,"type":"heal","amount":5,"deep":{deep}}}"#);
    let event: ReportEvent = serde_json::from_str(&json).unwrap();
    assert!(matches!(&event.details, EventDetails::Heal(heal) if heal.amount == Some(5)));
    assert_eq!(event.extra.get("deep").unwrap().get(), deep);
}

fn lines(text: &str) -> Lines {
    Lines { text: Bytes::copy_from_slice(text.as_bytes()), count: text.lines().count() as u64 }
}

#[test]
fn lines_become_events_and_one_that_cannot_be_used_is_named_by_its_number() {
    let good = "{\"timestamp\":1,\"type\":\"damage\"}\n{\"timestamp\":1,\"type\":\"damage\"}\n{\"timestamp\":2,\"type\":\"x\"}\n";
    let events = read_lines(&lines(good)).unwrap();
    assert_eq!(events.len(), 3);
    assert_eq!(events[0], events[1], "equal events are kept");
    assert!(read_lines(&Lines::default()).unwrap().is_empty());

    let (number, what) =
        read_lines(&lines(&format!("{good}{{\"timestamp\":3}}\n{{\"type\":\"heal\",\"timestamp\":4}}\n"))).unwrap_err();
    assert_eq!(number, 4);
    assert!(what.contains("no `type`") && what.contains("{\"timestamp\":3}"), "{what}");
}

/// Numbers by value, whatever their spelling, and those in strings as well; to 14 digits, since the JSON crate reads the last bit of
/// longer ones as it likes. A whole number has no sign where it is zero, so `-0.0` is 0.
fn by_value(json: &Value) -> Value {
    let digits = |number: f64| value!(format!("{:.13e}", number + 0.0));
    match json {
        Value::Number(number) => number.as_f64().map_or(Value::Null, digits),
        Value::String(text) => text.parse().ok().filter(|number: &f64| number.is_finite()).map_or(json.clone(), digits),
        Value::Array(list) => list.iter().map(by_value).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), by_value(value))).collect(),
        other => other.clone(),
    }
}

const NAMES: [&str; 22] = [
    "amount",
    "hitType",
    "tick",
    "buffs",
    "source",
    "sourceID",
    "target",
    "ability",
    "abilityGameID",
    "fight",
    "stack",
    "gear",
    "auras",
    "absorb",
    "x",
    "stamina",
    "resourceActor",
    "sourceResources",
    "extraAbility",
    "isBuff",
    "classResources",
    "waste",
];

proptest! {
    #[test]
    fn whatever_stands_in_the_fields_the_event_is_read_and_written_back_equal(
        kind in prop_oneof![prop::sample::select(EventType::KNOWN).prop_map(|kind| kind.name().to_owned()), "[a-z]{1,8}", ".*"],
        time in 0_u32..10_000_000,
        fields in prop::collection::btree_map(
            prop_oneof![prop::sample::select(NAMES.as_slice()).prop_map(str::to_owned), "[a-z]{1,3}", ".{0,3}"],
            prop_oneof![tokens().prop_map(|tokens| tokens.concat()), "-?[1-9][0-9]{0,3}", Just(r#"[{"id":3,"name":"x"}]"#.to_owned())],
            0..8,
        ),
        at in any::<prop::sample::Index>(),
        spaced in any::<bool>(),
    ) {
        let mut parts: Vec<String> = fields
            .iter()
            .filter(|(name, _)| *name != "timestamp" && *name != "type")
            .map(|(name, value)| format!("{}:{value}", value!(name)))
            .collect();
        let place = at.index(parts.len() + 1);
        parts.insert(place, format!("\"type\":{}", value!(kind)));
        parts.insert(parts.len() - place.min(parts.len()), format!("\"timestamp\":{time}"));
        let json = if spaced { format!("{{ {} }}", parts.join(" , ")) } else { format!("{{{}}}", parts.join(",")) };

        let event: ReportEvent = serde_json::from_str(&json).map_err(|error| TestCaseError::fail(format!("{json}: {error}")))?;

        prop_assert_eq!(event.kind.name(), kind.as_str());
        prop_assert_eq!(event.timestamp.get(), f64::from(time));
        let before: Value = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(by_value(&written(&event)), by_value(&before), "{}", json);
    }

    #[test]
    fn events_are_counted_by_type_without_loss(kinds in prop::collection::vec("[a-z]{1,2}", 0..20)) {
        let text: String = kinds.iter().map(|kind| format!("{{\"timestamp\":1,\"type\":\"{kind}\"}}\n")).collect();
        let mut counts = BTreeMap::<EventType, usize>::new();
        for event in read_lines(&lines(&text)).unwrap() {
            *counts.entry(event.kind).or_default() += 1;
        }
        prop_assert_eq!(counts.values().sum::<usize>(), kinds.len());
        for (kind, count) in counts {
            prop_assert_eq!(count, kinds.iter().filter(|other| **other == kind.name()).count());
        }
    }
}
