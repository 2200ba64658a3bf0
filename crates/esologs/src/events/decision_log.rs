//! The decision log: what the client decided, one line of JSON for each event.

use std::fmt;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Event;
use super::record::{Record, SCHEMA, What};
use crate::clock::Clock;
use crate::units::UnixMillis;

/// Lines are handed to the writer when there are so many bytes of them.
const BUFFER: usize = 64 * 1024;

/// Writes every event as one line of JSON. Clones write to the same log; it is flushed by [`finish`](Self::finish), or when
/// the last clone is gone.
///
/// A log is for one client: calls are told apart by their numbers. The lines hold times, names of operations, classes and decisions; no variables, no texts of the service, no secrets.
/// With a [seed](crate::ClientBuilder::seed) and a paused clock, the same calls write the same bytes.
///
/// ```
/// use esologs::{Client, Clock, DecisionLog};
///
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let log = DecisionLog::new(std::fs::File::create("decisions.jsonl")?, Clock::system());
/// let client = Client::builder().on_event(log.subscriber()).build()?;
/// // … calls …
/// log.finish()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct DecisionLog(Arc<Log>);

struct Log {
    clock: Clock,
    started: UnixMillis,
    lines: Mutex<Lines>,
}

/// Lines that wait to be written, and where they go.
struct Lines {
    writer: Box<dyn Write + Send>,
    buffer: Vec<u8>,
    /// The first failure; nothing is written after it.
    failed: Option<io::Error>,
}

impl DecisionLog {
    /// A log that starts now. The clock shall be the client's. `writer` is called on tasks of calls, with up to 64 KiB at a
    /// time: a file is quick enough, a network is not.
    ///
    /// A writer that fails or panics ends the log and is told by [`finish`](Self::finish); calls do not notice.
    pub fn new(writer: impl Write + Send + 'static, clock: Clock) -> Self {
        let started = clock.now();
        let lines = Mutex::new(Lines { writer: Box::new(writer), buffer: Vec::with_capacity(BUFFER), failed: None });
        let log = Log { clock, started, lines };
        log.lock().add(&Record { at_ms: 0, what: What::LogStarted { schema: SCHEMA, started_unix_ms: started } });
        Self(Arc::new(log))
    }

    /// Notes an event.
    pub fn record(&self, event: &Event<'_>) {
        let log = &self.0;
        // Under the lock, so that times do not go back from line to line.
        let mut lines = log.lock();
        lines.add(&Record::of(event, log.clock.now().since(log.started)));
    }

    /// [`record`](Self::record) as a closure for [`ClientBuilder::on_event`](crate::ClientBuilder::on_event).
    pub fn subscriber(&self) -> impl Fn(&Event<'_>) + Send + Sync + 'static {
        let log = self.clone();
        move |event| log.record(event)
    }

    /// Hands everything to the writer and flushes it.
    ///
    /// # Errors
    /// The first failure of the writer.
    pub fn finish(&self) -> io::Result<()> {
        let mut lines = self.0.lock();
        lines.hand_over(true);
        lines.failed.as_ref().map_or(Ok(()), |error| Err(io::Error::new(error.kind(), error.to_string())))
    }
}

impl Log {
    /// Writers that panic are caught, so the lines are whole.
    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lines {
    fn add(&mut self, record: &Record) {
        if self.failed.is_some() {
            return;
        }
        let begin = self.buffer.len();
        match serde_json::to_writer(&mut self.buffer, record) {
            Ok(()) => self.buffer.push(b'\n'),
            // Nothing in a record can fail; half a line shall not stand if it does.
            Err(_) => self.buffer.truncate(begin),
        }
        if self.buffer.len() >= BUFFER {
            self.hand_over(false);
        }
    }

    fn hand_over(&mut self, and_flush: bool) {
        if self.failed.is_none() {
            let (writer, lines) = (&mut self.writer, &self.buffer);
            let write = AssertUnwindSafe(|| {
                writer.write_all(lines)?;
                if and_flush { writer.flush() } else { Ok(()) }
            });
            self.failed = catch_unwind(write).unwrap_or_else(|_| Err(io::Error::other("the writer panicked"))).err();
        }
        self.buffer.clear();
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.lock().hand_over(true);
    }
}

impl fmt::Debug for DecisionLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecisionLog").field("started", &self.0.started).finish_non_exhaustive()
    }
}
