//! A pull that is only reckoned up.

use super::Pull;
use super::attendance;
use super::folder::Folder;
use super::forecast::{Forecast, Wanted};
use super::journal::{Filed, Inventory, Page, Record, State, stream_of};
use super::listing::Listed;
use super::plan::{self, Step, Wish};
use super::sizes::{self, Size, Sizes};
use super::store::{self, forget_what_is_gone, inspect};
use super::target::Target;
use crate::disk::blocking;
use crate::error::Error;
use crate::ids::ReportCode;

/// What a pull would find and take. Made by [`Pull::dry_run`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DryRun {
    /// What the pull is about.
    pub target: Target,
    /// Its name; empty where the service tells none: of users and of named reports.
    pub target_name: String,
    /// Reports in the list.
    pub reports: usize,
    /// How many the service counts; more than `reports` where it hides some from this key.
    pub list_total: Option<u64>,
    /// Reports that are here from an earlier pull, whole; nothing is asked for them.
    pub already_here: usize,
    /// Reports that may still grow: they are fetched as they stand, and again by the next pull.
    pub live: usize,
    /// Reports that cannot be had, as far as the list and an earlier pull tell: archived ones, and private ones, which no key sees
    /// without a user's token.
    pub cannot_be_had: usize,
    /// Reports that would be fetched, the live ones included.
    pub to_fetch: usize,
    /// What the pull takes, the list of reports included, which it reads again.
    pub forecast: Forecast,
}

impl Pull {
    /// Tells what [`run`](Self::run) would find and take, and changes nothing: the folder is neither made nor written to, and may be one
    /// in which another pull works.
    ///
    /// It asks for the target and for the list of its reports, which costs points as it does in the pull itself: about 1.2 and
    /// 4.25 a report. Where the reports were named it asks for nothing; their lengths are guessed then. All else is reckoned: how large the reports are, by those in the folder; what calls cost, by what the client's
    /// ledger has learned ([`Ledger::in_folder`](crate::Ledger::in_folder) keeps that from run to run).
    ///
    /// # Errors
    /// As [`run`](Self::run) where nothing could be started.
    pub async fn dry_run(&self) -> Result<DryRun, Error> {
        let (root, owner) = (self.folder.clone(), self.owner());
        let state = blocking(move || {
            let mut state = inspect(&root, &owner)?.0.state;
            let (folder, _) = Folder::look(&root, |_| Ok(()))?;
            forget_what_is_gone(&folder, &mut state);
            adopt(&folder, &mut state);
            Ok((folder, state))
        });
        let (folder, mut state) = state.await?;
        let is_known = state.about.is_some();
        if !is_known && let Some((name, _)) = self.about().await? {
            state.about = Some((name, Page::whole(b"", 0)));
        }
        let events = self.wanted();
        let wish = self.wish(&events, self.client.clock().now());
        let before = self.client.points_seen();
        let list_pages = self.peek_list(&mut state, &wish).await?;
        self.is_anybody_there(&state)?;
        let seen = self.client.points_seen().zip(before);
        let list_seen = seen.map(|(now, before)| now.spent_by_us_about.get() - before.spent_by_us_about.get());

        let (listed, list_total) = self.listed(&state);
        let steps: Vec<Step> =
            listed.iter().map(|listed| plan::step(listed, state.reports.get(listed.code.as_str()), &wish)).collect();
        let about = self.target.question().filter(|_| !is_known);
        let mut wanted = Wanted { about, list: self.target.list_question(), list_pages, list_seen, ..Wanted::default() };
        let (mut live, mut refused) = (0, 0);
        for (listed, step) in listed.iter().zip(&steps) {
            match step {
                // To be told so takes a request.
                Step::Fetch if is_hidden(listed, &state, &wish) => refused += 1,
                Step::Fetch => wanted.hours.push(listed.hours()),
                _ => {}
            }
            let is_open = matches!(step, Step::Live) || (*step == Step::Fetch && !is_hidden(listed, &state, &wish));
            live += usize::from(is_open && !listed.is_only_named() && !listed.is_long_past(wish.now));
        }
        wanted.refused = refused;
        if self.attendance && !attendance::is_here(&state) {
            wanted.attendance_pages = list_total.unwrap_or_default().div_ceil(attendance::PER_PAGE).max(1) as usize;
        }
        let count = |is: fn(&Step) -> bool| steps.iter().filter(|step| is(step)).count();
        let target_name = state.about.as_ref().map(|(name, _)| name.clone()).unwrap_or_default();
        let sizes = blocking(move || Ok(Sizes::of(sizes_here(&folder, &state)))).await?;
        Ok(DryRun {
            target: self.target,
            target_name,
            reports: listed.len(),
            list_total,
            already_here: count(|step| matches!(step, Step::Here | Step::Settle)),
            live,
            cannot_be_had: refused + count(|step| matches!(step, Step::Closed(_) | Step::BadCode)),
            to_fetch: wanted.hours.len(),
            forecast: Forecast::of(&wanted, &sizes, self).await?,
        })
    }

    /// Reads the list as the pull would, and notes nothing; tells how many entries each page had.
    async fn peek_list(&self, state: &mut State, wish: &Wish<'_>) -> Result<Vec<usize>, Error> {
        if self.knows_list(state, wish) {
            return Ok(Vec::new());
        }
        let (look, mut pages, mut next) = (self.look(state, wish), Vec::new(), Some(1));
        state.take(Record::Look(look));
        while let Some(number) = next {
            let page = self.list_page(&look, number).await?;
            next = page.next;
            pages.extend(self.target.list_question().map(|_| page.entries));
            state.take(page.into_record(number));
        }
        Ok(pages)
    }
}

/// A report of which only the refusal will come: a private one, which no key sees without a user's token, or one that was refused
/// before.
fn is_hidden(listed: &Listed, state: &State, wish: &Wish<'_>) -> bool {
    let was_refused = state.reports.get(listed.code.as_str()).is_some_and(|known| known.closed.is_some());
    !wish.has_user && (was_refused || listed.visibility.as_deref() == Some("private"))
}

/// Reports of which no journal tells are here all the same.
fn adopt(folder: &Folder, state: &mut State) {
    for record in store::adopt(folder, state) {
        state.take(record);
    }
}

/// The sizes of the reports that are here, the newest first.
pub(super) fn sizes_here(folder: &Folder, state: &State) -> Vec<Size> {
    let mut here: Vec<(&String, &Inventory)> =
        state.reports.iter().filter_map(|(code, known)| Some((code, known.data.as_ref()?))).collect();
    here.sort_by_key(|(_, inventory)| std::cmp::Reverse(inventory.start));
    here.into_iter().take(sizes::MOST).filter_map(|(code, inventory)| size(folder, code, inventory)).collect()
}

fn size(folder: &Folder, code: &str, inventory: &Inventory) -> Option<Size> {
    let hours = folder.length(&ReportCode::bare(code)?)?.as_secs_f64() / 3_600.0;
    let bytes = |file: &Filed| Some((stream_of(&file.name)?.to_owned(), file.bytes()));
    let event_bytes = inventory.files.iter().filter_map(bytes).collect();
    let other_bytes = inventory.base().iter().map(Filed::bytes).sum();
    Some(Size {
        hours,
        fights: inventory.fights(),
        with_resources: inventory.with_resources,
        events: inventory.events().into_iter().collect(),
        event_bytes,
        other_bytes,
    })
}
