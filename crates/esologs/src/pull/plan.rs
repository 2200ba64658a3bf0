//! What is to be done about each report of the list. Pure.

use std::time::Duration;

use super::journal::{Closed, Known, Why};
use super::listing::Listed;
use crate::ids::ReportCode;
use crate::units::UnixMillis;

/// A report that was not visible is asked for again after so long.
pub(super) const ASK_AGAIN_AFTER: Duration = Duration::from_secs(7 * 24 * 3600);

/// What is to be done about a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing: all of it is here and final.
    Here,
    /// Nothing: what is under `live/` is what there is.
    Live,
    /// It has become final as it lies under `live/`: it moves to `data/`.
    Settle,
    /// Nothing: it cannot be had.
    Closed(Why),
    /// Its code could name another's folder.
    BadCode,
    /// It is to be fetched.
    Fetch,
}

/// What is wanted of every report.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish<'a> {
    /// Event files and extras, by name.
    pub(super) events: &'a [&'a str],
    /// Events have to have health, magicka and place of source and target.
    pub(super) with_resources: bool,
    /// Live reports are fetched though the list shows no change.
    pub(super) refresh_live: bool,
    /// What could not be had is asked for again.
    pub(super) retry: bool,
    /// A user is signed in, who may see what the key does not.
    pub(super) has_user: bool,
    pub(super) now: UnixMillis,
}

/// What is to be done about a report, by what the list says of it and what is here.
pub(super) fn step(listed: &Listed, known: Option<&Known>, wish: &Wish<'_>) -> Step {
    if known.and_then(|known| known.data.as_ref()).is_some_and(|data| data.serves(wish.events, wish.with_resources)) {
        return Step::Here;
    }
    // What the list already says: asking would only cost points.
    if listed.is_archived && !wish.has_user {
        return Step::Closed(Why::Archived);
    }
    if ReportCode::bare(listed.code.as_str()).is_none() {
        return Step::BadCode;
    }
    if let Some(closed) = known.and_then(|known| known.closed.as_ref()).filter(|closed| stays_closed(closed, listed, wish)) {
        return Step::Closed(closed.why);
    }
    let live = known.and_then(|known| known.live.as_ref()).filter(|live| live.serves(wish.events, wish.with_resources));
    let live = live.filter(|_| !wish.refresh_live);
    match live {
        // Where no list tells whether it has grown, only a look does.
        Some(live) if listed.is_only_named() || !listed.agrees_with(live.end, live.revision) => Step::Fetch,
        Some(_) if listed.is_long_past(wish.now) => Step::Settle,
        Some(_) => Step::Live,
        None => Step::Fetch,
    }
}

/// Whether nothing is left to be done about a report, today or later.
pub(super) fn is_settled(step: Step) -> bool {
    matches!(step, Step::Here | Step::Closed(_) | Step::BadCode)
}

fn stays_closed(closed: &Closed, listed: &Listed, wish: &Wish<'_>) -> bool {
    let nobody_new_asks = closed.by_user || !wish.has_user;
    !wish.retry && nobody_new_asks && closed.listed == *listed && wish.now.since(closed.at) < ASK_AGAIN_AFTER
}

#[cfg(test)]
mod tests {
    use super::super::journal::{BASE_FILES, Filed, Inventory, Page, event_file};
    use super::*;

    const END: UnixMillis = UnixMillis::new(1_700_000_000_000);
    const HOUR: Duration = Duration::from_secs(3600);

    fn listed() -> Listed {
        let code = "aaaaaaaaaaaaaaaa".parse().unwrap();
        Listed { title: "Tuesday".into(), start: Some(END), end: Some(END), revision: Some(3), ..Listed::named(code) }
    }

    fn here(events: &[&str]) -> Inventory {
        let names = BASE_FILES.iter().map(|name| (*name).to_owned()).chain(events.iter().map(|name| event_file(name)));
        let files = names.map(|name| Filed::whole(name, Page::whole(b"", 0))).collect();
        Inventory { end: Some(END), revision: Some(3), files, ..Inventory::default() }
    }

