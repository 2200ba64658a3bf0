//! JSON on one line, and lists of it as lines: only white space outside strings is left out.

use std::borrow::Cow;

use bytes::Bytes;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A valid JSON text on one line: the same, without white space outside strings. Borrows where there is none.
#[must_use]
pub(crate) fn on_one_line(json: &str) -> Cow<'_, str> {
    if !has_blank(json) {
        return Cow::Borrowed(json);
    }
    let mut line = String::with_capacity(json.len());
    push_without_space(&mut line, json);
    Cow::Owned(line)
}

/// Whether a blank stands anywhere. All of JSON's white space, and nothing else that is valid JSON, is at or below U+0020.
/// Most events hold no blank at all, and this is many times as fast as finding out where strings begin and end.
fn has_blank(json: &str) -> bool {
    // No early end: without it the compiler compares many bytes at once.
    json.bytes().fold(false, |found, byte| found | (byte <= b' '))
}

fn push_without_space(line: &mut String, json: &str) {
    let (mut in_string, mut escaped) = (false, false);
    for c in json.chars() {
        if in_string || !matches!(c, ' ' | '\t' | '\n' | '\r') {
            line.push(c);
        }
        if in_string {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else {
            in_string = c == '"';
        }
    }
}

/// The entries of a JSON list, each on a line of its own.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    pub(crate) text: Bytes,
    pub(crate) count: u64,
}

impl Lines {
    fn of(entries: &[&RawValue]) -> Self {
        let length = entries.iter().map(|entry| entry.get().len() + 1).sum();
        let mut text = String::with_capacity(length);
        for entry in entries {
            match on_one_line(entry.get()) {
                Cow::Borrowed(line) => text.push_str(line),
                Cow::Owned(line) => text.push_str(&line),
            }
            text.push('\n');
        }
        Self { text: text.into(), count: entries.len() as u64 }
    }
}

/// In one pass: the check that the list is valid JSON finds where its entries begin and end, too.
impl<'de> Deserialize<'de> for Lines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<&RawValue>::deserialize(deserializer).map(|entries| Self::of(&entries))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decode::any_json::{joined, tokens};

    fn lines(json: &str) -> Lines {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn white_space_goes_outside_strings_and_stays_inside_them() {
        let pretty = "{\n \"a b\" : [1, 2.50 ],\r\n\t\"c\": \"x \\\" y \\\\\" , \"d\": \" \"}";
        assert_eq!(on_one_line(pretty), r#"{"a b":[1,2.50],"c":"x \" y \\","d":" "}"#);
    }

    #[test]
    fn a_text_without_blanks_is_not_copied() {
        assert!(matches!(on_one_line(r#"{"ab":"\"\\","é":1}"#), Cow::Borrowed(_)));
    }

    #[test]
    fn a_list_becomes_a_line_for_each_entry_and_equal_ones_stay() {
        let Lines { text, count } = lines("[ {\"a\": 1}, {\"a\": 1} ,{\"b\":\n2}]");
        assert_eq!((text.as_ref(), count), (b"{\"a\":1}\n{\"a\":1}\n{\"b\":2}\n".as_slice(), 3));
        assert_eq!(lines("[]").text, "");
    }

    #[test]
    fn a_list_that_is_no_json_makes_no_lines() {
        for broken in ["[1", "[1,]", "[01]", "[tru]", "{}", "[\"\u{1}\"]", "[{\"a\":}]", "[1]]"] {
            assert!(serde_json::from_str::<Lines>(broken).is_err(), "{broken}");
        }
    }

    proptest! {
        #[test]
        fn any_list_with_any_white_space_becomes_its_entries_on_lines(
            entries in prop::collection::vec(tokens(), 0..8),
            spaces in prop::collection::vec("[ \t\r\n]{0,3}", 1..16),
        ) {
            let mut space = spaces.iter().cycle();
            let tokens = joined("[", &entries, "]");
            let json: String = tokens.iter().flat_map(|token| [token.as_str(), space.next().unwrap()]).collect();

            let Lines { text, count } = lines(&json);

            prop_assert_eq!(text, entries.iter().map(|entry| entry.concat() + "\n").collect::<String>());
            prop_assert_eq!(count, entries.len() as u64);
        }
    }
}
