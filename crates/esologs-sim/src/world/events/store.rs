//! One buffer of JSON for all events of a report, and the index that finds them.

use std::sync::OnceLock;

use super::filter::{LISTS, lists_of};
use super::kind::EventKind;
use super::resources::with_resources;
use crate::world::model::{Fight, Report};
use crate::world::parses::Parse;

/// What the index knows of an event; the JSON is in the buffer, from `offset` to the next row's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// Milliseconds since the report's start.
    pub(super) time: u32,
    pub(super) offset: u32,
    pub(super) ability: u32,
    pub(super) fight: u16,
    pub(super) source: i16,
    pub(super) target: i16,
    pub(super) kind: EventKind,
    pub(super) source_is_friendly: bool,
    pub(super) target_is_friendly: bool,
}

/// All events of a report, in order of time.
#[derive(Debug)]
pub struct ReportEvents {
    json: Vec<u8>,
    rows: Vec<Row>,
    /// Indices of rows, in order, for each data type and side; see [`list_of`](super::filter::list_of).
    lists: [Vec<u32>; LISTS],
    /// First row of each fight, in the order of the report's fights, and the number of rows at the end.
    fight_rows: Vec<u32>,
    /// Summed up when somebody first asks for rankings.
    pub(in crate::world) parses: OnceLock<Vec<Parse>>,
}

/// One event.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    /// Milliseconds since the report's start.
    pub timestamp: i64,
    /// Its `type`.
    pub kind: EventKind,
    /// Id of the fight it is part of.
    pub fight: i64,
    /// Actor it comes from.
    pub source: i64,
    /// Actor it goes to; equal to the source where the event names no target.
    pub target: i64,
    /// `sourceIsFriendly`
    pub source_is_friendly: bool,
    /// `targetIsFriendly`
    pub target_is_friendly: bool,
    /// Its ability, 0 where it has none.
    pub ability: i64,
    /// The event as the API sends it by default: compact JSON, without resources.
    pub json: &'a [u8],
}

impl Event<'_> {
    /// A whole number of the event by its name, if it has such a field.
    #[must_use]
    pub fn number(&self, field: &str) -> Option<i64> {
        number_in(self.json, field)
    }

    /// Its `amount`, 0 where it has none.
    #[must_use]
    pub fn amount(&self) -> i64 {
        self.number("amount").unwrap_or(0)
    }
}

/// A whole number of an event's JSON by the name of its field. Most that are asked for stand near the end.
pub(super) fn number_in(json: &[u8], field: &str) -> Option<i64> {
    let name = field.as_bytes();
    let starts = |at: usize| json[at..].starts_with(name) && json[at - 1] == b'"' && json[at + name.len()..].starts_with(b"\":");
    let latest = json.len().checked_sub(name.len())?;
    let at = (1..=latest).rev().find(|&at| json[at] == name[0] && starts(at))?;
    let value = &json[at + name.len() + 2..];
    let digits = value.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'-').count();
    std::str::from_utf8(&value[..digits]).ok()?.parse().ok()
}

