//! The shape of events: fields, sizes, shares, bursts.

use std::collections::BTreeMap;

use esologs_sim::world::{DataType, EventFilter, EventKind, Hostility, ReportEvents};
use serde_json::Value;

use crate::helpers::{events_of, finished, report_of, small};

fn values(events: &ReportEvents) -> impl Iterator<Item = (EventKind, Value)> + '_ {
    events.iter().map(|event| (event.kind, serde_json::from_slice(event.json).unwrap()))
}

#[test]
fn every_event_is_json_with_the_fields_of_its_type_and_no_nulls() {
    let world = small(2);
    let report = finished(&world).next().unwrap();

    for (kind, event) in values(report.events()) {
        let fields = event.as_object().unwrap();
        assert_eq!(event["type"], kind.name());
        assert!(fields.values().all(|value| !value.is_null()), "absent, not null: {event}");
        let always: &[&str] = match kind {
            EventKind::PlayerEnterCombat => &[],
            EventKind::CombatantInfo => &["gear", "auras"],
            _ => &["sourceIsFriendly", "targetID", "targetIsFriendly", "abilityGameID"],
        };
        let of_kind: &[&str] = match kind {
            EventKind::Damage => &["hitType", "amount"],
            EventKind::Heal => &["hitType", "amount", "overheal"],
            EventKind::ResourceChange => {
                &["resourceChange", "resourceChangeType", "otherResourceChange", "maxResourceAmount", "waste"]
            }
            EventKind::ApplyBuffStack | EventKind::RemoveDebuffStack => &["stack"],
            EventKind::Interrupt | EventKind::Dispel => &["extraAbilityGameID"],
            _ => &[],
        };
        for field in ["timestamp", "fight", "sourceID"].iter().chain(always).chain(of_kind) {
            assert!(fields.contains_key(*field), "{field} in {event}");
        }
        if let Some(buffs) = fields.get("buffs") {
            let buffs = buffs.as_str().unwrap();
            assert!(buffs.ends_with('.') && buffs.trim_end_matches('.').split('.').all(|id| id.parse::<u32>().is_ok()));
        }
        if event["hitType"] == 10 {
            assert_eq!(event["amount"], 0);
        }
    }
}

#[test]
fn actors_and_abilities_of_events_are_in_the_master_data_and_in_the_fight() {
    let world = small(3);
    let report = finished(&world).next().unwrap();

    for event in report.events().iter() {
        let fight = report.fight(event.fight).unwrap();
        assert!((fight.start..=fight.end).contains(&event.timestamp));
        assert!(report.actor(event.source).is_some() && report.actor(event.target).is_some());
        assert!(event.ability == 0 || report.ability(event.ability).is_some(), "{}", event.ability);
    }
}

#[test]
fn the_shares_and_sizes_of_types_are_those_of_real_fights() {
    let world = report_of("density = 1.0\ncombat_seconds = 300.0\nfights = 2");
    let events = world.reports[0].events();
    let mut shares: BTreeMap<&str, f64> = BTreeMap::new();
    let (mut hits, mut hit_bytes) = (0, 0);
    for event in events.iter() {
        let share = match event.kind.name() {
            "damage" => "damage",
            "heal" => "heal",
            kind if kind.contains("buff") => "auras",
            _ => "others",
        };
        *shares.entry(share).or_default() += 100.0 / events.len() as f64;
        if event.kind == EventKind::Damage && event.source_is_friendly {
            hits += 1;
            hit_bytes += event.json.len();
        }
    }

    assert!((52.0..60.0).contains(&shares["damage"]), "{shares:?}");
    assert!((16.0..23.0).contains(&shares["heal"]), "{shares:?}");
    assert!((12.0..18.0).contains(&shares["auras"]), "{shares:?}");
    assert!((240..=320).contains(&(hit_bytes / hits)), "{} bytes", hit_bytes / hits);
}

