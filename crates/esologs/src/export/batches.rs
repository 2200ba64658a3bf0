//! Record batches of a table: the columns that are the same for all rows, those of the fields, and `extra`.

use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{ArrayRef, BooleanArray, PrimitiveArray, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use super::cells::{Texts, nothing};
use super::columns::{Columns, Reading, data_type, moment};
use super::extra::Extra;
use super::shape::Shape;
use super::tables::{Constant, EXTRA, Kind, Table};
use crate::api::on_one_line;
use crate::decode::excerpt;
use crate::units::UnixMillis;

/// Rows of a batch at most. Some hundred bytes each: enough that a batch costs little beside its rows, and that all of it stays in
/// the processor's cache.
pub(super) const MAX_ROWS: usize = 8_192;
/// A batch ends after so many bytes of JSON, whatever its rows.
pub(super) const MAX_BYTES: usize = 4 << 20;

/// Where the rows of a file come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    /// The report's code.
    pub(super) report: String,
    /// Of events: the stream.
    pub(super) stream: String,
    /// Of events: whose, where the stream is asked for twice.
    pub(super) hostility: Option<String>,
    /// Whether the report may still grow.
    pub(super) live: bool,
    /// The report's start.
    pub(super) start: Option<UnixMillis>,
}

/// A line that cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadLine {
    /// From 1, over all that was appended.
    pub(super) number: u64,
    pub(super) why: String,
}

/// Rows on their way into a batch.
#[derive(Debug)]
pub(super) struct Batches {
    table: &'static Table,
    schema: SchemaRef,
    start: Option<UnixMillis>,
    /// Those columns, with as many rows as a batch has at most.
    constants: Vec<ArrayRef>,
    columns: Columns,
    extras: Texts,
    extra: Extra,
    /// Of a batch, at most.
    most_rows: usize,
    rows: usize,
    bytes: usize,
    /// Rows of the batches before.
    rows_before: u64,
}

impl Batches {
    pub(super) fn new(table: &'static Table, origin: &Origin) -> Self {
        Self {
            table,
            schema: schema(table),
            start: origin.start,
            constants: table.constants.iter().map(|constant| repeated(*constant, origin)).collect(),
            columns: Columns::new(table.fields),
            extras: Texts::new(),
            extra: Extra::default(),
            most_rows: MAX_ROWS,
            rows: 0,
            bytes: 0,
            rows_before: 0,
        }
    }

    /// The same with smaller batches.
    pub(super) fn of_rows(self, most_rows: usize) -> Self {
        Self { most_rows: most_rows.clamp(1, MAX_ROWS), ..self }
    }

    pub(super) fn shape(&self) -> Shape {
        self.table.shape
    }

    /// Takes whole lines, of which each is a row, from the start of a text until the batch is full, and tells how many bytes that were.
    pub(super) fn append(&mut self, lines: &str) -> Result<usize, BadLine> {
        let mut start = 0;
        while start < lines.len() && self.rows < self.most_rows && self.bytes < MAX_BYTES {
            let end = self.row(lines, start)?;
            self.bytes += end - start;
            start = end;
        }
        Ok(start)
    }

    /// Takes the line that begins here; tells where the next one begins.
    fn row(&mut self, lines: &str, start: usize) -> Result<usize, BadLine> {
        let end = match self.read(lines, start) {
            Some(end) if matches!(lines.as_bytes().get(end), Some(b'\n') | None) => end,
            _ => {
                self.take_back();
                let end = lines[start..].find('\n').map_or(lines.len(), |length| start + length);
                self.row_of_unusual_form(&lines[start..end])?;
                end
            }
        };
        self.rows += 1;
        Ok((end + 1).min(lines.len()))
    }

    fn read(&mut self, json: &str, start: usize) -> Option<usize> {
        let Self { columns, extras, extra, rows, .. } = self;
        let mut reading = Reading { row: *rows, keeps_null: self.table.keeps_null, extra };
        let end = columns.read(json, start, &mut reading)?;
        extra.finish(|text| text.is_none_or(|text| extras.put(*rows, text))).then_some(end)
    }

    /// Leaves nothing of the row that was not finished.
    fn take_back(&mut self) {
        self.columns.truncate(self.rows);
        self.extras.truncate(self.rows);
        self.extra.clear();
    }