impl ReportEvents {
    /// Number of events.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no events.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Length of all events' JSON in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.json.len()
    }

    /// All events in order, whatever their type and side.
    pub fn iter(&self) -> impl Iterator<Item = Event<'_>> {
        (0..self.rows.len()).map(|index| self.event(index))
    }

    /// An event of [`iter`](Self::iter), by its place, as the API sends it with `includeResources`.
    #[must_use]
    pub fn json_with_resources(&self, index: usize) -> Vec<u8> {
        let (mut json, row) = (self.event(index).json.to_vec(), &self.rows[index]);
        if row.kind.has_resources() {
            with_resources(&mut json, row);
        }
        json
    }

    pub(super) fn event(&self, index: usize) -> Event<'_> {
        let row = &self.rows[index];
        Event {
            timestamp: i64::from(row.time),
            kind: row.kind,
            fight: i64::from(row.fight),
            source: i64::from(row.source),
            target: i64::from(row.target),
            source_is_friendly: row.source_is_friendly,
            target_is_friendly: row.target_is_friendly,
            ability: i64::from(row.ability),
            json: self.json_of(index),
        }
    }

    /// The events of one fight of the report, in order.
    pub fn of_fight(&self, report: &Report, fight: &Fight) -> impl Iterator<Item = Event<'_>> {
        let number = report.fights.iter().position(|other| other.id == fight.id);
        let at = |number: Option<usize>| number.and_then(|number| self.fight_rows.get(number)).map_or(0, |row| *row as usize);
        (at(number)..at(number.map(|number| number + 1))).map(|index| self.event(index))
    }

    pub(super) fn row(&self, index: u32) -> &Row {
        &self.rows[index as usize]
    }

    pub(super) fn json_of(&self, index: usize) -> &[u8] {
        let end = self.rows.get(index + 1).map_or(self.json.len(), |next| next.offset as usize);
        &self.json[self.rows[index].offset as usize..end]
    }

    pub(super) fn list(&self, list: usize) -> &[u32] {
        &self.lists[list]
    }

    /// The part of a list that lies in the report's `fight`-th fight.
    pub(super) fn list_in_fight(&self, list: usize, fight: usize) -> &[u32] {
        let list = self.list(list);
        let (Some(&first), Some(&end)) = (self.fight_rows.get(fight), self.fight_rows.get(fight + 1)) else { return &[] };
        let from = list.partition_point(|&row| row < first);
        let to = list.partition_point(|&row| row < end);
        &list[from..to]
    }
}

/// Collects the events of a report, in order of time.
#[derive(Debug)]
pub(super) struct EventsBuilder {
    events: ReportEvents,
}

impl EventsBuilder {
    pub(super) fn with_capacity(events: usize) -> Self {
        let events = ReportEvents {
            json: Vec::with_capacity(events * 280),
            rows: Vec::with_capacity(events),
            lists: Default::default(),
            fight_rows: Vec::new(),
            parses: OnceLock::new(),
        };
        Self { events }
    }

    /// Marks that the next fight of the report begins here.
    pub(super) fn begin_fight(&mut self) {
        let rows = self.row_count();
        self.events.fight_rows.push(rows);
    }

    /// Adds an event whose JSON `write` appends. `row.offset` is filled in here.
    pub(super) fn push(&mut self, row: Row, write: impl FnOnce(&mut Vec<u8>)) {
        debug_assert!(self.events.rows.last().is_none_or(|last| last.time <= row.time), "events come in order of time");
        let offset = u32::try_from(self.events.json.len()).expect("world files are limited so that a report stays below 4 GB");
        write(&mut self.events.json);
        self.index(Row { offset, ..row });
    }

    /// Adds the last event once more, equal in every byte: the game logs two hits of one millisecond so.
    pub(super) fn repeat(&mut self) {
        let Some(&last) = self.events.rows.last() else { return };
        let offset = u32::try_from(self.events.json.len()).expect("world files are limited so that a report stays below 4 GB");
        self.events.json.extend_from_within(last.offset as usize..);
        self.index(Row { offset, ..last });
    }

    fn index(&mut self, row: Row) {
        let number = self.row_count();
        let mut lists = lists_of(row.kind, row.source_is_friendly, row.target_is_friendly);
        while lists != 0 {
            self.events.lists[lists.trailing_zeros() as usize].push(number);
            lists &= lists - 1;
        }
        self.events.rows.push(row);
    }

    pub(super) fn row_count(&self) -> u32 {
        u32::try_from(self.events.rows.len()).expect("world files are limited so that a report stays below 4 GB")
    }

    pub(super) fn finish(mut self) -> ReportEvents {
        let rows = self.row_count();
        self.events.fight_rows.push(rows);
        self.events
    }
}
