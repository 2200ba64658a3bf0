//! What is drawn: the amounts of a table, or the series of a graph.

use crate::get::view::unwrapped;
use crate::layout::cell::{amount, clock};
use crate::layout::node::Node;
use crate::words;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Drawing {
    Bars(Bars),
    Lines(Lines),
}

/// Amounts side by side, the largest first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bars {
    pub(crate) unit: Unit,
    /// What the amounts are shares of: their sum, or of uptimes the whole time.
    pub(crate) whole: f64,
    pub(crate) bars: Vec<Bar>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) amount: f64,
}

/// Amounts over time, the largest series first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lines {
    pub(crate) unit: Unit,
    pub(crate) series: Vec<Series>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Series {
    pub(crate) name: String,
    /// Time of the first value, in milliseconds since the report's start.
    pub(crate) start_ms: f64,
    pub(crate) interval_ms: f64,
    pub(crate) values: Vec<f64>,
    pub(crate) total: f64,
}

/// What the amounts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Counted in this.
    Of(String),
    /// Milliseconds.
    Time(String),
}

impl Unit {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Of(name) | Self::Time(name) => name,
        }
    }

    pub(crate) fn shown(&self, value: f64) -> String {
        match self {
            Self::Of(_) => amount(value),
            Self::Time(_) => clock(value),
        }
    }
}

impl Series {
    /// The same with at most so many values: means of several, where there are more.
    pub(crate) fn of_at_most(&self, values: usize) -> Self {
        let each = self.values.len().div_ceil(values.max(1)).max(1);
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        Self { interval_ms: self.interval_ms * each as f64, values: self.values.chunks(each).map(mean).collect(), ..self.clone() }
    }

    /// Whether it is the sum of the others.
    pub(crate) fn is_total(&self) -> bool {
        self.name == "Total"
    }
}

impl Drawing {
    /// What can be drawn of an answer of this operation and data type (`damage-done`); `None` where there is nothing.
    pub(crate) fn of(operation: &str, kind: &str, answer: &Node) -> Option<Self> {
        let data = unwrapped(answer);
        if operation == "ReportGraph" { lines_of(kind, data).map(Self::Lines) } else { bars_of(kind, data).map(Self::Bars) }
    }
}

/// What the amounts of this data type are.
fn unit(kind: &str) -> &str {
    match kind {
        "damage-done" | "damage-taken" | "summary" => "damage",
        "healing" => "healing",
        "casts" => "casts",
        "deaths" => "deaths",
        "resources" => "resources",
        _ => "total",
    }
}

fn bars_of(kind: &str, data: &Node) -> Option<Bars> {
    // An answer with nothing beside its rows is unwrapped to the rows.
    let list = |name: &str| if matches!(data, Node::List(_)) { data.as_list() } else { data.field(name).as_list() };
    let rows = |list: &[Node], field: &str| -> Vec<Bar> {
        let bar = |row: &Node| Some(Bar { name: name_of(row), amount: row.field(field).as_number()? });
        list.iter().filter_map(bar).filter(|bar| bar.amount > 0.0).collect()
    };
    let mut bars = rows(list("auras"), "totalUptime");
    let mut what = Unit::Time("uptime (m:ss)".to_owned());
    for name in ["entries", "damageDone"] {
        if bars.is_empty() {
            bars = rows(list(name), "total");
            what = Unit::Of(unit(kind).to_owned());
        }
    }
    if bars.is_empty() {
        // Deaths and the like: a row for each, without an amount.
        bars = counted(list("entries"));
        what = Unit::Of(unit(kind).to_owned());
    }
    bars.sort_by(|one, other| other.amount.total_cmp(&one.amount));
    let sum = bars.iter().map(|bar| bar.amount).sum();
    let whole = match what {
        Unit::Time(_) => data.field("totalTime").as_number().filter(|time| *time > 0.0).unwrap_or(sum),
        Unit::Of(_) => sum,
    };
    (!bars.is_empty()).then_some(Bars { unit: what, whole, bars })
}

