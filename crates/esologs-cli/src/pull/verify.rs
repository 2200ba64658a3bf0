//! `esologs verify`: whether a folder is still what was fetched.

use std::path::Path;

use esologs::Clock;
use esologs::pull::{Gap, Verified, verify};
use serde::Serialize;

use super::json;
use crate::args::PullVerifyArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, words};

/// What is not as it should be is listed up to this; `--json` has all.
const MAX_LISTED: usize = 100;

pub(crate) async fn run(args: &PullVerifyArgs) -> Result<Exit, Failure> {
    let verified = verify(&args.folder).await?;
    let exit = if verified.is_whole() { Exit::Done } else { Exit::Missing };
    if args.json {
        output::data(&json::line("verified", Clock::system().now(), &Fields::of(&verified, &args.folder, exit))?)?;
    } else {
        output::data(&(lines(&verified, &args.folder).join("\n") + "\n"))?;
    }
    Ok(exit)
}

fn lines(verified: &Verified, folder: &Path) -> Vec<String> {
    let mut lines: Vec<String> = verified.gaps.iter().take(MAX_LISTED).map(line).collect();
    if verified.gaps.len() > MAX_LISTED {
        lines.push(format!("… and {} more; --json names them all", verified.gaps.len() - MAX_LISTED));
    }
    let (folder, reports) = (words::path(folder), words::of(verified.reports, "report", "reports"));
    let (pages, events) = (words::count(verified.pages), words::count(verified.events));
    let read = format!("{reports}, {pages} pages, {events} events, {}", words::bytes(verified.bytes));
    if verified.is_whole() {
        lines.push(format!("{folder} is whole: {read}, each as it was fetched, and none is missing."));
    } else {
        let found = match verified.gaps.len() {
            1 => "1 thing is not as it should be".to_owned(),
            more => format!("{} things are not as they should be", words::count(more as u64)),
        };
        lines.push(format!("{folder} is not whole: {found} ({read} read)."));
        lines.push(
            "Next: delete the folders of reports that are damaged and pull again: it fetches what is missing, and nothing twice."
                .to_owned(),
        );
    }
    if verified.adopted > 0 {
        let adopted = words::of(verified.adopted, "report was", "reports were");
        lines.push(format!(
            "{adopted} not fetched under this journal: nothing changed since it began, but what was missing then is not known."
        ));
    }
    lines
}

/// `data/reports/k7mfhPdY36RfANY2/events/damage.jsonl: it ends after 12 bytes, and 500 were written`
fn line(gap: &Gap) -> String {
    let path = gap.path.to_string_lossy();
    let about = if path.is_empty() { gap.code.as_deref().unwrap_or_default() } else { &path };
    format!("{}: {}", words::plain(about), words::cut(&words::plain(&gap.what), 200))
}

#[derive(Serialize)]
struct Fields<'a> {
    folder: std::borrow::Cow<'a, str>,
    is_whole: bool,
    reports: usize,
    files: u64,
    pages: u64,
    events: u64,
    bytes: u64,
    adopted: usize,
    gaps: Vec<GapFields<'a>>,
    exit_code: u8,
}

#[derive(Serialize)]
struct GapFields<'a> {
    kind: &'static str,
    code: Option<&'a str>,
    path: std::borrow::Cow<'a, str>,
    what: &'a str,
}

impl<'a> Fields<'a> {
    fn of(verified: &'a Verified, folder: &'a Path, exit: Exit) -> Self {
        let gap = |gap: &'a Gap| GapFields {
            kind: gap.kind.name(),
            code: gap.code.as_deref(),
            path: gap.path.to_string_lossy(),
            what: &gap.what,
        };
        Self {
            folder: folder.to_string_lossy(),
            is_whole: verified.is_whole(),
            reports: verified.reports,
            files: verified.files,
            pages: verified.pages,
            events: verified.events,
            bytes: verified.bytes,
            adopted: verified.adopted,
            gaps: verified.gaps.iter().map(gap).collect(),
            exit_code: exit.code(),
        }
    }
}
