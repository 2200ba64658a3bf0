//! Any GraphQL, for what has no typed method.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::api::RateLimitData;
use crate::client::Client;
use crate::decode::{Answerable, As, GraphqlError};
use crate::error::{Error, ErrorKind};
use crate::query::document::{self, CallersQuery, POINTS};
use crate::query::{Audience, Operation, Selection};
use crate::resilience::Served;

/// The answer to a caller's own query.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct QueryAnswer {
    /// `data`: its values to the letter. The points, which every query is made to ask for, are taken out of it.
    pub data: Box<RawValue>,
    /// `errors` beside the data: some part of it is null because of them. Empty where all is there.
    pub errors: Vec<GraphqlError>,
    /// Where it comes from.
    pub served: Served,
}

/// `data` without the points, and the points.
#[derive(Debug)]
pub(crate) struct Data {
    json: Box<RawValue>,
    points: Option<RateLimitData>,
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?;
        // What cannot be taken apart is the caller's as it is.
        let parted = if json.get().contains(POINTS) { parted(json.get()) } else { None };
        Ok(match parted {
            Some((rest, points)) => Self { json: rest, points },
            None => Self { json: json.to_owned(), points: None },
        })
    }
}

/// `data` without the points, and the points, where they can be read.
fn parted(json: &str) -> Option<(Box<RawValue>, Option<RateLimitData>)> {
    if let Some((rest, points)) = without_last(json) {
        return Some((RawValue::from_string(rest).ok()?, Some(points)));
    }
    let Parted { rest, points } = serde_json::from_str(json).ok()?;
    Some((RawValue::from_string(rest).ok()?, serde_json::from_str(points?.get()).ok()))
}

/// The same where they come last, as they were asked for: nothing but them has to be read, and an answer can be long.
fn without_last(json: &str) -> Option<(String, RateLimitData)> {
    // A quote inside of a string has a backslash before it, so this is the name of a field; of the outermost object, where nothing
    // but its brace follows the value.
    let (rest, last) = json.rsplit_once(&format!(",\"{POINTS}\":"))?;
    let points = serde_json::from_str(last.trim_end().strip_suffix('}')?).ok()?;
    Some((format!("{rest}}}"), points))
}

/// An object without the points that stand in it, its other values to the letter.
struct Parted {
    rest: String,
    points: Option<Box<RawValue>>,
}

impl<'de> Deserialize<'de> for Parted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Parted;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Parted, A::Error> {
                let mut parted = Parted { rest: "{".to_owned(), points: None };
                while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    if name == POINTS {
                        parted.points = Some(value);
                        continue;
                    }
                    let comma = if parted.rest.len() > 1 { "," } else { "" };
                    parted.rest.push_str(&format!("{comma}{}:{}", Value::String(name), value.get()));
                }
                parted.rest.push('}');
                Ok(parted)
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

impl Answerable for Data {
    fn is_usable_beside_errors(&self, _errors: &[GraphqlError]) -> bool {
        holds_something(self.json.get())
    }

    fn is_nothing(&self) -> bool {
        !self.is_usable_beside_errors(&[])
    }

    fn points(&self) -> Option<&RateLimitData> {
        self.points.as_ref()
    }

    fn lacks(&self, selection: &Selection) -> Option<String> {
        selection.missing_in(self.json.get())
    }
}

/// Whether there is any value but null in it: `{"reportData": {"report": null}}` holds nothing. Reads no further than to the first.
fn holds_something(json: &str) -> bool {
    let found = Cell::new(false);
    // What is found ends the reading as an error does.
    let _ = Something(&found).deserialize(&mut serde_json::Deserializer::from_str(json));
    found.get()
}

/// Looks for a value that is neither null nor an object.
#[derive(Clone, Copy)]
struct Something<'a>(&'a Cell<bool>);

impl Something<'_> {
    fn found<E: serde::de::Error>(self) -> Result<(), E> {
        self.0.set(true);
        Err(E::custom("there is something"))
    }
}

