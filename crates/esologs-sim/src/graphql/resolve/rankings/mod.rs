//! Rankings: of characters in an encounter or a zone, of an encounter's best, of a report's fights.
//!
//! Kills of the world are ranked by what their events add up to ([`Parse`](crate::world::parses::Parse)). What is not allowed is told
//! inside the scalar, as `{"error": "…"}` without a GraphQL error; those texts are ours.
//!
//! - [`wanted`]: what the arguments ask for
//! - [`performance`]: one player's kill, and what it is worth by each metric
//! - [`percent`]: where an amount stands among others
//! - [`characters`]: `encounterRankings` and `zoneRankings` of a character
//! - [`leaderboard`]: `characterRankings` and `fightRankings` of an encounter
//! - [`of_report`]: `rankings` of a report

mod characters;
mod gear;
mod leaderboard;
mod of_report;
mod percent;
mod performance;
mod wanted;

pub(super) use characters::{encounter_rankings, zone_rankings};
pub(super) use leaderboard::{character_rankings, fight_rankings};
pub(super) use of_report::report_rankings;

use apollo_compiler::resolvers::FieldError;
use serde_json::{Value, json};

use super::super::args::Args;
use super::super::node::field_error;
use crate::world::World;
use crate::world::atlas::CLASSES;
use crate::world::model::{Character, Guild, Server};

/// The metric that answers "Internal server error", whatever is asked: seen for good, not only for a time.
const BROKEN_METRIC: &str = "rdps";

/// Fails as the service does for the metric that it cannot compute.
pub(super) fn refuse_broken_metric(args: Args<'_>, name: &str) -> Result<(), FieldError> {
    if args.text(name) == Some(BROKEN_METRIC) {
        return Err(field_error(crate::faults::answer::INTERNAL_ERROR));
    }
    Ok(())
}

fn error(message: &str) -> Value {
    json!({"error": message})
}

fn class_name(id: i64) -> &'static str {
    let known = CLASSES.iter().find(|(class, _)| *class == id);
    known.map_or("Unknown", |(_, name)| name)
}

/// A server as rankings tell it: the region is its slug.
fn server(world: &World, server: Option<&Server>) -> Value {
    let region = |server: &Server| world.region(server.region_id).map(|region| region.slug.clone());
    server.map_or(Value::Null, |server| json!({"id": server.id, "name": server.name, "region": region(server)}))
}

fn guild(guild: Option<&Guild>) -> Value {
    guild.map_or(Value::Null, |guild| json!({"id": guild.id, "name": guild.name, "faction": guild.faction.0}))
}

fn guild_of<'w>(world: &'w World, character: &Character) -> Option<&'w Guild> {
    character.guild_id.and_then(|id| world.guild(id))
}
