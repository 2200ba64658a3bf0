//! Pages of events, fetched one ahead of the one that is decoded, and made Arrow of.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::{StreamDecoder, StreamReader};
use arrow_schema::SchemaRef;
use esologs::export::{ArrowPages, EventOrigin};
use esologs::{Error, EventLinesPage, Events, ReportTime};
use tokio::task::JoinSet;

/// Why there is no next batch. It can be asked for again.
pub(crate) enum Failed {
    /// A page could not be had.
    Call(Error),
    /// What came could not be decoded.
    Inside(String),
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inside(why) => f.write_str(why),
            Self::Call(error) => match error.hint() {
                Some(hint) => write!(f, "{error} ({hint})"),
                None => error.fmt(f),
            },
        }
    }
}

/// The events of a report as batches, to be read once. Whoever is cancelled while he waits for a batch loses none.
pub(crate) struct EventPages {
    schema: SchemaRef,
    state: tokio::sync::Mutex<State>,
    /// Where the first page begins that was not handed on whole. Beside the state, which is locked while a page is waited for.
    cursor: Mutex<Option<ReportTime>>,
}

struct State {
    events: Events,
    decoding: Decoding,
    /// Where the page begins that comes next; `None` at the end.
    next: Option<ReportTime>,
    /// That page, on its way.
    fetching: JoinSet<Result<EventLinesPage, Failed>>,
    /// That page, here.
    page: Option<Arc<EventLinesPage>>,
    /// Where in that page the batch begins that comes next.
    place: usize,
}

/// From a page to batches, by way of Arrow's stream format: the types of the library's Arrow are not ours.
struct Decoding {
    arrow: ArrowPages,
    reader: StreamDecoder,
}

impl EventPages {
    pub(crate) fn new(events: Events, origin: &EventOrigin) -> Result<Self, String> {
        let arrow = ArrowPages::new(origin).map_err(|error| error.to_string())?;
        let mut decoding = Decoding { reader: StreamDecoder::new(), arrow };
        let header = decoding.arrow.header();
        decoding.read(header.clone())?;
        // The decoder itself tells of the columns when more follows.
        let schema = StreamReader::try_new(&*header, None).map_err(|error| error.to_string())?.schema();
        let first = Some(events.first_start());
        let state = State { events, decoding, next: first, fetching: JoinSet::new(), page: None, place: 0 };
        Ok(Self { schema, state: state.into(), cursor: Mutex::new(first) })
    }

    pub(crate) const fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    pub(crate) fn cursor(&self) -> Option<f64> {
        self.cursor.lock().unwrap_or_else(PoisonError::into_inner).map(ReportTime::get)
    }

    /// The next batch; `None` at the end.
    pub(crate) async fn next(&self) -> Result<Option<RecordBatch>, Failed> {
        let mut state = self.state.lock().await;
        loop {
            let Some(start) = state.next else {
                *self.cursor.lock().unwrap_or_else(PoisonError::into_inner) = None;
                return Ok(None);
            };
            let page = state.page(start).await?;
            let next = state.events.next_start(start, page.next_page_timestamp()).map_err(Failed::Call)?;
            if let Some(next) = next {
                // While this page is decoded and looked at, the next one comes.
                state.fetch(next);
            }
            // From here on nothing is waited for: the page is done, or it is still here. A batch takes some 2 ms; a thread of its own
            // for that would keep memory of its own.
            let place = state.place;
            let (batch, place) = state.decoding.part(&page, place).map_err(Failed::Inside)?;
            state.place = place.unwrap_or(0);
            if place.is_none() {
                (state.page, state.next) = (None, next);
                *self.cursor.lock().unwrap_or_else(PoisonError::into_inner) = next;
            }
            if batch.is_some() {
                return Ok(batch);
            }
        }
    }
}

impl State {
    /// The page from `start` on. It stays here until it is done.
    async fn page(&mut self, start: ReportTime) -> Result<Arc<EventLinesPage>, Failed> {
        if let Some(page) = &self.page {
            return Ok(Arc::clone(page));
        }
        self.fetch(start);
        let fetched = self.fetching.join_next().await;
        let page = fetched.ok_or("no page is on its way".to_owned()).and_then(|page| page.map_err(|error| error.to_string()));
        let page = Arc::new(page.map_err(Failed::Inside)??);
        self.page = Some(Arc::clone(&page));
        Ok(page)
    }

    /// Sends for the page from `start` on, unless a page is on its way, which is that one.
    fn fetch(&mut self, start: ReportTime) {
        if !self.fetching.is_empty() {
            return;
        }
        let events = self.events.clone();
        self.fetching.spawn(async move { events.page_as_lines(start).await.map_err(Failed::Call) });
    }
}

impl Decoding {
    /// The batch that begins at this place of the page, and where the next one does; nothing at the end.
    fn part(&mut self, page: &EventLinesPage, place: usize) -> Result<(Option<RecordBatch>, Option<usize>), String> {
        let Some(part) = self.arrow.part(page, place).map_err(|error| error.to_string())? else { return Ok((None, None)) };
        Ok((self.read(part.bytes)?, Some(part.next_place).filter(|place| *place < page.as_bytes().len())))
    }

    fn read(&mut self, bytes: bytes::Bytes) -> Result<Option<RecordBatch>, String> {
        self.reader.decode(&mut Buffer::from(bytes)).map_err(|error| error.to_string())
    }
}
