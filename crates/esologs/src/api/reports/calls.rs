//! The calls on one report.

use serde::Deserialize;

use super::events::{EventDataType, Events};
use super::report::Report;
use crate::api::found::{At, Found, place};
use crate::api::verbatim::Verbatim;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::ids::ReportCode;
use crate::query::{Operation, documents};
use crate::report_ref::ReportRef;

/// The calls on one report; made by [`Client::report`].
#[derive(Debug, Clone)]
pub struct ReportCalls {
    client: Client,
    code: ReportCode,
}

impl Client {
    /// The calls on the report with this code. Sends nothing yet.
    #[must_use]
    pub fn report(&self, code: ReportCode) -> ReportCalls {
        ReportCalls { client: self.clone(), code }
    }

    /// The calls on the report that this text names: by its code, or by the address of its page on the site that this client asks
    /// ([`ReportRef::on`], which knows the fight as well). Sends nothing yet.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where the text is neither, or names another site's report.
    pub fn report_at(&self, code_or_address: &str) -> Result<ReportCalls, Error> {
        ReportRef::on(self.endpoint(), code_or_address).map(|report| self.report(report.into()))
    }
}

place!(TheReport = "reportData" / "report");

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
        Some(master_data) => master_data.first_absent(),
        // Without fights there may be nobody to name.
        None => (!fights.is_empty()).then_some("masterData"),
    };
    report.first_absent().or(of_master_data).or_else(|| fights.iter().find_map(super::Fight::first_absent))
}

impl ReportCalls {
    /// The report with its fights, actors and abilities, and the JSON it was read from. `fights`, `start_time` and `end_time`
    /// are always there; `master_data` where there are fights.
    ///
    /// # Errors
    /// [`ErrorKind::NotVisible`] where the report is private, deleted or the code mistyped (the service does not tell which);
    /// [`ErrorKind::Archived`] where it needs a user token with a subscription; otherwise those of every call.
    pub async fn get(&self) -> Result<Verbatim<Report>, Error> {
        let operation = Operation::new("Report", &documents::REPORT).with("code", self.code.as_str());
        match self.client.call::<At<TheReport, Verbatim<WholeReport>>>(operation).await?.data.found {
            Found::Value(report) => Ok(report.map(|WholeReport(report)| report)),
            Found::Null { .. } => Err(Error::new(ErrorKind::NotVisible, format!("report {} is {NOT_VISIBLE}", self.code))),
        }
    }

    /// The events of one kind.
    #[must_use]
    pub fn events(&self, data_type: EventDataType) -> Events {
        Events::new(self.client.clone(), self.code.clone(), data_type)
    }
}

/// What is known of a report that the service does not show.
pub(crate) const NOT_VISIBLE: &str = "not visible to this key (private, deleted or mistyped)";
