//! The readers: our client's, and those of the JSON crate, for each of the bodies.

use std::error::Error;
use std::hint::black_box;
use std::os::unix::fs::FileExt as _;

use bytes::Bytes;
use esologs::{EventDataType, Events, EventsPage, ReportCode, ReportTime};
use tokio::runtime::Runtime;

use super::bodies::{Bodies, client};
use super::plain;
use crate::process::thread_cpu_seconds;

type Outcome = Result<(), Box<dyn Error>>;

/// Reads so many times.
type Repeat<'a> = Box<dyn Fn(usize) -> Outcome + 'a>;

/// One way to read one of the bodies.
pub(super) struct Reader<'a> {
    pub(super) name: String,
    /// Length of the body.
    pub(super) bytes: usize,
    /// The number of the reader that this one is held against.
    pub(super) base: usize,
    repeat: Repeat<'a>,
    times: usize,
    /// CPU seconds of one reading in each round.
    pub(super) seconds: Vec<f64>,
}

// The numbers of readers, as `all` puts them.
pub(super) const OURS: usize = 0;
pub(super) const RAW_EVENTS: usize = 3;
pub(super) const SMALL_CALL: usize = 7;
const SMALL_DOM: usize = 8;
const PLAINEST_STRUCT: usize = 6;
pub(super) const TYPED: usize = 11;
pub(super) const TO_DISK: usize = 12;
const REPORT_DOM: usize = 10;

/// All of them, for a page of so many events.
pub(super) fn all<'a>(bodies: &'a Bodies, runtime: &'a Runtime, count: usize) -> Result<Vec<Reader<'a>>, Box<dyn Error>> {
    let Bodies { code, small, report, page } = bodies;
    let code: ReportCode = code.parse()?;
    let events = client(page)?.report(code.clone()).events(EventDataType::All);
    let (whole_page, page_alone, typed, to_disk) = (events.clone(), events.clone(), events.typed(), events);
    let file = tempfile::tempfile()?;
    let (for_small, for_report) = (client(small)?, client(report)?.report(code));
    let of_page = |name, repeat| Reader::new("page", name, page, RAW_EVENTS, repeat);
    let typed_page = |name, repeat| Reader::new("page", name, page, PLAINEST_STRUCT, repeat);
    let of_small = |name, repeat| Reader::new("rate limit", name, small, SMALL_DOM, repeat);
    let of_report = |name, repeat| Reader::new("report", name, report, REPORT_DOM, repeat);
    Ok(vec![
        of_page("our client, page and all events out of it", {
            asking(runtime, async move || found(black_box(page_of(&whole_page).await?.events()?).len(), count))
        }),
        of_page("our client, page alone", {
            asking(runtime, async move || found(black_box(page_of(&page_alone).await?).json().get().len().min(count), count))
        }),
        of_page("serde_json, check alone (`IgnoredAny`)", reading(page, page.len(), plain::check)),
        of_page("serde_json, `Vec<&RawValue>` in its envelope (base)", reading(page, count, plain::raw_events)),
        of_page("serde_json, `&RawValue` in its envelope, then `Vec<&RawValue>`", {
            reading(page, count, plain::raw_list_then_events)
        }),
        of_page("serde_json, `Value`", reading(page, page.len(), plain::dom)),
        of_page("serde_json, a struct of eight fields for each event", reading(page, count, plain::typed_events)),
        of_small("our client, whole call", {
            asking(runtime, async move || {
                black_box(for_small.rate_limit().await?);
                Ok(())
            })
        }),
        of_small("serde_json, `Value` (base)", reading(small, small.len(), plain::dom)),
        of_report("our client, typed, with its JSON to the letter", {
            asking(runtime, async move || {
                black_box(for_report.get().await?);
                Ok(())
            })
        }),
        of_report("serde_json, `Value` (base)", reading(report, report.len(), plain::dom)),
        typed_page("our client, typed events, all fields kept", {
            asking(runtime, async move || found(black_box(typed.page(ReportTime::ZERO).await?).events().len(), count))
        }),
        typed_page("our client, passed through to a file as lines", {
            asking(runtime, async move || {
                let page = to_disk.page_as_lines(ReportTime::ZERO).await?;
                // Over what stands there, without waiting for the disk: the CPU time is asked for.
                file.write_all_at(page.as_bytes(), 0)?;
                found(page.count() as usize, count)
            })
        }),
        typed_page("serde_json, a struct of all fields, with the resources", reading(page, count, plain::whole_events)),
    ])
}

async fn page_of(events: &Events) -> Result<EventsPage, esologs::Error> {
    events.page(ReportTime::ZERO).await
}

/// A reader that waits for our client.
fn asking<'a>(runtime: &'a Runtime, ask: impl AsyncFn() -> Outcome + 'a) -> Repeat<'a> {
    Box::new(move |times| {
        runtime.block_on(async {
            for _ in 0..times {
                ask().await?;
            }
            Ok(())
        })
    })
}

/// Reads a body and counts what was in it.
type Read = fn(&[u8]) -> Result<usize, Box<dyn Error>>;

/// A reader that has to find so many.
fn reading<'a>(body: &'a [u8], expected: usize, read: Read) -> Repeat<'a> {
    Box::new(move |times| (0..times).try_for_each(|_| found(read(body)?, expected)))
}

fn found(count: usize, expected: usize) -> Outcome {
    if count == expected { Ok(()) } else { Err(format!("{count} read in place of {expected}").into()) }
}

impl<'a> Reader<'a> {
    fn new(of: &str, name: &str, body: &Bytes, base: usize, repeat: Repeat<'a>) -> Self {
        Self { name: format!("{of}: {name}"), bytes: body.len(), base, repeat, times: 1, seconds: Vec::new() }
    }

    /// Finds out how often it reads in so many milliseconds; warms it up as well.
    pub(super) fn calibrate(&mut self, millis: f64) -> Outcome {
        loop {
            let once = self.once()?;
            if once * self.times as f64 * 1e3 >= millis / 4.0 {
                self.times = ((millis / 1e3 / once) as usize).max(1);
                return Ok(());
            }
            self.times *= 2;
        }
    }

    /// Its part of a round.
    pub(super) fn measure(&mut self) -> Outcome {
        let seconds = self.once()?;
        self.seconds.push(seconds);
        Ok(())
    }

    /// CPU seconds of one reading, with freeing what was read.
    fn once(&self) -> Result<f64, Box<dyn Error>> {
        let began = thread_cpu_seconds();
        (self.repeat)(self.times)?;
        Ok((thread_cpu_seconds() - began) / self.times as f64)
    }
}
