//! A simulator of the ESO Logs API v2: the real schema over an invented world, OAuth2, points, throttle, and every failure that
//! clients of the service met, on demand.
//!
//! It runs in process, where time can be paused, or over TCP for programs in any language. It shares no code with the client
//! `esologs`, so that a mistake in one shows in the other.
//!
//! ```
//! use bytes::Bytes;
//! use esologs_sim::{Faults, FaultKind, On, ScriptedFault, Simulator, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET};
//! use http::Request;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let once = ScriptedFault::new(On::Token, FaultKind::Unavailable).retry_after(1);
//! let sim = Simulator::builder().limit(300).faults(Faults::none().with(once)).build()?;
//!
//! let form = format!("grant_type=client_credentials&client_id={DEMO_CLIENT_ID}&client_secret={DEMO_CLIENT_SECRET}");
//! let ask = || {
//!     Request::post("/oauth/token")
//!         .header("content-type", "application/x-www-form-urlencoded")
//!         .body(Bytes::from(form.clone()))
//! };
//! assert_eq!(sim.handle(ask()?).await.status(), 503);
//! assert_eq!(sim.handle(ask()?).await.status(), 200);
//! assert_eq!(sim.stats().faults["unavailable"], 1);
//! # Ok(())
//! # }
//! ```
//!
//! - [`Simulator`]: made by [`Simulator::builder`], asked by [`Simulator::handle`], served by [`Simulator::start_tcp`]
//! - [`Faults`]: none, by script ([`Faults::from_toml`]), by rate ([`Faults::mixed`]), by name ([`Faults::weather`])
//! - [`FaultKind`]: every failure there is, those of the connection (resets, cuts, stalls, a closed port, …) over TCP only
//! - [`Stats`]: what it saw and what that cost
//! - [`world`]: what there is; [`truth`]: what a perfect client would have
//! - [`SCHEMA`]: the API's schema, with descriptions

mod auth;
mod builder;
mod clock;
mod faults;
mod graphql;
mod http;
mod limits;
mod service;
mod simulator;
mod stats;
pub mod truth;
pub mod world;

pub use auth::{
    Credentials, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_PUBLIC_CLIENT_ID, RefreshTokens, SignInSettings, SignInUser, UserScopes,
};
pub use builder::{BuildError, SimulatorBuilder};
pub use faults::{
    BodyForm, Fault, FaultKind, FaultScriptError, Faults, Framing, On, ScriptedFault, Strikes, UnknownWeather, Weather,
};
pub use graphql::SCHEMA;
pub use http::{ClientAddress, Running};
pub use limits::{CostModel, PointsSettings, ThrottleSettings};
pub use simulator::Simulator;
pub use stats::Stats;
