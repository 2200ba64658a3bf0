//! One mending pass over JSON that is not quite: control characters and bad escapes inside strings, and bytes that are no
//! UTF-8. The service has sent the first two in translated names (WoWAnalyzer#212).

/// The body with its strings mended; `None` where there is nothing to mend, so that whatever is wrong is something else.
///
/// A raw control character becomes its escape, which is what was meant. A backslash before a character that makes no escape
/// becomes a backslash of the text. A byte that is no UTF-8 becomes U+FFFD.
pub(crate) fn repair(body: &[u8]) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(body);
    let mut mended = String::with_capacity(text.len() + 64);
    let mut changed = matches!(text, std::borrow::Cow::Owned(_));
    let mut in_string = false;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '"' => {
                in_string = !in_string;
                mended.push(c);
            }
            '\\' if in_string => {
                let escape = escape_length(rest.as_str());
                mended.push('\\');
                if escape == 0 {
                    mended.push('\\');
                    changed = true;
                }
                // The characters of an escape are not looked at again: the quote of `\"` ends nothing.
                mended.extend(rest.by_ref().take(escape));
            }
            c if in_string && c < ' ' => {
                mended.push_str(&format!("\\u{:04x}", u32::from(c)));
                changed = true;
            }
            c => mended.push(c),
        }
    }
    changed.then(|| mended.into_bytes())
}

/// How many characters after the backslash belong to a valid escape; 0 where there is none.
fn escape_length(after: &str) -> usize {
    match after.as_bytes().first() {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 1,
        Some(b'u') if after.len() >= 5 && after.as_bytes()[1..5].iter().all(u8::is_ascii_hexdigit) => 5,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};
    use serde_json::Value;

    use super::*;

    fn mended(body: &str) -> Value {
        serde_json::from_slice(&repair(body.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn a_control_character_becomes_its_escape_and_a_bad_escape_a_backslash() {
        assert_eq!(mended("{\"a\": \"x\u{1}y\tz\"}")["a"], "x\u{1}y\tz");
        assert_eq!(mended(r#"{"a": "C:\qux \x41 \u12G4 \""}"#)["a"], r#"C:\qux \x41 \u12G4 ""#);
        assert_eq!(serde_json::from_slice::<Value>(&repair(b"\"\xff\"").unwrap()).unwrap(), "\u{fffd}");
    }

    #[test]
    fn valid_json_and_json_that_is_broken_elsewhere_are_left_alone() {
        for body in [r#"{"a": "\\ \" \u00e9 \n"}"#, "{\n\t\"a\": 1\n}", "{]", r#"{"a": "#] {
            assert_eq!(repair(body.as_bytes()), None, "{body}");
        }
    }

    proptest! {
        #[test]
        fn what_is_mended_needs_no_mending_and_no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Some(mended) = repair(&body) {
                prop_assert_eq!(repair(&mended), None);
            }
        }

        #[test]
        fn any_text_written_raw_between_quotes_can_be_read_afterwards(text in "[^\"\\\\]*") {
            let body = format!("\"{text}\"");
            let body = repair(body.as_bytes()).unwrap_or(body.into_bytes());
            let read: Result<String, _> = serde_json::from_slice(&body);
            prop_assert!(read.is_ok_and(|read| read == text));
        }
    }
}
