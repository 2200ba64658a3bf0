//! What a query selects, and whether its answer holds all of it.

use std::cell::RefCell;
use std::fmt;

use apollo_parser::cst::{OperationDefinition, Selection as Selected, SelectionSet};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The fields that an answer has to hold, by the names under which they come. GraphQL answers each of them, with null where it has
/// nothing. What depends on a directive or on the type of an object (fragments) is not among them: it may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Selection(Vec<(String, Self)>);

impl Selection {
    pub(crate) fn of(query: &OperationDefinition) -> Self {
        let mut selection = Self::default();
        selection.add(query.selection_set());
        selection
    }

    fn add(&mut self, set: Option<SelectionSet>) {
        for selected in set.iter().flat_map(SelectionSet::selections) {
            let Selected::Field(field) = selected else { continue };
            let alias = field.alias().and_then(|alias| alias.name());
            let Some(name) = alias.or_else(|| field.name()).filter(|_| field.directives().is_none()) else { continue };
            let name = name.text().to_string();
            // The same field twice is one, with what both select in it.
            let at = self.0.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
                self.0.push((name, Self::default()));
                self.0.len() - 1
            });
            self.0[at].1.add(field.selection_set());
        }
    }

    /// The first field that was selected and is not in this `data`, as the way to it: `reportData.report.events`.
    pub(crate) fn missing_in(&self, data: &str) -> Option<String> {
        let missing = RefCell::default();
        let seed = Within { selection: self, way: None, missing: &missing };
        // Nothing but a missing field ends it early: `data` has been read before.
        let _ = seed.deserialize(&mut serde_json::Deserializer::from_str(data));
        missing.into_inner()
    }
}

/// Reads a value and fails at the first object that lacks a field.
#[derive(Clone, Copy)]
struct Within<'a> {
    selection: &'a Selection,
    way: Option<&'a Step<'a>>,
    missing: &'a RefCell<Option<String>>,
}

/// The way to a value.
struct Step<'a> {
    name: &'a str,
    before: Option<&'a Self>,
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(before) = self.before {
            write!(f, "{before}.")?;
        }
        f.write_str(self.name)
    }
}

impl<'de> DeserializeSeed<'de> for Within<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        // Whatever a scalar holds is its own affair.
        if self.selection.0.is_empty() {
            return deserializer.deserialize_ignored_any(IgnoredAny).map(drop);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Within<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, a list of them, or null")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while entries.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let selected = &self.selection.0;
        let mut came = vec![false; selected.len()];
        // Fields come in the order in which they were selected, mostly.
        let mut next = 0;
        while let Some(name) = fields.next_key::<std::borrow::Cow<'de, str>>()? {
            let is_next = selected.get(next).is_some_and(|(known, _)| *known == name);
            let at = if is_next { Some(next) } else { selected.iter().position(|(known, _)| *known == name) };
            let Some(at) = at else {
                fields.next_value::<IgnoredAny>()?;
                continue;
            };
            (came[at], next) = (true, at + 1);
            let (known, selection) = &selected[at];
            let way = Some(&Step { name: known, before: self.way });
            fields.next_value_seed(Within { selection, way, ..self })?;
        }
        match came.iter().position(|came| !came) {
            None => Ok(()),
            Some(missing) => {
                let way = Step { name: &selected[missing].0, before: self.way }.to_string();
                *self.missing.borrow_mut() = Some(way);
                Err(A::Error::custom("a field is missing"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::query::document::only_query;

    fn missing(query: &str, data: &str) -> Option<String> {
        only_query(query).unwrap().selection.missing_in(data)
    }

    #[test]
    fn an_answer_with_all_that_was_selected_lacks_nothing() {
        let query = "query A { a { b: c, d { e } } f } ";
        for data in [
            r#"{"a":{"b":1,"d":[{"e":2},{"e":null}]},"f":{"whatever":[1,{}]}}"#,
            r#"{"f":"x","more":{"y":[]},"a":{"d":{"e":2},"b":1}}"#,
            r#"{"a":null,"f":null}"#,
            r#"{"a":[null,{"b":1,"d":[]}],"f":[[]]}"#,
        ] {
            assert_eq!(missing(query, data), None, "{data}");
        }
    }

    #[test]
    fn what_is_missing_is_named_with_the_way_to_it() {
        let query = "{ a { b: c, d { e } } f }";
        for (data, way) in [
            (r#"{"a":null}"#, "f"),
            ("{}", "a"),
            (r#"{"f":1,"a":{"c":1,"d":null}}"#, "a.b"),
            (r#"{"f":1,"a":{"b":1,"d":[{"e":1},{}]}}"#, "a.d.e"),
        ] {
            assert_eq!(missing(query, data).as_deref(), Some(way), "{data}");
        }
    }

    #[test]
    fn what_may_be_left_out_is_not_missed_and_a_field_that_is_selected_twice_is_one() {
        let query =
            "query A($x: Boolean) { a @include(if: $x) ...F ... on Query { g } b { c } b { d } } fragment F on Query { f }";
        assert_eq!(missing(query, r#"{"b":{"c":1,"d":2}}"#), None);
        assert_eq!(missing(query, r#"{"b":{"c":1}}"#).as_deref(), Some("b.d"));
    }
}
