//! One measured process.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use esologs::export::{EventOrigin, ParquetWriter};
use esologs::{CallPolicy, Client, Credentials, Endpoint, EventDataType, ReportCode, UnixMillis};
use tokio::time::Instant;

use crate::canned::World;
use crate::process::{self, Usage};
use crate::pull::download;

/// The jobs that are compared.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Job {
    /// The pages of events with the HTTP crate alone, thrown away.
    Download,
    /// The same lines of events, which are in memory, into Parquet, on one thread.
    Memory,
    /// From the service into Parquet, one report after the other.
    Export,
    /// The same, all reports at a time.
    SideBySide,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    job: Job,
    address: SocketAddr,
    reports: usize,
    pages_per_report: usize,
    events_per_page: usize,
    place: PathBuf,
}

/// Runs a job in a process of its own.
pub(crate) fn measure(job: Job, address: SocketAddr, world: World, place: &Path) -> Result<Usage, Box<dyn Error>> {
    let name = match job {
        Job::Download => "download",
        Job::Memory => "memory",
        Job::Export => "export",
        Job::SideBySide => "side-by-side",
    };
    let numbers = [world.reports, world.pages_per_report, world.events_per_page].map(|number| number.to_string());
    process::measured(
        |command| command.args(["export-child", name, &address.to_string()]).args(numbers).arg(place),
        &format!("the process for {name}"),
    )
}

/// The child's side of [`measure`].
pub(crate) fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let world = World { reports: args.reports, pages_per_report: args.pages_per_report, events_per_page: args.events_per_page };
    let lines: Vec<String> = match args.job {
        Job::Memory => (0..world.reports).map(|report| world.lines(report)).collect(),
        _ => Vec::new(),
    };
    let pages: Vec<Vec<&str>> = lines.iter().map(|lines| pages_of(lines, world.events_per_page)).collect();
    let (began, cpu_before) = (Instant::now(), process::cpu_seconds());
    match args.job {
        Job::Download => runtime()?.block_on(download(args.address, world.page_requests()))?,
        Job::Memory => from_memory(world, &pages, &args.place)?,
        Job::Export => runtime()?.block_on(async {
            for code in world.codes() {
                fetch(args.address, code, args.place.clone()).await?;
            }
            Ok::<_, esologs::Error>(())
        })?,
        Job::SideBySide => runtime()?.block_on(async {
            let reports: Vec<_> = world.codes().map(|code| tokio::spawn(fetch(args.address, code, args.place.clone()))).collect();
            for report in reports {
                report.await.map_err(io::Error::other)??;
            }
            Ok::<_, Box<dyn Error>>(())
        })?,
    }
    process::tell_usage(began.elapsed(), cpu_before)
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

fn writer(code: &str, place: &Path) -> Result<ParquetWriter, esologs::Error> {
    let origin = EventOrigin::new(&code.parse::<ReportCode>()?, "damage").started_at(UnixMillis::new(1_760_000_000_000));
    ParquetWriter::create(place.join(format!("{code}.parquet")), origin)
}

/// The lines in pages, as they come from the service.
fn pages_of(lines: &str, events: usize) -> Vec<&str> {
    let (mut pages, mut rest) = (Vec::new(), lines);
    while !rest.is_empty() {
        let end = rest.match_indices('\n').nth(events - 1).map_or(rest.len(), |(at, _)| at + 1);
        let (page, next) = rest.split_at(end);
        pages.push(page);
        rest = next;
    }
    pages
}

fn from_memory(world: World, reports: &[Vec<&str>], place: &Path) -> Result<(), Box<dyn Error>> {
    for (code, pages) in world.codes().zip(reports) {
        let mut writer = writer(&code, place)?;
        for page in pages {
            writer.append_lines(page)?;
        }
        writer.finish()?;
    }
    Ok(())
}

async fn fetch(address: SocketAddr, code: String, place: PathBuf) -> Result<(), esologs::Error> {
    let client = Client::builder()
        // The server is our own; the gate stays in the path.
        .without_request_rate()
        .endpoint(Endpoint::new(&format!("http://{address}"))?)
        .credentials(Credentials::new("canned", "canned")?)
        .policy(CallPolicy::batch())
        .build()?;
    let writer = writer(&code, &place)?;
    let events = client.report(code.parse()?).events(EventDataType::DamageDone);
    writer.write_all(&events).await?;
    Ok(())
}
