//! Events as Arrow, a page at a time, in Arrow's own stream format (IPC).

use arrow_array::RecordBatch;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::ArrowError;
use bytes::Bytes;

use super::batches::{Batches, schema};
use super::sink::{Decoder, Trouble};
use super::tables::EVENTS;
use super::writer::{EventOrigin, lines_of};
use crate::api::EventLinesPage;
use crate::error::{Error, ErrorKind};

/// Makes Arrow of events, with the columns of `docs/export.md`, in memory that is as large as a page.
///
/// What comes is Arrow's stream format (IPC): [`header`](Self::header), then what [`page`](Self::page) gives for each page, one after the other.
/// Any Arrow library of any version and language reads it, so that none of them has to be the one of this library.
///
/// ```no_run
/// # async fn example(client: esologs::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use std::io::Write;
///
/// use esologs::EventDataType;
/// use esologs::export::{ArrowPages, EventOrigin};
///
/// let report = client.report("xb7TKHXR8DJByp4Q".parse()?);
/// let events = report.events(EventDataType::Deaths).fight(17);
/// let mut arrow = ArrowPages::new(&EventOrigin::new(&"xb7TKHXR8DJByp4Q".parse()?, "deaths"))?;
/// let mut file = std::fs::File::create("deaths.arrows")?;
/// file.write_all(&arrow.header())?;
/// let mut next = Some(events.first_start());
/// while let Some(start) = next {
///     let page = events.page_as_lines(start).await?;
///     next = events.next_start(start, page.next_page_timestamp())?;
///     file.write_all(&arrow.page(&page)?)?;
/// }
/// # Ok(())
/// # }
/// ```
pub struct ArrowPages {
    decoder: Decoder,
    parts: Decoder,
    writer: StreamWriter<Vec<u8>>,
    header: Bytes,
}

impl ArrowPages {
    /// For events from here.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where the columns cannot be written in the format; they can, so this does not happen in practice.
    pub fn new(origin: &EventOrigin) -> Result<Self, Error> {
        let subject = format!("events of report {}", origin.0.report);
        let mut writer = StreamWriter::try_new(Vec::new(), &schema(&EVENTS)).map_err(not_written)?;
        let header = std::mem::take(writer.get_mut()).into();
        let batches = || Batches::new(&EVENTS, &origin.0);
        let parts = Decoder::new(batches().of_rows(PART_ROWS), subject.clone());
        Ok(Self { decoder: Decoder::new(batches(), subject), parts, writer, header })
    }

    /// What stands before the first page: the columns.
    #[must_use]
    pub fn header(&self) -> Bytes {
        self.header.clone()
    }

    /// The events of a page, as record batches of up to 8,192 rows; nothing where it has none.
    ///
    /// # Errors
    /// [`ErrorKind::LocalFile`] where an entry of the page is no object, which names its number.
    pub fn page(&mut self, page: &EventLinesPage) -> Result<Bytes, Error> {
        let writer = &mut self.writer;
        let mut write = |batch: RecordBatch| writer.write(&batch).map_err(not_written);
        let decoded = self.decoder.append(lines_of(page)?, &mut write).and_then(|()| self.decoder.rest(&mut write));
        let bytes = std::mem::take(self.writer.get_mut());
        decoded.map_err(Trouble::into_error)?;
        Ok(bytes.into())
    }

    /// The next record batch of a page, of up to 2,048 rows, from this place in it (0 is its begin); `None` at its end. In the memory of
    /// a batch, where [`page`](Self::page) takes that of a page.
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub fn part(&mut self, page: &EventLinesPage, place: usize) -> Result<Option<ArrowPart>, Error> {
        let (batch, next_place) = self.parts.one(lines_of(page)?, place).map_err(Trouble::into_error)?;
        let Some(batch) = batch else { return Ok(None) };
        self.writer.write(&batch).map_err(not_written)?;
        Ok(Some(ArrowPart { bytes: std::mem::take(self.writer.get_mut()).into(), next_place }))
    }
}

/// Some of the events of a page.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ArrowPart {
    /// A record batch, in the stream format.
    pub bytes: Bytes,
    /// Where the next part of the page begins.
    pub next_place: usize,
}

/// Rows of a part: half a megabyte, so that no piece of memory is much larger than the page itself. What an allocator keeps for later
/// grows with the largest piece it has seen.
const PART_ROWS: usize = 2_048;

fn not_written(error: ArrowError) -> Error {
    Error::new(ErrorKind::Usage, format!("the events cannot be written as Arrow: {error}"))
}

impl std::fmt::Debug for ArrowPages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ArrowPages").finish_non_exhaustive()
    }
}
