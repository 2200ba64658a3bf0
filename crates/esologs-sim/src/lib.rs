//! Simulator of the ESO Logs API v2.
pub mod world;
