//! The events of a report, page after page.

use std::fmt;

use futures_core::Stream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::event::ReportEvent;
use super::filter::{FightIds, filtered};
use crate::api::any::drift_of;
use crate::api::catalogue::{CallInfo, Paging};
use crate::api::draft::Draft;
use crate::api::enums::{EventDataType, HostilityType, KillType};
use crate::api::found::{At, Part, Read, Typed};
use crate::api::lines::Lines;
use crate::api::model::present;
use crate::error::{Error, ErrorKind};
use crate::ids::{AbilityId, ActorId, EncounterId, FightId};
use crate::query::{Operation, documents};
use crate::units::ReportTime;

/// One page of events.
#[derive(Debug, Clone)]
pub struct EventsPage {
    list: Box<RawValue>,
    next: Option<ReportTime>,
}

impl EventsPage {
    /// The events, each to the letter as it was sent, in order of time. Equal events are real: none is left out.
    ///
    /// # Errors
    /// [`ErrorKind::BadAnswer`] where the page is no list; it was checked when it came, so this does not happen in practice.
    pub fn events(&self) -> Result<Vec<&RawValue>, Error> {
        serde_json::from_str(self.list.get())
            .map_err(|error| Error::new(ErrorKind::BadAnswer, "the page of events is not a list").with_source(error))
    }

    /// The page's list of events as JSON.
    #[must_use]
    pub fn json(&self) -> &RawValue {
        &self.list
    }

    /// Where the next page begins; `None` at the end. This alone tells whether there is more: pages run over the limit, and a
    /// short page can have a successor.
    #[must_use]
    pub fn next_page_timestamp(&self) -> Option<ReportTime> {
        self.next
    }
}

/// A page as it comes, its list in the form `L`, whose default is the empty list.
#[derive(Debug)]
pub(crate) struct PageOf<L> {
    pub(crate) list: L,
    pub(crate) next: Option<ReportTime>,
}

impl<'de, L: Deserialize<'de> + Default> Deserialize<'de> for PageOf<L> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", bound(deserialize = "L: Deserialize<'de>"))]
        struct Paginator<L> {
            #[serde(deserialize_with = "present")]
            data: Option<L>,
            // Without this rule a lost cursor would look like the end.
            #[serde(deserialize_with = "present")]
            next_page_timestamp: Option<ReportTime>,
        }
        let Paginator { data, next_page_timestamp: next } = Paginator::deserialize(deserializer)?;
        match data {
            Some(list) => Ok(Self { list, next }),
            // Seen: `data: null` on a page without events (go-wcl). With a cursor there would be events.
            None if next.is_none() => Ok(Self { list: L::default(), next }),
            None => Err(D::Error::custom("missing field `events.data` on a page that has a successor")),
        }
    }
}

impl<'de> Deserialize<'de> for EventsPage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        PageOf::<RawList>::deserialize(deserializer).map(Self::from)
    }
}

impl From<PageOf<RawList>> for EventsPage {
    fn from(page: PageOf<RawList>) -> Self {
        Self { list: page.list.0, next: page.next }
    }
}

/// The list of events to the letter. The scalar `JSON` comes as a list or as a string that holds one (seen with several
/// clients).
#[derive(Debug)]
struct RawList(Box<RawValue>);

impl<'de> Deserialize<'de> for RawList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        as_list(Box::deserialize(deserializer)?).map(Self).map_err(D::Error::custom)
    }
}

impl Default for RawList {
    fn default() -> Self {
        Self(RawValue::from_string("[]".to_owned()).expect("an empty list is JSON"))
    }
}

fn as_list(data: Box<RawValue>) -> Result<Box<RawValue>, serde_json::Error> {
    let list = if data.get().starts_with('"') { RawValue::from_string(serde_json::from_str(data.get())?)? } else { data };
    if list.get().trim_start().starts_with('[') { Ok(list) } else { Err(no_list(list.get())) }
}

/// `{"error": "…"}` inside the scalar, without a GraphQL error (oBusk/warcraftlogs-search).
fn no_list<E: serde::de::Error>(json: &str) -> E {
    E::custom(format!("`events.data` is no list: {}", crate::decode::excerpt(json.as_bytes())))
}

/// The events as lines, from the same two forms as [`RawList`]: for pulls, where the body's size decides how long they take. A list
/// without white space does not come this way, but as [`Form::long_list`](crate::decode::Form::long_list).
#[derive(Debug, Default)]
pub(crate) struct EventLines(pub(crate) Lines);

