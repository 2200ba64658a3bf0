//! Calls of whatever kind: chosen, and given their arguments, while the program runs.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize as _, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::argument::Parameter;
use super::call::CallFuture;
use super::catalogue::CallInfo;
use super::draft::Draft;
use super::drift::{Drift, Watched};
use super::found::{At, Part, Read};
use super::list::{Paged, Position, next_after};
use super::reports::{Events, ReportCalls};
use super::scalar::unpacked;
use super::verbatim::read_or_tell;
use crate::client::{Client, Note};
use crate::decode::GraphqlError;
use crate::error::{Error, ErrorKind};
use crate::query::Operation;
use crate::resilience::Served;
use crate::units::ReportTime;

/// A call of whatever kind, for programs that learn from their users what to ask: arguments are set by name, and what comes is JSON.
///
/// Every builder is one. What it sends, checks and says is the same as when it is awaited.
///
/// ```
/// # use esologs::{Client, Credentials, Error};
/// use esologs::AnyCall;
///
/// # fn example(client: &Client) -> Result<(), Error> {
/// let mut call: Box<dyn AnyCall> = Box::new(client.guild(3468).members());
/// call.set("per_page", &50.into())?;
/// assert!(call.set("per_page", &500.into()).unwrap_err().to_string().contains("the API takes 1 to 100"));
/// # Ok(())
/// # }
/// # example(&Client::builder().credentials(Credentials::new("id", "secret").unwrap()).build().unwrap()).unwrap();
/// ```
pub trait AnyCall: fmt::Debug + Send + Sync {
    /// The call as the catalogue has it.
    fn info(&self) -> CallInfo;

    /// Sets the argument of this [method's](Parameter::method) name.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where the call has no such argument, or the API does not take this value.
    fn set(&mut self, method: &str, value: &Value) -> Result<(), Error>;

    /// Sends it. Of a list, what comes is the page at this place, or the first.
    fn fetch(&self, from: Option<PageStart>) -> CallFuture<AnyAnswer>;
}

/// Where a page of a list begins.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum PageStart {
    /// Page of this number, from 1.
    Number(u64),
    /// Events from this time on.
    Time(ReportTime),
}

/// What a call brought, to the letter.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AnyAnswer {
    /// The value; of a list, the page as it came (of events: its list). `null` where the service answers null.
    pub json: Box<RawValue>,
    /// The entries of a list's page, with those that are null.
    pub entries: Option<Vec<Box<RawValue>>>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<PageStart>,
    /// Entries of the whole list, where the service tells.
    pub total: Option<u64>,
    /// Where it comes from.
    pub served: Served,
}

impl AnyAnswer {
    /// The answer of a call that is no list.
    fn whole(json: Box<RawValue>) -> Self {
        Self { json, entries: None, next: None, total: None, served: Served::Fresh }
    }

    fn with(self, note: &Note) -> Self {
        Self { served: note.served(), ..self }
    }

    fn null() -> Self {
        Self::whole(RawValue::NULL.to_owned())
    }
}

/// JSON to the letter, without the string around it that the scalar `JSON` may come in, and what a look at it as the call's own type has
/// told.
pub(crate) struct Letter {
    json: Box<RawValue>,
    seen: Seen,
}

/// What is told of a value of the call's own type.
struct Seen {
    value: Box<dyn Part>,
    /// Of a page: where it stands.
    position: Option<Result<Position, Error>>,
}

impl Part for Letter {
    fn is_usable_beside_errors(&self, errors: &[GraphqlError], depth: usize) -> bool {
        self.seen.value.is_usable_beside_errors(errors, depth)
    }

    fn error_inside(&self) -> Option<String> {
        self.seen.value.error_inside()
    }
}

/// Reads JSON to the letter, and looks at it as the call's own type. Calls differ in this one function, so all the rest is compiled once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ToTheLetter(fn(&str) -> Result<Seen, String>);

impl ToTheLetter {
    /// For what is no list.
    pub(crate) const fn one<T: Part + DeserializeOwned>() -> Self {
        Self(|json| Ok(Seen { value: Box::new(read_or_tell::<T>(json)?), position: None }))
    }

    /// For a page of a list.
    pub(crate) const fn page<T: Part + Paged + DeserializeOwned>() -> Self {
        Self(|json| {
            let page = read_or_tell::<T>(json)?;
            let position = Some(page.position());
            Ok(Seen { value: Box::new(page), position })
        })
    }
}

