//! When a charge comes into sight: what a reading of the counter may hold.

use super::timeline::{Charges, Reading};

/// The most places of one reading that are weighed up.
pub(super) const MOST_PLACES: usize = 24;
/// Clocks and moments are exact to about so many milliseconds.
const TICK_MS: f64 = 20.0;

/// When a charge shows in the counter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Sight {
    /// In the answer of its own call.
    Own,
    /// In the next.
    Next,
    /// So many milliseconds later, give or take some.
    After { ms: i64, within_ms: i64 },
}

/// A place in a row of charges up to which they may be in sight.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    /// The first charge that is not in sight.
    pub(super) number: u64,
    /// How badly it fits the times, in squared deviations.
    pub(super) misfit: f64,
}

impl Sight {
    /// By how much two assumptions differ.
    pub(super) fn differs_by_ms(self, other: Self) -> i64 {
        match (self, other) {
            (Self::After { ms, .. }, Self::After { ms: other_ms, .. }) => (ms - other_ms).abs(),
            _ if self == other => 0,
            _ => i64::MAX,
        }
    }

    /// The places from number `from` on. Of ordered charges, `carrier` is that of the reading itself.
    pub(super) fn places<'a>(
        self,
        charges: &Charges,
        from: u64,
        reading: &Reading,
        carrier: Option<u64>,
        places: &'a mut [Place; MOST_PLACES],
    ) -> &'a [Place] {
        let known = match (self, carrier) {
            (Self::Own, Some(carrier)) => Some(carrier + 1),
            (Self::Next, Some(carrier)) => Some(carrier),
            _ => None,
        };
        if let Some(number) = known {
            places[0] = Place { number: number.max(from), misfit: 0.0 };
            return &places[..1];
        }
        let (lag_ms, within_ms) = match self {
            Self::Own | Self::Next => (0, 0),
            Self::After { ms, within_ms } => (ms, within_ms),
        };
        let end = carrier.unwrap_or(charges.next());
        let (earliest_ms, latest_ms) =
            (reading.when.earliest_ms - lag_ms - within_ms, reading.when.latest_ms - lag_ms + within_ms);
        let boundary_ms = reading.when.middle_ms() - lag_ms;
        let variance = reading.when.variance() + (within_ms * within_ms) as f64 / 3.0 + TICK_MS * TICK_MS;
        let (mut count, mut number, mut before_ms) = (0, from, i64::MIN);
        loop {
            let next = if number < end { charges.get(number) } else { None };
            if next.is_none_or(|next| next.when.latest_ms > earliest_ms) {
                let too_late = boundary_ms.saturating_sub(next.map_or(i64::MAX, |next| next.when.middle_ms())).max(0) as f64;
                let too_early = before_ms.saturating_sub(boundary_ms).max(0) as f64;
                let variance = variance + next.map_or(0.0, |next| next.when.variance());
                places[count] = Place { number, misfit: too_late.max(too_early).powi(2) / variance };
                count += 1;
                if next.is_none_or(|next| next.when.earliest_ms > latest_ms) || count == MOST_PLACES {
                    return &places[..count];
                }
            }
            before_ms = next.map_or(before_ms, |next| next.when.middle_ms());
            number += 1;
        }
    }
}
