//! `esologs verify`: whether a folder is still what was fetched, and what was exported of it what was made.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use esologs::Clock;
use esologs::export::{self, Format, VerifiedExport};
use esologs::pull::{self, Gap, Verified};
use serde::Serialize;

use super::json;
use crate::args::PullVerifyArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, words};

/// What is not as it should be is listed up to this; `--json` has all.
const MAX_LISTED: usize = 100;

pub(crate) async fn run(args: &PullVerifyArgs) -> Result<Exit, Failure> {
    let folder = &args.folder;
    let is_alone = export::is_export(folder) && !folder.join("manifest.json").is_file();
    let pulled = if is_alone { None } else { Some(pull::verify(folder).await?) };
    let places = if is_alone { vec![folder.clone()] } else { export::exports_in(folder) };
    let (mut exports, mut failure) = (Vec::new(), None);
    for place in places {
        match export::verify(&place).await {
            Ok(verified) => exports.push((place, verified)),
            // What was found out of the others is told all the same.
            Err(error) => failure = failure.or(Some(Failure::from(error))),
        }
    }
    let is_whole = pulled.as_ref().is_none_or(Verified::is_whole) && exports.iter().all(|(_, export)| export.is_whole());
    let exit = if failure.is_some() {
        Exit::Local
    } else if is_whole {
        Exit::Done
    } else {
        Exit::Missing
    };
    if args.json {
        output::data(&json_line(pulled.as_ref(), &exports, folder, exit)?)?;
    } else {
        let lines = pulled.iter().flat_map(|verified| lines(verified, folder));
        let lines = lines.chain(exports.iter().flat_map(|(place, export)| export_lines(export, place)));
        output::data(&lines.map(|line| line + "\n").collect::<String>())?;
    }
    failure.map_or(Ok(exit), Err)
}

fn lines(verified: &Verified, folder: &Path) -> Vec<String> {
    let reports = words::of(verified.reports, "report", "reports");
    let (pages, events) = (words::count(verified.pages), words::count(verified.events));
    let read = format!("{reports}, {pages} pages, {events} events, {}", words::bytes(verified.bytes));
    let mut lines = verdict(
        &verified.gaps,
        (folder, Path::new("")),
        &format!("{read}, each as it was fetched, and none is missing"),
        &read,
        "delete the folders of reports that are damaged and pull again: it fetches what is missing, and nothing twice",
    );
    if verified.adopted > 0 {
        let adopted = words::of(verified.adopted, "report was", "reports were");
        lines.push(format!(
            "{adopted} not fetched under this journal: nothing changed since it began, but what was missing then is not known."
        ));
    }
    lines
}

fn export_lines(verified: &VerifiedExport, folder: &Path) -> Vec<String> {
    let (files, rows) = (words::count(verified.files), words::count(verified.rows));
    let read = format!("an export of {files} files with {rows} rows, {}", words::bytes(verified.bytes));
    let next = match verified.format {
        Some(_) => "delete the files that are named and run the same export again: it makes those that are not there",
        None => "delete this export's folder and run the export again: what it was made from is in the pull's",
    };
    verdict(&verified.gaps, (folder, folder), &format!("{read}, each file as it was made"), &read, next)
}

/// What is not as it should be, as paths below the second folder, and what that comes to for the first.
fn verdict(gaps: &[Gap], (folder, below): (&Path, &Path), whole: &str, read: &str, next: &str) -> Vec<String> {
    let folder = words::path(folder);
    if gaps.is_empty() {
        return vec![format!("{folder} is whole: {whole}.")];
    }
    let mut lines = listed(gaps, below);
    lines.push(format!("{folder} is not whole: {} ({read} read).", found(gaps)));
    lines.push(format!("Next: {next}."));
    lines
}

