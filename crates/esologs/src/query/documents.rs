//! The documents that the library sends, each in a file of its own and checked against the schema by a test.

pub(crate) const GUILD: &str = include_str!("documents/guild.graphql");
pub(crate) const GUILD_REPORTS: &str = include_str!("documents/guild_reports.graphql");
pub(crate) const RATE_LIMIT: &str = include_str!("documents/rate_limit.graphql");
pub(crate) const REPORT: &str = include_str!("documents/report.graphql");
pub(crate) const REPORT_EVENTS: &str = include_str!("documents/report_events.graphql");
