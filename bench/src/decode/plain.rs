//! What the JSON crate alone makes of the same bodies.

use std::error::Error;
use std::hint::black_box;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

/// The way from the body to the list of events, which is read as `L`.
#[derive(Deserialize)]
struct Envelope<L> {
    data: Data<L>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data<L> {
    report_data: ReportData<L>,
}

#[derive(Deserialize)]
struct ReportData<L> {
    report: ReportWithEvents<L>,
}

#[derive(Deserialize)]
struct ReportWithEvents<L> {
    events: Page<L>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<L> {
    data: L,
    #[expect(dead_code, reason = "whoever reads a page needs it")]
    next_page_timestamp: Option<f64>,
}

/// What one may want to know of an event, nothing kept beside.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only reading it is measured")]
struct Event<'a> {
    timestamp: f64,
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(rename = "sourceID")]
    source: Option<i64>,
    #[serde(rename = "targetID")]
    target: Option<i64>,
    #[serde(rename = "abilityGameID")]
    ability: Option<i64>,
    fight: Option<i64>,
    hit_type: Option<i64>,
    amount: Option<i64>,
}

/// Every field that an event of damage has, in the plainest form that keeps them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only reading it is measured")]
struct WholeEvent<'a> {
    timestamp: f64,
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(rename = "sourceID")]
    source: Option<i64>,
    source_instance: Option<i64>,
    source_is_friendly: Option<bool>,
    #[serde(rename = "targetID")]
    target: Option<i64>,
    target_instance: Option<i64>,
    target_is_friendly: Option<bool>,
    #[serde(rename = "abilityGameID")]
    ability: Option<i64>,
    fight: Option<i64>,
    #[serde(rename = "castTrackID")]
    cast_track: Option<i64>,
    hit_type: Option<i64>,
    amount: Option<i64>,
    blocked: Option<i64>,
    tick: Option<bool>,
    buffs: Option<Box<str>>,
    source_resources: Option<Box<WholeResources>>,
    target_resources: Option<Box<WholeResources>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only reading it is measured")]
struct WholeResources {
    hit_points: Option<i64>,
    max_hit_points: Option<i64>,
    magicka: Option<i64>,
    max_magicka: Option<i64>,
    stamina: Option<i64>,
    max_stamina: Option<i64>,
    ultimate: Option<i64>,
    max_ultimate: Option<i64>,
    werewolf: Option<i64>,
    max_werewolf: Option<i64>,
    absorb: Option<i64>,
    champion_points: Option<i64>,
    x: Option<f64>,
    y: Option<f64>,
    facing: Option<f64>,
}

type Length = Result<usize, Box<dyn Error>>;

fn list_of<'a, L: Deserialize<'a>>(page: &'a [u8]) -> Result<L, serde_json::Error> {
    serde_json::from_slice::<Envelope<L>>(black_box(page)).map(|envelope| envelope.data.report_data.report.events.data)
}

/// Only the check that it is JSON.
pub(super) fn check(body: &[u8]) -> Length {
    serde_json::from_slice::<IgnoredAny>(black_box(body))?;
    Ok(body.len())
}

/// Every value of it.
pub(super) fn dom(body: &[u8]) -> Length {
    black_box(serde_json::from_slice::<Value>(black_box(body))?);
    Ok(body.len())
}

/// The page's events, each to the letter; how many.
pub(super) fn raw_events(page: &[u8]) -> Length {
    Ok(black_box(list_of::<Vec<&RawValue>>(page)?).len())
}

/// The same from the list to the letter, so that everything is read twice.
pub(super) fn raw_list_then_events(page: &[u8]) -> Length {
    let list: &RawValue = list_of(page)?;
    Ok(black_box(serde_json::from_str::<Vec<&RawValue>>(list.get())?).len())
}

/// The page's events as a struct of eight fields; how many.
pub(super) fn typed_events(page: &[u8]) -> Length {
    Ok(black_box(list_of::<Vec<Event<'_>>>(page)?).len())
}

/// The page's events with all that this page's hold; how many.
pub(super) fn whole_events(page: &[u8]) -> Length {
    Ok(black_box(list_of::<Vec<WholeEvent<'_>>>(page)?).len())
}
