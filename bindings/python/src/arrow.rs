//! Events as Arrow: batches, and Arrow's C stream of them, which polars, pandas, duckdb and others take as it is. Python sees none of
//! the events, and its lock is free while they are fetched and decoded.

use std::ffi::CStr;
use std::sync::Arc;

use arrow_array::ffi::to_ffi;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array as _, RecordBatch, RecordBatchIterator, RecordBatchReader, StructArray};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::exceptions::{PyRuntimeError, PyStopAsyncIteration, PyStopIteration, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::answer::Answer;
use crate::event_pages::{EventPages, Failed};
use crate::flight::{Flight, depart};
use crate::foreign::EventLoop;
use crate::waiting::wait;

// The names that Arrow's C interface gives to its capsules.
const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

/// The events of a report, a batch after the other.
#[pyclass(frozen, module = "esologs._core")]
pub(crate) struct ArrowEvents {
    pages: Arc<EventPages>,
    /// Where a transport in Python runs.
    event_loop: Option<EventLoop>,
}

impl ArrowEvents {
    pub(crate) fn new(pages: EventPages, event_loop: Option<EventLoop>) -> Self {
        Self { pages: Arc::new(pages), event_loop }
    }
}

#[pymethods]
impl ArrowEvents {
    /// Where the first page begins that was not handed on whole, in milliseconds; `None` at the end.
    #[getter]
    fn cursor(&self) -> Option<f64> {
        self.pages.cursor()
    }

    /// On its way is the next batch, or the answer that is none.
    fn next_batch(&self, py: Python<'_>) -> PyResult<Flight> {
        if let Some(event_loop) = &self.event_loop {
            event_loop.remember(py)?;
        }
        let pages = Arc::clone(&self.pages);
        depart(py, async move { Ok(Next(pages.next().await)) })
    }

    /// The same, waited for.
    fn next_batch_blocking(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        match wait(py, self.pages.next())? {
            Ok(None) => Err(PyStopIteration::new_err(())),
            next => told(py, next),
        }
    }

    /// What is left, as a C stream.
    fn stream<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        if self.pages.cursor().is_none() {
            // An empty table would look as if there were no events.
            return Err(PyValueError::new_err("these events were read already; ask for them again, or keep the table"));
        }
        capsule(py, Box::new(Reader(Arc::clone(&self.pages))))
    }

    /// The columns.
    fn schema<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(&**self.pages.schema()).map_err(|error| refuse(&error))?;
        PyCapsule::new_with_value(py, schema, SCHEMA)
    }
}

/// The next batch for `async for`.
struct Next(Result<Option<RecordBatch>, Failed>);

impl<'py> IntoPyObject<'py> for Next {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        match self.0 {
            Ok(None) => Err(PyStopAsyncIteration::new_err(())),
            next => told(py, next).map(|told| told.into_bound(py)),
        }
    }
}

/// A batch, or why there is none.
fn told(py: Python<'_>, next: Result<Option<RecordBatch>, Failed>) -> PyResult<Py<PyAny>> {
    match next {
        Ok(Some(batch)) => Ok(Py::new(py, EventBatch(batch))?.into_any()),
        Ok(None) => Ok(py.None()),
        Err(Failed::Call(error)) => Ok(Py::new(py, Answer::from(Err(error)))?.into_any()),
        Err(Failed::Inside(why)) => Err(PyRuntimeError::new_err(why)),
    }
}

/// Some of the events: a table of Arrow.
#[pyclass(frozen, name = "EventBatch", module = "esologs")]
pub(crate) struct EventBatch(RecordBatch);

#[pymethods]
impl EventBatch {
    fn __len__(&self) -> usize {
        self.0.num_rows()
    }

    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.0.schema_ref().fields().iter().map(|field| field.name().clone()).collect()
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Py<PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        // Who wants other types converts: the interface leaves it to the producer whether to do so.
        drop(requested_schema);
        let (array, schema) = to_ffi(&StructArray::from(self.0.clone()).to_data()).map_err(|error| refuse(&error))?;
        Ok((PyCapsule::new_with_value(py, schema, SCHEMA)?, PyCapsule::new_with_value(py, array, ARRAY)?))
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(&self, py: Python<'py>, requested_schema: Option<Py<PyAny>>) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        capsule(py, Box::new(RecordBatchIterator::new([Ok(self.0.clone())], self.0.schema())))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(&**self.0.schema_ref()).map_err(|error| refuse(&error))?;
        PyCapsule::new_with_value(py, schema, SCHEMA)
    }
}

fn capsule(py: Python<'_>, reader: Box<dyn RecordBatchReader + Send>) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), STREAM)
}

fn refuse(error: &ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// The batches for whoever reads the C stream, on whatever thread.
struct Reader(Arc<EventPages>);

impl Iterator for Reader {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        // Taken to be given away at once: readers may call with the interpreter's lock or without.
        let waited = Python::try_attach(|py| wait(py, self.0.next()).map_err(|error| error.to_string()));
        let failed = |why: String| Some(Err(ArrowError::ExternalError(why.into())));
        match waited {
            Some(Ok(next)) => match next {
                Ok(batch) => batch.map(Ok),
                Err(error) => failed(error.to_string()),
            },
            Some(Err(interrupted)) => failed(interrupted),
            None => failed("the interpreter has ended".to_owned()),
        }
    }
}

impl RecordBatchReader for Reader {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.0.schema())
    }
}
