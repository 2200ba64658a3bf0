//! What became of each report, and of the whole pull.

use std::path::{Path, PathBuf};

use super::attendance::Attendance;
use super::extra::ReportExtra;
use super::forecast::Forecast;
use super::journal::Inventory;
use super::listing::Listed;
use super::target::Target;
use crate::error::Error;
use crate::ids::ReportCode;
use crate::units::UnixMillis;

/// What became of one report.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// All of it is here and final.
    Complete,
    /// All of it is here from an earlier pull; nothing was asked for.
    AlreadyHere,
    /// What was there when we looked is here, under `live/`; the report may still grow.
    Live,
    /// It cannot be had: it needs a user token with a subscription.
    Archived,
    /// It cannot be had: not visible to this key (private, deleted or mistyped).
    NotVisible,
    /// It could be had, but was not; another pull tries again.
    Failed(Error),
    /// It was not tried, because the pull ended before.
    NotTried,
}

impl Outcome {
    /// A name in lower case with underscores, as in the manifest.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Complete | Self::AlreadyHere => "complete",
            Self::Live => "live",
            Self::Archived => "archived",
            Self::NotVisible => "not_visible",
            Self::Failed(_) => "failed",
            Self::NotTried => "not_tried",
        }
    }

    /// Why the report is not complete, in words; `None` where it is.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Complete | Self::AlreadyHere => None,
            Self::Live => Some(
                "may still grow: it ended less than 24 hours ago, or changed while we looked; what was there is under live/"
                    .into(),
            ),
            Self::Archived => Some("archived: needs a user token with a subscription".into()),
            Self::NotVisible => Some("not visible to this key (private, deleted or mistyped)".into()),
            Self::Failed(error) => Some(format!("failed: {error}")),
            Self::NotTried => Some("not tried: the pull ended before".into()),
        }
    }

    /// Whether another pull can get more of it.
    #[must_use]
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::NotTried)
    }
}

/// One report of a pull.
#[derive(Debug)]
#[non_exhaustive]
pub struct ReportResult {
    /// Its code.
    pub code: ReportCode,
    /// Its title, as the list gave it; of a report that was only named, as the report itself does; empty before that is here.
    pub title: String,
    /// Its start, as the list gave it.
    pub start_time: Option<UnixMillis>,
    /// What became of it.
    pub outcome: Outcome,
    /// Fights in it.
    pub fights: u64,
    /// Events written, by file: `("damage", 12345)`.
    pub events: Vec<(String, u64)>,
    /// What is here of it beside events.
    pub extras: Vec<ReportExtra>,
}

impl ReportResult {
    /// The result for a report of the list before anything was done about it.
    pub(super) fn untried(listed: &Listed) -> Self {
        Self::of(listed.code.clone(), (listed.title.clone(), listed.start), Outcome::NotTried, None)
    }

    /// The same, of which this is here.
    pub(super) fn with(listed: &Listed, here: &Inventory) -> Self {
        let told = if listed.is_only_named() { (&here.title, here.start) } else { (&listed.title, listed.start) };
        Self::of(listed.code.clone(), (told.0.clone(), told.1), Outcome::NotTried, Some(here))
    }

    /// The same report and what is here of it, with another outcome.
    pub(super) fn as_it_stands(&self, outcome: Outcome) -> Self {
        let Self { code, title, start_time, fights, events, extras, .. } = self;
        Self {
            code: code.clone(),
            title: title.clone(),
            start_time: *start_time,
            outcome,
            fights: *fights,
            events: events.clone(),
            extras: extras.clone(),
        }
    }

    pub(super) fn of(
        code: ReportCode,
        (title, start_time): (String, Option<UnixMillis>),
        outcome: Outcome,
        here: Option<&Inventory>,
    ) -> Self {
        let (fights, events, extras) = here.map_or_else(Default::default, |here| (here.fights(), here.events(), here.extras()));
        Self { code, title, start_time, outcome, fights, events, extras }
    }

