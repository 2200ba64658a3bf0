//! Bulk pulls: every report of a guild, complete, or named with the reason why not.
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

mod dry_run;
mod folder;
mod forecast;
mod manifest;
mod outcome;
mod raw_object;
mod report;
mod run;
mod sizes;
mod stream;

use std::path::PathBuf;

pub use dry_run::DryRun;
pub use forecast::Forecast;
pub use outcome::{Outcome, PullEvent, ReportResult, Summary};
pub use stream::EventStream;

use crate::client::Client;
use crate::ids::GuildId;
use crate::units::UnixMillis;

/// A pull of all reports of a guild into a folder (`docs/data-layout.md` describes it). Made by [`Pull::guild`], started by
/// [`run`](Self::run).
#[derive(Debug, Clone)]
pub struct Pull {
    client: Client,
    guild: GuildId,
    folder: PathBuf,
    since: Option<UnixMillis>,
    until: Option<UnixMillis>,
    streams: Vec<EventStream>,
    concurrency: usize,
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
        Self {
            client,
            guild: guild.into(),
            folder: folder.into(),
            since: None,
            until: None,
            streams: EventStream::DEFAULT.to_vec(),
            concurrency: Self::DEFAULT_CONCURRENCY,
        }
    }

    /// Only reports that start at or after this moment.
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

    /// How many reports are worked on at the same time, 1 to 16. Default 2; other values are cut to the range.
    #[must_use]
    pub fn concurrency(mut self, reports: usize) -> Self {
        self.concurrency = reports.clamp(1, Self::MAX_CONCURRENCY);
        self
    }
}