/// How often each name stands there.
fn counted(rows: &[Node]) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    for row in rows.iter().filter(|row| !row.field("name").is_null()) {
        let name = name_of(row);
        match bars.iter_mut().find(|bar| bar.name == name) {
            Some(bar) => bar.amount += 1.0,
            None => bars.push(Bar { name, amount: 1.0 }),
        }
    }
    bars
}

fn name_of(row: &Node) -> String {
    row.field("name").as_text().map_or_else(|| "(no name)".to_owned(), words::title)
}

fn lines_of(kind: &str, data: &Node) -> Option<Lines> {
    let list = if matches!(data, Node::List(_)) { data } else { data.field("series") };
    let one = |series: &Node| {
        let values: Vec<f64> = series.field("data").as_list().iter().map(|value| value.as_number().unwrap_or_default()).collect();
        let total = series.field("total").as_number().unwrap_or_else(|| values.iter().sum());
        let start_ms = series.field("pointStart").as_number().unwrap_or_default();
        let interval_ms = series.field("pointInterval").as_number().filter(|interval| *interval > 0.0)?;
        (!values.is_empty()).then_some(Series { name: name_of(series), start_ms, interval_ms, values, total })
    };
    let mut series: Vec<Series> = list.as_list().iter().filter_map(one).collect();
    series.sort_by(|one, other| other.total.total_cmp(&one.total));
    let unit = match kind {
        "buffs" | "debuffs" => Unit::Of("number at that time".to_owned()),
        _ => Unit::Of(format!("{} per second", unit(kind))),
    };
    (!series.is_empty()).then_some(Lines { unit, series })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(operation: &str, kind: &str, json: &str) -> Option<Drawing> {
        Drawing::of(operation, kind, &serde_json::from_str(json).unwrap())
    }

    #[test]
    fn the_largest_amount_comes_first_and_nothing_is_no_bar() {
        let json = r#"{"data":{"entries":[{"name":"Bear","total":5},{"name":"Ogre","total":9},{"name":"Wisp","total":0}],"totalTime":9}}"#;
        let Some(Drawing::Bars(bars)) = drawing("ReportTable", "damage-done", json) else { panic!() };
        let names: Vec<(&str, f64)> = bars.bars.iter().map(|bar| (bar.name.as_str(), bar.amount)).collect();
        assert_eq!((names, bars.unit.name()), (vec![("Ogre", 9.0), ("Bear", 5.0)], "damage"));
    }

    #[test]
    fn uptimes_are_times_and_deaths_are_counted() {
        let auras =
            drawing("ReportTable", "buffs", r#"{"data":{"auras":[{"name":"Haste","totalUptime":61000}],"totalTime":122000}}"#);
        let Some(Drawing::Bars(auras)) = auras else { panic!() };
        assert_eq!((auras.unit.shown(auras.bars[0].amount), auras.bars[0].amount / auras.whole), ("1:01".to_owned(), 0.5));
        let deaths = r#"{"data":{"entries":[{"name":"Bear","timestamp":5},{"name":"Ogre"},{"name":"Bear"}]}}"#;
        let Some(Drawing::Bars(deaths)) = drawing("ReportTable", "deaths", deaths) else { panic!() };
        assert_eq!((deaths.bars[0].name.as_str(), deaths.bars[0].amount, deaths.unit.name()), ("Bear", 2.0, "deaths"));
    }

    #[test]
    fn what_holds_no_amounts_is_not_drawn() {
        assert_eq!(drawing("ReportTable", "damage-done", r#"{"data":{"entries":[],"totalTime":0}}"#), None);
        assert_eq!(drawing("ReportGraph", "damage-done", r#"{"data":{"series":[]}}"#), None);
        let still = r#"{"data":{"series":[{"name":"Bear","pointInterval":0,"data":[1]}]}}"#;
        assert_eq!(drawing("ReportGraph", "damage-done", still), None, "no time passes");
    }
}
