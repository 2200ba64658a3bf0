//! A page of events as lines, for files.

use super::events::{EventLines, Events, PageOf};
use crate::error::Error;
use crate::units::ReportTime;

/// A page of events, an event on a line, as they go into a file of JSON Lines.
#[derive(Debug)]
pub struct EventLinesPage(PageOf<EventLines>);

impl EventLinesPage {
    /// The events, each to the letter but for white space between its tokens, with a line feed after each.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0.list.0.text
    }

    /// How many events there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.list.0.count
    }

    /// Where the next page begins; `None` at the end. This alone tells whether there is more.
    #[must_use]
    pub fn next_page_timestamp(&self) -> Option<ReportTime> {
        self.0.next
    }
}

impl Events {
    /// One page, from `start` on, as lines: the quickest way from the service to a file. Its JSON is checked, and nothing of it
    /// is copied.
    ///
    /// # Errors
    /// Those of [`page`](Self::page).
    pub async fn page_as_lines(&self, start: ReportTime) -> Result<EventLinesPage, Error> {
        self.page_of_lines(start).await.map(EventLinesPage)
    }
}
