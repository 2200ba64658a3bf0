//! `table`: sums by row.

use serde_json::{Value, json};

use super::names::{ability, actor, with};
use super::scope::Scope;
use super::tally::{By, Tally, largest, tally};
use super::{auras, deaths, summary};

/// Abilities and targets of a row are cut off after so many.
const LISTED_AT_MOST: usize = 5;

/// The value inside `data`.
pub(super) fn of(scope: &Scope<'_>) -> Value {
    match scope.data_type {
        "Summary" => summary::of(scope),
        "Buffs" | "Debuffs" => auras::table(scope),
        "Deaths" => with_versions(scope, deaths::entries(scope)),
        "Survivability" => with_versions(scope, deaths::survivors(scope)),
        _ => with_versions(scope, entries(scope)),
    }
}

fn with_versions(scope: &Scope<'_>, entries: Vec<Value>) -> Value {
    json!({
        "entries": entries, "totalTime": scope.total_time(),
        "logVersion": scope.report().log_version, "gameVersion": scope.report().game_version,
    })
}

fn entries(scope: &Scope<'_>) -> Vec<Value> {
    let by = By::of(scope);
    tally(scope, by, scope.events()).iter().map(|(key, row)| entry(scope, by, *key, row)).collect()
}

fn entry(scope: &Scope<'_>, by: By, key: i64, row: &Tally) -> Value {
    let (report, total_time) = (scope.report(), scope.total_time());
    let named = if by == By::Ability { ability(report, key) } else { actor(report, key) };
    let mut entry = with(named, json!({"total": row.total, "activeTime": row.active_time(total_time)}));
    let Value::Object(fields) = &mut entry else { return entry };
    if scope.data_type == "Healing" {
        fields.insert("overheal".to_owned(), json!(row.overheal));
    }
    if by == By::Ability {
        fields.insert("hitCount".to_owned(), json!(row.hits - row.ticks));
        fields.insert("tickCount".to_owned(), json!(row.ticks));
        fields.insert("critHitCount".to_owned(), json!(row.criticals));
        fields.insert("sources".to_owned(), actors(scope, row.sources.iter().map(|(id, total)| (*id, *total))));
    } else {
        fields.insert("abilities".to_owned(), abilities(scope, row));
    }
    fields.insert("targets".to_owned(), actors(scope, largest(&row.targets, LISTED_AT_MOST).into_iter()));
    entry
}

pub(super) fn abilities(scope: &Scope<'_>, row: &Tally) -> Value {
    let listed = largest(&row.abilities, LISTED_AT_MOST).into_iter();
    listed.map(|(id, total)| with(ability(scope.report(), id), json!({"total": total}))).collect()
}

fn actors(scope: &Scope<'_>, listed: impl Iterator<Item = (i64, i64)>) -> Value {
    listed.map(|(id, total)| with(actor(scope.report(), id), json!({"total": total}))).collect()
}
