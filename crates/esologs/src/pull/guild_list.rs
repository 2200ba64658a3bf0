//! The list of a guild's reports, read page by page; each page is noted, so that a reading that was broken off goes on.

use std::sync::Arc;

use super::Pull;
use super::journal::{Began, Record, State};
use super::listing::{self, Before, Listed, Look, Span};
use super::plan::{self, Wish};
use super::store::{Owner, Store};
use crate::api::{Page, Paged as _, Report, next_after};
use crate::disk::blocking;
use crate::error::Error;

/// A page of the list as it is noted.
#[derive(Debug)]
pub(super) struct ListPage {
    pub(super) total: u64,
    /// Entries on it, those that are hidden included: a list is paid for by what is on it.
    pub(super) entries: usize,
    pub(super) reports: Vec<Listed>,
    pub(super) next: Option<u64>,
}

impl Pull {
    /// What was asked for.
    pub(super) fn span(&self) -> Span {
        Span { since: self.since, until: self.until }
    }

    /// One page of the list.
    pub(super) async fn list_page(&self, look: &Look, number: u64) -> Result<ListPage, Error> {
        let calls = self.asking().guild(self.guild).reports().since(look.span.since).until(look.span.until);
        let page: Page<Report> = calls.page(number).await?;
        let next = next_after(&format!("reports of guild {}", self.guild), page.position()?, number)?;
        let reports = page.data.iter().flatten().map(Listed::from).collect();
        Ok(ListPage { total: page.total, entries: page.data.len(), reports, next })
    }

    /// Which part of the list is to be read.
    pub(super) fn look(&self, state: &State, wish: &Wish<'_>) -> Look {
        let whole = state.list.whole.filter(|_| !self.refresh_list).map(|whole| (whole.span, whole.at));
        let before = Before { reports: &state.list.reports, whole };
        let is_settled = |listed: &Listed| plan::is_settled(plan::step(listed, state.reports.get(listed.code.as_str()), wish));
        listing::look(before, self.span(), wish.now, is_settled)
    }

    /// Whether the list needs no look: a pull that was stopped has read it.
    pub(super) fn knows_list(&self, state: &State, wish: &Wish<'_>) -> bool {
        let stopped = state.stopped().filter(|_| !self.refresh_list);
        stopped.is_some_and(|(span, read_at)| listing::is_fresh(span, read_at, self.span(), wish.now))
    }

    /// Reads the list, as much of it as is needed, and notes it. It is in the state afterwards.
    pub(super) async fn read_list(&self, store: &Arc<Store>, owner: &Owner, wish: &Wish<'_>) -> Result<(), Error> {
        let events = wish.events.iter().map(|name| (*name).to_owned()).collect();
        let mut began = Some(Record::Began(Began {
            at: wish.now,
            span: self.span(),
            events,
            attendance: self.attendance,
            with_resources: self.include_resources,
        }));
        if store.look(|state| self.knows_list(state, wish)) {
            let (store, owner) = (Arc::clone(store), owner.clone());
            return blocking(move || store.note(began.into_iter().collect(), &owner)).await;
        }
        let (mut look, reading) = store.look(|state| (self.look(state, wish), state.reading.clone()));
        let broken_off = reading.filter(|reading| reading.pages > 0 && listing::goes_on(&reading.look, &look));
        let (mut number, mut expected) = match &broken_off {
            Some(reading) => {
                look = reading.look;
                (reading.pages + 1, Some(reading.total))
            }
            None => (1, None),
        };
        loop {
            let page = self.list_page(&look, number).await?;
            if expected.take().is_some_and(|total| total != page.total) {
                // The list has changed since: what stood on the pages that came may stand elsewhere now.
                look = Look { at: wish.now, ..look };
                number = 1;
                continue;
            }
            let mut records: Vec<Record> = began.take().into_iter().collect();
            records.extend((number == 1).then_some(Record::Look(look)));
            let next = page.next;
            records.push(Record::Listed { page: number, total: page.total, more: next.is_some(), reports: page.reports });
            let (store, owner) = (Arc::clone(store), owner.clone());
            blocking(move || store.note(records, &owner)).await?;
            let Some(next) = next else { return Ok(()) };
            number = next;
        }
    }
}
