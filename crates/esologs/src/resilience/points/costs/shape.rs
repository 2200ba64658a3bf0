//! The shape of an operation: what decides about its price. The document, and of its variables those that say how much is asked
//! for; not of whom.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::{Asked, Prior, prior};
use crate::query::{Operation, hash};

/// Variables whose words say what is asked for.
const KINDS: [&str; 4] = ["dataType", "hostilityType", "killType", "viewBy"];
/// Variables that leave something out of what is asked for, whatever their value.
const FILTERS: [&str; 6] = ["abilityID", "encounterID", "filterExpression", "sourceID", "targetID", "death"];
/// Spans of time are told apart from a minute to some hours, by doubling.
const SHORTEST_SPAN: u32 = 16;
const LONGEST_SPAN: u32 = 24;

/// The shape of one operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape<'a> {
    key: u64,
    operation: &'a Operation,
}

/// Something about the variables that matters for the price.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Feature<'a> {
    /// `limit`: entries of a page.
    Limit(u64),
    /// What kind of data.
    Kind(&'a str),
    /// A switch by its name.
    Switch(&'a str, bool),
    /// Fights, as a power of two.
    Fights(u32),
    /// A span of time, in milliseconds, as a power of two.
    Span(u32),
    /// Something is filtered.
    Filtered,
}

impl<'a> Shape<'a> {
    pub(crate) fn of(operation: &'a Operation) -> Self {
        let mut key = hash::mix(hash::text(operation.name()), operation.document_number());
        if operation.batch().is_none() {
            features(operation.variables(), |feature| key = key.wrapping_add(feature.hash()));
        }
        Self { key: hash::finish(key), operation }
    }

    /// The shape of an operation whose key was worked out before.
    pub(crate) fn known(key: u64, operation: &'a Operation) -> Self {
        Self { key, operation }
    }

    /// What tells shapes apart.
    pub(crate) fn number(&self) -> u64 {
        self.key
    }
}

impl Asked for Shape<'_> {
    fn key(&self) -> u64 {
        self.key
    }

    fn operation(&self) -> &str {
        self.operation.name()
    }

    fn features(&self) -> String {
        if let Some(batch) = self.operation.batch() {
            return format!("{} at once", batch.asked().len());
        }
        let mut words = Vec::new();
        features(self.operation.variables(), |feature| words.push(feature.in_words()));
        words.join(", ")
    }

    fn prior(&self) -> Prior {
        let limit = self.operation.variables().get("limit").and_then(Value::as_u64);
        prior::of(self.operation.name(), limit, self.operation.batch().map(|batch| batch.asked().len()))
    }
}

/// Goes through what matters, in an order that only the variables' names decide.
fn features<'a>(variables: &'a Map<String, Value>, mut see: impl FnMut(Feature<'a>)) {
    let (mut is_filtered, mut start, mut end) = (false, None, None);
    for (name, value) in variables {
        match (name.as_str(), value) {
            ("limit", value) => value.as_u64().into_iter().for_each(|limit| see(Feature::Limit(limit))),
            ("startTime", value) => start = value.as_f64(),
            ("endTime", value) => end = value.as_f64(),
            ("fightIDs", Value::Array(fights)) if !fights.is_empty() => see(Feature::Fights(log2(fights.len() as f64))),
            (_, Value::Bool(switch)) => see(Feature::Switch(name, *switch)),
            (kind, Value::String(word)) if KINDS.contains(&kind) => see(Feature::Kind(word)),
            (filter, value) if FILTERS.contains(&filter) => is_filtered |= !value.is_null(),
            _ => {}
        }
    }
    if is_filtered {
        see(Feature::Filtered);
    }
    if let (Some(start), Some(end)) = (start, end) {
        see(Feature::Span(log2(end - start).clamp(SHORTEST_SPAN, LONGEST_SPAN)));
    }
}

/// Whether two shapes of one operation, told by their features in words, differ in their span of time and number of fights alone.
pub(super) fn is_alike(one: &str, other: &str) -> bool {
    let is_kind = |word: &&str| !(word.starts_with("up to ") || *word == "1 fight" || *word == "any time");
    let kind = |features: &'_ str| features.split(", ").filter(is_kind).map(str::to_owned).collect::<Vec<_>>();
    kind(one) == kind(other)
}

/// The power of two that a number does not pass.
fn log2(number: f64) -> u32 {
    // It does not pass a power of two where the next whole number does not.
    (number.ceil() as u64).checked_next_power_of_two().map_or(u64::BITS, u64::trailing_zeros)
}

