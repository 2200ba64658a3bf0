//! The server half of the simulator, over its public API: in process where time matters, over TCP where the wire does.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub, reason = "tests stop at the first surprise and are nobody's API")]

mod raw;
mod support;
mod truth;

mod auth;
mod bytes;
mod catalogues;
mod event_filters;
mod fault_answers;
mod fault_plans;
mod http2;
mod people;
mod points;
mod rankings;
mod recorded_shapes;
mod reports;
mod schema;
mod tables;
mod weather;
mod whole_schema;
mod wire;