#[test]
fn adjacent_events_that_are_equal_in_every_byte_exist() {
    let world = small(5);
    let (mut events, mut twins) = (0_u32, 0_u32);
    for report in finished(&world) {
        let all: Vec<&[u8]> = report.events().iter().map(|event| event.json).collect();
        events += all.len() as u32;
        twins += all.windows(2).filter(|pair| pair[0] == pair[1]).count() as u32;
    }

    let per_mille = twins * 1000 / events;
    assert!(twins * 1000 >= events && per_mille <= 10, "{twins} of {events}");
}

#[test]
fn many_events_share_a_timestamp_and_the_pace_changes() {
    let world = report_of("density = 1.0\ncombat_seconds = 120.0\nfights = 1");
    let report = &world.reports[0];
    let mut per_ms: BTreeMap<i64, usize> = BTreeMap::new();
    let mut per_second: BTreeMap<i64, usize> = BTreeMap::new();
    for event in report.events().iter() {
        *per_ms.entry(event.timestamp).or_default() += 1;
        *per_second.entry((event.timestamp - report.fights[0].start) / 1000).or_default() += 1;
    }

    let crowd = *per_ms.values().max().unwrap();
    assert!((12..=40).contains(&crowd), "{crowd} at one time");
    let (busiest, quietest) = (per_second.values().max().unwrap(), per_second.values().min().unwrap());
    assert!(*busiest > 3 * *quietest, "{busiest} and {quietest}");
}

#[test]
fn resources_come_before_the_closing_brace_and_equal_events_stay_equal() {
    let world = small(2);
    let report = finished(&world).next().unwrap();
    let plain = EventFilter::of(DataType::DamageDone, Hostility::Friendlies);
    let rich = EventFilter { include_resources: true, ..plain.clone() };
    let page = |filter: &EventFilter| events_of(&report.events().page(report, filter, 0.0, 1e9, i64::MAX, 100_000));

    let (plain, rich) = (page(&plain), page(&rich));
    assert_eq!(plain.len(), rich.len());
    for (plain, rich) in plain.iter().zip(&rich) {
        let value: Value = serde_json::from_str(rich).unwrap();
        assert!(rich.starts_with(plain.strip_suffix('}').unwrap()));
        for side in ["sourceResources", "targetResources"] {
            let state = &value[side];
            assert_eq!(state.as_object().unwrap().len(), 15);
            assert!(state["hitPoints"].as_i64() <= state["maxHitPoints"].as_i64());
        }
    }
    let twins = |events: &[String]| events.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert!(twins(&plain) > 0);
    assert_eq!(twins(&plain), twins(&rich));
}

#[test]
fn buffs_and_combatants_have_no_resources() {
    let world = small(2);
    let report = finished(&world).next().unwrap();
    for data_type in [DataType::Buffs, DataType::CombatantInfo] {
        let filter = EventFilter { include_resources: true, ..EventFilter::of(data_type, Hostility::Friendlies) };
        let page = report.events().page(report, &filter, 0.0, 1e9, i64::MAX, 500);
        assert!(page.count > 0 && events_of(&page).iter().all(|event| !event.contains("Resources")));
    }
}

#[test]
fn ids_become_objects_when_asked() {
    let world = small(2);
    let report = finished(&world).next().unwrap();
    let filter =
        EventFilter { use_ability_ids: false, use_actor_ids: false, ..EventFilter::of(DataType::Buffs, Hostility::Friendlies) };

    let page = report.events().page(report, &filter, 0.0, 1e9, i64::MAX, 1000);

    for event in events_of(&page) {
        let event: Value = serde_json::from_str(&event).unwrap();
        for id in ["sourceID", "targetID", "abilityGameID", "extraAbilityGameID"] {
            assert!(event.get(id).is_none(), "{event}");
        }
        let ability = report.ability(event["ability"]["guid"].as_i64().unwrap()).unwrap();
        assert_eq!(event["ability"]["name"], ability.name);
        assert_eq!(event["source"]["name"], report.actor(event["source"]["id"].as_i64().unwrap()).unwrap().name);
    }
}
