//! The `data` of an answer: the value at the end of a path of names, and the snapshot of the points beside it.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::lines::Lines;
use super::page::Page;
use super::rate_limit::{self, RateLimitData};
use super::verbatim::Verbatim;
use crate::decode::{Answerable, Form, GraphqlError};

/// A value that lies somewhere in `data`.
pub(crate) trait Part: Send + 'static {
    /// [`Answerable::is_usable_beside_errors`], for a value that lies so many names deep.
    fn is_usable_beside_errors(&self, errors: &[GraphqlError], depth: usize) -> bool {
        let _ = (errors, depth);
        false
    }

    /// [`Answerable::error_inside`].
    fn error_inside(&self) -> Option<String> {
        None
    }

    /// [`Answerable::put_list`].
    fn put_list(&mut self, entries: Lines) {
        let _ = entries;
    }
}

impl<T: Send + 'static> Part for Verbatim<T> {}

impl<T: Send + 'static> Part for Page<T> {
    /// An entry's field that is null because of an error costs no other entry.
    fn is_usable_beside_errors(&self, errors: &[GraphqlError], depth: usize) -> bool {
        // …data.N.field
        errors.iter().all(|error| error.path.len() >= depth + 3)
    }
}

/// What lies at the place.
#[derive(Debug)]
pub(crate) enum Found<T> {
    Value(T),
    /// Null stands there, or so many names before it: 1 at the place itself.
    Null {
        above: usize,
    },
}

/// The `data` of an answer with one value of interest.
#[derive(Debug)]
pub(crate) struct Beside<T> {
    pub(crate) found: Found<T>,
    rate_limit_data: Option<RateLimitData>,
    /// Names on the way to the value.
    depth: usize,
}

impl<T: Part> Answerable for Beside<T> {
    fn is_usable_beside_errors(&self, errors: &[GraphqlError]) -> bool {
        matches!(&self.found, Found::Value(value) if value.is_usable_beside_errors(errors, self.depth))
    }

    fn error_inside(&self) -> Option<String> {
        if let Found::Value(value) = &self.found { value.error_inside() } else { None }
    }

    fn is_nothing(&self) -> bool {
        matches!(self.found, Found::Null { .. })
    }

    fn is_hidden(&self) -> bool {
        matches!(self.found, Found::Null { above } if above + 1 >= self.depth)
    }

    fn points(&self) -> Option<&RateLimitData> {
        self.rate_limit_data.as_ref()
    }

    fn put_list(&mut self, entries: Lines) {
        if let Found::Value(value) = &mut self.found {
            value.put_list(entries);
        }
    }
}

/// How the value itself is read.
pub(crate) trait Read: Copy + Send + Sync + 'static {
    type Value: Part;

    /// `None` for null.
    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Self::Value>, D::Error>;
}

/// Reads a type that reads itself.
#[derive(Debug)]
pub(crate) struct Typed<T>(PhantomData<fn() -> T>);

impl<T> Clone for Typed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Typed<T> {}

impl<T: Part + DeserializeOwned> Read for Typed<T> {
    type Value = T;

    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        Option::deserialize(deserializer)
    }
}

/// The form of `data` with the value of interest at the end of this way.
#[derive(Debug)]
pub(crate) struct At<R> {
    path: &'static [&'static str],
    read: R,
    can_be_null: bool,
    long_list: &'static [&'static str],
}

impl<T> At<Typed<T>> {
    pub(crate) const fn typed(path: &'static [&'static str]) -> Self {
        Self::reading(path, Typed(PhantomData))
    }
}

impl<R> At<R> {
    /// At least one name.
    pub(crate) const fn reading(path: &'static [&'static str], read: R) -> Self {
        Self { path, read, can_be_null: true, long_list: &[] }
    }

    /// Null cannot stand there: it was lost on the way.
    pub(crate) const fn never_null(self) -> Self
    where
        R: Copy,
    {
        Self { can_be_null: false, ..self }
    }

    /// With [`Form::long_list`].
    pub(crate) const fn with_long_list(self, long_list: &'static [&'static str]) -> Self
    where
        R: Copy,
    {
        Self { long_list, ..self }
    }

    pub(crate) const fn path(&self) -> &'static [&'static str] {
        self.path
    }
}

impl<R: Read> Form for At<R> {
    type Data = Beside<R::Value>;

