//! A call before it is sent: who asks, about what, with which arguments.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::any::no_argument;
use super::argument::{Argument, Parameter, checked, checked_json};
use super::found::{At, Found, Read};
use crate::client::{Client, Note};
use crate::error::{Error, ErrorKind};
use crate::query::documents::Document;
use crate::query::{Audience, Operation};

/// What every builder of a call is made of.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    client: Client,
    /// What is asked about or for, for errors: "report xb7TKHXR8DJByp4Q", "members of guild 3468".
    name: Arc<str>,
    unseen: Arc<Unseen>,
    variables: Map<String, Value>,
    audience: Audience,
    /// The first argument that cannot be sent; told when the call is.
    problem: Option<Error>,
}

/// What is wrong where the service shows nothing of what the call is about.
#[derive(Debug)]
struct Unseen {
    /// In a sentence without a full stop.
    why: String,
    hint: Option<&'static str>,
}

impl Draft {
    /// A call about this ("guild 3468").
    pub(crate) fn about(client: &Client, name: impl Into<String>) -> Self {
        let name = name.into();
        let why = format!("{name}: not there, or not visible to this key");
        Self::about_one(client, name, why, None)
    }

    /// The same; where the service shows none of it, the error says this.
    pub(crate) fn about_one(client: &Client, name: impl Into<String>, why: String, hint: Option<&'static str>) -> Self {
        let (name, unseen) = (name.into().into(), Arc::new(Unseen { why, hint }));
        Self { client: client.clone(), name, unseen, variables: Map::new(), audience: Audience::Anybody, problem: None }
    }

    /// A call about a guild or character that is named together with its server.
    pub(crate) fn about_named(client: &Client, what: &str, name: String, server_slug: String, server_region: String) -> Self {
        let subject = format!("{what} '{name}' on server '{server_slug}' of region {server_region}");
        let unseen = format!("there is no {subject} that this key can see");
        let hint =
            "names count without capitals, but servers and regions by their slugs: `Client::regions`, `RegionCalls::servers`";
        let draft = Self::about_one(client, subject, unseen, Some(hint));
        draft.with("name", name).with("serverSlug", server_slug).with("serverRegion", server_region)
    }

    /// A call about a part of the same.
    pub(crate) fn part(&self, name: &str) -> Self {
        Self { name: format!("{name} of {}", self.name).into(), ..self.clone() }
    }

    /// The same with other names for what the call is about.
    pub(crate) fn with_renamed(mut self, names: &[(&str, &str)]) -> Self {
        for (old, new) in names {
            if let Some(value) = self.variables.remove(*old) {
                self.variables.insert((*new).to_owned(), value);
            }
        }
        self
    }

    /// The same with as many entries on a page as the API allows, where it lets that be chosen.
    pub(crate) fn with_full_pages(mut self, parameters: &[Parameter]) -> Self {
        if let Some(limit) = parameters.iter().find(|parameter| parameter.variable == "limit")
            && let Some((_, most)) = limit.range
        {
            self.set(limit, &(most as i64));
        }
        self
    }

    /// The same, for users only where that is so.
    pub(crate) fn for_user(self, needs_user: bool) -> Self {
        Self { audience: if needs_user { Audience::User } else { Audience::Anybody }, ..self }
    }

    /// From now on it is noted from where answers come.
    pub(crate) fn note(&mut self) -> Note {
        self.client.note()
    }

    pub(crate) fn subject(&self) -> &str {
        &self.name
    }

    /// With what the call is about.
    pub(crate) fn with<T: Argument>(mut self, variable: &'static str, value: T) -> Self {
        let parameter = Parameter { method: variable, variable, takes: "", range: T::RANGE, values: T::VALUES, doc: "" };
        self.set(&parameter, &value);
        self
    }

    /// Sets an argument, where it can be sent.
    pub(crate) fn set(&mut self, parameter: &Parameter, value: &impl Argument) {
        if value.is_absent() {
            self.variables.remove(parameter.variable);
            return;
        }
        match checked(parameter, value) {
            Ok(value) => _ = self.variables.insert(parameter.variable.to_owned(), value),
            Err(problem) => _ = self.problem.get_or_insert(problem),
        }
    }

    /// Sets the argument of this method's name.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where there is none, or the API does not take the value.
    pub(crate) fn set_named(&mut self, parameters: &[Parameter], method: &str, value: &Value) -> Result<(), Error> {
        let parameter = parameters.iter().find(|parameter| parameter.method == method);
        let parameter = parameter.ok_or_else(|| no_argument(parameters, method))?;
        let value = checked_json(parameter, value.clone())?;
        self.variables.insert(parameter.variable.to_owned(), value);
        Ok(())
    }

    /// The number that a variable has been set to.
    pub(crate) fn number(&self, variable: &str) -> Option<f64> {
        self.variables.get(variable).and_then(Value::as_f64)
    }

    /// The call as it is sent.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where an argument cannot be sent.
    pub(crate) fn operation(&self, name: &'static str, document: &'static Document) -> Result<Operation, Error> {
        match &self.problem {
            Some(problem) => Err(problem.clone()),
            None => Ok(self
                .variables
                .iter()
                .fold(Operation::new(name, document).for_audience(self.audience), |operation, (variable, value)| {
                    operation.with(variable, value.clone())
                })),
        }
    }

    /// Sends the call. `None` where null stands in the very place of the value.
    pub(crate) async fn fetch_or_null<R: Read>(
        &self,
        at: &'static At<R>,
        operation: Operation,
    ) -> Result<Option<R::Value>, Error> {
        match self.client.call(at, operation).await?.data.found {
            Found::Value(value) => Ok(Some(value)),
            Found::Null { above: 1 } => Ok(None),
            Found::Null { .. } => Err(self.unseen()),
        }
    }

    /// Sends the call. Null is an error.
    pub(crate) async fn fetch<R: Read>(&self, at: &'static At<R>, operation: Operation) -> Result<R::Value, Error> {
        self.fetch_or_null(at, operation).await?.ok_or_else(|| self.nothing(at.path()))
    }

    /// The error where null stands in the very place of what was asked for.
    fn nothing(&self, path: &[&str]) -> Error {
        match path {
            // What lies right under a root field is what the call is about.
            [_] | [_, _] => self.unseen(),
            _ => Error::new(ErrorKind::NotVisible, format!("{}: the service has none to show to this key", self.name)),
        }
    }

    /// The error where the service shows nothing of what the call is about.
    fn unseen(&self) -> Error {
        let error = Error::new(ErrorKind::NotVisible, self.unseen.why.clone());
        match self.unseen.hint {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }
}
