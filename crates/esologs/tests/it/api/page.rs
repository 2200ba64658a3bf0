//! `docs/api.md` is written from the catalogue of calls, and names every method of the Python package beside them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use esologs::Parameter;
use esologs::catalogue::{self, CallInfo, Paging};

use crate::support::sources;

/// The methods of the Python package `esologs-python` 0.2.0b1: 13 on the game, 4 on the world, 5 on characters, 5 on guilds, 10 on
/// reports, 1 on races, 1 on points, 3 on users.
const PEER: [&str; 42] = [
    "get_ability",
    "get_abilities",
    "get_class",
    "get_classes",
    "get_factions",
    "get_item",
    "get_items",
    "get_item_set",
    "get_item_sets",
    "get_map",
    "get_maps",
    "get_npc",
    "get_npcs",
    "get_world_data",
    "get_zones",
    "get_regions",
    "get_encounters_by_zone",
    "get_character_by_id",
    "get_character_reports",
    "get_character_encounter_ranking",
    "get_character_encounter_rankings",
    "get_character_zone_rankings",
    "get_guild_by_id",
    "get_guild",
    "get_guilds",
    "get_guild_attendance",
    "get_guild_members",
    "get_report_by_code",
    "get_report_events",
    "get_report_graph",
    "get_report_table",
    "get_report_rankings",
    "get_report_player_details",
    "get_reports",
    "search_reports",
    "get_guild_reports",
    "get_user_reports",
    "get_progress_race",
    "get_rate_limit_data",
    "get_user_by_id",
    "get_current_user",
    "get_user_data",
];

#[test]
fn every_method_of_the_python_package_has_its_call() {
    let calls = catalogue::calls();
    let named: Vec<&str> = calls.iter().flat_map(|call| call.peer).copied().collect();
    assert_eq!(named.iter().copied().collect::<BTreeSet<_>>(), PEER.into_iter().collect());
    assert_eq!(named.len(), PEER.len(), "one call for each");
}

#[test]
fn docs_api_md_is_up_to_date() {
    let path = sources::workspace().join("docs/api.md");
    let page = rendered();
    if std::env::var_os("ESOLOGS_WRITE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    let place = there.lines().zip(page.lines()).position(|(there, page)| there != page);
    assert!(
        there == page,
        "docs/api.md is stale, first in line {place:?}; write it anew with\n\
         ESOLOGS_WRITE_DOCS=1 cargo test -p esologs --test it api::page"
    );
}

fn rendered() -> String {
    let tour = fs::read_to_string(sources::workspace().join("crates/esologs/examples/api_tour.rs")).unwrap();
    let (_, rest) = tour.split_once("// tour: begin\n").unwrap();
    let (tour, _) = rest.split_once("// tour: end\n").unwrap();
    let mut page = include_str!("page_head.md").replace("TOUR", tour.trim_end());
    let calls = catalogue::calls();
    let mut roots: Vec<&str> = calls.iter().map(|call| call.path[0]).collect();
    roots.dedup();
    for root in roots {
        let _ = writeln!(page, "\n## `{root}`\n\n| field | call | brings | pages | Python |\n|---|---|---|---|---|");
        for call in calls.iter().filter(|call| call.path[0] == root) {
            let _ = writeln!(page, "{}", row(call));
        }
        let with_parameters = calls.iter().filter(|call| call.path[0] == root && !call.parameters.is_empty());
        for call in with_parameters {
            let methods: Vec<String> = call.parameters.iter().map(parameter).collect();
            let _ = writeln!(page, "\n`{}`: {}", call.path.join("."), methods.join(", "));
        }
    }
    page
}

fn row(call: &CallInfo) -> String {
    let ways: Vec<String> = split(call.method).map(|way| format!("`{way}`")).collect();
    let answer = if call.is_raw() { format!("`{}`, raw", call.answer) } else { format!("`{}`", call.answer) };
    let answer = if call.needs_user { format!("{answer}; needs a user token") } else { answer };
    let pages = match call.paging {
        Paging::Pages => "by number",
        Paging::Cursor => "by cursor",
        _ => "",
    };
    let peer: Vec<String> = call.peer.iter().map(|name| format!("`{name}`")).collect();
    format!("| `{}` | {} | {answer} | {pages} | {} |", call.path.join("."), ways.join(" "), peer.join(" "))
}

/// The ways to make a call: parted by commas that stand in no parentheses.
fn split(methods: &str) -> impl Iterator<Item = &str> {
    methods.split(", client.").enumerate().map(|(at, way)| {
        let start = way.as_ptr() as usize - methods.as_ptr() as usize;
        if at == 0 { way } else { &methods[start - "client.".len()..start + way.len()] }
    })
}

fn parameter(parameter: &Parameter) -> String {
    let Parameter { method, takes, .. } = parameter;
    match parameter.range {
        Some((least, most)) if most < f64::from(i32::MAX) => format!("`{method}({takes})` {least} to {most}"),
        _ => format!("`{method}({takes})`"),
    }
}
