//! For tests: any JSON at all.

use proptest::prelude::*;

/// Any JSON value as its tokens; together they are its text on one line.
pub(crate) fn tokens() -> impl Strategy<Value = Vec<String>> {
    let text = ".*".prop_map(|text| serde_json::to_string(&text).expect("a string is JSON"));
    let number =
        prop_oneof![any::<f64>().prop_filter_map("finite", |n| n.is_finite().then(|| format!("{n:?}"))), "-?[1-9][0-9]{0,20}"];
    let word = prop_oneof![Just("null".to_owned()), Just("true".to_owned()), Just("false".to_owned())];
    let leaf = prop_oneof![text.clone(), number, word].prop_map(|token| vec![token]);
    leaf.prop_recursive(4, 32, 6, move |inner| {
        let field = (text.clone(), inner.clone()).prop_map(|(name, value)| [vec![name, ":".to_owned()], value].concat());
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(|entries| joined("[", &entries, "]")),
            prop::collection::vec(field, 0..6).prop_map(|fields| joined("{", &fields, "}")),
        ]
    })
}

/// These parts between brackets, with commas.
pub(crate) fn joined(open: &str, parts: &[Vec<String>], close: &str) -> Vec<String> {
    let parts = parts.join(&",".to_owned());
    [vec![open.to_owned()], parts, vec![close.to_owned()]].concat()
}
