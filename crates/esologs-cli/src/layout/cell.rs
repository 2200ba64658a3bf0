//! One value as people read it: what it is, its name tells.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::layout::node::Node;
use crate::words;

/// What stands in one place of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) text: String,
    /// Numbers stand at the right.
    pub(crate) is_number: bool,
}

impl Cell {
    fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_number: false }
    }

    pub(crate) fn number(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_number: true }
    }
}

/// What a number means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// Milliseconds since 1970, or since the report's start: the size tells.
    Time,
    /// Milliseconds.
    Duration,
    Seconds,
    /// Milliseconds, in seconds with a fraction.
    Interval,
    Percent,
    /// A number that is a name: no separators.
    Id,
    Amount,
}

impl Meaning {
    fn of(name: &str) -> Self {
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        match name {
            "pointsResetIn" => Self::Seconds,
            "duration" | "length" | "totalTime" | "activeTime" | "activeTimeReduced" | "totalUptime" | "fastestKill"
            | "trialTime" | "wipeCalledTime" | "deathWindow" => Self::Duration,
            "pointInterval" => Self::Interval,
            "survival" => Self::Percent,
            "size" | "difficulty" | "bracket" | "partition" | "page" | "guid" | "fight" | "revision" | "competition"
            | "order" | "logVersion" | "gameVersion" => Self::Id,
            _ if ends(&["Time", "timestamp", "Date", "pointStart"]) => Self::Time,
            _ if ends(&["Percentage", "Percent", "PerformanceAverage", "MedianPerformance"]) => Self::Percent,
            _ if name == "id" || ends(&["ID", "Id", "InternalID", "Version"]) => Self::Id,
            _ => Self::Amount,
        }
    }
}

/// Moments of this size and above are counted from 1970 (this is March 1973); no report is three years long.
const SINCE_1970: f64 = 1e11;
/// The longest text of an object's fields.
const LONGEST_OBJECT: usize = 60;
/// The longest text of a list of words.
const LONGEST_LIST: usize = 300;

/// The value of the field of this name.
pub(crate) fn cell(name: &str, node: &Node, zone: &TimeZone) -> Cell {
    match node {
        Node::Null => Cell::text("-"),
        Node::Bool(yes) => Cell::text(if *yes { "yes" } else { "no" }),
        Node::Number(number) => Cell::number(number_text(Meaning::of(name), *number, zone)),
        Node::Text(text) => Cell::text(words::title(text)),
        Node::List(list) => list_cell(name, list, zone),
        Node::Object(fields) => Cell::text(name_of(node).map_or_else(|| fields_text(fields, zone), words::title)),
    }
}

/// What an object is called: by its name, or by the one field that says as much.
pub(crate) fn name_of(object: &Node) -> Option<&str> {
    ["name", "spec"].into_iter().find_map(|field| object.field(field).as_text())
}

/// The entries in words, where each is one; else how many there are.
fn list_cell(name: &str, list: &[Node], zone: &TimeZone) -> Cell {
    let is_word = |entry: &Node| match entry {
        Node::List(_) => false,
        Node::Object(_) => name_of(entry).is_some(),
        _ => true,
    };
    if list.iter().all(is_word) {
        let texts: Vec<String> = list.iter().map(|entry| entry_text(name, entry, zone)).collect();
        let text = texts.join(", ");
        if text.chars().count() <= LONGEST_LIST {
            return Cell::text(if text.is_empty() { "-".to_owned() } else { text });
        }
    }
    Cell::text(words::of(list.len(), "entry", "entries"))
}

fn entry_text(name: &str, entry: &Node, zone: &TimeZone) -> String {
    let text = cell(name, entry, zone).text;
    match entry.field("id") {
        // What other commands ask for.
        Node::Number(id) if name == "encounters" => format!("{id} {text}"),
        _ => text,
    }
}

fn fields_text(fields: &[(String, Node)], zone: &TimeZone) -> String {
    let told = fields.iter().filter(|(_, value)| !value.is_null());
    let texts: Vec<String> = told.map(|(name, value)| format!("{} {}", heading(name), cell(name, value, zone).text)).collect();
    words::cut(&texts.join(", "), LONGEST_OBJECT)
}

