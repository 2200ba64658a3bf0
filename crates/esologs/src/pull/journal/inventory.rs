//! What is here of a report: its files, page by page, with checksums. Pure.

use serde::{Deserialize, Serialize};

use super::super::extra::ReportExtra;
use super::line::checksum;
use crate::units::{ReportTime, UnixMillis};

/// The files of every report beside its events.
pub(in crate::pull) const BASE_FILES: [&str; 4] = ["report.json", "fights.jsonl", "actors.jsonl", "abilities.jsonl"];

/// A piece of a file as it was written: a page of events, or a whole file of another kind.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(in crate::pull) struct Page {
    /// The cursor with which it was asked for, and the one that it named as its successor; none at the end.
    #[serde(with = "super::cursor")]
    pub(in crate::pull) start: ReportTime,
    #[serde(with = "super::cursor::maybe")]
    pub(in crate::pull) next: Option<ReportTime>,
    pub(in crate::pull) lines: u64,
    pub(in crate::pull) bytes: u64,
    pub(in crate::pull) crc: u32,
}

/// A file of a report, by its path within the report's folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::pull) struct Filed {
    pub(in crate::pull) name: String,
    pub(in crate::pull) pages: Vec<Page>,
}

/// What is here of a report.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(in crate::pull) struct Inventory {
    pub(in crate::pull) title: String,
    pub(in crate::pull) start: Option<UnixMillis>,
    /// As the report itself said when it was fetched: it has grown since, where the list says otherwise.
    pub(in crate::pull) end: Option<UnixMillis>,
    pub(in crate::pull) revision: Option<i64>,
    pub(in crate::pull) files: Vec<Filed>,
    /// Its events have health, magicka and place of source and target.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in crate::pull) with_resources: bool,
    /// It was found in the folder, not fetched under this journal: its pages are not known, only the files as they were found.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in crate::pull) adopted: bool,
}

impl Page {
    /// A piece with nothing before and nothing after it.
    pub(in crate::pull) fn whole(text: &[u8], lines: u64) -> Self {
        Self { start: ReportTime::ZERO, next: None, lines, bytes: text.len() as u64, crc: checksum(text) }
    }
}

impl Filed {
    /// A file of one piece.
    pub(in crate::pull) fn whole(name: impl Into<String>, page: Page) -> Self {
        Self { name: name.into(), pages: vec![page] }
    }

    pub(in crate::pull) fn lines(&self) -> u64 {
        self.pages.iter().map(|page| page.lines).sum()
    }

    pub(in crate::pull) fn bytes(&self) -> u64 {
        self.pages.iter().map(|page| page.bytes).sum()
    }

    /// Takes a page in its place: what was there from its start on is of an earlier try.
    pub(super) fn put(&mut self, page: Page) {
        self.pages.retain(|earlier| earlier.start < page.start);
        self.pages.push(page);
    }

    /// Whether it goes from the start to the end without a gap.
    pub(in crate::pull) fn is_complete(&self) -> bool {
        self.gap().is_none()
    }

    /// The first place where its pages do not join, in words.
    pub(in crate::pull) fn gap(&self) -> Option<String> {
        let mut wanted = Some(ReportTime::ZERO);
        for page in &self.pages {
            match wanted {
                Some(start) if start == page.start => wanted = page.next,
                Some(start) => {
                    return Some(format!("the page from {start} ms is missing: the next one begins at {} ms", page.start));
                }
                None => return Some(format!("a page from {} ms follows the last one", page.start)),
            }
        }
        wanted.map(|start| format!("the page from {start} ms is missing: nothing follows"))
    }
}

impl Inventory {
    pub(in crate::pull) fn file(&self, name: &str) -> Option<&Filed> {
        self.files.iter().find(|file| file.name == name)
    }

    /// Takes a page of a file in its place.
    pub(super) fn put(&mut self, name: &str, page: Page) {
        match self.files.iter_mut().find(|file| file.name == name) {
            Some(file) => file.put(page),
            None => self.files.push(Filed::whole(name, page)),
        }
    }

