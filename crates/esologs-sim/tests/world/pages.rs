//! Paging, against the truth as the second opinion.

use std::fs;
use std::path::Path;

use esologs_sim::truth::{self, Stream};
use esologs_sim::world::model::Report;
use esologs_sim::world::{DataType, EventFilter, Hostility, KillType, MAIN_GUILD_ID};

use crate::helpers::{all_pages, events_of, finished, small, timestamp_of};

/// The truth's files and the question whose pages must give them.
const FILES: &[(&str, DataType, Hostility)] = &[
    ("damage", DataType::DamageDone, Hostility::Friendlies),
    ("damage-taken", DataType::DamageTaken, Hostility::Friendlies),
    ("healing", DataType::Healing, Hostility::Friendlies),
    ("casts", DataType::Casts, Hostility::Friendlies),
    ("deaths", DataType::Deaths, Hostility::Friendlies),
    ("resources", DataType::Resources, Hostility::Friendlies),
    ("interrupts", DataType::Interrupts, Hostility::Friendlies),
    ("dispels", DataType::Dispels, Hostility::Friendlies),
    ("summons", DataType::Summons, Hostility::Friendlies),
    ("threat", DataType::Threat, Hostility::Friendlies),
    ("buffs.friendlies", DataType::Buffs, Hostility::Friendlies),
    ("buffs.enemies", DataType::Buffs, Hostility::Enemies),
    ("debuffs.friendlies", DataType::Debuffs, Hostility::Friendlies),
    ("debuffs.enemies", DataType::Debuffs, Hostility::Enemies),
    ("combatantinfo.friendlies", DataType::CombatantInfo, Hostility::Friendlies),
    ("combatantinfo.enemies", DataType::CombatantInfo, Hostility::Enemies),
    ("all.friendlies", DataType::All, Hostility::Friendlies),
    ("all.enemies", DataType::All, Hostility::Enemies),
];

