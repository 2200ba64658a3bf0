//! `rankings` of a report: its kills, with everybody's place.

use serde_json::{Value, json};

use super::super::super::args::Args;
use super::super::fights::meant_fights;
use super::super::reports::ReportNode;
use super::percent::{percent, rank};
use super::performance::{Performance, bracket_of, of_fight, performances};
use super::server;
use super::wanted::{Wanted, newest_partition};
use crate::world::World;
use crate::world::model::{Fight, Role};

/// The roles of an answer: key, name, role.
const ROLES: [(&str, &str, Role); 3] =
    [("tanks", "Tanks", Role::Tank), ("healers", "Healers", Role::Healer), ("dps", "DPS", Role::Damage)];

/// The kills that the arguments mean. A live report's are there as soon as they are over.
pub(in super::super) fn report_rankings(world: &World, node: &ReportNode<'_>, args: Args<'_>) -> Value {
    let Ok(wanted) = Wanted::read(world, args) else {
        return json!({"data": []});
    };
    let metric = args.text("playerMetric").unwrap_or("default");
    let kills = meant_fights(node, args).filter(|fight| fight.kill == Some(true) && !node.view.in_progress(fight));
    let data: Vec<Value> = kills.map(|fight| kill(world, node, fight, &wanted, metric)).collect();
    json!({"data": data})
}

fn kill(world: &World, node: &ReportNode<'_>, fight: &Fight, wanted: &Wanted<'_>, metric: &str) -> Value {
    let partition = newest_partition(world);
    let of_difficulty = Wanted { difficulty: fight.difficulty.unwrap_or(wanted.difficulty), partition: None, ..wanted.clone() };
    let pool = performances(world, fight.encounter_id, &of_difficulty, false);
    let everybody: Vec<Performance<'_>> = of_fight(node.report, fight).collect();
    let deaths: i64 = everybody.iter().map(|it| it.parse.deaths).sum();
    let not_tanks = everybody.iter().filter(|it| it.actor.role != Some(Role::Tank));
    let roles: serde_json::Map<String, Value> = ROLES
        .iter()
        .map(|(key, name, role)| {
            let players = everybody.iter().filter(|it| it.actor.role == Some(*role));
            let characters: Vec<Value> = players.map(|it| character(world, it, &pool, metric)).collect();
            ((*key).to_owned(), json!({"name": name, "characters": characters}))
        })
        .collect();
    json!({
        "fightID": fight.id, "partition": partition, "zone": node.report.zone_id,
        "encounter": {"id": fight.encounter_id, "name": fight.name},
        "difficulty": fight.difficulty, "size": fight.size, "kill": 1, "duration": fight.end - fight.start,
        "bracketData": 2_000, "bracket": bracket_of(2_000), "deaths": deaths,
        "damageTakenExcludingTanks": not_tanks.map(|it| it.parse.damage_taken).sum::<i64>(),
        "roles": roles,
    })
}

/// One player's place. Ranks are texts, with a tilde where they are estimates.
fn character(world: &World, it: &Performance<'_>, pool: &[Performance<'_>], metric: &str) -> Value {
    let same_spec = pool.iter().filter(|other| other.spec() == it.spec());
    let amounts: Vec<f64> = same_spec.map(|other| other.amount(metric)).collect();
    let amount = it.amount(metric);
    let home = it.character(world).and_then(|character| world.server(character.server_id));
    json!({
        "id": it.actor.character_id.filter(|_| !it.actor.anonymous), "name": it.actor.name, "server": server(world, home), "class": it.actor.sub_type,
        "spec": it.spec(), "amount": amount, "bracketData": it.champion_points(), "bracket": bracket_of(it.champion_points()),
        "rank": format!("~{}", rank(amount, &amounts)), "best": format!("~{}", rank(amount, &amounts)),
        "totalParses": amounts.len(), "rankPercent": percent(amount, &amounts).round(),
        "bracketPercent": percent(amount, &amounts).round(),
    })
}
