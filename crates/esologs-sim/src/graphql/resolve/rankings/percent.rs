//! Where an amount stands among others.

/// Share of the others that are not better, 0 to 100; the best is 100, and so is who is alone.
pub(super) fn percent(amount: f64, all: &[f64]) -> f64 {
    if all.len() < 2 {
        return 100.0;
    }
    let worse = all.iter().filter(|other| **other < amount).count();
    worse as f64 * 100.0 / (all.len() - 1) as f64
}

/// The place, from 1, by falling amounts.
pub(super) fn rank(amount: f64, all: &[f64]) -> usize {
    all.iter().filter(|other| **other > amount).count() + 1
}

/// The middle value, or null of nothing.
pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    Some(if values.len() % 2 == 1 { upper } else { (values[middle - 1] + upper) / 2.0 })
}

/// The mean, or null of nothing.
pub(super) fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() { None } else { Some(values.iter().sum::<f64>() / values.len() as f64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_is_at_100_percent_and_on_rank_1_and_who_is_alone_is_the_best() {
        let all = [10.0, 30.0, 20.0];
        assert_eq!([percent(30.0, &all), percent(20.0, &all), percent(10.0, &all)], [100.0, 50.0, 0.0]);
        assert_eq!([rank(30.0, &all), rank(20.0, &all), rank(10.0, &all)], [1, 2, 3]);
        assert_eq!(percent(5.0, &[5.0]), 100.0);
        assert_eq!((median(vec![]), median(vec![3.0, 1.0]), mean(&[])), (None, Some(2.0), None));
    }
}
