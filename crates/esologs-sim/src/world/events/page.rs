//! The cutter: one page of a report's events.
//!
//! The rules, as measured on pages of the real API:
//!
//! - events are sorted by time; both ends of the range are included;
//! - a page never splits a timestamp, so it runs over the limit until the next event is strictly later;
//! - `nextPageTimestamp` is the time of that next event, and absent when there is none;
//! - an event later than what is uploaded of a live report does not exist yet.

use super::filter::{EventFilter, list_of};
use super::objects::with_objects;
use super::resources::with_resources;
use super::sieve::Sieve;
use super::store::{Event, ReportEvents, Row};
use crate::world::model::Report;

/// Bytes set aside for an event, so that a page's buffer seldom grows.
const USUAL_EVENT_BYTES: usize = 300;

/// One page of events.
#[derive(Debug, Clone, PartialEq)]
pub struct EventPage {
    /// A complete JSON array, compact.
    pub data: Vec<u8>,
    /// Number of events in it.
    pub count: usize,
    /// Time of the next matching event in milliseconds since the report's start; `None` at the end.
    pub next_page_timestamp: Option<f64>,
}

impl ReportEvents {
    /// Cuts the page of matching events from `start` to `end` (milliseconds since the report's start, both included).
    ///
    /// `until` is what is uploaded so far, see [`ReportView::until`](crate::world::model::ReportView::until). A page holds
    /// `limit` events (at least one), and more when the last of them share a timestamp. Costs time in proportion to the page:
    /// the first event is found by bisection, and only the actor and ability filters look at events that they drop.
    #[must_use]
    pub fn page(&self, report: &Report, filter: &EventFilter, start: f64, end: f64, until: i64, limit: usize) -> EventPage {
        let limit = limit.max(1);
        let mut page = PageBuilder::new(limit.min(self.len()));
        let mut last_time = None;
        for index in self.matching(report, filter, start, end, until) {
            let row = self.row(index);
            if page.count >= limit && last_time != Some(row.time) {
                return page.finish(Some(f64::from(row.time)));
            }
            last_time = Some(row.time);
            page.push(self.json_of(index as usize), row, report, filter);
        }
        page.finish(None)
    }

    /// The matching events from `start` to `end`, in order of time; see [`ReportEvents::page`].
    pub fn select<'a>(
        &'a self,
        report: &'a Report,
        filter: &'a EventFilter,
        start: f64,
        end: f64,
        until: i64,
    ) -> impl Iterator<Item = Event<'a>> + 'a {
        self.matching(report, filter, start, end, until).map(|index| self.event(index as usize))
    }

    /// Rows that match, in order of time.
    fn matching<'a>(
        &'a self,
        report: &'a Report,
        filter: &'a EventFilter,
        start: f64,
        end: f64,
        until: i64,
    ) -> impl Iterator<Item = u32> + 'a {
        let range = Range { start, last: end.min(until as f64) };
        let sieve = Sieve::of(filter, report, self, until);
        let list = list_of(filter.data_type, filter.hostility);
        self.stretches(report, filter, list)
            .flat_map(move |stretch| self.within(stretch, range))
            .copied()
            .filter(move |&index| admits(filter, self.row(index)))
            .filter(move |&index| sieve.as_ref().is_none_or(|sieve| sieve.admits(index, self.row(index))))
    }

    /// The stretches of a list in the fights that are meant, in order.
    fn stretches<'a>(&'a self, report: &'a Report, filter: &'a EventFilter, list: usize) -> impl Iterator<Item = &'a [u32]> {
        let fights = report.fights.iter().enumerate();
        fights.filter(|(_, fight)| filter.admits_fight(fight)).map(move |(number, _)| self.list_in_fight(list, number))
    }

    fn within<'a>(&self, stretch: &'a [u32], range: Range) -> &'a [u32] {
        let time = |row: &u32| f64::from(self.row(*row).time);
        let from = stretch.partition_point(|row| time(row) < range.start);
        let to = stretch.partition_point(|row| time(row) <= range.last);
        &stretch[from..to.max(from)]
    }
}

/// A range of time; both ends are in it.
#[derive(Clone, Copy)]
struct Range {
    start: f64,
    last: f64,
}

/// Whether the filters on actors and abilities let the event through.
fn admits(filter: &EventFilter, row: &Row) -> bool {
    filter.source_id.is_none_or(|id| id == i64::from(row.source))
        && filter.target_id.is_none_or(|id| id == i64::from(row.target))
        && filter.ability_id.is_none_or(|id| id == f64::from(row.ability))
}

struct PageBuilder {
    data: Vec<u8>,
    count: usize,
}

impl PageBuilder {
    fn new(events: usize) -> Self {
        let mut data = Vec::with_capacity(events.min(10_000) * USUAL_EVENT_BYTES + 2);
        data.push(b'[');
        Self { data, count: 0 }
    }

    fn push(&mut self, json: &[u8], row: &Row, report: &Report, filter: &EventFilter) {
        if self.count > 0 {
            self.data.push(b',');
        }
        self.count += 1;
        if filter.use_ability_ids && filter.use_actor_ids {
            self.data.extend_from_slice(json);
        } else {
            with_objects(&mut self.data, json, report, filter);
        }
        if filter.include_resources && row.kind.has_resources() {
            with_resources(&mut self.data, row);
        }
    }

    fn finish(mut self, next_page_timestamp: Option<f64>) -> EventPage {
        self.data.push(b']');
        EventPage { data: self.data, count: self.count, next_page_timestamp }
    }
}
