//! What a message of the API means. There are no error codes, so the words decide; each has its source.

use super::class::Class;
use super::envelope::GraphqlError;

/// The class of one message. Messages that are not known are not repeated: they are counted and told.
pub(super) fn class_of(message: &str) -> Class {
    let text = message.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match () {
        // A revoked token, in the form of GraphQL (seen in tests of other clients).
        () if says(&["unauthenticated"]) => Class::Unauthenticated,
        // Never seen inside a 200; the words are those of the 429.
        () if says(&["too many requests", "rate limit"]) => Class::Throttled,
        // A resolver that failed; also what a broken metric says for ever.
        () if says(&["internal server error", "timed out", "timeout", "time-out"]) => Class::GraphqlInternal,
        // Reports older than two years need a user token with a subscription. Before "does not exist" and "permission":
        // the message on archived reports also speaks of access.
        () if says(&["archived"]) => Class::Archived,
        // The same text for unknown and for private reports.
        () if says(&["does not exist", "exists for this id"]) => Class::NotVisible,
        () if says(&["permission", "do not have", "not authorized"]) => Class::PermissionDenied,
        // Validation: the API's own ("The limit argument must be …") and the GraphQL library's.
        () if says(&[
            "argument must",
            "complexity",
            "syntax error",
            "cannot query field",
            "unknown argument",
            "unknown type",
            "unknown fragment",
            "unknown operation",
            "unknown directive",
            "variable \"$",
            "field \"",
            "argument \"",
            "fragment \"",
            "expected type",
            "expected value",
            "invalid value",
            "must have a selection",
            "must not have a selection",
            "must provide",
        ]) =>
        {
            Class::QueryInvalid
        }
        () => Class::GraphqlUnknown,
    }
}

/// The class of several errors: what must be done first comes first.
pub(super) fn class_of_all(errors: &[GraphqlError]) -> Option<Class> {
    errors.iter().map(|error| class_of(&error.message)).min_by_key(|class| precedence(*class))
}

/// A new token cures everything else; then what a wait cures; then what a person must know.
pub(super) const fn precedence(class: Class) -> u8 {
    match class {
        Class::Unauthenticated => 0,
        Class::Throttled => 1,
        Class::Archived => 2,
        Class::NotVisible => 3,
        Class::PermissionDenied => 4,
        Class::QueryInvalid => 5,
        Class::GraphqlInternal => 6,
        _ => 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_message_seen_has_its_class() {
        for (message, class) in [
            ("This report does not exist.", Class::NotVisible),
            ("This report does not exist or is private.", Class::NotVisible),
            ("No guild exists for this id.", Class::NotVisible),
            ("You do not have permission to view this report.", Class::PermissionDenied),
            ("This report has been archived. Use the /api/v2/user endpoint with a subscription.", Class::Archived),
            ("The limit argument must be between 100 and 10000.", Class::QueryInvalid),
            ("Max query complexity should be 10000 but got 999999.", Class::QueryInvalid),
            ("Cannot query field \"foo\" on type \"Report\".", Class::QueryInvalid),
            ("Syntax Error: Expected Name, found }", Class::QueryInvalid),
            ("Variable \"$code\" of required type \"String!\" was not provided.", Class::QueryInvalid),
            ("Internal server error", Class::GraphqlInternal),
            ("Unauthenticated.", Class::Unauthenticated),
            ("Too many requests from this IP address", Class::Throttled),
            ("Der Mond ist aus grünem Käse", Class::GraphqlUnknown),
        ] {
            assert_eq!(class_of(message), class, "{message}");
        }
    }

    #[test]
    fn of_several_errors_the_one_decides_that_must_be_done_about_first() {
        // Each before all that follow it.
        let in_order = [
            ("Unauthenticated.", Class::Unauthenticated),
            ("Too many requests", Class::Throttled),
            ("This report has been archived.", Class::Archived),
            ("This report does not exist.", Class::NotVisible),
            ("You do not have permission.", Class::PermissionDenied),
            ("The limit argument must be higher.", Class::QueryInvalid),
            ("Internal server error", Class::GraphqlInternal),
            ("Der Mond ist aus grünem Käse", Class::GraphqlUnknown),
        ];
        let error = |message: &str| GraphqlError { message: message.to_owned(), locations: vec![], path: vec![] };
        for (at, (first, class)) in in_order.iter().enumerate() {
            for (later, _) in &in_order[at + 1..] {
                assert_eq!(class_of_all(&[error(later), error(first)]), Some(*class), "{first} and {later}");
            }
        }
        assert_eq!(class_of_all(&[]), None);
    }
}
