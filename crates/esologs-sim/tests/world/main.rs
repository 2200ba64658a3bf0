//! The simulator's world: what is generated, how it is paged, what the truth of it is.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

mod file;
mod generation;
mod helpers;
mod live;
mod pages;
mod shapes;
mod truth;