    /// Events in all its files.
    #[must_use]
    pub fn event_count(&self) -> u64 {
        self.events.iter().map(|(_, count)| count).sum()
    }
}

/// What a pull has done.
#[derive(Debug)]
#[non_exhaustive]
pub struct Summary {
    /// What the pull was about.
    pub target: Target,
    /// Its name; empty where the service tells none: of users and of named reports.
    pub target_name: String,
    /// The folder.
    pub folder: PathBuf,
    /// Every report of the list, newest first.
    pub reports: Vec<ReportResult>,
    /// How many reports the service counts in the list. More than it showed: some are hidden from this key, or one was deleted
    /// while the list was read. `None` where it showed no list.
    pub list_total: Option<u64>,
    /// Who was there, as far as that is kept, from this pull or an earlier one.
    pub attendance: Option<Attendance>,
    /// Why the pull ended before its end, where it did: the service is down, the key was refused, the disk is full.
    pub ended_early: Option<Error>,
}

impl Summary {
    /// How many reports are complete, those of earlier pulls included.
    #[must_use]
    pub fn complete(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Complete | Outcome::AlreadyHere))
    }

    /// How many reports another pull can still get.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.count(Outcome::is_missing)
    }

    /// How many reports came out in a certain way.
    pub fn count(&self, wanted: impl Fn(&Outcome) -> bool) -> usize {
        self.reports.iter().filter(|report| wanted(&report.outcome)).count()
    }

    /// Events that this pull and earlier ones have written, live reports included.
    #[must_use]
    pub fn event_count(&self) -> u64 {
        self.reports.iter().map(ReportResult::event_count).sum()
    }
}

/// Something that happened in a pull. New events and fields may come; match with `_` and `..`.
#[derive(Debug)]
#[non_exhaustive]
pub enum PullEvent<'a> {
    /// What the pull is about was found.
    #[non_exhaustive]
    TargetFound {
        /// What it is.
        target: Target,
        /// Its name; empty where the service tells none: of users and of named reports.
        name: &'a str,
    },
    /// The list of reports is complete.
    #[non_exhaustive]
    Listed {
        /// Reports in it.
        reports: usize,
        /// Reports of it that are here from an earlier pull.
        already_here: usize,
    },
    /// A report is being fetched.
    #[non_exhaustive]
    ReportStarted {
        /// Its code.
        code: &'a ReportCode,
        /// Its title.
        title: &'a str,
    },
    /// Another pull works in the folder, and this one waits until it has ended ([`Pull::wait_for_folder`](super::Pull::wait_for_folder)).
    #[non_exhaustive]
    WaitingForFolder {
        /// The folder.
        folder: &'a Path,
    },
    /// The folder's journal was damaged. From this line on it was not trusted: what it told of is looked up in the folder, or
    /// fetched again. The damaged one is kept as `.journal.damaged`.
    #[non_exhaustive]
    JournalDamaged {
        /// The line, from 1.
        line: u64,
    },
    /// A report is taken up where an earlier pull was stopped.
    #[non_exhaustive]
    ReportResumed {
        /// Its code.
        code: &'a ReportCode,
        /// Pages of events that are here already.
        pages: usize,
    },
    /// A page of events was written.
    #[non_exhaustive]
    PageWritten {
        /// The report.
        code: &'a ReportCode,
        /// The file.
        file: &'a str,
        /// Events on the page.
        events: u64,
    },
    /// A report has failed and is tried once more at the end.
    #[non_exhaustive]
    ReportPutBack {
        /// Its code.
        code: &'a ReportCode,
        /// Why.
        error: &'a Error,
    },
    /// A report is done.
    #[non_exhaustive]
    ReportDone {
        /// What became of it.
        result: &'a ReportResult,
        /// Reports done so far, this one included.
        done: usize,
        /// Reports in the list.
        total: usize,
    },
    /// What is left to be done will take so much: told after the list, and with each report that is done.
    #[non_exhaustive]
    Forecast {
        /// What it takes. Reports on their way count as if nothing of them was here.
        left: &'a Forecast,
    },
}
