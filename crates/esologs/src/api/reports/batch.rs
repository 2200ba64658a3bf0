//! Several reports by their codes, many in one request.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};

use futures_core::Stream;
use futures_util::StreamExt as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::calls::WholeReport;
use super::report::Report;
use crate::api::rate_limit::{self, RateLimitData};
use crate::api::verbatim::Verbatim;
use crate::client::Client;
use crate::decode::{Answerable, As, Failure, GraphqlError, PartState, failure_of_part, may_come_again};
use crate::error::{Error, ErrorKind};
use crate::ids::ReportCode;
use crate::query::{Batch, Operation};

/// Several reports by their codes; made by [`Client::report_batch`].
///
/// Up to [`per_request`](Self::per_request) of them are asked for in one request. A report that fails by itself costs no other:
/// where asking again may help, it is asked for again without those that have come, as a further attempt of the same call, under the
/// call's policy. What that costs is the failed reports' share of the whole, and what any request costs.
#[derive(Debug, Clone)]
pub struct ReportBatch {
    client: Client,
    codes: Vec<ReportCode>,
    per_request: usize,
}

/// One report of a batch, or why it did not come.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BatchedReport {
    /// Its code.
    pub code: ReportCode,
    /// The report, as [`ReportCalls::get`](super::ReportCalls::get) brings it, or the error that it alone met.
    pub report: Result<Verbatim<Report>, Error>,
}

impl Client {
    /// The reports with these codes, several in one request. A code that comes twice is asked for once. Sends nothing yet.
    ///
    /// ```no_run
    /// # async fn example(client: esologs::Client) -> Result<(), esologs::Error> {
    /// let codes = ["xb7TKHXR8DJByp4Q".parse()?, "qW3rTyUiOpAsDfGh".parse()?];
    /// for batched in client.report_batch(codes).get().await {
    ///     match batched.report {
    ///         Ok(report) => println!("{}: {:?}", batched.code, report.value().title),
    ///         Err(error) => eprintln!("{}: {error}", batched.code),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn report_batch(&self, codes: impl IntoIterator<Item = ReportCode>) -> ReportBatch {
        let mut seen = BTreeSet::new();
        let codes = codes.into_iter().filter(|code| seen.insert(code.clone())).collect();
        ReportBatch { client: self.clone(), codes, per_request: ReportBatch::DEFAULT_PER_REQUEST }
    }
}

impl ReportBatch {
    /// Reports in one request where nothing is said.
    pub const DEFAULT_PER_REQUEST: usize = 5;
    /// The most. The service limits the complexity of a query and does not tell how far.
    pub const MAX_PER_REQUEST: usize = 20;

    /// Reports in one request, 1 to 20. Default 5; other values are cut to the range.
    #[must_use]
    pub fn per_request(mut self, reports: usize) -> Self {
        self.per_request = reports.clamp(1, Self::MAX_PER_REQUEST);
        self
    }

    /// All of them, in the order in which their codes were given.
    ///
    /// Each has an error of its own: [`ErrorKind::NotVisible`], [`ErrorKind::Archived`] as for a single report, otherwise those of every
    /// call. After an error that would befall every other as well (the key, the host, the budget of points) the rest is not asked for,
    /// and has the same error.
    pub async fn get(&self) -> Vec<BatchedReport> {
        self.stream().collect().await
    }

    /// The same, one after the other: those of a request as soon as it has its answer.
    pub fn stream(&self) -> impl Stream<Item = BatchedReport> + Send + use<> {
        let chunks: Vec<Vec<ReportCode>> = self.codes.chunks(self.per_request).map(<[_]>::to_vec).collect();
        let state = (self.client.clone(), chunks.into_iter(), None::<Error>);
        futures_util::stream::unfold(state, |(client, mut chunks, mut ended)| async move {
            let codes = chunks.next()?;
            let outcome = match &ended {
                Some(error) => Err(error.clone()),
                None => client.call(&As::<Reports>::FORM, Operation::of_parts(batch(&codes))).await,
            };
            if let Err(error) = &outcome
                && error.befalls_every_call()
            {
                ended = Some(error.clone());
            }
            let reports = match outcome {
                Ok(answer) => answer.data.into_results(codes),
                Err(error) => codes.into_iter().map(|code| BatchedReport { code, report: Err(error.clone()) }).collect(),
            };
            Some((futures_util::stream::iter(reports), (client, chunks, ended)))
        })
        .flatten()
    }
}

