//! Client for the ESO Logs API v2 that finishes the job: through time-outs, 5xx, pages of a content network, cut bodies and
//! revoked tokens.
//!
//! ```no_run
//! # async fn example() -> Result<(), esologs::Error> {
//! use esologs::Client;
//!
//! let client = Client::from_env()?;
//! let report = client.report("xb7TKHXR8DJByp4Q".parse()?).get().await?;
//! for fight in report.value().fights.iter().flatten() {
//!     println!("{} {:?} {:?}", fight.id, fight.name, fight.kill);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Every call of the API is a builder: it is sent when it is awaited, its arguments are methods and are checked before, lists are
//! streams, and what comes is typed but keeps what it does not know. All of them: `docs/api.md`, or [`catalogue::calls`].
//!
//! ```no_run
//! # async fn example(client: esologs::Client) -> Result<(), esologs::Error> {
//! use esologs::{CharacterRankingMetricType, TableDataType};
//!
//! let zones = client.zones().await?;
//! let members = client.guild(3468).members().all().await?;
//! let best = client.encounter(27).character_rankings().metric(CharacterRankingMetricType::Dps).await?.read()?;
//! let report = client.report("xb7TKHXR8DJByp4Q".parse()?);
//! let damage = report.table().data_type(TableDataType::DamageDone).fight(17).await?.read()?;
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! - `blocking`: every call without an async runtime (`blocking`). Off by default; needs no further crate.
//! - `export`: the reports of a pull as Parquet, CSV and compressed lines, and events straight into Parquet (`export`). Off by
//!   default.
//! - `metrics`: a subscriber for the `metrics` facade (`events::metrics_subscriber`). Off by default.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr))]

mod api;
mod auth;
#[cfg(feature = "blocking")]
pub mod blocking;
mod client;
mod clock;
mod config;
mod decode;
pub mod diagnosis;
mod disk;
#[cfg(doctest)]
mod doc_pages;
mod error;
pub mod events;
#[cfg(feature = "export")]
pub mod export;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
pub mod hooks;
mod ids;
pub mod pull;
mod query;
mod report_ref;
mod resilience;
pub mod testing;
pub mod transport;
mod units;

pub use api::*;
pub use auth::{AccessToken, BegunSignIn, Claims, Forgotten, Scope, SignIn, SignedIn, TokenStore};
pub use client::{AskedBy, AskedWith, AuthScope, Client, ClientBuilder};
pub use clock::Clock;
pub use config::{Backoff, CallPolicy, Credentials, Endpoint, MaxWait, Origin, RetryIf};
pub use decode::{Class, GraphqlError, Location};
pub use error::{Error, ErrorKind};
pub use events::{CacheResult, DecisionLog, Event, RetryVerdict, WaitReason};
pub use ids::{
    AbilityId, ActorId, CharacterId, ClassId, EncounterId, ExpansionId, FactionId, FightId, GuildId, GuildTagId, ItemId,
    ItemSetId, MapId, NpcId, RegionId, ReportCode, ServerId, SpecId, SubregionId, UserId, ZoneId,
};
pub use report_ref::{FightChoice, ReportRef};
pub use resilience::{
    Answered, AttemptError, BreakerCause, BreakerError, BreakerOpen, BreakerPermit, BreakerSettings, BreakerState, Cache,
    CacheRow, CacheStatus, CacheVerified, CircuitBreaker, Fallback, Ledger, OrFallback, Payment, PointsCost, PointsSeen,
    PointsSpender, PointsView, Priority, RateSettings, RetryAgain, RetryBudget, RetryBudgetSettings, RetryPolicy, RetryRun,
    Retrying, Served, StaleCause, WhenEmpty, retry,
};
#[doc(hidden)]
pub use resilience::{Decisions, KeptAnswer};
pub use units::{Points, ReportTime, UnixMillis};
