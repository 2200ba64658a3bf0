//! `rateLimitData`: the hourly budget of points.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::any::no_drift;
use super::catalogue::{CallInfo, Paging};
use crate::client::Client;
use crate::decode::{Answerable, As};
use crate::error::Error;
use crate::query::{Operation, documents};
use crate::units::Points;

/// The budget of points as the service sees it at one moment. It can lag behind, and may leave out the request it came with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RateLimitData {
    /// Points an hour. 3,600 by default, more with a subscription; it can change at any time.
    pub limit_per_hour: Points,
    /// Points spent since the hour began.
    pub points_spent_this_hour: Points,
    /// Seconds until the hour ends and the points are there again.
    pub points_reset_in: f64,
}

impl RateLimitData {
    /// Points left in this hour, never below zero.
    #[must_use]
    pub fn points_left(&self) -> Points {
        Points::new((self.limit_per_hour.get() - self.points_spent_this_hour.get()).max(0.0))
    }
}

/// The cheapest question there is.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RateLimitCall {
    rate_limit_data: RateLimitData,
}

impl RateLimitCall {
    pub(crate) fn operation() -> Operation {
        Operation::new("RateLimit", &documents::RATE_LIMIT)
    }

    /// The answer with this snapshot.
    pub(crate) fn of(rate_limit_data: RateLimitData) -> Self {
        Self { rate_limit_data }
    }
}

impl Answerable for RateLimitCall {
    fn points(&self) -> Option<&RateLimitData> {
        Some(&self.rate_limit_data)
    }
}

impl Client {
    /// Asks how many points of this hour are spent. Costs about one point.
    ///
    /// # Errors
    /// Those of every call; [`ErrorKind::RateLimited`](crate::ErrorKind::RateLimited) where the points are spent: even this
    /// query is refused then.
    pub async fn rate_limit(&self) -> Result<RateLimitData, Error> {
        Ok(self.call(&As::<RateLimitCall>::FORM, RateLimitCall::operation()).await?.data.rate_limit_data)
    }
}

/// For the table of all calls.
pub(super) fn info() -> CallInfo {
    CallInfo {
        method: "client.rate_limit()",
        path: &["rateLimitData"],
        operation: "RateLimit",
        document: documents::RATE_LIMIT.text(),
        parameters: &[],
        answer: "RateLimitData",
        paging: Paging::Single,
        peer: &["get_rate_limit_data"],
        needs_user: false,
        drift: no_drift,
    }
}

/// A snapshot that comes beside other data: whatever is wrong with it must not cost the data.
pub(crate) fn beside_data<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<RateLimitData>, D::Error> {
    let json = Option::<Box<RawValue>>::deserialize(deserializer)?;
    Ok(json.and_then(|json| serde_json::from_str(json.get()).ok()))
}
