//! Leaves of an answer.

use apollo_compiler::resolvers::ResolvedValue;
use apollo_compiler::response::JsonValue;

use super::node::Resolved;

pub(crate) fn int<'a>(value: i64) -> Resolved<'a> {
    Ok(ResolvedValue::leaf(value))
}

pub(crate) fn opt_int<'a>(value: Option<i64>) -> Resolved<'a> {
    Ok(value.map_or_else(ResolvedValue::null, ResolvedValue::leaf))
}

/// A `Float`: kept as one for apollo's check, spelled by [`crate::world::number`] when written.
pub(crate) fn float<'a>(value: f64) -> Resolved<'a> {
    Ok(ResolvedValue::leaf(value))
}

pub(crate) fn opt_float<'a>(value: Option<f64>) -> Resolved<'a> {
    Ok(value.map_or_else(ResolvedValue::null, ResolvedValue::leaf))
}

/// Milliseconds: a `Float` in the schema, whole in the world. All are below 2^53.
pub(crate) fn millis<'a>(value: i64) -> Resolved<'a> {
    float(value as f64)
}

pub(crate) fn text<'a>(value: &str) -> Resolved<'a> {
    Ok(ResolvedValue::leaf(value))
}

pub(crate) fn opt_text<'a>(value: Option<&str>) -> Resolved<'a> {
    Ok(value.map_or_else(ResolvedValue::null, ResolvedValue::leaf))
}

pub(crate) fn flag<'a>(value: bool) -> Resolved<'a> {
    Ok(ResolvedValue::leaf(value))
}

pub(crate) fn opt_flag<'a>(value: Option<bool>) -> Resolved<'a> {
    Ok(value.map_or_else(ResolvedValue::null, ResolvedValue::leaf))
}

pub(crate) fn ints<'a>(values: &[i64]) -> Resolved<'a> {
    let values: Vec<JsonValue> = values.iter().map(|value| JsonValue::from(*value)).collect();
    Ok(ResolvedValue::list(values.into_iter().map(ResolvedValue::Leaf)))
}
