//! The classes of failure as people would tell them.

use std::collections::BTreeMap;

use esologs::Class;

/// What happened, to follow a number: "3 × the service answered with an error of its own".
fn words(class: Class) -> &'static str {
    match class {
        Class::ConnectFailed => "no connection to the service",
        Class::ConnectionLost | Class::NotProcessed => "the connection broke before an answer came",
        Class::AttemptTimeout | Class::RequestTimeout => "no answer in time",
        Class::BodyBroken => "the answer broke off on the way",
        Class::NotJson => "a web page (maintenance, an error text) instead of data",
        Class::EmptyBody => "an empty answer",
        Class::InvalidJson => "a garbled or cut answer",
        Class::Incomplete => "an answer with parts missing",
        Class::Unauthenticated => "the sign-in was refused and had to be renewed",
        Class::PointsSpent => "the points of the hour were spent",
        Class::Throttled => "asked to slow down",
        Class::ServerUnavailable => "the service was not available (502, 503)",
        Class::ServerError | Class::NotSupported | Class::OtherServerError => "the service failed inside (5xx)",
        Class::OriginUnreachable | Class::OriginBroken | Class::OriginTls => "the network in front of the service lost it (52x)",
        Class::GraphqlInternal | Class::GraphqlUnknown => "the API reported an error of its own",
        Class::CdnBlocked | Class::Forbidden => "the service refused this client",
        _ => "another failure",
    }
}

/// The failures in words with their numbers, most frequent first.
pub(super) fn in_words(failed: &BTreeMap<Class, u64>) -> Vec<(u64, &'static str)> {
    let mut by_words: BTreeMap<&'static str, u64> = BTreeMap::new();
    for (class, count) in failed {
        *by_words.entry(words(*class)).or_default() += count;
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
