//! Faults: every failure that clients of the service met, on demand.
//!
//! - [`kind`]: the kinds and what is fixed about each (name, status, whether points are charged)
//! - [`fault`]: one fault with its parameters
//! - [`script`]: faults as a TOML file
//! - [`weather`]: scripts that have names
//! - [`set`]: all faults that a simulator shall have
//! - [`plan`]: which request gets which fault
//! - [`mixed`]: the set for demonstrations, each of which a patient client survives
//! - [`answer`] and [`spoil`]: how a fault looks on the wire
//!
//! Faults below HTTP (resets, bodies cut on the wire, stalls) are chosen in the same way; the answer then carries a [`Struck`] to the
//! connection that it goes out on, and `http/wire` carries it out. In process there is no connection, and these are never chosen.

pub(crate) mod answer;
mod fault;
mod kind;
mod mixed;
pub(crate) mod plan;
mod script;
mod set;
pub(crate) mod spoil;
mod weather;

pub use fault::{BodyForm, Fault, Framing};
pub(crate) use kind::Carrier;
pub use kind::{FaultKind, Strikes};
pub use script::FaultScriptError;
pub use set::{Faults, On, ScriptedFault};
pub use weather::{UnknownWeather, Weather};

/// Put into the extensions of an answer whose connection shall have a fault.
#[derive(Debug, Clone)]
pub(crate) struct Struck {
    pub(crate) fault: Fault,
    /// Points that are lost if the client does not wait for the end of the answer.
    pub(crate) cost: f64,
}