    fn wish<'a>(events: &'a [&'a str], hours: u32) -> Wish<'a> {
        Wish { events, with_resources: false, refresh_live: false, retry: false, has_user: false, now: END.plus(HOUR * hours) }
    }

    #[test]
    fn a_report_that_is_here_with_all_that_is_wanted_is_left_alone() {
        let known = Known { data: Some(here(&["deaths", "damage"])), ..Known::default() };
        assert_eq!(step(&listed(), Some(&known), &wish(&["deaths"], 0)), Step::Here);
        assert_eq!(step(&listed(), Some(&known), &wish(&["deaths", "casts"], 0)), Step::Fetch);
        assert_eq!(step(&listed(), None, &wish(&[], 0)), Step::Fetch);
    }

    #[test]
    fn a_report_whose_events_are_here_without_resources_is_fetched_where_they_are_wanted() {
        let known = |with_resources| Known { data: Some(Inventory { with_resources, ..here(&["deaths"]) }), ..Known::default() };
        let of =
            |known: &Known, events, with_resources| step(&listed(), Some(known), &Wish { with_resources, ..wish(events, 0) });
        assert_eq!(of(&known(false), &["deaths"], true), Step::Fetch);
        assert_eq!(of(&known(true), &["deaths"], true), Step::Here);
        assert_eq!(of(&known(true), &["deaths"], false), Step::Here);
        assert_eq!(of(&known(false), &[], true), Step::Here, "no events, no resources");
    }

    #[test]
    fn a_live_report_is_fetched_where_the_list_shows_a_change_and_settles_a_day_after_its_end_without_one() {
        let known = Known { live: Some(here(&["deaths"])), ..Known::default() };
        let of = |listed: &Listed, wish: &Wish<'_>| step(listed, Some(&known), wish);
        assert_eq!(of(&listed(), &wish(&["deaths"], 23)), Step::Live);
        assert_eq!(of(&listed(), &wish(&["deaths"], 24)), Step::Settle);
        assert_eq!(of(&listed(), &wish(&["casts"], 24)), Step::Fetch);
        assert_eq!(of(&listed(), &Wish { refresh_live: true, ..wish(&["deaths"], 23) }), Step::Fetch);
        for changed in [
            Listed { end: Some(END.plus(HOUR)), ..listed() },
            Listed { revision: Some(4), ..listed() },
            Listed { revision: None, ..listed() },
        ] {
            assert_eq!(of(&changed, &wish(&["deaths"], 48)), Step::Fetch, "{changed:?}");
        }
    }

    #[test]
    fn what_was_not_visible_is_asked_for_again_after_a_week_or_a_change_or_a_word() {
        let closed = Closed { why: Why::NotVisible, at: END, by_user: false, listed: listed() };
        let known = Known { closed: Some(closed), ..Known::default() };
        let of = |listed: &Listed, wish: &Wish<'_>| step(listed, Some(&known), wish);
        assert_eq!(of(&listed(), &wish(&[], 7 * 24 - 1)), Step::Closed(Why::NotVisible));
        assert_eq!(of(&listed(), &wish(&[], 7 * 24)), Step::Fetch);
        assert_eq!(of(&listed(), &Wish { retry: true, ..wish(&[], 1) }), Step::Fetch);
        assert_eq!(of(&Listed { visibility: Some("public".into()), ..listed() }, &wish(&[], 1)), Step::Fetch);
    }

    #[test]
    fn what_the_list_says_is_archived_is_asked_for_where_a_user_is_signed_in_only() {
        let archived = Listed { is_archived: true, ..listed() };
        assert_eq!(step(&archived, None, &Wish { retry: true, ..wish(&[], 1) }), Step::Closed(Why::Archived));
        assert_eq!(step(&archived, None, &Wish { has_user: true, ..wish(&[], 1) }), Step::Fetch);
    }

    #[test]
    fn what_was_closed_to_the_key_is_asked_for_once_a_user_is_signed_in_and_then_left_for_a_week() {
        for (by_user, expected) in [(false, Step::Fetch), (true, Step::Closed(Why::Archived))] {
            let closed = Closed { why: Why::Archived, at: END, by_user, listed: listed() };
            let known = Known { closed: Some(closed), ..Known::default() };
            assert_eq!(step(&listed(), Some(&known), &Wish { has_user: true, ..wish(&[], 1) }), expected);
        }
    }
}
