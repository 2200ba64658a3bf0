//! One request as a program with a plain HTTP crate makes it: status checked, whole body read, JSON parsed.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::head_to_head::wire::{Arrived, Wire};

/// The time-out of one request, where the HTTP crate has to bound it.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

/// Why a request brought no JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExchangeError {
    Status(u16),
    /// Reset, cut, or not in time.
    Network,
    NotJson,
}

impl ExchangeError {
    /// What a sensible program does not repeat: a 4xx that says nothing of load or time.
    pub(super) fn is_final(self) -> bool {
        matches!(self, Self::Status(status) if (400..500).contains(&status) && status != 408 && status != 429)
    }
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for ExchangeError {}

/// One request, without a time-out.
pub(super) async fn exchange(wire: &Wire, token: Option<String>) -> Result<Value, ExchangeError> {
    match wire.ask(token).await {
        Arrived::Whole(response) if response.status().is_success() => {
            serde_json::from_slice(response.body()).map_err(|_| ExchangeError::NotJson)
        }
        Arrived::Whole(response) => Err(ExchangeError::Status(response.status().as_u16())),
        Arrived::Broken(_) | Arrived::Reset => Err(ExchangeError::Network),
    }
}

/// One request with the HTTP crate's time-out.
pub(super) async fn exchange_in_time(wire: &Wire, token: Option<String>) -> Result<Value, ExchangeError> {
    tokio::time::timeout(wire.scaled(TIMEOUT), exchange(wire, token)).await.unwrap_or(Err(ExchangeError::Network))
}

/// Whether the caller has what it asked for.
pub(super) fn is_right(answer: &Value) -> bool {
    answer["data"]["rateLimitData"]["limitPerHour"] == 18_000_000_000_u64
}
