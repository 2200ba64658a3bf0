//! How the points stand, as text for people.

use esologs::{Points, PointsCost, PointsSpender, UnixMillis};

use super::Known;
use crate::layout::cell::Cell;
use crate::layout::grid::{self, Column};
use crate::layout::{Screen, width};
use crate::words;

pub(super) fn lines(known: &Known, with_costs: bool, screen: &Screen) -> Vec<String> {
    let source = if known.is_fresh { "as the service has just told" } else { "as the account here knows them" };
    let mut lines = vec![format!("Points of this key at {}, {source}:", words::plain(&known.host)), String::new()];
    let facts = facts(known);
    let wide = facts.iter().map(|(name, _)| width(name)).max().unwrap_or_default();
    lines.extend(facts.iter().map(|(name, fact)| format!("{name:wide$}  {fact}")));
    lines.push(String::new());
    if known.points.spenders.is_empty() {
        lines.push("Nobody who shares this account has spent points in this window.".to_owned());
    } else {
        lines.push("Who spent them, about:".to_owned());
        lines.extend(grid::lines(&spenders(&known.points.spenders), screen));
    }
    if with_costs {
        lines.push(String::new());
        lines.extend(costs(&known.points.costs, known.now, screen));
    }
    lines
}

/// The facts with their names.
fn facts(known: &Known) -> Vec<(&'static str, String)> {
    let points = &known.points;
    let ahead = |moment| words::moment_ahead(moment, known.now);
    let some = |points: Points| (points.get() >= 0.5).then(|| words::points(points));
    let mut facts = Vec::new();
    let mut tell = |name, fact: Option<String>| facts.extend(fact.map(|fact| (name, fact)));
    tell("limit", points.limit.map(|limit| format!("{} in a window", words::points(limit))));
    tell("spent", Some(words::points(points.spent)));
    tell("left", points.left().map(words::points));
    tell(
        "set aside",
        some(points.reserved)
            .map(|set_aside| format!("{set_aside} for {} on their way", words::of(points.calls_on_their_way, "call", "calls"))),
    );
    tell(
        "unsettled",
        some(points.unsettled).map(|unsettled| format!("{unsettled} for calls that are over; the counter may lag")),
    );
    tell(
        "for interactive calls",
        some(points.kept_for_interactive).map(|kept| format!("{kept} are left to them by pulls and --batch")),
    );
    tell("new points", points.resets_at.map(ahead));
    tell("window", points.window.map(|window| format!("{}, the longest seen", words::duration(window))));
    tell("nothing is asked", points.closed_until.map(|until| format!("until {}", words::time_of_day(until))));
    tell("others on this key", some(points.burn_per_hour).map(|burn| format!("about {burn} an hour")));
    tell("at this rate", outlook(known));
    tell("account", Some(known.ledger.clone()));
    tell("not shared", points.alone.as_deref().map(words::plain));
    facts
}

/// Whether the points last. The first moments of a window do not tell.
fn outlook(known: &Known) -> Option<String> {
    let points = &known.points;
    match (points.spent_at, points.resets_at, points.window) {
        (Some(at), _, _) if at <= known.now => Some("they are spent".to_owned()),
        (Some(at), _, _) => Some(format!("they are spent {}", words::moment_ahead(at, known.now))),
        (None, Some(end), Some(window)) if end.since(known.now) > window * 19 / 20 => Some("too early to tell".to_owned()),
        (None, Some(_), _) => Some("they last until there are new ones".to_owned()),
        (None, None, _) => None,
    }
}

fn spenders(rows: &[PointsSpender]) -> Vec<Column> {
    vec![
        column("process", rows, |row| text(&row.owner)),
        column("operation", rows, |row| text(&row.operation)),
        column("calls", rows, |row| Cell::number(words::count(row.calls))),
        column("points", rows, |row| Cell::number(exact(row.points))),
    ]
}

fn costs(rows: &[PointsCost], now: UnixMillis, screen: &Screen) -> Vec<String> {
    if rows.is_empty() {
        return vec!["Nothing is known of costs yet.".to_owned()];
    }
    let columns = vec![
        column("operation", rows, |row| text(&row.operation)),
        column("what decides", rows, |row| text(if row.features.is_empty() { "-" } else { &row.features })),
        column("calls", rows, |row| Cell::number(words::count(row.calls))),
        column("mean", rows, |row| Cell::number(exact(row.mean))),
        column("p95", rows, |row| Cell::number(exact(row.p95))),
        column("known", rows, |row| text(if row.is_learned { "learned" } else { "guessed" })),
        column("last seen", rows, |row| text(&last_seen(row.last_seen, now))),
    ];
    let mut lines = vec!["What calls cost, in points:".to_owned()];
    lines.extend(grid::lines(&grid::that_fit(columns, screen), screen));
    lines
}

fn column<T>(heading: &str, rows: &[T], cell: impl Fn(&T) -> Cell) -> Column {
    Column { heading: heading.to_owned(), cells: rows.iter().map(cell).collect() }
}

/// The time of day, or the day where it was another one.
fn last_seen(moment: UnixMillis, now: UnixMillis) -> String {
    if words::day(moment) == words::day(now) { words::time_of_day(moment) } else { words::day(moment) }
}

/// Names come from whoever wrote a query.
fn text(name: &str) -> Cell {
    Cell { text: words::title(name), is_number: false }
}

/// Calls cost fractions of a point.
fn exact(points: Points) -> String {
    let tenths = (points.get().max(0.0) * 10.0).round() as u64;
    format!("{}.{}", words::count(tenths / 10), tenths % 10)
}