impl<'de> Deserialize<'de> for EventLines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListOrString;
        impl<'de> Visitor<'de> for ListOrString {
            type Value = EventLines;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of events")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<EventLines, A::Error> {
                Lines::deserialize(SeqAccessDeserializer::new(list)).map(EventLines)
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<EventLines, E> {
                let list: &RawValue = serde_json::from_str(text).map_err(E::custom)?;
                if !list.get().starts_with('[') {
                    return Err(no_list(list.get()));
                }
                serde_json::from_str(text).map(EventLines).map_err(E::custom)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<EventLines, A::Error> {
                let object = serde_json::Map::deserialize(MapAccessDeserializer::new(map))?;
                Err(no_list(&serde_json::Value::Object(object).to_string()))
            }
        }
        deserializer.deserialize_any(ListOrString)
    }
}

/// The events of one kind of a report; made by [`ReportCalls::events`](super::ReportCalls::events).
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before it is read"]
pub struct Events {
    pub(crate) draft: Draft,
}

const EVENTS: At<Typed<PageOf<RawList>>> = At::typed(&["reportData", "report", "events"]).never_null();
const LINES: At<Typed<PageOf<EventLines>>> =
    At::typed(EVENTS.path()).never_null().with_long_list(&["data", "reportData", "report", "events", "data"]);

impl Part for PageOf<RawList> {}

impl Part for PageOf<EventLines> {
    fn put_list(&mut self, entries: Lines) {
        self.list = EventLines(entries);
    }
}

filtered! {
    Events {
        /// Which events.
        data_type: EventDataType = "dataType",
        /// Whether health, magicka and the like of source and target stand in each event. About 1.7 times the size. Default false.
        include_resources: bool = "includeResources",
        /// Events on a page, 100 to 10,000. Default 10,000. A page can hold some more, so that no timestamp is split.
        per_page: i64 = "limit" in (100.0, 10_000.0),
        /// `abilityGameID` if true, an `ability` object if not. Default true.
        use_ability_ids: bool = "useAbilityIDs",
        /// `sourceID` and `targetID` if true, `source` and `target` objects if not. Default true.
        use_actor_ids: bool = "useActorIDs",
    }
}

impl Events {
    /// The most events that may be asked for on a page; a page can hold some more, so that no timestamp is split.
    pub const MAX_PER_PAGE: u32 = 10_000;
    /// The least.
    pub const MIN_PER_PAGE: u32 = 100;
    /// The latest time the API takes: a start without an end gets an empty answer, so an end is always sent.
    const FOREVER: ReportTime = ReportTime::new(2_147_483_647.0);

    /// Of the report that the draft is about.
    pub(super) fn new(draft: Draft, data_type: EventDataType) -> Self {
        Self { draft }.data_type(data_type).between(ReportTime::ZERO, Self::FOREVER).per_page(Self::MAX_PER_PAGE)
    }

    pub(crate) fn info() -> CallInfo {
        CallInfo {
            method: "client.report(code).events(data_type)",
            path: EVENTS.path(),
            operation: "ReportEvents",
            document: documents::REPORT_EVENTS.text(),
            parameters: Self::PARAMETERS,
            answer: "EventsPage",
            paging: Paging::Cursor,
            peer: &["get_report_events"],
            needs_user: false,
            drift: drift_of::<Vec<ReportEvent>>,
        }
    }

    /// One page, from `start` on.
    ///
    /// # Errors
    /// [`ErrorKind::NotVisible`], [`ErrorKind::Archived`] as for the report; otherwise those of every call.
    pub async fn page(&self, start: ReportTime) -> Result<EventsPage, Error> {
        self.page_at(&EVENTS, start).await.map(EventsPage::from)
    }

    /// One page, from `start` on, an event on a line.
    pub(crate) async fn page_of_lines(&self, start: ReportTime) -> Result<PageOf<EventLines>, Error> {
        self.page_at(&LINES, start).await
    }

    /// One page, from `start` on, its list in the form that the caller needs.
    async fn page_at<R: Read>(&self, at: &'static At<R>, start: ReportTime) -> Result<R::Value, Error> {
        let page = self.clone().start_time(start);
        page.draft.fetch(at, page.operation()?).await
    }

