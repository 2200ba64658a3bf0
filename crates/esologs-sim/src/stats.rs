//! What the simulator saw.

use std::collections::BTreeMap;

use serde::Serialize;

/// Counts since the simulator was built. A copy: it does not change any more.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Stats {
    /// Requests of any kind.
    pub requests: u64,
    /// Requests by path (`/oauth/token`, `/api/v2/client`, …; everything unknown is `other`).
    pub by_endpoint: BTreeMap<&'static str, u64>,
    /// API requests by operation name; those without one are `anonymous`, those that cannot be read `unreadable`.
    pub by_operation: BTreeMap<String, u64>,
    /// Answers by status.
    pub by_status: BTreeMap<u16, u64>,
    /// API requests that were executed, and so charged.
    pub executed: u64,
    /// Faults by name.
    pub faults: BTreeMap<&'static str, u64>,
    /// Faults of all names.
    pub faults_total: u64,
    /// Points charged, of all keys and windows.
    pub points_spent: f64,
    /// Those of them that were charged for answers which a fault broke, or which nobody waited for.
    pub points_spent_on_broken_answers: f64,
    /// Requests refused because all points were spent (by the real limit, not by a fault).
    pub refused_for_points: u64,
    /// Requests refused by the throttle (by the real one, not by a fault).
    pub refused_by_throttle: u64,
    /// TCP connections accepted.
    pub connections: u64,
    /// Tokens issued.
    pub tokens_issued: u64,
}

/// Operation names counted one by one at most; the rest is counted as `other`.
const MAX_OPERATIONS: usize = 1_000;

impl Stats {
    pub(crate) fn count_operation(&mut self, operation: &str) {
        let known = self.by_operation.contains_key(operation) || self.by_operation.len() < MAX_OPERATIONS;
        let name = if known { operation } else { "other" };
        *self.by_operation.entry(name.to_owned()).or_default() += 1;
    }

    pub(crate) fn count_fault(&mut self, name: &'static str) {
        self.faults_total += 1;
        *self.faults.entry(name).or_default() += 1;
    }

    pub(crate) fn count_points(&mut self, cost: f64, broken: bool) {
        self.executed += 1;
        self.points_spent = to_cents(self.points_spent + cost);
        if broken {
            self.count_broken(cost);
        }
    }

    pub(crate) fn count_broken(&mut self, cost: f64) {
        self.points_spent_on_broken_answers = to_cents(self.points_spent_on_broken_answers + cost);
    }
}

fn to_cents(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}
