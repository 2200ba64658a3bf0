//! The values of one column, row after row, as they are read from JSON.
//!
//! Most columns of most events are empty. So a row that has no value costs nothing: rows are filled up when the next value comes, or at
//! the end of the batch.

use std::sync::Arc;

use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{ArrayRef, BooleanArray, ListArray, PrimitiveArray, StringArray, new_null_array};
use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field, FieldRef};

/// Which rows have a value.
#[derive(Debug)]
pub(super) struct Presence(BooleanBufferBuilder);

impl Presence {
    fn new() -> Self {
        Self(BooleanBufferBuilder::new(0))
    }

    pub(super) fn rows(&self) -> usize {
        self.0.len()
    }

    /// Notes a value for this row. `false` where it has one already.
    fn note(&mut self, row: usize) -> bool {
        if self.rows() > row {
            return false;
        }
        self.fill(row);
        self.0.append(true);
        true
    }

    fn fill(&mut self, rows: usize) {
        self.0.append_n(rows - self.rows(), false);
    }

    fn truncate(&mut self, rows: usize) {
        self.0.truncate(rows);
    }

    /// The nulls of so many rows; empties this one.
    fn take(&mut self, rows: usize) -> NullBuffer {
        self.fill(rows);
        self.0.finish().into()
    }
}

/// Values of a fixed size.
#[derive(Debug)]
pub(super) struct Cells<T> {
    values: Vec<T>,
    present: Presence,
}

impl<T: Copy + Default> Cells<T> {
    pub(super) fn new() -> Self {
        Self { values: Vec::new(), present: Presence::new() }
    }

    /// Puts a value into this row. `false` where it has one already.
    #[inline]
    pub(super) fn put(&mut self, row: usize, value: T) -> bool {
        if !self.present.note(row) {
            return false;
        }
        self.values.resize(row, T::default());
        self.values.push(value);
        true
    }

    pub(super) fn truncate(&mut self, rows: usize) {
        self.values.truncate(rows);
        self.present.truncate(rows);
    }

    fn take(&mut self, rows: usize) -> (Vec<T>, NullBuffer) {
        self.values.resize(rows, T::default());
        (std::mem::take(&mut self.values), self.present.take(rows))
    }
}

impl Cells<i64> {
    pub(super) fn take_array(&mut self, rows: usize) -> PrimitiveArray<Int64Type> {
        let (values, nulls) = self.take(rows);
        PrimitiveArray::new(values.into(), Some(nulls))
    }
}

impl Cells<f64> {
    pub(super) fn take_array(&mut self, rows: usize) -> PrimitiveArray<Float64Type> {
        let (values, nulls) = self.take(rows);
        PrimitiveArray::new(values.into(), Some(nulls))
    }
}

impl Cells<bool> {
    pub(super) fn take_array(&mut self, rows: usize) -> ArrayRef {
        let (values, nulls) = self.take(rows);
        Arc::new(BooleanArray::new(BooleanBuffer::from(values), Some(nulls)))
    }
}

/// What lies one after the other in a buffer, and where each row's ends.
#[derive(Debug)]
struct Ends {
    ends: Vec<i32>,
    present: Presence,
}

impl Ends {
    fn new() -> Self {
        Self { ends: Vec::new(), present: Presence::new() }
    }

    fn last(&self) -> i32 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Whether this row can have a value that ends here.
    fn put(&mut self, row: usize, end: usize) -> bool {
        let Ok(end) = i32::try_from(end) else { return false };
        if !self.present.note(row) {
            return false;
        }
        self.ends.resize(row, self.last());
        self.ends.push(end);
        true
    }

    fn truncate(&mut self, rows: usize) {
        self.ends.truncate(rows);
        self.present.truncate(rows);
    }

    fn take(&mut self, rows: usize) -> (OffsetBuffer<i32>, NullBuffer) {
        self.ends.resize(rows, self.last());
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        offsets.append(&mut self.ends);
        (OffsetBuffer::new(ScalarBuffer::from(offsets)), self.present.take(rows))
    }
}

/// Texts.
#[derive(Debug)]
pub(super) struct Texts {
    bytes: Vec<u8>,
    ends: Ends,
}

impl Texts {
    pub(super) fn new() -> Self {
        Self { bytes: Vec::new(), ends: Ends::new() }
    }

    /// Puts a text into this row. `false` where it has one already.
    #[inline]
    pub(super) fn put(&mut self, row: usize, text: &str) -> bool {
        let is_put = self.ends.put(row, self.bytes.len() + text.len());
        if is_put {
            self.bytes.extend_from_slice(text.as_bytes());
        }
        is_put
    }

    pub(super) fn truncate(&mut self, rows: usize) {
        self.ends.truncate(rows);
        self.bytes.truncate(self.ends.last() as usize);
    }

    pub(super) fn take_array(&mut self, rows: usize) -> ArrayRef {
        let (offsets, nulls) = self.ends.take(rows);
        Arc::new(StringArray::new(offsets, std::mem::take(&mut self.bytes).into(), Some(nulls)))
    }
}

/// Lists of whole numbers.
#[derive(Debug)]
pub(super) struct Lists {
    values: Vec<i64>,
    ends: Ends,
}

impl Lists {
    pub(super) fn new() -> Self {
        Self { values: Vec::new(), ends: Ends::new() }
    }

    /// Puts a list into this row. `false` where it has one already.
    pub(super) fn put(&mut self, row: usize, list: &[i64]) -> bool {
        let is_put = self.ends.put(row, self.values.len() + list.len());
        if is_put {
            self.values.extend_from_slice(list);
        }
        is_put
    }

    pub(super) fn truncate(&mut self, rows: usize) {
        self.ends.truncate(rows);
        self.values.truncate(self.ends.last() as usize);
    }

    pub(super) fn take_array(&mut self, rows: usize) -> ArrayRef {
        let (offsets, nulls) = self.ends.take(rows);
        let values = PrimitiveArray::<Int64Type>::new(std::mem::take(&mut self.values).into(), None);
        Arc::new(ListArray::new(entry(), offsets, Arc::new(values), Some(nulls)))
    }
}

/// The entries of a list of whole numbers.
pub(super) fn entry() -> FieldRef {
    Arc::new(Field::new("element", DataType::Int64, true))
}

/// Which rows have an object.
#[derive(Debug)]
pub(super) struct Objects(Presence);

impl Objects {
    pub(super) fn new() -> Self {
        Self(Presence::new())
    }

    /// Notes an object in this row. `false` where it has one already.
    pub(super) fn put(&mut self, row: usize) -> bool {
        self.0.note(row)
    }

    pub(super) fn truncate(&mut self, rows: usize) {
        self.0.truncate(rows);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.rows() == 0
    }

    pub(super) fn take(&mut self, rows: usize) -> NullBuffer {
        self.0.take(rows)
    }
}

/// A column without a value.
pub(super) fn nothing(of: &DataType, rows: usize) -> ArrayRef {
    new_null_array(of, rows)
}
