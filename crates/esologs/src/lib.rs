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
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr))]

mod api;
mod auth;
#[cfg(feature = "blocking")]
pub mod blocking;
mod client;
mod clock;
mod config;
mod decode;
#[cfg(doctest)]
mod doc_pages;
mod error;
pub mod events;
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
pub use client::{Client, ClientBuilder};
pub use clock::Clock;
pub use config::{Backoff, CallPolicy, Credentials, Endpoint, MaxWait, RetryIf};
pub use decode::{Class, GraphqlError, Location};
pub use error::{Error, ErrorKind};
pub use events::{DecisionLog, Event, RetryVerdict, WaitReason};
pub use ids::{AbilityId, ActorId, EncounterId, FightId, GuildId, RegionId, ReportCode, ServerId, UserId, ZoneId};
pub use report_ref::{FightChoice, ReportRef};
#[doc(hidden)]
pub use resilience::Decisions;
pub use resilience::{
    AttemptError, BreakerCause, BreakerError, BreakerOpen, BreakerPermit, BreakerSettings, BreakerState, CircuitBreaker,
    Fallback, OrFallback, Payment, PointsSeen, Priority, RateSettings, RetryBudget, RetryBudgetSettings, RetryPolicy, Retrying,
    WhenEmpty, retry,
};
pub use units::{Points, ReportTime, UnixMillis};
