//! `table`, `graph`, `playerDetails` and `rankings` of a report: the right shapes, without the sums.

use serde_json::{Value, json};

use super::super::args::Args;
use super::reports::ReportNode;
use crate::world::model::Actor;

/// The value of one of these fields.
pub(super) fn of(field: &str, node: &ReportNode<'_>, args: Args<'_>) -> Value {
    match field {
        "table" => json!({"data": table(node, args)}),
        "graph" => json!({"data": graph(node, args)}),
        "playerDetails" => json!({"data": {"playerDetails": player_details(node)}}),
        _ => json!({"data": []}),
    }
}

fn range(node: &ReportNode<'_>, args: Args<'_>) -> (i64, i64) {
    let whole = |value: f64| value as i64;
    let start = args.float("startTime").map_or(0, whole);
    let end = args.float("endTime").map_or(node.view.until, whole);
    (start, end.min(node.view.until).max(start))
}

fn table(node: &ReportNode<'_>, args: Args<'_>) -> Value {
    let (start, end) = range(node, args);
    match args.text("dataType").unwrap_or("Summary") {
        "Summary" => json!({
            "totalTime": end - start, "itemLevel": 0,
            "logVersion": node.report.log_version, "gameVersion": node.report.game_version,
            "composition": players(node).map(composition).collect::<Vec<_>>(),
            "damageDone": [], "healingDone": [], "damageTaken": [], "deathEvents": [],
            "playerDetails": player_details(node),
        }),
        "Buffs" | "Debuffs" => json!({
            "auras": [], "totalTime": end - start, "useTargets": false, "startTime": start, "endTime": end,
        }),
        _ => json!({
            "entries": [], "totalTime": end - start,
            "logVersion": node.report.log_version, "gameVersion": node.report.game_version,
        }),
    }
}

fn graph(node: &ReportNode<'_>, args: Args<'_>) -> Value {
    let (start, end) = range(node, args);
    json!({"series": [], "startTime": start, "endTime": end})
}

fn players<'a>(node: &ReportNode<'a>) -> impl Iterator<Item = &'a Actor> + use<'a> {
    node.report.actors.iter().filter(|actor| actor.kind == "Player")
}

fn composition(actor: &Actor) -> Value {
    json!({"name": actor.name, "id": actor.id, "guid": actor.game_id, "type": actor.sub_type, "specs": []})
}

/// Two tanks, two healers, the rest deals damage. A role that nobody has is absent, and an empty `combatantInfo` is a list.
fn player_details(node: &ReportNode<'_>) -> Value {
    let mut roles = serde_json::Map::new();
    for (place, actor) in players(node).enumerate() {
        let (role, spec) = match place {
            0 | 1 => ("tanks", "Tank"),
            2 | 3 => ("healers", "Healer"),
            _ => ("dps", "MagickaDPS"),
        };
        let entries = roles.entry(role).or_insert_with(|| json!([]));
        if let Value::Array(entries) = entries {
            entries.push(player(actor, spec));
        }
    }
    Value::Object(roles)
}

fn player(actor: &Actor, spec: &str) -> Value {
    json!({
        "name": actor.name, "id": actor.id, "guid": actor.game_id, "type": actor.sub_type, "server": actor.server,
        "displayName": actor.display_name, "anonymous": actor.anonymous, "icon": actor.icon, "specs": [spec],
        "minItemLevel": 0, "maxItemLevel": 0, "potionUse": 0, "healthstoneUse": 0, "combatantInfo": [],
    })
}
