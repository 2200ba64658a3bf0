//! One execution: what resolvers may look at, and what they leave behind.

use std::cell::{Cell, RefCell};

use apollo_compiler::resolvers::{ObjectValue, ResolvedValue};
use apollo_compiler::response::JsonValue;

use super::node::{Node, Resolve};
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Deviations {
    /// Write `JSON` scalars as strings that hold JSON.
    pub(crate) json_as_strings: bool,
    /// Let the first field under a namespace (`reportData { … }`) fail with "Internal server error".
    pub(crate) fail_one_field: bool,
    /// Let `nextPageTimestamp` be the start that was asked for.
    pub(crate) stuck_cursor: bool,
}

/// Everything that one execution reads and writes.
#[derive(Debug)]
pub(crate) struct Call<'w> {
    pub(crate) world: &'w World,
    pub(crate) now_unix_ms: i64,
    pub(crate) audience: Audience,
    /// The account before this query.
    pub(crate) points: PointsSnapshot,
    pub(crate) meter: CostMeter,
    pub(crate) deviations: Deviations,
    failed_one_field: Cell<bool>,
    pages: RefCell<Vec<Vec<u8>>>,
}

/// Stands for `pointsSpentThisHour` until the query's own cost is known: see [`super::write`]. No other value of the simulator
/// is negative and that small.
pub(crate) const SPENT_PLACEHOLDER: f64 = -4.25e-300;

/// Starts the string that stands for an event page. No text of the world has a NUL.
pub(crate) const PAGE_PLACEHOLDER: &str = "\0page:";

impl<'w> Call<'w> {
    pub(crate) fn new(
        world: &'w World,
        now_unix_ms: i64,
        audience: Audience,
        points: PointsSnapshot,
        meter: CostMeter,
        deviations: Deviations,
    ) -> Self {
        Self {
            world,
            now_unix_ms,
            audience,
            points,
            meter,
            deviations,
            failed_one_field: Cell::new(false),
            pages: RefCell::new(Vec::new()),
        }
    }

    /// Adds the price of a field to this query's cost.
    pub(crate) fn price(&self, priced: Priced) {
        self.meter.add(priced);
    }

    /// Keeps an event page aside and gives the string that stands for it.
    pub(crate) fn keep_page(&self, page: Vec<u8>) -> JsonValue {
        let mut pages = self.pages.borrow_mut();
        pages.push(page);
        JsonValue::from(format!("{PAGE_PLACEHOLDER}{}", pages.len() - 1))
    }

    pub(crate) fn into_pages(self) -> Vec<Vec<u8>> {
        self.pages.into_inner()
    }

    /// `true` once, if a fault wants one field to fail.
    pub(crate) fn must_fail_now(&self) -> bool {
        self.deviations.fail_one_field && !self.failed_one_field.replace(true)
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
        if self.deviations.json_as_strings && !value.is_null() {
            return ResolvedValue::leaf(value.to_string());
        }
        ResolvedValue::leaf(JsonValue::from(value))
    }
}
