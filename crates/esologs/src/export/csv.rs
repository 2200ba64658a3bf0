//! Record batches into CSV: the same columns, flat.
//!
//! A column of a nested object is named after both, `source_resources_hit_points`. What is null is empty. Time stamps are RFC 3339,
//! lists and what is JSON are JSON texts.

use std::io::{self, Write as _};
use std::path::Path;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Fields};

use super::batches::schema;
use super::files::{Part, Parts, Unfinished};
use super::sink::BatchWriter;
use super::tables::Table;
use crate::error::Error;

/// What is gathered before the disk is asked.
const BUFFER_BYTES: usize = 256 << 10;

/// Writes a table's batches into a CSV file.
pub(super) struct CsvFile {
    writer: csv::Writer<Unfinished>,
    parts: Parts,
}

impl CsvFile {
    pub(super) fn create(table: &'static Table, work: &Path, place: &Path) -> Result<Self, Error> {
        let mut parts = Parts::new(work, place);
        let mut writer = csv::WriterBuilder::new().buffer_capacity(BUFFER_BYTES).from_writer(parts.next()?);
        let mut names = Vec::new();
        flat_names(schema(table).fields(), "", &mut names);
        writer.write_record(&names).map_err(|error| parts.failed(error.into()))?;
        Ok(Self { writer, parts })
    }
}

impl BatchWriter for CsvFile {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        write(&mut self.writer, batch).map_err(|error| self.parts.failed(error.into()))
    }

    fn finish(self) -> Result<Vec<Part>, Error> {
        let Self { writer, mut parts } = self;
        let file = writer.into_inner().map_err(|error| parts.failed(error.into_error()))?;
        parts.end(file)?;
        parts.finish()
    }
}

fn write(writer: &mut csv::Writer<Unfinished>, batch: &RecordBatch) -> csv::Result<()> {
    let mut columns = Vec::new();
    for array in batch.columns() {
        flat_columns(array, &mut columns);
    }
    let mut cell = Vec::new();
    for row in 0..batch.num_rows() {
        for column in &columns {
            cell.clear();
            write_cell(column, row, &mut cell)?;
            writer.write_field(&cell)?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    Ok(())
}

/// The names of the columns, those inside of objects after the object's.
pub(super) fn flat_names(fields: &Fields, before: &str, names: &mut Vec<String>) {
    for field in fields {
        let name = format!("{before}{}", field.name());
        match field.data_type() {
            DataType::Struct(inside) => flat_names(inside, &format!("{name}_"), names),
            _ => names.push(name),
        }
    }
}

fn flat_columns(array: &ArrayRef, columns: &mut Vec<ArrayRef>) {
    match array.as_struct_opt() {
        // A row without the object has nulls inside of it, too.
        Some(object) => object.columns().iter().for_each(|inside| flat_columns(inside, columns)),
        None => columns.push(ArrayRef::clone(array)),
    }
}

fn write_cell(column: &ArrayRef, row: usize, cell: &mut Vec<u8>) -> io::Result<()> {
    if column.is_null(row) {
        return Ok(());
    }
    match column.data_type() {
        DataType::Int64 => write!(cell, "{}", column.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => write!(cell, "{}", column.as_primitive::<Float64Type>().value(row)),
        DataType::Boolean => write!(cell, "{}", column.as_boolean().value(row)),
        DataType::Timestamp(..) => match column.as_primitive::<TimestampMicrosecondType>().value_as_datetime(row) {
            // The debug form is ISO 8601.
            Some(moment) => write!(cell, "{moment:?}Z"),
            None => Ok(()),
        },
        DataType::List(_) => {
            let list = column.as_list::<i32>().value(row);
            let list: Vec<String> = list.as_primitive::<Int64Type>().values().iter().map(i64::to_string).collect();
            write!(cell, "[{}]", list.join(","))
        }
        _ => cell.write_all(column.as_string::<i32>().value(row).as_bytes()),
    }
}
