//! Who is told what happens in an export, and passes it on: to a bar on a terminal, to stdout as JSON.

use std::io::{self, IsTerminal as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use esologs::export::ExportEvent;
use esologs::{Clock, UnixMillis};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, words};

/// Watches an export.
#[derive(Debug)]
pub(super) struct Watch {
    /// Bytes read, of those to read; hidden where there is no terminal.
    bar: ProgressBar,
    json: bool,
    clock: Clock,
    stopped: AtomicBool,
    /// The first failure of stdout; nothing is written there after it.
    stdout: Mutex<Option<Failure>>,
}

/// One line: the event's name, the time, and its own fields.
#[derive(Serialize)]
struct Line<'a, T: ?Sized> {
    event: &'static str,
    at_unix_ms: UnixMillis,
    #[serde(flatten)]
    fields: &'a T,
}

impl Watch {
    pub(super) fn new(json: bool) -> Self {
        let can_redraw = io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        let target = if can_redraw { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        // A wrong template would be ours; the plain style is good enough for it.
        let style = ProgressStyle::with_template("[{bar:20}] {percent} %, {wide_msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
        Self { bar, json, clock: Clock::system(), stopped: AtomicBool::new(false), stdout: Mutex::new(None) }
    }

    pub(super) fn on_event(&self, event: &ExportEvent<'_>) {
        match event {
            ExportEvent::Found { reports, bytes, .. } => {
                self.bar.set_length(*bytes);
                self.bar.set_message(words::of(*reports, "report", "reports"));
                self.emit("found", &json!({"reports": reports, "bytes": bytes}));
            }
            ExportEvent::Read { bytes, .. } => self.bar.inc(*bytes),
            ExportEvent::ReportDone { result, done, total, .. } => {
                self.bar.set_message(format!("{done} of {}", words::of(*total, "report", "reports")));
                self.emit(
                    "report_done",
                    &json!({
                        "done": done, "total": total, "name": result.name, "live": result.live, "rows": result.rows,
                        "made": result.made, "already_here": result.already_here,
                        "failed": result.failed.as_ref().map(ToString::to_string),
                    }),
                );
            }
            _ => {}
        }
    }

    /// Writes a line of JSON, where that was asked for.
    pub(super) fn emit<T: Serialize + ?Sized>(&self, event: &'static str, fields: &T) {
        let mut failed = self.stdout.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.json || failed.is_some() {
            return;
        }
        let line = serde_json::to_string(&Line { event, at_unix_ms: self.clock.now(), fields });
        let line =
            line.map_err(|error| Failure::new(Exit::Local, "local_file", format!("cannot write an event as JSON: {error}")));
        *failed = line.and_then(|line| output::data(&(line + "\n"))).err();
    }

    /// Says that it is enough.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Takes the bar away.
    pub(super) fn close(&self) {
        self.bar.finish_and_clear();
    }

    /// Whether all that was to be written to stdout is there.
    pub(super) fn written(&self) -> Result<(), Failure> {
        self.stdout.lock().unwrap_or_else(PoisonError::into_inner).take().map_or(Ok(()), Err)
    }
}
