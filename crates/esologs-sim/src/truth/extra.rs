//! What the site makes of a report: asked of the resolvers, without a query, a page or a fault.

use apollo_compiler::response::JsonMap;
use serde_json::{Value, json};

use crate::graphql::resolve::{player_details_of, rankings_of, table_of};
use crate::graphql::write;
use crate::world::World;
use crate::world::model::Report;

/// A kind of it, or who was there in all of the guild's reports, as `docs/data-layout.md` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    /// The players of all fights, with gear.
    PlayerDetails,
    /// The parses of the kills.
    Rankings,
    /// The summary of each fight.
    Tables,
    /// Who was there, in one file for the guild.
    Attendance,
}

impl Extra {
    /// Every one.
    pub const EVERY: [Self; 4] = [Self::PlayerDetails, Self::Rankings, Self::Tables, Self::Attendance];

    pub(super) fn file(self) -> &'static str {
        match self {
            Self::PlayerDetails => "player-details.json",
            Self::Rankings => "rankings.json",
            Self::Tables => "tables.jsonl",
            Self::Attendance => "attendance.jsonl",
        }
    }

    /// The lines of its file about a report; none of what is about the guild.
    pub(super) fn lines(self, world: &World, report: &Report) -> Vec<Vec<u8>> {
        let ids: Vec<i64> = report.fights.iter().map(|fight| fight.id).collect();
        let all = arguments(&ids, &[("includeCombatantInfo", json!(true))]);
        match self {
            Self::Attendance => Vec::new(),
            _ if ids.is_empty() => Vec::new(),
            Self::PlayerDetails => vec![write::scalar(player_details_of(report, &all))],
            Self::Rankings => vec![write::scalar(rankings_of(world, report, &all))],
            Self::Tables => ids.iter().map(|id| table(report, *id)).collect(),
        }
    }
}

fn table(report: &Report, fight: i64) -> Vec<u8> {
    let mut line = format!("{{\"fight\":{fight},\"table\":").into_bytes();
    line.extend(write::scalar(table_of(report, &arguments(&[fight], &[("dataType", json!("Summary"))]))));
    line.push(b'}');
    line
}

fn arguments(fights: &[i64], others: &[(&str, Value)]) -> JsonMap {
    let mut arguments = JsonMap::new();
    arguments.insert("fightIDs", json!(fights).into());
    for (name, value) in others {
        arguments.insert(*name, value.clone().into());
    }
    arguments
}
