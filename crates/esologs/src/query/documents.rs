//! The documents that the library sends, each in a file of its own and checked against the schema by a test. As the text that
//! they are in a request's JSON, which is written once.

use std::sync::LazyLock;

use serde_json::Value;

pub(crate) static GUILD: LazyLock<String> = LazyLock::new(|| json_text(include_str!("documents/guild.graphql")));
pub(crate) static GUILD_REPORTS: LazyLock<String> = LazyLock::new(|| json_text(include_str!("documents/guild_reports.graphql")));
pub(crate) static RATE_LIMIT: LazyLock<String> = LazyLock::new(|| json_text(include_str!("documents/rate_limit.graphql")));
pub(crate) static REPORT: LazyLock<String> = LazyLock::new(|| json_text(include_str!("documents/report.graphql")));
pub(crate) static REPORT_EVENTS: LazyLock<String> = LazyLock::new(|| json_text(include_str!("documents/report_events.graphql")));

/// A document as a string of JSON, quotes included.
pub(super) fn json_text(document: impl Into<String>) -> String {
    Value::String(document.into()).to_string()
}