    /// What asks for a page.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where an argument cannot be sent.
    pub(crate) fn operation(&self) -> Result<Operation, Error> {
        Ok(self.draft.operation("ReportEvents", &documents::REPORT_EVENTS)?.bulk())
    }

    /// All pages, one after the other.
    ///
    /// The stream ends with an error of kind [`ErrorKind::CursorStuck`] where the cursor does not move forward.
    pub fn pages(&self) -> impl Stream<Item = Result<EventsPage, Error>> + Send + use<> {
        let events = self.clone();
        futures_util::stream::try_unfold(Some(self.first_start()), move |start: Option<ReportTime>| {
            let events = events.clone();
            async move {
                let Some(start) = start else { return Ok(None) };
                let page = events.page(start).await?;
                let next = events.next_start(start, page.next)?;
                Ok(Some((page, next)))
            }
        })
    }

    /// All events, one after the other, each to the letter as it was sent.
    pub fn stream(&self) -> impl Stream<Item = Result<Box<RawValue>, Error>> + Send + use<> {
        self.pages()
            .map(|page| {
                let events: Vec<Box<RawValue>> = page?.events()?.into_iter().map(ToOwned::to_owned).collect();
                Ok::<_, Error>(futures_util::stream::iter(events.into_iter().map(Ok)))
            })
            .try_flatten()
    }

    /// "events of report xb7TKHXR8DJByp4Q"
    pub(super) fn subject(&self) -> &str {
        self.draft.subject()
    }

    /// Where the first page begins: at the start of the range, or of the report.
    #[must_use]
    pub fn first_start(&self) -> ReportTime {
        self.draft.number("startTime").map_or(ReportTime::ZERO, ReportTime::new)
    }

    /// Where the page after the one from `start` on begins, for a loop of one's own; `next` is what that page said.
    ///
    /// # Errors
    /// [`ErrorKind::CursorStuck`] where it is not later: such a cursor would never reach the end.
    pub fn next_start(&self, start: ReportTime, next: Option<ReportTime>) -> Result<Option<ReportTime>, Error> {
        match next {
            Some(next) if next > start => Ok(Some(next)),
            Some(next) => Err(Error::new(
                ErrorKind::CursorStuck,
                format!(
                    "{}: the page from {start} ms names {next} ms as its successor, which is not later",
                    self.draft.subject()
                ),
            )),
            None => Ok(None),
        }
    }
}

