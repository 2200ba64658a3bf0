//! Bulk pulls: every report of a guild, a character, a user, or of a list of codes: complete, or named with the reason why not.
//!
//! ```no_run
//! # async fn example() -> Result<(), esologs::Error> {
//! use esologs::pull::{EventStream, Pull};
//! use esologs::{CallPolicy, Client};
//!
//! let client = Client::from_env()?.with_policy(CallPolicy::batch());
//! let summary = Pull::guild(client, 3468, "logs")
//!     .streams([EventStream::Deaths, EventStream::Damage])
//!     .run(|event| eprintln!("{event:?}"))
//!     .await?;
//! println!("{} reports are complete", summary.complete());
//! # Ok(())
//! # }
//! ```

mod attendance;
mod choices;
mod cover;
mod dry_run;
mod events;
mod extra;
mod folder;
mod forecast;
mod journal;
mod list_pages;
mod listing;
mod manifest;
mod outcome;
mod pages;
mod plan;
mod raw_object;
mod report;
mod run;
mod sizes;
mod status;
mod store;
mod stream;
mod target;
mod verify;
mod work;
mod wrap_up;

use std::collections::HashSet;
use std::path::PathBuf;

pub use attendance::Attendance;
pub use choices::{Choices, choices};
pub use dry_run::DryRun;
pub use extra::ReportExtra;
pub use forecast::Forecast;
pub use outcome::{Outcome, PullEvent, ReportResult, Summary};
pub use status::{ReportStatus, Status, status};
pub use stream::EventStream;
pub use target::Target;
#[cfg(feature = "export")]
pub(crate) use verify::{EXPORT, length_and_sum};
pub use verify::{Gap, GapKind, Verified, verify};

use crate::client::Client;
use crate::ids::{CharacterId, GuildId, ReportCode, UserId, ZoneId};
use crate::units::UnixMillis;

/// A pull of reports into a folder (`docs/data-layout.md` describes it). Made by [`Pull::guild`], [`Pull::reports`],
/// [`Pull::character`] or [`Pull::user`], started by [`run`](Self::run). A folder belongs to one of these.
#[derive(Debug, Clone)]
pub struct Pull {
    client: Client,
    target: Target,
    /// The reports that were named.
    codes: Vec<ReportCode>,
    folder: PathBuf,
    since: Option<UnixMillis>,
    until: Option<UnixMillis>,
    zone: Option<ZoneId>,
    last: Option<u32>,
    streams: Vec<EventStream>,
    extras: Vec<ReportExtra>,
    attendance: bool,
    include_resources: bool,
    concurrency: usize,
    waits: bool,
    refresh_list: bool,
    refresh_live: bool,
    retry_failed: bool,
}

impl Pull {
    /// Reports worked on at the same time, where nothing else is said.
    pub const DEFAULT_CONCURRENCY: usize = 2;
    /// The most that can be set: more only fill the queue of the service.
    pub const MAX_CONCURRENCY: usize = 16;

    /// A pull of all reports of this guild into this folder. Give the client a patient policy
    /// ([`CallPolicy::batch`](crate::CallPolicy::batch)).
    #[must_use]
    pub fn guild(client: Client, guild: impl Into<GuildId>, folder: impl Into<PathBuf>) -> Self {
        Self::of(client, Target::Guild(guild.into()), folder.into())
    }

    /// A pull of these reports into this folder, whosever they are. Another pull into the same folder may name others: those that
    /// are here stay.
    ///
    /// No list is read, so nothing is asked for what is here and final. A report that may still grow is fetched anew each time.
    #[must_use]
    pub fn reports(client: Client, codes: impl IntoIterator<Item = ReportCode>, folder: impl Into<PathBuf>) -> Self {
        let mut seen = HashSet::new();
        let codes = codes.into_iter().filter(|code| seen.insert(code.clone())).collect();
        Self { codes, ..Self::of(client, Target::Reports, folder.into()) }
    }

    /// A pull of the reports that a character was in, as the service lists them (`recentReports`): private ones and those in which it
    /// is anonymous are not among them.
    #[must_use]
    pub fn character(client: Client, character: impl Into<CharacterId>, folder: impl Into<PathBuf>) -> Self {
        Self::of(client, Target::Character(character.into()), folder.into())
    }

