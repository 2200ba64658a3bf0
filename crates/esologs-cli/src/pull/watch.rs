//! Who is told what happens in a pull, and passes it on: to the screen, to stdout as JSON, to the counts for the end.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use esologs::pull::{Outcome, PullEvent, ReportResult};
use esologs::{Clock, Event, PointsSeen};
use serde::Serialize;

use super::json;
use super::progress::Progress;
use super::screen::Screen;
use super::tally::Tally;
use super::told::Told;
use crate::failure::Failure;
use crate::{output, words};

/// Where there is no bar, a wait of this length gets a line of its own.
const TOLD_WAIT: Duration = Duration::from_secs(10);

/// Watches a pull.
#[derive(Debug)]
pub(super) struct Watch {
    screen: Screen,
    json: bool,
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    progress: Progress,
    tally: Tally,
    told: Told,
    /// The first failure of stdout; nothing is written there after it.
    stdout: Option<Failure>,
}

impl Watch {
    pub(super) fn new(json: bool) -> Self {
        Self { screen: Screen::choose(), json, clock: Clock::system(), state: Mutex::default() }
    }

    /// Something happened inside a call.
    pub(super) fn on_call(&self, event: &Event<'_>) {
        {
            let mut state = self.state();
            state.tally.count(event);
            state.progress.note_call(event, self.clock.now());
        }
        if self.json {
            json::call_event(event, |name, fields| self.emit(name, fields));
        }
        self.tell_waits();
    }

    /// Tells the waits that have become news: where there is no bar as lines, and as JSON.
    fn tell_waits(&self) {
        let now = self.clock.now();
        let waits = self.state().progress.new_waits(now);
        for wait in waits {
            if self.screen.is_lines() && wait.delay >= TOLD_WAIT {
                self.screen.say(&wait.words(now));
            }
            self.emit("waiting", &json::waiting(&wait));
        }
    }

    /// Something happened in the pull.
    pub(super) fn on_pull(&self, event: &PullEvent<'_>) {
        self.state().progress.note_pull(event);
        match event {
            PullEvent::TargetFound { target, name, .. } => self.screen.say(&words::target(*target, name)),
            PullEvent::Listed { reports, already_here, .. } => self.screen.say(&listed(*reports, *already_here)),
            PullEvent::WaitingForFolder { folder, .. } => {
                let folder = words::path(folder);
                self.screen.say(&format!("another pull is working in {folder}: waiting until it has ended, 24 hours at most"));
            }
            PullEvent::JournalDamaged { line, .. } => self.screen.say(&format!(
                "note: line {line} of the folder's journal is damaged; what it and the lines after it told of is looked up in the folder, \
                 or fetched again"
            )),
            PullEvent::ReportPutBack { code, error, .. } => {
                let reason = self.state().told.reason(code, error);
                self.screen.say(&format!("{}: put to the end of the list: {reason}", words::title(code.as_str())));
            }
            PullEvent::ReportDone { result, done, total, .. } if self.screen.is_lines() => {
                let line = report_line(result, &mut self.state().told);
                self.screen.say(&format!("[{done}/{total}] {line}"));
            }
            _ => {}
        }
        if self.json {
            json::pull_event(event, |name, fields| self.emit(name, fields));
        }
    }

    /// Some time has passed.
    pub(super) fn tick(&self, points: Option<PointsSeen>) {
        let now = self.clock.now();
        let progress = {
            let mut state = self.state();
            state.progress.pass_time(now);
            state.progress.note_points(points);
            state.progress.clone()
        };
        self.tell_waits();
        self.screen.show(&progress, now);
    }

    /// Writes a line of JSON, where JSON was asked for.
    pub(super) fn emit<T: Serialize + ?Sized>(&self, event: &'static str, fields: &T) {
        if !self.json {
            return;
        }
        let line = json::line(event, self.clock.now(), fields);
        let mut state = self.state();
        if state.stdout.is_none() {
            state.stdout = line.and_then(|line| self.screen.aside(|| output::data(&line))).err();
        }
    }

    /// Ends the display.
    pub(super) fn close(&self) {
        self.screen.close();
    }

    /// Whether everything meant for stdout went there.
    ///
    /// # Errors
    /// The first failure, for instance a full disk.
    pub(super) fn written(&self) -> Result<(), Failure> {
        self.state().stdout.take().map_or(Ok(()), Err)
    }

    pub(super) fn tally(&self) -> Tally {
        self.state().tally.clone()
    }

    /// The reasons that stand on the screen.
    pub(super) fn told(&self) -> Told {
        self.state().told.clone()
    }

    /// Reports done, and in the list.
    pub(super) fn reports(&self) -> (usize, Option<usize>) {
        let state = self.state();
        (state.progress.done, state.progress.total)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn listed(reports: usize, already_here: usize) -> String {
    match already_here {
        0 => words::of(reports, "report", "reports"),
        here => format!("{}, {} of them here already", words::of(reports, "report", "reports"), words::count(here as u64)),
    }
}

/// `k7mfhPdY36RfANY2  2026-03-02  Dreadsail Reef weekly: complete, 12 fights, 61,234 events`
fn report_line(result: &ReportResult, told: &mut Told) -> String {
    let what = match (&result.outcome, told.of_result(result)) {
        (_, Some(why)) => format!("failed: {why}"),
        (Outcome::Live, _) => "may still grow".to_owned(),
        (outcome, _) => outcome.reason().unwrap_or_else(|| "complete".to_owned()),
    };
    let mut line = format!("{}: {what}", super::summary::name(result));
    if result.fights > 0 || result.event_count() > 0 {
        let (fights, events) = (words::of(result.fights as usize, "fight", "fights"), words::count(result.event_count()));
        line.push_str(&format!(", {fights}, {events} events"));
    }
    line
}
