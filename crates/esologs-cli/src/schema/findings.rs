//! What was found: counts of what is not known, and what could not be looked at.

use esologs::Drift;
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::layout::cell::Cell;
use crate::layout::grid::{self, Column};
use crate::layout::{Screen, fitted};
use crate::{output, words};

#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) drift: Drift,
    answers: u64,
    events: u64,
    /// What could not be looked at, and why.
    failures: Vec<(String, String)>,
    /// A limit of our own was among the reasons.
    pub(super) met_limit: bool,
}

impl Findings {
    pub(super) fn add(&mut self, drift: &Drift) {
        self.answers += 1;
        self.drift.merge(drift);
    }

    pub(super) fn add_events(&mut self, drift: &Drift, count: u64) {
        self.add(drift);
        self.events += count;
    }

    pub(super) fn failed(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.failures.push((what.into(), why.into()));
    }

    pub(super) fn has_failures(&self) -> bool {
        !self.failures.is_empty()
    }

    pub(super) fn tell_failures(&self) {
        for (what, why) in &self.failures {
            output::talk(format_args!("note: {} could not be looked at: {}", words::plain(what), words::plain(why)));
        }
    }

    fn looked_at(&self) -> String {
        let answers = words::of(self.answers as usize, "answer", "answers");
        match self.events {
            0 => answers,
            events => format!("{answers} with {}", words::of(events as usize, "event", "events")),
        }
    }

    pub(super) fn lines(&self, screen: &Screen) -> Vec<String> {
        if self.drift.is_empty() {
            return vec![format!("nothing unknown in {}", self.looked_at())];
        }
        let mut columns = ["kind", "place", "times"].map(|heading| Column { heading: heading.to_owned(), cells: Vec::new() });
        let kinds = [
            ("field", self.drift.unknown_fields()),
            ("value", self.drift.unknown_values()),
            ("unreadable", self.drift.unreadable()),
        ];
        for (kind, counts) in kinds {
            for (place, times) in counts {
                let place = words::plain(place);
                let cells =
                    [word(kind), word(fitted(&place, LONGEST_PLACE, screen).trim_end()), Cell::number(words::count(*times))];
                for (column, cell) in columns.iter_mut().zip(cells) {
                    column.cells.push(cell);
                }
            }
        }
        let mut lines = vec![format!("in {}:", self.looked_at())];
        lines.extend(grid::lines(&columns, screen));
        lines
    }

    pub(super) fn json(&self) -> Result<String, Failure> {
        let failures: Vec<_> = self.failures.iter().map(|(what, why)| json!({"what": what, "why": why})).collect();
        let object = json!({
            "answers": self.answers,
            "events": self.events,
            "unknown_fields": self.drift.unknown_fields(),
            "unknown_values": self.drift.unknown_values(),
            "unreadable": self.drift.unreadable(),
            "failures": failures,
        });
        serde_json::to_string(&object)
            .map(|text| text + "\n")
            .map_err(|error| Failure::new(Exit::Local, "json", format!("the counts cannot be printed: {error}")))
    }
}

/// Columns of a place that are shown; `--json` has all of it.
const LONGEST_PLACE: usize = 120;

fn word(text: &str) -> Cell {
    Cell { text: text.to_owned(), is_number: false }
}
