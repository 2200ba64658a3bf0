//! What is known of the prices, for people: rows of a table.

use super::Costs;

/// Where a price comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// Calls like it.
    Learned,
    /// What clients of the service have measured, or a guess.
    Prior,
}

/// One shape of call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CostRow {
    pub(crate) operation: String,
    /// What else decides about the price, in words.
    pub(crate) features: String,
    /// Calls whose answers told of the counter.
    pub(crate) calls: u64,
    /// Points: the mean, and what 95 of 100 calls do not pass.
    pub(crate) mean: f64,
    pub(crate) p95: f64,
    /// Milliseconds since 1970.
    pub(crate) last_seen_ms: i64,
    pub(crate) source: Source,
    /// How far off predictions were, as a share of what was charged: half of them less, 95 of 100 less.
    pub(crate) error_p50: Option<f64>,
    pub(crate) error_p95: Option<f64>,
}

impl Costs {
    /// All shapes, the most used first.
    pub(crate) fn rows(&self) -> Vec<CostRow> {
        let mut rows: Vec<CostRow> = (0..self.rows.rows.len())
            .filter(|number| self.rows.rows[*number].is_named())
            .map(|number| {
                let (row, estimate) = (&self.rows.rows[number], self.estimate_of(number));
                CostRow {
                    operation: row.operation.clone(),
                    features: row.features.clone(),
                    calls: row.calls,
                    mean: estimate.expected,
                    p95: estimate.p95,
                    last_seen_ms: row.last_seen_ms,
                    source: if estimate.is_learned { Source::Learned } else { Source::Prior },
                    error_p50: row.errors.quantile(0.5),
                    error_p95: row.errors.quantile(0.95),
                }
            })
            .collect();
        rows.sort_by(|a, b| {
            let names = |row: &CostRow| (row.operation.clone(), row.features.clone());
            b.calls.cmp(&a.calls).then_with(|| names(a).cmp(&names(b)))
        });
        rows
    }

    /// How far off predictions were lately, of all shapes together: this share of them less.
    pub(crate) fn prediction_error(&self, share: f64) -> Option<f64> {
        self.rows.errors.quantile(share)
    }
}