fn true_lines(folder: &Path, report: &Report, file: &str) -> Vec<String> {
    let path = folder.join("reports").join(&report.code).join("events").join(format!("{file}.jsonl"));
    fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn pages_joined_are_the_truth_for_every_stream_and_limit() {
    for seed in [1, 2] {
        let world = small(seed);
        let folder = tempfile::tempdir().unwrap();
        truth::write(&world, MAIN_GUILD_ID, &Stream::EVERY, folder.path()).unwrap();
        for report in finished(&world).filter(|report| report.guild_id == Some(MAIN_GUILD_ID)).take(2) {
            for &(file, data_type, hostility) in FILES {
                let truth = true_lines(folder.path(), report, file);
                for limit in [1, 29, 300, 10_000] {
                    let pages = all_pages(report, &EventFilter::of(data_type, hostility), limit);
                    let joined: Vec<String> = pages.iter().flat_map(events_of).collect();
                    assert!(
                        joined == truth,
                        "{file} of {} with limit {limit}: {} and {} lines",
                        report.code,
                        joined.len(),
                        truth.len()
                    );
                }
            }
        }
    }
}

#[test]
fn a_page_runs_over_its_limit_rather_than_split_a_timestamp() {
    let world = small(1);
    let report = finished(&world).next().unwrap();
    let mut over = 0;

    for limit in [1, 5, 100, 300] {
        let pages = all_pages(report, &EventFilter::default(), limit);
        for pair in pages.windows(2) {
            let events = events_of(&pair[0]);
            let last = timestamp_of(events.last().unwrap());
            assert_eq!(events.len(), pair[0].count);
            assert!(pair[0].count >= limit);
            assert!(pair[0].next_page_timestamp.unwrap() > last as f64, "strictly later");
            assert_eq!(
                pair[0].next_page_timestamp.unwrap(),
                timestamp_of(&events_of(&pair[1])[0]) as f64,
                "time of the next event"
            );
            // Without the events of its last timestamp the page would not have been full.
            assert!(events.iter().filter(|event| timestamp_of(event) < last).count() < limit);
            over += usize::from(pair[0].count > limit);
        }
        assert_eq!(pages.last().unwrap().next_page_timestamp, None);
    }
    assert!(over > 0, "some pages run over");
}

#[test]
fn start_and_end_are_both_in_the_range_and_what_is_not_uploaded_is_not_there() {
    let world = small(1);
    let report = finished(&world).next().unwrap();
    let (events, filter) = (report.events(), EventFilter::default());
    let all = events_of(&events.page(report, &filter, 0.0, 1e9, i64::MAX, usize::MAX));
    let (first, last) = (timestamp_of(&all[100]), timestamp_of(&all[400]));
    let expected: Vec<&String> = all.iter().filter(|event| (first..=last).contains(&timestamp_of(event))).collect();

    let by_end = events.page(report, &filter, first as f64, last as f64, i64::MAX, 10_000);
    let by_until = events.page(report, &filter, first as f64, 1e9, last, 10_000);
    let nothing = events.page(report, &filter, last as f64, first as f64 - 1.0, i64::MAX, 10_000);

    assert_eq!(events_of(&by_end).iter().collect::<Vec<_>>(), expected);
    assert_eq!(by_end.next_page_timestamp, None, "what lies after the end does not count");
    assert_eq!(by_until, by_end);
    assert_eq!((nothing.data.as_slice(), nothing.count, nothing.next_page_timestamp), (b"[]".as_slice(), 0, None));
}

#[test]
fn filters_let_through_what_a_look_at_every_event_lets_through() {
    let world = small(6);
    let report = finished(&world).next().unwrap();
    let damage = EventFilter::of(DataType::DamageDone, Hostility::Friendlies);
    let busiest = report.events().iter().find(|event| event.kind.name() == "damage" && event.source_is_friendly).unwrap();
    let kill = report.fights.iter().find(|fight| fight.kill == Some(true)).unwrap();
    let filters = [
        EventFilter { source_id: Some(busiest.source), ..damage.clone() },
        EventFilter { target_id: Some(busiest.target), ..damage.clone() },
        EventFilter { ability_id: Some(busiest.ability as f64), ..damage.clone() },
        EventFilter { fight_ids: Some(vec![4, 2, 99]), ..damage.clone() },
        EventFilter { encounter_id: Some(kill.encounter_id), ..damage.clone() },
        EventFilter { kill_type: Some(KillType::Wipes), ..damage.clone() },
        EventFilter { kill_type: Some(KillType::Trash), ..damage.clone() },
        EventFilter { difficulty: kill.difficulty, ..damage },
    ];

    for filter in filters {
        let expected: Vec<String> = report
            .events()
            .iter()
            .filter(|event| event.kind.name() == "damage" && event.source_is_friendly)
            .filter(|event| filter.source_id.is_none_or(|id| id == event.source))
            .filter(|event| filter.target_id.is_none_or(|id| id == event.target))
            .filter(|event| filter.ability_id.is_none_or(|id| id == event.ability as f64))
            .filter(|event| filter.admits_fight(report.fight(event.fight).unwrap()))
            .map(|event| String::from_utf8(event.json.to_vec()).unwrap())
            .collect();
        let joined: Vec<String> = all_pages(report, &filter, 50).iter().flat_map(events_of).collect();
        assert!(!joined.is_empty() && joined == expected, "{filter:?}");
    }
}

#[test]
fn an_unknown_fight_has_no_events() {
    let world = small(6);
    let report = finished(&world).next().unwrap();
    let filter = EventFilter { fight_ids: Some(vec![99]), ..EventFilter::default() };

    assert_eq!(all_pages(report, &filter, 300)[0].data, b"[]");
}

#[test]
fn names_of_the_schema_are_read_and_others_refused() {
    assert_eq!("DamageDone".parse(), Ok(DataType::DamageDone));
    assert_eq!("Enemies".parse(), Ok(Hostility::Enemies));
    assert_eq!("damage".parse::<DataType>().unwrap_err().to_string(), "\"damage\" is no DataType");
}
