//! The same calls for programs without an async runtime (feature `blocking`).
//!
//! There is no second client: every future of this library can be waited for, and every stream walked. Behind it stands one
//! runtime for the whole process, with one thread, that is started with the first call and goes on between calls (a token is
//! refreshed, a breaker probed).
//!
//! ```no_run
//! use esologs::blocking::{Wait as _, WaitEach as _};
//! use esologs::{Client, Error, EventDataType};
//!
//! fn main() -> Result<(), Error> {
//!     let client = Client::from_env()?;
//!     let report = client.report_at("https://www.esologs.com/reports/xb7TKHXR8DJByp4Q")?;
//!     println!("{:?}", report.clone().wait()?.value().title);
//!     println!("{} zones", client.zones().wait()?.value().len());
//!     for event in report.events(EventDataType::Deaths).typed().stream().wait_each() {
//!         println!("{}", event?.timestamp);
//!     }
//!     Ok(())
//! }
//! ```
//!
//! A blocking call on a thread of an async runtime would bring it to a standstill. There it is an error of kind
//! [`ErrorKind::Usage`], and nothing is sent.

use std::pin::Pin;
use std::sync::OnceLock;

use futures_core::Stream;
use futures_util::StreamExt as _;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::{Error, ErrorKind};

/// Threads of the runtime. The work is waiting; decoding is done on the caller's thread.
const THREADS: usize = 1;

/// What can be awaited can be waited for: every call of this library, and its builders.
pub trait Wait: sealed::Sealed {
    /// What it brings.
    type Value;

    /// Waits for the end of the call. This thread does nothing else meanwhile; the call's own deadline bounds how long.
    ///
    /// # Errors
    /// The call's own; [`ErrorKind::Usage`] on a thread of an async runtime, [`ErrorKind::LocalFile`] where no thread can be started.
    fn wait(self) -> Result<Self::Value, Error>;
}

impl<T, F: IntoFuture<Output = Result<T, Error>>> Wait for F {
    type Value = T;

    fn wait(self) -> Result<T, Error> {
        wait_for(self.into_future())?
    }
}

/// A stream that can be walked: pages, events, reports.
pub trait WaitEach: Stream + Sized {
    /// An iterator over the stream, which waits for each entry. Nothing is asked for before the first, and no page more than is read.
    ///
    /// On a thread of an async runtime it has one entry, an error of kind [`ErrorKind::Usage`].
    fn wait_each(self) -> Waiting<Self>;
}

impl<T, S: Stream<Item = Result<T, Error>>> WaitEach for S {
    fn wait_each(self) -> Waiting<S> {
        Waiting(Some(Box::pin(self)))
    }
}

/// An iterator over a stream; made by [`WaitEach::wait_each`].
#[derive(Debug)]
pub struct Waiting<S>(Option<Pin<Box<S>>>);

impl<T, S: Stream<Item = Result<T, Error>>> Iterator for Waiting<S> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let entry = wait_for(self.0.as_mut()?.next());
        match entry {
            Ok(Some(entry)) => Some(entry),
            Ok(None) => {
                self.0 = None;
                None
            }
            Err(error) => {
                self.0 = None;
                Some(Err(error))
            }
        }
    }
}

/// Waits for any future, for those that do not end in a `Result` of this library
/// ([`ReportBatch::get`](crate::ReportBatch::get)).
///
/// # Errors
/// [`ErrorKind::Usage`] on a thread of an async runtime, [`ErrorKind::LocalFile`] where no thread can be started.
pub fn wait_for<F: Future>(future: F) -> Result<F::Output, Error> {
    if Handle::try_current().is_ok() {
        let message = "a blocking call was made on a thread of an async runtime, which it would bring to a standstill";
        return Err(Error::new(ErrorKind::Usage, message)
            .with_hint("`.await` the call there, or make it on a thread of its own (`std::thread::spawn`)"));
    }
    Ok(runtime()?.block_on(future))
}

/// The runtime of the process.
fn runtime() -> Result<&'static Runtime, Error> {
    static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();
    let started = RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(THREADS).thread_name("esologs").enable_all().build().map_err(|error| error.to_string())
    });
    started
        .as_ref()
        .map_err(|error| Error::new(ErrorKind::LocalFile, format!("no thread can be started for blocking calls: {error}")))
}

mod sealed {
    /// Nobody else implements the traits, so that they can grow.
    pub trait Sealed {}
    impl<T, F: IntoFuture<Output = Result<T, crate::Error>>> Sealed for F {}
}
