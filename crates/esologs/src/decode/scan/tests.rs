//! The scanner agrees with serde_json.

use proptest::prelude::*;
use serde_json::value::RawValue;

use super::*;
use crate::api::on_one_line;
use crate::decode::any_json;

fn is_value(json: &[u8]) -> bool {
    value(json, 0) == Some(json.len())
}

/// What the scanner has to agree with: serde_json's verdict, white space aside.
fn is_json_without_white_space(json: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(json).is_ok_and(|value| on_one_line(value.get()).as_bytes() == json)
}

#[test]
fn values_of_every_kind_pass() {
    for json in [
        "0",
        "-0",
        "10",
        "-1.50e+07",
        "0E1",
        "123456789012345678901.5",
        "true",
        "false",
        "null",
        r#""""#,
        r#"" \u00e9 \\\"\/""#,
        "\"\u{7f}é✦\"",
        r#""\ud800""#,
        "{}",
        "[]",
        r#"[[],{},[{"":[1]}]]"#,
        r#"{"a":1,"a":{"b":[true,null]}}"#,
    ] {
        assert!(is_value(json.as_bytes()) && is_json_without_white_space(json.as_bytes()), "{json}");
    }
}

#[test]
fn what_is_no_json_or_holds_white_space_does_not_pass() {
    for json in [
        "",
        "-",
        "01",
        "-01",
        "1.",
        ".5",
        "1e",
        "1e+",
        "+1",
        "1.e5",
        "tru",
        "True",
        "nul",
        "\"",
        "\"\n\"",
        "\"\0aaaaaaaaa\"",
        r#""\x""#,
        r#""\u12g4""#,
        r#""\u12"#,
        r#""\"#,
        "{",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1}",
        "{1:2}",
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        r#"{"a":1]"#,
        r#"{"a":1,2}"#,
        "]",
        "[]]",
        "1 ",
        " 1",
        "[1, 2]",
        r#"{"a": 1}"#,
        "'a'",
        "\u{feff}1",
        "NaN",
    ] {
        assert!(!is_value(json.as_bytes()) && !is_json_without_white_space(json.as_bytes()), "{json}");
    }
}

#[test]
fn what_is_nested_very_deep_is_left_to_others() {
    let nested = |depth: usize| ["[".repeat(depth), "1".to_owned(), "]".repeat(depth)].concat();
    assert!(is_value(nested(DEEPEST as usize).as_bytes()));
    assert!(!is_value(nested(DEEPEST as usize + 1).as_bytes()));
}

proptest! {
    #[test]
    fn every_value_passes_and_nothing_after_it(tokens in any_json::tokens(), after in "[,\\]}: ]?") {
        let json = tokens.concat();
        prop_assert_eq!(value((json.clone() + &after).as_bytes(), 0), Some(json.len()));
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_judged_as_by_serde_json(
        tokens in any_json::tokens(),
        at in any::<prop::sample::Index>(),
        byte in prop_oneof![any::<u8>(), prop::sample::select(b"\"\\{}[]:,-+.eEu019tn \x1f".as_slice())],
    ) {
        let mut json = tokens.concat().into_bytes();
        let at = at.index(json.len());
        prop_assert_eq!(is_value(&json[..at]), is_json_without_white_space(&json[..at]));
        json[at] = byte;
        // Its strings are not looked at for UTF-8.
        let verdict = is_value(&json) && std::str::from_utf8(&json).is_ok();
        prop_assert_eq!(verdict, is_json_without_white_space(&json), "{}", String::from_utf8_lossy(&json));
    }

    #[test]
    fn any_few_bytes_are_judged_as_by_serde_json(json in prop::collection::vec(prop::sample::select(b"\"\\{}[]:,-.e01 ua".as_slice()), 0..12)) {
        prop_assert_eq!(is_value(&json), is_json_without_white_space(&json), "{}", String::from_utf8_lossy(&json));
    }
}
