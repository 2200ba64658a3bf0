//! Who was there: the guild's own list of its reports with their players, in one file, written anew where reports have come or changed.

use std::sync::Arc;

use super::journal::{Page, Record, State, checksum};
use super::run::Shared;
use super::target::Target;
use crate::api::{AnyCall as _, PageStart, on_one_line};
use crate::disk::blocking;
use crate::error::Error;

/// Its name among the extras.
pub(super) const ATTENDANCE: &str = "attendance";
/// Entries on a page, the most that the API gives.
pub(super) const PER_PAGE: u64 = 100;

/// Who was there, as a pull has it in `data/attendance.jsonl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attendance {
    /// Reports of which it tells: all that the guild's own list has.
    pub reports: u64,
    /// Whether no report has come or changed since, as far as the list is known.
    pub is_current: bool,
}

/// What is kept of it; `None` where nothing is.
pub(super) fn kept(state: &State) -> Option<Attendance> {
    state.attendance.map(|(file, _)| Attendance { reports: file.lines, is_current: is_here(state) })
}

/// What the list of reports is, in short: where it is another one, attendance is asked for again.
pub(super) fn of_list(state: &State) -> u32 {
    let entry = |text: &mut String, listed: &super::listing::Listed| {
        text.push_str(&format!("{} {:?} {:?}\n", listed.code, listed.end, listed.revision));
    };
    let mut text = String::new();
    state.list.reports.iter().for_each(|listed| entry(&mut text, listed));
    checksum(text.as_bytes())
}

/// Whether it is here, as of the list as it stands.
pub(super) fn is_here(state: &State) -> bool {
    state.attendance.as_ref().is_some_and(|(_, of)| *of == of_list(state))
}

/// Fetches it, where it is not here. It is replaced as a whole: a pull that is stopped asks for all of its pages again.
pub(super) async fn bring(shared: &Arc<Shared>) -> Result<(), Error> {
    let (is_here, of) = shared.store.look(|state| (is_here(state), of_list(state)));
    if is_here {
        return Ok(());
    }
    let Target::Guild(guild) = shared.pull.target else { return Ok(()) };
    let list = shared.pull.asking().guild(guild).attendance();
    let (mut text, mut lines, mut next) = (String::new(), 0, Some(PageStart::Number(1)));
    while next.is_some() {
        let page = list.fetch(next).await?;
        for entry in page.entries.unwrap_or_default() {
            text.push_str(&on_one_line(entry.get()));
            text.push('\n');
            lines += 1;
        }
        next = page.next;
    }
    let shared = Arc::clone(shared);
    blocking(move || {
        shared.store.folder.write_attendance(&text)?;
        shared.note(vec![Record::Attendance { of, file: Page::whole(text.as_bytes(), lines) }])
    })
    .await
}
