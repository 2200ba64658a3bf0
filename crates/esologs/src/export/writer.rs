//! Events straight from the service into a Parquet file, without the folder of a pull.

use std::path::PathBuf;

use tokio::sync::mpsc;

use super::batches::{Batches, Origin};
use super::files::Part;
use super::parquet::ParquetFiles;
use super::sink::{Decoder, Sink as _, TableSink, Trouble};
use super::tables::EVENTS;
use crate::api::{EventLinesPage, Events};
use crate::disk::blocking;
use crate::error::{Error, ErrorKind};
use crate::ids::ReportCode;
use crate::units::UnixMillis;

/// Pages that wait to be written or are on their way, at most. Each has some MB, and one more is being written.
const PAGES_IN_LINE: usize = 1;

/// Where events come from, for the columns that are the same for all of them.
#[derive(Debug, Clone)]
pub struct EventOrigin(pub(super) Origin);

impl EventOrigin {
    /// Events of this report. `stream` names what was asked for, as [`EventStream::name`](crate::pull::EventStream::name) does:
    /// `damage`.
    #[must_use]
    pub fn new(report: &ReportCode, stream: &str) -> Self {
        let report = report.as_str().to_owned();
        Self(Origin { report, stream: stream.to_owned(), hostility: None, live: false, start: None })
    }

    /// The report's start, for the column `time_utc`, which is null without.
    #[must_use]
    pub fn started_at(mut self, start: UnixMillis) -> Self {
        self.0.start = Some(start);
        self
    }

    /// Whose events: `friendlies` or `enemies`.
    #[must_use]
    pub fn hostility(mut self, hostility: &str) -> Self {
        self.0.hostility = Some(hostility.to_owned());
        self
    }

    /// Marks the report as one that may still grow.
    #[must_use]
    pub fn live(mut self) -> Self {
        self.0.live = true;
        self
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// How many events.
    pub rows: u64,
    /// The files: one, or several where it grew beyond 256 MiB (`damage.part2.parquet`).
    pub files: Vec<PathBuf>,
    /// Their bytes.
    pub bytes: u64,
}

/// Writes events into a Parquet file with the columns of `docs/export.md`, as an export does.
///
/// The file appears under its name when it is whole; a writer that is dropped before leaves nothing.
///
/// ```no_run
/// # async fn example(client: esologs::Client) -> Result<(), esologs::Error> {
/// use esologs::EventDataType;
/// use esologs::export::{EventOrigin, ParquetWriter};
///
/// let report = client.report("xb7TKHXR8DJByp4Q".parse()?);
/// let head = report.get().await?;
/// let mut origin = EventOrigin::new(&head.value().code, "damage");
/// if let Some(start) = head.value().start_time {
///     origin = origin.started_at(start);
/// }
/// let events = report.events(EventDataType::DamageDone).fight(17);
/// let written = ParquetWriter::create("damage.parquet", origin)?.write_all(&events).await?;
/// println!("{} events", written.rows);
/// # Ok(())
/// # }
/// ```
pub struct ParquetWriter(Box<TableSink<ParquetFiles>>);

impl ParquetWriter {
    /// Begins a file. What stands under this name is replaced at the end.
    ///
    /// # Errors
    /// [`ErrorKind::LocalFile`] where no file can be made there.
    pub fn create(path: impl Into<PathBuf>, origin: EventOrigin) -> Result<Self, Error> {
        let path = path.into();
        let work = path.parent().unwrap_or(&path);
        let files = ParquetFiles::create(&EVENTS, work, &path)?;
        let decoder = Decoder::new(Batches::new(&EVENTS, &origin.0), format!("events of report {}", origin.0.report));
        Ok(Self(Box::new(TableSink { decoder, writer: files })))
    }

    /// Adds a page.
    ///
    /// # Errors
    /// [`ErrorKind::LocalFile`] where it cannot be written; the file is then not to be had. The same where an entry of the page is
    /// no object, which names its number.
    pub fn append(&mut self, page: &EventLinesPage) -> Result<(), Error> {
        self.append_lines(lines_of(page)?)
    }

    /// Adds events that are there as lines, each ended by a line feed.
    ///
    /// # Errors
    /// Those of [`append`](Self::append).
    pub fn append_lines(&mut self, lines: &str) -> Result<(), Error> {
        self.0.append(lines).map_err(Trouble::into_error)
    }

    /// Writes what is left, syncs the file and puts it under its name.
    ///
    /// # Errors
    /// [`ErrorKind::LocalFile`] where that fails.
    pub fn finish(self) -> Result<Written, Error> {
        let (parts, rows) = self.0.finish()?;
        let bytes = parts.iter().map(|part| part.bytes).sum();
        Ok(Written { rows, files: parts.into_iter().map(|Part { path, .. }| path).collect(), bytes })
    }

    /// Fetches all pages of these events, writes them and finishes the file. While a page is written, on a thread for such work, the next
    /// one is fetched; no more than these two are in memory.
    ///
    /// # Errors
    /// Those of [`Events::page`], of [`append`](Self::append) and [`finish`](Self::finish). Then there is no file.
    pub async fn write_all(self, events: &Events) -> Result<Written, Error> {
        let (line, pages) = mpsc::channel(PAGES_IN_LINE);
        let (fetched, written) = tokio::join!(fetch(events, line), self.write_pages(pages));
        // Where writing fails, fetching finds nobody who takes what it has: that error is the reason.
        let whole = written?;
        fetched?;
        blocking(move || whole.finish()).await
    }

    /// Writes the pages in the line, until there are no more.
    async fn write_pages(mut self, mut pages: mpsc::Receiver<EventLinesPage>) -> Result<Self, Error> {
        while let Some(page) = pages.recv().await {
            self = blocking(move || self.append(&page).map(|()| self)).await?;
        }
        Ok(self)
    }
}

impl std::fmt::Debug for ParquetWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetWriter").finish_non_exhaustive()
    }
}

/// Puts all pages into the line, until nobody takes them any more. A page is asked for once there is room for it.
async fn fetch(events: &Events, line: mpsc::Sender<EventLinesPage>) -> Result<(), Error> {
    let mut next = Some(events.first_start());
    while let Some(start) = next {
        let Ok(room) = line.reserve().await else { return Ok(()) };
        let page = events.page_as_lines(start).await?;
        next = events.next_start(start, page.next_page_timestamp())?;
        room.send(page);
    }
    Ok(())
}

pub(super) fn lines_of(page: &EventLinesPage) -> Result<&str, Error> {
    std::str::from_utf8(page.as_bytes())
        .map_err(|error| Error::new(ErrorKind::BadAnswer, "the page of events is not UTF-8").with_source(error))
}
