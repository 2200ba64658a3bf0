//! Which events of a report a table or graph is about.

use super::super::super::args::Args;
use super::super::reports::{ReportNode, event_filter, named};
use crate::world::events::Event;
use crate::world::model::{Fight, Report};
use crate::world::{DataType, EventFilter};

/// A report, the filters, and the range of time.
pub(super) struct Scope<'a> {
    pub(super) node: &'a ReportNode<'a>,
    pub(super) filter: EventFilter,
    /// Milliseconds since the report's start, both included.
    pub(super) start: i64,
    pub(super) end: i64,
    /// Name of the data type: `Summary` if none is asked for.
    pub(super) data_type: &'a str,
    pub(super) view_by: &'a str,
    pub(super) combatant_info: bool,
    /// The arguments choose fights, so that only the time in them counts.
    chooses_fights: bool,
}

impl<'a> Scope<'a> {
    pub(super) fn of(node: &'a ReportNode<'a>, args: Args<'a>) -> Self {
        let data_type = args.text("dataType").unwrap_or("Summary");
        // `Summary` is about everything, `Survivability` about deaths.
        let events =
            named(args, "dataType").unwrap_or(if data_type == "Survivability" { DataType::Deaths } else { DataType::All });
        let filter = EventFilter { data_type: events, ..event_filter(args) };
        let chooses_fights = filter.fight_ids.is_some()
            || filter.encounter_id.is_some()
            || filter.difficulty.is_some()
            || filter.kill_type.is_some();
        let whole = |value: f64| value as i64;
        let mut scope = Self {
            node,
            filter,
            start: args.float("startTime").map_or(0, whole).max(0),
            end: args.float("endTime").map_or(node.view.until, whole).min(node.view.until),
            data_type,
            view_by: args.text("viewBy").unwrap_or("Default"),
            combatant_info: args.flag("includeCombatantInfo").unwrap_or(false),
            chooses_fights,
        };
        scope.end = scope.end.max(scope.start);
        if chooses_fights {
            scope.shrink_to_fights();
        }
        scope
    }

    /// The range begins with the first fight that is meant and ends with the last.
    fn shrink_to_fights(&mut self) {
        let first = self.fights().map(|fight| fight.start).min();
        let last = self.fights().map(|fight| self.node.view.fight_end(fight)).max();
        self.start = self.start.max(first.unwrap_or(self.start));
        self.end = self.end.min(last.unwrap_or(self.start)).max(self.start);
    }

    pub(super) fn report(&self) -> &'a Report {
        self.node.report
    }

    /// The fights that are meant and lie in the range, at least in part.
    pub(super) fn fights(&self) -> impl Iterator<Item = &'a Fight> + '_ {
        let fights = self.node.view.fights(self.node.report).iter().filter(|fight| self.filter.admits_fight(fight));
        fights.filter(|fight| fight.start <= self.end && fight.end >= self.start)
    }

    /// Length of what is meant in milliseconds.
    pub(super) fn total_time(&self) -> i64 {
        if !self.chooses_fights {
            return self.end - self.start;
        }
        self.fights().map(|fight| (fight.end.min(self.end) - fight.start.max(self.start)).max(0)).sum()
    }

    /// The events of the scope's own type.
    pub(super) fn events(&self) -> impl Iterator<Item = Event<'_>> {
        self.select(&self.filter)
    }

    pub(super) fn select<'f>(&'f self, filter: &'f EventFilter) -> impl Iterator<Item = Event<'f>> {
        let report = self.report();
        report.events().select(report, filter, self.start as f64, self.end as f64, self.node.view.until)
    }

    /// The same filters for another type of events.
    pub(super) fn filter_for(&self, data_type: DataType) -> EventFilter {
        EventFilter { data_type, ..self.filter.clone() }
    }
}
