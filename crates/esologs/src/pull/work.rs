//! The reports of a pull, some at a time: each planned, brought home or named with the reason why not.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::StreamExt as _;

use super::attendance;
use super::forecast::{Forecast, Wanted};
use super::journal::Known;
use super::listing::Listed;
use super::outcome::{Outcome, PullEvent, ReportResult};
use super::plan::{self, Step};
use super::report::{self, Watch};
use super::run::Shared;
use super::sizes::{Size, Sizes};
use crate::error::{Error, ErrorKind};
use crate::ids::ReportCode;
use crate::units::UnixMillis;

/// The work of a pull.
pub(super) struct Work<'a> {
    pub(super) shared: Arc<Shared>,
    pub(super) target_name: String,
    listed: Vec<Listed>,
    pub(super) list_total: Option<u64>,
    steps: Vec<Step>,
    /// What is to be said of each report before it was tried.
    pub(super) open: Vec<ReportResult>,
    /// Reports that are here and not in the list.
    pub(super) kept: Vec<ReportResult>,
    /// Of reports that earlier pulls have brought home.
    sizes: Vec<Size>,
    pub(super) progress: Mutex<Progress>,
    /// One manifest is written at a time, so that the last one is that of the last result.
    pub(super) manifest_turn: tokio::sync::Mutex<()>,
    watch: Watch<'a>,
}

/// A report to be fetched, by its place in the list.
struct Queued {
    place: usize,
    /// Why its first try failed.
    failed_before: Option<Error>,
}

/// Results so far, in the order of the list; `None` for those to come.
pub(super) struct Progress {
    pub(super) results: Vec<Option<ReportResult>>,
    /// Why no further report is begun.
    pub(super) ended_early: Option<Error>,
}

impl<'a> Work<'a> {
    /// What is to be done about the list as it stands.
    pub(super) fn of(shared: Arc<Shared>, target_name: String, now: UnixMillis, sizes: Vec<Size>, watch: Watch<'a>) -> Self {
        let wanted = shared.pull.wanted();
        let wish = shared.pull.wish(&wanted, now);
        let (listed, list_total, known, kept) = shared.store.look(|state| {
            let (listed, total) = shared.pull.listed(state);
            let known: Vec<Known> =
                listed.iter().map(|it| state.reports.get(it.code.as_str()).cloned().unwrap_or_default()).collect();
            let is_listed = |code: &str| listed.iter().any(|report| report.code.as_str() == code);
            let others = state.reports.iter().filter(|(code, _)| !is_listed(code));
            let mut kept: Vec<ReportResult> = others.filter_map(|(code, known)| kept(code, known)).collect();
            kept.sort_by_key(|result| std::cmp::Reverse(result.start_time));
            (listed, total, known, kept)
        });
        let pairs = || listed.iter().zip(&known);
        let steps: Vec<Step> = pairs().map(|(listed, known)| plan::step(listed, Some(known), &wish)).collect();
        let open: Vec<ReportResult> = pairs().map(|(listed, known)| untried(listed, known)).collect();
        let here = |(known, (step, listed)): (&Known, (&Step, &Listed))| {
            let data = known.data.as_ref().filter(|_| *step == Step::Here)?;
            Some(ReportResult { outcome: Outcome::AlreadyHere, ..ReportResult::with(listed, data) })
        };
        let results = known.iter().zip(steps.iter().zip(&listed)).map(here).collect();
        let progress = Mutex::new(Progress { results, ended_early: None });
        Self {
            shared,
            target_name,
            list_total,
            steps,
            open,
            kept,
            sizes,
            progress,
            manifest_turn: tokio::sync::Mutex::new(()),
            watch,
            listed,
        }
    }

    /// Fetches what is missing; what fails goes once to the back of the queue.
    pub(super) async fn all(&self) -> Result<(), Error> {
        let missing = self.with(|progress| open_places(&progress.results));
        (self.watch)(&PullEvent::Listed { reports: self.listed.len(), already_here: self.listed.len() - missing.len() });
        self.write_manifest().await?;
        self.tell_forecast().await;
        let missing = missing.into_iter().map(|place| Queued { place, failed_before: None }).collect();
        let failed = self.round(missing, true).await;
        self.round(failed, false).await;
        Ok(())
    }

    /// Fetches who was there, once there is nothing else to do.
    pub(super) async fn attendance(&self) {
        let is_wanted = self.shared.pull.attendance && self.with(|progress| progress.ended_early.is_none());
        if is_wanted && let Err(error) = attendance::bring(&self.shared).await {
            self.end(error);
        }
    }

    /// Fetches these reports, some at a time; returns those to be tried once more, with their failures.
    async fn round(&self, queue: Vec<Queued>, may_put_back: bool) -> Vec<Queued> {
        let put_back = Mutex::new(Vec::new());
        futures_util::stream::iter(queue)
            .map(|queued| self.one(queued, may_put_back.then_some(&put_back)))
            .buffer_unordered(self.shared.pull.concurrency)
            .collect::<()>()
            .await;
        let mut put_back = put_back.into_inner().unwrap_or_else(PoisonError::into_inner);
        put_back.sort_unstable_by_key(|queued: &Queued| queued.place);
        put_back
    }

