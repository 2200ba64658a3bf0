//! `table`, `graph` and `playerDetails` of a report, summed up from its events.
//!
//! - [`scope`]: which events the arguments mean
//! - [`tally`]: sums by actor or by ability
//! - [`table`], [`auras`], [`deaths`], [`summary`]: the tables
//! - [`graph`]: the same over time
//! - [`players`]: who was there, with gear
//! - [`names`]: actors and abilities as all of these tell them

mod auras;
mod deaths;
mod graph;
mod names;
mod players;
mod scope;
mod summary;
mod table;
mod tally;

use serde_json::{Value, json};

use super::super::args::Args;
use super::reports::ReportNode;
use scope::Scope;

/// The value of one of these fields.
pub(super) fn of(field: &str, node: &ReportNode<'_>, args: Args<'_>) -> Value {
    let scope = Scope::of(node, args);
    match field {
        "table" => json!({"data": table::of(&scope)}),
        "graph" => json!({"data": graph::of(&scope)}),
        _ => json!({"data": {"playerDetails": players::of(&scope)}}),
    }
}
