//! From lines of JSON to record batches: each value goes straight into the column it belongs to.
//!
//! What has no column, or does not fit into its own, goes into `extra`, to the letter, where it stood. So columns and `extra` together
//! hold everything that was sent, and any reader can put the object together again: the columns that are not null, and over
//! them what is in `extra`, object by object. A number in a string fills its column and stays in `extra` as well.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, StructArray};
use arrow_schema::{DataType, Fields, TimeUnit};
use serde_json::value::RawValue;

use super::cells::{Cells, Lists, Objects, Texts, entry, nothing};
use super::extra::Extra;
use super::tables::{Field, Kind};
use crate::api::{number, on_one_line, walk, whole_number};
use crate::decode::scan;

/// Whole numbers from here on are not all floats: such a one stays out of a column of floats.
const FIRST_INEXACT: f64 = 9_007_199_254_740_992.0;

/// The columns of an object.
#[derive(Debug)]
pub(super) struct Columns {
    fields: &'static [Field],
    columns: Vec<Column>,
    by_name: HashMap<&'static str, usize>,
    /// The place that followed each place last time, and first the one with which an object began: objects of one kind have their
    /// fields in the same order, so that hardly any has to be looked up.
    followers: Vec<usize>,
}

#[derive(Debug)]
enum Column {
    Wholes(Cells<i64>),
    Numbers(Cells<f64>),
    Flags(Cells<bool>),
    Texts(Texts),
    Json(Texts),
    Lists(Lists),
    Objects(Objects, Columns),
}

/// How a table's fields are read.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) row: usize,
    pub(super) keeps_null: bool,
    pub(super) extra: &'a mut Extra,
}

impl Columns {
    pub(super) fn new(fields: &'static [Field]) -> Self {
        let by_name = fields.iter().enumerate().map(|(place, field)| (field.name, place)).collect();
        let columns = fields.iter().map(|field| Column::of(field.kind)).collect();
        Self { fields, columns, by_name, followers: (0..=fields.len()).collect() }
    }

    /// Reads the object that begins here into this row, and tells where it ends. `None` where there is anything unusual in it (white
    /// space), or it is no object; then half of it is in the row.
    pub(super) fn read(&mut self, json: &str, start: usize, reading: &mut Reading<'_>) -> Option<usize> {
        let mut last = 0;
        walk(json, start, |name, json, start| {
            if let Some(place) = self.find(name, last) {
                last = place + 1;
                if let Some(end) = self.columns[place].take(name, json, start, reading) {
                    return Some(end);
                }
                let end = value_end(json, start)?;
                if reading.keeps_null || &json[start..end] != "null" {
                    reading.extra.keep(name, &json[start..end]);
                }
                return Some(end);
            }
            let end = value_end(json, start)?;
            reading.extra.keep(name, &json[start..end]);
            Some(end)
        })
    }

    #[inline]
    fn find(&mut self, name: &str, last: usize) -> Option<usize> {
        let likely = self.followers[last];
        if self.fields.get(likely).is_some_and(|field| field.name == name) {
            return Some(likely);
        }
        let place = *self.by_name.get(name)?;
        self.followers[last] = place;
        Some(place)
    }

    /// Leaves so many rows.
    pub(super) fn truncate(&mut self, rows: usize) {
        for column in &mut self.columns {
            column.truncate(rows);
        }
    }

    /// The arrays of so many rows, each with what it is derived from; empties this one.
    pub(super) fn take_arrays(&mut self, rows: usize) -> Vec<ArrayRef> {
        self.columns.iter_mut().zip(self.fields).map(|(column, field)| column.take_array(field.kind, rows)).collect()
    }
}

/// The end of any value. What nests deeper than the scanner goes is left to serde_json.
fn value_end(json: &str, start: usize) -> Option<usize> {
    scan::value(json.as_bytes(), start).or_else(|| end_of_deep_value(json.get(start..)?).map(|length| start + length))
}

#[cold]
fn end_of_deep_value(json: &str) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_str(json).into_iter::<&RawValue>();
    let value = values.next()?.ok()?.get();
    let is_compact = json.starts_with(value) && on_one_line(value) == value;
    is_compact.then_some(value.len())
}

