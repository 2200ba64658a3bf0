//! Parsing and validation of documents, remembered by their text: clients send the same few over and over.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};

use super::errors::{self, GraphqlError};

/// A document that was read: either valid, or all that is wrong with it.
pub(crate) type ReadDocument = Result<Valid<ExecutableDocument>, Vec<GraphqlError>>;

/// Documents remembered at most; beyond, all are forgotten and read anew.
const MAX_DOCUMENTS: usize = 500;
/// Documents longer than this are not remembered.
const MAX_REMEMBERED_BYTES: usize = 64 << 10;

/// The schema and the documents read against it.
#[derive(Debug)]
pub(crate) struct Documents {
    schema: Valid<Schema>,
    read: Mutex<HashMap<String, Arc<ReadDocument>>>,
}

impl Documents {
    /// The one of this process: reading the schema takes milliseconds, and tests make simulators by the dozen. Nothing in it
    /// depends on a simulator.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: LazyLock<Documents> = LazyLock::new(Documents::new);
        &SHARED
    }

    fn new() -> Self {
        let schema = Schema::parse_and_validate(super::SCHEMA, "esologs.graphql")
            .expect("the shipped schema is valid, as the test `the_shipped_schema_is_valid` shows");
        Self { schema, read: Mutex::new(HashMap::new()) }
    }

    pub(crate) fn schema(&self) -> &Valid<Schema> {
        &self.schema
    }

    pub(crate) fn read(&self, query: &str) -> Arc<ReadDocument> {
        if let Some(known) = self.remembered().get(query) {
            return Arc::clone(known);
        }
        let document = ExecutableDocument::parse_and_validate(&self.schema, query, "query.graphql")
            .map_err(|invalid| errors::of_document(&invalid.errors));
        let document = Arc::new(document);
        if query.len() > MAX_REMEMBERED_BYTES {
            return document;
        }
        let mut remembered = self.remembered();
        if remembered.len() >= MAX_DOCUMENTS {
            remembered.clear();
        }
        remembered.insert(query.to_owned(), Arc::clone(&document));
        document
    }

    /// A std mutex: held for a look-up only, never over parsing or an await.
    fn remembered(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<ReadDocument>>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Name of the operation that would run, for statistics and fault scripts: `anonymous` if it has none.
pub(crate) fn operation_label(document: &ReadDocument, operation_name: Option<&str>) -> String {
    let named = operation_name.map(str::to_owned);
    named
        .or_else(|| {
            let document = document.as_ref().ok()?;
            let operation = document.operations.get(None).ok()?;
            operation.name.as_ref().map(ToString::to_string)
        })
        .unwrap_or_else(|| "anonymous".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_schema_is_valid() {
        let documents = Documents::new();
        assert!(documents.schema().types.contains_key("ReportFight"));
    }
}
