//! A long list of an answer, cut out and checked by itself, so that serde reads only the little around it.

use std::ops::Range;

use bytes::{Bytes, BytesMut};

use super::scan;
use crate::api::Lines;

/// A list that is valid JSON, and where it lies in the body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LongList {
    place: Range<usize>,
    /// The byte after each entry: a comma, or the bracket at the end.
    ends: Vec<usize>,
}

impl LongList {
    /// The list with this path of names, if everything up to its end is JSON without white space.
    pub(super) fn find(body: &[u8], path: &[&str]) -> Option<Self> {
        let start = path.iter().try_fold(0, |at, name| field(body, at, name.as_bytes()))?;
        let (ends, end) = entries(body, start)?;
        let place = start..end;
        // Outside strings the scanner has let nothing pass but ASCII.
        std::str::from_utf8(&body[place.clone()]).ok()?;
        Some(Self { place, ends })
    }

    /// The body with an empty list in its place.
    pub(super) fn rest(&self, body: &[u8]) -> Vec<u8> {
        [&body[..self.place.start], b"[]", &body[self.place.end..]].concat()
    }

    /// Its entries on a line each. Where nobody else holds the body, nothing is copied: every comma becomes a line feed.
    pub(super) fn into_lines(self, body: Bytes) -> Lines {
        if self.ends.is_empty() {
            return Lines::default();
        }
        let mut text = BytesMut::from(body);
        for end in &self.ends {
            text[*end] = b'\n';
        }
        Lines { text: text.freeze().slice(self.place.start + 1..self.place.end), count: self.ends.len() as u64 }
    }
}

/// The value of this name in the object that begins here.
fn field(json: &[u8], object: usize, name: &[u8]) -> Option<usize> {
    let mut start = scan::byte(json, object, b'{')?;
    loop {
        let value = scan::name(json, start)?;
        if json[start..value].strip_prefix(b"\"")?.strip_suffix(b"\":")? == name {
            return Some(value);
        }
        start = scan::byte(json, scan::value(json, value)?, b',')?;
    }
}

/// The ends of the entries of the list that begins here, and the list's own.
fn entries(json: &[u8], list: usize) -> Option<(Vec<usize>, usize)> {
    let mut ends = Vec::new();
    let mut at = scan::byte(json, list, b'[')?;
    if let Some(end) = scan::byte(json, at, b']') {
        return Some((ends, end));
    }
    loop {
        at = scan::value(json, at)?;
        ends.push(at);
        if let Some(end) = scan::byte(json, at, b']') {
            return Some((ends, end));
        }
        at = scan::byte(json, at, b',')?;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::any_json::{self, joined};
    use super::*;

    const PATH: [&str; 2] = ["a", "b"];

    fn lines(body: &'static [u8]) -> Option<(Vec<u8>, u64, Vec<u8>)> {
        let list = LongList::find(body, &PATH)?;
        let rest = list.rest(body);
        let Lines { text, count } = list.into_lines(Bytes::from_static(body));
        Some((text.to_vec(), count, rest))
    }

    #[test]
    fn a_list_is_found_by_its_place_and_everything_else_is_left() {
        let body = br#"{"b":[0],"a":{"c":{"b":[1]},"b":[{"d":[2,"]"]},3,null],"e":[4]},"f":"#;

        let (text, count, rest) = lines(body).unwrap();

        assert_eq!((text.as_slice(), count), (b"{\"d\":[2,\"]\"]}\n3\nnull\n".as_slice(), 3));
        assert_eq!(rest, br#"{"b":[0],"a":{"c":{"b":[1]},"b":[],"e":[4]},"f":"#, "the rest is for serde to judge");
    }

    #[test]
    fn an_empty_list_makes_no_lines() {
        assert_eq!(lines(br#"{"a":{"b":[]}}"#).unwrap(), (vec![], 0, br#"{"a":{"b":[]}}"#.to_vec()));
    }

    #[test]
    fn what_is_no_such_list_or_not_quite_json_is_not_found() {
        for body in [
            r#"{"a":{"c":[1]}}"#,
            r#"{"b":[1]}"#,
            r#"{"a":[{"b":[1]}]}"#,
            r#"{"a":{"b":"[1]"}}"#,
            r#"{"a":{"b":null}}"#,
            r#"{"a":{"b":{}}}"#,
            r#"{"a":{"\u0062":[1]}}"#,
            r#"{"a":{"c":tru,"b":[1]}}"#,
            r#"{"a":{"b":[1 ]}}"#,
            r#" {"a":{"b":[1]}}"#,
            r#"{"a":{"b":[1,]}}"#,
            r#"{"a":{"b":[1}}"#,
            r#"{"a":{"b":[1"#,
            "",
        ] {
            assert_eq!(LongList::find(body.as_bytes(), &PATH), None, "{body}");
        }
        assert_eq!(LongList::find(b"{\"a\":{\"b\":[\"\xff\"]}}", &PATH), None, "strings are UTF-8");
    }

    #[test]
    fn a_body_that_nobody_else_holds_is_not_copied() {
        let body = Bytes::from(br#"{"a":{"b":[1,2]}}"#.to_vec());
        let place = body.as_ptr();
        let list = LongList::find(&body, &PATH).unwrap();
        assert_eq!(list.into_lines(body).text.as_ptr(), place.wrapping_add(11));
    }

    proptest! {
        #[test]
        fn any_list_becomes_its_entries_on_lines(entries in prop::collection::vec(any_json::tokens(), 0..8)) {
            let list = joined("[", &entries, "]").concat();
            let body = Bytes::from(format!(r#"{{"a":{{"b":{list}}}}}"#));
            let shared = body.clone();

            let Lines { text, count } = LongList::find(&body, &PATH).unwrap().into_lines(body);

            prop_assert_eq!(&text, &entries.iter().map(|entry| entry.concat() + "\n").collect::<String>());
            prop_assert_eq!(count, entries.len() as u64);
            prop_assert_eq!(shared, format!(r#"{{"a":{{"b":{list}}}}}"#), "what others hold is left as it is");
        }
    }
}
