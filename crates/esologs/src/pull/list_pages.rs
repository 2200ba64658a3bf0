//! The list of reports, read page by page; each page is noted, so that a reading that was broken off goes on.

use std::sync::Arc;

use super::Pull;
use super::journal::{Began, Record, State};
use super::listing::{self, Before, Listed, Look, Span};
use super::plan::{self, Wish};
use super::store::{Owner, Store};
use super::target::Target;
use crate::api::{Page, Paged as _, Report, next_after};
use crate::disk::blocking;
use crate::error::Error;
use crate::units::UnixMillis;

/// The most entries on a page that the service sends.
const MOST_ON_A_PAGE: u32 = 100;

/// A page of the list as it is noted.
#[derive(Debug)]
pub(super) struct ListPage {
    pub(super) total: u64,
    /// Entries on it, those that are hidden included: a list is paid for by what is on it.
    pub(super) entries: usize,
    pub(super) reports: Vec<Listed>,
    pub(super) next: Option<u64>,
    /// There are more pages, which nobody needs.
    pub(super) is_cut: bool,
}

impl ListPage {
    pub(super) fn into_record(self, number: u64) -> Record {
        let Self { total, reports, next, is_cut, .. } = self;
        Record::Listed { page: number, total, more: next.is_some(), is_cut, reports }
    }
}

impl Pull {
    /// What was asked for.
    pub(super) fn span(&self) -> Span {
        Span { since: self.since, until: self.until, zone: self.zone, last: self.last }
    }

    /// One page of the list.
    pub(super) async fn list_page(&self, look: &Look, number: u64) -> Result<ListPage, Error> {
        let Some(page) = self.ask_page(&look.span, number).await? else {
            let reports: Vec<Listed> = self.codes.iter().cloned().map(Listed::named).collect();
            return Ok(ListPage { total: reports.len() as u64, entries: 0, reports, next: None, is_cut: false });
        };
        let next = next_after(&format!("reports of {}", self.target), page.position()?, number)?;
        let is_enough = is_enough(&page, &look.span, number);
        let reports = page.data.iter().flatten().map(Listed::from).collect();
        let is_cut = is_enough && next.is_some();
        Ok(ListPage { total: page.total, entries: page.data.len(), reports, next: next.filter(|_| !is_enough), is_cut })
    }

    /// `None` where the reports were named: there is no list.
    async fn ask_page(&self, span: &Span, number: u64) -> Result<Option<Page<Report>>, Error> {
        let (client, most) = (self.asking(), i64::from(on_a_page(span)));
        let page = match self.target {
            Target::Guild(id) => {
                let mut reports = client.guild(id).reports().since(span.since).until(span.until).per_page(most);
                if let Some(zone) = span.zone {
                    reports = reports.zone_id(zone);
                }
                reports.page(number).await?
            }
            Target::User(id) => {
                let mut reports = client.reports().user_id(id).since(span.since).until(span.until).per_page(most);
                if let Some(zone) = span.zone {
                    reports = reports.zone_id(zone);
                }
                reports.page(number).await?
            }
            // The API knows neither span nor zone here: what is outside is left out when the list is taken.
            Target::Character(id) => client.character(id).recent_reports().page(number).await?,
            Target::Reports => return Ok(None),
        };
        Ok(Some(page))
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
            records.push(page.into_record(number));
            let (store, owner) = (Arc::clone(store), owner.clone());
            blocking(move || store.note(records, &owner)).await?;
            let Some(next) = next else { return Ok(()) };
            number = next;
        }
    }
}

/// Entries on a page: a list is paid for by them, so that no more are asked for than are wanted.
fn on_a_page(span: &Span) -> u32 {
    span.last.unwrap_or(MOST_ON_A_PAGE).clamp(1, MOST_ON_A_PAGE)
}

/// Whether the pages up to this one hold all that is wanted: as many as were asked for, or all that are new enough.
fn is_enough(page: &Page<Report>, span: &Span, number: u64) -> bool {
    let mut starts = page.data.iter().flatten().map(|report| report.start_time).peekable();
    let is_old = |start: Option<UnixMillis>| start.is_some_and(|start| span.since.is_some_and(|since| start < since));
    let is_past = starts.peek().is_some() && starts.all(is_old);
    is_past || span.last.is_some_and(|last| number.saturating_mul(on_a_page(span).into()) >= last.into())
}
