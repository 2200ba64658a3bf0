//! The words at the end of an export, and the same as JSON.

use esologs::export::ExportSummary;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::{output, words};

/// Tells what was made, what is missing, and how to read it.
pub(super) fn tell(exported: &ExportSummary) {
    for line in lines(exported) {
        output::talk(format_args!("{line}"));
    }
}

pub(super) fn fields(exported: &ExportSummary, exit: Exit) -> Value {
    let failed: Vec<Value> = exported
        .failed()
        .map(|report| json!({"name": report.name, "message": report.failed.as_ref().map(ToString::to_string)}))
        .collect();
    json!({
        "folder": exported.folder.to_string_lossy(), "format": exported.format.name(), "reports": exported.reports.len(),
        "made": exported.made(), "live_left_out": exported.live_left_out, "rows": exported.rows, "events": exported.events,
        "bytes": exported.bytes, "failed": failed, "exit_code": exit.code(),
    })
}

fn lines(exported: &ExportSummary) -> Vec<String> {
    let (reports, made) = (exported.reports.len(), exported.made());
    let mut lines = vec![format!(
        "{} with {} events are in {}, as {} ({}).",
        words::of(reports, "report", "reports"),
        words::count(exported.events),
        words::path(&exported.folder),
        exported.format,
        words::bytes(exported.bytes)
    )];
    if made < reports {
        lines.push(format!("  {} of them were here already and not made again.", words::count((reports - made) as u64)));
    }
    if exported.live_left_out > 0 {
        let live = words::of(exported.live_left_out, "report", "reports");
        lines.push(format!("  Left out: {live} that may still grow; --include-live takes them in."));
    }
    for report in exported.failed() {
        let why = report.failed.as_ref().map(ToString::to_string).unwrap_or_default();
        lines.push(format!("  not whole: {}: {}", words::title(&report.name), words::plain(&why)));
    }
    if exported.failed().next().is_some() {
        lines.push("What is damaged can be fetched again: delete the report's folder, and run the same pull.".to_owned());
    }
    let steps = exported.first_steps();
    if exported.events > 0 && !steps.is_empty() {
        lines.push("To begin with:".to_owned());
        lines.extend(steps.into_iter().map(|(tool, line)| format!("  {tool:<7} {}", words::plain(&line))));
    }
    lines
}
