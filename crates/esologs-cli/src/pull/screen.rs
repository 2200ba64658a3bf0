//! Where progress is shown: a bar on a terminal, lines elsewhere.

use std::io::{self, IsTerminal as _};
use std::sync::Mutex;
use std::time::Duration;

use esologs::UnixMillis;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::progress::Progress;
use crate::output;

/// How often a line tells the state where there is no bar.
const LINE_EVERY: Duration = Duration::from_secs(60);

/// Where progress is shown.
#[derive(Debug)]
pub(super) enum Screen {
    /// A terminal: one line that changes.
    Bar(ProgressBar),
    /// A log, a pipe: a line now and then. Holds when the last one was written.
    Lines(Mutex<Option<UnixMillis>>),
}

impl Screen {
    /// The bar of a terminal that can redraw a line; not under a log, which would cut it into pieces.
    pub(super) fn choose() -> Self {
        let can_redraw = io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        if !can_redraw || tracing::enabled!(tracing::Level::DEBUG) {
            return Self::Lines(Mutex::new(None));
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(style("{spinner} {wide_msg}"));
        Self::Bar(bar)
    }

    /// Says a line, above the bar where there is one.
    pub(super) fn say(&self, line: &str) {
        self.aside(|| output::talk(format_args!("{line}")));
    }

    /// Does something that may write to the terminal.
    pub(super) fn aside<R>(&self, write: impl FnOnce() -> R) -> R {
        match self {
            Self::Bar(bar) => bar.suspend(write),
            Self::Lines(_) => write(),
        }
    }

    /// Shows the present state.
    pub(super) fn show(&self, progress: &Progress, now: UnixMillis) {
        match self {
            Self::Bar(bar) => show_bar(bar, progress, now),
            Self::Lines(last) => {
                let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                if is_due(&mut last, now) {
                    self.say(&progress.line(now));
                }
            }
        }
    }

    /// Takes the bar away.
    pub(super) fn close(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }

    /// Whether lines take the place of a bar.
    pub(super) const fn is_lines(&self) -> bool {
        matches!(self, Self::Lines(_))
    }
}

/// Whether it is time for the next line; the first one comes after a while, too.
fn is_due(last: &mut Option<UnixMillis>, now: UnixMillis) -> bool {
    let is_due = now >= last.get_or_insert(now).plus(LINE_EVERY);
    if is_due {
        *last = Some(now);
    }
    is_due
}

fn show_bar(bar: &ProgressBar, progress: &Progress, now: UnixMillis) {
    // A wait has a line of its own: on a narrow terminal the end of the first is cut.
    let wait = progress.wait(now);
    let under = if wait.is_some() { "\n  {prefix}" } else { "" };
    bar.set_prefix(wait.unwrap_or_default());
    match progress.total {
        Some(total) => {
            bar.set_style(style(&format!("[{{bar:20}}] {{pos}} of {{len}} reports, {{wide_msg}}{under}")).progress_chars("=> "));
            bar.set_length(total as u64);
            bar.set_position(progress.done as u64);
            let left = progress.left(now).map(|left| format!("{left}, ")).unwrap_or_default();
            bar.set_message(left + &progress.counts());
        }
        None => {
            bar.set_style(style(&format!("{{spinner}} {{wide_msg}}{under}")));
            bar.set_message(format!("reading the list of reports, {}", progress.counts()));
        }
    }
    bar.tick();
}

fn style(template: &str) -> ProgressStyle {
    // A wrong template would be ours; the plain style is good enough for it.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::super::progress::tests::{NOW, at_home, waiting_for_points};
    use super::*;

    #[test]
    fn where_there_is_no_bar_a_line_comes_each_minute() {
        let (mut last, mut told) = (None, Vec::new());
        for seconds in 0..200 {
            if is_due(&mut last, NOW.plus(Duration::from_secs(seconds))) {
                told.push(seconds);
            }
        }
        assert_eq!(told, [60, 120, 180]);
    }

    #[test]
    fn a_terminal_shows_the_wait_under_the_bar() {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());

        show_bar(&bar, &waiting_for_points(), NOW);

        let shown = format!("{} of {} reports, {}\n  {}", bar.position(), bar.length().unwrap(), bar.message(), bar.prefix());
        insta::assert_snapshot!(at_home(&shown), @r"
        3 of 12 reports, 123,456 events
          waiting for new points until 15:00:02 (12 min 3 s), 3 calls in line
        ");
    }
}
