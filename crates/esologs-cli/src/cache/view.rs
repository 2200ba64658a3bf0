//! What the cache holds, as text for people.

use std::path::{Path, PathBuf};

use esologs::{CacheRow, CacheStatus, UnixMillis};

use crate::layout::cell::Cell;
use crate::layout::grid::{self, Column};
use crate::layout::{Screen, width};
use crate::words;

pub(super) fn status(folder: &Path, status: &CacheStatus, now: UnixMillis, screen: &Screen) -> Vec<String> {
    let mut lines = vec![format!("Answers kept in {}:", words::path(folder)), String::new()];
    let ago = |moment: UnixMillis| format!("{} ago", words::about(now.since(moment)));
    let mut facts = vec![
        ("answers", words::count(status.answers)),
        ("room", format!("{} of {}", words::bytes(status.bytes), words::bytes(status.max_bytes))),
    ];
    facts.extend(status.oldest.map(|oldest| ("oldest", ago(oldest))));
    facts.extend(status.newest.map(|newest| ("newest", ago(newest))));
    facts.push(("reports known", words::count(status.reports)));
    if status.damaged > 0 {
        facts.push(("damaged", format!("{}; `esologs cache verify` removes them", words::count(status.damaged))));
    }
    let wide = facts.iter().map(|(name, _)| width(name)).max().unwrap_or_default();
    lines.extend(facts.iter().map(|(name, fact)| format!("{name:wide$}  {fact}")));
    lines.extend(aside(&status.aside));
    if !status.rows.is_empty() {
        lines.push(String::new());
        lines.extend(grid::lines(&grid::that_fit(columns(&status.rows), screen), screen));
    }
    lines
}

/// What lies beside the store, and what to do with it.
pub(super) fn aside(aside: &[PathBuf]) -> Vec<String> {
    let line = |path: &PathBuf| format!("{} was moved aside; it may be removed by hand", words::path(path));
    aside.iter().map(line).collect()
}

fn columns(rows: &[CacheRow]) -> Vec<Column> {
    let column = |heading: &str, cell: &dyn Fn(&CacheRow) -> Cell| Column {
        heading: heading.to_owned(),
        cells: rows.iter().map(cell).collect(),
    };
    let text = |text: &str| Cell { text: words::title(text), is_number: false };
    vec![
        column("operation", &|row| text(&row.operation)),
        column("good as", &|row| text(row.kind)),
        column("answers", &|row| Cell::number(words::count(row.answers))),
        column("room", &|row| Cell::number(words::bytes(row.bytes))),
    ]
}
