//! The calls on one report.

use serde::Deserialize;

use super::analysis::{ReportGraph, ReportPlayerDetails, ReportRankings, ReportTable};
use super::events::Events;
use super::parts::{ReportFights, ReportMasterData, ReportPhases, ReportRankedCharacters};
use super::report::Report;
use crate::api::any::drift_of;
use crate::api::call::CallFuture;
use crate::api::catalogue::{CallInfo, Paging};
use crate::api::draft::Draft;
use crate::api::enums::EventDataType;
use crate::api::found::{At, Typed};
use crate::api::verbatim::Verbatim;
use crate::client::Client;
use crate::error::Error;
use crate::ids::ReportCode;
use crate::query::documents;
use crate::report_ref::ReportRef;
use crate::resilience::Answered;

/// The calls on one report; made by [`Client::report`]. Awaiting it gives the report itself, as [`get`](Self::get) does.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before it is awaited"]
pub struct ReportCalls {
    pub(crate) draft: Draft,
}

impl Client {
    /// The calls on the report with this code. Sends nothing yet.
    pub fn report(&self, code: ReportCode) -> ReportCalls {
        let (name, unseen) = (format!("report {code}"), format!("report {code} is {NOT_VISIBLE}"));
        ReportCalls { draft: Draft::about_one(self, name, unseen, None).with("code", code) }
    }

    /// The calls on the report that this text names: by its code, or by the address of its page on the site that this client asks
    /// ([`ReportRef::on`], which knows the fight as well). Sends nothing yet.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) where the text is neither, or names another site's report.
    pub fn report_at(&self, code_or_address: &str) -> Result<ReportCalls, Error> {
        ReportRef::on(self.endpoint(), code_or_address).map(|report| self.report(report.into()))
    }
}

const REPORT: At<Typed<Verbatim<WholeReport>>> = At::typed(&["reportData", "report"]);

/// A report in which nothing that was asked for is lost.
#[derive(Debug)]
pub(super) struct WholeReport(pub(super) Report);

impl<'de> Deserialize<'de> for WholeReport {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let report = Report::deserialize(deserializer)?;
        match first_lost(&report) {
            Some(field) => Err(serde::de::Error::custom(format!("missing field `{field}`, or null where it cannot be"))),
            None => Ok(Self(report)),
        }
    }
}

/// The first field that was asked for and is not there, or is null where it cannot be. Answers that were whole but for one
/// field, `fights`, have been seen (WoWAnalyzer fetchWclApi.ts).
fn first_lost(report: &Report) -> Option<&'static str> {
    let Some(fights) = &report.fights else { return Some("fights") };
    if report.start_time.is_none() || report.end_time.is_none() {
        return Some("startTime or endTime");
    }
    let of_master_data = match &report.master_data {
        Some(master_data) => master_data.first_absent(&[]),
        // Without fights there may be nobody to name.
        None => (!fights.is_empty()).then_some("masterData"),
    };
    // The document asks for all fields but one.
    let of_fights = || fights.iter().find_map(|fight| fight.first_absent(&["dungeonPulls"]));
    report.first_absent(&[]).or(of_master_data).or_else(of_fights)
}

impl ReportCalls {
    /// The report with its fights, actors and abilities, and the JSON it was read from. `fights`, `start_time` and `end_time`
    /// are always there; `master_data` where there are fights.
    ///
    /// # Errors
    /// [`ErrorKind::NotVisible`](crate::ErrorKind::NotVisible) where the report is private, deleted or the code mistyped (the
    /// service does not tell which); [`ErrorKind::Archived`](crate::ErrorKind::Archived) where it needs a user token with a
    /// subscription; otherwise those of every call.
    pub async fn get(&self) -> Result<Verbatim<Report>, Error> {
        let operation = self.draft.operation("Report", &documents::REPORT)?;
        let report = self.draft.fetch(&REPORT, operation).await?;
        Ok(report.map(|WholeReport(report)| report))
    }

    /// The same; tells with the report where it comes from: the service, or the cache, and how old it is.
    ///
    /// # Errors
    /// Those of [`get`](Self::get).
    pub async fn answered(&self) -> Result<Answered<Verbatim<Report>>, Error> {
        let mut call = self.clone();
        let note = call.draft.note();
        Ok(note.beside(call.get().await?))
    }

    /// The events of one kind.
    pub fn events(&self, data_type: EventDataType) -> Events {
        Events::new(self.draft.part("events"), data_type)
    }

    /// Fights, all of them or some, with more fields than [`get`](Self::get) asks for.
    pub fn fights(&self) -> ReportFights {
        ReportFights::of(self.draft.part("fights"))
    }

    /// Actors and abilities: who and what the events name by number.
    pub fn master_data(&self) -> ReportMasterData {
        ReportMasterData::of(self.draft.part("master data"))
    }

    /// The phases of its encounters; `None` where none are known.
    pub fn phases(&self) -> ReportPhases {
        ReportPhases::of(self.draft.part("phases"))
    }

    /// The characters with ranked kills in it.
    pub fn ranked_characters(&self) -> ReportRankedCharacters {
        ReportRankedCharacters::of(self.draft.part("ranked characters"))
    }

    /// Sums: damage, healing, buffs and the like, by ability, source or target.
    pub fn table(&self) -> ReportTable {
        ReportTable::of(self.draft.part("table"))
    }

    /// The same over time.
    pub fn graph(&self) -> ReportGraph {
        ReportGraph::of(self.draft.part("graph"))
    }

    /// The players by role, with their gear where asked for.
    pub fn player_details(&self) -> ReportPlayerDetails {
        ReportPlayerDetails::of(self.draft.part("player details"))
    }

    /// The parses of its kills.
    pub fn rankings(&self) -> ReportRankings {
        ReportRankings::of(self.draft.part("rankings"))
    }

    pub(crate) fn info() -> CallInfo {
        CallInfo {
            method: "client.report(code)",
            path: REPORT.path(),
            operation: "Report",
            document: documents::REPORT.text(),
            parameters: &[],
            answer: "Verbatim<Report>",
            paging: Paging::Single,
            peer: &["get_report_by_code"],
            needs_user: false,
            drift: drift_of::<Report>,
        }
    }
}

impl IntoFuture for ReportCalls {
    type Output = Result<Verbatim<Report>, Error>;
    type IntoFuture = CallFuture<Verbatim<Report>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.get().await })
    }
}

/// What is known of a report that the service does not show.
const NOT_VISIBLE: &str = "not visible to this key (private, deleted or mistyped)";
