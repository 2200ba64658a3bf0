//! Errors as the service writes them: `message`, `locations`, `path`, never `extensions`.
//!
//! The service runs webonyx/graphql-php; apollo-compiler words the same mistakes differently, so its texts are turned into
//! that manner here. Where no rule fits, apollo's own text is passed on: still one line, still true.

use apollo_compiler::response::{GraphQLError, ResponseDataPathSegment};
use apollo_compiler::validation::DiagnosticList;
use serde_json::{Value, json};

/// One entry of `errors`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GraphqlError {
    pub(crate) message: String,
    locations: Vec<Value>,
    path: Vec<Value>,
}

impl GraphqlError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), locations: Vec::new(), path: Vec::new() }
    }

    pub(crate) fn to_json(&self) -> Value {
        let mut error = serde_json::Map::new();
        error.insert("message".into(), Value::from(self.message.as_str()));
        if !self.locations.is_empty() {
            error.insert("locations".into(), Value::from(self.locations.clone()));
        }
        if !self.path.is_empty() {
            error.insert("path".into(), Value::from(self.path.clone()));
        }
        Value::Object(error)
    }
}

impl From<GraphQLError> for GraphqlError {
    fn from(error: GraphQLError) -> Self {
        let locations = error.locations.iter();
        let path = error.path.iter();
        Self {
            message: in_the_manner_of_the_service(&error.message),
            locations: locations.map(|at| json!({"line": at.line, "column": at.column})).collect(),
            path: path
                .map(|segment| match segment {
                    ResponseDataPathSegment::Field(name) => Value::from(name.as_str()),
                    ResponseDataPathSegment::ListIndex(index) => Value::from(*index),
                })
                .collect(),
        }
    }
}

/// All mistakes of a document.
pub(crate) fn of_document(diagnostics: &DiagnosticList) -> Vec<GraphqlError> {
    let errors = diagnostics.iter().map(|diagnostic| diagnostic.to_json());
    let mut errors: Vec<GraphqlError> = errors.map(GraphqlError::from).collect();
    // webonyx stops at the first syntax error; apollo goes on and then complains about what it could not read.
    if let Some(first) = errors.iter().position(|error| error.message.starts_with("Syntax Error")) {
        errors = vec![errors.swap_remove(first)];
    }
    // apollo leaves an unknown field out and then misses the selection that it emptied; webonyx names the field alone.
    if errors.iter().any(|error| error.message.starts_with("Cannot query field")) {
        errors.retain(|error| error.message != NO_SELECTION);
    }
    errors
}

const NO_SELECTION: &str = "Field must have a selection of subfields.";

/// Prefix that apollo puts before a resolver's own message.
const RESOLVER_PREFIX: &str = "resolver error: ";

fn in_the_manner_of_the_service(message: &str) -> String {
    if let Some(own) = message.strip_prefix(RESOLVER_PREFIX) {
        return own.to_owned();
    }
    reword(message).unwrap_or_else(|| message.to_owned())
}

/// Names between backticks, in order.
fn quoted(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

fn reword(message: &str) -> Option<String> {
    let names = quoted(message);
    let name = |index: usize| names.get(index).copied();
    let text = if message.starts_with("syntax error:") {
        format!("Syntax Error: {}", message.trim_start_matches("syntax error:").trim())
    } else if message.contains("does not have a field") {
        format!("Cannot query field \"{}\" on type \"{}\".", name(1)?, name(0)?)
    } else if message.contains("is not supported by") {
        let (of_type, field) = name(1)?.split('(').next()?.split_once('.')?;
        format!("Unknown argument \"{}\" on field \"{field}\" of type \"{of_type}\".", name(0)?)
    } else if message.starts_with("cannot find type") {
        format!("Unknown type \"{}\".", name(0)?)
    } else if message.starts_with("cannot find fragment") {
        format!("Unknown fragment \"{}\".", name(0)?)
    } else if message.starts_with("cannot find directive") {
        format!("Unknown directive \"{}\".", name(0)?)
    } else if message.starts_with("variable") && message.ends_with("is not defined") {
        format!("Variable \"{}\" is not defined.", name(0)?)
    } else if message.starts_with("unused variable") {
        format!("Variable \"{}\" is never used.", name(0)?)
    } else if message.starts_with("fragment") && message.ends_with("must be used in an operation") {
        format!("Fragment \"{}\" is never used.", name(0)?)
    } else if message.starts_with("the required argument") {
        format!("Argument \"{}\" is required but not provided.", name(0)?)
    } else if message.contains("must have a subselection set") || message.contains("missing a selection set") {
        NO_SELECTION.to_owned()
    } else if message.contains("does not exist on") {
        format!("Value \"{}\" does not exist in \"{}\" enum.", name(0)?, name(1)?)
    } else if message.contains("cannot be used for argument") {
        format!("Variable \"{}\" of type \"{}\" used in position expecting type \"{}\".", name(0)?, name(1)?, name(3)?)
    } else if let Some(rest) = message.strip_prefix("missing value for non-null variable '") {
        format!("Variable \"${}\" of required type was not provided.", rest.trim_end_matches('\''))
    } else if let Some(rest) = message.strip_prefix("could not coerce variable ") {
        let (variable, value) = rest.split_once(": ")?;
        let (value, of_type) = value.rsplit_once(" to type ")?;
        format!("Variable \"${variable}\" got invalid value {value}; Expected type {of_type}.")
    } else if let Some(rest) = message.strip_prefix("null value for variable ") {
        let (variable, of_type) = rest.split_once(" of non-null type ")?;
        format!("Variable \"${variable}\" of non-null type \"{of_type}\" must not be null.")
    } else {
        return None;
    };
    Some(text)
}
