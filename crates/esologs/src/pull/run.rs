//! The pull itself: list, fetch, write, tell.

use std::sync::Mutex;
use std::sync::PoisonError;

use futures_util::{StreamExt as _, TryStreamExt as _};

use super::dry_run::sizes_here;
use super::folder::Folder;
use super::forecast::{Forecast, Wanted, hours};
use super::manifest::{Earlier, Entry, Manifest, ManifestGuild, readme};
use super::outcome::{Outcome, PullEvent, ReportResult, Summary};
use super::sizes::{Size, Sizes};
use super::stream::StreamFile;
use super::{Pull, report};
use crate::api::{Report, on_one_line};
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::ids::ReportCode;
use crate::resilience::CacheUse;
use crate::units::UnixMillis;

/// What the tasks of a pull share.
struct Work<'a> {
    pull: &'a Pull,
    folder: Folder,
    guild_name: String,
    files: Vec<StreamFile>,
    /// Of reports that earlier pulls have brought home.
    sizes: Vec<Size>,
    listed: Vec<Report>,
    list_total: Option<u64>,
    /// What is to be said of each report before it was tried.
    open: Vec<ReportResult>,
    /// Manifest entries of reports that are here, but not in the list.
    kept: Vec<serde_json::Value>,
    progress: Mutex<Progress>,
    watch: &'a (dyn Fn(&PullEvent<'_>) + Send + Sync),
}

/// A report to be fetched, by its place in the list.
struct Queued {
    place: usize,
    /// Why its first try failed.
    failed_before: Option<Error>,
}

/// The list of reports.
#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) reports: Vec<Report>,
    /// How many the service counts.
    pub(super) total: Option<u64>,
    /// Entries on each of its pages.
    pub(super) pages: Vec<usize>,
}

/// Results so far, in the order of the list; `None` for those to come.
struct Progress {
    results: Vec<Option<ReportResult>>,
    /// Why no further report is begun.
    ended_early: Option<Error>,
}

