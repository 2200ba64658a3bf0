//! Pulls: what lies in the folder afterwards, what the manifest says of it, and what was asked of the service for it.
//!
//! The service is the simulator in the same process, behind a [`wire::Wire`] that can be disturbed, or a [`fake::FakeGuild`]
//! where its world could not be like that. Time is virtual.

mod again;
mod cached;
mod cancel;
mod disk;
mod dry_run;
mod equal;
mod extras;
mod failing;
mod fake;
mod files;
mod letter;
mod list;
mod live;
mod manifest;
mod outage;
mod prices;
mod refused;
mod rerun;
mod resume;
mod suspended;
mod targets;
mod verify;
mod wire;
