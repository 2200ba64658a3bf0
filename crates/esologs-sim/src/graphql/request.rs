//! What a request body asks for.

use apollo_compiler::response::JsonMap;
use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde::Deserialize;

use super::errors::GraphqlError;

/// A GraphQL request as the service reads it from JSON or from a form.
#[derive(Debug, Default)]
pub(crate) struct GraphqlRequest {
    pub(crate) query: String,
    pub(crate) operation_name: Option<String>,
    pub(crate) variables: JsonMap,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<serde_json::Value>,
}

/// Laravel merges a JSON or form body into its input and ignores what it cannot read; the GraphQL layer then misses `query`.
pub(crate) fn read(headers: &HeaderMap, body: &Bytes) -> Result<GraphqlRequest, GraphqlError> {
    let body = if media_type(headers) == "application/x-www-form-urlencoded" {
        form_body(body)
    } else if media_type(headers).ends_with("json") {
        serde_json::from_slice(body).ok()
    } else {
        None
    };
    let Some(Body { query: Some(query), operation_name, variables }) = body else {
        return Err(GraphqlError::new(
            "GraphQL Request must include at least one of those two parameters: \"query\" or \"queryId\"",
        ));
    };
    Ok(GraphqlRequest {
        query,
        operation_name: operation_name.filter(|name| !name.is_empty()),
        variables: read_variables(variables)?,
    })
}

/// The media type in lower case, without parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next());
    essence.unwrap_or_default().trim().to_ascii_lowercase()
}

fn form_body(body: &Bytes) -> Option<Body> {
    let mut read = Body { query: None, operation_name: None, variables: None };
    for (key, value) in url::form_urlencoded::parse(body) {
        match key.as_ref() {
            "query" => read.query = Some(value.into_owned()),
            "operationName" => read.operation_name = Some(value.into_owned()),
            "variables" => read.variables = Some(serde_json::Value::String(value.into_owned())),
            _ => {}
        }
    }
    Some(read)
}

/// Variables are an object, nothing, an empty array (an empty object as PHP writes it), or one of these as a string.
fn read_variables(variables: Option<serde_json::Value>) -> Result<JsonMap, GraphqlError> {
    use serde_json::Value;
    let variables = match variables {
        Some(Value::String(text)) if text.trim().is_empty() => None,
        Some(Value::String(text)) => serde_json::from_str(&text).map_err(|_| not_an_object())?,
        other => other,
    };
    match variables {
        None | Some(Value::Null) => Ok(JsonMap::new()),
        Some(Value::Array(items)) if items.is_empty() => Ok(JsonMap::new()),
        Some(value @ Value::Object(_)) => match value.into() {
            apollo_compiler::response::JsonValue::Object(map) => Ok(map),
            _ => Err(not_an_object()),
        },
        Some(_) => Err(not_an_object()),
    }
}

fn not_an_object() -> GraphqlError {
    GraphqlError::new("GraphQL Request parameter \"variables\" must be object or JSON string parsed to object")
}
