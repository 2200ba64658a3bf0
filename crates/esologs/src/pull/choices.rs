//! What a folder's last pull was asked for, so that it can be asked again.

use std::path::PathBuf;

use serde::Deserialize;

use super::attendance::ATTENDANCE;
use super::extra::ReportExtra;
use super::folder::MANIFEST;
use super::stream::EventStream;
use super::target::{self, Target};
use crate::disk::blocking;
use crate::error::{Error, ErrorKind};
use crate::ids::{ReportCode, ZoneId};
use crate::units::UnixMillis;

/// What a folder's last pull was asked for. Made by [`choices`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choices {
    /// Whose reports.
    pub target: Target,
    /// The reports that were named; of another target none.
    pub codes: Vec<ReportCode>,
    /// Only reports that start at or after this moment.
    pub since: Option<UnixMillis>,
    /// Only reports that start before this moment.
    pub until: Option<UnixMillis>,
    /// Only reports of this zone.
    pub zone: Option<ZoneId>,
    /// Only the newest so many.
    pub last: Option<u32>,
    /// The events of each.
    pub streams: Vec<EventStream>,
    /// What else of each.
    pub extras: Vec<ReportExtra>,
    /// Who was there.
    pub attendance: bool,
    /// Events with health, magicka and place of source and target.
    pub include_resources: bool,
}

/// The part of the manifest that says so.
#[derive(Deserialize)]
struct Told {
    #[serde(alias = "guild", deserialize_with = "target::read")]
    target: Target,
    since_unix_ms: Option<UnixMillis>,
    until_unix_ms: Option<UnixMillis>,
    #[serde(default)]
    zone: Option<ZoneId>,
    #[serde(default)]
    last: Option<u32>,
    reports: Vec<Entry>,
    streams: Vec<String>,
    // Earlier pulls knew none.
    #[serde(default)]
    extras: Vec<String>,
    #[serde(default)]
    include_resources: bool,
}

#[derive(Deserialize)]
struct Entry {
    code: ReportCode,
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
        let codes = match told.target {
            Target::Reports => told.reports.into_iter().map(|entry| entry.code).collect(),
            _ => Vec::new(),
        };
        Ok(Choices {
            target: told.target,
            codes,
            since: told.since_unix_ms,
            until: told.until_unix_ms,
            zone: told.zone,
            last: told.last,
            streams,
            extras: told.extras.iter().filter_map(|name| ReportExtra::named(name)).collect(),
            attendance: told.extras.iter().any(|name| name == ATTENDANCE),
            include_resources: told.include_resources,
        })
    })
    .await
}