impl<'de> DeserializeSeed<'de> for Something<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Something<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while fields.next_key::<IgnoredAny>()?.is_some() {
            fields.next_value_seed(self)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        self.found()
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<(), E> {
        self.found()
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<(), E> {
        self.found()
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<(), E> {
        self.found()
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<(), E> {
        self.found()
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<(), E> {
        self.found()
    }
}

/// Fields that only a user is told.
const OF_USER: [&str; 2] = ["userData", "currentUserRank"];

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
        self.send_query(document, variables, false).await
    }

    /// The same for who relies on every field that was asked for being there, with null where there is nothing, as GraphQL has it: an
    /// answer that lacks one has failed ([`Class::Incomplete`](crate::Class::Incomplete)), and is asked for again. Fields in fragments
    /// and those with directives may be left out.
    ///
    /// # Errors
    /// Those of [`query`](Self::query).
    pub async fn query_whole(&self, document: &str, variables: Map<String, Value>) -> Result<QueryAnswer, Error> {
        self.send_query(document, variables, true).await
    }

    async fn send_query(&self, document: &str, variables: Map<String, Value>, whole: bool) -> Result<QueryAnswer, Error> {
        if document.trim().is_empty() {
            return Err(Error::new(ErrorKind::Usage, "the query is empty"));
        }
        let CallersQuery { name, text, selection } = document::only_query(document)?;
        // What a user may see is null to a key; where somebody is signed in, it is asked as the user.
        let is_of_user = OF_USER.iter().any(|field| text.contains(field));
        let audience = if is_of_user { Audience::RatherUser } else { Audience::Anybody };
        let mut operation = Operation::raw(name, text, variables).for_audience(audience);
        if whole {
            operation = operation.holding(selection);
        }
        let answer = self.call(&As::<Data>::FORM, operation).await?;
        Ok(QueryAnswer { data: answer.data.json, errors: answer.errors, served: answer.served })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Data {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_points_are_taken_out_and_all_else_stays_to_the_letter() {
        let points = r#"{"limitPerHour":3600,"pointsSpentThisHour":1.5,"pointsResetIn":60}"#;
        let data = read(&format!(r#"{{"a":{{ "b": 1.50 }},"ü\n":[null],"esologsPoints":{points}}}"#));

        assert_eq!(data.json.get(), r#"{"a":{ "b": 1.50 },"ü\n":[null]}"#);
        assert_eq!(data.points.unwrap().points_spent_this_hour.get(), 1.5);
    }

    #[test]
    fn points_that_come_last_are_taken_out_and_none_that_lie_deeper() {
        let points = r#"{"limitPerHour":3600,"pointsSpentThisHour":1.5,"pointsResetIn":60}"#;
        let data = read(&format!(r#"{{"a":{{ "b": ",\"esologsPoints\":" }} , "esologsPoints" : 1,"esologsPoints":{points} }}"#));
        let deeper = format!(r#"{{"a":{{"b":1,"esologsPoints":{points}}}}}"#);

        assert_eq!(data.json.get(), r#"{"a":{ "b": ",\"esologsPoints\":" } , "esologsPoints" : 1}"#);
        assert!(data.points.is_some());
        assert_eq!((read(&deeper).json.get(), read(&deeper).points.is_none()), (deeper.as_str(), true));
    }

    #[test]
    fn there_is_something_where_any_value_is_not_null() {
        for nothing in ["null", "{}", r#"{"a":null,"b":{"c":null,"d":{}}}"#] {
            assert!(!holds_something(nothing), "{nothing}");
        }
        for something in ["[]", r#"{"a":null,"b":{"c":0}}"#, r#"{"a":false}"#, r#"{"a":""}"#, r#"{"a":-1}"#, r#"{"a":1.5}"#] {
            assert!(holds_something(something), "{something}");
        }
    }

    #[test]
    fn an_answer_without_points_and_one_whose_points_cannot_be_read_are_whole() {
        for json in [r#"{"a":1}"#, r#"["esologsPoints"]"#, r#"{ "a": "esologsPoints" }"#, "null"] {
            let data = read(json);
            assert_eq!((data.json.get(), data.points.is_none()), (json, true));
        }
        let data = read(r#"{"a":1,"esologsPoints":null}"#);
        assert_eq!((data.json.get(), data.points.is_none()), (r#"{"a":1}"#, true));
        assert!(
            !read(r#"{"a":null,"esologsPoints":{"limitPerHour":1,"pointsSpentThisHour":1,"pointsResetIn":1}}"#)
                .is_usable_beside_errors(&[])
        );
    }
}
