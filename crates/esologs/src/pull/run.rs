//! The pull from its beginning to its end: folder, target, list, reports, summary.

use std::path::PathBuf;
use std::sync::Arc;

use super::Pull;
use super::attendance::ATTENDANCE;
use super::dry_run::sizes_here;
use super::journal::{Known, Page, Record, State};
use super::listing::Listed;
use super::manifest::readme;
use super::outcome::{PullEvent, Summary};
use super::plan::Wish;
use super::report::files_of;
use super::store::{Owner, Store};
use super::stream::StreamFile;
use super::target::Target;
use super::work::Work;
use crate::api::on_one_line;
use crate::client::Client;
use crate::disk::blocking;
use crate::error::{Error, ErrorKind};
use crate::resilience::CacheUse;
use crate::units::UnixMillis;

/// What the tasks of a pull share, those on the disk's side included.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) pull: Pull,
    pub(super) owner: Owner,
    pub(super) store: Arc<Store>,
    pub(super) files: Vec<StreamFile>,
    /// Fetches reports. What is final need not be bought again; nothing older may pass for what is there now.
    client: Client,
}

impl Shared {
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Whether events of a report are fetched with resources: where that is wanted, and where those that are here have them. All
    /// events of a report are alike.
    pub(super) fn takes_resources(&self, known: &Known) -> bool {
        self.pull.include_resources || known.data.as_ref().is_some_and(|data| data.with_resources)
    }

    /// Notes what has happened. When this returns, it stands.
    pub(super) fn note(&self, records: Vec<Record>) -> Result<(), Error> {
        self.store.note(records, &self.owner)
    }
}

impl Pull {
    /// Runs the pull to its end. `watch` is told what happens while it happens; it must not block.
    ///
    /// A report that cannot be had, or fails, does not end the pull: the summary names it. Where the service is down, the key
    /// is refused or the disk fails, the pull ends early, and the summary says so in `ended_early`. The same pull again
    /// fetches what is missing, and goes on within a report with the page that was not fetched yet. Dropping the future stops the
    /// pull, and so does the end of the program, however it comes: what was fetched stays.
    ///
    /// # Errors
    /// Where nothing could be started: the folder cannot be used ([`ErrorKind::LocalFile`]), the target
    /// is not there ([`ErrorKind::NotVisible`]), or it and the list of its reports could not be
    /// fetched (every kind of a call).
    pub async fn run(self, watch: impl Fn(&PullEvent<'_>) + Send + Sync) -> Result<Summary, Error> {
        // The disk first: nothing is bought that cannot be kept.
        let owner = self.owner();
        let store =
            Store::open(&self.folder, &owner, self.waits, || watch(&PullEvent::WaitingForFolder { folder: &self.folder }))
                .await?;
        if let Some(line) = store.damaged_line {
            watch(&PullEvent::JournalDamaged { line });
        }
        let files = files_of(&self.streams);
        let cache = if self.refresh_live { CacheUse::Refresh } else { CacheUse::FreshOnly };
        let client = self.client.using_cache(cache);
        let shared = Arc::new(Shared { pull: self, owner, store, files, client });
        let name = shared.name().await?;
        watch(&PullEvent::TargetFound { target: shared.pull.target, name: &name });
        let now = shared.client().clock().now();
        shared.read_list(now).await?;

        let text = readme(&name, shared.owner.target, &shared.owner.host, &shared.pull.streams);
        let disk = Arc::clone(&shared);
        let sizes = blocking(move || {
            disk.store.folder.write_readme(&text)?;
            Ok(disk.store.look(|state| sizes_here(&disk.store.folder, state)))
        })
        .await?;
        let work = Work::of(Arc::clone(&shared), name, now, sizes, &watch);
        work.all().await?;
        work.attendance().await;
        work.into_summary().await
    }

    /// The client that asks what there is, and what changed: past the cache.
    pub(super) fn asking(&self) -> Client {
        self.client.using_cache(CacheUse::Refresh)
    }

    pub(super) fn owner(&self) -> Owner {
        Owner { host: self.client.endpoint().service_name(), target: self.target }
    }

    /// Asks for what the pull is about: its name, and what the service tells of it, on one line. `None` where it tells nothing.
    pub(super) async fn about(&self) -> Result<Option<(String, String)>, Error> {
        let (name, json) = match self.target {
            Target::Guild(id) => {
                let guild = self.asking().guild(id).get().await?;
                (guild.value().name.clone(), guild.json().to_owned())
            }
            Target::Character(id) => {
                let character = self.asking().character(id).get().await?;
                (character.value().name.clone(), character.json().to_owned())
            }
            Target::User(_) | Target::Reports => return Ok(None),
        };
        Ok(Some((name.unwrap_or_default(), on_one_line(json.get()).into_owned())))
    }

    /// A user of whom nothing was ever seen is told as one that is not there: users themselves are shown to signed-in users only.
    pub(super) fn is_anybody_there(&self, state: &State) -> Result<(), Error> {
        let is_bounded = self.since.is_some() || self.until.is_some() || self.zone.is_some();
        let is_seen =
            !state.reports.is_empty() || !state.list.reports.is_empty() || state.list.whole.is_some_and(|it| it.hidden > 0);
        match self.target {
            Target::User(id) if !is_bounded && !is_seen => {
                let message = format!("there is no report of user {id} that this key can see");
                Err(Error::new(ErrorKind::NotVisible, message).with_hint("check the number in the user's address"))
            }
            _ => Ok(()),
        }
    }

    /// The files that are wanted of every report beside those that every report has, by name.
    pub(super) fn wanted(&self) -> Vec<&'static str> {
        let events = files_of(&self.streams).into_iter().map(|file| file.name);
        events.chain(self.extras.iter().map(|extra| extra.name())).collect()
    }

