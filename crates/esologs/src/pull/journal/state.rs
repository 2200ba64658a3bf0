//! What the lines of a journal amount to. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::folder::Shelf;
use super::super::listing::{Listed, Look, Span};
use super::super::target::Target;
use super::inventory::{Inventory, Page};
use super::record::{Began, Closed, Failed, Record};
use crate::units::UnixMillis;

/// What is known of the folder.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::pull) struct State {
    pub(in crate::pull) of: Option<Of>,
    /// The name of what it is about, and the file that tells of it.
    pub(in crate::pull) about: Option<(String, Page)>,
    /// Who was there, and the checksum of the list of which that is so.
    pub(in crate::pull) attendance: Option<(Page, u32)>,
    /// The last pull that came so far as to read the list.
    pub(in crate::pull) began: Option<Began>,
    pub(in crate::pull) list: List,
    /// A list that is being read, or whose reading was broken off.
    pub(in crate::pull) reading: Option<Reading>,
    pub(in crate::pull) reports: BTreeMap<String, Known>,
    pub(in crate::pull) ended: Option<Ended>,
}

/// Whose folder it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pull) struct Of {
    pub(in crate::pull) format: String,
    pub(in crate::pull) host: String,
    pub(in crate::pull) target: Target,
}

/// The list of reports as far as it is known, newest first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(in crate::pull) struct List {
    pub(in crate::pull) reports: Vec<Listed>,
    /// When a look at it, or at a part of it, has come to its end for the last time.
    pub(in crate::pull) read_at: Option<UnixMillis>,
    /// All of it was read within this span, at that moment; from then on only what was new.
    pub(in crate::pull) whole: Option<Whole>,
}

/// A look at all of the list.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(in crate::pull) struct Whole {
    pub(in crate::pull) span: Span,
    pub(in crate::pull) at: UnixMillis,
    /// Reports that the service counted and did not show.
    pub(in crate::pull) hidden: u64,
}

/// A list that is being read.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pull) struct Reading {
    pub(in crate::pull) look: Look,
    /// Pages that came.
    pub(in crate::pull) pages: u64,
    pub(in crate::pull) total: u64,
    pub(in crate::pull) reports: Vec<Listed>,
}

/// What is known of a report.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::pull) struct Known {
    pub(in crate::pull) work: Option<Work>,
    pub(in crate::pull) data: Option<Inventory>,
    pub(in crate::pull) live: Option<Inventory>,
    pub(in crate::pull) closed: Option<Closed>,
    pub(in crate::pull) failed: Option<Failed>,
}

/// A report that is being fetched.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pull) struct Work {
    pub(in crate::pull) is_final: bool,
    pub(in crate::pull) inventory: Inventory,
}

/// The end of the last pull.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pull) struct Ended {
    pub(in crate::pull) at: UnixMillis,
    pub(in crate::pull) manifest: Page,
    /// It ended before it had tried everything.
    pub(in crate::pull) is_early: bool,
    /// Nothing was noted since.
    pub(in crate::pull) is_last: bool,
}

impl State {
    pub(in crate::pull) fn take(&mut self, record: Record) {
        if let Some(ended) = &mut self.ended {
            ended.is_last = false;
        }
        match record {
            Record::Folder { format, host, target } => self.of = Some(Of { format, host, target }),
            Record::About { name, file } => self.about = Some((name, file)),
            Record::Attendance { of, file } => self.attendance = Some((file, of)),
            Record::Began(began) => self.began = Some(began),
            Record::Look(look) => self.reading = Some(Reading { look, pages: 0, total: 0, reports: Vec::new() }),
            Record::Listed { page, total, more, is_cut, reports } => {
                self.take_page(page, total, reports);
                if !more && let Some(reading) = self.reading.take() {
                    self.list.take(reading, is_cut);
                }
            }
            Record::List(list) => self.list = list,
            Record::Cover { code, is_final, inventory } => self.known(code).work = Some(Work { is_final, inventory }),
            Record::Page { code, file, page } => {
                if let Some(work) = &mut self.known(code).work {
                    work.inventory.put(&file, page);
                }
            }
            Record::Done { code, shelf, inventory } => {
                let known = self.known(code);
                *known = match shelf {
                    Shelf::Data => Known { data: Some(inventory), ..Known::default() },
                    Shelf::Live => Known { live: Some(inventory), data: known.data.take(), ..Known::default() },
                };
            }
            Record::Closed { code, closed } => {
                let known = self.known(code);
                (known.work, known.failed, known.closed) = (None, None, Some(closed));
            }
            Record::Failed { code, failed } => self.known(code).failed = Some(failed),
            Record::Ended { at, manifest, is_early } => self.ended = Some(Ended { at, manifest, is_early, is_last: true }),
        }
    }

