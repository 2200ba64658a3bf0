//! What is asked for, a page of it or all, and what is said where there is more.

use esologs::{AnyCall, PageStart, Served};
use serde_json::value::RawValue;

use crate::args::{DEFAULT_MAX, Extent};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::layout::node::Node;
use crate::{json_text, output, words};

/// How JSON is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JsonForm {
    /// For people.
    Indented,
    /// All on one line.
    Compact,
    /// One line, or one for each entry of a list.
    Usual,
}

/// What came.
#[derive(Debug)]
pub(crate) enum Found {
    One(Box<RawValue>, Served),
    List(List),
}

/// Entries of a list, and what is known of the rest.
#[derive(Debug)]
pub(crate) struct List {
    entries: Vec<Box<RawValue>>,
    total: Option<u64>,
    rest: Rest,
    served: Served,
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
    let (mut all, mut served) = (Vec::new(), Served::Fresh);
    loop {
        let answer = call.fetch(from).await?;
        served = served.and(answer.served);
        let Some(entries) = answer.entries else { return Ok(Found::One(answer.json, served)) };
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
        return Ok(Found::List(List { entries: all, total, rest, served }));
    }
}

impl Found {
    /// The JSON to the letter in this form; a list as an array.
    pub(crate) fn json(&self, form: JsonForm) -> String {
        let laid_out =
            |json: &str| if form == JsonForm::Indented { json_text::indented(json) } else { json_text::on_one_line(json) };
        match self {
            Self::One(json, _) => laid_out(json.get()),
            // A line for each, so that other programs can read entry by entry.
            Self::List(list) if form == JsonForm::Usual && !list.entries.is_empty() => {
                let entries: Vec<String> = list.entries.iter().map(|entry| json_text::on_one_line(entry.get())).collect();
                let lines: Vec<&str> = entries.iter().map(|entry| entry.trim_end()).collect();
                format!("[\n{}\n]\n", lines.join(",\n"))
            }
            Self::List(list) => {
                let entries: Vec<&str> = list.entries.iter().map(|entry| entry.get()).collect();
                laid_out(&format!("[{}]", entries.join(",")))
            }
        }
    }

    /// Where it comes from.
    pub(crate) fn served(&self) -> &Served {
        match self {
            Self::One(_, served) => served,
            Self::List(list) => &list.served,
        }
    }

    pub(crate) fn node(&self) -> Result<Node, Failure> {
        let read = |json: &RawValue| {
            serde_json::from_str(json.get())
                .map_err(|error| Failure::new(Exit::Upstream, "bad_answer", format!("the answer cannot be shown: {error}")))
        };
        match self {
            Self::One(json, _) => read(json),
            Self::List(list) => list.entries.iter().map(|entry| read(entry)).collect::<Result<_, _>>().map(Node::List),
        }
    }

    /// Says what more there is, and how the program ends because of it.
    pub(crate) fn tell(&self) -> Exit {
        let Self::List(List { entries, total, rest, .. }) = self else { return Exit::Done };
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
