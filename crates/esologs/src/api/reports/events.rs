//! The events of a report, page after page.

use futures_core::Stream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::api::model::present;
use crate::api::rate_limit::{self, RateLimitData};
use crate::client::Client;
use crate::decode::Answerable;
use crate::error::{Error, ErrorKind};
use crate::ids::{FightId, ReportCode};
use crate::query::{Operation, documents};
use crate::units::ReportTime;

/// A kind of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are the API's own")]
pub enum EventDataType {
    All,
    Buffs,
    Casts,
    CombatantInfo,
    DamageDone,
    DamageTaken,
    Deaths,
    Debuffs,
    Dispels,
    Healing,
    Interrupts,
    Resources,
    Summons,
    Threat,
}

impl EventDataType {
    /// The name in the API's schema.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Buffs => "Buffs",
            Self::Casts => "Casts",
            Self::CombatantInfo => "CombatantInfo",
            Self::DamageDone => "DamageDone",
            Self::DamageTaken => "DamageTaken",
            Self::Deaths => "Deaths",
            Self::Debuffs => "Debuffs",
            Self::Dispels => "Dispels",
            Self::Healing => "Healing",
            Self::Interrupts => "Interrupts",
            Self::Resources => "Resources",
            Self::Summons => "Summons",
            Self::Threat => "Threat",
        }
    }
}

/// Whose events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HostilityType {
    /// The players and their pets. The API's default.
    Friendlies,
    /// Their enemies.
    Enemies,
}

impl HostilityType {
    /// The name in the API's schema.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Friendlies => "Friendlies",
            Self::Enemies => "Enemies",
        }
    }
}

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

impl<'de> Deserialize<'de> for EventsPage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Paginator {
            #[serde(deserialize_with = "present")]
            data: Option<Box<RawValue>>,
            // Without this rule a lost cursor would look like the end.
            #[serde(deserialize_with = "present")]
            next_page_timestamp: Option<ReportTime>,
        }
        let paginator = Paginator::deserialize(deserializer)?;
        let list = match paginator.data {
            Some(data) => as_list(data).map_err(D::Error::custom)?,
            // Seen: `data: null` on a page without events (go-wcl). With a cursor there would be events.
            None if paginator.next_page_timestamp.is_none() => {
                RawValue::from_string("[]".to_owned()).map_err(D::Error::custom)?
            }
            None => return Err(D::Error::custom("missing field `events.data` on a page that has a successor")),
        };
        Ok(Self { list, next: paginator.next_page_timestamp })
    }
}

/// The scalar `JSON` comes as a list or as a string that holds one (seen with several clients).
fn as_list(data: Box<RawValue>) -> Result<Box<RawValue>, serde_json::Error> {
    let list = if data.get().starts_with('"') { RawValue::from_string(serde_json::from_str(data.get())?)? } else { data };
    if list.get().trim_start().starts_with('[') {
        Ok(list)
    } else {
        // `{"error": "…"}` inside the scalar, without a GraphQL error (oBusk/warcraftlogs-search).
        Err(serde_json::Error::custom(format!("`events.data` is no list: {}", crate::decode::excerpt(list.get().as_bytes()))))
    }
}

/// The events of one kind of a report; made by [`ReportCalls::events`](super::ReportCalls::events).
#[derive(Debug, Clone)]
pub struct Events {
    client: Client,
    code: ReportCode,
    data_type: EventDataType,
    hostility: Option<HostilityType>,
    fights: Option<Vec<FightId>>,
    start: ReportTime,
    end: ReportTime,
    include_resources: bool,
    per_page: u32,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    report_data: ReportData,
    #[serde(default, deserialize_with = "rate_limit::beside_data")]
    rate_limit_data: Option<RateLimitData>,
}

#[derive(Debug, Deserialize)]
struct ReportData {
    #[serde(deserialize_with = "present")]
    report: Option<ReportWithEvents>,
}

#[derive(Debug, Deserialize)]
struct ReportWithEvents {
    #[serde(deserialize_with = "not_null")]
    events: EventsPage,
}

fn not_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<EventsPage, D::Error> {
    let page = Option::deserialize(deserializer)?;
    page.ok_or_else(|| D::Error::custom("the service sent null instead of a page of events"))
}

impl Answerable for Data {
    fn points(&self) -> Option<&RateLimitData> {
        self.rate_limit_data.as_ref()
    }
}

