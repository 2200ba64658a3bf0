//! `graph`: the sums over time.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::auras;
use super::names::{ability, actor, with};
use super::scope::Scope;
use super::tally::{By, worth};
use crate::world::events::Event;
use crate::world::{DataType, EventFilter};

/// A graph has so many intervals, and one point more than that: the end is a point, too.
const INTERVALS: i64 = 240;

/// The value inside `data`.
pub(super) fn of(scope: &Scope<'_>) -> Value {
    let series = match scope.data_type {
        "Summary" => summary(scope),
        "Buffs" | "Debuffs" => aura_series(scope),
        _ => series_of(scope),
    };
    json!({"series": series, "startTime": scope.start, "endTime": scope.end})
}

/// Points of one series.
struct Points {
    start: i64,
    interval: f64,
    sums: Vec<i64>,
    total: i64,
}

impl Points {
    fn of(scope: &Scope<'_>) -> Self {
        let interval = (scope.end - scope.start).max(1) as f64 / INTERVALS as f64;
        Self { start: scope.start, interval, sums: vec![0; INTERVALS as usize + 1], total: 0 }
    }

    fn add(&mut self, time: i64, value: i64) {
        let at = self.index(time);
        self.sums[at] += value;
        self.total += value;
    }

    fn index(&self, time: i64) -> usize {
        let at = ((time - self.start) as f64 / self.interval) as usize;
        at.min(self.sums.len() - 1)
    }

    /// Amounts are told by the second, in whole numbers.
    fn by_second(&self) -> Vec<i64> {
        self.sums.iter().map(|sum| (*sum as f64 * 1000.0 / self.interval).round() as i64).collect()
    }

    fn json(&self, data: &[i64]) -> Value {
        json!({"pointStart": self.start, "pointInterval": self.interval, "data": data, "total": self.total})
    }
}

/// A series for each row of the table, and one of all together.
fn series_of(scope: &Scope<'_>) -> Vec<Value> {
    let by = By::of(scope);
    let mut rows: BTreeMap<i64, Points> = BTreeMap::new();
    let mut all = Points::of(scope);
    for event in scope.events() {
        let value = worth(&event);
        rows.entry(by.key(scope, &event)).or_insert_with(|| Points::of(scope)).add(event.timestamp, value);
        all.add(event.timestamp, value);
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let named = |key| {
        if by == By::Ability { with_id(ability(scope.report(), key), key) } else { Value::Object(actor(scope.report(), key)) }
    };
    let mut series: Vec<Value> = rows.iter().map(|(key, points)| merged(named(*key), points.json(&points.by_second()))).collect();
    series.push(merged(name("Total"), all.json(&all.by_second())));
    series
}

/// Damage and healing, done and taken.
fn summary(scope: &Scope<'_>) -> Vec<Value> {
    let sum = |title: &str, data_type, keep: fn(&Event<'_>) -> bool| {
        let filter = EventFilter { data_type, ..scope.filter.clone() };
        let mut points = Points::of(scope);
        for event in scope.select(&filter).filter(keep) {
            points.add(event.timestamp, worth(&event));
        }
        merged(name(title), points.json(&points.by_second()))
    };
    vec![
        sum("Damage Done", DataType::DamageDone, |_| true),
        sum("Damage Taken", DataType::DamageTaken, |_| true),
        sum("Healing Done", DataType::Healing, |_| true),
        sum("Healing Received", DataType::Healing, |event| event.target_is_friendly),
    ]
}

/// Of each aura, how many bands of it cover each point.
fn aura_series(scope: &Scope<'_>) -> Vec<Value> {
    let series = auras::collect(scope).into_iter().map(|(id, bands)| {
        let mut points = Points::of(scope);
        for band in &bands {
            let (from, to) = (points.index(band.start), points.index(band.end));
            points.sums[from..=to].iter_mut().for_each(|count| *count += 1);
        }
        points.total = bands.iter().map(|band| band.end - band.start).sum();
        let data = points.sums.clone();
        merged(with_id(ability(scope.report(), id), id), points.json(&data))
    });
    series.collect()
}

fn name(title: &str) -> Value {
    json!({"id": title, "name": title, "type": title})
}

fn with_id(map: serde_json::Map<String, Value>, id: i64) -> Value {
    with(map, json!({"id": id}))
}

fn merged(named: Value, points: Value) -> Value {
    with(super::names::object(named), points)
}
