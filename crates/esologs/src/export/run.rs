//! An export: what has to be made, and its making.

use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::batches::Origin;
use super::files::Part;
use super::sink::Trouble;
use super::source::{self, Mark, SourceFile, SourceReport};
use super::state::{Made, MadeFile, Recipe};
use super::tables::{EVENTS, SCHEMA};
use super::target::Target;
use super::{Export, ExportEvent, ExportSummary, ExportedReport, Format, readme};
use crate::error::{Error, ErrorKind};

/// Reports worked on at the same time, at most: each holds a row group of some tens of MB, and the disk has to keep up.
const MOST_AT_A_TIME: usize = 4;

/// Told what happens; may say that it is enough.
trait Watch: Fn(&ExportEvent<'_>) -> ControlFlow<()> + Sync {}
impl<W: Fn(&ExportEvent<'_>) -> ControlFlow<()> + Sync> Watch for W {}

impl Export {
    /// Makes what is new. It blocks: on the threads of an async runtime, leave it to one for such work.
    ///
    /// `watch` is told what happens, from several threads. Where it answers with a break, the export stops; what is done is kept, and
    /// the next one goes on.
    ///
    /// # Errors
    /// [`ErrorKind::LocalFile`] where the folder is not one of a pull, the output holds something else, or the disk fails (it is
    /// full); [`ErrorKind::Stopped`] where it was stopped. A damaged file of the pull is no such error: the other files are made,
    /// and the summary tells of it.
    pub fn run(&self, watch: impl Fn(&ExportEvent<'_>) -> ControlFlow<()> + Sync) -> Result<ExportSummary, Error> {
        let reports = source::reports(&self.folder, self.with_live)?;
        let live_left_out = if self.with_live { 0 } else { source::reports(&self.folder, true)?.len() - reports.len() };
        let folder = self.target();
        let target = Target::open(&folder, self.format)?;
        target.write_readme(&readme::text(&folder, self.format))?;
        let run = Run { export: self, target: &target, watch: &watch, stopped: AtomicBool::new(false) };
        run.tell(&ExportEvent::Found { reports: reports.len(), bytes: run.bytes_of(&reports) });
        let results = run.all(&reports)?;
        let attendance = run.attendance()?;
        let all = || results.iter().chain(&attendance);
        let (rows, bytes) = (all().map(|it| it.report.rows).sum(), all().map(|it| it.bytes).sum());
        let events = results.iter().map(|it| it.events).sum();
        let mut reports: Vec<ExportedReport> = results.into_iter().map(|it| it.report).collect();
        reports.sort_by(|a, b| a.name.cmp(&b.name));
        let attendance = attendance.map(|it| it.report);
        Ok(ExportSummary { folder, format: self.format, reports, attendance, live_left_out, rows, events, bytes })
    }
}

/// What became of one report, and what it adds to the whole.
struct Outcome {
    report: ExportedReport,
    events: u64,
    bytes: u64,
}

struct Run<'a, W> {
    export: &'a Export,
    target: &'a Target,
    watch: &'a W,
    stopped: AtomicBool,
}

impl<W: Watch> Run<'_, W> {
    fn tell(&self, event: &ExportEvent<'_>) {
        if (self.watch)(event).is_break() {
            self.stopped.store(true, Ordering::Relaxed);
        }
    }

    fn check_stopped(&self) -> Result<(), Error> {
        if !self.stopped.load(Ordering::Relaxed) {
            return Ok(());
        }
        let error = Error::new(ErrorKind::Stopped, "the export was stopped");
        Err(error.with_hint("run the same command again: it goes on where this stopped"))
    }

    fn bytes_of(&self, reports: &[SourceReport]) -> u64 {
        let files = reports.iter().filter_map(|report| report.files(|file| self.export.wants(file)).ok()).flatten();
        let attendance = source::attendance(&self.export.folder).map(|(_, file)| file);
        files.chain(attendance).map(|file| file.bytes()).sum()
    }

    /// All reports, several at a time. The first error of the disk ends it.
    fn all(&self, reports: &[SourceReport]) -> Result<Vec<Outcome>, Error> {
        let (next, outcomes) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let lock = || outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        let work = || -> Result<(), Error> {
            while let Some(report) = reports.get(next.fetch_add(1, Ordering::Relaxed)) {
                let outcome = self.report(report).inspect_err(|_| self.stopped.store(true, Ordering::Relaxed))?;
                let mut outcomes = lock();
                outcomes.push(outcome);
                let done = outcomes.len();
                if let Some(Outcome { report: result, .. }) = outcomes.last() {
                    self.tell(&ExportEvent::ReportDone { result, done, total: reports.len() });
                }
            }
            Ok(())
        };
        let at_a_time = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_AT_A_TIME).min(reports.len());
        let ends = thread::scope(|scope| {
            let workers: Vec<_> = (0..at_a_time).map(|_| scope.spawn(work)).collect();
            let broken = || Err(Error::new(ErrorKind::LocalFile, "a thread of the export was broken off"));
            workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| broken())).collect::<Vec<_>>()
        });
        // The others were only stopped by it.
        let mut errors: Vec<Error> = ends.into_iter().filter_map(Result::err).collect();
        errors.sort_by_key(|error| error.kind() == ErrorKind::Stopped);
        match errors.into_iter().next() {
            Some(error) => Err(error),
            None => Ok(outcomes.into_inner().unwrap_or_else(PoisonError::into_inner)),
        }
    }

    fn report(&self, report: &SourceReport) -> Result<Outcome, Error> {
        self.check_stopped()?;
        let mut outcome = Outcome::of(report);
        let files = report.head().and_then(|head| Ok((head, report.files(|file| self.export.wants(file))?)));
        let (head, files) = match files {
            Ok(found) => found,
            Err(error) => {
                outcome.report.failed = Some(error);
                return Ok(outcome);
            }
        };
        let by =
            Recipe { schema: SCHEMA, code: head.code.as_str().to_owned(), start_unix_ms: head.start_time, live: report.live };
        self.files(report, &files, &by, outcome)
    }

    /// Makes who was there, where the pull has that.
    fn attendance(&self) -> Result<Option<Outcome>, Error> {
        let Some((guild, file)) = source::attendance(&self.export.folder) else { return Ok(None) };
        self.check_stopped()?;
        let by = Recipe { schema: SCHEMA, code: String::new(), start_unix_ms: None, live: false };
        self.files(&guild, &[file], &by, Outcome::of(&guild)).map(Some)
    }

    /// Makes these files.
    fn files(&self, report: &SourceReport, files: &[SourceFile], by: &Recipe, mut outcome: Outcome) -> Result<Outcome, Error> {
        let work = self.target.work(report)?;
        for file in files {
            match self.file(report, by, file, &work) {
                Ok((made, is_new)) => outcome.add(&made, file, is_new),
                Err(Trouble::Target(error)) => return Err(error),
                Err(Trouble::Source(error)) => outcome.report.failed = Some(error),
            }
        }
        if outcome.report.made > 0 {
            self.target.save()?;
        }
        Ok(outcome)
    }

    /// Makes one file, unless an earlier export has made it of the same bytes.
    fn file(&self, report: &SourceReport, by: &Recipe, file: &SourceFile, work: &Path) -> Result<(Made, bool), Trouble> {
        if let Some(made) = self.target.earlier(report, file, by) {
            if file.is_as(&made.from) {
                self.tell(&ExportEvent::Read { bytes: made.from.bytes });
                return Ok((made, false));
            }
            // Written anew, but perhaps with the same bytes: reading them is a fifth of the work.
            let mark = file.read(|_| Ok(()))?;
            if mark.is_equal(&made.from) {
                let made = Made { from: mark, ..made };
                self.target.note(report, file, made.clone())?;
                return Ok((made, false));
            }
        }
        let made = self.make(report, file, by.clone(), work)?;
        self.target.note(report, file, made.clone())?;
        Ok((made, true))
    }

    fn make(&self, report: &SourceReport, file: &SourceFile, by: Recipe, work: &Path) -> Result<Made, Trouble> {
        let place = self.target.place(report, file)?;
        let origin = origin(file, &by);
        let subject = file.path.display().to_string();
        let mut sink = self.export.format.begin(file.table, &origin, &subject, (work, &place))?;
        let from: Mark = file.read(|lines| {
            self.check_stopped()?;
            sink.append(lines)?;
            self.tell(&ExportEvent::Read { bytes: lines.len() as u64 });
            Ok(())
        })?;
        let (parts, rows) = sink.finish()?;
        let made = |Part { path, bytes, crc32 }| MadeFile { path: self.target.below(&path), bytes, crc32: Some(crc32) };
        let files = parts.into_iter().map(made);
        Ok(Made { by, from, rows, files: files.collect() })
    }
}