    /// What was asked for beside events, by name.
    pub(super) fn extra_names(&self) -> Vec<&'static str> {
        let of_reports = self.extras.iter().map(|extra| extra.name());
        of_reports.chain(self.attendance.then_some(ATTENDANCE)).collect()
    }

    /// What is wanted of every report.
    pub(super) fn wish<'a>(&self, events: &'a [&'a str], now: UnixMillis) -> Wish<'a> {
        Wish {
            events,
            with_resources: self.include_resources,
            refresh_live: self.refresh_live,
            retry: self.retry_failed,
            has_user: self.client.has_user(),
            now,
        }
    }

    /// The reports of the list that were asked for, newest first, and how many the service counts.
    pub(super) fn listed(&self, state: &State) -> (Vec<Listed>, Option<u64>) {
        let span = self.span();
        let reports: Vec<Listed> = span.of(&state.list.reports).cloned().collect();
        let total = state.list.whole.map(|whole| reports.len() as u64 + whole.hidden);
        (reports, total)
    }
}

impl Shared {
    /// The name of what the pull is about; where it is known from an earlier pull, without a request.
    async fn name(self: &Arc<Self>) -> Result<String, Error> {
        if let Some((name, _)) = self.store.look(|state| state.about.clone()) {
            return Ok(name);
        }
        let shared = Arc::clone(self);
        let Some((name, line)) = self.pull.about().await? else {
            return blocking(move || shared.store.folder.make_data()).await.map(|()| String::new());
        };
        let noted = name.clone();
        blocking(move || {
            let file: Page = shared.store.folder.write_about(shared.owner.target, &line)?;
            shared.note(vec![Record::About { name: noted, file }])
        })
        .await?;
        Ok(name)
    }

    /// Reads the list. A folder in which nothing ever came of it is left as it was found.
    async fn read_list(&self, now: UnixMillis) -> Result<(), Error> {
        let wanted = self.pull.wanted();
        let read = self.pull.read_list(&self.store, &self.owner, &self.pull.wish(&wanted, now)).await;
        let read = read.and_then(|()| self.store.look(|state| self.pull.is_anybody_there(state)));
        if read.is_err() && self.store.is_new && self.store.look(|state| state.reading.is_none()) {
            self.store.forget();
        }
        read
    }

    /// The folder, as it was named.
    pub(super) fn folder(&self) -> PathBuf {
        self.pull.folder.clone()
    }
}
