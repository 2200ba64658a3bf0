//! The table `Summary`: everybody's damage and healing, what hurt, who died, who was there.

use serde_json::{Value, json};

use super::names::{ability, actor, with};
use super::scope::Scope;
use super::tally::{By, tally};
use super::{deaths, players};
use crate::world::DataType;

pub(super) fn of(scope: &Scope<'_>) -> Value {
    json!({
        "totalTime": scope.total_time(), "itemLevel": players::mean_item_level(scope),
        "logVersion": scope.report().log_version, "gameVersion": scope.report().game_version,
        "composition": players::composition(scope),
        "damageDone": sums(scope, DataType::DamageDone, By::Source),
        "healingDone": sums(scope, DataType::Healing, By::Source),
        "damageTaken": sums(scope, DataType::DamageTaken, By::Ability),
        "deathEvents": deaths::short_entries(scope), "playerDetails": players::of(scope),
    })
}

fn sums(scope: &Scope<'_>, data_type: DataType, by: By) -> Vec<Value> {
    let filter = scope.filter_for(data_type);
    let named = |key| if by == By::Ability { ability(scope.report(), key) } else { actor(scope.report(), key) };
    let rows = tally(scope, by, scope.select(&filter)).into_iter();
    rows.map(|(key, row)| with(named(key), json!({"total": row.total}))).collect()
}
