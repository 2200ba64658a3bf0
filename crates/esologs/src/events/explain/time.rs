//! Times that are shown rounded and still add up.

/// A total and its parts, all in the same units.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    unit_ms: u64,
    total: u64,
    parts: Vec<u64>,
}

impl Shown {
    /// Units that fit the total. Each part is rounded up or down so that all together are the total as it is shown: those
    /// with the largest rests go up.
    pub(super) fn new(total_ms: u64, parts_ms: &[u64]) -> Self {
        let unit_ms = match total_ms {
            0..1_000 => 1,
            1_000..100_000 => 100,
            _ => 1_000,
        };
        let total = (total_ms + unit_ms / 2) / unit_ms;
        let mut parts: Vec<u64> = parts_ms.iter().map(|part| part / unit_ms).collect();
        let missing = total.saturating_sub(parts.iter().sum());
        let mut by_rest: Vec<usize> = (0..parts.len()).collect();
        by_rest.sort_by_key(|at| std::cmp::Reverse(parts_ms[*at] % unit_ms));
        for at in by_rest.into_iter().take(usize::try_from(missing).unwrap_or(usize::MAX)) {
            parts[at] += 1;
        }
        Self { unit_ms, total, parts }
    }

    pub(super) fn total(&self) -> String {
        self.words(self.total)
    }

    /// Each part, in units and in words.
    pub(super) fn parts(&self) -> impl Iterator<Item = (u64, String)> {
        self.parts.iter().map(|units| (*units, self.words(*units)))
    }

    /// `84 ms`, `14.2 s`, `3 min 20 s`, `1 h 10 min 3 s`.
    fn words(&self, units: u64) -> String {
        match (self.unit_ms, units) {
            (1, _) => format!("{units} ms"),
            (100, _) => format!("{}.{} s", units / 10, units % 10),
            (_, 0..60) => format!("{units} s"),
            (_, 60..3600) => format!("{} min {} s", units / 60, units % 60),
            _ => format!("{} h {} min {} s", units / 3600, units % 3600 / 60, units % 60),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_shown_as_exactly_as_is_of_use() {
        let shown = [84, 1_000, 14_249, 99_999, 200_400, 4_203_000].map(|total| Shown::new(total, &[]).total());
        assert_eq!(shown, ["84 ms", "1.0 s", "14.2 s", "100.0 s", "3 min 20 s", "1 h 10 min 3 s"]);
    }

    proptest! {
        #[test]
        fn what_is_shown_adds_up(parts in prop::collection::vec(0_u64..50_000, 1..40)) {
            let shown = Shown::new(parts.iter().sum(), &parts);
            prop_assert_eq!(shown.parts.iter().sum::<u64>(), shown.total);
            for (part, units) in parts.iter().zip(&shown.parts) {
                prop_assert!((units * shown.unit_ms).abs_diff(*part) < shown.unit_ms);
            }
        }
    }
}
