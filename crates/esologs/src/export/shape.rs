//! How the lines of a file become rows, where a line is no object, or more than one row.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::api::walk;
use crate::decode::scan;

/// How lines become rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Shape {
    /// Each line is a row.
    Line,
    /// Each line is a value, which becomes this field of a row.
    Value(&'static str),
    /// Each line is a report with its `players`, and becomes a row for each of them, the player in the field `player`.
    Players,
}

impl Shape {
    /// Lines of which each is a row.
    pub(super) fn rows(self, lines: &str) -> Cow<'_, str> {
        match self {
            Self::Line => lines.into(),
            Self::Value(field) => lines.lines().map(|value| format!("{{\"{field}\":{value}}}\n")).collect::<String>().into(),
            Self::Players => {
                lines.lines().map(|line| players(line).unwrap_or_else(|| format!("{line}\n"))).collect::<String>().into()
            }
        }
    }
}

/// A row for each player, and one without where there is none, so that each report is found. `None` where the line has another form.
fn players(line: &str) -> Option<String> {
    let (mut others, mut list) = (Vec::new(), None);
    let end = walk(line, 0, |name, json, start| {
        let end = scan::value(json.as_bytes(), start)?;
        match name {
            "players" if list.is_none() => list = Some(&json[start..end]),
            _ => others.push(format!("\"{name}\":{}", &json[start..end])),
        }
        Some(end)
    })?;
    let list: Vec<&RawValue> = serde_json::from_str(list.filter(|_| end == line.len())?).ok()?;
    let row = |player: Option<&&RawValue>| {
        let player = player.map(|player| format!("\"player\":{player}"));
        let fields: Vec<String> = others.iter().cloned().chain(player).collect();
        format!("{{{}}}\n", fields.join(","))
    };
    Some(if list.is_empty() { row(None) } else { list.iter().map(|player| row(Some(player))).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_becomes_a_row_for_each_of_its_players() {
        let line = "{\"code\":\"a\",\"players\":[{\"name\":\"x\"},{\"name\":\"y\",\"new\":[1]}],\"zone\":{\"id\":1}}\n";
        assert_eq!(
            Shape::Players.rows(line),
            "{\"code\":\"a\",\"zone\":{\"id\":1},\"player\":{\"name\":\"x\"}}\n\
             {\"code\":\"a\",\"zone\":{\"id\":1},\"player\":{\"name\":\"y\",\"new\":[1]}}\n"
        );
    }

    #[test]
    fn a_report_without_players_or_of_another_form_keeps_its_row() {
        for (line, row) in [
            ("{\"code\":\"a\",\"players\":[]}", "{\"code\":\"a\"}"),
            ("{\"players\":null,\"code\":\"a\"}", "{\"players\":null,\"code\":\"a\"}"),
            ("{\"code\":\"a\"}", "{\"code\":\"a\"}"),
            ("{ \"code\": 1, \"players\": [] }", "{ \"code\": 1, \"players\": [] }"),
            ("[]", "[]"),
        ] {
            assert_eq!(Shape::Players.rows(&format!("{line}\n")), format!("{row}\n"));
        }
    }

    #[test]
    fn a_value_becomes_the_field_of_a_row_whatever_it_is() {
        let rows = Shape::Value("rankings").rows("{\"data\":[]}\nnull\n\"text\"\n");
        assert_eq!(rows, "{\"rankings\":{\"data\":[]}}\n{\"rankings\":null}\n{\"rankings\":\"text\"}\n");
    }
}