    async fn one(&self, Queued { place, failed_before }: Queued, put_back: Option<&Mutex<Vec<Queued>>>) {
        let listed = &self.listed[place];
        if self.with(|progress| progress.ended_early.is_some()) {
            return self.keep_failure(place, failed_before);
        }
        let result = match self.done(place, listed).await {
            Ok(result) => result,
            Err(error) if ends_the_pull(&error) => {
                self.end(error);
                return self.keep_failure(place, failed_before);
            }
            Err(error) => match put_back {
                Some(put_back) => {
                    (self.watch)(&PullEvent::ReportPutBack { code: &listed.code, error: &error });
                    put_back.lock().unwrap_or_else(PoisonError::into_inner).push(Queued { place, failed_before: Some(error) });
                    return;
                }
                None => self.failed(place, error),
            },
        };
        self.with(|progress| {
            let done = 1 + progress.results.iter().flatten().count();
            (self.watch)(&PullEvent::ReportDone { result: &result, done, total: self.listed.len() });
            progress.results[place] = Some(result);
        });
        if let Err(error) = self.write_manifest().await {
            self.end(error);
        }
        self.tell_forecast().await;
    }

    /// Does what is to be done about a report.
    async fn done(&self, place: usize, listed: &Listed) -> Result<ReportResult, Error> {
        let as_it_stands = |outcome| self.open[place].as_it_stands(outcome);
        match self.steps[place] {
            Step::Fetch => report::pull(&self.shared, listed, self.watch).await,
            Step::Settle => report::settle(&self.shared, listed).await,
            Step::Here => Ok(as_it_stands(Outcome::AlreadyHere)),
            Step::Live => Ok(as_it_stands(Outcome::Live)),
            Step::Closed(why) => Ok(ReportResult { outcome: why.into(), ..ReportResult::untried(listed) }),
            Step::BadCode => {
                let outcome = Outcome::Failed(ReportCode::refused(listed.code.as_str()));
                Ok(ReportResult { outcome, ..ReportResult::untried(listed) })
            }
        }
    }

    /// Tells what the reports that are still open will take.
    async fn tell_forecast(&self) {
        let (wanted, sizes) = self.with(|progress| self.outlook(&progress.results));
        let pull = &self.shared.pull;
        // Nobody is told anything where an argument cannot be sent: the pull meets the same error.
        if let Ok(left) = Forecast::of(&wanted, &Sizes::of(sizes), pull).await {
            (self.watch)(&PullEvent::Forecast { left: &left });
        }
    }

    /// What is still to be fetched, and the sizes that are known by now.
    fn outlook(&self, results: &[Option<ReportResult>]) -> (Wanted, Vec<Size>) {
        let (mut wanted, mut sizes) = (Wanted::default(), Vec::new());
        for ((listed, step), result) in self.listed.iter().zip(&self.steps).zip(results) {
            match result.as_ref().map(|result| (&result.outcome, result)) {
                None if *step == Step::Fetch => wanted.hours.push(listed.hours()),
                Some((Outcome::Complete | Outcome::Live, it)) => sizes.push(Size::fetched(listed.hours(), it.fights, &it.events)),
                _ => {}
            }
        }
        sizes.extend_from_slice(&self.sizes);
        (wanted, sizes)
    }

    /// No further report is begun.
    pub(super) fn end(&self, error: Error) {
        self.with(|progress| {
            progress.ended_early.get_or_insert(error);
        });
    }

    /// A report that failed and waited for its second try has not been left untried.
    fn keep_failure(&self, place: usize, failed_before: Option<Error>) {
        if let Some(error) = failed_before {
            let result = self.failed(place, error);
            self.with(|progress| progress.results[place] = Some(result));
        }
    }

    fn failed(&self, place: usize, error: Error) -> ReportResult {
        self.open[place].as_it_stands(Outcome::Failed(error))
    }

    /// Nothing panics while the lock is held, and it is never held across a wait.
    pub(super) fn with<R>(&self, look: impl FnOnce(&mut Progress) -> R) -> R {
        look(&mut self.progress.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What is to be said of a report that was not tried, with what an earlier pull has left under `live/` or `data/`.
fn untried(listed: &Listed, known: &Known) -> ReportResult {
    match known.live.as_ref().or(known.data.as_ref()) {
        Some(here) => ReportResult::with(listed, here),
        None => ReportResult::untried(listed),
    }
}

/// What is to be said of a report that is here and not in the list.
fn kept(code: &str, known: &Known) -> Option<ReportResult> {
    let (outcome, here) = match (&known.data, &known.live) {
        (Some(data), _) => (Outcome::AlreadyHere, data),
        (None, Some(live)) => (Outcome::Live, live),
        _ => return None,
    };
    let code = ReportCode::bare(code)?;
    Some(ReportResult::of(code, (here.title.clone(), here.start), outcome, Some(here)))
}

fn open_places(results: &[Option<ReportResult>]) -> Vec<usize> {
    results.iter().enumerate().filter(|(_, result)| result.is_none()).map(|(place, _)| place).collect()
}

/// What would befall every other report as well: the key, the host, the budget or the disk. The rest concerns one report.
fn ends_the_pull(error: &Error) -> bool {
    error.kind() == ErrorKind::LocalFile || error.befalls_every_call()
}