impl Read for ToTheLetter {
    type Value = Letter;

    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Letter>, D::Error> {
        let Some(json) = Option::deserialize(deserializer)? else { return Ok(None) };
        let json = unpacked(json).map_err(D::Error::custom)?;
        let seen = (self.0)(json.get()).map_err(D::Error::custom)?;
        Ok(Some(Letter { json, seen }))
    }
}

/// Where a call's value lies, to be read to the letter.
pub(crate) type AtTheLetter = At<ToTheLetter>;

/// What a call brings that is no list, and where null is an error.
pub(crate) fn one(draft: &Draft, at: &'static AtTheLetter, operation: Result<Operation, Error>) -> CallFuture<AnyAnswer> {
    let mut draft = draft.clone();
    let note = draft.note();
    Box::pin(async move { Ok(AnyAnswer::whole(draft.fetch(at, operation?).await?.json).with(&note)) })
}

/// The same where null is an answer.
pub(crate) fn maybe(draft: &Draft, at: &'static AtTheLetter, operation: Result<Operation, Error>) -> CallFuture<AnyAnswer> {
    let mut draft = draft.clone();
    let note = draft.note();
    Box::pin(async move {
        let found = draft.fetch_or_null(at, operation?).await?;
        Ok(found.map_or_else(AnyAnswer::null, |found| AnyAnswer::whole(found.json)).with(&note))
    })
}

/// A page of a list: what asks for it, and which it is.
pub(crate) struct AskedPage {
    pub(crate) draft: Draft,
    pub(crate) operation: Operation,
    pub(crate) number: u64,
    /// The field that holds the entries.
    pub(crate) entries: &'static str,
}

/// The page that was asked for.
pub(crate) fn page(at: &'static AtTheLetter, asked: Result<AskedPage, Error>) -> CallFuture<AnyAnswer> {
    Box::pin(async move {
        let AskedPage { mut draft, operation, number, entries } = asked?;
        let note = draft.note();
        let Letter { json, seen } = draft.fetch(at, operation).await?;
        let position = seen.position.transpose()?;
        let next = position.map(|position| next_after(draft.subject(), position, number)).transpose()?.flatten();
        let entries = entries_of(&json, entries)
            .map_err(|error| Error::new(ErrorKind::BadAnswer, "the page holds no list").with_source(error))?;
        let total = position.and_then(|position| position.total);
        Ok(AnyAnswer { json, entries: Some(entries), next: next.map(PageStart::Number), total, served: note.served() })
    })
}

fn entries_of(page: &RawValue, name: &str) -> Result<Vec<Box<RawValue>>, serde_json::Error> {
    let mut fields: BTreeMap<String, Box<RawValue>> = serde_json::from_str(page.get())?;
    match fields.remove(name) {
        Some(list) => Ok(serde_json::from_str::<Option<_>>(list.get())?.unwrap_or_default()),
        None => Ok(Vec::new()),
    }
}

/// What of an answer is not known: for [`CallInfo::drift_of`].
pub(crate) fn drift_of<T: DeserializeOwned + Watched>(json: &RawValue, place: &str) -> Result<Drift, String> {
    let mut drift = Drift::default();
    if json.get() != "null" {
        read_or_tell::<T>(json.get())?.watch(&mut drift, place);
    }
    Ok(drift)
}

/// Nothing that comes in this form can be unknown.
pub(crate) fn no_drift(_: &RawValue, _: &str) -> Result<Drift, String> {
    Ok(Drift::default())
}

