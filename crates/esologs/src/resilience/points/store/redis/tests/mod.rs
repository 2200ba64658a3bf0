//! The store against a real redis-server.

mod differential;
mod fleet;
mod outage;
mod process;
mod server;
mod sharing;
mod tokens;
mod trouble;
