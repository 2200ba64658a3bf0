//! Everything about the library that is tested from outside, in one binary: each module is a subject, each test a sentence.
//!
//! Time is virtual wherever the transport is in memory. The tests with sockets (`http`, `wire`) run in real time with generous
//! limits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr)]

mod api;
mod auth;
mod batch;
#[cfg(feature = "blocking")]
mod blocking;
mod bounds;
mod cache;
mod classification;
mod diagnosis;
mod documents;
mod events;
mod examples;
#[cfg(feature = "export")]
mod export;
mod http;
mod identities;
mod invariants;
mod last_answer;
mod pages;
mod points;
mod promises;
mod pull;
mod request_rate;
mod retry;
mod samples;
mod settings;
mod sign_in;
mod simulator;
mod stages;
mod standalone;
mod support;
mod telemetry;
mod testing;
#[cfg(unix)]
mod token_store;
mod typed_events;
mod wire;
