//! An answer of whatever shape, as text: an object field by field, a list as a table, and lists in it as tables below.

use super::columns;
use crate::layout::cell::{cell, heading, name_of};
use crate::layout::node::Node;
use crate::layout::{Screen, fitted, grid, width};
use crate::words;

/// The most rows of a table that is a part of something; lists themselves are shown in full.
const ROWS_OF_A_PART: usize = 50;
/// The deepest nesting that is laid out; what lies deeper is told in a word.
const DEEPEST: usize = 4;

/// The lines of an answer of this operation.
pub(crate) fn lines(operation: &str, answer: &Node, screen: &Screen) -> Vec<String> {
    let answer = unwrapped(answer);
    match answer {
        Node::Null => vec!["nothing: the service answers null".to_owned()],
        Node::List(entries) => list(operation, entries, usize::MAX, screen),
        Node::Object(fields) => {
            let mut page = Page { screen, lines: Vec::new() };
            page.object("", fields, 0);
            page.lines
        }
        other => vec![cell(operation, other, &screen.zone).text],
    }
}

/// What lies inside of objects that hold nothing else, as the scalar `JSON` often comes: `{"data": …}`.
pub(crate) fn unwrapped(node: &Node) -> &Node {
    match node {
        Node::Object(fields) => match fields.as_slice() {
            [(_, inner @ (Node::Object(_) | Node::List(_)))] => unwrapped(inner),
            _ => node,
        },
        _ => node,
    }
}

/// A list as a table, or as lines where its entries are no objects.
fn list(name: &str, entries: &[Node], most: usize, screen: &Screen) -> Vec<String> {
    let shown = &entries[..entries.len().min(most)];
    let rows: Vec<&Node> = shown.iter().filter(|entry| matches!(entry, Node::Object(_))).collect();
    let mut lines = if shown.is_empty() {
        vec!["none".to_owned()]
    } else if rows.is_empty() {
        shown.iter().map(|entry| cell(name, entry, &screen.zone).text).collect()
    } else {
        let all = columns::of(name, &rows, screen);
        grid::lines(&grid::that_fit(all, screen), screen)
    };
    if shown.len() < entries.len() {
        lines.push(format!("and {} more; --json has all", words::count((entries.len() - shown.len()) as u64)));
    }
    lines
}

struct Page<'a> {
    screen: &'a Screen,
    lines: Vec<String>,
}

impl Page<'_> {
    /// The fields that are one value, one on a line; then those that are more, each under its heading.
    fn object(&mut self, place: &str, fields: &[(String, Node)], depth: usize) {
        let (parts, values): (Vec<_>, Vec<_>) = fields.iter().partition(|(_, value)| depth < DEEPEST && is_part(value));
        let labels: Vec<String> = values.iter().map(|(name, _)| heading(name)).collect();
        let wide = labels.iter().map(|label| width(label)).max().unwrap_or_default();
        for (label, (name, value)) in labels.iter().zip(&values) {
            let text = match value {
                Node::Text(text) => words::plain(text),
                _ => cell(name, value, &self.screen.zone).text,
            };
            let room = self.screen.width.saturating_sub(wide + 2);
            let text = if width(&text) > room { fitted(&text, room, self.screen) } else { text };
            self.lines.push(format!("{}  {text}", fitted(label, wide, self.screen)));
        }
        for (name, part) in parts {
            let place = if place.is_empty() { heading(name) } else { format!("{place}: {}", heading(name)) };
            if !self.lines.is_empty() {
                self.lines.push(String::new());
            }
            match part {
                Node::List(entries) => {
                    self.lines.push(format!("{place} ({})", words::count(entries.len() as u64)));
                    self.lines.extend(list(name, entries, ROWS_OF_A_PART, self.screen));
                }
                Node::Object(fields) => {
                    self.lines.push(place.clone());
                    self.object(&place, fields, depth + 1);
                }
                _ => {}
            }
        }
    }
}

/// Whether a value needs lines of its own: a list of objects, or an object that holds one or has no name.
fn is_part(value: &Node) -> bool {
    match value {
        Node::List(entries) => entries.iter().any(|entry| matches!(entry, Node::Object(_))),
        Node::Object(fields) => {
            let holds_objects = fields.iter().any(|(_, value)| matches!(value, Node::Object(_)));
            fields.iter().any(|(_, value)| is_part(value)) || (name_of(value).is_none() && (fields.len() > 3 || holds_objects))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::screen;

    fn shown(json: &str, columns: usize) -> String {
        lines("Test", &serde_json::from_str(json).unwrap(), &screen(columns, true)).join("\n")
    }

    #[test]
    fn a_shape_that_nobody_knows_is_shown_as_what_is_there() {
        let json = r#"{"data":{"standing":{"guild":{"name":"Lanterns"},"pulls":1234},"kills":[{"boss":"Bear","at":1773086700000},{"boss":"Ogre","hidden":true}],"odd":[1,"x"],"empty":[]}}"#;
        insta::assert_snapshot!(shown(json, 60), @"
        odd    1, x
        empty  -

        standing
        guild  Lanterns
        pulls  1,234

        kills (2)
        boss                 at  hidden
        Bear  1,773,086,700,000  -
        Ogre                  -  yes
        ");
    }

    #[test]
    fn a_long_part_is_cut_and_says_so_but_a_list_is_shown_in_full() {
        let entries = vec![r#"{"n":1}"#; 60].join(",");
        assert!(shown(&format!("{{\"a\":1,\"list\":[{entries}]}}"), 80).ends_with("1\nand 10 more; --json has all"));
        assert_eq!(shown(&format!("[{entries}]"), 80).lines().count(), 61);
    }

    #[test]
    fn nothing_is_shown_as_nothing() {
        assert_eq!([shown("null", 80), shown("[]", 80)], ["nothing: the service answers null", "none"]);
        assert_eq!(shown("\"Officer\"", 80), "Officer");
    }
}
