//! What a call costs whose exact shape is not known yet: that of all calls that differ in their span of time and their number of
//! fights alone.

use super::learned::KNOWN_CALLS;
use super::shape::is_alike;
use super::{Asked, Costs, Estimate, Learned, Row, estimate};

impl Costs {
    /// What calls like this one cost in the mean, whatever their span and their fights.
    pub(crate) fn estimate_alike(&self, asked: &impl Asked) -> Estimate {
        let (operation, features) = (asked.operation(), asked.features());
        let is_kin = |row: &&Row| row.operation == operation && is_alike(&row.features, &features);
        // What the last calls cost may not be told yet: their prices are still the guesses.
        let is_seen = |row: &&Row| row.calls > 0 && row.learning.now.is_sure();
        let rows: Vec<&Row> = self.rows.rows.iter().filter(is_kin).filter(is_seen).collect();
        let calls: u64 = rows.iter().map(|row| row.calls).sum();
        if calls < KNOWN_CALLS {
            return self.estimate(asked);
        }
        estimate(&together(&rows, calls), asked.prior(), calls)
    }
}

/// The mean of all calls of these shapes, as if they were of one.
fn together(rows: &[&Row], calls: u64) -> Learned {
    let sum = |value: &dyn Fn(&Learned, f64) -> f64| -> f64 {
        rows.iter().map(|row| value(&row.learning.now, row.calls as f64 / calls as f64)).sum()
    };
    let mean = sum(&|learned, share| share * learned.mean);
    let between = sum(&|learned, share| share * (learned.mean - mean).powi(2));
    let spread = between + sum(&|learned, share| share * learned.spread);
    let uncertainty = spread / calls as f64 + sum(&|learned, share| share.powi(2) * learned.uncertainty);
    Learned { mean, uncertainty, spread }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::query::{Operation, documents};
    use crate::resilience::points::costs::{Book, Shape};

    fn events(kind: &str, fights: usize, span_ms: f64) -> Operation {
        Operation::new("ReportEvents", &documents::REPORT_EVENTS)
            .with("dataType", kind)
            .with("limit", 10_000)
            .with("fightIDs", vec![1; fights])
            .with("startTime", 0.0)
            .with("endTime", span_ms)
    }

    /// Prices of such calls, as an earlier run has learned them.
    fn learned(calls: &[(Operation, f64, f64, u64)]) -> Costs {
        let entries: Vec<_> = calls
            .iter()
            .map(|(operation, mean, error, calls)| {
                let shape = Shape::of(operation);
                json!({ "key": format!("{:016x}", shape.key()), "operation": "ReportEvents", "features": shape.features(), "mean": mean,
                    "error": error, "deviation": 0.1, "calls": calls, "last_seen_ms": 0 })
            })
            .collect();
        let (book, trouble) = Book::read(json!({ "version": 1, "shapes": entries }).to_string().as_bytes());
        assert_eq!(trouble, None);
        let mut costs = Costs::default();
        costs.take_over(&book);
        costs
    }

    #[test]
    fn a_shape_that_was_never_seen_costs_what_those_of_other_spans_and_fights_do() {
        let costs = learned(&[
            (events("DamageDone", 3, 1e6), 4.0, 0.1, 10),
            (events("DamageDone", 20, 3e6), 7.0, 0.1, 20),
            (events("Healing", 3, 1e6), 90.0, 0.1, 50),
            // Whatever it may be.
            (events("DamageDone", 40, 3e6), 500.0, 400.0, 1),
        ]);

        let damage = costs.estimate_alike(&Shape::of(&events("DamageDone", 7, 2e6)));

        assert!((damage.expected - 6.0).abs() < 1e-9 && damage.is_learned, "{damage:?}");
        assert!((damage.deviation - 2.0_f64.sqrt()).abs() < 0.01, "they differ among each other: {damage:?}");
        assert!(damage.error < 0.3, "{damage:?}");
    }

    #[test]
    fn where_none_is_alike_it_is_the_guess_for_the_shape_itself() {
        let costs = learned(&[(events("Healing", 3, 1e6), 90.0, 0.1, 50), (events("Casts", 3, 1e6), 80.0, 0.1, 1)]);
        for kind in ["DamageDone", "Casts"] {
            let operation = events(kind, 7, 2e6);
            let shape = Shape::of(&operation);
            assert_eq!(costs.estimate_alike(&shape), costs.estimate(&shape));
            assert!(!costs.estimate_alike(&shape).is_learned);
        }
    }
}
