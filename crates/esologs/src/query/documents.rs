//! The documents that the library sends, each in a file of its own and checked against the schema by a test.

pub(crate) const GUILD: &str = include_str!("documents/guild.graphql");
pub(crate) const GUILD_REPORTS: &str = include_str!("documents/guild_reports.graphql");
pub(crate) const RATE_LIMIT: &str = include_str!("documents/rate_limit.graphql");
pub(crate) const REPORT: &str = include_str!("documents/report.graphql");
pub(crate) const REPORT_EVENTS: &str = include_str!("documents/report_events.graphql");

/// The kind and name of the first operation in a document, read from its words: `("query", Some("Mine"))`.
pub(crate) fn first_operation(document: &str) -> (&str, Option<&str>) {
    let mut words = document
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default())
        .flat_map(|line| line.split_inclusive(['{', '(', '@', '}', ')']))
        .flat_map(|piece| {
            let (word, mark) = piece.split_at(piece.trim_end_matches(['{', '(', '@', '}', ')']).len());
            word.split_whitespace().chain(std::iter::once(mark))
        })
        .filter(|word| !word.is_empty());
    match words.next() {
        Some(kind @ ("query" | "mutation" | "subscription")) => {
            let name = words.next().filter(|word| word.starts_with(|c: char| c.is_alphabetic() || c == '_'));
            (kind, name)
        }
        _ => ("query", None),
    }
}

/// The name of the first operation in a document.
pub(crate) fn first_name(document: &str) -> Option<&str> {
    first_operation(document).1
}
