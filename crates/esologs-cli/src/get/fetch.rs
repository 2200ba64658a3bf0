//! What is asked for, a page of it or all, and what is said where there is more.

use esologs::{AnyCall, PageStart};
use serde_json::value::RawValue;

use super::node::Node;
use crate::args::{DEFAULT_MAX, Extent};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, words};

/// What came.
#[derive(Debug)]
pub(crate) enum Found {
    One(Box<RawValue>),
    List(List),
}

/// Entries of a list, and what is known of the rest.
#[derive(Debug)]
pub(crate) struct List {
    entries: Vec<Box<RawValue>>,
    total: Option<u64>,
    rest: Rest,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Rest {
    /// All is here, or the page was the last one.
    Nothing,
    /// More pages follow the one that was asked for.
    Pages(PageStart),
    /// The bound on entries was met: one that was said, or the usual one.
    Beyond { bound: u64, was_said: bool },
}

pub(crate) async fn fetch(call: &dyn AnyCall, extent: Extent) -> Result<Found, Failure> {
    let (mut from, max, was_said) = match extent {
        Extent::Page(page) => (page.map(PageStart::Number), None, false),
        Extent::All { max } => (None, Some(max.unwrap_or(DEFAULT_MAX)), max.is_some()),
    };
    let mut all = Vec::new();
    loop {
        let answer = call.fetch(from).await?;
        let Some(entries) = answer.entries else { return Ok(Found::One(answer.json)) };
        all.extend(entries);
        let (rest, total) = match (max, answer.next) {
            (Some(bound), next) if all.len() as u64 > bound || (all.len() as u64 == bound && next.is_some()) => {
                all.truncate(usize::try_from(bound).unwrap_or(usize::MAX));
                (Rest::Beyond { bound, was_said }, answer.total)
            }
            (_, None) => (Rest::Nothing, answer.total),
            (None, Some(next)) => (Rest::Pages(next), answer.total),
            (Some(_), next) => {
                from = next;
                continue;
            }
        };
        return Ok(Found::List(List { entries: all, total, rest }));
    }
}

impl Found {
    /// The JSON to the letter; a list as an array with an entry on a line.
    pub(crate) fn json(&self) -> String {
        match self {
            Self::One(json) => json.get().to_owned(),
            Self::List(list) => {
                let entries: Vec<&str> = list.entries.iter().map(|entry| entry.get()).collect();
                format!("[{}]", entries.join(","))
            }
        }
    }

    pub(crate) fn node(&self) -> Result<Node, Failure> {
        let read = |json: &RawValue| {
            serde_json::from_str(json.get())
                .map_err(|error| Failure::new(Exit::Upstream, "bad_answer", format!("the answer cannot be shown: {error}")))
        };
        match self {
            Self::One(json) => read(json),
            Self::List(list) => list.entries.iter().map(|entry| read(entry)).collect::<Result<_, _>>().map(Node::List),
        }
    }

    /// Says what more there is, and how the program ends because of it.
    pub(crate) fn tell(&self) -> Exit {
        let Self::List(List { entries, total, rest }) = self else { return Exit::Done };
        let here = words::of(entries.len(), "entry", "entries");
        let here = total.map_or_else(
            || here.clone(),
            |total| format!("{} of {}", words::count(entries.len() as u64), words::of(total as usize, "entry", "entries")),
        );
        match rest {
            Rest::Nothing => Exit::Done,
            Rest::Pages(next) => {
                let option = match next {
                    PageStart::Time(time) => format!("--start-time {}", time.get()),
                    PageStart::Number(number) => format!("--page {number}"),
                    _ => String::new(),
                };
                output::talk(format_args!("note: {here}; more with {option}, or --all"));
                Exit::Done
            }
            Rest::Beyond { bound, was_said } => {
                output::talk(format_args!("note: {here}; there is more than --max {bound}"));
                // A bound that nobody named must not pass for the end of the list.
                if *was_said { Exit::Done } else { Exit::OwnLimit }
            }
        }
    }
}
