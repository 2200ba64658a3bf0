//! One measured process: does its job, then tells what it used.

use std::error::Error;
use std::fs::File;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use esologs::pull::{EventStream, Pull};
use esologs::{CallPolicy, Client, Credentials, Endpoint};
use serde::de::IgnoredAny;
use tokio::time::Instant;

use super::by_hand::by_hand;
use super::download::download;
use crate::canned::{GUILD, World};
use crate::process::{self, Usage};

/// The jobs that are compared.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Job {
    /// The pages of events with the HTTP crate alone, thrown away.
    Download,
    /// As many bytes into one file, synced at its end.
    Write,
    /// The check that as many bytes of events are valid JSON, alone and from memory.
    Validate,
    /// Download, check and write together, without the library.
    ByHand,
    /// The library's pull.
    Pull,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    job: Job,
    address: SocketAddr,
    reports: usize,
    pages_per_report: usize,
    bytes: usize,
    place: PathBuf,
}

/// Runs a job in a process of its own.
pub(crate) fn measure(job: Job, address: SocketAddr, world: World, bytes: usize, place: &Path) -> Result<Usage, Box<dyn Error>> {
    let name = match job {
        Job::Download => "download",
        Job::Write => "write",
        Job::Validate => "validate",
        Job::ByHand => "by-hand",
        Job::Pull => "pull",
    };
    let numbers = [world.reports, world.pages_per_report, bytes].map(|number| number.to_string());
    process::measured(
        |command| command.args(["child", name, &address.to_string()]).args(numbers).arg(place),
        &format!("the process for {name}"),
    )
}

/// The child's side of [`measure`].
pub(crate) fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let events = if matches!(args.job, Job::Validate) { page() } else { String::new() };
    let (began, cpu_before) = (Instant::now(), process::cpu_seconds());
    match args.job {
        Job::Download => runtime()?.block_on(download(args.address, world(args).page_requests()))?,
        Job::Write => write(&args.place, args.bytes)?,
        Job::Validate => validate(&events, args.bytes)?,
        Job::ByHand => runtime()?.block_on(by_hand(args.address, world(args).page_requests(), &args.place))?,
        Job::Pull => runtime()?.block_on(pull(args.address, &args.place))?,
    }
    process::tell_usage(began.elapsed(), cpu_before)
}

fn world(args: &Args) -> World {
    World { reports: args.reports, pages_per_report: args.pages_per_report, events_per_page: 0 }
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

async fn pull(address: SocketAddr, folder: &Path) -> Result<(), Box<dyn Error>> {
    let client = Client::builder()
        // The server is our own; the gate stays in the path.
        .without_request_rate()
        .endpoint(Endpoint::new(&format!("http://{address}"))?)
        .credentials(Credentials::new("canned", "canned")?)
        .policy(CallPolicy::batch())
        .build()?;
    let summary = Pull::guild(client, GUILD, folder).streams([EventStream::Damage]).run(|_| {}).await?;
    if summary.complete() == summary.reports.len() {
        Ok(())
    } else {
        Err(format!("the pull is not complete: {summary:?}").into())
    }
}

/// A page of events as a JSON list.
fn page() -> String {
    let lines = World { reports: 1, pages_per_report: 1, events_per_page: 10_000 }.lines(0);
    format!("[{}]", lines.trim_end().replace('\n', ","))
}

fn validate(page: &str, bytes: usize) -> Result<(), serde_json::Error> {
    for _ in 0..bytes.div_ceil(page.len()) {
        serde_json::from_slice::<IgnoredAny>(page.as_bytes())?;
    }
    Ok(())
}

fn write(path: &Path, bytes: usize) -> io::Result<()> {
    // Pieces of the size of a page of events, as the pull writes them.
    let piece = vec![b'x'; 3_300_000];
    let mut file = File::create(path)?;
    let mut left = bytes;
    while left > 0 {
        let now = left.min(piece.len());
        file.write_all(&piece[..now])?;
        left -= now;
    }
    file.sync_all()
}