    #[cold]
    fn row_of_unusual_form(&mut self, line: &str) -> Result<(), BadLine> {
        let bad = |number: u64, why: String| BadLine { number, why: format!("{why}: {}", excerpt(line.as_bytes())) };
        let number = self.rows_before + self.rows as u64 + 1;
        if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(line) {
            return Err(bad(number, format!("it is no JSON ({error})")));
        }
        let compact = on_one_line(line);
        if self.read(&compact, 0) != Some(compact.len()) {
            return Err(bad(number, "it is no object, or too large".to_owned()));
        }
        Ok(())
    }

    /// Whether the batch has to be taken before more can be appended.
    pub(super) fn is_full(&self) -> bool {
        self.rows >= self.most_rows || self.bytes >= MAX_BYTES
    }

    /// The batch, and an empty one again; `None` where it has no rows.
    pub(super) fn take(&mut self) -> Result<Option<RecordBatch>, arrow_schema::ArrowError> {
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        if rows == 0 {
            return Ok(None);
        }
        self.rows_before += rows as u64;
        let mut arrays: Vec<ArrayRef> = self.constants.iter().map(|constant| constant.slice(0, rows)).collect();
        for (array, field) in self.columns.take_arrays(rows).into_iter().zip(self.table.fields) {
            let stamps = match field.kind {
                Kind::SinceStart(_) => Some(since_start(&array, self.start)),
                Kind::Since1970(_) => Some(since_1970(&array)),
                _ => None,
            };
            arrays.push(array);
            arrays.extend(stamps);
        }
        arrays.push(self.extras.take_array(rows));
        RecordBatch::try_new(Arc::clone(&self.schema), arrays).map(Some)
    }

    /// Rows so far.
    pub(super) fn row_count(&self) -> u64 {
        self.rows_before + self.rows as u64
    }
}

/// The columns of a table: the same for every file.
pub(super) fn schema(table: &Table) -> SchemaRef {
    let constants = table.constants.iter().map(|constant| match constant {
        Constant::Live => Field::new(constant.column(), DataType::Boolean, false),
        Constant::Hostility => Field::new(constant.column(), DataType::Utf8, true),
        Constant::Report | Constant::Stream => Field::new(constant.column(), DataType::Utf8, false),
    });
    let fields = table.fields.iter().flat_map(|field| {
        let stamps = match field.kind {
            Kind::SinceStart(column) | Kind::Since1970(column) => Some(Field::new(column, moment(), true)),
            _ => None,
        };
        std::iter::once(Field::new(field.column, data_type(field.kind), true)).chain(stamps)
    });
    let extra = Field::new(EXTRA, DataType::Utf8, true);
    Arc::new(Schema::new(constants.chain(fields).chain([extra]).collect::<Vec<_>>()))
}

fn repeated(constant: Constant, origin: &Origin) -> ArrayRef {
    let text = |text: &str| -> ArrayRef { Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, MAX_ROWS))) };
    match constant {
        Constant::Report => text(&origin.report),
        Constant::Stream => text(&origin.stream),
        Constant::Hostility => match &origin.hostility {
            Some(hostility) => text(hostility),
            None => nothing(&DataType::Utf8, MAX_ROWS),
        },
        Constant::Live => Arc::new(BooleanArray::from(vec![origin.live; MAX_ROWS])),
    }
}

const MICROS_IN_A_MILLI: i64 = 1_000;

fn since_start(millis: &ArrayRef, start: Option<UnixMillis>) -> ArrayRef {
    let Some(start) = start else { return nothing(&moment(), millis.len()) };
    let start = start.get().saturating_mul(MICROS_IN_A_MILLI);
    stamps(millis.as_primitive::<Float64Type>().unary(|millis| {
        // A float that is too large becomes the last moment there is.
        start.saturating_add((millis * MICROS_IN_A_MILLI as f64).round() as i64)
    }))
}

fn since_1970(millis: &ArrayRef) -> ArrayRef {
    stamps(millis.as_primitive::<Int64Type>().unary(|millis| millis.saturating_mul(MICROS_IN_A_MILLI)))
}

fn stamps(micros: PrimitiveArray<TimestampMicrosecondType>) -> ArrayRef {
    Arc::new(micros.with_timezone("UTC"))
}