impl Feature<'_> {
    fn hash(self) -> u64 {
        let (kind, number) = match self {
            Self::Limit(limit) => (1, limit),
            Self::Kind(word) => (2, hash::text(word)),
            Self::Switch(name, on) => (3 + u64::from(on), hash::text(name)),
            Self::Fights(power) => (5, power.into()),
            Self::Span(power) => (6, power.into()),
            Self::Filtered => (7, 0),
        };
        hash::finish(hash::mix(kind, number))
    }

    fn in_words(self) -> String {
        match self {
            Self::Limit(limit) => format!("limit {limit}"),
            Self::Kind(word) => word.to_owned(),
            Self::Switch(name, true) => name.to_owned(),
            Self::Switch(name, false) => format!("no {name}"),
            Self::Fights(0) => "1 fight".to_owned(),
            Self::Fights(power) => format!("up to {} fights", 1_u64 << power.min(63)),
            Self::Span(LONGEST_SPAN) => "any time".to_owned(),
            Self::Span(power) => {
                let mut words = "up to ".to_owned();
                let seconds = (1_u64 << power.min(63)) / 1_000;
                let (count, unit) = if seconds < 120 { (seconds, "s") } else { (seconds / 60, "min") };
                // Writing to a string does not fail.
                _ = write!(words, "{count} {unit}");
                words
            }
            Self::Filtered => "filtered".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::query::{Batch, documents};

    fn events(variables: Value) -> Operation {
        let operation = Operation::new("ReportEvents", &documents::REPORT_EVENTS);
        variables.as_object().unwrap().iter().fold(operation, |operation, (name, value)| operation.with(name, value.clone()))
    }

    fn key(operation: &Operation) -> u64 {
        Shape::of(operation).key()
    }

    #[test]
    fn whom_a_call_is_about_and_where_it_goes_on_are_not_part_of_its_shape() {
        let call = |code, start: f64, source| {
            events(json!({ "code": code, "dataType": "DamageDone", "limit": 10_000, "startTime": start, "endTime": start + 3e6,
                "sourceID": source, "translate": null }))
        };

        let [one, other] = [call("aaaaaaaaaaaaaa01", 0.0, 1), call("aaaaaaaaaaaaaa02", 7e5, 2)];

        assert_eq!(key(&one), key(&other));
        assert_eq!(Shape::of(&one).features(), "DamageDone, limit 10000, filtered, up to 69 min");
    }

    #[test]
    fn everything_that_matters_for_the_price_is_part_of_it() {
        let base = json!({ "dataType": "Healing", "limit": 300, "startTime": 0.0, "endTime": 100_000.0 });
        let mut keys = vec![key(&events(base.clone()))];
        for (name, value) in [
            ("dataType", json!("Casts")),
            ("hostilityType", json!("Enemies")),
            ("hostilityType", json!("Friendlies")),
            ("limit", json!(10_000)),
            ("includeResources", json!(true)),
            ("includeResources", json!(false)),
            ("useActorIDs", json!(false)),
            ("endTime", json!(140_000.0)),
            ("fightIDs", json!([3])),
            ("fightIDs", json!([3, 4])),
            ("fightIDs", json!([3, 4, 5])),
            ("filterExpression", json!("type = 'death'")),
        ] {
            let mut variables = base.clone();
            variables[name] = value;
            keys.push(key(&events(variables)));
        }
        keys.push(key(&Operation::new("ReportTable", &documents::REPORT_TABLE)));
        keys.push(key(&Operation::new("ReportTable", &documents::REPORT_GRAPH)));

        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all);
    }

    #[test]
    fn spans_and_numbers_of_fights_count_by_doubling() {
        let span = |ms: f64| key(&events(json!({ "startTime": 5.0, "endTime": 5.0 + ms })));
        assert_eq!(span(70_000.0), span(131_072.0));
        assert_ne!(span(131_072.0), span(131_073.0));
        assert_eq!((span(1.0), span(1e9)), (span(65_536.0), span(1e12)));
        assert_ne!(span(65_536.0), span(65_537.0));
        let fights = |count: usize| key(&events(json!({ "fightIDs": vec![1; count] })));
        assert_eq!(fights(3), fights(4));
        assert_ne!(fights(4), fights(5));
        assert_eq!(fights(0), key(&events(json!({}))));
    }

    #[test]
    fn a_batch_is_of_a_shape_by_how_many_parts_it_asks_for_whichever_they_are() {
        let codes = (0..5).map(|number| format!("aaaaaaaaaaaaaa{number:02}")).collect();
        let batch = Batch::of_reports(codes);
        let of = |parts: &[usize]| Operation::of_parts(batch.only(parts));

        assert_eq!(key(&of(&[0, 1])), key(&of(&[3, 4])));
        assert_ne!(key(&of(&[0, 1])), key(&of(&[0, 1, 2])));
        assert_eq!(Shape::of(&of(&[1, 4])).features(), "2 at once");
    }

    #[test]
    fn a_callers_document_counts_with_all_that_is_written_into_it() {
        let raw = |limit: u32| {
            let document = format!("query Mine {{ reportData {{ reports(limit: {limit}) {{ data {{ code }} }} }} }}");
            key(&Operation::raw(Some("Mine".to_owned()), document, Map::new()))
        };
        assert_ne!(raw(100), raw(300));
        assert_eq!(raw(100), raw(100));
    }

    #[test]
    fn the_words_are_those_of_the_variables() {
        let operation = events(json!({ "includeResources": true, "translate": false, "fightIDs": [1], "endTime": 9e9,
            "startTime": 0, "hostilityType": "Enemies" }));
        assert_eq!(Shape::of(&operation).features(), "1 fight, Enemies, includeResources, no translate, any time");
        let table = Operation::new("ReportTable", &documents::REPORT_TABLE).with("startTime", 0).with("endTime", 60_000);
        assert_eq!(Shape::of(&table).features(), "up to 65 s");
    }
}
