//! The `data` of an answer: the value at the end of a path of names, and the snapshot of the points beside it.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::lines::Lines;
use super::page::Page;
use super::rate_limit::{self, RateLimitData};
use super::verbatim::Verbatim;
use crate::decode::{Answerable, GraphqlError};

/// Where a value lies in `data`: the names on the way to it.
pub(crate) trait Place: fmt::Debug + Send + 'static {
    /// At least one name.
    const PATH: &'static [&'static str];
}

/// A type of [`Place`]: `place!(TheGuild = "guildData" / "guild")`.
macro_rules! place {
    ($name:ident = $($step:literal)/+) => {
        #[derive(Debug)]
        pub(crate) struct $name;

        impl $crate::api::found::Place for $name {
            const PATH: &'static [&'static str] = &[$($step),+];
        }
    };
}
pub(crate) use place;

/// A value that lies at a place.
pub(crate) trait Part: DeserializeOwned + Send + 'static {
    /// [`Answerable::LONG_LIST`].
    const LONG_LIST: &'static [&'static str] = &[];

    /// Whether null can stand in its place. Where it cannot, it was lost on the way.
    const CAN_BE_NULL: bool = true;

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

impl<T: DeserializeOwned + Send + 'static> Part for Verbatim<T> {}

impl<T: DeserializeOwned + Send + 'static> Part for Page<T> {
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
pub(crate) struct At<P, T> {
    pub(crate) found: Found<T>,
    rate_limit_data: Option<RateLimitData>,
    place: PhantomData<P>,
}

impl<P: Place, T: Part> Answerable for At<P, T> {
    const LONG_LIST: &'static [&'static str] = T::LONG_LIST;

    fn is_usable_beside_errors(&self, errors: &[GraphqlError]) -> bool {
        matches!(&self.found, Found::Value(value) if value.is_usable_beside_errors(errors, P::PATH.len()))
    }

    fn error_inside(&self) -> Option<String> {
        if let Found::Value(value) = &self.found { value.error_inside() } else { None }
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

impl<'de, P: Place, T: Part> Deserialize<'de> for At<P, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (found, rate_limit_data) = deserializer.deserialize_map(Object::<T>::data(P::PATH))?;
        Ok(Self { found, rate_limit_data, place: PhantomData })
    }
}

/// An object on the way: reads the field of the first name, by way of the others.
struct Object<T> {
    path: &'static [&'static str],
    is_data: bool,
    value: PhantomData<T>,
}

impl<T> Object<T> {
    /// `data` itself, beside whose root field the points may stand.
    fn data(path: &'static [&'static str]) -> Self {
        Self { path, is_data: true, value: PhantomData }
    }
}

impl<'de, T: Part> Visitor<'de> for Object<T> {
    type Value = (Found<T>, Option<RateLimitData>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", self.path[0])
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (name, rest) = (self.path[0], &self.path[1..]);
        let (mut found, mut points) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            if key == name {
                found = Some(map.next_value_seed(Field { rest, is_root: self.is_data, value: PhantomData })?);
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
struct Field<T> {
    rest: &'static [&'static str],
    is_root: bool,
    value: PhantomData<T>,
}

impl<'de, T: Part> DeserializeSeed<'de> for Field<T> {
    type Value = Found<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found<T>, D::Error> {
        if self.rest.is_empty() {
            return match Option::deserialize(deserializer)? {
                Some(value) => Ok(Found::Value(value)),
                None if T::CAN_BE_NULL => Ok(Found::Null { above: 1 }),
                None => Err(D::Error::custom("null came instead of what was asked for")),
            };
        }
        let inner = Object { path: self.rest, is_data: false, value: PhantomData };
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

    place!(Deep = "a" / "b" / "c");

    impl Part for u64 {}

    fn read(json: &str) -> Result<At<Deep, u64>, serde_json::Error> {
        serde_json::from_str(json)
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
