//! The failures of a pull as people would tell them.

use std::collections::BTreeMap;

use esologs::Class;

/// The failures in words with their numbers, most frequent first.
pub(super) fn in_words(failed: &BTreeMap<Class, u64>) -> Vec<(u64, &'static str)> {
    let mut by_words: BTreeMap<&'static str, u64> = BTreeMap::new();
    for (class, count) in failed {
        *by_words.entry(class.words()).or_default() += count;
    }
    let mut list: Vec<(u64, &str)> = by_words.into_iter().map(|(words, count)| (count, words)).collect();
    list.sort_by_key(|(count, words)| (std::cmp::Reverse(*count), *words));
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_that_mean_the_same_to_people_are_counted_together() {
        let failed = BTreeMap::from([(Class::OriginBroken, 2), (Class::OriginUnreachable, 3), (Class::EmptyBody, 1)]);
        let expected = [(5, "the network in front of the service lost it (52x)"), (1, "an empty answer")];
        assert_eq!(in_words(&failed), expected);
    }
}
