//! An operation: name, document and variables. Pure data; sending it is for others.

pub(crate) mod batch;
pub(crate) mod document;
pub(crate) mod documents;
pub(crate) mod hash;
mod selection;

use std::borrow::Cow;

pub(crate) use batch::Batch;
use bytes::Bytes;
use documents::Document;
pub(crate) use selection::Selection;
use serde_json::{Map, Value};

/// The variable that names a report.
const CODE: &str = "code";

/// Who is answered an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Audience {
    /// Any key and any user.
    #[default]
    Anybody,
    /// A user is answered more.
    RatherUser,
    /// A user, and nobody else.
    User,
}

/// One GraphQL operation with its variables: an immutable value, so that it can be sent again without being cloned.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Operation {
    name: Cow<'static, str>,
    /// As a string of JSON.
    document: Cow<'static, str>,
    /// Stands for the document: it is the same in every process and version.
    document_number: u64,
    variables: Map<String, Value>,
    is_bulk: bool,
    audience: Audience,
    /// What it consists of, where its parts can fail and be asked for again by themselves.
    batch: Option<Batch>,
    /// What its answer has to hold, where it is looked whether it does.
    selection: Option<Box<Selection>>,
}

impl Operation {
    /// One of the library's own [`documents`].
    pub(crate) fn new(name: &'static str, document: &'static Document) -> Self {
        let (document, document_number) = ((&**document).into(), document.number());
        Self {
            name: name.into(),
            document,
            document_number,
            variables: Map::new(),
            is_bulk: false,
            audience: Audience::Anybody,
            batch: None,
            selection: None,
        }
    }

    /// A caller's document.
    pub(crate) fn raw(name: Option<String>, document: String, variables: Map<String, Value>) -> Self {
        let name = name.unwrap_or_else(|| "query".to_owned());
        let document = documents::json_text(document);
        let document_number = hash::text(&document);
        Self {
            name: name.into(),
            document: document.into(),
            document_number,
            variables,
            is_bulk: false,
            audience: Audience::Anybody,
            batch: None,
            selection: None,
        }
    }

    /// One that consists of parts. Its answer is put together from those of several requests, so it is not shared with equal calls.
    pub(crate) fn of_parts(batch: Batch) -> Self {
        let (document, variables) = (documents::json_text(batch.document()).into(), batch.variables());
        // Parts are asked for under different names; how many they are is what counts.
        let document_number = hash::mix(batch.asked().len() as u64, 1);
        Self {
            name: Batch::NAME.into(),
            document,
            document_number,
            variables,
            is_bulk: true,
            audience: Audience::Anybody,
            batch: Some(batch),
            selection: None,
        }
    }

    /// Its parts, where it consists of some.
    pub(crate) fn batch(&self) -> Option<&Batch> {
        self.batch.as_ref()
    }

    /// Sets a variable.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    /// Marks megabytes that one reader walks through, page by page: equal calls are not looked for, and nothing of the answer
    /// is kept for them.
    pub(crate) fn bulk(self) -> Self {
        Self { is_bulk: true, ..self }
    }

    pub(crate) fn is_bulk(&self) -> bool {
        self.is_bulk
    }

    /// Its answer has failed where it lacks some of this.
    pub(crate) fn holding(self, selection: Selection) -> Self {
        Self { selection: Some(Box::new(selection)), ..self }
    }

    /// What its answer has to hold, where it is looked whether it does.
    pub(crate) fn selection(&self) -> Option<&Selection> {
        self.selection.as_deref()
    }

    /// For this audience.
    pub(crate) fn for_audience(self, audience: Audience) -> Self {
        Self { audience, ..self }
    }

    pub(crate) fn audience(&self) -> Audience {
        self.audience
    }

    /// The codes of the reports that it is about.
    pub(crate) fn reports(&self) -> impl Iterator<Item = &str> {
        let one = self.variables.get(CODE).filter(|_| self.batch.is_none()).and_then(Value::as_str);
        one.into_iter().chain(self.batch.iter().flat_map(Batch::values))
    }

    /// The name, for errors, events and logs.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// A number that stands for the document.
    pub(crate) fn document_number(&self) -> u64 {
        self.document_number
    }

    /// Whether the document is one of the library's own, word for word.
    pub(crate) fn is_of_the_library(&self) -> bool {
        matches!(self.document, Cow::Borrowed(_))
    }

    /// The document as a string of JSON.
    pub(crate) fn document(&self) -> &str {
        &self.document
    }

    /// The document without what changes nothing in it: white space, commas, comments.
    pub(crate) fn normal_document(&self) -> Cow<'_, str> {
        match &self.document {
            Cow::Borrowed(document) => (*document).into(),
            Cow::Owned(document) => {
                serde_json::from_str::<String>(document).map_or(document.into(), |text| document::normal(&text).into())
            }
        }
    }

    /// The variables and their values.
    pub(crate) fn variables(&self) -> &Map<String, Value> {
        &self.variables
    }

    /// The body of the request.
    pub(crate) fn to_body(&self) -> Result<Bytes, serde_json::Error> {
        /// For the names and most variables.
        const ROOM: usize = 256;
        let mut body = Vec::with_capacity(self.document.len() + ROOM);
        body.extend_from_slice(br#"{"query":"#);
        body.extend_from_slice(self.document.as_bytes());
        body.extend_from_slice(br#","variables":"#);
        serde_json::to_writer(&mut body, &self.variables)?;
        body.push(b'}');
        Ok(body.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_holds_the_document_and_the_variables() {
        let operation = Operation::raw(None, "query X {\n a }".to_owned(), Map::new()).with("id", 3);
        assert_eq!(&operation.to_body().unwrap()[..], br#"{"query":"query X {\n a }","variables":{"id":3}}"#);
    }
}
