//! The pull itself: list, fetch, write, tell.

use std::sync::Mutex;
use std::sync::PoisonError;

use futures_util::{StreamExt as _, TryStreamExt as _};

use super::folder::Folder;
use super::manifest::{Earlier, Entry, Manifest, ManifestGuild, readme};
use super::outcome::{Outcome, PullEvent, ReportResult, Summary};
use super::stream::StreamFile;
use super::{Pull, report};
use crate::api::{Report, on_one_line};
use crate::error::{Error, ErrorKind};
use crate::units::UnixMillis;

/// What the tasks of a pull share.
struct Work<'a> {
    pull: &'a Pull,
    folder: Folder,
    guild_name: String,
    files: Vec<StreamFile>,
    listed: Vec<Report>,
    /// Manifest entries of reports that are here, but not in the list.
    kept: Vec<serde_json::Value>,
    progress: Mutex<Progress>,
    watch: &'a (dyn Fn(&PullEvent<'_>) + Send + Sync),
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
        let folder = report::blocking(move || Folder::open(&root)).await?;
        let earlier = folder.read_manifest()?.map(|text| Earlier::read(&text, &host, self.guild)).transpose()?;
        let guild = self.client.guild(self.guild).get().await?;
        let guild_name = guild.value().name.clone().unwrap_or_default();
        watch(&PullEvent::GuildFound { id: self.guild, name: &guild_name });
        folder.write_readme(&readme(&guild_name, self.guild, &host, &self.streams))?;
        folder.write_guild(&on_one_line(guild.json().get()))?;
        let listed = self.list().await?;

        let files = report::files_of(&self.streams);
        let results = listed.iter().map(|report| already_here(report, &folder, &files, earlier.as_ref())).collect();
        let kept = earlier.as_ref().map(|earlier| earlier.kept(|code| listed.iter().any(|report| report.code.as_str() == code)));
        let work = Work {
            pull: &self,
            folder,
            guild_name,
            files,
            listed,
            kept: kept.unwrap_or_default(),
            progress: Mutex::new(Progress { results, ended_early: None }),
            watch: &watch,
        };
        work.all().await?;
        work.into_summary()
    }

    /// The whole list of reports, newest first. A report uploaded while the list is read shifts the pages, so that one can
    /// come twice.
    async fn list(&self) -> Result<Vec<Report>, Error> {
        let mut pages = std::pin::pin!(self.client.guild(self.guild).reports().since(self.since).until(self.until).pages());
        let (mut listed, mut seen) = (Vec::new(), std::collections::BTreeSet::new());
        while let Some(page) = pages.try_next().await? {
            for report in page.data.into_iter().flatten() {
                if seen.insert(report.code.clone()) {
                    listed.push(report);
                }
            }
        }
        Ok(listed)
    }
}

/// The result for a report that an earlier pull has brought home whole.
fn already_here(report: &Report, folder: &Folder, files: &[StreamFile], earlier: Option<&Earlier>) -> Option<ReportResult> {
    let names: Vec<&str> = files.iter().map(|file| file.name).collect();
    if !folder.has_report(&report.code, &names) {
        return None;
    }
    let before = earlier.map(|earlier| earlier.report(report.code.as_str())).unwrap_or_default();
    Some(ReportResult {
        outcome: Outcome::AlreadyHere,
        fights: before.fights,
        events: before.events.into_iter().collect(),
        ..not_tried(report)
    })
}

fn not_tried(report: &Report) -> ReportResult {
    ReportResult {
        code: report.code.clone(),
        title: report.title.clone().unwrap_or_default(),
        start_time: report.start_time,
        outcome: Outcome::NotTried,
        fights: 0,
        events: Vec::new(),
    }
}

impl Work<'_> {
    /// Fetches what is missing; what fails goes once to the back of the queue.
    async fn all(&self) -> Result<(), Error> {
        let missing: Vec<usize> = self.with(|progress| open_places(&progress.results));
        (self.watch)(&PullEvent::Listed { reports: self.listed.len(), already_here: self.listed.len() - missing.len() });
        self.write_manifest()?;
        let failed = self.round(missing, true).await?;
        self.round(failed, false).await?;
        Ok(())
    }

    /// Fetches these reports, some at a time; returns those to be tried once more.
    async fn round(&self, places: Vec<usize>, may_put_back: bool) -> Result<Vec<usize>, Error> {
        let put_back = Mutex::new(Vec::new());
        futures_util::stream::iter(places)
            .map(|place| self.one(place, may_put_back.then_some(&put_back)))
            .buffer_unordered(self.pull.concurrency)
            .try_collect::<()>()
            .await?;
        let mut put_back = put_back.into_inner().unwrap_or_else(PoisonError::into_inner);
        put_back.sort_unstable();
        Ok(put_back)
    }

    async fn one(&self, place: usize, put_back: Option<&Mutex<Vec<usize>>>) -> Result<(), Error> {
        if self.with(|progress| progress.ended_early.is_some()) {
            return Ok(());
        }
        let listed = &self.listed[place];
        let result = match report::pull(&self.pull.client, &self.folder, listed, &self.files, self.watch).await {
            Ok(result) => result,
            Err(error) if ends_the_pull(&error) => {
                self.with(|progress| {
                    progress.ended_early.get_or_insert(error);
                });
                return Ok(());
            }
            Err(error) => match put_back {
                Some(put_back) => {
                    (self.watch)(&PullEvent::ReportPutBack { code: &listed.code, error: &error });
                    put_back.lock().unwrap_or_else(PoisonError::into_inner).push(place);
                    return Ok(());
                }
                None => ReportResult { outcome: Outcome::Failed(error), ..not_tried(listed) },
            },
        };
        self.with(|progress| {
            let done = 1 + progress.results.iter().flatten().count();
            (self.watch)(&PullEvent::ReportDone { result: &result, done, total: self.listed.len() });
            progress.results[place] = Some(result);
        });
        self.write_manifest()
    }

    /// The manifest as of now, so that a pull that is killed leaves a true one.
    fn write_manifest(&self) -> Result<(), Error> {
        self.with(|progress| {
            let placeholders: Vec<ReportResult> = self.listed.iter().map(not_tried).collect();
            let entries: Vec<&ReportResult> =
                progress.results.iter().zip(&placeholders).map(|(result, open)| result.as_ref().unwrap_or(open)).collect();
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
            reports: results.iter().map(|result| Entry::of(result)).collect(),
            kept_from_earlier_pulls: &self.kept,
        }
    }

    fn into_summary(self) -> Result<Summary, Error> {
        self.folder.tidy();
        let progress = self.progress.into_inner().unwrap_or_else(PoisonError::into_inner);
        let reports = progress
            .results
            .into_iter()
            .zip(&self.listed)
            .map(|(result, listed)| result.unwrap_or_else(|| not_tried(listed)))
            .collect();
        Ok(Summary {
            guild: self.pull.guild,
            guild_name: self.guild_name,
            folder: self.pull.folder.clone(),
            reports,
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
    match error.kind() {
        ErrorKind::Auth
        | ErrorKind::Forbidden
        | ErrorKind::CdnBlocked
        | ErrorKind::Certificate
        | ErrorKind::Unreachable
        | ErrorKind::RateLimited
        | ErrorKind::LocalFile => true,
        // After minutes of failing attempts the service is down; after a few unusable answers this one report is broken.
        ErrorKind::Timeout | ErrorKind::Upstream => error.is_outage(),
        _ => false,
    }
}
