//! Any GraphQL, for what has no typed method.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::client::Client;
use crate::decode::{Answerable, GraphqlError};
use crate::error::{Error, ErrorKind};
use crate::query::{Operation, document};

/// The answer to a caller's own query.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct QueryAnswer {
    /// `data`, to the letter.
    pub data: Box<RawValue>,
    /// `errors` beside the data: some part of it is null because of them. Empty where all is there.
    pub errors: Vec<GraphqlError>,
}

#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Data(Box<RawValue>);

impl Answerable for Data {
    fn is_usable_beside_errors(&self, _errors: &[GraphqlError]) -> bool {
        serde_json::from_str(self.0.get()).is_ok_and(|data: Value| holds_something(&data))
    }
}

/// Whether there is any value but null in it: `{"reportData": {"report": null}}` holds nothing.
fn holds_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Object(fields) => fields.values().any(holds_something),
        _ => true,
    }
}

impl Client {
    /// Sends a query of the caller's own through the same pipeline as every other call.
    ///
    /// Only queries are sent: a call may be repeated, and only reading can be repeated safely.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for a mutation, a subscription, several operations, or what cannot be read as GraphQL; otherwise
    /// those of every call.
    /// [`ErrorKind::QueryInvalid`] carries the service's own words on what is wrong.
    pub async fn query(&self, document: &str, variables: Map<String, Value>) -> Result<QueryAnswer, Error> {
        if document.trim().is_empty() {
            return Err(Error::new(ErrorKind::Usage, "the query is empty"));
        }
        let name = document::only_query(document)?;
        let operation = Operation::raw(name, document.to_owned(), variables);
        let answer = self.call::<Data>(operation).await?;
        Ok(QueryAnswer { data: answer.data.0, errors: answer.errors })
    }
}