impl Pull {
    /// Runs the pull to its end. `watch` is told what happens while it happens; it must not block.
    ///
    /// A report that cannot be had, or fails, does not end the pull: the summary names it. Where the service is down, the key
    /// is refused or the disk fails, the pull ends early, and the summary says so in `ended_early`. The same pull again
    /// fetches what is missing. Dropping the future stops the pull; what was finished stays.
    ///
    /// # Errors
    /// Where nothing could be started: the folder cannot be used ([`ErrorKind::LocalFile`]), the guild is not there
    /// ([`ErrorKind::NotVisible`]), or the guild and the list of its reports could not be fetched (every kind of a call).
    pub async fn run(self, watch: impl Fn(&PullEvent<'_>) + Send + Sync) -> Result<Summary, Error> {
        let (root, host) = (self.folder.clone(), self.client.endpoint().service_name());
        // The disk first: nothing is bought that cannot be kept.
        let (for_host, guild) = (host.clone(), self.guild);
        let open = move || {
            let (folder, earlier) = Folder::open(&root, |text| Earlier::read(text, &for_host, guild))?;
            let sizes = sizes_here(&folder, earlier.as_ref());
            Ok((folder, earlier, sizes))
        };
        let (folder, earlier, sizes) = report::blocking(open).await?;
        let guild = self.asking().guild(self.guild).get().await?;
        let guild_name = guild.value().name.clone().unwrap_or_default();
        watch(&PullEvent::GuildFound { id: self.guild, name: &guild_name });
        let List { reports: listed, total: list_total, .. } = self.list().await?;

        folder.write_readme(&readme(&guild_name, self.guild, &host, &self.streams))?;
        folder.write_guild(&on_one_line(guild.json().get()))?;
        let files = report::files_of(&self.streams);
        let results = listed.iter().map(|report| already_here(report, &folder, &files, earlier.as_ref())).collect();
        let kept = earlier.as_ref().map(|earlier| earlier.kept(|code| listed.iter().any(|report| report.code.as_str() == code)));
        let work = Work {
            pull: &self,
            folder,
            guild_name,
            files,
            sizes,
            open: listed.iter().map(|report| not_tried(report, earlier.as_ref())).collect(),
            listed,
            list_total,
            kept: kept.unwrap_or_default(),
            progress: Mutex::new(Progress { results, ended_early: None }),
            watch: &watch,
        };
        work.all().await?;
        work.into_summary()
    }

    /// The client that asks what there is, and what changed: past the cache.
    pub(super) fn asking(&self) -> Client {
        self.client.using_cache(CacheUse::Refresh)
    }

    /// The whole list of reports, newest first. A report uploaded while the list is read shifts the pages, so that one can
    /// come twice.
    pub(super) async fn list(&self) -> Result<List, Error> {
        let mut pages = std::pin::pin!(self.asking().guild(self.guild).reports().since(self.since).until(self.until).pages());
        let (mut list, mut seen, mut beyond) = (List::default(), std::collections::BTreeSet::new(), 0);
        while let Some(page) = pages.try_next().await? {
            list.total = Some(page.total);
            list.pages.push(page.data.len());
            for report in page.data.into_iter().flatten() {
                // The service may take the bound as included.
                if self.until.is_some_and(|until| report.start_time.is_some_and(|start| start >= until)) {
                    beyond += 1;
                } else if seen.insert(report.code.clone()) {
                    list.reports.push(report);
                }
            }
        }
        list.total = list.total.map(|total| total.saturating_sub(beyond));
        Ok(list)
    }
}

/// The result for a report that an earlier pull has brought home whole.
fn already_here(report: &Report, folder: &Folder, files: &[StreamFile], earlier: Option<&Earlier>) -> Option<ReportResult> {
    let names: Vec<&str> = files.iter().map(|file| file.name).collect();
    if !folder.has_report(&report.code, &names) {
        return None;
    }
    let before = earlier.map(|earlier| earlier.report(report.code.as_str())).unwrap_or_default();
    let (fights, events) = if names.iter().all(|name| before.events.contains_key(*name)) {
        (before.fights, before.events)
    } else {
        folder.count(&report.code)
    };
    Some(ReportResult {
        outcome: Outcome::AlreadyHere,
        fights,
        events: events.into_iter().collect(),
        ..ReportResult::untried(report)
    })
}

/// The result for a report that was not tried, with what an earlier pull says of its part under `live/`.
fn not_tried(report: &Report, earlier: Option<&Earlier>) -> ReportResult {
    let before = earlier.map(|earlier| earlier.report(report.code.as_str())).unwrap_or_default();
    ReportResult { fights: before.fights, events: before.events.into_iter().collect(), ..ReportResult::untried(report) }
}

impl Work<'_> {
    /// Fetches what is missing; what fails goes once to the back of the queue.
    async fn all(&self) -> Result<(), Error> {
        let missing: Vec<usize> = self.with(|progress| open_places(&progress.results));
        (self.watch)(&PullEvent::Listed { reports: self.listed.len(), already_here: self.listed.len() - missing.len() });
        self.write_manifest()?;
        self.tell_forecast().await;
        let missing = missing.into_iter().map(|place| Queued { place, failed_before: None }).collect();
        let failed = self.round(missing, true).await;
        self.round(failed, false).await;
        Ok(())
    }

    /// Fetches these reports, some at a time; returns those to be tried once more, with their failures.
    async fn round(&self, queue: Vec<Queued>, may_put_back: bool) -> Vec<Queued> {
        let put_back = Mutex::new(Vec::new());
        futures_util::stream::iter(queue)
            .map(|queued| self.one(queued, may_put_back.then_some(&put_back)))
            .buffer_unordered(self.pull.concurrency)
            .collect::<()>()
            .await;
        let mut put_back = put_back.into_inner().unwrap_or_else(PoisonError::into_inner);
        put_back.sort_unstable_by_key(|queued: &Queued| queued.place);
        put_back
    }