    /// The files that every report has.
    pub(in crate::pull) fn base(&self) -> Vec<Filed> {
        self.files.iter().filter(|file| BASE_FILES.contains(&file.name.as_str())).cloned().collect()
    }

    /// Whether all of these are here whole (streams and extras, by name), and what every report has.
    pub(in crate::pull) fn has(&self, wanted: &[&str]) -> bool {
        let is_here = |name: &str| self.file(name).is_some_and(Filed::is_complete);
        BASE_FILES.iter().all(|name| is_here(name)) && wanted.iter().all(|name| is_here(&file_of(name)))
    }

    /// The same, and with resources where these are wanted and there are events.
    pub(in crate::pull) fn serves(&self, wanted: &[&str], with_resources: bool) -> bool {
        let has_events = wanted.iter().any(|name| ReportExtra::named(name).is_none());
        self.has(wanted) && (self.with_resources || !with_resources || !has_events)
    }

    pub(in crate::pull) fn fights(&self) -> u64 {
        self.file("fights.jsonl").map_or(0, Filed::lines)
    }

    /// What is here beside events.
    pub(in crate::pull) fn extras(&self) -> Vec<ReportExtra> {
        let is_here = |extra: &ReportExtra| self.file(extra.file()).is_some_and(Filed::is_complete);
        ReportExtra::EVERY.into_iter().filter(is_here).collect()
    }

    /// Events by file: `("damage", 12345)`.
    pub(in crate::pull) fn events(&self) -> Vec<(String, u64)> {
        let events = self.files.iter().filter_map(|file| Some((stream_of(&file.name)?.to_owned(), file.lines())));
        let mut events: Vec<_> = events.collect();
        events.sort();
        events
    }
}

/// The file of a stream, or of an extra.
pub(in crate::pull) fn file_of(name: &str) -> String {
    ReportExtra::named(name).map_or_else(|| event_file(name), |extra| extra.file().to_owned())
}

/// `events/damage.jsonl`
pub(in crate::pull) fn event_file(stream: &str) -> String {
    format!("events/{stream}.jsonl")
}

/// `damage`, of `events/damage.jsonl`.
pub(in crate::pull) fn stream_of(file: &str) -> Option<&str> {
    file.strip_prefix("events/")?.strip_suffix(".jsonl")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(start: f64, next: Option<f64>) -> Page {
        Page { start: ReportTime::new(start), next: next.map(ReportTime::new), lines: 10, bytes: 100, crc: 0 }
    }

    fn file(pages: &[Page]) -> Filed {
        Filed { name: "events/damage.jsonl".into(), pages: pages.to_vec() }
    }

    #[test]
    fn pages_that_join_from_the_start_to_the_end_are_complete() {
        let all = [page(0.0, Some(5.5)), page(5.5, Some(9.0)), page(9.0, None)];
        assert!(file(&all).is_complete());
        for missing in 0..3 {
            let mut left = all.to_vec();
            left.remove(missing);
            let gap = file(&left).gap().unwrap();
            assert!(gap.contains(&format!("the page from {} ms", all[missing].start)), "{gap}");
        }
        assert!(file(&[]).gap().unwrap().contains("from 0 ms"));
        assert!(file(&[page(0.0, None), page(1.0, None)]).gap().unwrap().contains("follows the last one"));
    }

    #[test]
    fn a_page_that_is_bought_again_takes_the_place_of_the_earlier_one_and_of_what_followed() {
        let mut inventory = Inventory::default();
        for page in [page(0.0, Some(5.0)), page(5.0, Some(9.0)), page(5.0, Some(7.0)), page(7.0, None)] {
            inventory.put("events/damage.jsonl", page);
        }
        let file = inventory.file("events/damage.jsonl").unwrap();
        assert!(file.is_complete() && file.pages.len() == 3, "{file:?}");
        assert_eq!(inventory.events(), [("damage".to_owned(), 30)]);
    }
}