    fn long_list(&self) -> &'static [&'static str] {
        self.long_list
    }

    fn read<'de, D: Deserializer<'de>>(&self, deserializer: D) -> Result<Self::Data, D::Error> {
        let data = Object { path: self.path, is_data: true, at: self };
        let (found, rate_limit_data) = deserializer.deserialize_map(data)?;
        Ok(Beside { found, rate_limit_data, depth: self.path.len() })
    }
}

/// An object on the way: reads the field of the first name, by way of the others.
struct Object<'a, R> {
    path: &'static [&'static str],
    /// It is `data` itself, beside whose root field the points may stand.
    is_data: bool,
    at: &'a At<R>,
}

impl<'de, R: Read> Visitor<'de> for Object<'_, R> {
    type Value = (Found<R::Value>, Option<RateLimitData>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", self.path[0])
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (name, rest) = (self.path[0], &self.path[1..]);
        let (mut found, mut points) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            if key == name {
                found = Some(map.next_value_seed(Field { rest, is_root: self.is_data, at: self.at })?);
            } else if self.is_data && key == "rateLimitData" {
                points = map.next_value::<BesideData>()?.0;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        // What was asked for and is not there at all was lost on the way, and must not be taken for "nothing".
        found.map(|found| (found, points)).ok_or_else(|| A::Error::missing_field(name))
    }

    // A field that may be null, and here is.
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok((Found::Null { above: self.path.len() + 1 }, None))
    }
}

/// The field at one name, with what is left of the way.
struct Field<'a, R> {
    rest: &'static [&'static str],
    is_root: bool,
    at: &'a At<R>,
}

impl<'de, R: Read> DeserializeSeed<'de> for Field<'_, R> {
    type Value = Found<R::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.rest.is_empty() {
            return match self.at.read.read(deserializer)? {
                Some(value) => Ok(Found::Value(value)),
                None if self.at.can_be_null => Ok(Found::Null { above: 1 }),
                None => Err(D::Error::custom("null came instead of what was asked for")),
            };
        }
        let inner = Object { path: self.rest, is_data: false, at: self.at };
        match deserializer.deserialize_any(inner)? {
            // The API's root fields answer always; only what lies under them can be hidden.
            (Found::Null { above }, _) if self.is_root && above > self.rest.len() => {
                Err(D::Error::custom("null came instead of a root field"))
            }
            (found, _) => Ok(found),
        }
    }
}

struct BesideData(Option<RateLimitData>);

impl<'de> Deserialize<'de> for BesideData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        rate_limit::beside_data(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Part for u64 {}

    fn read(json: &str) -> Result<Beside<u64>, serde_json::Error> {
        const DEEP: At<Typed<u64>> = At::typed(&["a", "b", "c"]);
        Form::read(&DEEP, &mut serde_json::Deserializer::from_str(json))
    }

    #[test]
    fn the_value_is_read_wherever_it_stands_and_the_rest_is_passed_over() {
        let at = read(r#"{"x":[1],"rateLimitData":{"limitPerHour":1,"pointsSpentThisHour":2,"pointsResetIn":3},"a":{"y":{},"b":{"c":7,"z":0}}}"#)
            .unwrap();
        assert!(matches!(at.found, Found::Value(7)), "{at:?}");
        assert!(at.points().is_some());
    }

    #[test]
    fn a_null_tells_how_high_it_stands() {
        for (json, expected) in [(r#"{"a":{"b":{"c":null}}}"#, 1), (r#"{"a":{"b":null}}"#, 2)] {
            let at = read(json).unwrap();
            assert!(matches!(at.found, Found::Null { above } if above == expected), "{json}: {at:?}");
        }
    }

    #[test]
    fn what_is_missing_is_no_null() {
        for json in [r#"{"a":{"b":{}}}"#, r#"{"a":{}}"#, "{}", r#"{"a":null}"#, r#"{"a":{"b":[]}}"#, r#"{"a":{"b":{"c":"x"}}}"#] {
            assert!(read(json).is_err(), "{json}");
        }
    }

    #[test]
    fn points_that_cannot_be_read_cost_nothing() {
        assert!(read(r#"{"a":{"b":{"c":7}},"rateLimitData":"soon"}"#).unwrap().points().is_none());
    }
}