/// What a call makes of this body: lines and cursor, or the class of the failure.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn judged(body: &[u8]) -> Result<(bytes::Bytes, u64, Option<ReportTime>), crate::decode::Class> {
    let body = bytes::Bytes::copy_from_slice(body);
    let answer = crate::decode::reread(&body, &LINES).map_err(|failure| failure.class)?;
    let answer = answer.typed::<crate::api::found::Beside<PageOf<EventLines>>>().map_err(|_| crate::decode::Class::Incomplete)?;
    let crate::api::found::Found::Value(PageOf { list: EventLines(Lines { text, count }), next }) = answer.data.found else {
        return Ok((bytes::Bytes::new(), 0, None));
    };
    Ok((text, count, next))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;

    use super::*;

    fn page(json: &str) -> Result<EventsPage, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn a_page_is_a_list_or_a_string_that_holds_one() {
        let plain = page(r#"{"data":[{"timestamp":1},{"timestamp":1}],"nextPageTimestamp":264591.0}"#).unwrap();
        let in_string = page(r#"{"data":"[{\"timestamp\":1},{\"timestamp\":1}]","nextPageTimestamp":264591}"#).unwrap();

        for page in [plain, in_string] {
            let events: Vec<&str> = page.events().unwrap().iter().map(|event| event.get()).collect();
            assert_eq!(events, [r#"{"timestamp":1}"#; 2], "equal events are kept");
            assert_eq!(page.next_page_timestamp(), Some(ReportTime::new(264_591.0)));
        }
    }

    #[test]
    fn null_data_at_the_end_is_an_empty_page_but_not_before_the_end() {
        assert!(page(r#"{"data":null,"nextPageTimestamp":null}"#).unwrap().events().unwrap().is_empty());
        assert!(page(r#"{"data":null,"nextPageTimestamp":5}"#).is_err());
    }

    #[test]
    fn a_page_without_its_cursor_or_its_data_is_not_the_end() {
        assert!(page(r#"{"data":[{"timestamp":1}]}"#).is_err());
        assert!(page(r#"{"nextPageTimestamp":null}"#).is_err());
    }

    #[test]
    fn an_error_inside_the_scalar_is_no_empty_page() {
        let error = page(r#"{"data":{"error":"Invalid metric"},"nextPageTimestamp":null}"#).unwrap_err();
        assert!(error.to_string().contains("Invalid metric"), "{error}");
    }

    fn page_of_lines(json: &str) -> Result<PageOf<EventLines>, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn a_page_of_lines_holds_what_a_page_of_events_holds() {
        for (data, next) in [
            (r#"[{"timestamp":1},{"timestamp":1, "a":" x"}]"#, "264591.0"),
            (r#""[{\"timestamp\":1},{\"timestamp\":1}]""#, "5"),
            (r#"" [ ]""#, "null"),
            ("null", "null"),
        ] {
            let json = format!(r#"{{"data":{data},"nextPageTimestamp":{next}}}"#);
            let (events, lines) = (page(&json).unwrap(), page_of_lines(&json).unwrap());

            let listed: String = events.events().unwrap().iter().map(|event| event.get().replace(", ", ",") + "\n").collect();
            assert_eq!(&lines.list.0.text, &listed, "{json}");
            assert_eq!(lines.next, events.next_page_timestamp());
        }
    }

    #[test]
    fn a_page_of_lines_is_refused_where_a_page_of_events_is() {
        for json in [
            r#"{"data":null,"nextPageTimestamp":5}"#,
            r#"{"data":[{"timestamp":1}]}"#,
            r#"{"nextPageTimestamp":null}"#,
            r#"{"data":"{}","nextPageTimestamp":null}"#,
            r#"{"data":"[1","nextPageTimestamp":null}"#,
            r#"{"data":7,"nextPageTimestamp":null}"#,
            r#"{"data":{"error":"Invalid metric"},"nextPageTimestamp":null}"#,
        ] {
            assert!(page(json).is_err(), "{json}");
            assert!(page_of_lines(json).is_err(), "{json}");
        }
        let error = page_of_lines(r#"{"data":{"error":"Invalid metric"},"nextPageTimestamp":null}"#).unwrap_err();
        assert!(error.to_string().contains(r#"no list: {"error":"Invalid metric"}"#), "{error}");
    }

    #[test]
    fn the_slow_reading_that_names_a_place_reads_lines_too() {
        let json = r#"{"data":[{"timestamp":1}],"nextPageTimestamp":"soon"}"#;
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let error = serde_path_to_error::deserialize::<_, PageOf<EventLines>>(&mut deserializer).unwrap_err();
        assert_eq!(error.path().to_string(), "nextPageTimestamp");
    }

    const BODY: &str = r#"{"data":{"reportData":{"report":{"events":{"data":[{"timestamp":1,"a":"\u00e9 é"},{"b":[-1.5e3,null]},{}],"nextPageTimestamp":7.0}}},"rateLimitData":null},"errors":[]}"#;

    #[test]
    fn a_body_without_white_space_is_read_like_any_other() {
        let lines = "{\"timestamp\":1,\"a\":\"\\u00e9 é\"}\n{\"b\":[-1.5e3,null]}\n{}\n";
        let expected = Ok((Bytes::from(lines), 3, Some(ReportTime::new(7.0))));
        assert_eq!(judged(BODY.as_bytes()), expected);
        // White space is where the fast reading gives up.
        assert_eq!(judged(format!(" {BODY}").as_bytes()), expected);
    }

    proptest! {
        #[test]
        fn the_fast_reading_of_a_broken_body_ends_as_the_slow_one_does(
            cut in proptest::option::of(any::<prop::sample::Index>()),
            changes in prop::collection::vec(
                (any::<prop::sample::Index>(), prop_oneof![any::<u8>(), prop::sample::select(b"\"\\{}[]:,0en \x1f".as_slice())]),
                0..3,
            ),
        ) {
            let mut body = BODY.as_bytes().to_vec();
            for (at, byte) in changes {
                let at = at.index(body.len() - 1) + 1;
                body[at] = byte;
            }
            body.truncate(cut.map_or(body.len(), |cut| cut.index(body.len()) + 1));
            let slow = [b" ", body.as_slice()].concat();
            prop_assert_eq!(judged(&body), judged(&slow), "{}", String::from_utf8_lossy(&body));
        }
    }
}