/// Implements [`AnyCall`] for the builder of a call.
macro_rules! any_call {
    (@own $name:ident) => {
        fn info(&self) -> $crate::api::catalogue::CallInfo {
            Self::info()
        }

        fn set(&mut self, method: &str, value: &serde_json::Value) -> Result<(), $crate::error::Error> {
            self.draft.set_named(Self::PARAMETERS, method, value)
        }
    };
    ($name:ident, $how:ident($output:ty), $operation:literal, $document:ident) => {
        impl $crate::api::any::AnyCall for $name {
            $crate::api::any::any_call!(@own $name);

            fn fetch(
                &self,
                _from: Option<$crate::api::any::PageStart>,
            ) -> $crate::api::call::CallFuture<$crate::api::any::AnyAnswer> {
                const AT: $crate::api::any::AtTheLetter =
                    $crate::api::found::At::reading($name::AT.path(), $crate::api::any::ToTheLetter::one::<$output>());
                let operation = self.draft.operation($operation, &$crate::query::documents::$document);
                $crate::api::any::$how(&self.draft, &AT, operation)
            }
        }
    };
    (page of $name:ident, $page:ty, $operation:literal, $document:ident) => {
        impl $crate::api::any::AnyCall for $name {
            $crate::api::any::any_call!(@own $name);

            fn fetch(
                &self,
                from: Option<$crate::api::any::PageStart>,
            ) -> $crate::api::call::CallFuture<$crate::api::any::AnyAnswer> {
                const AT: $crate::api::any::AtTheLetter =
                    $crate::api::found::At::reading($name::AT.path(), $crate::api::any::ToTheLetter::page::<$page>());
                let asked = $crate::api::any::page_number(from).and_then(|number| {
                    let draft = self.numbered(number);
                    let operation = draft.operation($operation, &$crate::query::documents::$document)?;
                    let entries = <$page as $crate::api::list::Paged>::ENTRIES;
                    Ok($crate::api::any::AskedPage { draft, operation, number, entries })
                });
                $crate::api::any::page(&AT, asked)
            }
        }
    };
}
pub(crate) use any_call;

pub(crate) fn page_number(from: Option<PageStart>) -> Result<u64, Error> {
    match from {
        None => Ok(1),
        Some(PageStart::Number(number)) => Ok(number),
        Some(PageStart::Time(_)) => Err(Error::new(ErrorKind::Usage, "this list has pages by number, not by time")),
    }
}

impl AnyCall for ReportCalls {
    fn info(&self) -> CallInfo {
        Self::info()
    }

    fn set(&mut self, method: &str, _: &Value) -> Result<(), Error> {
        Err(no_argument(&[], method))
    }

    fn fetch(&self, _from: Option<PageStart>) -> CallFuture<AnyAnswer> {
        let mut report = self.clone();
        let note = report.draft.note();
        Box::pin(async move { Ok(AnyAnswer::whole(report.get().await?.json().to_owned()).with(&note)) })
    }
}

impl AnyCall for Events {
    any_call!(@own Events);

    fn fetch(&self, from: Option<PageStart>) -> CallFuture<AnyAnswer> {
        let mut events = self.clone();
        let note = events.draft.note();
        Box::pin(async move {
            let start = match from {
                None => events.first_start(),
                Some(PageStart::Time(start)) => start,
                Some(PageStart::Number(_)) => {
                    return Err(Error::new(ErrorKind::Usage, "events have pages by time, not by number"));
                }
            };
            let page = events.page(start).await?;
            let next = events.next_start(start, page.next_page_timestamp())?.map(PageStart::Time);
            let entries = page.events()?.into_iter().map(ToOwned::to_owned).collect();
            Ok(AnyAnswer { json: page.json().to_owned(), entries: Some(entries), next, total: None, served: note.served() })
        })
    }
}

/// [`Client::rate_limit`] as a call of whatever kind.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before it is fetched"]
pub struct RateLimit(Client);

impl RateLimit {
    /// The question how many points of the hour are spent.
    pub fn of(client: &Client) -> Self {
        Self(client.clone())
    }
}

impl AnyCall for RateLimit {
    fn info(&self) -> CallInfo {
        super::rate_limit::info()
    }

    fn set(&mut self, method: &str, _: &Value) -> Result<(), Error> {
        Err(no_argument(&[], method))
    }

    fn fetch(&self, _from: Option<PageStart>) -> CallFuture<AnyAnswer> {
        let (client, info) = (self.0.clone(), self.info());
        Box::pin(async move {
            let answer = client.query(info.document, Map::new()).await?;
            let mut fields: BTreeMap<String, Box<RawValue>> = serde_json::from_str(answer.data.get())
                .map_err(|error| Error::new(ErrorKind::BadAnswer, "the answer is no object").with_source(error))?;
            Ok(fields.remove(info.path[0]).map_or_else(AnyAnswer::null, AnyAnswer::whole))
        })
    }
}

/// What is wrong where a call has no argument of this name.
pub(crate) fn no_argument(parameters: &[Parameter], method: &str) -> Error {
    let message = match parameters {
        [] => format!("there is no argument {method}: this call takes none"),
        _ => {
            let names: Vec<&str> = parameters.iter().map(|parameter| parameter.method).collect();
            format!("there is no argument {method}: expected one of {}", names.join(", "))
        }
    };
    Error::new(ErrorKind::Usage, message)
}
