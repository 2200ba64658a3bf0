//! Every call of the library as a table: for `docs/api.md`, for tests, and for tools.

use std::fmt;

use serde_json::value::RawValue;

use super::argument::Parameter;
use super::drift::Drift;
use super::{characters, game_data, guilds, progress_race, rate_limit, reports, users, world_data};
use crate::error::{Error, ErrorKind};

/// A call: how it is made here, and what it is for the API.
#[derive(Clone)]
#[non_exhaustive]
pub struct CallInfo {
    /// How it is made, as `client.guild(id).members()`; several ways are parted by `, `.
    pub method: &'static str,
    /// Where in the answer it lies, from the root field on.
    pub path: &'static [&'static str],
    /// The operation's name, as events, errors and spans tell it.
    pub operation: &'static str,
    /// The GraphQL that is sent.
    pub document: &'static str,
    /// What can be set before it is sent.
    pub parameters: &'static [Parameter],
    /// The Rust type of what it brings.
    pub answer: &'static str,
    /// Whether it comes in parts.
    pub paging: Paging,
    /// Methods of the Python package `esologs-python` that do the same.
    pub peer: &'static [&'static str],
    /// Whether the service answers it to user tokens only.
    pub needs_user: bool,
    /// What of an answer is not known, and where the answer lies.
    pub(crate) drift: fn(&RawValue, &str) -> Result<Drift, String>,
}

impl fmt::Debug for CallInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallInfo").field("method", &self.method).field("operation", &self.operation).finish_non_exhaustive()
    }
}

impl CallInfo {
    /// What this version does not know in an answer of the call: the JSON that lies at [`path`](Self::path), or of events their
    /// list.
    ///
    /// # Errors
    /// [`ErrorKind::BadAnswer`] where it is no answer of this call at all; the message names the place.
    pub fn drift_of(&self, json: &RawValue) -> Result<Drift, Error> {
        let message = |why| Error::new(ErrorKind::BadAnswer, format!("this is no answer of {}: at {why}", self.operation));
        (self.drift)(json, &self.path.join(".")).map_err(message)
    }

    /// Whether the answer is handed over as JSON only, because nobody has described its shape.
    #[must_use]
    pub fn is_raw(&self) -> bool {
        self.answer.contains("Raw")
    }
}

/// Whether an answer comes in parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Paging {
    /// It comes at once.
    Single,
    /// By number of the page.
    Pages,
    /// By a cursor.
    Cursor,
}

/// Every call, by root field.
#[must_use]
pub fn calls() -> Vec<CallInfo> {
    let mut calls = Vec::new();
    calls.extend(game_data::calls());
    calls.extend(world_data::calls());
    calls.extend(characters::calls());
    calls.extend(guilds::calls());
    calls.extend(reports::calls());
    calls.extend(progress_race::calls());
    calls.push(rate_limit::info());
    calls.extend(users::calls());
    calls
}
