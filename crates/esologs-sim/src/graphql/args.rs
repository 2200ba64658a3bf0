//! Arguments of a field, already coerced to the schema's types.

use apollo_compiler::resolvers::{FieldError, ResolveInfo};
use apollo_compiler::response::{JsonMap, JsonValue};

use super::node::field_error;

/// The arguments of one field. `null` and absent are the same to the service.
#[derive(Clone, Copy)]
pub(crate) struct Args<'a> {
    given: &'a JsonMap,
    /// The name that the answer gives the field: its alias, or its own.
    key: &'a str,
}

impl<'a> Args<'a> {
    pub(crate) fn of(info: &'a ResolveInfo<'a>) -> Self {
        Self { given: info.arguments(), key: info.field_selections()[0].response_key() }
    }

    /// Arguments that no query has given.
    pub(crate) fn given(given: &'a JsonMap) -> Self {
        Self { given, key: "" }
    }

    pub(crate) fn key(self) -> &'a str {
        self.key
    }

    fn get(self, name: &str) -> Option<&'a JsonValue> {
        self.given.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn int(self, name: &str) -> Option<i64> {
        self.get(name)?.as_i64()
    }

    pub(crate) fn float(self, name: &str) -> Option<f64> {
        self.get(name)?.as_f64()
    }

    pub(crate) fn text(self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_str()
    }

    pub(crate) fn flag(self, name: &str) -> Option<bool> {
        self.get(name)?.as_bool()
    }

    /// A list of integers; `null` inside it means nothing and is left out.
    pub(crate) fn ints(self, name: &str) -> Option<Vec<i64>> {
        let items = self.get(name)?.as_array()?;
        Some(items.iter().filter_map(JsonValue::as_i64).collect())
    }

    /// `limit` within its bounds, or the service's complaint about it.
    pub(crate) fn limit(self, range: std::ops::RangeInclusive<i64>, default: i64) -> Result<usize, FieldError> {
        let limit = self.int("limit").unwrap_or(default);
        if limit > COMPLEXITY_LIMIT {
            return Err(field_error(format!("{TOO_COMPLEX} should be {COMPLEXITY_LIMIT} but got {limit}.")));
        }
        if !range.contains(&limit) {
            let (least, most) = (range.start(), range.end());
            return Err(field_error(format!("The limit argument must be between {least} and {most}.")));
        }
        Ok(usize::try_from(limit).unwrap_or(0))
    }

    /// `limit` of events: a positive one beyond its bounds is taken for the nearest. The schema tells the bounds, but requests for 10
    /// (public tests of esologs-python) and for up to 1,000,000 (eso-toolkit) were answered.
    pub(crate) fn lenient_limit(self, range: std::ops::RangeInclusive<i64>, default: i64) -> Result<usize, FieldError> {
        let limit = self.int("limit").unwrap_or(default);
        let (least, most) = (*range.start(), *range.end());
        if limit < 1 {
            return Err(field_error(format!("The limit argument must be between {least} and {most}.")));
        }
        Ok(usize::try_from(limit.clamp(least, most)).unwrap_or(0))
    }

    /// `page`, from 1; anything less is the first.
    pub(crate) fn page(self) -> usize {
        usize::try_from(self.int("page").unwrap_or(1)).unwrap_or(1).max(1)
    }
}

/// How the complaint about too complex a query begins.
pub(crate) const TOO_COMPLEX: &str = "Max query complexity";

/// Most entries that a query may ask for before the service calls it too complex. The error is known from `limit: 999999`; the bound
/// itself is not, so it is put far above every documented limit.
pub(crate) const COMPLEXITY_LIMIT: i64 = 100_000;
