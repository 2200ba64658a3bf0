//! What a folder's last pull was asked for, so that it can be asked again.

use std::path::PathBuf;

use serde::Deserialize;

use super::extra::ReportExtra;
use super::folder::MANIFEST;
use super::stream::EventStream;
use crate::disk::blocking;
use crate::error::{Error, ErrorKind};
use crate::ids::GuildId;
use crate::units::UnixMillis;

/// What a folder's last pull was asked for. Made by [`choices`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choices {
    /// Whose reports.
    pub guild: GuildId,
    /// Only reports that start at or after this moment.
    pub since: Option<UnixMillis>,
    /// Only reports that start before this moment.
    pub until: Option<UnixMillis>,
    /// The events of each.
    pub streams: Vec<EventStream>,
    /// What else of each report.
    pub extras: Vec<ReportExtra>,
    /// Whether events come with the resources of source and target.
    pub include_resources: bool,
    /// Whether the guild's attendance is here.
    pub attendance: bool,
}

/// The part of the manifest that says so.
#[derive(Deserialize)]
struct Told {
    guild: Guild,
    since_unix_ms: Option<UnixMillis>,
    until_unix_ms: Option<UnixMillis>,
    streams: Vec<String>,
    // Manifests of earlier versions have none of these.
    #[serde(default)]
    extras: Vec<String>,
    #[serde(default)]
    include_resources: bool,
    attendance: Option<u64>,
}

#[derive(Deserialize)]
struct Guild {
    id: GuildId,
}

/// Reads from a folder what its last pull was asked for; asks the service for nothing.
///
/// # Errors
/// [`ErrorKind::LocalFile`] where the folder has no manifest of a pull, or one that cannot be read.
pub async fn choices(folder: impl Into<PathBuf>) -> Result<Choices, Error> {
    let path = folder.into().join(MANIFEST);
    blocking(move || {
        let refuse = |why: &dyn std::fmt::Display| {
            Error::new(ErrorKind::LocalFile, format!("{} does not tell what was pulled: {why}", path.display()))
                .with_hint("name the folder of a pull, or run `pull` itself again: finished reports are not fetched twice")
        };
        let text = std::fs::read_to_string(&path).map_err(|error| refuse(&error))?;
        let told: Told = serde_json::from_str(&text).map_err(|error| refuse(&error))?;
        let streams =
            told.streams.iter().map(|name| name.parse()).collect::<Result<_, Error>>().map_err(|error| refuse(&error))?;
        Ok(Choices {
            guild: told.guild.id,
            since: told.since_unix_ms,
            until: told.until_unix_ms,
            streams,
            extras: told.extras.iter().filter_map(|name| ReportExtra::named(name)).collect(),
            include_resources: told.include_resources,
            attendance: told.attendance.is_some(),
        })
    })
    .await
}
