//! A pull that is only reckoned up.

use super::folder::Folder;
use super::forecast::{Forecast, Wanted, hours};
use super::manifest::Earlier;
use super::report::{self, known_to_be_closed};
use super::sizes::{self, Size, Sizes};
use super::stream::StreamFile;
use super::{Pull, run};
use crate::api::Report;
use crate::error::Error;
use crate::ids::{GuildId, ReportCode};
use crate::units::UnixMillis;

/// What a pull would find and take. Made by [`Pull::dry_run`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DryRun {
    /// The guild.
    pub guild: GuildId,
    /// Its name.
    pub guild_name: String,
    /// Reports in the list.
    pub reports: usize,
    /// How many the service counts; more than `reports` where it hides some from this key.
    pub list_total: Option<u64>,
    /// Reports that are here from an earlier pull, whole; nothing is asked for them.
    pub already_here: usize,
    /// Reports that may still grow: they are fetched as they stand, and again by the next pull.
    pub live: usize,
    /// Reports that cannot be had, as far as the list and an earlier pull tell: archived ones, and private ones, which no key sees
    /// without a user's token.
    pub cannot_be_had: usize,
    /// Reports that would be fetched, the live ones included.
    pub to_fetch: usize,
    /// What the pull takes, the list of reports included, which it reads again.
    pub forecast: Forecast,
}

/// What is to be done about a report of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Here,
    ToFetch {
        is_live: bool,
    },
    /// It cannot be had; to be told so takes a request, or none.
    Closed {
        asked: bool,
    },
}

impl Pull {
    /// Tells what [`run`](Self::run) would find and take, and changes nothing: the folder is neither made nor written to, and may be one
    /// in which another pull works.
    ///
    /// It asks for the guild and for the list of its reports, which costs points as it does in the pull itself: about 1.2 and
    /// 4.25 a report. All else is reckoned: how large the reports are, by those in the folder; what calls cost, by what the client's
    /// ledger has learned ([`Ledger::in_folder`](crate::Ledger::in_folder) keeps that from run to run).
    ///
    /// # Errors
    /// As [`run`](Self::run) where nothing could be started.
    pub async fn dry_run(&self) -> Result<DryRun, Error> {
        let (root, host) = (self.folder.clone(), self.client.endpoint().service_name());
        let guild = self.guild;
        let look = move || Folder::look(&root, |text| Earlier::read(text, &host, guild));
        let (folder, earlier) = report::blocking(look).await?;
        let guild = self.asking().guild(self.guild).get().await?;
        let before = self.client.points_seen();
        let list = self.list().await?;
        let grown = self
            .client
            .points_seen()
            .zip(before)
            .map(|(now, before)| now.spent_by_us_about.get() - before.spent_by_us_about.get());

        let files = report::files_of(&self.streams);
        let now = self.client.clock().now();
        let kinds: Vec<Kind> = list.reports.iter().map(|report| kind(report, &folder, &files, earlier.as_ref(), now)).collect();
        let sizes = report::blocking(move || Ok(Sizes::of(sizes_here(&folder, earlier.as_ref())))).await?;
        let wanted = Wanted { list_seen: grown, ..wanted(&list, &kinds) };
        let count = |is: fn(&Kind) -> bool| kinds.iter().filter(|kind| is(kind)).count();
        Ok(DryRun {
            guild: self.guild,
            guild_name: guild.value().name.clone().unwrap_or_default(),
            reports: list.reports.len(),
            list_total: list.total,
            already_here: count(|kind| *kind == Kind::Here),
            live: count(|kind| *kind == Kind::ToFetch { is_live: true }),
            cannot_be_had: count(|kind| matches!(kind, Kind::Closed { .. })),
            to_fetch: wanted.hours.len(),
            forecast: Forecast::of(&wanted, &sizes, &files, &self.client, self.concurrency).await?,
        })
    }
}

fn wanted(list: &run::List, kinds: &[Kind]) -> Wanted {
    let mut wanted = Wanted { list_pages: list.pages.clone(), ..Wanted::default() };
    for (report, kind) in list.reports.iter().zip(kinds) {
        match kind {
            Kind::Here | Kind::Closed { asked: false } => {}
            Kind::Closed { asked: true } => wanted.refused += 1,
            Kind::ToFetch { .. } => wanted.hours.push(hours(report)),
        }
    }
    wanted
}

fn kind(listed: &Report, folder: &Folder, files: &[StreamFile], earlier: Option<&Earlier>, now: UnixMillis) -> Kind {
    let names: Vec<&str> = files.iter().map(|file| file.name).collect();
    if folder.has_report(&listed.code, &names) {
        return Kind::Here;
    }
    // A code of no known form is not asked for.
    if known_to_be_closed(listed).is_some() || listed.code.as_str().parse::<ReportCode>().is_err() {
        return Kind::Closed { asked: false };
    }
    let was_refused = earlier.is_some_and(|earlier| earlier.report(listed.code.as_str()).status == "not_visible");
    if was_refused || listed.visibility.as_deref() == Some("private") {
        return Kind::Closed { asked: true };
    }
    Kind::ToFetch { is_live: !report::is_long_past(listed, now) }
}

/// The sizes of the reports that are here.
pub(super) fn sizes_here(folder: &Folder, earlier: Option<&Earlier>) -> Vec<Size> {
    let Some(earlier) = earlier else { return Vec::new() };
    earlier.finished().take(sizes::MOST).filter_map(|code| size(folder, earlier, &code)).collect()
}

fn size(folder: &Folder, earlier: &Earlier, code: &ReportCode) -> Option<Size> {
    let hours = folder.length(code)?.as_secs_f64() / 3_600.0;
    let events = earlier.report(code.as_str()).events;
    let event_bytes = events.keys().map(|name| (name.clone(), folder.bytes_of_events(code, name))).collect();
    Some(Size { hours, events, event_bytes, other_bytes: folder.bytes_beside_events(code) })
}