    fn take_page(&mut self, page: u64, total: u64, reports: Vec<Listed>) {
        let Some(reading) = &mut self.reading else { return };
        (reading.pages, reading.total) = (page, total);
        for report in reports {
            // A report uploaded while the list is read shifts the pages, so that one can come twice.
            if !reading.reports.iter().any(|earlier| earlier.code == report.code) {
                reading.reports.push(report);
            }
        }
    }

    /// The span of a pull that was stopped on its way, and when it had read the list.
    pub(in crate::pull) fn stopped(&self) -> Option<(Span, UnixMillis)> {
        let came_to_its_end = self.ended.as_ref().is_some_and(|ended| ended.is_last && !ended.is_early);
        let began = self.began.as_ref().filter(|_| !came_to_its_end && self.reading.is_none() && self.list.whole.is_some())?;
        Some((began.span, self.list.read_at?))
    }

    fn known(&mut self, code: String) -> &mut Known {
        self.reports.entry(code).or_default()
    }

    /// The fewest lines that say the same.
    pub(super) fn in_short(&self) -> Vec<Record> {
        let mut records = Vec::new();
        records.extend(self.of.clone().map(|Of { format, host, target }| Record::Folder { format, host, target }));
        records.extend(self.about.clone().map(|(name, file)| Record::About { name, file }));
        records.extend(self.attendance.map(|(file, of)| Record::Attendance { of, file }));
        records.extend(self.began.clone().map(Record::Began));
        if self.list != List::default() {
            records.push(Record::List(self.list.clone()));
        }
        for (code, known) in &self.reports {
            records.extend(known.in_short(code));
        }
        if let Some(Reading { look, pages, total, reports }) = self.reading.clone() {
            records.push(Record::Look(look));
            if pages > 0 {
                records.push(Record::Listed { page: pages, total, more: true, is_cut: false, reports });
            }
        }
        // The last line: nothing was noted since.
        let ended = self.ended.as_ref().filter(|ended| ended.is_last);
        records.extend(ended.map(|Ended { at, manifest, is_early, .. }| Record::Ended {
            at: *at,
            manifest: *manifest,
            is_early: *is_early,
        }));
        records
    }
}

impl Known {
    fn in_short(&self, code: &str) -> Vec<Record> {
        let done = |shelf, inventory: &Inventory| Record::Done { code: code.to_owned(), shelf, inventory: inventory.clone() };
        let mut records = Vec::new();
        records.extend(self.data.as_ref().map(|inventory| done(Shelf::Data, inventory)));
        records.extend(self.live.as_ref().map(|inventory| done(Shelf::Live, inventory)));
        records.extend(self.closed.clone().map(|closed| Record::Closed { code: code.to_owned(), closed }));
        records.extend(self.work.clone().map(|Work { is_final, inventory }| Record::Cover {
            code: code.to_owned(),
            is_final,
            inventory,
        }));
        records.extend(self.failed.clone().map(|failed| Record::Failed { code: code.to_owned(), failed }));
        records
    }
}

impl List {
    /// Takes what a look has brought: within its span it says what there is. `is_cut`: it has ended before the end of the list,
    /// since enough had come.
    fn take(&mut self, Reading { look, total, reports: found, .. }: Reading, is_cut: bool) {
        let hidden = if is_cut { 0 } else { total.saturating_sub(found.len() as u64) };
        let mut span = Span { last: None, ..look.span };
        if is_cut && look.span.last.is_some() {
            // Of what is older nothing was seen.
            span.since = found.iter().filter_map(|report| report.start).min().max(span.since);
        }
        let mut reports: Vec<Listed> = found.into_iter().filter(|report| look.span.holds(report)).collect();
        reports.extend(self.reports.drain(..).filter(|report| !span.holds(report)));
        // The API's order, newest first, stays among those of one start.
        reports.sort_by_key(|report| std::cmp::Reverse(report.start));
        (self.reports, self.read_at) = (reports, Some(look.at));
        if look.is_whole {
            self.whole = Some(Whole { span, at: look.at, hidden });
        } else if let Some(whole) = &mut self.whole {
            whole.span.reach_to(&look.span);
            whole.hidden = whole.hidden.max(hidden);
        }
    }
}