    /// A pull of the reports that a user has uploaded. A user of whom no report is visible counts as not there.
    #[must_use]
    pub fn user(client: Client, user: impl Into<UserId>, folder: impl Into<PathBuf>) -> Self {
        Self::of(client, Target::User(user.into()), folder.into())
    }

    fn of(client: Client, target: Target, folder: PathBuf) -> Self {
        Self {
            client,
            target,
            codes: Vec::new(),
            folder,
            since: None,
            until: None,
            zone: None,
            last: None,
            streams: EventStream::DEFAULT.to_vec(),
            extras: Vec::new(),
            attendance: false,
            include_resources: false,
            concurrency: Self::DEFAULT_CONCURRENCY,
            waits: false,
            refresh_list: false,
            refresh_live: false,
            retry_failed: false,
        }
    }

    /// Only reports of this zone. (Not those that were named: for them there is no list.)
    #[must_use]
    pub fn zone(mut self, zone: impl Into<ZoneId>) -> Self {
        self.zone = Some(zone.into());
        self
    }

    /// Only the newest so many of the reports that are asked for, at least 1. (Not of those that were named.)
    #[must_use]
    pub fn last(mut self, reports: u32) -> Self {
        self.last = Some(reports.max(1));
        self
    }

    /// Only reports that start at or after this moment. (Not those that were named.)
    #[must_use]
    pub fn since(mut self, since: UnixMillis) -> Self {
        self.since = Some(since);
        self
    }

    /// Only reports that start before this moment.
    #[must_use]
    pub fn until(mut self, until: UnixMillis) -> Self {
        self.until = Some(until);
        self
    }

    /// The event streams to fetch. Default: [`EventStream::DEFAULT`]. None at all is possible.
    #[must_use]
    pub fn streams(mut self, streams: impl IntoIterator<Item = EventStream>) -> Self {
        self.streams = streams.into_iter().collect();
        self.streams.sort_unstable();
        self.streams.dedup();
        self
    }

    /// What to fetch of each report beside fights, actors and events. Default: nothing.
    #[must_use]
    pub fn extras(mut self, extras: impl IntoIterator<Item = ReportExtra>) -> Self {
        self.extras = extras.into_iter().collect();
        self.extras.sort_unstable();
        self.extras.dedup();
        self
    }

    /// Fetches events with the health, magicka and place of source and target, which makes them about 1.7 times as large. Reports whose
    /// events are here without are fetched anew.
    #[must_use]
    pub fn include_resources(mut self) -> Self {
        self.include_resources = true;
        self
    }

    /// Fetches who was there, report by report, as the guild's own list has it: a request for each hundred reports, where reports have
    /// come or changed. It does not mind [`since`](Self::since) and [`until`](Self::until).
    #[must_use]
    pub fn attendance(mut self) -> Self {
        self.attendance = matches!(self.target, Target::Guild(_));
        self
    }

    /// How many reports are worked on at the same time, 1 to 16. Default 2; other values are cut to the range.
    #[must_use]
    pub fn concurrency(mut self, reports: usize) -> Self {
        self.concurrency = reports.clamp(1, Self::MAX_CONCURRENCY);
        self
    }

    /// Waits where another pull works in the folder, for 24 hours at most. Without it the pull ends with an error then.
    #[must_use]
    pub fn wait_for_folder(mut self) -> Self {
        self.waits = true;
        self
    }

    /// Reads the whole list of reports. Without it a pull that goes on where one was stopped within six hours reads no list, and
    /// any other into a known folder reads the newest part only (from 14 days before the oldest report of which something is missing, or
    /// before the newest one), and all of it every 30 days: a report uploaded later than that, with a start before it, is found then.
    #[must_use]
    pub fn refresh_list(mut self) -> Self {
        self.refresh_list = true;
        self
    }

    /// Fetches reports that may still grow though the list shows no change of them.
    #[must_use]
    pub fn refresh_live(mut self) -> Self {
        self.refresh_live = true;
        self
    }

    /// Asks again for reports that were not visible. Without it that is done after a week, or when the list tells something new of
    /// them. What has failed is tried again in any case.
    #[must_use]
    pub fn retry_failed(mut self) -> Self {
        self.retry_failed = true;
        self
    }
}
