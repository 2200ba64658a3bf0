//! Everything about the library that is tested from outside, in one binary: each module is a subject, each test a sentence.
//!
//! Time is virtual wherever the transport is in memory. The few tests with sockets (`http`) run in real time with generous
//! limits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr)]

mod auth;
mod classification;
mod documents;
mod events;
mod http;
mod invariants;
mod pages;
mod pull;
mod retry;
mod samples;
mod settings;
mod simulator;
mod stages;
mod support;
