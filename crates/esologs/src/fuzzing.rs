//! What the fuzz targets of `fuzz/` reach. No public interface: it may change with any version.
//!
//! Each function takes whatever bytes come and must neither panic nor take more memory than the target allows. Where there
//! are two ways to read the same, they must agree.

use bytes::Bytes;
use http::{HeaderMap, Response};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::api::{EventLines, Page, PageOf, QueryData, RateLimitCall, Report, ReportEvent, judged, on_one_line, read_lines};
use crate::config::Endpoint;
use crate::decode::{As, classify, repair, retry_after};
use crate::ids::{FightId, GuildId, ReportCode};
use crate::report_ref::ReportRef;
use crate::units::{Points, ReportTime, UnixMillis};

/// A whole answer: the first byte chooses the status, the rest is the body.
pub fn envelope(data: &[u8]) {
    const STATUSES: [u16; 8] = [200, 200, 200, 400, 401, 403, 429, 503];
    let Some((first, body)) = data.split_first() else { return };
    let status = STATUSES[usize::from(*first) % STATUSES.len()];
    let Ok(response) = Response::builder().status(status).body(Bytes::copy_from_slice(body)) else { return };
    let _ = classify(Ok(response.clone()), &As::<QueryData>::FORM, || UnixMillis::new(0));
    let _ = classify(Ok(response), &As::<RateLimitCall>::FORM, || UnixMillis::new(0));
}

/// A page of events, to the letter, as lines and typed.
pub fn events(data: &[u8]) {
    // White space is where the quick reading gives up.
    assert_eq!(judged(data), judged(&[b" ", data].concat()));
    if let Ok(PageOf::<EventLines> { list: EventLines(lines), .. }) = serde_json::from_slice(data) {
        let _ = read_lines(&lines);
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(json) = serde_json::from_str::<&RawValue>(text) else { return };
    if let Ok(event) = serde_json::from_str::<ReportEvent>(json.get()) {
        let written = serde_json::to_string(&event).expect("an event can be written");
        let again: ReportEvent = serde_json::from_str(&written).expect("what was written can be read");
        assert_eq!(again.kind, event.kind, "{text}");
        assert_eq!(again.extra.len(), event.extra.len(), "{text}");
        let compact: ReportEvent = serde_json::from_str(&on_one_line(json.get())).expect("white space does not matter");
        assert_eq!(compact, event, "{text}");
    }
}

/// Models and scalars: numbers in strings, times, ids, pages.
pub fn scalars(data: &[u8]) {
    fn read<T: for<'de> Deserialize<'de>>(data: &[u8]) {
        let _ = serde_json::from_slice::<T>(data);
    }
    read::<Points>(data);
    read::<ReportTime>(data);
    read::<UnixMillis>(data);
    read::<GuildId>(data);
    read::<FightId>(data);
    read::<Page<Report>>(data);
    if let Ok(report) = serde_json::from_slice::<Report>(data) {
        let written = serde_json::to_value(&report).expect("a report can be written");
        let again: Report = serde_json::from_value(written.clone()).expect("what was written can be read");
        assert_eq!(serde_json::to_value(&again).ok(), Some(written));
    }
    if let Ok(value) = http::HeaderValue::from_bytes(data) {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::RETRY_AFTER, value);
        let _ = retry_after(&headers, UnixMillis::new(1_790_000_000_000));
    }
}

/// The address of a report. What is read is a code, and is read again as the same.
pub fn report_address(text: &str) {
    if let Ok(report) = text.parse::<ReportRef>() {
        let again: ReportRef = report.code().as_str().parse().expect("a code is a code");
        assert_eq!(again.code(), report.code());
        assert!(!report.code().to_folder_name().contains(['/', '\\', '.']));
    }
    let _ = text.parse::<ReportCode>();
    let _ = Endpoint::new(text);
}

/// The mending of JSON: what is mended needs no second mending, and valid JSON is left alone.
pub fn mending(data: &[u8]) {
    let is_json = serde_json::from_slice::<Value>(data).is_ok();
    if let Some(mended) = repair(data) {
        assert!(!is_json, "valid JSON was changed");
        assert_eq!(repair(&mended), None, "it was not mended at once");
        assert!(mended.len() <= 6 * data.len(), "each byte becomes six at most");
    }
}
