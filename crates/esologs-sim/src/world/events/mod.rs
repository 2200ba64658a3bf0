//! The events of a report: built once, kept as text, cut into pages without being built again.
//!
//! - [`kind`]: the types of events
//! - [`filter`]: which events a question means, with the table of sides
//! - [`expression`]: `filterExpression`; [`bands`]: when which aura was on whom
//! - [`page`]: the cutter, with the rules of paging
//! - [`store`]: one buffer of JSON with an index beside it
//! - the private modules write the JSON of one event, one moment, one fight

mod auras;
pub mod bands;
mod emit;
pub mod expression;
mod fight;
pub mod filter;
pub mod kind;
mod moments;
mod objects;
pub mod page;
mod resources;
mod scene;
mod sieve;
pub mod store;
mod tempo;
mod write;

pub(crate) use auras::{SETS, SLOTS};
pub use filter::{DataType, EventFilter, Hostility, KillType, UnknownName};
pub use kind::EventKind;
pub use page::EventPage;
pub use sieve::Narrowing;
pub use store::{Event, ReportEvents};
