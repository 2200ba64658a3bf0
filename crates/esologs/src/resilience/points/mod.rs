//! The points ledger: points are set aside before a request is sent and settled after it, so that the hourly budget is planned
//! with instead of run into.
//!
//! `account` holds the rules and is pure; a `store` says where it is kept; the `gate` is what the pipeline passes.

mod account;
mod ask;
mod costs;
mod gate;
mod keeping;
mod ledger;
mod outlook;
mod own;
mod prices;
mod reserved;
mod restart;
mod seen;
mod settings;
mod spenders;
mod step;
mod store;
mod unsettled;
mod view;
mod watch;
mod window;

#[cfg(test)]
mod schedules;

use account::{Account, Apart};
pub(crate) use ask::{Ask, Charge, Refusal, Settled, Snapshot, Standing, Why};
pub(crate) use costs::{Range, Shape};
pub(crate) use gate::{Gate, Notice, Short, Want};
pub use ledger::Ledger;
pub(crate) use outlook::{Errand, Foresight, Manner};
pub(crate) use prices::Price;
pub(crate) use reserved::Reserved;
pub(crate) use seen::PointsMeter;
pub use seen::PointsSeen;
use settings::LedgerSettings;
pub(crate) use step::Refused;
use step::{Finish, Outcome, Step, Stepped};
use store::Store;
pub use view::{PointsCost, PointsSpender, PointsView};
