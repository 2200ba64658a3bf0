//! The binary as its users meet it: what it prints, where, and with which exit code. The simulator is the other side.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on shall say where")]

mod auth;
mod bounds;
mod browser;
mod cache;
mod charts;
mod demo;
mod dry_run;
mod explain;
mod export;
mod export_readers;
mod full_disk;
mod get;
mod help;
mod interruption;
mod jobs;
mod json_lines;
mod json_schema;
mod kills;
mod limits;
mod manual;
mod pull;
mod pull_folder;
mod pull_targets;
mod query;
mod scenarios;
mod schema_drift;
mod secrets;
mod sign_in;
mod sign_in_files;
mod sim;
mod single_faults;
mod support;
mod terminal;
mod twenty_seeds;
mod wrong_use;