fn number_text(meaning: Meaning, number: f64, zone: &TimeZone) -> String {
    match meaning {
        Meaning::Time if number >= SINCE_1970 => moment(number, zone),
        Meaning::Time | Meaning::Duration => clock(number),
        Meaning::Seconds => clock(number * 1000.0),
        Meaning::Interval => format!("{:.2} s", number / 1000.0),
        Meaning::Percent => format!("{number:.1} %"),
        Meaning::Id => format!("{number}"),
        Meaning::Amount => amount(number),
    }
}

/// `2026-03-02 20:05:00`.
pub(crate) fn moment(unix_ms: f64, zone: &TimeZone) -> String {
    // Exact up to 2^53.
    match Timestamp::from_millisecond(unix_ms as i64) {
        Ok(moment) => moment.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Err(_) => format!("{unix_ms}"),
    }
}

/// Milliseconds as `4:05`, or `1:02:03` from an hour on.
pub(crate) fn clock(ms: f64) -> String {
    let sign = if ms < 0.0 { "-" } else { "" };
    let seconds = (ms.abs() / 1000.0).round() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{sign}{hours}:{minutes:02}:{seconds:02}") } else { format!("{sign}{minutes}:{seconds:02}") }
}

/// `1,234,567`, and small fractions with two places.
pub(crate) fn amount(number: f64) -> String {
    let sign = if number < 0.0 { "-" } else { "" };
    let size = number.abs();
    match size {
        _ if size.fract() == 0.0 || size >= 1000.0 => format!("{sign}{}", words::count(size.round() as u64)),
        _ if size >= 100.0 => format!("{sign}{size:.1}"),
        _ => format!("{sign}{size:.2}"),
    }
}

/// `startTime` as `start time`, `encounterID` as `encounter id`.
pub(crate) fn heading(name: &str) -> String {
    let mut heading = String::with_capacity(name.len() + 4);
    let mut after_small = false;
    for c in name.chars() {
        match c {
            '_' | '.' => heading.push(' '),
            _ => {
                if c.is_uppercase() && after_small {
                    heading.push(' ');
                }
                heading.extend(c.to_lowercase());
            }
        }
        after_small = c.is_lowercase() || c.is_ascii_digit();
    }
    heading
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, json: &str) -> String {
        cell(name, &serde_json::from_str(json).unwrap(), &TimeZone::UTC).text
    }

    #[test]
    fn a_number_is_shown_as_what_its_name_says() {
        for (name, json, expected) in [
            ("startTime", "1773086700000", "2026-03-09 20:05:00"),
            ("startTime", "245000.0", "4:05"),
            ("duration", "3723000", "1:02:03"),
            ("pointsResetIn", "1830.4", "30:30"),
            ("bossPercentage", "12.345", "12.3 %"),
            ("encounterID", "1234567", "1234567"),
            ("total", "1234567.89", "1,234,568"),
            ("amount", "0.5", "0.50"),
            ("averageItemLevel", "156.25", "156.2"),
            ("total", "-3", "-3"),
        ] {
            assert_eq!(shown(name, json), expected, "{name} {json}");
        }
    }

    #[test]
    fn whatever_else_there_is_can_be_shown() {
        for (json, expected) in [
            ("null", "-"),
            ("true", "yes"),
            ("\"a\\u001b[2Jb\"", "a [2Jb"),
            (r#"{"id":1,"name":"Bear"}"#, "Bear"),
            (r#"{"isArchived":false,"archiveDate":null}"#, "is archived no"),
            (r#"["DPS","Healer"]"#, "DPS, Healer"),
            (r#"[{"id":1,"name":"Bear"}]"#, "Bear"),
            (r#"[{"spec":"Healer","count":1}]"#, "Healer"),
            (r#"[{"id":1},{"id":2}]"#, "2 entries"),
            ("[]", "-"),
        ] {
            assert_eq!(shown("x", json), expected, "{json}");
        }
    }

    #[test]
    fn a_heading_is_the_name_in_words() {
        assert_eq!(
            ["startTime", "encounterID", "item_sets", "zone.name"].map(heading),
            ["start time", "encounter id", "item sets", "zone name"]
        );
    }
}
