//! What a line of the journal says.

use serde::{Deserialize, Serialize};

use super::super::folder::Shelf;
use super::super::listing::{Listed, Look, Span};
use super::super::target::{self, Target};
use super::inventory::{Inventory, Page};
use crate::units::UnixMillis;

/// One thing that has happened, or, in a journal that was made shorter, that stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(in crate::pull) enum Record {
    /// What the folder holds; the first line.
    Folder {
        format: String,
        host: String,
        #[serde(alias = "guild", deserialize_with = "target::read")]
        target: Target,
    },
    /// What the pull is about was found; `file` is what the service tells of it, `data/guild.json` for one.
    #[serde(alias = "guild")]
    About { name: String, file: Page },
    /// Who was there is in `data/attendance.jsonl`, as of a list of this checksum.
    Attendance { of: u32, file: Page },
    /// A pull has begun, and what it is to fetch.
    Began(Began),
    /// The list is being read.
    Look(Look),
    /// A page of it came.
    Listed {
        page: u64,
        total: u64,
        more: bool,
        /// There are more pages, which nobody needed.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_cut: bool,
        reports: Vec<Listed>,
    },
    /// The list as it stands: in a shortened journal only.
    List(super::state::List),
    /// The report itself is in its files; its events come now.
    Cover { code: String, is_final: bool, inventory: Inventory },
    /// A page of events is in its file.
    Page { code: String, file: String, page: Page },
    /// All of it is here, under its name.
    Done { code: String, shelf: Shelf, inventory: Inventory },
    /// The service does not show it.
    Closed { code: String, closed: Closed },
    /// It failed.
    Failed { code: String, failed: Failed },
    /// The pull has come to its end; `manifest` is manifest.json as it was then.
    Ended { at: UnixMillis, manifest: Page, is_early: bool },
}

/// What a pull is to fetch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::pull) struct Began {
    pub(in crate::pull) at: UnixMillis,
    pub(in crate::pull) span: Span,
    /// Event files and extras, by name.
    pub(in crate::pull) events: Vec<String>,
    /// Who was there is to be fetched, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in crate::pull) attendance: bool,
    /// Events are to have resources.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in crate::pull) with_resources: bool,
}

/// Why a report cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pull) enum Why {
    Archived,
    NotVisible,
}

/// A report that the service does not show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::pull) struct Closed {
    pub(in crate::pull) why: Why,
    pub(in crate::pull) at: UnixMillis,
    /// A user was signed in then, and has not seen it either.
    pub(in crate::pull) by_user: bool,
    /// What the list said of it then: another word of it is a reason to ask again.
    pub(in crate::pull) listed: Listed,
}

/// A report that could be had, but was not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::pull) struct Failed {
    pub(in crate::pull) at: UnixMillis,
    pub(in crate::pull) reason: String,
}
