//! `manifest.json` and `README.txt`: what lies in the folder, what does not, and why.

use serde::{Deserialize, Serialize};

use super::outcome::{Outcome, ReportResult};
use super::stream::EventStream;
use super::target::{self, Target};
use crate::error::{Error, ErrorKind};
use crate::ids::ZoneId;
use crate::units::UnixMillis;

/// The version of the folder's layout.
pub(super) const FORMAT: &str = "esologs-pull/3";
/// Earlier ones, which are taken over: both knew guilds only, and the first had no journal.
const EARLIER_FORMATS: [&str; 2] = ["esologs-pull/1", "esologs-pull/2"];

/// The manifest as it is written.
#[derive(Debug, Serialize)]
pub(super) struct Manifest<'a> {
    pub(super) format: &'static str,
    pub(super) written_by: &'static str,
    pub(super) host: String,
    pub(super) target: ManifestTarget<'a>,
    /// Milliseconds since 1970; null: no bound.
    pub(super) since_unix_ms: Option<UnixMillis>,
    pub(super) until_unix_ms: Option<UnixMillis>,
    /// Of this zone only, and the newest so many only; null: all.
    pub(super) zone: Option<ZoneId>,
    pub(super) last: Option<u32>,
    pub(super) streams: Vec<&'static str>,
    /// What was asked for beside events.
    pub(super) extras: Vec<&'static str>,
    /// Whether events were asked for with health, magicka and place of source and target.
    pub(super) include_resources: bool,
    pub(super) written_at_unix_ms: UnixMillis,
    /// Whether everything that this key can have is here and final or under `live/`.
    pub(super) all_that_can_be_had_is_here: bool,
    /// How many reports the service counts in the list; it may have shown fewer.
    pub(super) list_total: Option<u64>,
    /// The reports of the list, newest first.
    pub(super) reports: Vec<Entry<'a>>,
    /// Reports that earlier pulls have brought home and that were not in the list this time: outside the asked time, or no
    /// longer shown by the service. As the earlier manifest had them.
    pub(super) kept_from_earlier_pulls: Vec<Entry<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct ManifestTarget<'a> {
    #[serde(flatten)]
    pub(super) target: Target,
    pub(super) name: &'a str,
}

/// One report in the manifest.
#[derive(Debug, Serialize)]
pub(super) struct Entry<'a> {
    code: &'a str,
    title: &'a str,
    start_unix_ms: Option<UnixMillis>,
    status: &'static str,
    /// Why it is not complete, in words; null where it is.
    reason: Option<String>,
    /// Where it is; null where nothing of it is here.
    folder: Option<String>,
    fights: u64,
    events: std::collections::BTreeMap<&'a str, u64>,
    /// What is here of it beside events.
    extras: Vec<&'static str>,
}

impl<'a> Entry<'a> {
    /// The entry of a result; `has_live` where something of the report lies under `live/`, if only from an earlier pull.
    pub(super) fn of(result: &'a ReportResult, has_live: bool) -> Self {
        let name = result.code.to_folder_name();
        let folder = match result.outcome {
            Outcome::Complete | Outcome::AlreadyHere => Some(format!("data/reports/{name}")),
            _ if has_live => Some(format!("live/{name}")),
            _ => None,
        };
        Self {
            code: result.code.as_str(),
            title: &result.title,
            start_unix_ms: result.start_time,
            status: result.outcome.name(),
            reason: result.outcome.reason(),
            folder,
            fights: result.fights,
            events: result.events.iter().map(|(name, count)| (name.as_str(), *count)).collect(),
            extras: result.extras.iter().map(|extra| extra.name()).collect(),
        }
    }
}

impl Manifest<'_> {
    pub(super) const FORMAT: &'static str = FORMAT;

    pub(super) fn to_json(&self) -> Result<String, Error> {
        let mut json = serde_json::to_string_pretty(self)
            .map_err(|error| Error::new(ErrorKind::LocalFile, "the manifest cannot be written as JSON").with_source(error))?;
        json.push('\n');
        Ok(json)
    }
}

/// What an earlier manifest says of whose folder it is.
#[derive(Debug, Deserialize)]
pub(super) struct Earlier {
    format: String,
    host: String,
    #[serde(alias = "guild", deserialize_with = "target::read")]
    target: Target,
}

impl Earlier {
    /// Reads an earlier manifest and refuses one of another target, host or format: two pulls in one folder would mix.
    pub(super) fn read(text: &str, host: &str, target: Target) -> Result<(), Error> {
        let earlier: Self = serde_json::from_str(text).map_err(|error| {
            Error::new(ErrorKind::LocalFile, format!("the folder's manifest.json is not one of a pull, or is damaged ({error})"))
                .with_hint(
                    "choose another folder; or, if it is a pull's, delete manifest.json: finished reports are found without it",
                )
        })?;
        Self::check(&earlier.format, &earlier.host, earlier.target, (host, target))
    }

    /// Refuses a folder of another target, host or format.
    pub(super) fn check(format: &str, of_host: &str, of: Target, (host, target): (&str, Target)) -> Result<(), Error> {
        let refuse = |why: String| {
            Err(Error::new(ErrorKind::LocalFile, format!("the folder's manifest.json {why}")).with_hint("choose another folder"))
        };
        if format != FORMAT && !EARLIER_FORMATS.contains(&format) {
            return refuse(format!("is of the format '{format}'; this program writes {FORMAT}"));
        }
        if of != target {
            return refuse(format!("is of {of}, not of {target}"));
        }
        if of_host != host {
            return refuse(format!("is of the host {of_host}, not of {host}"));
        }
        Ok(())
    }
}

/// The text for the person who finds the folder.
pub(super) fn readme(name: &str, target: Target, host: &str, streams: &[EventStream]) -> String {
    let names: Vec<&str> = streams.iter().map(|stream| stream.name()).collect();
    let streams = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let of = target.with_name(name);
    let about = target.file().map(|file| format!("data/{file:<21}the {}\n", target.kind())).unwrap_or_default();
    format!(
        "Combat logs of {of}, fetched from {host} by `esologs pull`.

manifest.json             every report: complete, or why not
{about}data/reports/CODE/        a finished report; nothing in it changes any more
  report.json             title, times, zone, owner
  fights.jsonl            one fight per line
  actors.jsonl            one player, pet or enemy per line; events name them by id
  abilities.jsonl         one ability per line; events name them by gameID
  events/STREAM.jsonl     one event per line; timestamp is in milliseconds since the report's start
  player-details.json, rankings.json, tables.jsonl
                          where they were asked for: what the site makes of the report
data/attendance.jsonl     where it was asked for: who was there, one report per line
live/CODE/                the same for reports that may still grow; fetched anew when they have grown

Event streams: {streams}

Each line is one JSON object, just as the service sent it. An empty file means: asked for, and there is nothing.
A missing folder means: see manifest.json for the reason. The same command again fetches what is missing, and nothing twice;
`esologs verify` tells whether everything is still as it was fetched. The program's notes for both are in .journal: leave it here.
"
    )
}
