//! Faults at the level of HTTP: every failure that clients of the service met, on demand.
//!
//! - [`kind`]: the kinds and what is fixed about each (name, status, whether points are charged)
//! - [`fault`]: one fault with its parameters
//! - [`script`]: faults as a TOML file
//! - [`set`]: all faults that a simulator shall have
//! - [`plan`]: which request gets which fault
//! - [`mixed`]: the set for demonstrations, each of which a patient client survives
//! - [`answer`] and [`spoil`]: how a fault looks on the wire
//!
//! Faults below HTTP (resets, bodies cut on the wire, stalls) will stand beside these; a [`Fault`] is chosen in the same way
//! and only told to the connection instead of the answer.

pub(crate) mod answer;
mod fault;
mod kind;
mod mixed;
pub(crate) mod plan;
mod script;
mod set;
pub(crate) mod spoil;

pub use fault::{BodyForm, Fault};
pub use kind::{FaultKind, Strikes};
pub use script::FaultScriptError;
pub use set::{Faults, On, ScriptedFault};
