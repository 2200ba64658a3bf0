//! One execution: what resolvers may look at, and what they leave behind.

use std::cell::RefCell;

use apollo_compiler::resolvers::{ObjectValue, ResolvedValue};
use apollo_compiler::response::JsonValue;

use super::drift;
use super::failing::FailingFields;
use super::node::{Node, Resolve};
use super::write;
use crate::limits::cost::{CostMeter, Priced};
use crate::limits::points::PointsSnapshot;
use crate::world::World;

/// Who is asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// A client token: public data.
    Public,
    /// A user token at `/api/v2/user`: archived reports too, and private ones with the scope `view-private-reports`.
    User { sees_private_reports: bool },
}

/// Deviations that a fault asks of the execution.
#[derive(Debug, Default)]
pub(crate) struct Deviations {
    /// Write `JSON` scalars as strings that hold JSON.
    pub(crate) json_as_strings: bool,
    /// Write numbers inside `JSON` scalars as strings.
    pub(crate) numbers_as_strings: bool,
    /// Answer as a later version of the service might: more fields, types of events and words, and what is null today.
    pub(crate) schema_drift: bool,
    /// Let fields under a namespace (`reportData { … }`) fail with "Internal server error".
    pub(crate) failing: Option<FailingFields>,
    /// Let `nextPageTimestamp` be the start that was asked for.
    pub(crate) stuck_cursor: bool,
}

/// Everything that one execution reads and writes.
#[derive(Debug)]
pub(crate) struct Call<'w> {
    pub(crate) world: &'w World,
    pub(crate) now_unix_ms: i64,
    pub(crate) audience: Audience,
    /// Whether a race to a first kill is on.
    pub(crate) race_is_on: bool,
    /// The account before this query.
    pub(crate) points: PointsSnapshot,
    pub(crate) meter: CostMeter,
    pub(crate) deviations: Deviations,
    pages: RefCell<Vec<Vec<u8>>>,
}

/// Stands for `pointsSpentThisHour` until the query's own cost is known: see [`super::write`]. No other value of the simulator
/// is negative and that small.
pub(crate) const SPENT_PLACEHOLDER: f64 = -4.25e-300;

/// Starts the string that stands for an event page. No text of the world has a NUL.
pub(crate) const PAGE_PLACEHOLDER: &str = "\0page:";

/// A word that no list of known ones has.
pub(crate) const UNKNOWN_WORD: &str = "somethingNew";

impl<'w> Call<'w> {
    pub(crate) fn new(
        world: &'w World,
        now_unix_ms: i64,
        audience: Audience,
        race_is_on: bool,
        points: PointsSnapshot,
        meter: CostMeter,
        deviations: Deviations,
    ) -> Self {
        Self { world, now_unix_ms, audience, race_is_on, points, meter, deviations, pages: RefCell::new(Vec::new()) }
    }

    /// The word, or one that nobody knows, where answers drift.
    pub(crate) fn word<'s>(&self, word: &'s str) -> &'s str {
        if self.deviations.schema_drift { UNKNOWN_WORD } else { word }
    }

    /// Adds the price of a field to this query's cost.
    pub(crate) fn price(&self, priced: Priced) {
        self.meter.add(priced);
    }

    /// Keeps an event page aside and gives the string that stands for it.
    pub(crate) fn keep_page(&self, page: Vec<u8>) -> JsonValue {
        let mut pages = self.pages.borrow_mut();
        pages.push(drift::page(page, &self.deviations));
        JsonValue::from(format!("{PAGE_PLACEHOLDER}{}", pages.len() - 1))
    }

    pub(crate) fn into_pages(self) -> Vec<Vec<u8>> {
        self.pages.into_inner()
    }

    /// Whether a fault wants the field that has this key in the answer to fail.
    pub(crate) fn must_fail_now(&self, key: &str) -> bool {
        self.deviations.failing.as_ref().is_some_and(|failing| failing.hits(key))
    }

    /// An object of the answer.
    pub(crate) fn object<'a, T>(&'a self, it: T) -> ResolvedValue<'a>
    where
        T: Resolve + 'a,
        Node<'a, T>: ObjectValue,
    {
        ResolvedValue::object(Node { call: self, it })
    }

    /// An object, or null.
    pub(crate) fn nullable<'a, T>(&'a self, it: Option<T>) -> ResolvedValue<'a>
    where
        T: Resolve + 'a,
        Node<'a, T>: ObjectValue,
    {
        it.map_or_else(ResolvedValue::null, |it| self.object(it))
    }

    /// A list of objects.
    pub(crate) fn list<'a, T>(&'a self, items: impl IntoIterator<Item = T, IntoIter: 'a>) -> ResolvedValue<'a>
    where
        T: Resolve + 'a,
        Node<'a, T>: ObjectValue,
    {
        ResolvedValue::list(items.into_iter().map(|it| self.object(it)))
    }

    /// A value of the scalar `JSON`.
    pub(crate) fn json<'a>(&self, value: serde_json::Value) -> ResolvedValue<'a> {
        let value = drift::scalar(value, &self.deviations);
        if self.deviations.json_as_strings && !value.is_null() {
            // With numbers spelled as they are outside of strings.
            return ResolvedValue::leaf(String::from_utf8_lossy(&write::scalar(value)).into_owned());
        }
        ResolvedValue::leaf(JsonValue::from(value))
    }
}
