//! Pages and streams of typed events.

use std::collections::BTreeMap;

use futures_core::Stream;
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::ReportEvent;
use crate::api::Lines;
use crate::api::reports::events::Events;
use crate::error::{Error, ErrorKind};
use crate::units::ReportTime;

/// A page of typed events.
#[derive(Debug, Clone)]
pub struct TypedEventsPage {
    events: Vec<ReportEvent>,
    next: Option<ReportTime>,
}

impl TypedEventsPage {
    /// The events in order of time. Equal events are real: none is left out.
    #[must_use]
    pub fn events(&self) -> &[ReportEvent] {
        &self.events
    }

    /// The events themselves.
    #[must_use]
    pub fn into_events(self) -> Vec<ReportEvent> {
        self.events
    }

    /// Where the next page begins; `None` at the end. This alone tells whether there is more.
    #[must_use]
    pub fn next_page_timestamp(&self) -> Option<ReportTime> {
        self.next
    }

    /// How many events are of types that this version does not know, by type. They are on the page like all others.
    #[must_use]
    pub fn unknown_types(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for event in self.events.iter().filter(|event| !event.kind.is_known()) {
            *counts.entry(event.kind.name()).or_default() += 1;
        }
        counts
    }
}

/// The same events as [`Events`], typed; made by [`Events::typed`].
#[derive(Debug, Clone)]
pub struct TypedEvents(Events);

impl Events {
    /// These events as types rather than as JSON.
    #[must_use]
    pub fn typed(&self) -> TypedEvents {
        TypedEvents(self.clone())
    }
}

impl TypedEvents {
    /// One page, from `start` on.
    ///
    /// # Errors
    /// Those of [`Events::page`]; [`ErrorKind::BadAnswer`] where an entry is no object, or has no timestamp or no type: it says
    /// which. An event of a type that is not known is no error.
    pub async fn page(&self, start: ReportTime) -> Result<TypedEventsPage, Error> {
        let page = self.0.page_of_lines(start).await?;
        let events = read_lines(&page.list.0).map_err(|(number, what)| {
            let message = format!("{}: event {number} of the page from {start} ms: {what}", self.0.subject());
            Error::new(ErrorKind::BadAnswer, message).with_hint("the events to the letter can be had without `typed()`")
        })?;
        Ok(TypedEventsPage { events, next: page.next })
    }

    /// All pages, one after the other.
    ///
    /// The stream ends with an error of kind [`ErrorKind::CursorStuck`] where the cursor does not move forward.
    pub fn pages(&self) -> impl Stream<Item = Result<TypedEventsPage, Error>> + Send + use<> {
        let events = self.clone();
        futures_util::stream::try_unfold(Some(self.0.first_start()), move |start: Option<ReportTime>| {
            let events = events.clone();
            async move {
                let Some(start) = start else { return Ok(None) };
                let page = events.page(start).await?;
                let next = events.0.next_start(start, page.next)?;
                Ok(Some((page, next)))
            }
        })
    }

    /// All events, one after the other.
    pub fn stream(&self) -> impl Stream<Item = Result<ReportEvent, Error>> + Send + use<> {
        self.pages().map_ok(|page| futures_util::stream::iter(page.events).map(Ok)).try_flatten()
    }
}

/// The events of these lines, or the number of the first that cannot be used, from 1, and why.
pub(crate) fn read_lines(lines: &Lines) -> Result<Vec<ReportEvent>, (usize, String)> {
    // Valid JSON is UTF-8.
    let text = std::str::from_utf8(&lines.text).map_err(|error| (1, error.to_string()))?;
    let mut events = Vec::with_capacity(usize::try_from(lines.count).unwrap_or_default().min(text.len()));
    let mut start = 0;
    while start < text.len() {
        events.push(ReportEvent::default());
        let quickly = events.last_mut().and_then(|event| event.read_quickly(text, start));
        let end = match quickly {
            Some(end) => end,
            None => {
                events.pop();
                let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
                events.push(ReportEvent::read(&text[start..end]).map_err(|what| (events.len() + 1, what))?);
                end
            }
        };
        // The line feed.
        start = end + 1;
    }
    Ok(events)
}
