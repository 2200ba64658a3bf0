//! A caller's document: read, so that only queries are sent, and made to ask for the points as well.

use apollo_parser::cst::{CstNode as _, Definition, OperationDefinition};
use apollo_parser::{Lexer, Parser, TokenKind};

use super::selection::Selection;
use crate::error::{Error, ErrorKind};

/// The deepest nesting and the most tokens that are read: bounds against documents made to exhaust the memory.
const MAX_DEPTH: usize = 200;
const MAX_TOKENS: usize = 100_000;

/// The alias under which every caller's query asks for the points; it is taken out of the answer again.
pub(crate) const POINTS: &str = "esologsPoints";

/// A caller's query, read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CallersQuery {
    /// Its name, where it has one.
    pub(crate) name: Option<String>,
    /// Its text, which asks for the points as well.
    pub(crate) text: String,
    /// What its answer has to hold, without the points.
    pub(crate) selection: Selection,
}

/// Makes sure that the document holds one query and nothing that writes.
pub(crate) fn only_query(document: &str) -> Result<CallersQuery, Error> {
    let tree = Parser::new(document).recursion_limit(MAX_DEPTH).token_limit(MAX_TOKENS).parse();
    if let Some(error) = tree.errors().next() {
        let (line, column) = place(document, error.index());
        let message = format!("the query cannot be read: {}, line {line} column {column}", error.message());
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let operations: Vec<OperationDefinition> = tree
        .document()
        .definitions()
        .filter_map(|definition| match definition {
            Definition::OperationDefinition(operation) => Some(operation),
            _ => None,
        })
        .collect();
    for operation in &operations {
        // Without a keyword it is a query.
        if let Some(kind) = operation.operation_type().filter(|kind| kind.query_token().is_none()) {
            let kind = kind.syntax().text();
            return Err(Error::new(ErrorKind::Usage, format!("a {kind} is not sent: this client only reads")));
        }
    }
    match operations.as_slice() {
        [] => Err(Error::new(ErrorKind::Usage, "the document holds no query")),
        [query] => {
            let name = query.name().map(|name| name.text().to_string());
            Ok(CallersQuery { name, text: with_points(document, query), selection: Selection::of(query) })
        }
        several => Err(Error::new(ErrorKind::Usage, format!("the query holds {} operations; send one at a time", several.len()))),
    }
}

/// The document that asks for the points as well, as the last field, so that the places that errors name stay the same.
fn with_points(document: &str, query: &OperationDefinition) -> String {
    let end = query.selection_set().map(|set| usize::from(set.syntax().text_range().end()));
    // The set ends with its brace. A caller who uses our alias asks for something else by it.
    let brace = end.and_then(|end| document.get(..end)).and_then(|set| set.rfind('}')).filter(|_| !document.contains(POINTS));
    let Some((before, after)) = brace.and_then(|brace| document.split_at_checked(brace)) else { return document.to_owned() };
    format!("{before} {POINTS}: rateLimitData {{ limitPerHour pointsSpentThisHour pointsResetIn }} {after}")
}

/// The document without what changes nothing in it: its words and signs, one blank between them.
pub(super) fn normal(document: &str) -> String {
    let (tokens, _) = Lexer::new(document).with_limit(MAX_TOKENS).lex();
    let is_nothing = |kind| matches!(kind, TokenKind::Whitespace | TokenKind::Comment | TokenKind::Comma | TokenKind::Eof);
    let words: Vec<&str> = tokens.iter().filter(|token| !is_nothing(token.kind())).map(|token| token.data()).collect();
    words.join(" ")
}

/// Line and column of a byte, both from 1.
fn place(document: &str, index: usize) -> (usize, usize) {
    let before = document.get(..index).unwrap_or(document);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_called_by_its_name() {
        let name = |text: &str| only_query(text).unwrap().name;
        assert_eq!(name("# query Not\n query  Mine ($a: Int) { x }").as_deref(), Some("Mine"));
        assert_eq!(name("fragment F on Query { x } query Mine { ...F }").as_deref(), Some("Mine"));
        assert_eq!(name("{ x }"), None);
        assert_eq!(name("query { mutation }"), None);
    }

    #[test]
    fn the_points_are_asked_for_last_in_the_query_itself_and_once() {
        let text = |text: &str| only_query(text).unwrap().text;
        let points = "esologsPoints: rateLimitData { limitPerHour pointsSpentThisHour pointsResetIn }";
        assert_eq!(text("{ x }"), format!("{{ x  {points} }}"));
        assert_eq!(text("query A { x { y } } # }"), format!("query A {{ x {{ y }}  {points} }} # }}"));
        assert_eq!(
            text("query A { ...F } fragment F on Query { x }"),
            format!("query A {{ ...F  {points} }} fragment F on Query {{ x }}")
        );
        assert_eq!(text("{ x # }\n}"), format!("{{ x # }}\n {points} }}"));
        let own = "{ esologsPoints: x }";
        assert_eq!(text(own), own);
        for document in ["{ x }", "query A { x { y } } # }", "{ x # }\n}"] {
            assert!(only_query(&text(document)).is_ok(), "{}", text(document));
        }
    }

    #[test]
    fn a_document_is_the_same_whatever_its_layout_and_another_one_where_a_word_differs() {
        let plain = "query A($a: Int) { x(a: $a, b: \"c, # d\") { y z } }";
        let laid_out = "# what I ask\nquery A (\n  $a: Int,\n) {\n  x(a: $a b: \"c, # d\") {\n    y, z # both\n  }\n}\n";
        assert_eq!(normal(plain), normal(laid_out));
        assert_eq!(normal(plain), "query A ( $ a : Int ) { x ( a : $ a b : \"c, # d\" ) { y z } }");
        assert_ne!(normal(plain), normal(&plain.replace("c, # d", "c,  # d")), "a string is a string");
        assert_ne!(normal("{ ab }"), normal("{ a b }"));
    }

    #[test]
    fn whatever_writes_is_not_sent_wherever_it_stands() {
        for text in [
            "mutation { x }",
            ",,mutation{x}",
            "fragment F on Query {x} mutation {x}",
            "query A {x} mutation B {x}",
            "subscription { x }",
            "\u{feff}mutation { x }",
        ] {
            let error = only_query(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage, "{text}");
        }
        assert_eq!(only_query("mutation { x }").unwrap_err().to_string(), "a mutation is not sent: this client only reads");
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        let error = only_query("query {\n  a(\n}").unwrap_err().to_string();
        assert!(error.starts_with("the query cannot be read: ") && error.ends_with("line 3 column 1"), "{error}");
        assert!(only_query("fragment F on Query { x }").unwrap_err().to_string().contains("no query"));
        assert!(only_query("query A {x} query B {x}").unwrap_err().to_string().contains("2 operations"));
        assert!(only_query(&"{a".repeat(10_000)).is_err());
    }
}
