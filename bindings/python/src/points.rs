//! How the points stand, as JSON; `esologs.points` makes its own types of it.

use esologs::{Points, PointsView, UnixMillis};
use serde_json::{Value, json};

use crate::answer::seconds;

/// Points as numbers, moments as seconds since 1970, times as seconds.
pub(crate) fn view(view: &PointsView) -> Value {
    let points = |points: Option<Points>| points.map(Points::get);
    let at = |at: Option<UnixMillis>| at.map(seconds);
    let spenders: Vec<Value> = view
        .spenders
        .iter()
        .map(|row| json!({"owner": row.owner, "operation": row.operation, "calls": row.calls, "points": row.points.get()}))
        .collect();
    let costs: Vec<Value> = view
        .costs
        .iter()
        .map(|row| {
            json!({
                "operation": row.operation, "features": row.features, "calls": row.calls,
                "mean": row.mean.get(), "p95": row.p95.get(), "is_learned": row.is_learned,
            })
        })
        .collect();
    json!({
        "limit": points(view.limit),
        "spent": view.spent.get(),
        "reserved": view.reserved.get(),
        "unsettled": view.unsettled.get(),
        "left": points(view.left()),
        "kept_for_interactive": view.kept_for_interactive.get(),
        "calls_on_their_way": view.calls_on_their_way,
        "resets_at": at(view.resets_at),
        "window": view.window.map(|window| window.as_secs_f64()),
        "closed_until": at(view.closed_until),
        "spent_at": at(view.spent_at),
        "burn_per_hour": view.burn_per_hour.get(),
        "alone": view.alone,
        "spenders": spenders,
        "costs": costs,
    })
}
