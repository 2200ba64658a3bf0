//! What `esologs cache … --json` prints: one object, described in `docs/cli.md`. Names of fields are a promise.

use std::path::Path;

use esologs::{CacheStatus, UnixMillis};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::words;

#[derive(Serialize)]
struct Status {
    answers: u64,
    bytes: u64,
    max_bytes: u64,
    oldest_unix_ms: Option<UnixMillis>,
    newest_unix_ms: Option<UnixMillis>,
    reports: u64,
    damaged: u64,
    aside: Vec<String>,
    operations: Vec<Operation>,
}

#[derive(Serialize)]
struct Operation {
    operation: String,
    kind: &'static str,
    answers: u64,
    bytes: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct Removed {
    pub(super) removed: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct Verified {
    pub(super) whole: u64,
    pub(super) damaged: u64,
}

pub(super) fn status(folder: &Path, status: &CacheStatus) -> Result<String, Failure> {
    let rows = status.rows.iter().map(|row| Operation {
        operation: row.operation.clone(),
        kind: row.kind,
        answers: row.answers,
        bytes: row.bytes,
    });
    let fields = Status {
        answers: status.answers,
        bytes: status.bytes,
        max_bytes: status.max_bytes,
        oldest_unix_ms: status.oldest,
        newest_unix_ms: status.newest,
        reports: status.reports,
        damaged: status.damaged,
        aside: status.aside.iter().map(|path| words::path(path)).collect(),
        operations: rows.collect(),
    };
    text(folder, &fields)
}

/// The fields, after the folder that they are about.
pub(super) fn text(folder: &Path, fields: &impl Serialize) -> Result<String, Failure> {
    #[derive(Serialize)]
    struct About<'a, T> {
        folder: String,
        #[serde(flatten)]
        fields: &'a T,
    }
    let text = serde_json::to_string_pretty(&About { folder: words::path(folder), fields })
        .map_err(|error| Failure::new(Exit::Local, "local_file", format!("cannot write this as JSON: {error}")))?;
    Ok(text + "\n")
}
