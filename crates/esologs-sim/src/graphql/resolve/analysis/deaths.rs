//! Deaths, and who lived how long.

use serde_json::{Value, json};

use super::names::{ability, actor, with};
use super::scope::Scope;
use super::table::abilities;
use super::tally::Tally;
use crate::world::events::Event;
use crate::world::{DataType, EventKind};

/// The site's table of deaths ends there.
const DEATHS_AT_MOST: usize = 200;
/// How far back a death's table looks, in milliseconds.
const WINDOW_MS: i64 = 10_000;
/// Events that a death lists.
const LAST_EVENTS: usize = 3;

/// Every death on the side, with what came before it.
pub(super) fn entries(scope: &Scope<'_>) -> Vec<Value> {
    scope.events().take(DEATHS_AT_MOST).map(|death| entry(scope, &death)).collect()
}

fn entry(scope: &Scope<'_>, death: &Event<'_>) -> Value {
    let (mut damage, mut healing, mut last) = (Tally::default(), Tally::default(), Vec::new());
    for event in before(scope, death) {
        match event.kind {
            EventKind::Damage => damage.add(&event),
            EventKind::Heal => healing.add(&event),
            _ => continue,
        }
        last.push(serde_json::from_slice::<Value>(event.json).unwrap_or_default());
    }
    let last = last.split_off(last.len().saturating_sub(LAST_EVENTS));
    let sums = |tally: &Tally| json!({"total": tally.total, "activeTime": tally.active_time(WINDOW_MS), "abilities": abilities(scope, tally)});
    with(
        actor(scope.report(), death.target),
        json!({
            "timestamp": death.timestamp, "fight": death.fight, "deathWindow": WINDOW_MS, "overkill": 0,
            "killingBlow": ability(scope.report(), death.ability), "damage": sums(&damage), "healing": sums(&healing),
            "events": last,
        }),
    )
}

/// What happened to the dead in the window before.
fn before<'a>(scope: &'a Scope<'_>, death: &Event<'_>) -> impl Iterator<Item = Event<'a>> {
    let report = scope.report();
    let (time, target) = (death.timestamp, death.target);
    let fight = report.fight(death.fight);
    let events = fight.into_iter().flat_map(move |fight| report.events().of_fight(report, fight));
    events.filter(move |event| event.target == target && (time - WINDOW_MS..=time).contains(&event.timestamp))
}

/// As a summary tells a death.
pub(super) fn short_entries(scope: &Scope<'_>) -> Vec<Value> {
    let filter = scope.filter_for(DataType::Deaths);
    let told = |death: Event<'_>| {
        let more = json!({"deathTime": death.timestamp, "ability": ability(scope.report(), death.ability)});
        with(actor(scope.report(), death.target), more)
    };
    scope.select(&filter).map(told).collect()
}

/// Of each player: deaths, and the share of the time that was lived through until the first of them in each fight. (The site's own shape
/// was recorded nowhere.)
pub(super) fn survivors(scope: &Scope<'_>) -> Vec<Value> {
    let deaths: Vec<(i64, i64, i64)> = scope.events().map(|death| (death.fight, death.target, death.timestamp)).collect();
    let mut players: Vec<i64> = scope.fights().flat_map(|fight| fight.friendly_players.iter().copied()).collect();
    players.sort_unstable();
    players.dedup();
    let lived = |player: i64| -> (i64, i64) {
        let fights = scope.fights().filter(|fight| fight.friendly_players.contains(&player));
        fights.fold((0, 0), |(lived, all), fight| {
            let death = deaths.iter().find(|(number, who, _)| *number == fight.id && *who == player);
            let until = death.map_or(fight.end, |(_, _, time)| *time);
            (lived + until - fight.start, all + fight.end - fight.start)
        })
    };
    let entry = |player: i64| {
        let (lived, all) = lived(player);
        let count = deaths.iter().filter(|(_, who, _)| *who == player).count();
        let more = json!({"total": lived, "deaths": count, "survival": 100.0 * lived as f64 / all.max(1) as f64});
        with(actor(scope.report(), player), more)
    };
    players.into_iter().map(entry).collect()
}