fn batch(codes: &[ReportCode]) -> Batch {
    Batch::of_reports(codes.iter().map(ToString::to_string).collect())
}

/// The `data` of an answer to a batch.
#[derive(Debug)]
struct Reports {
    parts: BTreeMap<usize, Part>,
    /// Parts that were given up.
    ended: BTreeMap<usize, Error>,
    rate_limit_data: Option<RateLimitData>,
}

/// What came for one report.
#[derive(Debug)]
enum Part {
    There(Box<Verbatim<WholeReport>>),
    Null,
    Unreadable(String),
}

impl Part {
    fn read(json: &RawValue) -> Self {
        if json.get() == "null" {
            return Self::Null;
        }
        serde_json::from_str(json.get())
            .map_or_else(|error| Self::Unreadable(error.to_string()), |report| Self::There(Box::new(report)))
    }
}

impl<'de> Deserialize<'de> for Reports {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Data {
            report_data: BTreeMap<String, Box<RawValue>>,
            #[serde(default, deserialize_with = "rate_limit::beside_data")]
            rate_limit_data: Option<RateLimitData>,
        }
        let Data { report_data, rate_limit_data } = Data::deserialize(deserializer)?;
        let parts = report_data.iter().filter_map(|(alias, json)| Some((Batch::part_of(alias)?, Part::read(json)))).collect();
        Ok(Self { parts, ended: BTreeMap::new(), rate_limit_data })
    }
}

impl Answerable for Reports {
    /// Where every error is that of a part, and some part came or is final. Where all failed in a way that may heal, the attempt
    /// has failed.
    fn is_usable_beside_errors(&self, errors: &[GraphqlError]) -> bool {
        let is_of_a_part = |error: &GraphqlError| part_of(error).is_some_and(|part| self.parts.contains_key(&part));
        errors.iter().all(is_of_a_part)
            && self.parts.keys().any(|part| self.failure_of(*part, "", errors).is_none_or(|failure| !may_come_again(&failure)))
    }

    fn points(&self) -> Option<&RateLimitData> {
        self.rate_limit_data.as_ref()
    }

    fn failed_parts(&self, asked: &Batch, errors: &[GraphqlError]) -> Vec<(usize, Failure)> {
        let failure = |part: &usize| Some((*part, self.failure_of(*part, asked.value(*part), errors)?));
        asked.asked().iter().filter_map(failure).collect()
    }

    fn take_parts(&mut self, later: Box<dyn Any>) {
        if let Ok(later) = later.downcast::<Self>() {
            self.parts.extend(later.parts);
        }
    }

    fn end_part(&mut self, part: usize, error: Error) {
        self.ended.insert(part, error);
    }
}

/// `reportData.ALIAS…`
fn part_of(error: &GraphqlError) -> Option<usize> {
    match error.path.as_slice() {
        [root, alias, ..] if root == "reportData" => Batch::part_of(alias.as_str()?),
        _ => None,
    }
}

impl Reports {
    fn failure_of(&self, part: usize, code: &str, errors: &[GraphqlError]) -> Option<Failure> {
        let own: Vec<GraphqlError> = errors.iter().filter(|error| part_of(error) == Some(part)).cloned().collect();
        let state = match self.parts.get(&part) {
            Some(Part::There(_)) => PartState::Whole,
            Some(Part::Null) => PartState::Null,
            Some(Part::Unreadable(why)) => PartState::Unreadable(why),
            None => PartState::Absent,
        };
        failure_of_part(code, state, &own)
    }

    fn into_results(mut self, codes: Vec<ReportCode>) -> Vec<BatchedReport> {
        let of = |(part, code): (usize, ReportCode)| {
            let report = match (self.ended.remove(&part), self.parts.remove(&part)) {
                (Some(error), _) => Err(error),
                (None, Some(Part::There(report))) => Ok(report.map(|WholeReport(report)| report)),
                // A part that did not come was either asked for again or ended.
                (None, _) => Err(Error::new(ErrorKind::BadAnswer, format!("report {code} is missing in the answer"))),
            };
            BatchedReport { code, report }
        };
        codes.into_iter().enumerate().map(of).collect()
    }
}
