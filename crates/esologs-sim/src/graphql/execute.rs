//! From a request to an answer.

use apollo_compiler::executable::{OperationType, Selection};
use apollo_compiler::introspection::check_max_depth;
use apollo_compiler::request::RequestError;
use apollo_compiler::resolvers::Execution;
use apollo_compiler::response::JsonMap;
use apollo_compiler::{ExecutableDocument, validation::Valid};

use super::args::TOO_COMPLEX;
use super::call::Call;
use super::documents::{Documents, ReadDocument};
use super::drift;
use super::errors::GraphqlError;
use super::node::Node;
use super::request::GraphqlRequest;
use super::resolve::Query;
use super::write::{self, Fillings};

/// What an execution leaves behind, before it is written.
#[derive(Debug)]
pub(crate) struct Executed {
    pub(crate) errors: Vec<GraphqlError>,
    pub(crate) data: Option<JsonMap>,
    pub(crate) pages: Vec<Vec<u8>>,
    pub(crate) json_as_strings: bool,
    /// Points that it costs.
    pub(crate) cost: f64,
    /// Executed at all, or refused as a whole (then the answer has no `data`).
    pub(crate) ran: bool,
}

impl Executed {
    /// The answer's bytes. `points_spent` is what `pointsSpentThisHour` shall tell.
    pub(crate) fn into_body(self, points_spent: f64) -> Vec<u8> {
        if !self.ran {
            return write::request_errors(&self.errors);
        }
        let fillings = Fillings { pages: self.pages, pages_as_strings: self.json_as_strings, points_spent };
        write::response(&self.errors, self.data.as_ref(), &fillings)
    }
}

/// Executes a request over the world of `call`.
pub(crate) fn execute(documents: &Documents, document: &ReadDocument, request: &GraphqlRequest, call: Call<'_>) -> Executed {
    let outcome = match document {
        Ok(document) => run(documents, document, request, &call),
        Err(errors) => Err(errors.clone()),
    };
    let cost = call.meter.total();
    let json_as_strings = call.deviations.json_as_strings;
    let pages = call.into_pages();
    let ran = outcome.is_ok();
    let (errors, data) = match outcome {
        Ok((errors, data)) => (errors, data),
        Err(errors) => (errors, None),
    };
    Executed {
        errors,
        data,
        pages,
        json_as_strings,
        // A document that does not validate costs the base price: it is a request like any other.
        cost,
        ran,
    }
}

type Outcome = Result<(Vec<GraphqlError>, Option<JsonMap>), Vec<GraphqlError>>;

fn run(documents: &Documents, document: &Valid<ExecutableDocument>, request: &GraphqlRequest, call: &Call<'_>) -> Outcome {
    let refused = |error: RequestError| vec![GraphqlError::from(error.to_graphql_error(&document.sources))];
    let name = request.operation_name.as_deref();
    let operation = document.operations.get(name).map_err(|_| vec![no_such_operation(name)])?;
    if operation.operation_type != OperationType::Query {
        return Err(vec![GraphqlError::new("Schema is not configured for this operation.")]);
    }
    check_max_depth(document, operation).map_err(refused)?;
    for selection in &operation.selection_set.selections {
        if matches!(selection, Selection::Field(_)) {
            call.meter.add_root_field();
        }
    }
    let response = Execution::new(documents.schema(), document)
        .operation(operation)
        .raw_variable_values(&request.variables)
        .enable_schema_introspection(true)
        .execute_sync(&Node { call, it: Query })
        .map_err(refused)?;
    let errors: Vec<GraphqlError> = response.errors.into_iter().map(GraphqlError::from).collect();
    // The service measures complexity before it executes anything, so such a query has no data at all.
    if let Some(too_complex) = errors.iter().find(|error| error.message.starts_with(TOO_COMPLEX)) {
        return Err(vec![GraphqlError::new(too_complex.message.as_str())]);
    }
    let mut data = response.data;
    if call.deviations.schema_drift
        && let Some(data) = &mut data
    {
        drift::enums(data);
    }
    Ok((errors, data))
}

fn no_such_operation(name: Option<&str>) -> GraphqlError {
    GraphqlError::new(match name {
        Some(name) => format!("Unknown operation named \"{name}\"."),
        None => "Must provide operation name if query contains multiple operations.".to_owned(),
    })
}