/// A line for each, below this folder.
fn listed(gaps: &[Gap], folder: &Path) -> Vec<String> {
    let mut lines: Vec<String> = gaps.iter().take(MAX_LISTED).map(|gap| line(gap, folder)).collect();
    if gaps.len() > MAX_LISTED {
        lines.push(format!("… and {} more; --json names them all", gaps.len() - MAX_LISTED));
    }
    lines
}

fn found(gaps: &[Gap]) -> String {
    match gaps.len() {
        1 => "1 thing is not as it should be".to_owned(),
        more => format!("{} things are not as they should be", words::count(more as u64)),
    }
}

/// `data/reports/k7mfhPdY36RfANY2/events/damage.jsonl: it ends after 12 bytes, and 500 were written`
fn line(gap: &Gap, folder: &Path) -> String {
    let path = folder.join(&gap.path);
    let path = path.to_string_lossy();
    let about = if gap.path.as_os_str().is_empty() { gap.code.as_deref().unwrap_or_default() } else { &path };
    format!("{}: {}", words::plain(about), words::cut(&words::plain(&gap.what), 200))
}

fn json_line(
    pulled: Option<&Verified>,
    exports: &[(PathBuf, VerifiedExport)],
    folder: &Path,
    exit: Exit,
) -> Result<String, Failure> {
    let now = Clock::system().now();
    let exports: Vec<ExportFields<'_>> = exports.iter().map(|(place, export)| ExportFields::of(export, place)).collect();
    let exit_code = exit.code();
    match (pulled, exports) {
        (Some(verified), exports) => json::line("verified", now, &Fields::of(verified, folder, exports, exit_code)),
        (None, exports) => {
            let exports = exports.into_iter().map(|export| Alone { export, exit_code });
            exports.map(|export| json::line("verified_export", now, &export)).collect()
        }
    }
}

#[derive(Serialize)]
struct Fields<'a> {
    folder: Cow<'a, str>,
    is_whole: bool,
    reports: usize,
    files: u64,
    pages: u64,
    events: u64,
    bytes: u64,
    adopted: usize,
    gaps: Vec<GapFields<'a>>,
    exports: Vec<ExportFields<'a>>,
    exit_code: u8,
}

#[derive(Serialize)]
struct Alone<'a> {
    #[serde(flatten)]
    export: ExportFields<'a>,
    exit_code: u8,
}

#[derive(Serialize)]
struct ExportFields<'a> {
    folder: Cow<'a, str>,
    is_whole: bool,
    format: Option<&'static str>,
    reports: usize,
    files: u64,
    rows: u64,
    bytes: u64,
    gaps: Vec<GapFields<'a>>,
}

#[derive(Serialize)]
struct GapFields<'a> {
    kind: &'static str,
    code: Option<&'a str>,
    path: Cow<'a, str>,
    what: &'a str,
}

impl<'a> Fields<'a> {
    fn of(verified: &'a Verified, folder: &'a Path, exports: Vec<ExportFields<'a>>, exit_code: u8) -> Self {
        Self {
            folder: folder.to_string_lossy(),
            is_whole: verified.is_whole(),
            reports: verified.reports,
            files: verified.files,
            pages: verified.pages,
            events: verified.events,
            bytes: verified.bytes,
            adopted: verified.adopted,
            gaps: verified.gaps.iter().map(GapFields::of).collect(),
            exports,
            exit_code,
        }
    }
}

impl<'a> ExportFields<'a> {
    fn of(verified: &'a VerifiedExport, folder: &'a Path) -> Self {
        Self {
            folder: folder.to_string_lossy(),
            is_whole: verified.is_whole(),
            format: verified.format.map(Format::name),
            reports: verified.reports,
            files: verified.files,
            rows: verified.rows,
            bytes: verified.bytes,
            gaps: verified.gaps.iter().map(GapFields::of).collect(),
        }
    }
}

impl<'a> GapFields<'a> {
    fn of(gap: &'a Gap) -> Self {
        Self { kind: gap.kind.name(), code: gap.code.as_deref(), path: gap.path.to_string_lossy(), what: &gap.what }
    }
}
