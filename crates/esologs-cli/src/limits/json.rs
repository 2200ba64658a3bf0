//! What `limits --json` prints: one object, described in `docs/cli.md`. Names of fields are a promise.

use std::time::Duration;

use esologs::{Points, UnixMillis};
use serde::Serialize;

use super::Known;
use crate::exit::Exit;
use crate::failure::Failure;

#[derive(Serialize)]
struct Limits<'a> {
    host: &'a str,
    ledger: &'a str,
    is_fresh: bool,
    at_unix_ms: UnixMillis,
    limit: Option<Points>,
    spent: Points,
    left: Option<Points>,
    set_aside: Points,
    calls_on_their_way: usize,
    unsettled: Points,
    kept_for_interactive: Points,
    resets_at_unix_ms: Option<UnixMillis>,
    resets_in_ms: Option<u64>,
    window_ms: Option<u64>,
    closed_until_unix_ms: Option<UnixMillis>,
    spent_at_unix_ms: Option<UnixMillis>,
    others_per_hour: Points,
    alone: Option<&'a str>,
    spenders: Vec<Spender<'a>>,
    costs: Vec<Cost<'a>>,
}

#[derive(Serialize)]
struct Spender<'a> {
    process: &'a str,
    operation: &'a str,
    calls: u64,
    points: Points,
}

#[derive(Serialize)]
struct Cost<'a> {
    operation: &'a str,
    features: &'a str,
    calls: u64,
    mean: Points,
    p95: Points,
    is_learned: bool,
    last_seen_unix_ms: UnixMillis,
}

/// To the thousandth of a point: what is finer comes of adding up.
fn rounded(points: Points) -> Points {
    Points::new((points.get() * 1_000.0).round() / 1_000.0)
}

pub(super) fn text(known: &Known) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(&Limits::from(known))
        .map_err(|error| Failure::new(Exit::Local, "local_file", format!("cannot write the limits as JSON: {error}")))?;
    Ok(text + "\n")
}

impl<'a> From<&'a Known> for Limits<'a> {
    fn from(known: &'a Known) -> Self {
        let points = &known.points;
        let milliseconds = |length: Duration| length.as_millis() as u64;
        Self {
            host: &known.host,
            ledger: &known.ledger,
            is_fresh: known.is_fresh,
            at_unix_ms: known.now,
            limit: points.limit.map(rounded),
            spent: rounded(points.spent),
            left: points.left().map(rounded),
            set_aside: rounded(points.reserved),
            calls_on_their_way: points.calls_on_their_way,
            unsettled: rounded(points.unsettled),
            kept_for_interactive: rounded(points.kept_for_interactive),
            resets_at_unix_ms: points.resets_at,
            resets_in_ms: points.resets_at.map(|at| milliseconds(at.since(known.now))),
            window_ms: points.window.map(milliseconds),
            closed_until_unix_ms: points.closed_until,
            spent_at_unix_ms: points.spent_at,
            others_per_hour: rounded(points.burn_per_hour),
            alone: points.alone.as_deref(),
            spenders: points
                .spenders
                .iter()
                .map(|row| Spender {
                    process: &row.owner,
                    operation: &row.operation,
                    calls: row.calls,
                    points: rounded(row.points),
                })
                .collect(),
            costs: points
                .costs
                .iter()
                .map(|row| Cost {
                    operation: &row.operation,
                    features: &row.features,
                    calls: row.calls,
                    mean: rounded(row.mean),
                    p95: rounded(row.p95),
                    is_learned: row.is_learned,
                    last_seen_unix_ms: row.last_seen,
                })
                .collect(),
        }
    }
}
