//! The points ledger: points are set aside before a request is sent and settled after it, so that the hourly budget is planned
//! with instead of run into.

// The account and its rules stand on their own and are tested as such; `attempt` does not ask them yet.
#[cfg(test)]
mod account;
#[cfg(test)]
mod ask;
mod seen;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod spenders;
#[cfg(test)]
#[allow(dead_code, reason = "the gate that takes these steps is on its way")]
mod step;
#[cfg(test)]
#[allow(dead_code, reason = "the gate that takes these steps is on its way")]
mod store;
#[cfg(test)]
mod unsettled;
#[cfg(test)]
mod window;

#[cfg(test)]
mod schedules;

pub(crate) use seen::PointsMeter;
pub use seen::PointsSeen;

#[cfg(test)]
#[allow(unused_imports, reason = "the gate that takes these steps is on its way")]
use account::{Account, Apart};
#[cfg(test)]
use ask::{Ask, Charge, Refusal, Snapshot, Standing, Why};
#[cfg(test)]
use settings::LedgerSettings;
#[cfg(test)]
#[allow(unused_imports, reason = "the gate that takes these steps is on its way")]
use step::{Finish, Outcome, Refused, Step, Stepped};
