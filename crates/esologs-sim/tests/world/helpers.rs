//! Worlds and pages, in the words of the tests.

use esologs_sim::world::model::{Access, Report};
use esologs_sim::world::{EventFilter, EventPage, Size, World, WorldConfig};

/// 2026-10-15T20:00:00Z: all finished reports are past.
pub(crate) const NOW: i64 = 1_792_094_400_000;

pub(crate) fn world(size: Size, seed: u64) -> World {
    World::generate(&WorldConfig { seed, size }, NOW)
}

pub(crate) fn small(seed: u64) -> World {
    world(Size::Small, seed)
}

pub(crate) fn finished(world: &World) -> impl Iterator<Item = &Report> {
    world.reports.iter().filter(|report| report.access == Access::Public)
}

/// One report alone, described by the lines of its entry.
pub(crate) fn report_of(lines: &str) -> World {
    let text = format!("seed = 5\n[[guild]]\nid = 3468\nname = \"Lanterns\"\n[[report]]\n{lines}\n");
    World::from_toml(&text, NOW).unwrap()
}

/// All pages of a question, in order, from the start to the end of the report.
pub(crate) fn all_pages(report: &Report, filter: &EventFilter, limit: usize) -> Vec<EventPage> {
    let (events, end) = (report.events(), report.length_ms());
    let mut pages = Vec::new();
    let mut start = Some(0.0);
    while let Some(from) = start {
        let page = events.page(report, filter, from, end as f64, end, limit);
        assert!(page.next_page_timestamp.is_none_or(|next| next > from), "the cursor moves on");
        start = page.next_page_timestamp;
        pages.push(page);
    }
    pages
}

/// The events of a page, one per element, as their JSON.
pub(crate) fn events_of(page: &EventPage) -> Vec<String> {
    let events: Vec<Box<serde_json::value::RawValue>> = serde_json::from_slice(&page.data).unwrap();
    events.into_iter().map(|event| event.get().to_owned()).collect()
}

pub(crate) fn timestamp_of(event: &str) -> i64 {
    let event: serde_json::Value = serde_json::from_str(event).unwrap();
    event["timestamp"].as_i64().unwrap()
}