impl Column {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Whole | Kind::Since1970(_) => Self::Wholes(Cells::new()),
            Kind::Number | Kind::SinceStart(_) => Self::Numbers(Cells::new()),
            Kind::Flag => Self::Flags(Cells::new()),
            Kind::Text => Self::Texts(Texts::new()),
            Kind::Json => Self::Json(Texts::new()),
            Kind::Wholes => Self::Lists(Lists::new()),
            Kind::Object(fields) => Self::Objects(Objects::new(), Columns::new(fields)),
        }
    }

    /// Takes the value that begins here, and tells where it ends. `None` where it does not fit, or the row has one already.
    fn take(&mut self, name: &str, json: &str, start: usize, reading: &mut Reading<'_>) -> Option<usize> {
        let row = reading.row;
        let (is_put, end) = match self {
            Self::Wholes(cells) => {
                let (value, end) = whole_number(json, start)?;
                (cells.put(row, value), end)
            }
            Self::Numbers(cells) => {
                let (value, end) = number(json, start).filter(|(value, _)| value.abs() < FIRST_INEXACT)?;
                (cells.put(row, value), end)
            }
            Self::Flags(cells) => {
                let end = scan::value(json.as_bytes(), start)?;
                match &json[start..end] {
                    "true" => (cells.put(row, true), end),
                    "false" => (cells.put(row, false), end),
                    _ => return None,
                }
            }
            Self::Texts(texts) => {
                let (text, end) = text(json, start)?;
                return texts.put(row, &text).then_some(end);
            }
            Self::Json(texts) => {
                let end = value_end(json, start)?;
                let value = &json[start..end];
                (value != "null" && texts.put(row, value), end)
            }
            Self::Lists(lists) => {
                let (list, end) = list(json, start)?;
                (lists.put(row, &list), end)
            }
            Self::Objects(objects, columns) => {
                if json.as_bytes().get(start) != Some(&b'{') || !objects.put(row) {
                    return None;
                }
                let begun = reading.extra.begin(name);
                let end = columns.read(json, start, reading)?;
                reading.extra.end(&begun);
                (true, end)
            }
        };
        if !is_put {
            return None;
        }
        // A number in a string: what was sent is not what is in the column.
        if json.as_bytes()[start] == b'"' && !matches!(self, Self::Json(_)) {
            reading.extra.keep(name, &json[start..end]);
        }
        Some(end)
    }

    fn truncate(&mut self, rows: usize) {
        match self {
            Self::Wholes(cells) => cells.truncate(rows),
            Self::Numbers(cells) => cells.truncate(rows),
            Self::Flags(cells) => cells.truncate(rows),
            Self::Texts(texts) | Self::Json(texts) => texts.truncate(rows),
            Self::Lists(lists) => lists.truncate(rows),
            Self::Objects(objects, columns) => {
                objects.truncate(rows);
                columns.truncate(rows);
            }
        }
    }

    fn take_array(&mut self, kind: Kind, rows: usize) -> ArrayRef {
        match self {
            Self::Wholes(cells) => Arc::new(cells.take_array(rows)),
            Self::Numbers(cells) => Arc::new(cells.take_array(rows)),
            Self::Flags(cells) => cells.take_array(rows),
            Self::Texts(texts) | Self::Json(texts) => texts.take_array(rows),
            Self::Lists(lists) => lists.take_array(rows),
            Self::Objects(objects, _) if objects.is_empty() => nothing(&data_type(kind), rows),
            Self::Objects(objects, columns) => {
                let arrays = columns.take_arrays(rows);
                Arc::new(StructArray::new(schema_fields(columns.fields), arrays, Some(objects.take(rows))))
            }
        }
    }
}

/// A text, without its escapes.
fn text(json: &str, start: usize) -> Option<(Cow<'_, str>, usize)> {
    scan::byte(json.as_bytes(), start, b'"')?;
    let end = scan::value(json.as_bytes(), start)?;
    let text = json.get(start + 1..end - 1)?;
    if text.contains('\\') {
        return Some((serde_json::from_str::<String>(&json[start..end]).ok()?.into(), end));
    }
    Some((text.into(), end))
}

/// A list of whole numbers.
fn list(json: &str, start: usize) -> Option<(Vec<i64>, usize)> {
    let mut list = Vec::new();
    let mut at = scan::byte(json.as_bytes(), start, b'[')?;
    if let Some(end) = scan::byte(json.as_bytes(), at, b']') {
        return Some((list, end));
    }
    loop {
        if json.as_bytes().get(at) == Some(&b'"') {
            return None;
        }
        let (value, end) = whole_number(json, at)?;
        list.push(value);
        if let Some(end) = scan::byte(json.as_bytes(), end, b']') {
            return Some((list, end));
        }
        at = scan::byte(json.as_bytes(), end, b',')?;
    }
}

/// The type of a column.
pub(super) fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Whole | Kind::Since1970(_) => DataType::Int64,
        Kind::Number | Kind::SinceStart(_) => DataType::Float64,
        Kind::Flag => DataType::Boolean,
        Kind::Text | Kind::Json => DataType::Utf8,
        Kind::Wholes => DataType::List(entry()),
        Kind::Object(fields) => DataType::Struct(schema_fields(fields)),
    }
}

/// The type of a time stamp.
pub(super) fn moment() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

fn schema_fields(fields: &[Field]) -> Fields {
    fields.iter().map(|field| arrow_schema::Field::new(field.column, data_type(field.kind), true)).collect()
}
