//! Tables of buffs and debuffs: how long each was on somebody of the side.
//!
//! `sourceID` and `targetID` both mean who has the aura; expressions, deaths and auras of others do not narrow these tables.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::names::{ability, with};
use super::scope::Scope;
use crate::world::Hostility;
use crate::world::events::bands::{Band, union};
use crate::world::model::Fight;

/// The bands of one aura, those of everybody together.
pub(super) type Auras = BTreeMap<i64, Vec<Band>>;

pub(super) fn table(scope: &Scope<'_>) -> Value {
    let auras = collect(scope);
    let entries: Vec<Value> = auras.into_iter().map(|(id, bands)| entry(scope, id, bands)).collect();
    json!({
        "auras": entries, "totalTime": scope.total_time(), "useTargets": false, "startTime": scope.start, "endTime": scope.end,
        "logVersion": scope.report().log_version, "gameVersion": scope.report().game_version,
    })
}

/// Every aura of the scope's type on its side, by id.
pub(super) fn collect(scope: &Scope<'_>) -> Auras {
    let wants_debuffs = scope.data_type == "Debuffs";
    let who = scope.filter.target_id.or(scope.filter.source_id);
    let mut auras = Auras::new();
    for fight in scope.fights() {
        for (aura, bands) in scope.report().events().bands(scope.report(), fight, scope.node.view.until) {
            let meant = aura.is_debuff == wants_debuffs
                && is_friendly(fight, aura.on) == (scope.filter.hostility == Hostility::Friendlies)
                && who.is_none_or(|who| who == aura.on)
                && scope.filter.ability_id.is_none_or(|id| id == aura.ability as f64);
            if meant {
                let within = bands.into_iter().filter_map(|band| clip(scope, band));
                auras.entry(aura.ability).or_default().extend(within);
            }
        }
    }
    auras.retain(|_, bands| !bands.is_empty());
    auras
}

fn is_friendly(fight: &Fight, actor: i64) -> bool {
    let npcs = || fight.friendly_pets.iter().chain(&fight.friendly_npcs).any(|npc| npc.id == actor);
    fight.friendly_players.contains(&actor) || npcs()
}

fn clip(scope: &Scope<'_>, band: Band) -> Option<Band> {
    let clipped = Band { start: band.start.max(scope.start), end: band.end.min(scope.end) };
    (clipped.start <= clipped.end).then_some(clipped)
}

fn entry(scope: &Scope<'_>, id: i64, bands: Vec<Band>) -> Value {
    let uses = bands.len();
    let bands = union(bands);
    let uptime: i64 = bands.iter().map(|band| band.end - band.start).sum();
    let bands: Vec<Value> = bands.iter().map(|band| json!({"startTime": band.start, "endTime": band.end})).collect();
    with(ability(scope.report(), id), json!({"totalUptime": uptime, "totalUses": uses, "bands": bands}))
}