    async fn one(&self, Queued { place, failed_before }: Queued, put_back: Option<&Mutex<Vec<Queued>>>) {
        let listed = &self.listed[place];
        // What is final need not be bought again; nothing older may pass for what is there now.
        let client = self.pull.client.using_cache(CacheUse::FreshOnly);
        let outcome = if self.with(|progress| progress.ended_early.is_some()) {
            Err(None)
        } else {
            // A code of no known form could name another's folder.
            match listed.code.as_str().parse::<ReportCode>() {
                Ok(_) => report::pull(&client, &self.folder, listed, &self.files, self.watch).await.map_err(Some),
                Err(error) => Ok(ReportResult { outcome: Outcome::Failed(error), ..ReportResult::untried(listed) }),
            }
        };
        let result = match outcome {
            Ok(result) => result,
            Err(Some(error)) if ends_the_pull(&error) => {
                self.end(error);
                return self.keep_failure(place, failed_before);
            }
            Err(None) => return self.keep_failure(place, failed_before),
            Err(Some(error)) => match put_back {
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
        if let Err(error) = self.write_manifest() {
            self.end(error);
        }
        self.tell_forecast().await;
    }

    /// Tells what the reports that are still open will take.
    async fn tell_forecast(&self) {
        let (wanted, sizes) = self.with(|progress| self.outlook(&progress.results));
        let pull = self.pull;
        // Nobody is told anything where an argument cannot be sent: the pull meets the same error.
        if let Ok(left) = Forecast::of(&wanted, &Sizes::of(sizes), &self.files, &pull.client, pull.concurrency).await {
            (self.watch)(&PullEvent::Forecast { left: &left });
        }
    }

    /// What is still to be fetched, and the sizes that are known by now.
    fn outlook(&self, results: &[Option<ReportResult>]) -> (Wanted, Vec<Size>) {
        let (mut wanted, mut sizes) = (Wanted::default(), Vec::new());
        for (listed, result) in self.listed.iter().zip(results) {
            match result.as_ref().map(|result| (&result.outcome, &result.events)) {
                None if report::known_to_be_closed(listed).is_none() => wanted.hours.push(hours(listed)),
                Some((Outcome::Complete | Outcome::Live, events)) => sizes.push(Size::fetched(hours(listed), events)),
                _ => {}
            }
        }
        sizes.extend_from_slice(&self.sizes);
        (wanted, sizes)
    }

    /// No further report is begun.
    fn end(&self, error: Error) {
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
        let open = &self.open[place];
        ReportResult {
            outcome: Outcome::Failed(error),
            fights: open.fights,
            events: open.events.clone(),
            ..ReportResult::untried(&self.listed[place])
        }
    }

    /// The manifest as of now, so that a pull that is killed leaves a true one.
    fn write_manifest(&self) -> Result<(), Error> {
        self.with(|progress| {
            let entries: Vec<&ReportResult> =
                progress.results.iter().zip(&self.open).map(|(result, open)| result.as_ref().unwrap_or(open)).collect();
            self.folder.write_manifest(&self.manifest(&entries, self.pull.client.clock().now()).to_json()?)
        })
    }

    fn manifest<'b>(&'b self, results: &[&'b ReportResult], now: UnixMillis) -> Manifest<'b> {
        Manifest {
            format: Manifest::FORMAT,
            written_by: concat!("esologs/", env!("CARGO_PKG_VERSION")),
            host: self.pull.client.endpoint().service_name(),
            guild: ManifestGuild { id: self.pull.guild, name: &self.guild_name },
            since_unix_ms: self.pull.since,
            until_unix_ms: self.pull.until,
            streams: self.pull.streams.iter().map(|stream| stream.name()).collect(),
            written_at_unix_ms: now,
            all_that_can_be_had_is_here: results.iter().all(|result| !result.outcome.is_missing()),
            list_total: self.list_total,
            reports: results.iter().map(|result| Entry::of(result, self.folder.has_live(&result.code))).collect(),
            kept_from_earlier_pulls: &self.kept,
        }
    }

    fn into_summary(self) -> Result<Summary, Error> {
        // What `keep_failure` has noted since the last report was done.
        let manifest = self.write_manifest();
        let mut progress = self.progress.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = manifest {
            progress.ended_early.get_or_insert(error);
        }
        let reports = progress.results.into_iter().zip(self.open).map(|(result, open)| result.unwrap_or(open)).collect();
        Ok(Summary {
            guild: self.pull.guild,
            guild_name: self.guild_name,
            folder: self.pull.folder.clone(),
            reports,
            list_total: self.list_total,
            ended_early: progress.ended_early,
        })
    }

    /// Nothing panics while the lock is held, and it is never held across a wait.
    fn with<R>(&self, look: impl FnOnce(&mut Progress) -> R) -> R {
        look(&mut self.progress.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn open_places(results: &[Option<ReportResult>]) -> Vec<usize> {
    results.iter().enumerate().filter(|(_, result)| result.is_none()).map(|(place, _)| place).collect()
}

/// What would befall every other report as well: the key, the host, the budget or the disk. The rest concerns one report.
fn ends_the_pull(error: &Error) -> bool {
    error.kind() == ErrorKind::LocalFile || error.befalls_every_call()
}