impl Outcome {
    /// Before anything was made.
    fn of(report: &SourceReport) -> Self {
        let SourceReport { name, live, .. } = report;
        let report = ExportedReport { name: name.clone(), live: *live, rows: 0, made: 0, already_here: 0, failed: None };
        Self { report, events: 0, bytes: 0 }
    }

    fn add(&mut self, made: &Made, file: &SourceFile, is_new: bool) {
        self.report.rows += made.rows;
        self.bytes += made.files.iter().map(|file| file.bytes).sum::<u64>();
        if file.table == &EVENTS {
            self.events += made.rows;
        }
        *if is_new { &mut self.report.made } else { &mut self.report.already_here } += 1;
    }
}

/// What stands in the columns that are the same for all rows of a file.
fn origin(file: &SourceFile, by: &Recipe) -> Origin {
    let events = file.events.as_deref().unwrap_or_default();
    let (stream, hostility) = match events.split_once('.') {
        Some((stream, hostility)) => (stream, Some(hostility)),
        None => (events, None),
    };
    Origin {
        report: by.code.clone(),
        stream: stream.to_owned(),
        hostility: hostility.map(str::to_owned),
        live: by.live,
        start: by.start_unix_ms,
    }
}

/// The lines to read the files with, for people and for `README.txt`.
impl ExportSummary {
    /// The lines that read the events in DuckDB, Polars and pandas, to be pasted. None where the format is not Parquet.
    #[must_use]
    pub fn first_steps(&self) -> Vec<(&'static str, String)> {
        match self.format {
            Format::Parquet => readme::first_steps(&self.folder),
            _ => Vec::new(),
        }
    }
}