impl Events {
    /// The most events that may be asked for on a page; a page can hold some more, so that no timestamp is split.
    pub const MAX_PER_PAGE: u32 = 10_000;
    /// The least.
    pub const MIN_PER_PAGE: u32 = 100;
    /// The latest time the API takes: a start without an end gets an empty answer, so an end is always sent.
    const FOREVER: ReportTime = ReportTime::new(2_147_483_647.0);

    pub(super) fn new(client: Client, code: ReportCode, data_type: EventDataType) -> Self {
        Self {
            client,
            code,
            data_type,
            hostility: None,
            fights: None,
            start: ReportTime::ZERO,
            end: Self::FOREVER,
            include_resources: false,
            per_page: Self::MAX_PER_PAGE,
        }
    }

    /// Only events of these fights.
    #[must_use]
    pub fn fights(mut self, fights: impl IntoIterator<Item = FightId>) -> Self {
        self.fights = Some(fights.into_iter().collect());
        self
    }

    /// Only events of this fight.
    #[must_use]
    pub fn fight(self, fight: impl Into<FightId>) -> Self {
        self.fights([fight.into()])
    }

    /// Only events between these times, both included.
    #[must_use]
    pub fn between(mut self, start: ReportTime, end: ReportTime) -> Self {
        (self.start, self.end) = (start, end);
        self
    }

    /// Whose events; the API takes `Friendlies` where nothing is said.
    #[must_use]
    pub fn hostility(mut self, hostility: HostilityType) -> Self {
        self.hostility = Some(hostility);
        self
    }

    /// Whether health, magicka and the like of source and target stand in each event. About 1.7 times the size.
    #[must_use]
    pub fn include_resources(mut self, include: bool) -> Self {
        self.include_resources = include;
        self
    }

    /// Events on a page, 100 to 10,000. Default 10,000; other values are cut to the range.
    #[must_use]
    pub fn per_page(mut self, events: u32) -> Self {
        self.per_page = events.clamp(Self::MIN_PER_PAGE, Self::MAX_PER_PAGE);
        self
    }

    /// One page, from `start` on.
    ///
    /// # Errors
    /// [`ErrorKind::NotVisible`], [`ErrorKind::Archived`] as for the report; otherwise those of every call.
    pub async fn page(&self, start: ReportTime) -> Result<EventsPage, Error> {
        let fights = self.fights.as_ref().map(|fights| fights.iter().map(|id| id.get()).collect::<Vec<_>>());
        let operation = Operation::new("ReportEvents", documents::REPORT_EVENTS)
            .with("code", self.code.as_str())
            .with("dataType", self.data_type.name())
            .with_some("hostilityType", self.hostility.map(HostilityType::name))
            .with_some("fightIDs", fights)
            .with("startTime", start.get())
            .with("endTime", self.end.get())
            .with_some("includeResources", self.include_resources.then_some(true))
            .with("limit", self.per_page);
        let answer = self.client.call::<Data>(&operation).await?;
        let Some(report) = answer.data.report_data.report else {
            let message = format!("report {} is {}", self.code, super::calls::NOT_VISIBLE);
            return Err(Error::new(ErrorKind::NotVisible, message));
        };
        Ok(report.events)
    }

    /// All pages, one after the other.
    ///
    /// The stream ends with an error of kind [`ErrorKind::CursorStuck`] where the cursor does not move forward.
    pub fn pages(&self) -> impl Stream<Item = Result<EventsPage, Error>> + Send + use<> {
        let events = self.clone();
        futures_util::stream::try_unfold(Some(self.start), move |start: Option<ReportTime>| {
            let events = events.clone();
            async move {
                let Some(start) = start else { return Ok(None) };
                let page = events.page(start).await?;
                let next = events.next_start(start, &page)?;
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

    /// Where the page after this one begins. A cursor that does not move would never reach the end.
    fn next_start(&self, start: ReportTime, page: &EventsPage) -> Result<Option<ReportTime>, Error> {
        match page.next {
            Some(next) if next > start => Ok(Some(next)),
            Some(next) => Err(Error::new(
                ErrorKind::CursorStuck,
                format!(
                    "events of report {}: the page from {start} ms names {next} ms as its successor, which is not later",
                    self.code
                ),
            )),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
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
}
