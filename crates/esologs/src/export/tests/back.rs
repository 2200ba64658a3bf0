//! From columns back to JSON: what any reader of the files can do, done here to show that nothing is lost.

use std::collections::BTreeMap;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array as _, ArrayRef, RecordBatch};
use serde_json::{Map, Value, json};

use super::super::batches::{Batches, Origin};
use super::super::tables::{EXTRA, Field, Kind, Table};
use crate::units::UnixMillis;

/// 2026-03-01T20:00:00Z
pub(super) const START: UnixMillis = UnixMillis::new(1_772_395_200_000);

pub(super) fn origin() -> Origin {
    Origin {
        report: "xb7TKHXR8DJByp4Q".to_owned(),
        stream: "buffs".to_owned(),
        hostility: Some("enemies".to_owned()),
        live: false,
        start: Some(START),
    }
}

/// The lines as a batch.
pub(super) fn batch(table: &'static Table, lines: &str) -> RecordBatch {
    let mut batches = Batches::new(table, &origin());
    assert_eq!(batches.append(lines).unwrap(), lines.len(), "all of it fits into one batch");
    batches.take().unwrap().unwrap()
}

/// The objects of a batch: the columns that are not null, and over them what is in `extra`.
pub(super) fn objects(table: &Table, batch: &RecordBatch) -> Vec<Value> {
    let columns: BTreeMap<&str, &ArrayRef> =
        batch.schema_ref().fields().iter().map(|field| field.name().as_str()).zip(batch.columns()).collect();
    let object = |row: usize| {
        let mut object = fields(table.fields, &|column| ArrayRef::clone(columns[column]), row);
        if let Some(extra) = text(columns[EXTRA], row) {
            lay_over(&mut object, serde_json::from_str(extra).unwrap());
        }
        Value::Object(object)
    };
    (0..batch.num_rows()).map(object).collect()
}

/// What is in `extra`, row by row.
pub(super) fn extras(batch: &RecordBatch) -> Vec<Option<&str>> {
    (0..batch.num_rows()).map(|row| text(batch.column_by_name(EXTRA).unwrap(), row)).collect()
}

fn text(column: &ArrayRef, row: usize) -> Option<&str> {
    column.is_valid(row).then(|| column.as_string::<i32>().value(row))
}

fn fields(fields: &[Field], column: &dyn Fn(&str) -> ArrayRef, row: usize) -> Map<String, Value> {
    let value = |field: &Field| Some((field.name.to_owned(), value(field.kind, &column(field.column), row)?));
    fields.iter().filter_map(value).collect()
}

fn value(kind: Kind, column: &ArrayRef, row: usize) -> Option<Value> {
    if column.is_null(row) {
        return None;
    }
    Some(match kind {
        Kind::Whole | Kind::Since1970(_) => json!(column.as_primitive::<Int64Type>().value(row)),
        Kind::Number | Kind::SinceStart(_) => json!(column.as_primitive::<Float64Type>().value(row)),
        Kind::Flag => json!(column.as_boolean().value(row)),
        Kind::Text => json!(column.as_string::<i32>().value(row)),
        Kind::Json => serde_json::from_str(column.as_string::<i32>().value(row)).unwrap(),
        Kind::Wholes => json!(column.as_list::<i32>().value(row).as_primitive::<Int64Type>().values().to_vec()),
        Kind::Object(inside) => {
            let object = column.as_struct();
            Value::Object(fields(inside, &|name| ArrayRef::clone(object.column_by_name(name).unwrap()), row))
        }
    })
}

/// Objects are laid over objects field by field; anything else takes the place of what was there.
fn lay_over(below: &mut Map<String, Value>, above: Map<String, Value>) {
    for (name, value) in above {
        match (below.get_mut(&name), value) {
            (Some(Value::Object(below)), Value::Object(above)) => lay_over(below, above),
            (_, value) => drop(below.insert(name, value)),
        }
    }
}

/// With numbers by value: `1200.0` is 1200. Fractions to 14 digits, since serde_json reads the last one or two of them wrongly.
pub(super) fn by_value(value: &Value) -> Value {
    match value {
        Value::Number(number) => {
            let float = number.as_f64().unwrap();
            match number.as_i64() {
                Some(whole) => json!(whole),
                None if float.fract() == 0.0 && float.abs() < 9.0e15 => json!(float as i64),
                None => json!(format!("{float:.13e}")),
            }
        }
        Value::Array(list) => list.iter().map(by_value).collect(),
        Value::Object(object) => object.iter().map(|(name, value)| (name.clone(), by_value(value))).collect(),
        other => other.clone(),
    }
}

/// Fails unless the lines come back from the columns.
pub(super) fn come_back(table: &'static Table, lines: &str) {
    let found = objects(table, &batch(table, lines));
    assert_eq!(found.len(), lines.lines().count());
    for (line, found) in lines.lines().zip(&found) {
        let sent: Value = serde_json::from_str(line).unwrap();
        assert_eq!(by_value(found), by_value(&sent), "{line}");
    }
}
